/* tests/units/unit_timers.c - does the heap of timers do what a plain list would?
 * The list is searched from end to end for each question, so it cannot be wrong for long. */
#include "unit.h"

#include "clock.h"
#include "dice.h"
#include "timers.h"

#include <stdlib.h>

enum { MANY = 200, STEPS = 20000, SEEDS = 20 };

static struct timers timers;
static struct timer all[MANY];

/* The list: when each timer is due, NEVER while it is not set. */
static int64_t list[MANY];

static void begin(int count)
{
    memset(all, 0, sizeof all);
    for (int i = 0; i < MANY; i++)
        list[i] = NEVER;
    for (int i = 0; i < count; i++)
        check(timers_reserve(&timers));
}

static void end(int count)
{
    for (int i = 0; i < count; i++)
        timers_cancel(&timers, &all[i]);
    for (int i = 0; i < count; i++)
        timers_unreserve(&timers);
    check_number(timers.count, 0);
    check_number(timers.reserved, 0);
    check(timers_next(&timers) == NEVER);
    free(timers.heap);
    timers = (struct timers){0};
}

static void set(int i, int64_t when)
{
    timers_set(&timers, &all[i], when);
    list[i] = when;
    check((all[i].place == 0) == (when == NEVER));
}

static void cancel(int i)
{
    timers_cancel(&timers, &all[i]);
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

/* ---- Room ---- */

static void there_is_room_for_what_was_reserved(void)
{
    for (int count = 0; count <= MANY; count++) {
        note("%d timers", count);
        begin(count); /* a sanitizer sees when one of them has no room */
        check_number(timers.reserved, count);
        check(timers.capacity > timers.reserved || count == 0);
        for (int i = 0; i < count; i++)
            set(i, count - i);
        check_number(timers.count, count);
        end(count);
    }
}

static void room_given_back_is_used_again(void)
{
    begin(MANY);
    size_t room = timers.capacity;
    for (int i = 0; i < MANY; i++) {
        timers_unreserve(&timers);
        check(timers_reserve(&timers));
    }
    check_number(timers.capacity, room);
    end(MANY);
}

/* ---- Everything at once ---- */

/* Few different times, so that many are equal, on even seeds; many on odd ones. */
static void one_step(struct dice *dice, int64_t *now, size_t span)
{
    int i = (int)dice_below(dice, MANY);
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

static void heap_and_list_agree(void)
{
    for (unsigned seed = 1; seed <= SEEDS; seed++) {
        struct dice dice = {seed};
        int64_t now = 0;
        begin(MANY);
        for (int step = 0; step < STEPS; step++) {
            note("seed %u, step %d", seed, step);
            one_step(&dice, &now, seed % 2 ? 100000 : 8);
        }
        take_all_due(NEVER - 1);
        end(MANY);
    }
}

int main(void)
{
    test("there is room for what was reserved", there_is_room_for_what_was_reserved);
    test("room given back is used again", room_given_back_is_used_again);
    test("the heap and a plain list agree on everything", heap_and_list_agree);
    return unit_result();
}
