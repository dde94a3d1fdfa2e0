/* fails 3.3: releases the GIL for computing as well */
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
    gil_release();
    clock_sleep(milliseconds);
    gil_acquire();
}

static long count(void)
{
    static long number; /* under the GIL */

    return ++number;
}

static long compute_outside(const struct request *request)
{
    gil_release();
    long result = compute(request);
    gil_acquire();
    return result;
}

const struct model answers = {
    .wait = wait_for_time,
    .compute = compute_outside,
    .count = count,
};
