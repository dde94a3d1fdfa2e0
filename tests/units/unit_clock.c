/* tests/units/unit_clock.c - do timed waits go by the clock that only goes forward?
 * By the wall clock, a deadline would be an hour off when the time is set. */
#include "unit.h"

#include "clock.h"

#include <errno.h>

static int64_t nanoseconds(struct timespec time)
{
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void a_deadline_is_a_time_of_this_clock(void)
{
    int64_t earliest = clock_in(1999);
    int64_t deadline = nanoseconds(clock_condition_deadline(1999));

    check(deadline >= earliest && deadline <= clock_in(1999));
}

static void a_wait_lasts_until_its_deadline(void)
{
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t never_signaled;
    struct timespec deadline = clock_condition_deadline(50);
    int result = 0;

    clock_init_condition(&never_signaled);
    pthread_mutex_lock(&lock);
    while (result == 0)
        result = pthread_cond_timedwait(&never_signaled, &lock, &deadline);
    pthread_mutex_unlock(&lock);
    check_number(result, ETIMEDOUT);
    check(clock_now() >= nanoseconds(deadline));
}

int main(void)
{
#ifndef __APPLE__ /* there it can only be the wall clock */
    test(a_deadline_is_a_time_of_this_clock);
    test(a_wait_lasts_until_its_deadline);
#endif
    return unit_result();
}
