/* threaded/tally.c - one number for all threads, counted in one of three ways: --tally.
 * All threads see the same variable; what matters is that two cannot change it at once. */
#include "tally.h"

#include "lab.h"
#include "options.h"
#include "stats.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

/* ---- A lock: whoever changes the number keeps the others out ---- */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long number; /* under lock */

static long count_under_lock(void)
{
    pthread_mutex_lock(&lock);
    long mine = ++number;
    pthread_mutex_unlock(&lock);
    return mine;
}

/* ---- An atomic: the processor adds in one step that nobody can come between ---- */

static atomic_long atomic_number;

static long count_in_one_step(void)
{
    return atomic_fetch_add(&atomic_number, 1) + 1;
}

/* ---- Nothing: read it, then write it ---- */

/* For a lesson that needs no luck: if there is a gate called "tally", stop in it. */
static void stop_in_the_middle(void)
{
    stats_add(WAITING, 1);
    lab_hold("tally", 5);
    stats_add(WAITING, -1);
}

/* Wrong on purpose: who comes between the read and the write is given the same number. Each of
 * the two is atomic by itself, as in C anything else would be undefined behaviour. */
static long count_without_lock(void)
{
    long seen = atomic_load(&atomic_number);
    if (options.lab)
        stop_in_the_middle();
    atomic_store(&atomic_number, seen + 1);
    return seen + 1;
}

const char *const tally_names[] = {"mutex", "atomic", "none", NULL};

long (*const tallies[])(void) = {count_under_lock, count_in_one_step, count_without_lock};
