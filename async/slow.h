/* async/slow.h - names the client that held the loop: --slow-callback, as asyncio's debug mode. */
#ifndef SLOW_H
#define SLOW_H

#include "request.h"

/* Names on stderr each client or task that holds the loop for this many milliseconds or longer; 0:
 * none. Call this before any loop runs. */
void slow_limit(long milliseconds);

/* Call this when the loop begins to run a task. */
void slow_begin(void);

/* Call this when this request has been answered, and when the task returns, with NULL. Complains if
 * that took too long since slow_begin or the last slow_end. */
void slow_end(const struct request *request);

#endif
