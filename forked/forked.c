/* forked/forked.c - one process per client, or a pool of processes that all accept.
 * Each has memory of its own; to share a number takes a pipe, or a page that fork does not copy. */
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
    shutdown_end_input_on_signal(client); /* on SIGTERM: see stop() */
    handle_client(client, &model);        /* closes the client's socket at the end */
}

static void serve_one_client(int client)
{
    close(listener); /* the parent accepts; a copy here would keep the port in use */
    serve(client);
}

/* A worker of a pool: it is forked with no client yet. After SIGTERM net_accept returns those who
 * are left in the backlog, and then STOPPED. */
static void serve_one_after_another(int client)
{
    while ((client = net_accept(listener)) != STOPPED)
        if (client != NO_RESOURCES)
            serve(client);
        else {
            warn_rarely("accept");
            clock_sleep(100); /* the system is out of memory or descriptors; look again soon */
        }
}

/* Forks a child that calls work(client), and then ends. Returns false, with errno, on failure. */
static bool start_child(void (*work)(int), int client)
{
    long slot = children_find_slot(); /* in the table of children */

    shutdown_block_signals(); /* their handler writes to a pipe; first the child needs its own */
    pid_t process = fork();
    if (process == 0) {
        children_in_child(slot);
        pipe_tally_in_child();
        shutdown_in_child(); /* opens the child's own pipe; if a stop has begun, the child knows */
        shutdown_unblock_signals();
        work(client);
        _exit(EXIT_SUCCESS); /* not exit: its clean-up belongs to the parent */
    }
    if (process > 0)
        children_add(slot, process);
    shutdown_unblock_signals();
    return process > 0;
}

/* ---- What the parent does ---- */

/* It waits in wait_for_event alone, also when it waits for resources or for children. The function
 * returns whether the descriptor is readable. Any other event is dealt with in there, and ends the
 * wait: a child has ended, one asks for a number, all are to stop. */

static void serve_in_new_process(int client)
{
    while (!start_child(serve_one_client, client))
        if (!wait_for_resources("fork")) { /* no child is left to free any, or no time */
            net_refuse(client);            /* tells it, and closes its socket */
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
        wait_for_resources("accept"); /* the caller tries again */
    /* else NO_CLIENT: it has left again */
}

static void serve_per_client(void)
{
    while (!shutdown_asked())
        if (wait_for_event(children_full() ? NO_DESCRIPTOR : listener, FOR_EVER))
            accept_client();
}

static void start_worker(void)
{
    if (!start_child(serve_one_after_another, NO_CLIENT))
        wait_for_resources("fork"); /* the caller tries again */
}

/* Starts the workers, and another for each that dies (a little later, if it died young). */
static void serve_with_pool(void)
{
    while (!shutdown_asked()) {
        int delay = children_start_delay(); /* FOR_EVER while none is missing */
        if (delay == 0)
            start_worker();
        else
            wait_for_event(NO_DESCRIPTOR, delay);
    }
}

/* ---- The server ---- */

/* In a pool the workers serve it, and end when it is empty. This replaces who died before. */
static void serve_backlog(void)
{
    while (shutdown_milliseconds_left() > 0)
        if (children_full())
            wait_for_event(NO_DESCRIPTOR, shutdown_milliseconds_left());
        else if (!wait_for_event(listener, NO_WAIT))
            return; /* the backlog is empty */
        else if (options.pool > 0)
            start_worker(); /* one is missing, or children_full would be true */
        else
            accept_client();
}

/* After SIGTERM or SIGINT. The wait that it ended, or the next one, passes it on to all children:
 * each handler answers what has arrived, then sees end of file, and its process ends. */
static void stop(void)
{
    net_freeze_backlog(listener); /* listen(0): lets no more clients into the backlog */
    serve_backlog();              /* handlers of those in it do that, too */
    close(listener);
    wait_for_children(); /* 5 seconds after the signal, those that still run are killed */
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
    tally_prepare(model.count);
}

int main(int argc, char **argv)
{
    read_options(argc, argv); /* and from here on, SIGTERM only asks for a stop */
    children_prepare(options.pool > 0 ? options.pool : options.max_clients);
    listener = options_listen();
    if (options.pool > 0)
        serve_with_pool();
    else
        serve_per_client();
    stop();
    return EXIT_SUCCESS;
}
