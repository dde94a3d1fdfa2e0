/* common/net.h - the socket calls that a server needs, each with its traps taken care of.
 * All descriptors belong to the caller, who closes them. */
#ifndef NET_H
#define NET_H

#include <stdbool.h>

struct addrinfo;

enum { NOBODY = -1, NO_ROOM = -2, STOPPED = -3 }; /* instead of a client's socket */

/* Listens on a name or address ("127.0.0.1", "::1", "localhost", "::" for all, of IPv4 too) and
 * a port, "0" for any free one; backlog is how many clients the kernel may keep for us. The
 * listener does not block. Dies when that cannot be: for start-up only. */
int net_listen(const char *address, const char *port, int backlog);

/* Says "listening on ADDRESS:PORT" on stdout and, when port_file is not NULL, writes the port
 * into that file, which appears only when whole. Dies when the file cannot be written. */
void net_announce(int listener, const char *port_file);

/* Connects, blocking, to the first of the name's addresses that can be reached. -1 and errno, or
 * -1 and errno 0 when the name is not known. */
int net_connect(const char *address, const char *port);

/* The two steps of net_connect, for a program that must not block on each client. All addresses
 * of a name, to be freed with freeaddrinfo; NULL when it is not known, which has been said. */
struct addrinfo *net_look_up(const char *address, const char *port, int flags);

/* Connects to one address; -1 and errno on failure. When it is not to block, the connection may
 * still be under way: the socket is writable once it is known how that ended. */
int net_connect_to(const struct addrinfo *at, bool blocking);

/* Waits for a client and returns its blocking socket. STOPPED as soon as the server is asked to
 * stop (see shutdown.h). NO_ROOM with errno EMFILE, ENFILE, ENOBUFS or ENOMEM when there is none
 * for another; the client waits in the backlog. Several threads or processes may wait at once. */
int net_accept(int listener);

/* The same without waiting: NOBODY when there is nobody to accept. The client's socket blocks or
 * not, as asked for. */
int net_accept_now(int listener, bool blocking);

/* Makes reads and writes of this socket return at once. False and errno on failure. */
bool net_do_not_block(int descriptor);

/* Limits how long a blocking read (write) may take; 0 is forever. Afterwards it fails with
 * EAGAIN. */
void net_limit_reads(int socket, long milliseconds);
void net_limit_writes(int socket, long milliseconds);

/* Allows this process as many descriptors as the system lets it have, one for each client; by
 * default there are often only 1024. Returns how many there may be now. */
long net_raise_descriptor_limit(void);

/* Closes a conversation from our side so that what was sent still arrives: when a socket is
 * closed with bytes unread, TCP sends a reset, and that destroys replies on their way. */
void net_hang_up(int socket);

/* Tells a client that there is no room for it; net_refuse then hangs up. Meant for a client that
 * has not been sent anything yet, so neither blocks. */
void net_say_busy(int socket);
void net_refuse(int socket);

#endif
