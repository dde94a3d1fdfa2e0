/* fails 3.5: nothing is called between two numbers, there are only fewer of them */
#include "answers.h"

#include "clock.h"
#include "compute.h"
#include "gil.h"

void answers_prepare(void)
{
}

static void wait_for_time(long milliseconds)
{
    gil_release();
    clock_sleep(milliseconds);
    gil_acquire();
}

static long count(void)
{
    static long number; /* under the GIL */

    return ++number;
}

static long compute_less(const struct request *request)
{
    struct request less = *request;

    if (less.verb == PRIMES && less.number > 1000000)
        less.number = 1000000;
    return compute(&less);
}

const struct model answers = {
    .wait = wait_for_time,
    .compute = compute_less,
    .count = count,
};
