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
    .count = count_under_lock, /* one memory, so a lock; --tally may choose another */
};

/* For --gil: one thread at a time computes. Meanwhile compute() calls a hook again and again, which
 * hands the GIL over if another thread asks: gil_prepare sets it. (CPython locks all Python code;
 * this locks computing alone.) */
static long compute_under_gil(const struct request *request)
{
    gil_acquire();
    long result = compute(request);
    gil_release();
    return result;
}

/* ---- A thread for each client ---- */

static void serve_in_this_thread(int client)
{
    struct connection connection; /* an entry in the list of clients, so that stop() finds it */

    clients_add(&connection, client);
    handle_client(client, &model); /* closes the client's socket at the end */
    clients_remove(&connection);
}

static void *serve_one_client(void *client)
{
    stats_add(WORKERS, 1);
    serve_in_this_thread((int)(intptr_t)client);
    stats_add(WORKERS, -1);
    return NULL;
}

/* Starts a detached thread, which no other thread waits for. It calls run() with the argument, an
 * int in the bits of a pointer. Returns false with errno. */
static bool start_thread(void *(*run)(void *), int argument)
{
    enum { STACK_SIZE = 256 * 1024 }; /* address space; memory is used only where touched */
    pthread_attr_t attributes;
    pthread_t thread;

    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, STACK_SIZE);
    int reason = pthread_create(&thread, &attributes, run, (void *)(intptr_t)argument);
    pthread_attr_destroy(&attributes);
    errno = reason;
    return reason == 0;
}

static void serve_in_new_thread(int client)
{
    while (!start_thread(serve_one_client, client))
        if (!clients_wait_for_resources("pthread_create")) { /* nobody is left to free any */
            clients_refuse(client);                          /* tells it, and closes its socket */
            return;
        }
}

/* ---- Accepting: one thread for all clients, or each thread of a pool for itself ---- */

static int listener;

/* clients_accept blocks while --max-clients are being served, and counts the one that it returns.
 * After a signal to stop, it still returns those that are in the backlog, and then STOPPED. */
static void *accept_clients(void *unused)
{
    int client;

    while ((client = clients_accept(listener)) != STOPPED)
        if (options.pool > 0)
            serve_in_this_thread(client);
        else
            serve_in_new_thread(client);
    return unused;
}

/* The main thread accepts none: it waits for a signal, and then calls stop(). */
static void start_accepting(void)
{
    long acceptors = options.pool > 0 ? options.pool : 1;

    stats_add(WORKERS, options.pool); /* without a pool, serve_one_client counts its own thread */
    clients_prepare(options.max_clients, acceptors);
    for (long i = 0; i < acceptors; i++)
        if (!start_thread(accept_clients, 0))
            die("pthread_create");
}

/* ---- The server ---- */

/* After SIGTERM or SIGINT. Both waits end at the latest 5 seconds after the signal: threads that
 * still run then end with the process. */
static void stop(void)
{
    net_freeze_backlog(listener);  /* listen(0): lets no more clients into the backlog */
    clients_end_input_of_all();    /* handlers answer what has arrived, then see end of file */
    clients_wait_until_accepted(); /* those in the backlog: their handlers know by themselves */
    close(listener);
    clients_wait_until_gone();
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
        {'g', "gil", NULL, "one thread computes at a time, as in CPython; I/O needs no lock",
         .on = &gil},
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
    read_options(argc, argv); /* and from here on, SIGTERM only asks for a stop */
    stats_prepare(1, NULL);   /* of one process: the counters that all servers have */
    listener = options_listen();
    start_accepting();
    shutdown_wait(); /* blocks until SIGTERM or SIGINT */
    stop();
    return EXIT_SUCCESS;
}
