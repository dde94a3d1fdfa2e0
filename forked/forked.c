/* forked/forked.c - one process per client, or a pool of processes that all accept.
 * Every handler runs at once, each in its own memory; what they share goes through the parent. */
#include "children.h"
#include "pipe_tally.h"
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

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- How it waits, computes and shares ---- */

static struct model model = {
    .wait = clock_sleep,      /* this process blocks, the others run */
    .compute = compute,       /* in this process; the others compute on the other cores */
    .count = pipe_tally_next, /* separate memories, so a question in a pipe; see --tally */
};

/* ---- Events, in the parent ---- */

static int listener;
static int64_t stop_limit = NEVER; /* once the children are told to stop */

/* No more clients enter the backlog. Each child stops receiving from its client; one that is forked
 * later does so at once. */
static void stop_children(void)
{
    if (stop_limit != NEVER)
        return;
    stop_limit = clock_in(SHUTDOWN_LIMIT);
    net_close_backlog(listener);
    children_signal(SIGTERM);
}

/* Waits for this descriptor (-1: none), the signal to stop, the end of a child, or a child's
 * question; deals with the last three. It may return early: the caller looks again. */
static void wait_for_event(int descriptor, int milliseconds)
{
    struct pollfd watched[] = {
        {.fd = descriptor, .events = POLLIN},
        {.fd = stop_limit == NEVER ? shutdown_descriptor() : -1, .events = POLLIN},
        {.fd = children_descriptor(), .events = POLLIN},
        {.fd = pipe_tally_descriptor(), .events = POLLIN},
    };

    if (poll(watched, sizeof watched / sizeof watched[0], milliseconds) <= 0)
        return;
    if (watched[1].revents)
        stop_children();
    if (watched[2].revents)
        children_reap();
    if (watched[3].revents)
        pipe_tally_answer();
}

/* No resources for one more: waits for a child to end, or for a second. Returns false if there is
 * no child whose end could help, or no time left. */
static bool wait_for_departure(const char *what)
{
    bool others = children_count() > 0;

    warn_rarely(what);
    wait_for_event(-1, 1000);
    return others && clock_now() < stop_limit;
}

/* ---- A process for each client ---- */

static void serve(int client)
{
    shutdown_half_close_on_signal(client); /* so that a stop reaches it */
    handle_client(client, &model);
    shutdown_half_close_on_signal(-1);
}

static void serve_in_new_process(int client)
{
    pid_t process;

    do {
        children_expect();
        process = fork();
        children_forked(process); /* in both, the parent and the child */
    } while (process < 0 && wait_for_departure("fork"));

    if (process == 0) {
        close(listener);   /* the parent accepts; a copy here would keep the port in use */
        pipe_tally_join(); /* closes the parent's ends of the two pipes, see --tally */
        serve(client);
        _exit(EXIT_SUCCESS); /* not exit: its clean-up belongs to the parent */
    }
    if (process < 0)
        net_refuse(client);
    else
        close(client); /* the child has its own copy */
}

/* Returns the next client, for which a slot is free, or STOPPED. */
static int next_client(void)
{
    for (;;) {
        bool stopping = shutdown_asked(); /* before accept, so no earlier client is missed */
        if (stopping)
            stop_children();
        bool time_left = clock_now() < stop_limit;
        bool slot = time_left && children_count() < options.max_clients;
        int client = slot ? net_accept_now(listener, true) : NO_CLIENT;
        if (client >= 0)
            return client;
        if (client == NO_RESOURCES)
            wait_for_departure("accept");
        else if (!time_left || (slot && stopping))
            return STOPPED; /* out of time, or the backlog is empty */
        else
            wait_for_event(slot ? listener : -1, clock_milliseconds_until(stop_limit));
    }
}

static void serve_per_client(void)
{
    int client;

    while ((client = next_client()) != STOPPED)
        serve_in_new_process(client);
}

/* ---- A pool: each process accepts for itself ---- */

/* In a worker, which has no child to look after, and so blocks in net_accept. */
static void accept_and_serve(void)
{
    int client;

    while ((client = net_accept(listener)) != STOPPED)
        if (client != NO_RESOURCES)
            serve(client);
        else {
            warn_rarely("accept");
            clock_sleep(100); /* the system is out of memory or descriptors; look again soon */
        }
}

static void start_worker(void)
{
    children_expect();
    pid_t process = fork();
    children_forked(process);

    if (process == 0) {
        pipe_tally_join();
        accept_and_serve();
        _exit(EXIT_SUCCESS);
    }
    if (process < 0)
        wait_for_departure("fork");
}

/* Starts the workers, and another one for each that dies. */
static void serve_with_pool(void)
{
    do {
        int delay = children_count() < options.pool ? children_pause() : -1;
        if (delay == 0)
            start_worker();
        else
            wait_for_event(-1, delay);
    } while (!shutdown_asked()); /* one was started at least, for the backlog */
}

/* ---- The server ---- */

static void stop(void)
{
    stop_children();
    close(listener);
    while (children_count() > 0 && clock_now() < stop_limit)
        wait_for_event(-1, clock_milliseconds_until(stop_limit));
    children_signal(SIGKILL);     /* what is not done by now is cut */
    alarm(SHUTDOWN_LIMIT / 1000); /* should even that hang, the parent ends too */
    while (children_count() > 0)
        wait_for_event(-1, -1);
}

static void read_options(int argc, char **argv)
{
    static const char *const tally_names[] = {"pipe", "shared", "private", NULL};
    static long (*const tallies[])(void) = {pipe_tally_next, count_in_shared_page,
                                            count_in_own_copy};
    static int tally;
    static const struct flag own[] = {
        {'n', "processes", "N", "a pool of N processes; without it, one process per client",
         .number = &options.pool, .min = 1, .max = 1000},
        {0, "tally", "HOW", "how processes count together; private shows separate memories (%s)",
         .choice = &tally, .words = tally_names},
        {0},
    };

    options_read(argc, argv, "Serves each client in a process of its own.", own);
    options_check_pool("processes");
    model.count = tallies[tally];
    if (model.count == pipe_tally_next)
        pipe_tally_prepare();
    if (model.count == count_in_shared_page)
        tally_share_page();
}

int main(int argc, char **argv)
{
    static const enum counter counters[] = {REAPED, CRASHED, END_OF_COUNTERS};

    read_options(argc, argv); /* from here on, SIGTERM asks for a stop */
    stats_prepare((int)options.max_clients + 1, counters);
    children_prepare(options.max_clients);
    listener = options_listen();
    if (options.pool > 0)
        serve_with_pool();
    else
        serve_per_client();
    stop();
    return EXIT_SUCCESS;
}
