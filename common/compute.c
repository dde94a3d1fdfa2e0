/* common/compute.c - the work that a request asks for.
 * It is counted here, so that no server has to. */
#include "compute.h"

#include "lab.h"
#include "primes.h"
#include "stats.h"

#include <stddef.h>

void (*compute_checkpoint)(void) = NULL;

long compute(const struct request *request)
{
    stats_add(RUNNING, 1);
    long result = request->verb == HOLD ? lab_hold(request->text, request->length)
                                        : count_primes(request->number, compute_checkpoint);
    stats_add(RUNNING, -1);
    return result;
}
