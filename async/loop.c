/* async/loop.c - the event loop: it wakes each task when what it waits for has happened.
 * Readiness comes from a backend, time from a heap, calls of other threads through a pipe. */
#include "loop.h"

#include "slow.h"

#include "clock.h"
#include "messages.h"
#include "net.h"
#include "stats.h"
#include "trace.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

struct loop {
    const struct backend *backend;
    void *state; /* the backend's */
    struct timers timers;
    struct task **tasks; /* by descriptor */
    int capacity;
    bool stopped;
    struct task wake_task; /* runs the calls of other threads */
    int wake_pipe[2];      /* a byte in it: there are calls */
    pthread_mutex_t lock;  /* guards the calls */
    struct call *calls, **last_call;
};

/* ---- Tasks ---- */

static bool grow_table(struct loop *loop, int descriptor)
{
    int capacity = loop->capacity ? loop->capacity : 16;

    if (descriptor < loop->capacity)
        return true;
    while (capacity <= descriptor)
        capacity *= 2;
    struct task **tasks = realloc(loop->tasks, (size_t)capacity * sizeof(struct task *));
    if (!tasks)
        return false;
    for (int i = loop->capacity; i < capacity; i++)
        tasks[i] = NULL;
    loop->tasks = tasks;
    loop->capacity = capacity;
    return true;
}

/* Where a descriptor is watched for anything, a broken connection is reported as well. */
static bool watch(struct task *task, int readiness)
{
    struct loop *loop = task->loop;
    int wants = readiness ? readiness | HUNG_UP : 0;

    if (!loop->backend->watch(loop->state, task->descriptor, task->watched, wants))
        return false;
    task->watched = (unsigned char)wants;
    return true;
}

bool create_task(struct loop *loop, struct task *task, void (*run)(struct task *), int descriptor)
{
    *task = (struct task){.loop = loop, .run = run, .descriptor = descriptor};
    if (!grow_table(loop, descriptor) || !timers_reserve(&loop->timers))
        return false;
    if (descriptor >= 0 && !watch(task, READABLE)) {
        timers_unreserve(&loop->timers);
        return false;
    }
    if (descriptor >= 0)
        loop->tasks[descriptor] = task;
    run(task);
    return true;
}

void end_task(struct task *task)
{
    struct loop *loop = task->loop;

    timers_set(&loop->timers, &task->timer, NEVER);
    timers_unreserve(&loop->timers);
    if (task->descriptor < 0)
        return;
    loop->backend->watch(loop->state, task->descriptor, task->watched, 0);
    loop->tasks[task->descriptor] = NULL;
}

void for_each_task(struct loop *loop, void (*visit)(struct task *))
{
    for (int i = 0; i < loop->capacity; i++)
        if (loop->tasks[i])
            visit(loop->tasks[i]);
}

/* ---- What a task can wait for ---- */

/* A timer that is due earlier stays: then the task runs, sees that it has to wait on, and sets it
 * again. Moving it at each request would touch the memory of a dozen other clients in the heap. */
void wake_when_ready(struct task *task, int readiness, int64_t deadline)
{
    struct timers *timers = &task->loop->timers;

    task->wants = (unsigned char)readiness;
    if (task->descriptor >= 0 && (readiness & ~task->watched) != 0 && !watch(task, readiness))
        deadline = clock_in(100); /* the kernel has no memory for it now: try again soon */
    if (deadline == NEVER || deadline < timers_when(timers, &task->timer))
        timers_set(timers, &task->timer, deadline);
}

void wake_at(struct task *task, int64_t when)
{
    wake_when_ready(task, HUNG_UP, when);
}

void wake_when_called(struct task *task)
{
    wake_when_ready(task, 0, NEVER);
}

/* ---- Waking them ---- */

static void run(struct task *task)
{
    trace_serve(0, "task"); /* unless the task serves a client in this turn */
    int64_t began = trace_begin();
    slow_begin();
    task->run(task);
    slow_end(NULL); /* the task may be no more, so nothing can be said of it */
    trace_end(ON_THREAD, NULL, began);
}

/* A descriptor stays watched while its task computes or sleeps. Most such waits end before the next
 * event. If one arrives first, stop watching for it. */
static void wake(struct loop *loop, struct ready ready)
{
    struct task *task = loop->tasks[ready.descriptor];

    if (!task)
        return; /* it ended in this very turn */
    task->hung_up = ready.readiness & HUNG_UP;
    if ((task->wants & ready.readiness) == 0) {
        watch(task, task->wants);
        return;
    }
    task->wants = 0;
    run(task);
}

static void wake_due(struct loop *loop)
{
    struct timer *timer;

    if (timers_next(&loop->timers) == NEVER)
        return;
    int64_t now = clock_now();
    while ((timer = timers_due(&loop->timers, now)))
        run((struct task *)timer); /* its first member */
}

/* Waits until a descriptor is ready or the next timer is due. Returns how many are ready. */
static int wait_for_events(struct loop *loop, struct ready *ready)
{
    long scanned;
    int limit = clock_milliseconds_until(timers_next(&loop->timers));

    trace_flush(); /* the wait may be long */
    int count = loop->backend->wait(loop->state, ready, limit, &scanned);
    if (count < 0 && errno != EINTR)
        die(loop->backend->name); /* it would fail in the next turn too, and for ever */
    stats_add(WAKEUPS, 1);
    stats_add(SCANNED, scanned);
    return count;
}

void serve_forever(struct loop *loop)
{
    struct ready ready[READY_AT_ONCE];

    while (!loop->stopped) {
        int count = wait_for_events(loop, ready);
        for (int i = 0; i < count; i++)
            wake(loop, ready[i]);
        wake_due(loop);
    }
    loop->stopped = false; /* it may be run again */
}

void loop_stop(struct loop *loop)
{
    loop->stopped = true;
}

/* ---- Calls of other threads ---- */

void call_soon_threadsafe(struct call *call)
{
    struct loop *loop = call->task->loop;

    pthread_mutex_lock(&loop->lock);
    bool first = loop->calls == NULL;
    call->next = NULL;
    *loop->last_call = call;
    loop->last_call = &call->next;
    if (first && write(loop->wake_pipe[1], "", 1) < 0) {
        /* The pipe is full, so it is readable. */
    }
    pthread_mutex_unlock(&loop->lock);
}

static struct call *take_calls(struct loop *loop)
{
    pthread_mutex_lock(&loop->lock);
    struct call *calls = loop->calls;
    loop->calls = NULL;
    loop->last_call = &loop->calls;
    pthread_mutex_unlock(&loop->lock);
    return calls;
}

static void run_calls(struct task *wake_task)
{
    struct loop *loop = wake_task->loop;
    char bytes[64];

    while (read(loop->wake_pipe[0], bytes, sizeof bytes) > 0)
        ;
    for (struct call *call = take_calls(loop), *next; call; call = next) {
        next = call->next; /* the task may free the call */
        call->done = true;
        run(call->task);
    }
    wake_when_ready(wake_task, READABLE, NEVER);
}

/* ---- Begin and end ---- */

struct loop *loop_create(const struct backend *backend)
{
    struct loop *loop = calloc(1, sizeof *loop);

    if (!loop)
        die("event loop");
    loop->last_call = &loop->calls;
    loop->backend = backend;
    loop->state = backend->create();
    if (!loop->state)
        die(backend->name);
    pthread_mutex_init(&loop->lock, NULL);
    if (pipe(loop->wake_pipe) < 0 || !net_set_nonblocking(loop->wake_pipe[0]) ||
        !net_set_nonblocking(loop->wake_pipe[1]) ||
        !create_task(loop, &loop->wake_task, run_calls, loop->wake_pipe[0]))
        die("event loop");
    return loop;
}
