/* passes: a list of clients, from which the array of poll() is made in each turn */
#include "run_loop.h"

#include "net.h"
#include "session.h"
#include "shutdown.h"
#include "stats.h"

#include <stdlib.h>

struct client {
    struct session session;
    int socket;
    short waits_for;
    bool gone;
    struct client *next;
};

static void talk(struct client *c)
{
    struct request request;

    for (;;) {
        switch (session_next(&c->session, &request)) {
        case REQUEST:
            session_reply(&c->session, &request, perform(&request, &model));
            continue;
        case WANT_READ:
            c->waits_for = POLLIN;
            return;
        case WANT_WRITE:
            c->waits_for = POLLOUT;
            return;
        default:
            session_finish(&c->session);
            c->gone = true;
            return;
        }
    }
}

static struct client *without_gone(struct client *list)
{
    struct client **link = &list;

    while (*link) {
        struct client *c = *link;
        if (c->gone) {
            *link = c->next;
            free(c);
        } else
            link = &c->next;
    }
    return list;
}

void run_loop(int listener)
{
    struct client *list = NULL;
    struct pollfd *array = NULL;

    while (!shutdown_asked()) {
        nfds_t count = 2;
        for (struct client *c = list; c; c = c->next)
            count++;
        array = realloc(array, count * sizeof *array);
        array[0] = (struct pollfd){listener, POLLIN, 0};
        array[1] = (struct pollfd){shutdown_descriptor(), POLLIN, 0};
        count = 2;
        for (struct client *c = list; c; c = c->next)
            array[count++] = (struct pollfd){c->socket, c->waits_for, 0};
        poll(array, count, -1);
        stats_add(WAKEUPS, 1);
        count = 2;
        for (struct client *c = list; c; c = c->next)
            if (array[count++].revents != 0)
                talk(c);
        list = without_gone(list);
        int socket = array[0].revents ? net_accept_now(listener, false) : -1;
        struct client *c = socket >= 0 ? calloc(1, sizeof *c) : NULL;
        if (c) {
            session_start_nonblocking(&c->session, socket);
            c->socket = socket;
            c->waits_for = POLLIN;
            c->next = list;
            list = c;
        }
    }
}
