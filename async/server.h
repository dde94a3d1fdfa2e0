/* async/server.h - accepts clients in an event loop, and runs a task for each. */
#ifndef SERVER_H
#define SERVER_H

#include "client.h"

enum { MOST_SERVERS = 256 };

/* Creates this many servers, each with a loop of its own. Dies if one cannot be made. */
void create_servers(long count, const struct backend *backend);

/* Runs the first server in this thread, each other one in a thread of its own. All accept from this
 * listener, each at most its share of max_clients at a time, and run `handle` for each client, up
 * to end_client. Returns when all have stopped, as the process is to (see shutdown.h), and the
 * listener is closed. */
void run_servers(int listener, long max_clients, void (*handle)(struct task *));

/* Ends and frees the client: the last thing that a handler does. */
void end_client(struct client *c);

#endif
