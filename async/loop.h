/* async/loop.h - the event loop: it wakes each task when what it waits for has come.
 *
 * One thread runs a loop and all its tasks, one at a time, so tasks need no lock among
 * themselves; and as long as one of them does not return, all the others wait. */
#ifndef LOOP_H
#define LOOP_H

#include "backend.h"
#include "task.h"

/* A loop that asks in this way. Dies when it cannot be made. */
struct loop *loop_create(const struct backend *backend);

/* Runs tasks until loop_stop is called. Blocks. */
void serve_forever(struct loop *loop);

/* serve_forever returns when the task that is running now has returned; at once, if it is yet to
 * be called. */
void loop_stop(struct loop *loop);

/* Frees the loop; its tasks must have ended. */
void loop_free(struct loop *loop);

/* Takes a new task into the loop and runs it until its first await. The task serves this
 * descriptor, which must not block, or -1. False, and nothing done, when there is no memory.
 * The task belongs to the caller, who ends it with end_task. */
bool create_task(struct loop *loop, struct task *task, void (*run)(struct task *),
                 int descriptor);

/* The loop forgets the task; its memory may go. Its descriptor may be closed after this. */
void end_task(struct task *task);

/* What an await can wait for: readiness, a time, or a call of another thread. Each returns false, so that it can stand as the
 * last word of a `ready`, and has the task run again when it has come. A task may also be run
 * without cause, and then asks again. */
bool until_ready(struct task *task, int readiness, int64_t deadline); /* or it is so late */
bool call_at(struct task *task, int64_t when);
bool call_later(struct task *task, int64_t milliseconds);
bool until_called(struct task *task); /* see call_soon_threadsafe */

/* A call that a thread makes to a task of a loop; `done` is for the task to see. */
struct call {
    struct call *next;
    struct task *task;
    bool done;
};

/* Sets call->done and runs its task again, in the thread of its loop. Any thread may call this.
 * The call must live until it is done. */
void call_soon_threadsafe(struct call *call);

/* The task that serves this descriptor, NULL for none. Descriptors are below loop_room. */
struct task *loop_task(const struct loop *loop, int descriptor);
int loop_room(const struct loop *loop);

#endif
