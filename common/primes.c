/* common/primes.c - something to compute.
 * Trial division keeps a core busy and touches nothing else, so it shows the model alone. */
#include "primes.h"

#include <stdbool.h>

static bool is_prime(long n)
{
    if (n < 4)
        return n > 1;
    if (n % 2 == 0)
        return false;
    for (long divisor = 3; divisor * divisor <= n; divisor += 2)
        if (n % divisor == 0)
            return false;
    return true;
}

long count_primes(long n, void (*checkpoint)(void))
{
    long primes = 0;

    for (long candidate = 2; candidate <= n; candidate++) {
        primes += is_prime(candidate);
        if (checkpoint)
            checkpoint();
    }
    return primes;
}
