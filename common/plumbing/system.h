/* common/plumbing/system.h - what a process gets from the system, where POSIX has no one way. */
#ifndef SYSTEM_H
#define SYSTEM_H

#include <stddef.h>

/* Returns zeroed pages that this process shares with every process it forks later. What is kept
 * in them must be atomic. Pages that are never touched cost nothing. Dies if there is no memory,
 * so call it at start-up only. The pages are never freed; they end with the last process. */
void *shared_pages(size_t size);

/* Returns the number of the calling thread: on Linux the one that ps -L and top -H show,
 * elsewhere one that differs between the threads of a process. */
long thread_id(void);

/* Raises the limit on file descriptors, one of which each client needs, from the soft limit
 * (often 1024) to the hard one. Returns the limit that now holds. */
long raise_descriptor_limit(void);

/* Returns how many cores this process may use at the same time, at least 1. */
long count_cores(void);

#endif
