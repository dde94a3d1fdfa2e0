/* tests/units/unit_children.c - what is true at which moment around a fork, an exit or a kill,
 * which no test from outside can be sure to meet. */
#define main forked_main
#include "../../forked/forked.c" /* NOLINT(bugprone-suspicious-include): start_child is static */
#undef main
#include "../../forked/pipe_tally.c" /* NOLINT(bugprone-suspicious-include): and the pipes */

#include "system.h"
#include "trace.h"
#include "unit.h"

#include <errno.h>
#include <poll.h>
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

/* ---- Children that are killed between question and answer: their numbers fill the pipe ---- */

enum { KILLED = 20000 }; /* a pipe holds 8192 numbers on Linux, and hardly more elsewhere */

static bool ready(int descriptor, short events)
{
    struct pollfd watched = {.fd = descriptor, .events = events};
    return descriptor >= 0 && poll(&watched, 1, 0) == 1;
}

static void answer_if_asked(void)
{
    if (ready(pipe_tally_questions(), POLLIN) || ready(pipe_tally_room(), POLLOUT))
        pipe_tally_answer();
}

static void ask(long times)
{
    for (; times > 0; times--) {
        check_number(write(questions[1], "?", 1), 1);
        answer_if_asked();
    }
}

static void the_next_take_their_numbers(void)
{
    pipe_tally_prepare();
    ask(KILLED);
    check(!ready(pipe_tally_room(), POLLOUT)); /* or the parent would never rest */
    for (long expected = 1; expected <= 2 * KILLED; expected++) {
        check_number(pipe_tally_next(), expected);
        answer_if_asked();
    }
}

/* As above, but here everybody is alive and waits. */
static void what_is_owed_is_paid(void)
{
    long number;

    ask(KILLED);
    for (long expected = 2 * KILLED + 1; expected <= 4 * KILLED; expected++) {
        answer_if_asked();
        if (!check(ready(numbers[0], POLLIN)))
            return;
        check_number(read(numbers[0], &number, sizeof number), sizeof number);
        check_number(number, expected);
    }
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
    test(the_next_take_their_numbers);
    test(what_is_owed_is_paid);
    return unit_result();
}
