/* tests/clients/latency.h - how long replies took: a histogram from which percentiles are read. */
#ifndef LATENCY_H
#define LATENCY_H

#include <stdint.h>

/* Adds one reply that took so many nanoseconds. */
void latency_add(int64_t nanoseconds);

/* The time, in milliseconds, within which this share (0.5, 0.99) of the replies came; too high
 * by at most one part in 32. 0 when there were none. */
double latency_percentile(double share);

/* The longest, exactly, in milliseconds. */
double latency_longest(void);

#endif
