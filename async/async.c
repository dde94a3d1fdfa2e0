/* async/async.c - one thread for all clients: a task for each, and an event loop that wakes
 * the tasks that can go on. What would block is awaited; what computes is given to an executor. */
#include "callbacks.h"
#include "client.h"
#include "server.h"
#include "slow.h"

#include "clock.h"
#include "compute.h"
#include "messages.h"
#include "options.h"
#include "stats.h"
#include "system.h"
#include "trace.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

/* ---- How it waits, computes and shares ---- */

/* A condition that a handler awaits is tested again at each wake-up, until it is true. On false it
 * arranges a wake-up, the handler returns to the loop, and the loop runs the other tasks. */

/* The sleep is over. */
bool slept(struct client *c)
{
    if (!c->begun) {
        sleep_begins(c);
        c->wake = clock_in(c->request.number);
    }
    if (clock_now() < c->wake)
        return until_time(&c->task, c->wake);
    sleep_ends(c);
    c->result = c->request.number;
    return true;
}

/* A thread of the executor, or with -w 0 the loop, has computed the result. */
bool computed(struct client *c)
{
    if (!c->begun) {
        c->begun = true;
        c->job = run_in_executor(&c->task, compute, &c->request);
    }
    if (c->job && !c->job->call.done)
        return until_called(&c->task);
    long result = c->job ? c->job->result : compute(&c->request); /* no memory for a job */
    free(c->job);
    c->begun = false;
    c->result = result; /* in the place of c->job, see client.h */
    return true;
}

/* One thread, and no await in here: no other task can count meanwhile. The number is atomic only
 * because with --loops there are several such threads. */
long count(void)
{
    static atomic_long number;
    return atomic_fetch_add(&number, 1) + 1;
}

/* ---- A coroutine for each client ---- */

/* Each await leaves this function while its condition is false, and the next call resumes there.
 * Local variables do not survive that; what is in *c does, and each call sets c anew. */
static void handle_client_async(struct task *task)
{
    struct client *c = (struct client *)task;

    task_begin(task);
    for (;;) {
        await(task, received(c)); /* async for ... in requests(reader) */
        if (c->gone)
            break;
        if (c->request.verb == SLEEP)
            await(task, slept(c)); /* await asyncio.sleep() */
        if (request_computes(&c->request))
            await(task, computed(c)); /* await loop.run_in_executor() */
        if (c->request.verb == COUNT)
            c->result = count();
        answer(c);
        await(task, sent(c)); /* await writer.drain() */
    }
    end_client(c);
    task_end(task);
}

/* ---- One loop, or several ---- */

enum { MOST_LOOPS = 256 };

static struct loop_thread {
    pthread_t thread;
    struct loop *loop;
    long max_clients; /* this loop's share */
} threads[MOST_LOOPS];

static const struct backend *backend;
static void (*handle)(struct task *) = handle_client_async;

static void *run_loop(void *argument)
{
    struct loop_thread *mine = argument;

    trace_call_thread("loop");
    start_server(mine->loop, handle, mine->max_clients); /* accepts, and runs handle for each */
    stop_server_on_signal(mine->loop);                   /* a task that waits for SIGTERM */
    serve_forever(mine->loop); /* until a stop: the clients go, or 5 s pass */
    trace_flush();
    return NULL;
}

static void create_loops(void)
{
    for (long i = 0; i < options.pool; i++) {
        long extra = i < options.max_clients % options.pool; /* 1 for the first ones */
        threads[i].max_clients = options.max_clients / options.pool + extra;
        threads[i].loop = loop_create(backend);
    }
}

/* The first one runs in this thread, each other one in a thread of its own. */
static void run_loops(void)
{
    for (long i = 1; i < options.pool; i++) {
        errno = pthread_create(&threads[i].thread, NULL, run_loop, &threads[i]);
        if (errno != 0)
            die("pthread_create");
    }
    run_loop(&threads[0]);
    for (long i = 1; i < options.pool; i++)
        pthread_join(threads[i].thread, NULL);
}

/* ---- The server ---- */

static void read_options(int argc, char **argv)
{
    static long workers, slow;
    static int backend_number;
    static bool callbacks;
    static const struct flag own[] = {
        {'n', "loops", "N", "event loops, each in a thread of its own (%s)",
         .number = &options.pool, .min = 1, .max = MOST_LOOPS},
        {'w', "workers", "N", "threads that compute; 0: the loop does it itself (%s)",
         .number = &workers, .max = 1000},
        {0, "backend", "HOW", "how the loop asks which descriptors are ready (%s)",
         .choice = &backend_number, .words = backend_names},
        {0, "slow-callback", "MS",
         "say on stderr which client holds a loop for MS or longer; 0: none (%s)", .number = &slow,
         .max = 60000},
        {0, "callbacks", NULL, "the same handler, written as callbacks", .on = &callbacks},
        {0},
    };

    workers = count_cores();
    options.pool = 1;
    options.max_clients = 0; /* options_read makes it as many as there are descriptors */
    options_read(argc, argv, "Serves all clients in one thread, by an event loop.", own);
    options_check_pool("loops");
    backend = backends[backend_number];
    if (callbacks)
        handle = handle_client_by_callbacks;
    slow_limit(slow);
    executor_prepare(workers);
}

int main(int argc, char **argv)
{
    static const enum counter counters[] = {WAKEUPS, SCANNED, QUEUED, END_OF_COUNTERS};

    read_options(argc, argv); /* from here on, SIGTERM asks for a stop */
    stats_prepare(1, counters);
    share_listener(options_listen(), (int)options.pool);
    create_loops();
    run_loops();
    return EXIT_SUCCESS;
}
