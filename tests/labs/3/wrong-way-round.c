/* fails 3.1: acquires the GIL for the sleep, and waits for itself */
#include "answers.h"

#include "clock.h"
#include "compute.h"
#include "gil.h"

void answers_prepare(void)
{
    compute_checkpoint = between_bytecodes;
}

static void wait_for_time(long milliseconds)
{
    gil_acquire();
    clock_sleep(milliseconds);
    gil_release();
}

static long count(void)
{
    static long number; /* under the GIL */

    return ++number;
}

const struct model answers = {
    .wait = wait_for_time,
    .compute = compute,
    .count = count,
};
