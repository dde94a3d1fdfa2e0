/* I predict: ... */
/* It took me: .. minutes */
/* tutorial/labs/6-your-own-event-loop/loop.c - waits until a client is ready. */
#include "run_loop.h"

#include "net.h"
#include "session.h"
#include "shutdown.h"

#include <poll.h>

/* Serves one client until it has gone. */
static void serve(int client)
{
    struct session session;
    struct request request;

    session_start(&session, client);
    while (session_next(&session, &request) == REQUEST)
        session_reply(&session, &request, perform(&request, &model));
    session_finish(&session);
}

void run_loop(int listener)
{
    struct pollfd watched[] = {
        {.fd = shutdown_descriptor(), .events = POLLIN},
        {.fd = listener, .events = POLLIN},
    };

    while (!shutdown_asked()) {
        poll(watched, 2, -1);
        int client = net_accept_now(listener, true);
        if (client >= 0)
            serve(client);
    }
}
