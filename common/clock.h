/* common/clock.h - time that only goes forward, in nanoseconds, and sleeping in it. */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>
#include <time.h>

enum { NANOSECONDS_PER_MILLISECOND = 1000000 };

#define NEVER INT64_MAX

/* Nanoseconds since some moment in the past; the same for all processes of one machine. */
int64_t clock_now(void);

/* The moment so many milliseconds from now. */
int64_t clock_in(int64_t milliseconds);

/* The same moment as pthread_cond_timedwait wants it, which goes by the clock on the wall: when
 * somebody sets that, the wait is longer or shorter. */
struct timespec clock_deadline(long milliseconds);

/* Blocks the calling thread for at least so many milliseconds, whatever signals arrive. */
void clock_sleep(long milliseconds);

#endif
