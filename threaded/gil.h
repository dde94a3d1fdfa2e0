/* threaded/gil.h - the lock that CPython has: one thread computes at a time. */
#ifndef GIL_H
#define GIL_H

/* Waits until the lock is free, and takes it. A thread that has waited for 5 milliseconds, while
 * nobody else got it either, asks for it. */
void gil_acquire(void);

/* Lets it go: before the thread waits for anything, and when its work is done. */
void gil_release(void);

/* To be called often by whoever computes: hands the lock over if somebody asks for it, and waits
 * for another turn. Next to free when nobody does. */
void gil_checkpoint(void);

#endif
