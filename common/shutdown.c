/* common/shutdown.c - SIGTERM and SIGINT become a file descriptor that poll() can watch.
 * A signal handler may do next to nothing; write(), poll() and shutdown() are on POSIX's list. */
#include "shutdown.h"

#include "clock.h"
#include "messages.h"
#include "net.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

enum { ECHO_TIME = 500 }; /* milliseconds after the first signal */

static int wake[2] = {-1, -1};
static int life[2] = {-1, -1}; /* the parent holds [1]: end of file on [0] says it is gone */
static bool child;
static atomic_flag begun = ATOMIC_FLAG_INIT; /* lock-free, so a signal handler may set it */
static atomic_bool asked;                    /* and the deadline is set */
static int64_t deadline;
static volatile sig_atomic_t current_client = -1;
static sigset_t stop_signals; /* SIGTERM and SIGINT */

static void ask_to_stop(void)
{
    if (!atomic_flag_test_and_set(&begun)) {
        deadline = clock_in(SHUTDOWN_LIMIT);
        atomic_store(&asked, true);
    }
    alarm(SHUTDOWN_LIMIT / 1000 + 1); /* the last resort: SIGALRM cuts what still hangs */
    if (current_client >= 0)
        net_end_input(current_client);
    if (write(wake[1], "", 1) < 0) {
        /* The pipe is full, so it is readable, which is all we want. */
    }
}

/* The default actions would not do: process 1, as in a container, has none. */
static void on_signal(int number)
{
    static const char cut[] = "did not end in time, and is cut\n";
    int reason = errno; /* we may have interrupted a function between a call and its errno */

    if (number == SIGALRM) {
        say_bytes(STDERR_FILENO, cut, sizeof cut - 1);
        _exit(EXIT_SUCCESS);
    }
    if (shutdown_asked() && !child && deadline < clock_in(SHUTDOWN_LIMIT - ECHO_TIME))
        _exit(128 + number);
    ask_to_stop();
    errno = reason;
}

static bool open_wake_pipe(void)
{
    return pipe(wake) == 0 && fcntl(wake[1], F_SETFL, O_NONBLOCK) == 0;
}

/* The program that started this one may have left any of these blocked or ignored. */
static void set_signals(void)
{
    struct sigaction stop = {.sa_handler = on_signal, .sa_flags = SA_RESTART}, interrupt;

    sigemptyset(&stop_signals);
    sigaddset(&stop_signals, SIGTERM);
    sigaddset(&stop_signals, SIGINT);
    stop.sa_mask = stop_signals;
    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGALRM, &stop, NULL);
    sigaction(SIGINT, NULL, &interrupt);
    if (interrupt.sa_handler != SIG_IGN) /* as in a background job of a script */
        sigaction(SIGINT, &stop, NULL);
    signal(SIGPIPE, SIG_IGN); /* a write to a client that left returns EPIPE instead */
    signal(SIGXFSZ, SIG_IGN); /* a write to a file that may not grow: EFBIG */
    signal(SIGCHLD, SIG_DFL); /* ignored, it would leave nothing to reap */
    sigset_t needed = stop_signals;
    sigaddset(&needed, SIGALRM);
    sigaddset(&needed, SIGCHLD);
    sigprocmask(SIG_UNBLOCK, &needed, NULL);
}

void shutdown_prepare(void)
{
    if (!open_wake_pipe() || pipe(life) < 0)
        die("pipe");
    set_signals();
}

void shutdown_block_signals(void)
{
    sigprocmask(SIG_BLOCK, &stop_signals, NULL);
}

void shutdown_unblock_signals(void)
{
    sigprocmask(SIG_UNBLOCK, &stop_signals, NULL);
}

void shutdown_in_child(void)
{
    child = true;
    signal(SIGINT, SIG_IGN); /* Ctrl-C reaches the whole group; the parent tells us what to do */
    close(wake[0]);
    close(wake[1]);
    close(life[1]);
    if (!open_wake_pipe()) {
        warn("pipe");
        _exit(EXIT_FAILURE); /* not die: what is to be done at the end, the parent does */
    }
    if (shutdown_asked())
        ask_to_stop();
}

int shutdown_descriptor(void)
{
    return wake[0];
}

bool shutdown_asked(void)
{
    return atomic_load(&asked);
}

int64_t shutdown_deadline(void)
{
    return shutdown_asked() ? deadline : NEVER;
}

int shutdown_milliseconds_left(void)
{
    return clock_milliseconds_until(shutdown_deadline());
}

void shutdown_wait_or_readable(int descriptor)
{
    struct pollfd watched[] = {{.fd = descriptor, .events = POLLIN},
                               {.fd = wake[0], .events = POLLIN},
                               {.fd = life[0], .events = POLLIN}};

    if (poll(watched, sizeof watched / sizeof watched[0], -1) > 0 && watched[2].revents)
        ask_to_stop();
}

void shutdown_wait(void)
{
    while (!shutdown_asked())
        shutdown_wait_or_readable(-1);
}

void shutdown_end_input_on_signal(int client)
{
    current_client = client;
}
