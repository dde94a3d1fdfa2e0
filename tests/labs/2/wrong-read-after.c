/* fails 2.2: the number is read again after the unlock, when another thread may have counted */
#include "tally.h"

#include "lab.h"
#include "stats.h"

#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long number; /* under lock */

static void stop_in_the_middle(void)
{
    stats_add(WAITING, 1);
    lab_hold("tally", 5);
    stats_add(WAITING, -1);
}

static long count(void)
{
    pthread_mutex_lock(&lock);
    long seen = number;
    stop_in_the_middle();
    number = seen + 1;
    pthread_mutex_unlock(&lock);
    return number;
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
