/* common/clock.c - time that only goes forward, in nanoseconds, and sleeping in it.
 * A wall clock would not do where there is a choice: it jumps when somebody sets it. */
#include "clock.h"

#include <errno.h>

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

struct timespec clock_deadline(long milliseconds)
{
    struct timespec time;

    clock_gettime(CLOCK_REALTIME, &time); /* cannot fail with this clock either */
    time.tv_sec += milliseconds / 1000;
    time.tv_nsec += milliseconds % 1000 * NANOSECONDS_PER_MILLISECOND;
    if (time.tv_nsec >= 1000000000) {
        time.tv_sec++;
        time.tv_nsec -= 1000000000;
    }
    return time;
}

void clock_sleep(long milliseconds)
{
    struct timespec left = {
        .tv_sec = (time_t)(milliseconds / 1000),
        .tv_nsec = milliseconds % 1000 * NANOSECONDS_PER_MILLISECOND,
    };

    while (nanosleep(&left, &left) < 0 && errno == EINTR)
        ; /* a signal woke us: sleep what is left */
}
