/* threaded/clients.h - the clients that are being served now, by all threads together.
 *
 * Never more than --max-clients: each has a slot, from clients_accept to clients_remove or
 * clients_refuse. Any thread may call any of these. */
#ifndef CLIENTS_H
#define CLIENTS_H

#include <stdbool.h>

/* One client's entry in the list; it lives on the stack of the thread that serves the client. */
struct connection {
    int socket;
    struct connection *previous, *next;
};

/* Makes `most` slots, for clients that `acceptors` threads will accept. Call this before any of
 * these threads exists. */
void clients_prepare(long most, long acceptors);

/* Blocks until a slot is free and there is a client, and returns its blocking socket. Once the
 * server is asked to stop, it returns those that are left in the backlog, then STOPPED: after that
 * the thread does not call it again. */
int clients_accept(int listener);

/* Closes a client for which there is no thread, and says so to it. */
void clients_refuse(int client);

/* Put a client into the list, and take it out after its socket was closed. */
void clients_add(struct connection *connection, int client);
void clients_remove(struct connection *connection);

/* The system has no resources for one more client. Warns, and blocks until a client leaves, but at
 * most 100 milliseconds. Returns false if more of that is pointless: there is no other client, and
 * none that left within the last second, whose thread may still run. */
bool clients_wait_for_resources(const char *what);

/* At a stop, half-closes the sockets of all clients in the list: their handlers answer the requests
 * that have arrived, then see end of file. Handlers that begin later do so by themselves. */
void clients_end_input_of_all(void);

/* Block until no thread accepts any more, and until all clients have left, but not after
 * shutdown_deadline. */
void clients_wait_until_accepted(void);
void clients_wait_until_gone(void);

#endif
