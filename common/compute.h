/* common/compute.h - the work that a request asks for. */
#ifndef COMPUTE_H
#define COMPUTE_H

#include "request.h"

/* Does the work of PRIMES or HOLD here and now, and returns the number for the reply. While it
 * does, it counts as RUNNING in the stats. */
long compute(const struct request *request);

/* For a checkpoint that has to wait: meanwhile the work does not count as running. */
void compute_pauses(void);
void compute_begins(void);

/* Called again and again while primes are counted, between two steps: where a Python program
 * would be between two bytecodes. NULL, as at first: nothing is. Set it before there are
 * threads. */
extern void (*compute_checkpoint)(void);

#endif
