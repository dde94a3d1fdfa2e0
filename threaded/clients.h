/* threaded/clients.h - the clients that are being served now, by all threads together.
 *
 * A place is reserved before a client is accepted, so that there are never more than there may
 * be, and is given back when it has been served. Everything here may be called by any thread. */
#ifndef CLIENTS_H
#define CLIENTS_H

#include <stdbool.h>

/* The entry for one client; it lives on the stack of the thread that serves it. */
struct guest {
    int socket;
    struct guest *previous, *next;
};

/* At most so many at a time. To be called first. */
void clients_limit(long most);

/* Waits until there is a free place and takes it. False, and no place, when the server stops. */
bool clients_reserve(void);

/* Gives a place back. */
void clients_release(void);

/* Waits until somebody gives a place back, the server stops, or a second is over. */
void clients_wait_for_one_to_leave(void);

/* Whether nobody but the caller has a place, so that it makes no sense to wait for him. */
bool clients_alone(void);

/* Between these two, clients_hang_up reaches this socket. The place is reserved already. */
void clients_enter(struct guest *guest, int socket);
void clients_leave(struct guest *guest);

/* The server stops: nobody gets a place any more, and all who are there, or enter later, find
 * the end of file after the requests that have arrived. */
void clients_hang_up(void);

/* Waits until all places are free, at most so long. False when some are not. */
bool clients_wait_until_gone(long milliseconds);

#endif
