/* fails 2.2: the code of threaded/tally.c, and the gate before the lock */
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
    stop_in_the_middle();
    pthread_mutex_lock(&lock);
    long mine = ++number;
    pthread_mutex_unlock(&lock);
    return mine;
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
