/* async/async.c - one thread for all clients (or one for each of --loops): a task for each client,
 * and an event loop that wakes it. What would block is awaited; what computes, an executor does. */
#include "client.h"
#include "server.h"
#include "slow.h"
#include "task.h"

#include "clock.h"
#include "compute.h"
#include "messages.h"
#include "options.h"
#include "stats.h"
#include "system.h"

#include <stdatomic.h>
#include <stdlib.h>

/* ---- How it waits, computes and shares ---- */

/* A handler (here, and in callbacks.c) awaits a condition, such as slept. If that is false, it has
 * told the loop when to wake the task, and the handler returns to the loop, which runs other tasks.
 * Woken, it tests again. */

void start_sleep(struct client *c)
{
    stats_add(WAITING, 1);
    c->wake = clock_in(c->request.number);
}

/* The sleep is over, or the connection is broken. */
bool slept(struct client *c)
{
    if (clock_now() < c->wake && !c->task.hung_up) {
        wake_at(&c->task, c->wake);
        return false;
    }
    stats_add(WAITING, -1);
    trace_sleep(c);
    c->result = c->request.number;
    return true;
}

/* With -w 0 the executor has no thread: it computes here and now. The handler awaits it even so, as
 * the loop marks the job done in its next turn. Without memory for a job, computed() computes. */
void start_job(struct client *c)
{
    c->job = run_in_executor(&c->task, compute, &c->request);
}

/* The executor has computed the result. */
bool computed(struct client *c)
{
    if (c->job && !c->job->call.done) {
        wake_when_called(&c->task); /* the loop does, when the job is done */
        return false;
    }
    long result = c->job ? c->job->result : compute(&c->request);
    free(c->job);
    c->result = result; /* where c->job was: they are a union */
    return true;
}

/* A loop has one thread, and there is no await in here: no other task can count meanwhile. The
 * number is atomic only for --loops, where several loops count. */
long count(void)
{
    static atomic_long number;
    return atomic_fetch_add(&number, 1) + 1;
}

/* ---- A coroutine for each client ---- */

/* The macro await leaves this function while its condition is false; the next call resumes there.
 * Local variables do not survive that, so all that lasts is in *c; each call sets the pointer c. */
static void handle_client_async(struct task *task)
{
    struct client *c = client_of(task);

    task_begin(task);
    for (;;) {
        await(task, received(c)); /* Python: async for ... in requests(reader) */
        if (c->gone)              /* there are no more requests */
            break;
        if (c->request.verb == SLEEP) {
            start_sleep(c);
            await(task, slept(c)); /* await asyncio.sleep() */
        }
        if (request_computes(&c->request)) {
            start_job(c);
            await(task, computed(c)); /* await loop.run_in_executor() */
        }
        if (c->request.verb == COUNT)
            c->result = count();
        answer(c);
        await(task, has_room(c)); /* await writer.drain() */
    }
    end_client(c);
    task_end();
}

/* ---- The server ---- */

static int backend;
static void (*handle)(struct task *) = handle_client_async;

static void read_options(int argc, char **argv)
{
    static const char *names[8]; /* of the backends */
    static long workers, slow;
    static bool callbacks;
    static const struct flag own[] = {
        {'n', "loops", "N", "event loops, each in a thread of its own (%s)",
         .number = &options.pool, .min = 1, .max = MOST_SERVERS},
        {'w', "workers", "N", "threads that compute; 0: the loop does it itself (%s)",
         .number = &workers, .max = 1000},
        {0, "backend", "HOW", "how the loop asks which descriptors are ready (%s)",
         .choice = &backend, .words = names},
        {0, "slow-callback", "MS",
         "say on stderr which client holds a loop for MS or longer; 0: none (%s)", .number = &slow,
         .max = 60000},
        {0, "callbacks", NULL, "the same handler, written as callbacks", .on = &callbacks},
        {0},
    };

    for (int i = 0; backends[i]; i++)
        names[i] = backends[i]->name;
    workers = count_cores();
    options.pool = 1;
    options.max_clients = 0; /* options_read makes it as many as there are descriptors */
    options_read(argc, argv, "Serves all clients in one thread, by an event loop.", own);
    options_check_pool("loops");
    if (callbacks)
        handle = handle_client_by_callbacks;
    slow_limit(slow);
    executor_prepare(workers);
}

/* In the thread of each loop, a task accepts its share of --max-clients, and starts one for each.
 * After SIGTERM or SIGINT, a task in each loop lets no more clients into the backlog, by listen()
 * with a length of 0, and ends its clients' input: each handler goes on, answers what has arrived,
 * then sees end of file. Those in the backlog are served in the same way. A loop stops when its
 * last client has left, or 5 seconds after the signal, which cuts those that are left. */
int main(int argc, char **argv)
{
    static const enum counter counters[] = {WAKEUPS, SCANNED, QUEUED, END_OF_COUNTERS};

    read_options(argc, argv);   /* and from here on, SIGTERM only asks for a stop */
    stats_prepare(1, counters); /* of one process */
    create_servers(options.pool, backends[backend]); /* one per loop; they share a listener */
    run_servers(options_listen(), options.max_clients, handle); /* returns when all have stopped */
    return EXIT_SUCCESS;
}
