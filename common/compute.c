/* common/compute.c - the work that a request asks for.
 * Trial division keeps a core busy and touches no memory, so only the model makes a difference. */
#include "compute.h"

#include "lab.h"
#include "trace.h"

#include <stdbool.h>
#include <stddef.h>

void (*compute_checkpoint)(void) = NULL;

static _Thread_local int64_t began; /* for the timeline; 0 while there is none */

void compute_begins(void)
{
    began = activity_begin(RUNNING);
}

void compute_pauses(void)
{
    activity_end(RUNNING, "computing", trace_step(began));
}

static bool is_prime(long n)
{
    if (n < 4)
        return n > 1;
    if (n % 2 == 0)
        return false;
    for (long divisor = 3; divisor * divisor <= n; divisor += 2)
        if (n % divisor == 0)
            return false;
    return true;
}

/* Returns how many primes are <= n; slow on purpose. */
static long count_primes(long n)
{
    long primes = 0;

    for (long candidate = 2; candidate <= n; candidate++) {
        primes += is_prime(candidate);
        if (began && candidate % 16 == 0)
            began = trace_step(began); /* as dear as a step, so not after each */
        if (compute_checkpoint)
            compute_checkpoint();
    }
    return primes;
}

long compute(const struct request *request)
{
    long result = 0;

    compute_begins();
    if (request->verb == PRIMES)
        result = count_primes(request->number);
    if (request->verb == HOLD) {
        began = 0; /* the timeline shows no computing: a gate takes no core */
        result = lab_hold(request->text, request->length);
    }
    if (request->verb == CRASH)
        lab_crash();
    compute_pauses();
    return result;
}
