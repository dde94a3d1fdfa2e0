/* fails 3.1: a row of the table is missing, and its call crashes */
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

const struct model answers = {
    .wait = wait_for_time,
    .compute = compute,
};
