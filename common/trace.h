/* common/trace.h - a timeline of what clients asked for and what threads did: --trace FILE.
 *
 * The file is in Chrome's trace-event format, one event a line, and opens in Perfetto
 * (https://ui.perfetto.dev), in chrome://tracing and in tutorial/tools/timeline. Each client has a
 * track, and so has each thread, process or event loop; on one track slices lie side by side or
 * inside each other. Lines are written whole, whichever process writes them: a child that crashes
 * takes with it at most what it did in its last tenth of a second. (Only SIGKILL, which comes in
 * the middle of a write, can cut a line in two.)
 *
 * While there is no timeline, all of these do nothing. None blocks for longer than a write to a
 * file does. */
#ifndef TRACE_H
#define TRACE_H

#include <stdint.h>

enum track { ON_CLIENT = 1, ON_THREAD = 2, ON_BOTH = 3 };

/* Begins a timeline in this file, which it empties, for this process and those that it forks.
 * Ended in good order when the process that called this exits. Dies when it cannot be written. */
void trace_open(const char *path);

/* The time in nanoseconds; 0 while there is no timeline. */
int64_t trace_begin(void);

/* A slice from then to now. The word must need no quoting in JSON. Nothing when began is 0. */
void trace_end(enum track track, const char *what, int64_t began);

/* A client came: its track has a name. */
void trace_greet(long client);

/* Whom this thread serves from now on, and with what: the client of its slices, and the name of
 * its turn. The word must live on. */
void trace_serve(long client, const char *what);
long trace_served(void);

/* A turn of an event loop: a slice on the thread's track, named by whom it came to serve. */
int64_t trace_begin_turn(void);
void trace_end_turn(int64_t began);

/* What this thread is called, for "thread" or "process" as the case may be: "loop", "worker". */
void trace_call_thread(const char *name);

/* A child was ended by this signal. For its parent. */
void trace_death(long process, int signal);

/* Writes out and frees what this thread has gathered: before it ends, or waits for long. */
void trace_flush(void);

#endif
