/* common/stats.c - what the server counts of itself, exactly, across threads and processes.
 * A counter that only grows is one number; a gauge is a sum, with one part in each slot. */
#include "stats.h"

#include "system.h"

#include <stdatomic.h>
#include <stdio.h>

static struct totals {
    atomic_long total[END_OF_COUNTERS];
    atomic_long slots[][FIRST_TOTAL];
} * shared;

static long slot_count;
static long my_slot;
static const enum counter *own_counters;

static const char *const names[END_OF_COUNTERS] = {
    [CLIENTS] = "clients",   [RUNNING] = "running", [WAITING] = "waiting", [ACCEPTED] = "accepted",
    [REQUESTS] = "requests", [ERRORS] = "errors",   [WORKERS] = "workers", [REAPED] = "reaped",
    [CRASHED] = "crashed",   [WAKEUPS] = "wakeups", [SCANNED] = "scanned", [QUEUED] = "queued",
};

static const enum counter of_every_server[] = {CLIENTS, ACCEPTED, REQUESTS, ERRORS,
                                               RUNNING, WAITING,  WORKERS,  END_OF_COUNTERS};

void stats_prepare(long slots, const enum counter *own)
{
    shared = shared_pages(sizeof *shared + (size_t)slots * sizeof shared->slots[0]);
    slot_count = slots;
    own_counters = own;
}

void stats_use_slot(long slot)
{
    my_slot = slot;
}

void stats_clear_slot(long slot)
{
    for (int i = 0; i < FIRST_TOTAL; i++)
        atomic_store(&shared->slots[slot][i], 0);
}

long stats_add(enum counter counter, long amount)
{
    atomic_long *cell =
        counter < FIRST_TOTAL ? &shared->slots[my_slot][counter] : &shared->total[counter];
    return atomic_fetch_add(cell, amount) + amount;
}

long stats_read(enum counter counter)
{
    long sum = atomic_load(&shared->total[counter]);

    if (counter < FIRST_TOTAL)
        for (long i = 0; i < slot_count; i++)
            sum += atomic_load(&shared->slots[i][counter]);
    return sum;
}

static size_t report_each(const enum counter *list, char *buffer, size_t size)
{
    size_t length = 0;

    for (; list && *list != END_OF_COUNTERS && length < size; list++)
        length += (size_t)snprintf(buffer + length, size - length, "%s=%ld ", names[*list],
                                   stats_read(*list));
    return length;
}

size_t stats_report(char *buffer, size_t size)
{
    size_t length = report_each(of_every_server, buffer, size);

    length += report_each(own_counters, buffer + length, size - length);
    return length - 1; /* without the last space */
}
