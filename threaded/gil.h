/* threaded/gil.h - the lock that CPython has: one thread computes at a time. */
#ifndef GIL_H
#define GIL_H

/* Makes each thread that computes look again and again whether another one has asked for the lock,
 * hand it over, and wait for its next turn. Call this before any thread exists. */
void gil_prepare(void);

/* Blocks until the lock is free, and takes it. A thread that has waited for 5 milliseconds, during
 * which the holder did not change, asks the holder to release it. */
void gil_acquire(void);

/* Releases the lock. Call this before the thread blocks for any reason, and after its work. */
void gil_release(void);

#endif
