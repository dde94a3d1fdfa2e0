/* common/plumbing/activity.h - what a thread does now, for `stats` and for the timeline.
 *
 *     int64_t began = activity_begin(WAITING);
 *     ...
 *     activity_end(WAITING, "waiting for the GIL", began);
 */
#ifndef ACTIVITY_H
#define ACTIVITY_H

#include "stats.h"

#include <stdint.h>

/* Adds 1 to the gauge. Returns the time for the timeline; 0 without one. */
int64_t activity_begin(enum counter gauge);

/* Takes the 1 away, and writes a slice of this name; none if began is 0. See trace_end. */
void activity_end(enum counter gauge, const char *name, int64_t began);

#endif
