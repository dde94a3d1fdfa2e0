/* fails 2.2: the lock is in one of the three functions that call count() */
#include "tally.h"

#include "lab.h"
#include "stats.h"

#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long number;

static void stop_in_the_middle(void)
{
    stats_add(WAITING, 1);
    lab_hold("tally", 5);
    stats_add(WAITING, -1);
}

static long count(void)
{
    long seen = number;
    stop_in_the_middle();
    number = seen + 1;
    return seen + 1;
}

long count_under_lock(void)
{
    pthread_mutex_lock(&lock);
    long mine = count();
    pthread_mutex_unlock(&lock);
    return mine;
}

long count_atomically(void)
{
    return count();
}

long count_without_lock(void)
{
    return count();
}
