/* common/compute.h - the work that a request asks for. */
#ifndef COMPUTE_H
#define COMPUTE_H

#include "request.h"

/* Does the work of a request that computes (see request_computes) in the calling thread, and
 * returns the number for the reply. Until then the request counts as RUNNING in the statistics. */
long compute(const struct request *request);

/* Called between two steps of counting primes, where a Python program would be between two
 * bytecodes. NULL, the default, calls nothing. Set it before any thread exists. */
extern void (*compute_checkpoint)(void);

/* For a checkpoint that blocks: between these two calls the request does not count as RUNNING. */
void compute_pauses(void);
void compute_begins(void);

#endif
