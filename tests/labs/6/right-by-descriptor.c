/* passes: a slot for each descriptor, and all that are in the backlog are accepted at once */
#include "run_loop.h"

#include "net.h"
#include "session.h"
#include "shutdown.h"

enum { SLOTS = 1200 };

static struct pollfd slot[SLOTS]; /* the index is the descriptor */
static struct session session[SLOTS];
static int clients;

static void step(int fd)
{
    struct request request;
    enum session_status status = session_next(&session[fd], &request);

    while (status == REQUEST) {
        session_reply(&session[fd], &request, perform(&request, &model));
        status = session_next(&session[fd], &request);
    }
    if (status == WANT_READ)
        slot[fd].events = POLLIN;
    else if (status == WANT_WRITE)
        slot[fd].events = POLLOUT;
    else {
        session_finish(&session[fd]);
        slot[fd].fd = -1;
        clients--;
    }
}

static void accept_all(int listener)
{
    int fd;

    while (clients < SLOTS - 100 && (fd = net_accept_now(listener, false)) >= 0) {
        session_start_nonblocking(&session[fd], fd);
        slot[fd].fd = fd;
        clients++;
        step(fd);
    }
}

void run_loop(int listener)
{
    const int stop = shutdown_descriptor();

    for (int fd = 0; fd < SLOTS; fd++)
        slot[fd].fd = -1;
    slot[stop] = (struct pollfd){.fd = stop, .events = POLLIN};
    while (!shutdown_asked()) {
        slot[listener].fd = clients < SLOTS - 100 ? listener : -1;
        slot[listener].events = POLLIN;
        poll(slot, SLOTS, -1);
        for (int fd = 0; fd < SLOTS; fd++)
            if (slot[fd].fd >= 0 && slot[fd].revents) {
                if (fd == listener)
                    accept_all(listener);
                else if (fd != stop)
                    step(fd);
            }
    }
}
