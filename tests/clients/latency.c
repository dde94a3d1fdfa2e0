/* tests/clients/latency.c - how long replies took: a histogram from which percentiles are read.
 * Each power of two is cut into 32 equal parts, as Gil Tene's HdrHistogram does. */
#include "latency.h"

enum { PARTS = 32, POWERS = 59 };

static long histogram[POWERS * PARTS];
static long total;
static int64_t longest;

/* Below 32 each value has a bucket; then values that share their five leading bits share one. */
static int bucket_of(int64_t value)
{
    int power = 0;

    while (value >> power >= 2 * PARTS)
        power++;
    return power * PARTS + (int)(value >> power);
}

/* The highest value that falls into a bucket. */
static int64_t top_of(int bucket)
{
    int power = bucket < 2 * PARTS ? 0 : bucket / PARTS - 1;
    return (((int64_t)bucket - power * PARTS + 1) << power) - 1;
}

void latency_add(int64_t nanoseconds)
{
    histogram[bucket_of(nanoseconds)]++;
    total++;
    if (nanoseconds > longest)
        longest = nanoseconds;
}

double latency_percentile(double share)
{
    double wanted = share * (double)total;
    long seen = 0;

    for (int bucket = 0; bucket < POWERS * PARTS && total > 0; bucket++) {
        seen += histogram[bucket];
        if ((double)seen >= wanted && seen > 0) {
            int64_t top = top_of(bucket);
            return (double)(top < longest ? top : longest) / 1e6;
        }
    }
    return 0;
}

double latency_longest(void)
{
    return (double)longest / 1e6;
}
