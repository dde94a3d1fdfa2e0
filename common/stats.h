/* common/stats.h - what the server counts of itself, exactly, across threads and processes.
 *
 * All counters lie in shared pages. Most only grow. Three say what is so now: CLIENTS, RUNNING
 * and WAITING. Each process keeps its own part of those three in a slot, and the sum of the
 * slots is the figure: when a process is killed, its slot is cleared and the sum is true again. */
#ifndef STATS_H
#define STATS_H

#include <stddef.h>

enum counter {
    CLIENTS,  /* conversations going on now */
    RUNNING,  /* requests that compute now */
    WAITING,  /* requests in a sleep, or at a lock, now */
    ACCEPTED, /* conversations begun */
    REQUESTS, /* lines taken for a request, good or not */
    ERRORS,   /* of those, answered with an error */
    WORKERS,  /* threads or processes there are now to serve */
    REAPED,   /* children that ended and were collected */
    CRASHED,  /* of those, ended by a signal */
    WAKEUPS,  /* times an event loop woke up */
    SCANNED,  /* descriptors examined in all wake-ups */
    QUEUED,   /* jobs that wait for a thread of the executor now */
    COUNTERS,
    FIRST_TOTAL = ACCEPTED /* those before it are kept in slots */
};

/* Makes room for so many slots; this process uses slot 0. A report shows the counters up to
 * WORKERS and those of own, a list ended by COUNTERS. Dies when there is no memory. */
void stats_prepare(int slots, const enum counter *own);

/* From now on this process uses this slot: for a child, right after fork. */
void stats_use_slot(int slot);

/* Clears the slot of a process that has ended. */
void stats_clear_slot(int slot);

/* Adds and returns the new value (of this slot's part, for the first three). */
long stats_add(enum counter counter, long amount);

long stats_read(enum counter counter);

/* Writes "clients=1 accepted=2 ..." without a line end and returns its length. It takes up to 40
 * bytes for each counter, so a size of 512 is enough. */
size_t stats_report(char *buffer, size_t size);

#endif
