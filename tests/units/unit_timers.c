/* tests/units/unit_timers.c - does the heap of timers do what a plain list would?
 * The list is searched from end to end for each question, so it cannot be wrong for long. */
#include "unit.h"

#include "clock.h"
#include "dice.h"
#include "timers.h"

#include <stdlib.h>

enum { MANY = 200, STEPS = 2000 };

static struct timers timers;
static struct timer all[MANY];

/* The list: when each timer is due, NEVER while it is not set. */
static int64_t list[MANY];

/* Room that is given back is used again. */
static void begin(size_t count)
{
    memset(all, 0, sizeof all);
    for (int i = 0; i < MANY; i++)
        list[i] = NEVER;
    for (size_t i = 0; i < count; i++)
        check(timers_reserve(&timers));
    check_number(timers.reserved, count);
    check(timers.capacity > count);
    size_t room = timers.capacity;
    timers_unreserve(&timers);
    check(timers_reserve(&timers));
    check_number(timers.capacity, room);
}

static void end(size_t count)
{
    for (size_t i = 0; i < count; i++)
        timers_set(&timers, &all[i], NEVER);
    for (size_t i = 0; i < count; i++)
        timers_unreserve(&timers);
    check_number(timers.count, 0);
    check_number(timers.reserved, 0);
    check(timers_next(&timers) == NEVER);
    free(timers.heap);
    timers = (struct timers){0};
}

static void set(size_t i, int64_t when)
{
    timers_set(&timers, &all[i], when);
    list[i] = when;
    check((all[i].place == 0) == (when == NEVER));
}

static void cancel(size_t i)
{
    timers_set(&timers, &all[i], NEVER);
    list[i] = NEVER;
    check_number(all[i].place, 0);
}

static int64_t earliest(void)
{
    int64_t least = NEVER;

    for (int i = 0; i < MANY; i++)
        if (list[i] < least)
            least = list[i];
    return least;
}

/* Takes out one; which of those with equal times comes first is nobody's business. */
static bool take_due(int64_t now)
{
    struct timer *timer = timers_due(&timers, now);

    if (!timer) {
        check(earliest() > now);
        check(timers_next(&timers) > now);
        return false;
    }
    int i = (int)(timer - all);
    if (check(i >= 0 && i < MANY)) {
        check_number(list[i], earliest());
        check(list[i] <= now);
        check_number(timer->place, 0);
        list[i] = NEVER;
    }
    return true;
}

static void take_all_due(int64_t now)
{
    int taken = 0;

    while (take_due(now))
        if (!check(taken++ <= MANY))
            break;
}

/* With a small span many of the times are equal. */
static void one_step(struct dice *dice, size_t count, size_t span, int64_t *now)
{
    size_t i = dice_below(dice, count);
    int64_t when = *now + (int64_t)dice_below(dice, span) - (int64_t)span / 8;

    switch (dice_below(dice, 16)) {
    case 0: cancel(i); break;
    case 1: set(i, NEVER); break;
    case 2: *now += (int64_t)dice_below(dice, span / 4); break;
    case 3: take_all_due(*now); break;
    case 4: take_due(*now); break;
    default: set(i, when);
    }
    check(timers_next(&timers) == earliest());
}

static void heap_and_list_agree_on_any_number_of_timers(void)
{
    for (size_t count = 1; count <= MANY; count++) {
        struct dice dice = {count};
        int64_t now = 0;
        begin(count);
        for (int step = 0; step < STEPS; step++) {
            note("%zu timers, step %d", count, step);
            one_step(&dice, count, count % 2 ? 100000 : 8, &now);
        }
        take_all_due(NEVER - 1);
        end(count);
    }
}

int main(void)
{
    test(heap_and_list_agree_on_any_number_of_timers);
    return unit_result();
}
