/* passes: each client is watched for what its session waits for, and for nothing else */
#include "run_loop.h"

#include "net.h"
#include "session.h"
#include "shutdown.h"

#include <poll.h>

enum { STOP, LISTENER, FIRST, MOST = FIRST + 1000 };

static struct pollfd watched[MOST];
static struct session sessions[MOST]; /* of the clients, from FIRST */
static int count = FIRST;

static void add(int client)
{
    session_start_nonblocking(&sessions[count], client);
    watched[count] = (struct pollfd){.fd = client, .events = POLLIN};
    count++;
}

/* The last one takes its place. */
static void discard(int i)
{
    session_finish(&sessions[i]);
    count--;
    sessions[i] = sessions[count];
    watched[i] = watched[count];
}

static void serve(int i)
{
    enum session_status status;
    struct request request;

    while ((status = session_next(&sessions[i], &request)) == REQUEST)
        session_reply(&sessions[i], &request, perform(&request, &model));
    if (status == GONE)
        discard(i);
    else
        watched[i].events = status == WANT_WRITE ? POLLOUT : POLLIN;
}

void run_loop(int listener)
{
    watched[STOP] = (struct pollfd){.fd = shutdown_descriptor(), .events = POLLIN};
    while (!shutdown_asked()) {
        watched[LISTENER] = (struct pollfd){.fd = count < MOST ? listener : -1, .events = POLLIN};
        poll(watched, (nfds_t)count, -1);
        for (int i = count - 1; i >= FIRST; i--)
            if (watched[i].revents)
                serve(i);
        int client = watched[LISTENER].revents ? net_accept_now(listener, false) : NO_CLIENT;
        if (client >= 0)
            add(client);
    }
}
