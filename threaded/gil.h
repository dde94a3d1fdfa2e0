/* threaded/gil.h - the lock that CPython has: one thread computes at a time. */
#ifndef GIL_H
#define GIL_H

/* Makes computing threads pass a checkpoint between two steps. Call it before any thread exists. */
void gil_prepare(void);

/* Blocks until the lock is free, and takes it. A thread that has waited for 5 milliseconds, while
 * no other thread got it either, asks the holder for it. */
void gil_acquire(void);

/* Releases it: before the thread blocks for any reason, and when its work is done. */
void gil_release(void);

/* Call this often while computing, with the lock held: hands the lock over if another thread asks
 * for it, and blocks until it is this thread's turn again. Nearly free if none does. */
void gil_checkpoint(void);

#endif
