/* common/pool.c - the clients in the backlog, which wait for a thread or process of a pool.
 * The kernel says that there are some, and the gauge of clients that all of the pool are busy. */
#include "pool.h"

#include "options.h"
#include "stats.h"

#include <poll.h>

static int listener;

void pool_share_listener(int shared)
{
    listener = shared;
}

bool pool_has_waiting(void)
{
    struct pollfd backlog = {.fd = listener, .events = POLLIN};

    return options.pool > 0 && poll(&backlog, 1, 0) == 1;
}

bool pool_is_short(void)
{
    return pool_has_waiting() && stats_read(CLIENTS) >= options.pool;
}
