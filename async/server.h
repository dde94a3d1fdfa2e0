/* async/server.h - accepts clients in an event loop, and runs a task for each. */
#ifndef SERVER_H
#define SERVER_H

#include "client.h"

/* On which socket clients come, and in how many loops there will be a server: the last of them
 * to stop accepting closes it. To be called before the first one starts. */
void share_listener(int listener, int servers);

/* From now on this loop accepts clients, at most so many at a time, and runs `handle` for each,
 * which ends with end_client. It stops when the process is asked to stop and the last client has
 * gone. The calling thread must be the one that runs the loop. Dies when there is no memory. */
void start_server(struct loop *loop, void (*handle)(struct task *), long max_clients);

/* The last thing that a handler does: after this, its client is no more. */
void end_client(struct client *c);

#endif
