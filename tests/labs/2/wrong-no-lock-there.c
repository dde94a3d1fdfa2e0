/* fails 2.1: the pointer leads to no lock, so the first count crashes */
#include "tally.h"

#include "lab.h"
#include "stats.h"

#include <pthread.h>

static pthread_mutex_t *lock;

/* Nothing calls this. */
void count_prepare(void)
{
    static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    lock = &mutex;
}

static long number;

static void stop_in_the_middle(void)
{
    stats_add(WAITING, 1);
    lab_hold("tally", 5);
    stats_add(WAITING, -1);
}

static long count(void)
{
    pthread_mutex_lock(lock);
    long seen = number;
    stop_in_the_middle();
    number = seen + 1;
    pthread_mutex_unlock(lock);
    return seen + 1;
}

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
