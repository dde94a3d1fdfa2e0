/* tests/units/unit_tally.c - forked's number in a pipe, when children are killed between question
 * and answer as often as you like: their numbers fill the pipe. */
#include "../../forked/pipe_tally.c" /* NOLINT(bugprone-suspicious-include) */

#include "unit.h"

#include <poll.h>

enum { KILLED = 20000 }; /* a pipe holds 8192 numbers on Linux, and hardly more elsewhere */

static bool ready(int descriptor, short events)
{
    struct pollfd watched = {.fd = descriptor, .events = events};
    return descriptor >= 0 && poll(&watched, 1, 0) == 1;
}

static void answer_if_asked(void)
{
    if (ready(pipe_tally_questions(), POLLIN) || ready(pipe_tally_room(), POLLOUT))
        pipe_tally_answer();
}

static void ask(long times)
{
    for (; times > 0; times--) {
        check_number(write(questions[1], "?", 1), 1);
        answer_if_asked();
    }
}

static void the_next_take_their_numbers(void)
{
    ask(KILLED);
    check(!ready(pipe_tally_room(), POLLOUT)); /* or the parent would never rest */
    for (long expected = 1; expected <= 2 * KILLED; expected++) {
        check_number(pipe_tally_next(), expected);
        answer_if_asked();
    }
}

/* As above, but here everybody is alive and waits. */
static void what_is_owed_is_paid(void)
{
    long number;

    ask(KILLED);
    for (long expected = 2 * KILLED + 1; expected <= 4 * KILLED; expected++) {
        answer_if_asked();
        if (!check(ready(numbers[0], POLLIN)))
            return;
        check_number(read(numbers[0], &number, sizeof number), sizeof number);
        check_number(number, expected);
    }
}

int main(void)
{
    pipe_tally_prepare();
    test(the_next_take_their_numbers);
    test(what_is_owed_is_paid);
    return unit_result();
}
