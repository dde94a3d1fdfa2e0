/* fails 3.4: goes on without the GIL after the sleep, and another lets it go */
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
