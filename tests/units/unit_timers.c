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

/* ---- One thing at a time ---- */

static void none_is_due_when_none_is_set(void)
{
    begin(1);
    check(timers_next(&timers) == NEVER);
    check(!timers_due(&timers, 0));
    check(!timers_due(&timers, NEVER - 1));
    timers_cancel(&timers, &all[0]); /* harmless, as is the next */
    timers_set(&timers, &all[0], NEVER);
    check_number(timers.count, 0);
    end(1);
}

static void a_timer_is_due_at_its_time_and_once(void)
{
    begin(1);
    set(0, 100);
    check(timers_next(&timers) == 100);
    check(!timers_due(&timers, 99));
    check(timers_due(&timers, 100) == &all[0]);
    check(!timers_due(&timers, 100));
    check(timers_next(&timers) == NEVER);
    set(0, 50); /* it can be set again, to an earlier time too */
    check(timers_due(&timers, 100) == &all[0]);
    end(1);
}

static void a_timer_moves(void)
{
    begin(2);
    set(0, 100);
    set(1, 200);
    set(0, 300);
    check(timers_next(&timers) == 200);
    check(timers_due(&timers, 250) == &all[1]);
    check(!timers_due(&timers, 250));
    check(timers_next(&timers) == 300);
    set(0, 250);
    check(timers_next(&timers) == 250);
    check(timers_due(&timers, 250) == &all[0]);
    end(2);
}

static void moved_timers_come_in_the_order_of_their_times(void)
{
    begin(3);
    set(0, 10);
    set(1, 50);
    set(2, 70);
    set(0, 60); /* still on top when all three are due */
    check(timers_due(&timers, 100) == &all[1]);
    check(timers_due(&timers, 100) == &all[0]);
    check(timers_due(&timers, 100) == &all[2]);
    end(3);
}

static void never_unsets(void)
{
    begin(2);
    set(0, 100);
    set(1, 200);
    set(0, NEVER);
    check(timers_due(&timers, 300) == &all[1]);
    check_number(all[0].place, 0); /* it left when its old time came */
    check(!timers_due(&timers, NEVER - 1));
    set(1, 100);
    set(1, NEVER);
    set(1, 150); /* later than it stands in the heap */
    check(!timers_due(&timers, 149));
    check(timers_due(&timers, 150) == &all[1]);
    end(2);
}

static void equal_times_all_come(void)
{
    begin(MANY);
    for (int i = 0; i < MANY; i++)
        set(i, 7);
    take_all_due(6);
    check_number(timers.count, MANY);
    take_all_due(7);
    check_number(timers.count, 0);
    end(MANY);
}

static void they_come_in_order(void)
{
    begin(MANY);
    for (int i = 0; i < MANY; i++)
        set(i, i * 77 % MANY);
    for (int now = 0; now < MANY; now++) {
        check(take_due(now));
        check(!take_due(now));
    }
    end(MANY);
}

static void any_one_can_be_cancelled(void)
{
    for (int i = 0; i < MANY; i++) {
        note("timer %d", i);
        begin(MANY);
        for (int j = 0; j < MANY; j++)
            set(j, (int64_t)j * 37 % 101);
        cancel(i);
        check_number(timers.count, MANY - 1);
        take_all_due(101);
        check_number(timers.count, 0);
        end(MANY);
    }
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
    check(timers_next(&timers) <= earliest());
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
    test("none is due when none is set", none_is_due_when_none_is_set);
    test("a timer is due at its time, and once", a_timer_is_due_at_its_time_and_once);
    test("a timer moves, to later and to earlier", a_timer_moves);
    test("timers that were moved come in the order of their times",
         moved_timers_come_in_the_order_of_their_times);
    test("NEVER unsets a timer", never_unsets);
    test("timers with equal times all come", equal_times_all_come);
    test("timers come in order", they_come_in_order);
    test("any one can be cancelled, and the others stay", any_one_can_be_cancelled);
    test("there is room for what was reserved", there_is_room_for_what_was_reserved);
    test("room given back is used again", room_given_back_is_used_again);
    test("the heap and a plain list agree on everything", heap_and_list_agree);
    return unit_result();
}
