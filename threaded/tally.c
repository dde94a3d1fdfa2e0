/* threaded/tally.c - one number for all threads, counted in one of three ways: --tally.
 * All threads see the same variable; no two may be between its read and its write at once. */
#include "tally.h"

#include "lab.h"
#include "options.h"
#include "stats.h"

#include <pthread.h>
#include <stdatomic.h>

/* ---- A lock: one thread at a time is in the critical section ---- */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long number; /* under lock */

long count_under_lock(void)
{
    pthread_mutex_lock(&lock);
    long mine = ++number;
    pthread_mutex_unlock(&lock);
    return mine;
}

/* ---- An atomic: the processor reads, adds and writes in one step ---- */

static atomic_long atomic_number;

long count_atomically(void)
{
    return atomic_fetch_add(&atomic_number, 1) + 1;
}

/* ---- No protection: read it, then write it ---- */

/* For a lesson that needs no luck: if there is a gate called "tally", the thread waits in it. */
static void stop_in_the_middle(void)
{
    stats_add(WAITING, 1);
    lab_hold("tally", 5);
    stats_add(WAITING, -1);
}

/* Wrong on purpose, a race condition: a thread that reads between another's read and write gets
 * the same number, and one update is lost. Each of the two steps is atomic by itself, since in C
 * anything else would be undefined behaviour. */
long count_without_lock(void)
{
    long seen = atomic_load(&atomic_number);
    if (options.lab)
        stop_in_the_middle();
    atomic_store(&atomic_number, seen + 1);
    return seen + 1;
}
