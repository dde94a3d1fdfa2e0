/* common/plumbing/trace.h - a timeline of what clients ask and threads do: --trace FILE.
 *
 * The file is in Chrome's trace-event format, one event a line, and opens in Perfetto
 * (https://ui.perfetto.dev), in chrome://tracing and in tutorial/tools/timeline. Each client has a
 * track, and so has each thread, process or event loop; slices lie side by side or inside others.
 *
 * A thread writes its lines before it waits for a request, a sleep or its loop's next event, and
 * when they are a tenth of a second old: a crash loses only what is younger (or came before a wait
 * for the GIL, or for a client that does not read). Lines are whole, whichever processes write at
 * the same time; only SIGKILL in the middle of a write, or a full disk, can cut one.
 *
 * Without a timeline, all of these do nothing. None blocks for longer than a write to a file. */
#ifndef TRACE_H
#define TRACE_H

#include "stats.h"

#include <stdint.h>

enum track { ON_CLIENT = 1, ON_THREAD = 2, ON_BOTH = 3 };

/* Begins a timeline in this file, which it empties, for this process and its later children. The
 * calling process completes it when it exits. Dies if the file cannot be opened. If a write fails
 * later, one process says so, and the timeline ends for all. */
void trace_open(const char *path);

/* The time in nanoseconds; 0 without a timeline. */
int64_t trace_begin(void);

/* A slice from began until now; none if began is 0. The name is at most 64 characters, which need
 * no quoting in JSON; NULL: as trace_serve named the loop's turn. */
void trace_end(enum track track, const char *what, int64_t began);

/* Begin and end what a thread does now: the gauge of the statistics counts it meanwhile, and the
 * timeline shows it on both tracks. The second takes what the first has returned. */
int64_t activity_begin(enum counter gauge);
void activity_end(enum counter gauge, const char *name, int64_t began);

/* Call this often while the thread computes, with the time since when it has had a core, and keep
 * the result for the next call. If the clock has jumped since the last call, the thread had no core
 * meanwhile: that is a slice "waiting for a core", after one "computing". */
int64_t trace_step(int64_t began);

/* A client came: names its track. */
void trace_greet(long client);

/* The client that this thread serves from now on, 0 for none; what names its loop's turn. */
void trace_serve(long client, const char *what);

/* Calls this thread by a word of its own, "loop" or "worker", instead of "thread" or "process". */
void trace_call_thread(const char *word);

/* The parent's mark on a child's track: this signal ended it. */
void trace_death(long process, int signal);

/* Writes and frees this thread's lines. Call it before the thread ends, or waits. */
void trace_flush(void);

#endif
