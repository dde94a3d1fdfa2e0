/* I predict: ... */
/* It took me: .. minutes */
/* tutorial/labs/2-the-lost-update/tally.c - one number for all threads.
 * In this lab it is linked in place of threaded/tally.c. */
#include "tally.h"

#include "lab.h"
#include "stats.h"

static long number;

/* Keep this between the read and the write: a thread stops in it while the check has shut the gate
 * named "tally". */
static void stop_in_the_middle(void)
{
    stats_add(WAITING, 1);
    lab_hold("tally", 5);
    stats_add(WAITING, -1);
}

/* Returns 1, 2, 3 ...: each number once, whichever threads call it. */
static long count(void)
{
    long seen = number;
    stop_in_the_middle();
    number = seen + 1;
    return seen + 1;
}

/* The server chooses one of these by --tally. */
long count_under_lock(void)
{
    return count();
}

long count_atomically(void)
{
    return count();
}

long count_without_lock(void)
{
    return count();
}
