/* common/shutdown.h - SIGTERM and SIGINT become a file descriptor that poll() can watch.
 *
 * This is the self-pipe trick of D. J. Bernstein: the signal handler writes a byte into a pipe.
 * Nothing ever reads that byte, so the pipe stays readable, and everything that watches it learns
 * of the stop: every thread of a pool, every event loop.
 *
 * The first signal asks for a graceful shutdown. A second one, more than half a second later, ends
 * the server at once with status 128 + its number; an earlier one is the same request once more, as
 * timeout(1) signals its command and then its group. A child leaves that decision to its parent: it
 * ignores SIGINT, and a second SIGTERM does nothing. */
#ifndef SHUTDOWN_H
#define SHUTDOWN_H

#include <stdbool.h>
#include <stdint.h>

enum { SHUTDOWN_LIMIT = 5000 }; /* milliseconds; what is not done by then is cut */

/* Catches SIGTERM, SIGINT and SIGALRM, ignores SIGPIPE and SIGXFSZ, and undoes what was blocked or
 * ignored of these and SIGCHLD, but for an ignored SIGINT. Dies if there is no pipe. */
void shutdown_prepare(void);

/* Block both signals before fork, and unblock them after it, in the child after shutdown_in_child:
 * until then a signal to the child would wake its parent. */
void shutdown_block_signals(void);
void shutdown_unblock_signals(void);

/* In a forked child: it watches a pipe of its own, and learns of its parent's end. A stop that
 * was asked for before the fork is asked for here too. Ends the child if there is no pipe. */
void shutdown_in_child(void);

/* Becomes readable, and stays so, when this process is to stop. */
int shutdown_descriptor(void);

/* True once this process is to stop. */
bool shutdown_asked(void);

/* Return when what is not done is cut, NEVER before a stop; and clock_milliseconds_until then. A
 * second later SIGALRM ends the process, with status 0 and a line on stderr. */
int64_t shutdown_deadline(void);
int shutdown_milliseconds_left(void);

/* Blocks until this process is to stop. */
void shutdown_wait(void);

/* Blocks until the descriptor (-1: none) is readable, this process is to stop, or signalled. */
void shutdown_wait_or_readable(int descriptor);

/* For a process that serves one client at a time: from now on, until the next call, a signal calls
 * net_end_input for this client. The handler answers what has arrived, then sees end of file. */
void shutdown_end_input_on_signal(int client);

#endif
