/* tutorial/labs/2-the-lost-update/late.c - threads that are late, for the check: see late.h. */
#include "late.h"

#include "stats.h"

#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

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

/* The compiler has it called where each branch of tally.c begins. At its Nth branch, a thread stops
 * while the gate named "branchN" is shut. */
void __sanitizer_cov_trace_pc(void)
{
    static _Thread_local int branches;
    char name[32];

    if (branches == 20)
        return;
    int length = snprintf(name, sizeof name, "branch%d.gate", ++branches);
    if (access(name, F_OK) != 0)
        return;
    stats_add(RUNNING, 1);
    lab_hold(name, (size_t)length - 5);
    stats_add(RUNNING, -1);
}
