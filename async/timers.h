/* async/timers.h - which timer is due next: a heap, with the earliest on top. */
#ifndef TIMERS_H
#define TIMERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Embedded in whatever is to be woken, which must not move while the timer is set. */
struct timer {
    uint32_t place; /* in the heap, from 1; 0 while it is not set */
};

struct timers {
    struct timers_entry *heap; /* [0] is not used */
    size_t count, capacity, reserved;
};

/* Reserves memory for one more timer, so that setting it later cannot fail. Returns false if there
 * is none. Each timer that is ever set needs one, and timers_unreserve when it is done. */
bool timers_reserve(struct timers *timers);
void timers_unreserve(struct timers *timers);

/* Sets or moves a timer to a clock_now() time; NEVER, as before its memory goes, unsets it. */
void timers_set(struct timers *timers, struct timer *timer, int64_t when);

/* Returns when this timer is due; NEVER if it is not set. */
int64_t timers_when(const struct timers *timers, const struct timer *timer);

/* Returns when the next timer is due; NEVER if none is set. */
int64_t timers_next(const struct timers *timers);

/* Unsets and returns a timer that is due, earliest first; NULL if there is none. */
struct timer *timers_due(struct timers *timers, int64_t now);

#endif
