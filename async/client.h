/* async/client.h - one client of the event loop, and what its handler awaits.
 *
 * Each of the functions that return a bool answers "is it so yet?". If not, it has seen to it
 * that the task is run again when it may be, and is then to be asked once more. */
#ifndef CLIENT_H
#define CLIENT_H

#include "executor.h"
#include "loop.h"

#include "session.h"

/* All that a client's task must remember while it waits. */
struct client {
    struct task task; /* first, so that a pointer to the one is a pointer to the other */
    struct session session;
    struct request request;
    union {
        int64_t wake;    /* SLEEP: when it is over */
        struct job *job; /* PRIMES, HOLD: what the executor has in hand */
        long result;     /* when it is done: the number for the reply */
    };
    bool (*callback)(struct client *); /* what is to be called next; see callbacks.c */
    bool begun;                        /* the sleep or the job */
    bool gone;
};

/* A request has come, or the client has gone. */
bool received(struct client *c);

/* The sleep that was asked for is over. */
bool slept(struct client *c);

/* The result of what was asked for is there. */
bool computed(struct client *c);

/* Counts, if that was asked for, and puts the reply among those to be sent. Does not wait. */
void answer(struct client *c);

/* So much has been sent that there is room for another reply. */
bool sent(struct client *c);

#endif
