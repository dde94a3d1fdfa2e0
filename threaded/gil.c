/* threaded/gil.c - the lock that CPython has: one thread computes at a time.
 * The rule is CPython's own, by Antoine Pitrou (2009, Python/ceval_gil.c): a thread that has
 * waited for 5 ms asks for the lock, and the holder hands it over at its next checkpoint. */
#include "gil.h"

#include "clock.h"
#include "compute.h"
#include "trace.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

enum { SWITCH_INTERVAL = 5 }; /* milliseconds; in Python: sys.getswitchinterval() */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards all of these: */
static pthread_cond_t freed;
static pthread_cond_t taken = PTHREAD_COND_INITIALIZER;
static bool held;
static unsigned long turns; /* how often the lock was taken */
static int64_t taken_at;    /* for the timeline */

static atomic_bool asked_for; /* written under the lock, read without it */

/* True if one holder kept the GIL for the whole interval. Call it with `lock` held. */
static bool waited_in_vain(void)
{
    unsigned long turn = turns;
    struct timespec end = clock_condition_deadline(SWITCH_INTERVAL);

    return pthread_cond_timedwait(&freed, &lock, &end) == ETIMEDOUT && held && turns == turn;
}

/* Call these two with `lock` held. */
static void take(void)
{
    held = true;
    turns++;
    taken_at = trace_begin();
    atomic_store(&asked_for, false);
    pthread_cond_broadcast(&taken);
}

static void let_go(void)
{
    trace_end(ON_BOTH, "holding the GIL", taken_at);
    held = false;
    pthread_cond_signal(&freed);
}

/* Waits until no thread holds the GIL and, if let_another_go_first, another thread has had it;
 * then takes it. Call it with `lock` held. */
static void wait_for_turn(bool let_another_go_first)
{
    int64_t began = activity_begin(WAITING);
    unsigned long last = turns;

    while (let_another_go_first && turns == last)
        pthread_cond_wait(&taken, &lock);
    while (held)
        if (waited_in_vain())
            atomic_store(&asked_for, true);
    activity_end(WAITING, "waiting for the GIL", began);
    take();
}

void gil_acquire(void)
{
    pthread_mutex_lock(&lock);
    wait_for_turn(false);
    pthread_mutex_unlock(&lock);
}

void gil_release(void)
{
    pthread_mutex_lock(&lock);
    let_go();
    pthread_mutex_unlock(&lock);
}

/* The holder lets another thread go first. Otherwise it would take the GIL again at once, since it
 * is running and the thread that asked is yet to be scheduled: that thread would starve. */
static void gil_checkpoint(void)
{
    if (!atomic_load_explicit(&asked_for, memory_order_relaxed))
        return;
    compute_pauses();
    pthread_mutex_lock(&lock);
    let_go();
    wait_for_turn(true);
    pthread_mutex_unlock(&lock);
    compute_begins();
}

void gil_prepare(void)
{
    clock_init_condition(&freed);
    compute_checkpoint = gil_checkpoint;
}
