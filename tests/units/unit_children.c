/* tests/units/unit_children.c - forked's table of children: what is true at which moment around
 * fork, which no test from outside can be sure to meet. */
#include "unit.h"

#include "../../forked/children.h"

#include "shutdown.h"
#include "stats.h"

#include <errno.h>
#include <poll.h>

static bool stop_is_blocked(void)
{
    sigset_t blocked;

    sigprocmask(SIG_BLOCK, NULL, &blocked);
    return sigismember(&blocked, SIGTERM) && sigismember(&blocked, SIGINT);
}

static void without_a_child(void)
{
    check_number(children_count(), 0);
    check_number(stats_read(WORKERS), 0);
    check(!stop_is_blocked());
}

static void is_counted_before_fork(void)
{
    children_expect();
    check_number(stats_read(WORKERS), 1);
    check(stop_is_blocked());
    errno = EAGAIN;
    children_forked(-1);
    check_number(errno, EAGAIN);
    without_a_child();
}

/* Forks a child that gets the signal of that number, 0: none, and is killed unless all is well. */
static void fork_one(int number)
{
    struct pollfd ended = {.fd = children_descriptor(), .events = POLLIN};

    children_expect();
    pid_t process = fork();
    if (process == 0) {
        children_forked(process);
        raise(number);
        if (stats_read(WORKERS) != 1 || stop_is_blocked())
            raise(SIGKILL);
        _exit(0);
    }
    children_forked(process);
    check_number(children_count(), 1);
    while (poll(&ended, 1, -1) < 0)
        ; /* SIGCHLD interrupts it */
    children_reap();
    check_number(stats_read(CRASHED), 0);
    without_a_child();
}

static void finds_itself_counted(void)
{
    fork_one(0);
}

static void survives_a_second_signal(void)
{
    raise(SIGTERM);
    fork_one(SIGTERM);
}

int main(void)
{
    static const enum counter counters[] = {REAPED, CRASHED, END_OF_COUNTERS};

    stats_prepare(3, counters);
    shutdown_prepare();
    children_prepare(2);
    test("a child is counted before fork, and no longer if that fails", is_counted_before_fork);
    test("a child that looks at once finds itself counted", finds_itself_counted);
    test("a child that is forked after SIGTERM survives another one", survives_a_second_signal);
    return unit_result();
}
