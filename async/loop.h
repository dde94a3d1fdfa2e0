/* async/loop.h - the event loop: it wakes each task when what it waits for has come.
 *
 * One thread runs a loop and all its tasks, one at a time, so tasks need no lock among
 * themselves; and as long as one of them does not return, all the others wait. */
#ifndef LOOP_H
#define LOOP_H

#include "backend.h"
#include "task.h"

/* Makes a loop on this backend. Dies if it cannot be made. */
struct loop *loop_create(const struct backend *backend);

/* Runs tasks until loop_stop is called. Blocks. */
void serve_forever(struct loop *loop);

/* Makes serve_forever return when the task that runs now has returned, or at once. */
void loop_stop(struct loop *loop);

/* Takes a new task into the loop and runs it until its first await. The task serves this
 * descriptor, which is non-blocking, or -1 for none. Returns false, with nothing done, if there is
 * no memory. The task belongs to the caller, which ends it with end_task. */
bool create_task(struct loop *loop, struct task *task, void (*run)(struct task *), int descriptor);

/* Makes the loop forget the task. After this its memory may go and its descriptor be closed. */
void end_task(struct task *task);

/* Calls `visit` for each task that serves a descriptor. */
void for_each_task(struct loop *loop, void (*visit)(struct task *));

/* When to run the task again: each takes the place of the last one. None of them waits. A task may
 * also be woken without cause, so it tests what it waits for. */
void wake_when_ready(struct task *task, int readiness, int64_t deadline); /* or at the deadline */
void wake_at(struct task *task, int64_t when); /* or when its connection is broken */
void wake_when_called(struct task *task); /* see call_soon_threadsafe */

/* A call to a task of a loop, which must live until it is done; the task looks at `done`. */
struct call {
    struct call *next;
    struct task *task;
    bool done;
};

/* In its next turn the loop sets call->done and runs the task. Any thread may call this. */
void call_soon_threadsafe(struct call *call);

#endif
