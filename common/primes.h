/* common/primes.h - something to compute. */
#ifndef PRIMES_H
#define PRIMES_H

/* How many primes are <= n, by trial division: slow on purpose, and no memory. */
long count_primes(long n);

#endif
