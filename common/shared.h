/* common/shared.h - memory that stays shared after fork. */
#ifndef SHARED_H
#define SHARED_H

#include <stddef.h>

/* Zeroed pages that this process and all it forks later see alike. What lies in them must be
 * atomic. Pages never touched cost nothing. Never fails: dies when there is no memory, so it is
 * for start-up only. Nobody frees them; they end with the last process. */
void *shared_pages(size_t size);

#endif
