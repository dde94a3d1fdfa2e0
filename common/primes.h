/* common/primes.h - something to compute. */
#ifndef PRIMES_H
#define PRIMES_H

/* How many primes are <= n, by trial division: slow on purpose, and no memory. Between two
 * numbers it calls checkpoint, unless that is NULL. */
long count_primes(long n, void (*checkpoint)(void));

#endif
