/* common/shutdown.c - SIGTERM and SIGINT become a descriptor that poll() can watch.
 * A signal handler may do next to nothing; write() and shutdown() are on POSIX's short list. */
#include "shutdown.h"

#include "messages.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

static int wake[2] = {-1, -1};
static pid_t owner;       /* the process that watches the pipe; not the children it forks */
static atomic_bool asked; /* lock-free, so a signal handler may set it */
static volatile sig_atomic_t current_client = -1;

static void on_stop(int number)
{
    int reason = errno; /* we may have interrupted someone between a call and its errno */

    (void)number;
    atomic_store(&asked, true);
    signal(SIGTERM, SIG_DFL); /* the next one ends us at once */
    signal(SIGINT, SIG_DFL);
    alarm(SHUTDOWN_LIMIT / 1000 + 1); /* the last resort: SIGALRM cuts what still hangs then */
    if (current_client >= 0)
        shutdown(current_client, SHUT_RD);
    if (getpid() == owner && write(wake[1], "", 1) < 0) {
        /* The pipe is full, so it is readable, which is all we want. */
    }
    errno = reason;
}

void shutdown_leave_to_parent(void)
{
    if (wake[0] >= 0) {
        close(wake[0]);
        close(wake[1]);
    }
    wake[0] = wake[1] = -1;
}

void shutdown_prepare(void)
{
    struct sigaction stop = {.sa_handler = on_stop};

    shutdown_leave_to_parent();
    owner = getpid();
    if (pipe(wake) < 0 || fcntl(wake[1], F_SETFL, O_NONBLOCK) < 0)
        die("pipe");
    atomic_store(&asked, false);
    sigemptyset(&stop.sa_mask);
    sigaddset(&stop.sa_mask, SIGTERM);
    sigaddset(&stop.sa_mask, SIGINT);
    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGINT, &stop, NULL);
    signal(SIGPIPE, SIG_IGN); /* a write to a client that left returns EPIPE instead */
}

int shutdown_descriptor(void)
{
    return wake[0];
}

bool shutdown_asked(void)
{
    return atomic_load(&asked);
}

void shutdown_hangs_up(int client)
{
    current_client = client;
    if (client >= 0 && shutdown_asked()) /* the signal came before the client did */
        shutdown(client, SHUT_RD);
}
