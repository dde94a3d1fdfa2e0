/* threaded/clients.h - the clients that are being served now, by all threads together.
 *
 * A slot is taken before a client is accepted, so there are never more than --max-clients, and is
 * freed after the client has left. Any thread may call any of these. */
#ifndef CLIENTS_H
#define CLIENTS_H

#include <stdbool.h>

/* One client's entry in the list; it lives on the stack of the thread that serves the client. */
struct connection {
    int socket;
    struct connection *previous, *next;
};

/* Allows `most` clients at the same time, accepted by `acceptors` threads. Call this before any of
 * these threads exists. */
void clients_prepare(long most, long acceptors);

/* Blocks until a slot is free, and takes it. */
void clients_take_slot(void);

void clients_free_slot(void);

/* Put a client, for which the caller has taken a slot, into the list, and take it out. */
void clients_add(struct connection *connection, int socket);
void clients_remove(struct connection *connection);

/* For a caller that has taken a slot and lacks resources for its client. Blocks until a slot is
 * freed, but at most 100 milliseconds. Returns false if waiting cannot help: there is no other
 * client, and none that left within the last second, whose thread may still run. */
bool clients_wait_for_departure(void);

/* Call this in each thread that accepts, at its end. */
void clients_acceptor_ends(void);

/* At a stop, half-closes the sockets of all clients in the list: their handlers answer the requests
 * that have arrived, then see end of file. Handlers that begin later do so by themselves. */
void clients_end_input_of_all(void);

/* Block until no thread accepts any more, and until all slots are free, but at most this many
 * milliseconds. */
void clients_wait_for_acceptors(long milliseconds);
void clients_wait_until_gone(long milliseconds);

#endif
