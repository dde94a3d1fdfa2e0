/* threaded/threaded.c - one thread per client, or a pool of threads that all accept.
 * All threads run in one process and share its memory, so what they all write needs a lock. */
#include "clients.h"
#include "gil.h"
#include "tally.h"

#include "clock.h"
#include "compute.h"
#include "handle_client.h"
#include "messages.h"
#include "model.h"
#include "net.h"
#include "options.h"
#include "shutdown.h"
#include "stats.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- How it waits, computes and shares ---- */

static struct model model = {
    .wait = clock_sleep,       /* this thread blocks, the others run */
    .compute = compute,        /* in this thread; the others compute on the other cores */
    .count = count_under_lock, /* one memory, so a lock */
};

/* For --gil: threads take turns to compute, as in CPython. */
static long compute_under_gil(const struct request *request)
{
    gil_acquire();
    long result = compute(request);
    gil_release();
    return result;
}

/* ---- A thread for each client ---- */

static int listener;

static void serve(int client)
{
    struct connection connection;

    clients_enter(&connection, client); /* so that a stop reaches it */
    handle_client(client, &model);
    clients_leave(&connection);
}

static void *serve_one(void *argument)
{
    stats_add(WORKERS, 1);
    serve((int)(intptr_t)argument);
    stats_add(WORKERS, -1);
    return NULL;
}

/* Starts a detached thread, which no other thread waits for. Returns false with errno. */
static bool start_thread(void *(*run)(void *), int argument)
{
    enum { STACK_SIZE = 256 * 1024 }; /* address space; memory is used only where touched */
    pthread_attr_t attributes;
    pthread_t thread;

    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, STACK_SIZE);
    errno = pthread_create(&thread, &attributes, run, (void *)(intptr_t)argument);
    pthread_attr_destroy(&attributes);
    return errno == 0;
}

/* No resources for one more: waits for a client to leave, at most 100 ms. Returns false if there
 * was none that could leave. */
static bool wait_for_departure(const char *what)
{
    warn_rarely(what);
    return clients_wait_for_departure();
}

static void serve_in_new_thread(int client)
{
    int alone = 0; /* waits since the last client left, whose thread may still run */

    while (!start_thread(serve_one, client)) {
        if (alone == 10) {
            net_refuse(client);
            clients_free_slot();
            return;
        }
        alone = wait_for_departure("pthread_create") ? 0 : alone + 1;
    }
}

/* Returns the next client, for which a slot is taken, or STOPPED. */
static int next_client(void)
{
    int client;

    clients_take_slot();
    while ((client = net_accept(listener)) == NO_RESOURCES)
        wait_for_departure("accept");
    if (client == STOPPED)
        clients_free_slot();
    return client;
}

/* net_accept said STOPPED, so the backlog is empty. The last thread that accepts frees the port. */
static void stop_accepting(void)
{
    if (clients_accepting(-1) == 0)
        close(listener);
}

static void *serve_per_client(void *unused)
{
    int client;

    while ((client = next_client()) != STOPPED)
        serve_in_new_thread(client);
    stop_accepting();
    return unused;
}

/* ---- A pool: each thread accepts for itself ---- */

static void *accept_and_serve(void *unused)
{
    int client;

    stats_add(WORKERS, 1);
    while ((client = next_client()) != STOPPED)
        serve(client);
    stop_accepting();
    return unused;
}

/* ---- The server ---- */

static void start_accepting(void)
{
    long threads = options.pool > 0 ? options.pool : 1; /* main waits for the signal */

    clients_accepting(threads);
    for (long i = 0; i < threads; i++)
        if (!start_thread(options.pool > 0 ? accept_and_serve : serve_per_client, 0))
            die("pthread_create");
}

static void wait_for_stop(void)
{
    while (!shutdown_asked())
        shutdown_wait_or_readable(-1);
}

static void stop(void)
{
    net_close_backlog(listener);
    clients_half_close_all();
    clients_wait_until_gone(SHUTDOWN_LIMIT); /* the rest ends when main returns */
}

static void read_options(int argc, char **argv)
{
    static const char *const tally_names[] = {"mutex", "atomic", "none", NULL};
    static long (*const tallies[])(void) = {count_under_lock, count_atomically, count_without_lock};
    static bool gil;
    static int tally;
    static const struct flag own[] = {
        {'n', "threads", "N", "a pool of N threads; without it, one thread per client",
         .number = &options.pool, .min = 1, .max = 10000},
        {'g', "gil", NULL, "one thread computes at a time, as in CPython", .on = &gil},
        {0, "tally", "HOW", "how threads count together; none shows the lost update (%s)",
         .choice = &tally, .words = tally_names},
        {0},
    };

    options_read(argc, argv, "Serves each client in a thread of its own.", own);
    options_check_pool("threads");
    model.count = tallies[tally];
    if (gil) {
        gil_prepare();
        model.compute = compute_under_gil;
    }
}

int main(int argc, char **argv)
{
    static const enum counter counters[] = {END_OF_COUNTERS};

    read_options(argc, argv); /* from here on, SIGTERM asks for a stop */
    stats_prepare(1, counters);
    clients_prepare(options.max_clients);
    listener = options_listen();
    start_accepting();
    wait_for_stop();
    stop();
    return EXIT_SUCCESS;
}
