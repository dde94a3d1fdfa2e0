/* forked/pipe_tally.c - one number for all processes: the parent keeps it, and the children ask.
 * Two pipes: questions go up through one, answers come down through the other. */
#include "pipe_tally.h"

#include "messages.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct question {
    long child;  /* its process ID */
    long serial; /* the child's own number for this question */
};

struct answer {
    struct question to;
    long number;
};

static int questions[2] = {-1, -1}; /* [0] is for reading, [1] for writing */
static int answers[2] = {-1, -1};
static int turn;    /* a file that serves as a lock: see take_turn */
static long number; /* the parent's */

void pipe_tally_prepare(void)
{
    FILE *file = tmpfile();

    if (!file || pipe(questions) < 0 || pipe(answers) < 0)
        die("tally");
    turn = fileno(file); /* never closed: every process locks it, until it ends */
}

int pipe_tally_descriptor(void)
{
    return questions[0];
}

void pipe_tally_answer(void)
{
    struct question question;

    if (read(questions[0], &question, sizeof question) != sizeof question)
        return;
    struct answer answer = {.to = question, .number = ++number};
    if (write(answers[1], &answer, sizeof answer) < 0)
        warn("tally");
}

void pipe_tally_join(void)
{
    if (questions[0] < 0)
        return;
    close(questions[0]);
    close(answers[1]); /* so that this child reads end of file once the parent is gone */
}

/* One child at a time asks, since all read their answers from one pipe. The kernel releases this
 * lock when its holder is killed; a token passed in a pipe would be lost with its holder. */
static void take_turn(short type)
{
    struct flock lock = {.l_type = type, .l_whence = SEEK_SET};

    while (fcntl(turn, F_SETLKW, &lock) < 0)
        if (errno != EINTR)
            _exit(EXIT_FAILURE);
}

/* A message is shorter than PIPE_BUF, so the kernel writes it whole or not at all. */
static void ask(struct question question)
{
    while (write(questions[1], &question, sizeof question) < 0)
        if (errno != EINTR)
            _exit(EXIT_FAILURE);
}

static struct answer hear(void)
{
    struct answer answer;
    ssize_t size;

    while ((size = read(answers[0], &answer, sizeof answer)) < 0 && errno == EINTR)
        ;
    if (size != sizeof answer)
        _exit(EXIT_FAILURE); /* end of file: the parent is gone */
    return answer;
}

long pipe_tally_next(void)
{
    static long asked;
    struct question question = {.child = getpid(), .serial = ++asked};
    struct answer answer;

    take_turn(F_WRLCK);
    ask(question);
    do
        answer = hear(); /* perhaps, first, the answer to a child that was killed */
    while (answer.to.child != question.child || answer.to.serial != question.serial);
    take_turn(F_UNLCK);
    return answer.number;
}
