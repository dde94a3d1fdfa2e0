/* forked/tally.c - one number for all processes, counted in one of three ways: --tally.
 * After fork every process has its own copy of each variable (copy-on-write). What all should see
 * must go through the kernel, or be in pages that fork shares instead of copying. */
#include "tally.h"

#include "pipe_tally.h"

#include "system.h"

#include <stdatomic.h>

static atomic_long *shared_number; /* in a page that all processes share */

void tally_prepare(long (*count)(void))
{
    if (count == pipe_tally_next)
        pipe_tally_prepare();
    if (count == count_in_shared_page)
        shared_number = shared_pages(sizeof *shared_number);
}

/* An atomic, not a mutex: a child that is killed while it holds a mutex never releases it. */
long count_in_shared_page(void)
{
    return atomic_fetch_add(shared_number, 1) + 1;
}

static long number; /* each process has its own copy, made by fork */

/* Wrong on purpose: each child counts on from the value that the parent had at the fork. */
long count_in_own_copy(void)
{
    return ++number;
}
