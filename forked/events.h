/* forked/events.h - what the parent waits for: a client, the signal to stop, the end of a child, a
 * child's question or room for the answer. */
#ifndef EVENTS_H
#define EVENTS_H

#include <stdbool.h>

enum { NO_DESCRIPTOR = -1, FOR_EVER = -1, NO_WAIT = 0 };

/* Waits for this descriptor, if any, at most this many milliseconds. Returns whether it is
 * readable. Whatever else happens meanwhile is dealt with, and then it returns early: a stop is
 * passed on to the children, those that have ended are reaped, questions answered. */
bool wait_for_event(int descriptor, int milliseconds);

/* The system has no resources for one more client. Warns, and waits for an event, at most a second.
 * Returns false if more of that is pointless: no child is left whose end could free some, or no
 * time, at a stop. */
bool wait_for_resources(const char *what);

/* At a stop: waits until no child is left, and kills those that still run when its time is over. */
void wait_for_children(void);

#endif
