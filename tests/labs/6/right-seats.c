/* passes: free slots have no descriptor, and are found by looking for one; two arrays of events */
#include "run_loop.h"

#include "net.h"
#include "session.h"
#include "shutdown.h"
#include "stats.h"

#include <stdlib.h>

#define N 1024

static struct session *seat[N];
static struct pollfd p[N + 2];

static int free_seat(void)
{
    for (int i = 0; i < N; i++)
        if (p[i].fd == -1)
            return i;
    return -1;
}

static void serve(int i)
{
    struct request r;

again:
    switch (session_next(seat[i], &r)) {
    case REQUEST:
        session_reply(seat[i], &r, perform(&r, &model));
        goto again;
    case GONE:
        session_finish(seat[i]);
        free(seat[i]);
        p[i].fd = -1;
        break;
    case WANT_WRITE:
        p[i].events = POLLOUT;
        break;
    default:
        p[i].events = POLLIN;
    }
}

void run_loop(int listener)
{
    for (int i = 0; i < N; i++)
        p[i].fd = -1;
    p[N + 1] = (struct pollfd){.fd = shutdown_descriptor(), .events = POLLIN};
    do {
        int place = free_seat();
        p[N] = (struct pollfd){.fd = place == -1 ? -1 : listener, .events = POLLIN};
        int ready = poll(p, N + 2, -1);
        stats_add(WAKEUPS, 1);
        if (ready > 0 && p[N].revents) {
            int client = net_accept_now(listener, false);
            if (client >= 0) {
                seat[place] = malloc(sizeof **seat);
                session_start_nonblocking(seat[place], client);
                p[place] = (struct pollfd){.fd = client, .events = POLLIN};
            }
        }
        for (int i = 0; i < N; i++)
            if (p[i].fd != -1 && p[i].revents)
                serve(i);
    } while (!shutdown_asked());
}
