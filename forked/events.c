/* forked/events.c - what the parent waits for: a client, the signal to stop, the end of a child, a
 * child's question or room for the answer. Whichever it waits for, each has its turn. */
#include "events.h"

#include "children.h"
#include "pipe_tally.h"

#include "messages.h"
#include "shutdown.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

static bool children_told; /* to stop */

/* Each stops receiving from its client. A child that is forked later knows by itself. */
static void tell_children(void)
{
    children_told = true;
    children_send_signal(SIGTERM);
}

bool wait_for_event(int descriptor, int milliseconds)
{
    struct pollfd watched[] = {
        {.fd = descriptor, .events = POLLIN},
        {.fd = children_told ? -1 : shutdown_descriptor(), .events = POLLIN},
        {.fd = children_descriptor(), .events = POLLIN},
        {.fd = pipe_tally_questions(), .events = POLLIN},
        {.fd = pipe_tally_room(), .events = POLLOUT},
    };

    while (poll(watched, sizeof watched / sizeof watched[0], milliseconds) < 0 && errno == EINTR)
        ; /* by a signal; its pipe is readable now */
    if (watched[1].revents)
        tell_children();
    if (watched[2].revents)
        children_reap();
    if (watched[3].revents || watched[4].revents)
        pipe_tally_answer();
    return watched[0].revents;
}

bool wait_for_resources(const char *what)
{
    bool others = children_count() > 0;

    warn_rarely(what);
    wait_for_event(NO_DESCRIPTOR, 1000);
    return others && shutdown_milliseconds_left() != 0;
}

void wait_for_children(void)
{
    while (children_count() > 0 && shutdown_milliseconds_left() > 0)
        wait_for_event(NO_DESCRIPTOR, shutdown_milliseconds_left());
    children_send_signal(SIGKILL);
    alarm(SHUTDOWN_LIMIT / 1000); /* should even that hang, this ends the parent */
    while (children_count() > 0)
        wait_for_event(NO_DESCRIPTOR, FOR_EVER);
}
