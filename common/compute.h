/* common/compute.h - the work that a request asks for. */
#ifndef COMPUTE_H
#define COMPUTE_H

#include "request.h"

/* Does the work of a request that computes (see request_computes) here and now, and returns the
 * number for the reply. Meanwhile it counts as RUNNING in the statistics. */
long compute(const struct request *request);

/* Called between two steps of counting primes, where a Python program would be between two
 * bytecodes. NULL, the default, calls nothing. Set it before any thread exists. */
extern void (*compute_checkpoint)(void);

/* For a checkpoint that waits: in between, the work does not count as running. */
void compute_pauses(void);
void compute_begins(void);

#endif
