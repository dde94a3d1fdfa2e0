/* tutorial/labs/2-the-lost-update/late.c - threads that are late after an unlock, for the check.
 * The Makefile has tally.c call unlock_late where it says pthread_mutex_unlock. A thread that has
 * unlocked stops while the check has shut the gate named "unlocked": what a busy machine does
 * sometimes, happens always. */
#include "lab.h"
#include "stats.h"

#include <pthread.h>

int unlock_late(pthread_mutex_t *lock);

int unlock_late(pthread_mutex_t *lock)
{
    int error = pthread_mutex_unlock(lock);

    stats_add(RUNNING, 1);
    lab_hold("unlocked", 8);
    stats_add(RUNNING, -1);
    return error;
}
