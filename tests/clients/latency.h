/* tests/clients/latency.h - how long replies took: a histogram from which percentiles are read. */
#ifndef LATENCY_H
#define LATENCY_H

#include <stdint.h>

/* Adds one reply and the nanoseconds it took. */
void latency_add(int64_t nanoseconds);

/* Returns the milliseconds within which this share (0.5, 0.99) of the replies came, at most one
 * part in 32 too high; 0 if there were none. */
double latency_percentile(double share);

/* Returns the longest time, exactly, in milliseconds. */
double latency_longest(void);

#endif
