/* common/pool.h - the clients in the backlog, which wait for a thread or process of a pool. */
#ifndef POOL_H
#define POOL_H

#include <stdbool.h>

/* Tells where the clients of this pool wait. Call it before any client is served. */
void pool_share_listener(int listener);

/* True if there is a pool, and a client is in the backlog; and if no thread or process is free for
 * it, either. */
bool pool_has_waiting(void);
bool pool_is_short(void);

#endif
