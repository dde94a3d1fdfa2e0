/* fails 2.3: woken threads do not look again whether the number is free */
#include "tally.h"

#include "lab.h"
#include "stats.h"

#include <pthread.h>
#include <stdbool.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t freed = PTHREAD_COND_INITIALIZER;
static bool busy; /* under lock */
static long number;

static void stop_in_the_middle(void)
{
    stats_add(WAITING, 1);
    lab_hold("tally", 5);
    stats_add(WAITING, -1);
}

static void enter(void)
{
    pthread_mutex_lock(&lock);
    if (busy)
        pthread_cond_wait(&freed, &lock);
    busy = true;
    pthread_mutex_unlock(&lock);
}

static void leave(void)
{
    pthread_mutex_lock(&lock);
    busy = false;
    pthread_cond_signal(&freed);
    pthread_mutex_unlock(&lock);
}

static long count(void)
{
    enter();
    long seen = number;
    stop_in_the_middle();
    number = seen + 1;
    leave();
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
