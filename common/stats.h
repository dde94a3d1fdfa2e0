/* common/stats.h - what the server counts of itself, exactly, across threads and processes.
 *
 * All counters are kept in shared pages. Most only grow. Three are gauges: CLIENTS, RUNNING
 * and WAITING. Each process keeps its own part of those three in a slot, and the sum of the
 * slots is the figure: when a process is killed, its slot is cleared and the sum is true again. */
#ifndef STATS_H
#define STATS_H

#include <stddef.h>

enum counter {
    CLIENTS,  /* connected now */
    RUNNING,  /* requests that compute now */
    WAITING,  /* requests in a sleep, or at a lock, now */
    ACCEPTED, /* connections accepted */
    REQUESTS, /* requests taken, valid or not */
    ERRORS,   /* of those, answered with an error line */
    WORKERS,  /* threads or processes that serve, now */
    REAPED,   /* children that ended and were reaped */
    CRASHED,  /* of those, ended by a signal */
    WAKEUPS,  /* times an event loop woke up */
    SCANNED,  /* descriptors examined in all wake-ups */
    QUEUED,   /* jobs that wait for a thread of the executor, now */
    END_OF_COUNTERS,
    FIRST_TOTAL = ACCEPTED /* those before it are gauges, kept in slots */
};

/* Makes this many slots; this process uses slot 0. A report shows the counters up to WORKERS and
 * then those of own, a list ended by END_OF_COUNTERS. Dies if there is no memory. */
void stats_prepare(int slots, const enum counter *own);

/* Makes this process use this slot. A child calls it right after fork. */
void stats_use_slot(int slot);

/* Clears the slot of a process that has ended. */
void stats_clear_slot(int slot);

/* Adds, and returns the new value (of this slot's part, for the first three). */
long stats_add(enum counter counter, long amount);

long stats_read(enum counter counter);

/* Writes "clients=1 accepted=2 ..." without a line end and returns its length. A counter takes
 * up to 40 bytes, so a size of 512 is enough. */
size_t stats_report(char *buffer, size_t size);

#endif
