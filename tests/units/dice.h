/* tests/units/dice.h - chance that is the same every time: a seed gives one row of throws. */
#ifndef DICE_H
#define DICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dice {
    uint64_t state; /* the seed, to begin with: any number will do */
};

/* splitmix64, by Sebastiano Vigna. */
static inline uint64_t dice_throw(struct dice *dice)
{
    uint64_t mix = dice->state += 0x9e3779b97f4a7c15;

    mix = (mix ^ (mix >> 30)) * 0xbf58476d1ce4e5b9;
    mix = (mix ^ (mix >> 27)) * 0x94d049bb133111eb;
    return mix ^ (mix >> 31);
}

/* A number below limit, which is not 0. */
static inline size_t dice_below(struct dice *dice, size_t limit)
{
    return (size_t)(dice_throw(dice) % limit);
}

/* True once in this many throws, on average. */
static inline bool dice_one_in(struct dice *dice, size_t throws)
{
    return dice_below(dice, throws) == 0;
}

#endif
