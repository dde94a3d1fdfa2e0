/* async/timers.c - which timer is due next: a heap, with the earliest on top.
 * Entry i is never later than entries 2i and 2i + 1; so the earliest is entry 1. */
#include "timers.h"

#include "clock.h"

#include <stdlib.h>

struct timers_entry {
    int64_t at;
    struct timer *timer;
};

bool timers_reserve(struct timers *timers)
{
    if (timers->reserved + 1 >= timers->capacity) {
        size_t capacity = timers->capacity ? 2 * timers->capacity : 16;
        struct timers_entry *heap = realloc(timers->heap, capacity * sizeof *heap);
        if (!heap)
            return false;
        timers->heap = heap;
        timers->capacity = capacity;
    }
    timers->reserved++;
    return true;
}

void timers_unreserve(struct timers *timers)
{
    timers->reserved--;
}

static void put(struct timers *timers, size_t place, struct timers_entry entry)
{
    timers->heap[place] = entry;
    entry.timer->place = (uint32_t)place;
}

/* Puts the entry at this place, or as far above or below it as the order needs. */
static void sift(struct timers *timers, size_t place, struct timers_entry entry)
{
    for (; place > 1 && entry.at < timers->heap[place / 2].at; place /= 2)
        put(timers, place, timers->heap[place / 2]);
    for (size_t child; (child = 2 * place) <= timers->count; place = child) {
        if (child < timers->count && timers->heap[child + 1].at < timers->heap[child].at)
            child++;
        if (entry.at <= timers->heap[child].at)
            break;
        put(timers, place, timers->heap[child]);
    }
    put(timers, place, entry);
}

static void discard(struct timers *timers, size_t place)
{
    struct timers_entry last = timers->heap[timers->count--];

    timers->heap[place].timer->place = 0;
    if (place <= timers->count)
        sift(timers, place, last);
}

void timers_set(struct timers *timers, struct timer *timer, int64_t when)
{
    size_t place = timer->place;

    if (when != NEVER)
        sift(timers, place ? place : ++timers->count, (struct timers_entry){when, timer});
    else if (place)
        discard(timers, place);
}

int64_t timers_when(const struct timers *timers, const struct timer *timer)
{
    return timer->place ? timers->heap[timer->place].at : NEVER;
}

int64_t timers_next(const struct timers *timers)
{
    return timers->count > 0 ? timers->heap[1].at : NEVER;
}

struct timer *timers_due(struct timers *timers, int64_t now)
{
    if (timers->count == 0 || timers->heap[1].at > now)
        return NULL;
    struct timer *timer = timers->heap[1].timer;
    discard(timers, 1);
    return timer;
}
