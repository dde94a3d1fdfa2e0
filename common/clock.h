/* common/clock.h - time that only goes forward, in nanoseconds, and sleeping in it. */
#ifndef CLOCK_H
#define CLOCK_H

#include <pthread.h>
#include <stdint.h>
#include <time.h>

enum { NANOSECONDS_PER_MILLISECOND = 1000000 };

#define NEVER INT64_MAX

/* Returns nanoseconds since some moment in the past, the same for all processes of a machine. On
 * Linux the time in which the machine is suspended is not counted. */
int64_t clock_now(void);

/* Returns the time this many milliseconds from now. */
int64_t clock_in(int64_t milliseconds);

/* Returns the milliseconds until that time, as poll() takes them: 0 if it has passed, -1 for
 * NEVER. Rounded up, because a caller that wakes too early must wait a second time. */
int clock_milliseconds_until(int64_t when);

/* Initialise a condition variable whose timed waits use this clock, and return a deadline, this
 * many milliseconds from now, for pthread_cond_timedwait on it. */
void clock_init_condition(pthread_cond_t *condition);
struct timespec clock_condition_deadline(long milliseconds);

/* Blocks the calling thread for at least this many milliseconds, whatever signals arrive. */
void clock_sleep(long milliseconds);

#endif
