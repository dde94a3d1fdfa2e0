/* tests/unit.h - the least that a test program needs: check, and say what was wrong. */
#ifndef UNIT_H
#define UNIT_H

#include <stdio.h>

static int failures;

/* Complains of what is not so, and goes on. */
#define CHECK(condition)                                                   \
    do {                                                                   \
        if (!(condition)) {                                                \
            failures++;                                                    \
            printf("%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
        }                                                                  \
    } while (0)

/* What main returns. */
static inline int verdict(void)
{
    return failures > 0;
}

/* Numbers that look random and are the same in each run: xorshift, by George Marsaglia (2003). */
static inline unsigned long random_below(unsigned long long *state, unsigned long limit)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return (unsigned long)(*state % limit);
}

#endif
