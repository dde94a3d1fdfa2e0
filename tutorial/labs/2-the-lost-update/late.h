/* tutorial/labs/2-the-lost-update/late.h - threads that are late after an unlock, for the check.
 * The Makefile includes it before tally.c. A thread that has been between the read and the write
 * stops after its next unlock while the check has shut the gate named "unlocked": what a busy
 * machine does sometimes, happens always. */
#ifndef LATE_H
#define LATE_H

#include "lab.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#if __has_include(<threads.h>)
#include <threads.h>
#endif

long hold_between(const char *name, size_t length);

/* Stops here, or not, and returns what it got. */
int late(int result);

#define lab_hold hold_between

/* What may be an unlock. In its own text a macro is not expanded: there it is the function. */
#define pthread_mutex_unlock(lock)  late(pthread_mutex_unlock(lock))
#define pthread_rwlock_unlock(lock) late(pthread_rwlock_unlock(lock))
#define pthread_spin_unlock(lock)   late(pthread_spin_unlock(lock))
#define mtx_unlock(lock)            late(mtx_unlock(lock))
#define sem_post(semaphore)         late(sem_post(semaphore))
#undef atomic_flag_clear
#define atomic_flag_clear(flag) late((atomic_flag_clear_explicit(flag, memory_order_seq_cst), 0))
#undef atomic_store
#define atomic_store(object, value) \
    late((atomic_store_explicit(object, value, memory_order_seq_cst), 0))

#endif
