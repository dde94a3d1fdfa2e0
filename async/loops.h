/* async/loops.h - one loop or several, each in a thread of its own. */
#ifndef LOOPS_H
#define LOOPS_H

#include "loop.h"

enum { MOST_LOOPS = 256 };

/* Makes this many loops. Dies if one cannot be made. */
void create_loops(long count, const struct backend *backend);

/* Calls `serve` for each loop with its share of max_clients: for the first one in this thread, for
 * each other one in a thread of its own. Returns when all have returned. */
void run_loops(void (*serve)(struct loop *loop, long max_clients), long max_clients);

#endif
