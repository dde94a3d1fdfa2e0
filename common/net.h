/* common/net.h - the socket calls that a server needs, each with its traps taken care of.
 * Every descriptor belongs to the caller, which closes it. */
#ifndef NET_H
#define NET_H

#include <stdbool.h>

struct addrinfo;

enum { NO_CLIENT = -1, NO_RESOURCES = -2, STOPPED = -3 }; /* instead of a client's socket */
enum { BLOCKING_SOCKET = true, NONBLOCKING_SOCKET = false };   /* that socket */

/* Listens on a name or address ("127.0.0.1", "::1", "localhost", "::" for all, of IPv4 too) and
 * a port, 0 for any free one; backlog is how many unaccepted clients the kernel may queue. The
 * listener is non-blocking. Dies if it cannot listen, so call it at start-up only. */
int net_listen(const char *address, long port, int backlog);

/* Writes "listening on ADDRESS:PORT" to stdout and, unless port_file is NULL, the port into that
 * file, which appears by rename, whole; what is a device, a pipe or a link is written to. Dies if
 * the file cannot be written. Returns true if only this machine can reach the listener. */
bool net_announce(int listener, const char *port_file);

/* Connects to the first address of the name that answers. Blocks. Returns -1 with errno if none
 * does, and dies if the name is unknown. */
int net_connect(const char *address, long port);

/* The two steps of net_connect: all addresses of a name, which the caller frees with freeaddrinfo;
 * and a socket that is connected to one of them, or -1 with errno. If it is not to block, the
 * connection may still be under way: the socket becomes writable once that is decided. */
struct addrinfo *net_look_up(const char *address, long port, int flags);
int net_connect_to(const struct addrinfo *at, bool blocking);

/* Blocks until there is a client, and returns its blocking socket. Once the server is asked to
 * stop (see shutdown.h) it returns those that are left in the backlog, then STOPPED. Returns
 * NO_RESOURCES, with errno, if the system has none for another client, which stays in the backlog,
 * or lets nobody be accepted: then say so, and pause. Any thread or process may call it. */
int net_accept(int listener);

/* The same without blocking: NO_CLIENT if the backlog is empty. The client's socket may block. */
int net_accept_now(int listener, bool blocking);

/* Lets no new client into the backlog; those in it can still be accepted. */
void net_freeze_backlog(int listener);

/* Makes reads and writes return EAGAIN instead of blocking. Returns false with errno on failure. */
bool net_set_nonblocking(int descriptor);

/* Makes blocking reads and writes fail with EAGAIN after these milliseconds; 0: no limit. */
void net_limit_blocking(int socket, long read, long write);

/* True once something can be read, or has failed, within these milliseconds. Async-signal-safe. */
bool net_is_readable(int descriptor, int milliseconds);

/* Unless something has arrived that is unread, the next read sees end of file, as does one that
 * blocks now. Async-signal-safe. */
void net_end_input(int socket);

/* Closes a conversation from our side so that what was sent still arrives: if a socket is closed
 * with bytes unread, TCP sends a reset, and that destroys replies on their way. */
void net_close_gracefully(int socket);

/* Tells an accepted client that the server has no resources for it; net_refuse then closes its
 * socket. Nothing has been sent to it yet, so neither blocks. */
void net_say_busy(int socket);
void net_refuse(int socket);

#endif
