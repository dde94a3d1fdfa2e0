/* tests/units/fuzz.h - the frame of a fuzzer: rounds, each with a seed of its own.
 *
 *     fuzz_session [SEED [ROUNDS]]
 *
 * The same seed gives the same round, whatever came before it: a failure shows its seed, and
 * `fuzz_session SEED 1` repeats that round alone. */
#ifndef FUZZ_H
#define FUZZ_H

#include "unit.h"

#include <stdlib.h>

#include "dice.h"

static inline int fuzz(int argc, char **argv, unsigned long rounds, const char *name,
                       void (*one_round)(struct dice *dice))
{
    unsigned long first = argc > 1 ? strtoul(argv[1], NULL, 10) : 1;

    if (argc > 2)
        rounds = strtoul(argv[2], NULL, 10);
    printf("seeds %lu to %lu\n", first, first + rounds - 1);
    fflush(stdout); /* a sanitizer ends a program without doing it */
    unit.test = name;
    unit.tests++;
    alarm(UNIT_SECONDS);
    for (unsigned long seed = first; seed < first + rounds; seed++) {
        struct dice dice = {seed};
        note("seed %lu", seed);
        one_round(&dice);
    }
    return unit_result();
}

#endif
