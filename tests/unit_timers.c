/* tests/unit_timers.c - the heap of timers against a list that is searched from end to end. */
#include "unit.h"

#include "clock.h"
#include "timers.h"

enum { MANY = 200 };

static struct timer timer[MANY];
static int64_t expected[MANY]; /* NEVER: not set */

static int64_t earliest(void)
{
    int64_t first = NEVER;

    for (int i = 0; i < MANY; i++)
        if (expected[i] < first)
            first = expected[i];
    return first;
}

/* Takes all that are due: each once, in order, and no other. */
static void take_due(struct timers *timers, int64_t now)
{
    struct timer *due;
    int64_t last = 0;

    while ((due = timers_due(timers, now)) != NULL) {
        long i = due - timer;
        CHECK(i >= 0 && i < MANY);
        CHECK(expected[i] <= now);
        CHECK(expected[i] >= last);
        last = expected[i];
        expected[i] = NEVER;
    }
    CHECK(earliest() > now);
}

static void change_one(struct timers *timers, int64_t *now, unsigned long long *state)
{
    int i = (int)random_below(state, MANY);

    switch (random_below(state, 8)) {
    case 0:
        timers_cancel(timers, &timer[i]);
        expected[i] = NEVER;
        break;
    case 1:
        timers_set(timers, &timer[i], NEVER);
        expected[i] = NEVER;
        break;
    case 2:
        *now += (int64_t)random_below(state, 50);
        take_due(timers, *now);
        break;
    default:
        expected[i] = *now + 1 + (int64_t)random_below(state, 100); /* many are equal */
        timers_set(timers, &timer[i], expected[i]);
    }
}

static void random_changes_are_followed(unsigned long long state)
{
    struct timers timers = {0};
    int64_t now = 0;

    for (int i = 0; i < MANY; i++) {
        timer[i] = (struct timer){0};
        expected[i] = NEVER;
        CHECK(timers_reserve(&timers));
    }
    for (int round = 0; round < 5000; round++) {
        change_one(&timers, &now, &state);
        CHECK(timers_next(&timers) <= earliest()); /* never too late, perhaps too early */
    }
    take_due(&timers, now + 1000);
    CHECK(timers_due(&timers, NEVER - 1) == NULL);
    timers_free(&timers);
}

static void none_is_never_due(void)
{
    struct timers timers = {0};

    CHECK(timers_next(&timers) == NEVER);
    CHECK(timers_due(&timers, NEVER - 1) == NULL);
    timers_free(&timers);
}

int main(void)
{
    none_is_never_due();
    for (unsigned long long seed = 1; seed <= 20; seed++)
        random_changes_are_followed(seed);
    return verdict();
}
