/* threaded/clients.h - the clients that are being served now, by all threads together.
 *
 * A slot is taken before a client is accepted, so there are never more than --max-clients, and is
 * freed when the client leaves. Any thread may call any of these. */
#ifndef CLIENTS_H
#define CLIENTS_H

#include <stdbool.h>

/* One client's entry in the list; it lives on the stack of the thread that serves the client. */
struct connection {
    int socket;
    struct connection *previous, *next;
};

/* Allows this many clients at the same time. Call this before any thread exists. */
void clients_prepare(long most);

/* Blocks until a slot is free, and takes it. */
void clients_take_slot(void);

/* Frees a slot that no client has used. */
void clients_free_slot(void);

/* Puts this client into the list. The caller has taken a slot for it. */
void clients_enter(struct connection *connection, int socket);

/* Takes the client out of the list and frees its slot. */
void clients_leave(struct connection *connection);

/* Blocks until a client leaves, but at most 100 milliseconds. Returns false if the caller held the
 * only slot, so no client could leave. */
bool clients_wait_for_departure(void);

/* Counts the threads that accept clients: add their number before they start, and -1 when one
 * ends. Returns how many there are now. */
long clients_accepting(long change);

/* Half-closes the sockets of all clients in the list, and of each that enters later: their
 * handlers answer the requests that have arrived, then see end of file. */
void clients_half_close_all(void);

/* Blocks until no thread accepts and all slots are free, but at most this many milliseconds. */
void clients_wait_until_gone(long milliseconds);

#endif
