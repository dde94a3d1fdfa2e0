/* async/client.h - one client of the event loop, and what its handler awaits.
 * A function that returns false has arranged a wake-up, when its condition is tested again. */
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
        int64_t wake;    /* while it sleeps: until when */
        struct job *job; /* while it computes: what the executor has in hand */
        long result;     /* then: the number for the reply */
    };
    bool (*callback)(struct client *); /* which function goes on; see callbacks.c */
    bool gone;
};

static inline struct client *client_of(struct task *task)
{
    return (struct client *)task;
}

/* A request has arrived, or the client has gone. */
bool received(struct client *c);

/* Adds the reply to those to be sent. Does not wait. */
void answer(struct client *c);

/* The buffer has space for another reply, if need be after sending. */
bool has_room(struct client *c);

/* Draws a sleep that has ended on the timeline. */
void trace_sleep(const struct client *c);

/* Does what the coroutine in async.c does, request for request: see callbacks.c. */
void handle_client_by_callbacks(struct task *task);

/* How it waits, computes and shares: these are in async.c. */
void start_sleep(struct client *c);
bool slept(struct client *c);
void start_job(struct client *c);
bool computed(struct client *c);
long count(void);

#endif
