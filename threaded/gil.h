/* threaded/gil.h - the lock that CPython has: one thread computes at a time. */
#ifndef GIL_H
#define GIL_H

/* Makes computing threads call gil_checkpoint. Call this before any thread exists. */
void gil_prepare(void);

/* Blocks until the lock is free, and takes it. A thread that has waited for 5 milliseconds, during
 * which the holder did not change, asks the holder to release it. */
void gil_acquire(void);

/* Releases the lock. Call this before the thread blocks for any reason, and after its work. */
void gil_release(void);

/* Call this often while computing, with the lock held. If another thread has asked for the lock,
 * hands it over and blocks until it is this thread's turn again; otherwise costs one load. */
void gil_checkpoint(void);

#endif
