/* async/slow.h - says who held up the loop: --slow-callback, as asyncio's debug mode does. */
#ifndef SLOW_H
#define SLOW_H

/* From now on whatever holds the loop for so many milliseconds is named on stderr; 0: nothing.
 * To be called before there are loops. */
void slow_limit(long milliseconds);

/* The loop begins to run a task; or goes on with what comes after slow_end. */
void slow_begin(void);

/* So much is done. Complains if it took too long since slow_begin, and begins anew. The client's
 * number is 0, and request NULL, where there is none to blame. */
void slow_end(long client, const char *request);

#endif
