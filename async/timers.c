/* async/timers.c - who wants to be woken when: a heap, with the earliest on top.
 * Entry i is never later than entries 2i and 2i + 1; so the earliest is entry 1. */
#include "timers.h"

#include "clock.h"

#include <stdlib.h>

struct timers_entry {
    int64_t at; /* not later than timer->when; see timers_set */
    struct timer *timer;
};

bool timers_reserve(struct timers *timers)
{
    if (timers->reserved + 1 >= timers->room) {
        size_t room = timers->room ? 2 * timers->room : 16;
        struct timers_entry *heap = realloc(timers->heap, room * sizeof *heap);
        if (!heap)
            return false;
        timers->heap = heap;
        timers->room = room;
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

static void sift_up(struct timers *timers, size_t place, struct timers_entry entry)
{
    for (; place > 1 && entry.at < timers->heap[place / 2].at; place /= 2)
        put(timers, place, timers->heap[place / 2]);
    put(timers, place, entry);
}

static void sift_down(struct timers *timers, size_t place, struct timers_entry entry)
{
    for (size_t child; (child = 2 * place) <= timers->count; place = child) {
        if (child < timers->count && timers->heap[child + 1].at < timers->heap[child].at)
            child++;
        if (entry.at <= timers->heap[child].at)
            break;
        put(timers, place, timers->heap[child]);
    }
    put(timers, place, entry);
}

void timers_set(struct timers *timers, struct timer *timer, int64_t when)
{
    struct timers_entry entry = {.at = when, .timer = timer};

    timer->when = when;
    if (timer->place == 0 && when != NEVER)
        sift_up(timers, ++timers->count, entry);
    else if (timer->place > 0 && when < timers->heap[timer->place].at)
        sift_up(timers, timer->place, entry);
}

void timers_cancel(struct timers *timers, struct timer *timer)
{
    size_t place = timer->place;

    if (place == 0)
        return;
    struct timers_entry last = timers->heap[timers->count--];
    timer->place = 0;
    if (last.timer == timer)
        return;
    if (place > 1 && last.at < timers->heap[place / 2].at)
        sift_up(timers, place, last);
    else
        sift_down(timers, place, last);
}

int64_t timers_next(const struct timers *timers)
{
    return timers->count > 0 ? timers->heap[1].at : NEVER;
}

struct timer *timers_due(struct timers *timers, int64_t now)
{
    while (timers->count > 0 && timers->heap[1].at <= now) {
        struct timer *timer = timers->heap[1].timer;
        if (timer->when != NEVER && timer->when > timers->heap[1].at) {
            /* It was moved to a later time: now it goes there. */
            sift_down(timers, 1, (struct timers_entry){.at = timer->when, .timer = timer});
            continue;
        }
        timers_cancel(timers, timer);
        if (timer->when != NEVER)
            return timer;
    }
    return NULL;
}

void timers_free(struct timers *timers)
{
    free(timers->heap);
    *timers = (struct timers){0};
}
