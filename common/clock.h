/* common/clock.h - time that only goes forward, in nanoseconds, and sleeping in it. */
#ifndef CLOCK_H
#define CLOCK_H

#include <pthread.h>
#include <stdint.h>
#include <time.h>

enum { NANOSECONDS_PER_MILLISECOND = 1000000 };

#define NEVER INT64_MAX

/* Nanoseconds since some moment in the past; the same for all processes of one machine. */
int64_t clock_now(void);

/* The moment this many milliseconds from now. */
int64_t clock_in(int64_t milliseconds);

/* Milliseconds until that moment as poll() takes them: rounded up, since to wake a moment too
 * early is to wake twice; 0 if it is over, -1 for NEVER. */
int clock_milliseconds_until(int64_t when);

/* A condition whose timed waits go by this clock, and a deadline for pthread_cond_timedwait. */
void clock_init_condition(pthread_cond_t *condition);
struct timespec clock_condition_deadline(long milliseconds);

/* Blocks the calling thread for at least this many milliseconds, whatever signals arrive. */
void clock_sleep(long milliseconds);

#endif
