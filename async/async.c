/* async/async.c - one thread for all clients: a task for each, and an event loop that wakes
 * whichever can go on. What would block is awaited; what computes is given to an executor. */
#include "callbacks.h"
#include "client.h"
#include "server.h"
#include "slow.h"

#include "messages.h"
#include "options.h"
#include "stats.h"
#include "system.h"
#include "trace.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

/* ---- A coroutine for each client ---- */

static void handle_client_async(struct task *task)
{
    struct client *c = (struct client *)task;

    task_begin(&c->task);
    for (;;) {
        await(&c->task, received(c)); /* line = await reader.readline() */
        if (c->gone)
            break;
        if (c->request.verb == SLEEP)
            await(&c->task, slept(c)); /* await asyncio.sleep() */
        if (request_computes(&c->request))
            await(&c->task, computed(c)); /* await loop.run_in_executor() */
        answer(c);
        await(&c->task, sent(c)); /* await writer.drain() */
    }
    end_client(c);
    task_end(&c->task);
}

/* ---- One loop, or several ---- */

enum { MOST_LOOPS = 256 };

static struct event_loop {
    pthread_t thread;
    struct loop *loop;
    long max_clients; /* its part of them */
} loops[MOST_LOOPS];

static void (*handle)(struct task *) = handle_client_async;

static void *run_loop(void *argument)
{
    struct event_loop *mine = argument;

    trace_call_thread("loop");
    start_server(mine->loop, handle, mine->max_clients);
    serve_forever(mine->loop);
    trace_flush();
    return NULL;
}

/* The first one runs in this thread, each other one in a thread of its own. */
static void run_loops(const struct backend *backend)
{
    for (long i = 0; i < options.pool; i++) {
        long extra = i < options.max_clients % options.pool;
        loops[i].max_clients = options.max_clients / options.pool + extra;
        loops[i].loop = loop_create(backend);
    }
    for (long i = 1; i < options.pool; i++) {
        errno = pthread_create(&loops[i].thread, NULL, run_loop, &loops[i]);
        if (errno != 0)
            die("pthread_create");
    }
    run_loop(&loops[0]);
    for (long i = 1; i < options.pool; i++)
        pthread_join(loops[i].thread, NULL);
}

int main(int argc, char **argv)
{
    static long workers, slow;
    static int backend;
    static bool callbacks;
    static const struct flag own[] = {
        {'n', "loops", "N", "event loops, each in a thread of its own (%s)",
         .number = &options.pool, .min = 1, .max = MOST_LOOPS},
        {'w', "workers", "N", "threads that compute; 0: the loop does it itself (%s)",
         .number = &workers, .max = 1000},
        {0, "backend", "HOW", "how the loop asks who is ready (%s)", .choice = &backend,
         .words = backend_names},
        {0, "slow-callback", "MS",
         "name on stderr who holds a loop for so long; 0: nobody (%s)", .number = &slow,
         .max = 60000},
        {0, "callbacks", NULL, "the same handler, written as callbacks", .on = &callbacks},
        {0},
    };
    static const enum counter counters[] = {WAKEUPS, SCANNED, QUEUED, END_OF_COUNTERS};

    workers = count_cores();
    options.pool = 1;
    options.max_clients = 0;
    options_read(argc, argv, "Serves all clients in one thread, by an event loop.", own);
    options_check_pool("loops");
    if (callbacks)
        handle = handle_client_by_callbacks;
    slow_limit(slow);
    stats_prepare(1, counters);
    executor_prepare(workers);
    share_listener(options_listen(), (int)options.pool);
    run_loops(backends[backend]);
    return EXIT_SUCCESS;
}
