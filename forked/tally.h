/* forked/tally.h - one number for all processes, counted in one of three ways: --tally. */
#ifndef TALLY_H
#define TALLY_H

/* Each returns, in a child, the next number, from 1 on; see pipe_tally.h for the third way. The
 * last one is wrong on purpose: two processes may get the same number. */
long count_in_shared_page(void);
long count_in_own_copy(void);

/* Opens the pipes or makes the shared page, if this way needs them. Call this in the parent, before
 * the first fork. Dies on failure. */
void tally_prepare(long (*count)(void));

#endif
