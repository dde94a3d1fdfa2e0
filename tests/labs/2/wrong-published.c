/* fails 2.2: the published file, in which no gate is under the lock */
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

/* Makes the race certain, for a lesson: if there is a gate named "tally", the thread blocks in it
 * between its read and its write. */
static void stop_in_the_middle(void)
{
    stats_add(WAITING, 1);
    lab_hold("tally", 5);
    stats_add(WAITING, -1);
}

/* Wrong on purpose, a race condition: a thread that reads between another's read and write gets
 * the same number, and one update is lost. Each of the two steps is atomic by itself because a
 * data race on a plain variable is undefined behaviour in C. */
long count_without_lock(void)
{
    long seen = atomic_load(&atomic_number);
    if (options.lab)
        stop_in_the_middle();
    atomic_store(&atomic_number, seen + 1);
    return seen + 1;
}
