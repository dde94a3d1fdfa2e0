/* common/compute.c - the work that a request asks for.
 * It is counted here, so that no server has to. */
#include "compute.h"

#include "lab.h"
#include "primes.h"
#include "stats.h"
#include "trace.h"

#include <stddef.h>

void (*compute_checkpoint)(void) = NULL;

static _Thread_local int64_t began;

void compute_begins(void)
{
    stats_add(RUNNING, 1);
    began = trace_begin();
}

void compute_pauses(void)
{
    trace_end(ON_BOTH, "computing", began);
    stats_add(RUNNING, -1);
}

long compute(const struct request *request)
{
    compute_begins();
    long result = request->verb == HOLD ? lab_hold(request->text, request->length)
                                        : count_primes(request->number, compute_checkpoint);
    compute_pauses();
    return result;
}
