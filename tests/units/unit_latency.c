/* tests/units/unit_latency.c - are the histogram's percentiles those of the sorted figures? */
#include "unit.h"

#include "dice.h"
#include "latency.h"

#include <stdlib.h>

enum { MANY = 3000, STEP = 50, EXACT = 64 /* nanoseconds, and less */ };

static int64_t figures[MANY]; /* all that were added, in order */
static int count;

static void add(int64_t figure)
{
    int place = count++;

    for (; place > 0 && figures[place - 1] > figure; place--)
        figures[place] = figures[place - 1];
    figures[place] = figure;
    latency_add(figure);
}

/* The least figure that so large a share of all does not exceed. */
static double exact(double share)
{
    double wanted = share * count; /* rounded, as 32-bit x86 does not do within an expression */
    int rank = 1;

    while ((double)rank < wanted)
        rank++;
    return (double)figures[rank - 1] / 1e6;
}

static void check_percentiles(void)
{
    static const double shares[] = {0, 0.001, 0.1, 0.25, 0.5, 0.9, 0.99, 0.999, 1};
    double longest = (double)figures[count - 1] / 1e6;

    check(latency_longest() == longest);
    for (size_t i = 0; i < sizeof shares / sizeof shares[0]; i++) {
        double shown = latency_percentile(shares[i]), wanted = exact(shares[i]);
        note("%g of %d figures: %.9g for %.9g", shares[i], count, shown, wanted);
        check(shown >= wanted);
        check(shown <= wanted * (1 + 1.0 / 32));
        check(shown == wanted || wanted * 1e6 > EXACT - 0.5);
        check(shown <= longest);
    }
    check(latency_percentile(1) == longest);
}

static void of_nothing_they_are_0(void)
{
    check(latency_percentile(0.5) == 0);
    check(latency_percentile(1) == 0);
    check(latency_longest() == 0);
}

/* Small figures, then each power of two and what lies beside it, where one bucket ends and another
 * begins. Beyond two to the 52nd, which is 52 days, a double would round. */
static void figures_of_every_size_are_near_and_small_ones_exact(void)
{
    for (int figure = EXACT - 1; figure >= 0; figure--) {
        add(figure);
        check_percentiles();
    }
    for (int power = 6; power < 52; power++)
        for (int beside = -1; beside <= 1; beside++) {
            add(((int64_t)1 << power) + beside);
            check_percentiles();
        }
}

static void any_figures_are_near(void)
{
    struct dice dice = {1};

    while (count < MANY - STEP) {
        for (int i = 0; i < STEP; i++)
            add((int64_t)(dice_throw(&dice) >> (12 + dice_below(&dice, 52))));
        check_percentiles();
    }
}

int main(void)
{
    test(of_nothing_they_are_0);
    test(figures_of_every_size_are_near_and_small_ones_exact);
    test(any_figures_are_near);
    return unit_result();
}
