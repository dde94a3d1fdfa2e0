/* tutorial/labs/2-the-lost-update/late.c - threads that are late after an unlock: see late.h. */
#include "late.h"

#include "stats.h"

#include <stdbool.h>

#undef lab_hold

static _Thread_local bool was_between; /* the read and the write */

long hold_between(const char *name, size_t length)
{
    was_between = true;
    return lab_hold(name, length);
}

int late(int result)
{
    if (was_between) {
        was_between = false;
        stats_add(RUNNING, 1);
        lab_hold("unlocked", 8);
        stats_add(RUNNING, -1);
    }
    return result;
}
