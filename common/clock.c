/* common/clock.c - time that only goes forward, in nanoseconds, and sleeping in it.
 * The wall clock would not do: it jumps when the time is set. */
#include "clock.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

int64_t clock_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail with this clock */
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t clock_in(int64_t milliseconds)
{
    return clock_now() + milliseconds * NANOSECONDS_PER_MILLISECOND;
}

int clock_milliseconds_until(int64_t when)
{
    if (when == NEVER)
        return -1;
    int64_t left = when - clock_now();
    if (left <= 0)
        return 0;
    left = (left + NANOSECONDS_PER_MILLISECOND - 1) / NANOSECONDS_PER_MILLISECOND;
    return left < INT_MAX ? (int)left : INT_MAX;
}

/* macOS cannot choose the clock of a condition variable: there it is the wall clock. */
#if defined _POSIX_CLOCK_SELECTION && _POSIX_CLOCK_SELECTION > 0
enum { CONDITION_CLOCK = CLOCK_MONOTONIC };
#else
enum { CONDITION_CLOCK = CLOCK_REALTIME };
#define pthread_condattr_setclock(attributes, clock) (void)(attributes)
#endif

void clock_init_condition(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;

    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CONDITION_CLOCK);
    pthread_cond_init(condition, &attributes);
    pthread_condattr_destroy(&attributes);
}

struct timespec clock_condition_deadline(long milliseconds)
{
    struct timespec time;

    clock_gettime(CONDITION_CLOCK, &time); /* cannot fail with this clock either */
    int64_t nanoseconds = time.tv_nsec + (int64_t)milliseconds * NANOSECONDS_PER_MILLISECOND;
    time.tv_sec += (time_t)(nanoseconds / 1000000000);
    time.tv_nsec = (long)(nanoseconds % 1000000000);
    return time;
}

void clock_sleep(long milliseconds)
{
    struct timespec left = {
        .tv_sec = (time_t)(milliseconds / 1000),
        .tv_nsec = milliseconds % 1000 * NANOSECONDS_PER_MILLISECOND,
    };

    while (nanosleep(&left, &left) < 0 && errno == EINTR)
        ; /* a signal interrupted the sleep: sleep the rest */
}
