/* forked/forked.c - one process per client, or a pool of processes that all accept.
 * All handlers run at the same time, each in its own memory; they share only what they are meant
 * to share. */
#include "children.h"
#include "events.h"
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

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- How it waits, computes and shares ---- */

static struct model model = {
    .wait = clock_sleep,      /* this process blocks, the others run */
    .compute = compute,       /* in this process; the others compute on the other cores */
    .count = pipe_tally_next, /* separate memories, so it asks the parent by a pipe; see --tally */
};

static int listener; /* the parent opens it, and each child inherits it */

/* ---- What a child does ---- */

static void serve(int client)
{
    shutdown_end_input_on_signal(client);
    handle_client(client, &model); /* closes the client's socket at the end */
}

static void serve_one_client(int client)
{
    close(listener); /* the parent accepts; a copy here would keep the port in use */
    serve(client);
}

/* A worker of a pool has no child to look after, so it may block in net_accept. After the signal
 * to stop it returns those who are left in the backlog, and after them STOPPED. */
static void serve_one_after_another(int unused)
{
    int client;

    (void)unused;
    while ((client = net_accept(listener)) != STOPPED)
        if (client != NO_RESOURCES)
            serve(client);
        else {
            warn_rarely("accept");
            clock_sleep(100); /* the system is out of memory or descriptors; look again soon */
        }
}

/* Forks a child that calls work(client), and then ends. Returns false, with errno, if the system
 * has no memory or no process left for one. */
static bool start_child(void (*work)(int), int client)
{
    long slot = children_find_slot();

    shutdown_block_signals(); /* until the child has a pipe of its own */
    pid_t process = fork();
    if (process == 0) {
        children_in_child(slot);
        pipe_tally_in_child();
        shutdown_in_child(); /* a stop before the fork still holds */
        shutdown_unblock_signals();
        work(client);
        _exit(EXIT_SUCCESS); /* not exit: its clean-up belongs to the parent */
    }
    if (process > 0)
        children_add(slot, process);
    shutdown_unblock_signals();
    return process > 0;
}

/* ---- The parent: a process for each client ---- */

/* Wherever the parent waits, it calls wait_for_event, which also reaps children, answers their
 * questions and passes a stop on to them. It returns after each of these, and tells whether the
 * descriptor is readable. */

static void serve_in_new_process(int client)
{
    while (!start_child(serve_one_client, client))
        if (!wait_for_resources("fork")) { /* none will come: no child is left, or no time */
            net_refuse(client);
            return;
        }
    close(client); /* the child has its own copy */
}

static void accept_client(void)
{
    int client = net_accept_now(listener, BLOCKING_SOCKET);

    if (client >= 0)
        serve_in_new_process(client);
    else if (client == NO_RESOURCES)
        wait_for_resources("accept");
    /* else NO_CLIENT: it has left again */
}

static void serve_per_client(void)
{
    while (!shutdown_asked()) {
        bool free_slot = children_count() < options.max_clients;
        if (wait_for_event(free_slot ? listener : NO_DESCRIPTOR, FOR_EVER))
            accept_client();
    }
}

/* ---- The parent of a pool, in which each process accepts for itself ---- */

static void start_worker(void)
{
    if (!start_child(serve_one_after_another, NO_CLIENT))
        wait_for_resources("fork");
}

/* Starts the workers, and another for each that dies (a little later, if it died young). */
static void serve_with_pool(void)
{
    while (!shutdown_asked()) {
        bool missing = children_count() < options.pool;
        int delay = missing ? clock_milliseconds_until(children_next_start()) : FOR_EVER;
        if (delay == 0)
            start_worker();
        else
            wait_for_event(NO_DESCRIPTOR, delay);
    }
}

/* ---- The server ---- */

/* Clients that connected before the stop get a process, too, which answers what they have sent. In
 * a pool the workers accept; if some have ended, and clients still wait, new workers start. */
static void serve_backlog(void)
{
    long most = options.pool > 0 ? options.pool : options.max_clients;

    while (shutdown_milliseconds_left()) {
        if (children_count() >= most)
            wait_for_event(NO_DESCRIPTOR, shutdown_milliseconds_left());
        else if (!wait_for_event(listener, NO_WAIT))
            return; /* the backlog is empty */
        else if (options.pool > 0)
            start_worker();
        else
            accept_client();
    }
}

/* The first wait_for_event that sees the signal has passed the stop on to the children: each
 * answers what has arrived, and ends. After 5 seconds it is cut. */
static void stop(void)
{
    net_freeze_backlog(listener); /* listen(0): at most one more joins it */
    serve_backlog();
    close(listener);
    while (children_count() > 0 && shutdown_milliseconds_left())
        wait_for_event(NO_DESCRIPTOR, shutdown_milliseconds_left());
    children_send_signal(SIGKILL);
    alarm(SHUTDOWN_LIMIT / 1000); /* should even that hang, this ends the parent */
    while (children_count() > 0)
        wait_for_event(NO_DESCRIPTOR, FOR_EVER);
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

    read_options(argc, argv); /* prepares for SIGTERM, too: now it asks for a stop */
    stats_prepare(1 + options.max_clients, counters); /* the parent, and each child */
    children_prepare(options.max_clients);
    listener = options_listen();
    if (options.pool > 0)
        serve_with_pool();
    else
        serve_per_client();
    stop();
    return EXIT_SUCCESS;
}
