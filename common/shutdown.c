/* common/shutdown.c - SIGTERM and SIGINT become a file descriptor that poll() can watch.
 * A signal handler may do next to nothing; write() and shutdown() are on POSIX's short list. */
#include "shutdown.h"

#include "messages.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

static int wake[2] = {-1, -1};
static int life[2] = {-1, -1}; /* the parent holds [1]: end of file on [0] says it is gone */
static bool child;
static atomic_bool asked; /* lock-free, so a signal handler may set it */
static volatile sig_atomic_t current_client = -1;
static sigset_t stop_signals; /* SIGTERM and SIGINT */

static void ask_to_stop(void)
{
    if (!atomic_exchange(&asked, true))
        alarm(SHUTDOWN_LIMIT / 1000 + 1); /* the last resort: SIGALRM cuts what still hangs */
    if (current_client >= 0)
        shutdown(current_client, SHUT_RD);
    if (write(wake[1], "", 1) < 0) {
        /* The pipe is full, so it is readable, which is all we want. */
    }
}

static void on_stop(int number)
{
    int reason = errno; /* we may have interrupted a function between a call and its errno */

    (void)number;
    if (!child) {
        signal(SIGTERM, SIG_DFL); /* the next one ends us at once */
        signal(SIGINT, SIG_DFL);
    }
    ask_to_stop();
    errno = reason;
}

static void open_wake_pipe(void)
{
    if (pipe(wake) < 0 || fcntl(wake[1], F_SETFL, O_NONBLOCK) < 0)
        die("pipe");
}

void shutdown_prepare(void)
{
    sigemptyset(&stop_signals);
    sigaddset(&stop_signals, SIGTERM);
    sigaddset(&stop_signals, SIGINT);
    struct sigaction stop = {.sa_handler = on_stop, .sa_mask = stop_signals};
    open_wake_pipe();
    if (pipe(life) < 0)
        die("pipe");
    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGINT, &stop, NULL);
    signal(SIGPIPE, SIG_IGN); /* a write to a client that left returns EPIPE instead */
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
    open_wake_pipe();
    if (shutdown_asked()) {
        signal(SIGTERM, SIG_IGN); /* in the parent the next one is deadly by now */
        ask_to_stop();
    }
}

int shutdown_descriptor(void)
{
    return wake[0];
}

bool shutdown_asked(void)
{
    return atomic_load(&asked);
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

void shutdown_half_close_on_signal(int client)
{
    current_client = client;
    if (client >= 0 && shutdown_asked()) /* the signal came before the client did */
        shutdown(client, SHUT_RD);
}
