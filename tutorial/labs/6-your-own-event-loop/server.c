/* tutorial/labs/6-your-own-event-loop/server.c - one thread for all clients.
 * Here is what comes before the loop; the loop is in loop.c. */
#include "run_loop.h"

#include "clock.h"
#include "compute.h"
#include "messages.h"
#include "options.h"
#include "stats.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

static long count(void)
{
    static long number;

    return ++number;
}

const struct model model = {
    .wait = clock_sleep,
    .compute = compute,
    .count = count,
};

int poll_despite_signals(struct pollfd *watched, nfds_t count, int timeout)
{
    static bool complained;
    int ready;

    if (timeout > 0 && !complained)
        say(STDERR_FILENO, "poll() was told to wait for %d ms at most", timeout);
    complained = complained || timeout > 0;
    do
        ready = (poll)(watched, count, timeout);
    while (ready < 0 && errno == EINTR);
    if (count > 1) /* and not one socket, which is only looked at */
        stats_add(WAKEUPS, 1);
    return ready;
}

/* A client that does not read its replies is noticed when the kernel has no room for more of them.
 * On this machine that may be megabytes, so give it less. Each client's socket inherits it. */
static void keep_send_buffers_small(int listener)
{
    int size = 16384;

    setsockopt(listener, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
}

int main(int argc, char **argv)
{
    static const enum counter counters[] = {WAKEUPS, END_OF_COUNTERS};

    options_read(argc, argv, "Serves all clients in one thread, by an event loop.", NULL);
    stats_prepare(1, counters);
    int listener = options_listen();
    keep_send_buffers_small(listener);
    run_loop(listener);
}
