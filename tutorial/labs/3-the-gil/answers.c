/* I predict: ... */
/* It took me: .. minutes */
/* tutorial/labs/3-the-gil/answers.c - how this server waits, computes and shares under a GIL.
 * Each function is called with the GIL held, as CPython calls a function that is written in C. */
#include "answers.h"

#include "clock.h"
#include "compute.h"
#include "gil.h"

void answers_prepare(void)
{
}

static void wait_for_time(long milliseconds)
{
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
