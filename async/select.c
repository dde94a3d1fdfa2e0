/* async/select.c - the oldest way: two sets of bits, one bit for each descriptor.
 * The cost of a wait grows with the highest number, and none may be above FD_SETSIZE. */
#include "backend.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/select.h>

struct sets {
    fd_set readable, writable; /* which we ask about */
    int highest;               /* -1: none */
    int next;                  /* where the last wait stopped reporting */
};

static void *create(void)
{
    struct sets *sets = calloc(1, sizeof *sets);

    if (sets)
        sets->highest = -1;
    return sets;
}

/* Libraries compute the bit's place as int, long or unsigned long; this type suits them all. */
static void put(fd_set *set, int descriptor, bool in)
{
    unsigned short number = (unsigned short)descriptor;

    if (in)
        FD_SET(number, set);
    else
        FD_CLR(number, set);
}

static bool has(const fd_set *set, int descriptor)
{
    unsigned short number = (unsigned short)descriptor;
    return FD_ISSET(number, set);
}

/* FD_SET beyond the set would write into other memory. */
static bool watch(void *state, int descriptor, int watched, int wants)
{
    struct sets *sets = state;

    (void)watched;
    if (descriptor >= FD_SETSIZE) {
        errno = EMFILE;
        return false;
    }
    put(&sets->readable, descriptor, wants & READABLE);
    put(&sets->writable, descriptor, wants & WRITABLE);
    if (wants && descriptor > sets->highest)
        sets->highest = descriptor;
    while (sets->highest >= 0 && !has(&sets->readable, sets->highest) &&
           !has(&sets->writable, sets->highest))
        sets->highest--;
    return true;
}

static int wait_ready(void *state, struct ready *ready, int milliseconds, long *scanned)
{
    struct sets *sets = state;
    fd_set readable = sets->readable, writable = sets->writable; /* it writes the answer here */
    struct timeval time = {.tv_sec = milliseconds / 1000,
                           .tv_usec = (int)(milliseconds % 1000) * 1000};
    int found =
        select(sets->highest + 1, &readable, &writable, NULL, milliseconds < 0 ? NULL : &time);
    int count = 0;

    *scanned = found < 0 ? 0 : sets->highest + 1;
    if (found < 0)
        return -1;
    for (int i = 0; i <= sets->highest && found > 0 && count < READY_AT_ONCE; i++) {
        sets->next = sets->next < sets->highest ? sets->next + 1 : 0;
        int readiness = (has(&readable, sets->next) ? READABLE : 0) |
                        (has(&writable, sets->next) ? WRITABLE : 0);
        if (readiness)
            ready[count++] = (struct ready){.descriptor = sets->next, .readiness = readiness};
    }
    return count;
}

const struct backend select_backend = {
    .name = "select", .create = create, .watch = watch, .wait = wait_ready};
