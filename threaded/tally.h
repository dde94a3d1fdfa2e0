/* threaded/tally.h - one number for all threads, counted in one of three ways: --tally. */
#ifndef TALLY_H
#define TALLY_H

/* Each returns the next number, from 1 on; any thread may call it. The last one is wrong on
 * purpose: two threads may get the same number. */
long count_under_lock(void);
long count_atomically(void);
long count_without_lock(void);

#endif
