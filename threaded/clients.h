/* threaded/clients.h - the clients that are being served now, by all threads together.
 *
 * A slot is taken before a client is accepted, so that there are never more than --max-clients,
 * and is freed when the client leaves. Any thread may call any of these. */
#ifndef CLIENTS_H
#define CLIENTS_H

#include <stdbool.h>

/* One client's entry in the list; it lives on the stack of the thread that serves the client. */
struct connection {
    int socket;
    struct connection *previous, *next;
};

/* Allows this many clients at a time. Call it first. */
void clients_prepare(long most);

/* Blocks until a slot is free, and takes it. */
void clients_take_slot(void);

/* Frees a slot that no client came to use. */
void clients_free_slot(void);

/* Puts this client, for whom a slot is taken, into the list. */
void clients_enter(struct connection *connection, int socket);

/* Takes the client out of the list and frees its slot. */
void clients_leave(struct connection *connection);

/* Blocks until a client leaves, for at most a second. Returns false if the caller holds the only
 * slot, so that there is no other client to wait for. */
bool clients_wait_for_departure(void);

/* Counts the threads that accept: positive before they start, -1 when one ends. Returns how many
 * there are now. */
long clients_accepting(long change);

/* Half-closes the clients in the list, and each that enters later: their handlers see end of
 * file after the requests that have arrived. */
void clients_half_close_all(void);

/* Blocks until no thread accepts and all slots are free; for at most this long. */
void clients_wait_until_gone(long milliseconds);

#endif
