/* fails 3.1: compute_under_gil of threaded.c, where the GIL is held already */
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

static long compute_under_gil(const struct request *request)
{
    gil_acquire();
    long result = compute(request);
    gil_release();
    return result;
}

const struct model answers = {
    .wait = wait_for_time,
    .compute = compute_under_gil,
    .count = count,
};
