/* forked/pipe_tally.c - one number for all processes: the parent keeps it, and the children ask.
 * Two pipes for all: a byte up through one is a question, a number down the other an answer. */
#include "pipe_tally.h"

#include "messages.h"
#include "net.h"

#include <stdlib.h>
#include <unistd.h>

static int questions[2] = {-1, -1}; /* [0] is for reading, [1] for writing */
static int numbers[2] = {-1, -1};
static long asked; /* by all children together; the parent's */
static long given; /* the last number in the pipe: 1 to the first question, 2 to the second ... */

void pipe_tally_prepare(void)
{
    if (pipe(questions) < 0 || pipe(numbers) < 0 || !net_set_nonblocking(questions[0]) ||
        !net_set_nonblocking(numbers[1]))
        die("tally");
}

void pipe_tally_in_child(void)
{
    if (questions[0] < 0)
        return;
    close(questions[0]);
    close(numbers[1]); /* so that this child reads end of file once the parent is gone */
}

/* The number need not be the one that this question brought: all are alike, and whichever child
 * reads first takes the lowest. A child that was killed leaves its number to the next. */
long pipe_tally_next(void)
{
    long number;

    if (write(questions[1], "?", 1) != 1 ||
        read(numbers[0], &number, sizeof number) != sizeof number)
        _exit(EXIT_FAILURE); /* the parent is gone */
    return number;
}

int pipe_tally_questions(void)
{
    return questions[0];
}

int pipe_tally_room(void)
{
    return given < asked ? numbers[1] : -1;
}

/* A number is shorter than PIPE_BUF, so the kernel writes it whole or not at all. */
void pipe_tally_answer(void)
{
    char some[512];
    ssize_t size = read(questions[0], some, sizeof some);

    if (size > 0)
        asked += size;
    while (given < asked && write(numbers[1], &(long){given + 1}, sizeof given) > 0)
        given++;
}
