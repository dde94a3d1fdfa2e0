/* fails 3.5: nothing is called between two numbers */
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

const struct model answers = {
    .wait = wait_for_time,
    .compute = compute,
    .count = count,
};
