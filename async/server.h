/* async/server.h - accepts clients in an event loop, and runs a task for each. */
#ifndef SERVER_H
#define SERVER_H

#include "client.h"

/* Prepares this many servers, each for a loop of its own: all accept from the same listener, and
 * the last one to stop closes it. Call this before the first one starts. */
void prepare_servers(long servers, int listener);

/* Makes this loop accept clients, at most this many at a time, and run `handle` for each, which
 * ends with end_client. Call this in the thread that runs the loop. Dies if there is no memory. */
void start_server(struct loop *loop, void (*handle)(struct task *), long max_clients);

/* Makes this loop's server stop once the process is asked to stop (see shutdown.h): it accepts
 * and answers what is in the backlog, half-closes all clients, and stops the loop when the last
 * one has gone, or after SHUTDOWN_LIMIT. Dies if there is no memory. */
void stop_server_on_signal(struct loop *loop);

/* Ends and frees the client: the last thing that a handler does. */
void end_client(struct client *c);

#endif
