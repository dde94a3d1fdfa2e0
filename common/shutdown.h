/* common/shutdown.h - SIGTERM and SIGINT become a descriptor that poll() can watch.
 *
 * This is the self-pipe trick of D. J. Bernstein: the signal handler writes a byte into a pipe.
 * Nobody ever reads that byte, so the pipe stays readable, and everybody who watches it hears of
 * the stop: every thread of a pool, every event loop.
 *
 * The first signal asks for an orderly end. The second one ends the process at once. */
#ifndef SHUTDOWN_H
#define SHUTDOWN_H

#include <stdbool.h>

enum { SHUTDOWN_LIMIT = 5000 }; /* milliseconds; what is not done by then is cut */

/* Catches SIGTERM and SIGINT, and ignores SIGPIPE. A forked child that calls it again is asked
 * to stop apart from its parent. Dies when there is no pipe to be had. */
void shutdown_prepare(void);

/* In a forked child that watches no descriptor: closes the one it inherited. Signals still are
 * caught, and are this process's own. */
void shutdown_leave_to_parent(void);

/* Becomes readable, and stays so, when it is time to stop. */
int shutdown_descriptor(void);

/* Whether a signal to stop has come to this process. */
bool shutdown_asked(void);

/* While a process serves this one client, a signal shuts down the receiving side of its socket:
 * the handler answers what has arrived, then sees end of file. -1 for no client. */
void shutdown_hangs_up(int client);

#endif
