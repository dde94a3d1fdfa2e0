/* common/plumbing/activity.c - what a thread does now, for `stats` and for the timeline. */
#include "activity.h"

#include "trace.h"

int64_t activity_begin(enum counter gauge)
{
    stats_add(gauge, 1);
    return trace_begin();
}

void activity_end(enum counter gauge, const char *name, int64_t began)
{
    stats_add(gauge, -1);
    trace_end(ON_BOTH, name, began);
}
