/* common/stats.h - what the server counts of itself, exactly, across threads and processes.
 *
 * All counters are in shared pages, so all processes see the same. CLIENTS, RUNNING, WAITING
 * and WORKERS are gauges: each process has a part of them in its slot; the value is the sum.
 * When a process is killed, its parent clears the slot, and the sum is right again. */
#ifndef STATS_H
#define STATS_H

#include <stddef.h>

enum counter {
    CLIENTS,  /* connected now */
    RUNNING,  /* requests that compute now */
    WAITING,  /* requests in a sleep, or at a lock, now */
    WORKERS,  /* threads or processes that serve now; in async those of the executor */
    ACCEPTED, /* connections accepted */
    REQUESTS, /* requests received, valid or not */
    ERRORS,   /* of those, answered with an error line */
    REAPED,   /* children that ended and were reaped */
    CRASHED,  /* of those, ended by a signal */
    WAKEUPS,  /* times an event loop woke up */
    SCANNED,  /* descriptors examined in all wake-ups */
    QUEUED,   /* jobs that wait for a thread of the executor now */
    END_OF_COUNTERS,
    FIRST_TOTAL = ACCEPTED /* the gauges before it are kept in slots */
};

/* Makes this many slots; this process uses slot 0. Call it before any other of these, and before
 * the first fork. A report shows the counters up to WORKERS, then those of `own`, a static list
 * ended by END_OF_COUNTERS, or NULL for none. Dies if there is no memory. */
void stats_prepare(long slots, const enum counter *own);

/* Makes this process use this slot. Call it in a child right after fork. */
void stats_use_slot(long slot);

/* Clears the slot of a process that has ended. Call it in the parent, after reaping. */
void stats_clear_slot(long slot);

/* Adds an amount, and returns the new value; of a gauge, that of this slot's part. Thread-safe. */
long stats_add(enum counter counter, long amount);

/* Returns the value, of all processes together. */
long stats_read(enum counter counter);

/* Writes "clients=1 accepted=2 ...", at most 40 bytes for a counter, and returns its length. */
size_t stats_report(char *buffer, size_t size);

#endif
