/* async/slow.c - names the client that held the loop: --slow-callback, as asyncio's debug mode.
 * While a task runs, no other does, so the time is taken before and after. */
#include "slow.h"

#include "clock.h"
#include "messages.h"

#include <unistd.h>

static int64_t limit; /* nanoseconds; 0: do not even look at the clock */
static _Thread_local int64_t began;

void slow_limit(long milliseconds)
{
    limit = (int64_t)milliseconds * NANOSECONDS_PER_MILLISECOND;
}

void slow_begin(void)
{
    if (limit)
        began = clock_now();
}

void slow_end(const struct request *request)
{
    if (!limit)
        return;
    int64_t now = clock_now(), took = now - began;
    long milliseconds = (long)(took / NANOSECONDS_PER_MILLISECOND);
    began = now;
    if (took < limit)
        return;
    if (request)
        say(STDERR_FILENO, "%s: client %ld held the loop for %ld ms: %s", messages_program(),
            request->client, milliseconds, request_name(request));
    else
        say(STDERR_FILENO, "%s: a task held the loop for %ld ms", messages_program(), milliseconds);
}
