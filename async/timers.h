/* async/timers.h - who wants to be woken when: a heap, with the earliest on top. */
#ifndef TIMERS_H
#define TIMERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Embedded in whatever wants to be woken, which must not move while the timer is set. */
struct timer {
    int64_t when;   /* a clock_now() time */
    uint32_t place; /* in the heap, from 1; 0 while it is in none */
};

struct timers {
    struct timers_entry *heap; /* [0] is not used */
    size_t count, room, reserved;
};

/* Room for one more timer, so that setting it later cannot fail. False when there is no memory.
 * Each timer that is ever set needs one, and timers_unreserve when it is done. */
bool timers_reserve(struct timers *timers);
void timers_unreserve(struct timers *timers);

/* Sets or moves a timer; NEVER unsets it. Moving to a later time costs nothing: the timer stays
 * where it is until it comes to the top, and is put in its new place then. */
void timers_set(struct timers *timers, struct timer *timer, int64_t when);

/* Unsets it at once: to be called before its memory goes. */
void timers_cancel(struct timers *timers, struct timer *timer);

/* A time before which no timer is due; NEVER when none is in the heap. It may be too early: a
 * timer that was moved or unset counts with its old time until it comes to the top. */
int64_t timers_next(const struct timers *timers);

/* Takes out a timer that is due, earliest first, and unsets it; NULL when there is none. */
struct timer *timers_due(struct timers *timers, int64_t now);

void timers_free(struct timers *timers);

#endif
