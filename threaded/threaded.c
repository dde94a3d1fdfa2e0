/* threaded/threaded.c - one thread per client, or a pool of threads that take turns to accept.
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
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- How it waits, computes and shares ---- */

/* One thread computes at a time, as in CPython. */
static long compute_in_turn(const struct request *request)
{
    gil_acquire();
    long result = compute(request);
    gil_release();
    return result;
}

static struct model model = {
    .wait = clock_sleep, /* this thread blocks, the others run */
    .compute = compute,  /* here and now; the others do so on the other cores */
    .count = NULL,       /* one memory: see tally.c for three ways */
};

/* What the command line says about it. */
static void choose_model(bool gil, int tally)
{
    model.count = tallies[tally];
    if (gil) {
        model.compute = compute_in_turn;
        compute_checkpoint = gil_checkpoint;
    }
}

/* ---- A thread for each client ---- */

static void serve(int client)
{
    struct guest guest;

    clients_enter(&guest, client);
    handle_client(client, &model);
    clients_leave(&guest);
    clients_release();
}

static void *serve_one(void *argument)
{
    stats_add(WORKERS, 1);
    serve((int)(intptr_t)argument);
    stats_add(WORKERS, -1);
    return NULL;
}

/* Starts a detached thread: nobody waits for its end. */
static int start_thread(void *(*run)(void *), int argument)
{
    enum { STACK_SIZE = 256 * 1024 }; /* address space; memory is used only where touched */
    pthread_attr_t attributes;
    pthread_t thread;

    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, STACK_SIZE);
    errno = pthread_create(&thread, &attributes, run, (void *)(intptr_t)argument);
    pthread_attr_destroy(&attributes);
    return errno;
}

/* Somebody who was accepted is not sent away as long as waiting may help. */
static void serve_in_new_thread(int client)
{
    while (start_thread(serve_one, client) != 0) {
        warn_seldom("pthread_create");
        if (clients_alone()) {
            net_refuse(client);
            clients_release();
            return;
        }
        clients_wait_for_one_to_leave();
    }
}

/* The next client, once there is a place for it, or STOPPED. */
static int next_client(int listener)
{
    int client;

    if (!clients_reserve())
        return STOPPED;
    while ((client = net_accept(listener)) == NO_ROOM) {
        warn_seldom("accept");
        clients_wait_for_one_to_leave();
    }
    if (client == STOPPED)
        clients_release();
    return client;
}

static void *accept_and_start_threads(void *listener)
{
    int client;

    while ((client = next_client((int)(intptr_t)listener)) != STOPPED)
        serve_in_new_thread(client);
    return NULL;
}

/* ---- A pool: each thread accepts for itself ---- */

static void *accept_and_serve(void *listener)
{
    int client;

    stats_add(WORKERS, 1);
    while ((client = next_client((int)(intptr_t)listener)) != STOPPED)
        serve(client);
    return NULL;
}

/* ---- The server ---- */

static void start_accepting(int listener)
{
    if (options.pool == 0 && start_thread(accept_and_start_threads, listener) != 0)
        die("pthread_create");
    for (long i = 0; i < options.pool; i++)
        if (start_thread(accept_and_serve, listener) != 0)
            die("pthread_create");
}

static void wait_for_signal(void)
{
    struct pollfd stop = {.fd = shutdown_descriptor(), .events = POLLIN};

    while (poll(&stop, 1, -1) < 0)
        ; /* interrupted by the very signal, most likely: now the descriptor is readable */
}

int main(int argc, char **argv)
{
    static bool gil;
    static int tally;
    static const struct flag own[] = {
        {'n', "threads", "N", "a pool of N threads; without it, one thread per client",
         .number = &options.pool, .min = 1, .max = 10000},
        {'g', "gil", NULL, "one thread computes at a time, as in CPython", .on = &gil},
        {0, "tally", "HOW", "how threads count together; none goes wrong (%s)",
         .choice = &tally, .words = tally_names},
        {0},
    };
    static const enum counter counters[] = {COUNTERS};

    options_begin(argc, argv, "Serves each client in a thread of its own.", own);
    options_check_pool("threads");
    choose_model(gil, tally);
    stats_prepare(1, counters);
    clients_limit(options.max_clients);
    int listener = options_listen();
    start_accepting(listener);
    wait_for_signal();
    close(listener); /* nobody else gets in; the port is free */
    clients_hang_up();
    clients_wait_until_gone(SHUTDOWN_LIMIT);
    return EXIT_SUCCESS;
}
