/* tests/units/unit_children.c - what is true at which moment around a fork or an exit, which no
 * test from outside can be sure to meet. */
#define main forked_main
#include "../../forked/forked.c" /* NOLINT(bugprone-suspicious-include): start_child is static */
#undef main

#include "system.h"
#include "trace.h"
#include "unit.h"

#include <errno.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/wait.h>

static bool stop_is_blocked(void)
{
    sigset_t blocked;

    sigprocmask(SIG_BLOCK, NULL, &blocked);
    return sigismember(&blocked, SIGTERM) && sigismember(&blocked, SIGINT);
}

/* In the child: gets the signal of that number, 0: none, and is killed unless all is well. */
static void look_around(int number)
{
    raise(number);
    if (stats_read(WORKERS) != 1 || stop_is_blocked())
        raise(SIGKILL);
}

/* Without a child, as before there was one. */
static void reaps_it(void)
{
    while (children_count() > 0)
        wait_for_event(-1, -1);
    check_number(stats_read(WORKERS), 0);
    check_number(stats_read(CRASHED), 0);
    check(!stop_is_blocked());
}

static void finds_itself_counted(void)
{
    check(start_child(look_around, 0));
    check_number(children_count(), 1);
    reaps_it();
}

static void is_not_there_if_fork_fails(void)
{
    struct rlimit limit, none = {0};

    getrlimit(RLIMIT_NPROC, &limit);
    none.rlim_max = limit.rlim_max;
    setrlimit(RLIMIT_NPROC, &none);
    if (!start_child(look_around, 0)) /* it succeeds for root */
        check_number(errno, EAGAIN);
    setrlimit(RLIMIT_NPROC, &limit);
    reaps_it();
}

static void survives_a_second_signal(void)
{
    raise(SIGTERM);
    check(start_child(look_around, SIGTERM));
    reaps_it();
}

static atomic_int *cleaned_up; /* by processes that ran the parent's clean-up */

static void clean_up(void)
{
    atomic_fetch_add(cleaned_up, 1);
}

static void leaves_the_clean_up_to_its_parent(void)
{
    struct rlimit limit, none = {.rlim_cur = STDERR_FILENO + 1};

    getrlimit(RLIMIT_NOFILE, &limit);
    none.rlim_max = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &none); /* so the child gets no pipe */
    check(start_child(look_around, 0));
    setrlimit(RLIMIT_NOFILE, &limit);
    reaps_it();
    check_number(atomic_load(cleaned_up), 0);
}

static void warn_in_child(int unused)
{
    warn_rarely("in the child");
    (void)unused;
}

/* Unless a second is over meanwhile: then both may. */
static void warns_for_its_parent_too(void)
{
    int64_t second;
    int words[2], kept = dup(STDERR_FILENO);
    char text[200];
    ssize_t size;

    check(pipe(words) == 0 && dup2(words[1], STDERR_FILENO) >= 0);
    do {
        second = clock_now() / 1000000000;
        check(start_child(warn_in_child, 0));
        reaps_it();
        warn_rarely("in the parent");
        size = read(words[0], text, sizeof text);
    } while (second != clock_now() / 1000000000);
    dup2(kept, STDERR_FILENO);
    check(memchr(text, '\n', (size_t)size) == text + size - 1);
}

/* As a thread that still computes when the server ends. */
static void trace_late(void)
{
    trace_end(ON_THREAD, "late", trace_begin() + 1);
    trace_flush();
}

static void ends_a_timeline_with_its_bracket(void)
{
    int pipes[2];
    char path[40], text[4096];

    check(pipe(pipes) == 0);
    snprintf(path, sizeof path, "/dev/fd/%d", pipes[1]);
    if (fork() == 0) {
        atexit(trace_late); /* before trace_open, so it is called after the end of the timeline */
        trace_open(path);
        exit(EXIT_SUCCESS);
    }
    wait(NULL);
    ssize_t size = read(pipes[0], text, sizeof text);
    check(size > 2);
    check_text(text + size - 2, 2, TEXT("]\n"));
}

int main(void)
{
    messages_prepare("unit_children");
    cleaned_up = shared_pages(sizeof *cleaned_up);
    atexit(clean_up);
    shutdown_prepare();
    children_prepare(2);
    test(finds_itself_counted);
    test(is_not_there_if_fork_fails);
    test(leaves_the_clean_up_to_its_parent);
    test(warns_for_its_parent_too);
    test(survives_a_second_signal);
    test(ends_a_timeline_with_its_bracket);
    return unit_result();
}
