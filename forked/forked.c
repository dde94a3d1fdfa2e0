/* forked/forked.c - one process per client, or a pool of processes that take turns to accept.
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
#include "session.h"
#include "shutdown.h"
#include "stats.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- How it waits, computes and shares ---- */

static struct model model = {
    .wait = clock_sleep, /* this process blocks, the others run */
    .compute = compute,  /* here and now; the others do so on the other cores */
    .count = NULL,       /* separate memories: see tally.c for three ways */
};

/* ---- In a child ---- */

static int listener;

static void serve(int client)
{
    shutdown_hangs_up(client);
    handle_client(client, &model);
    shutdown_hangs_up(-1);
}

/* A process for one client. */
static void serve_one(int client)
{
    close(listener); /* the parent accepts; a copy here would keep the port in use */
    shutdown_leave_to_parent();
    pipe_tally_join();
    serve(client);
}

/* A process of the pool: it accepts for itself, one client after the other. */
static void accept_and_serve(int unused)
{
    int client;

    (void)unused;
    shutdown_prepare();
    pipe_tally_join();
    while ((client = net_accept(listener)) != STOPPED)
        if (client != NO_ROOM)
            serve(client);
        else {
            warn_seldom("accept");
            clock_sleep(100); /* the whole system is out of descriptors; look again soon */
        }
}

/* ---- In the parent ---- */

/* Waits for something to do: collects children and answers their questions here, and returns
 * true when a client knocks at the door (-1: at none). */
static bool attend(int door, int milliseconds)
{
    struct pollfd watched[] = {
        {.fd = door, .events = POLLIN},
        {.fd = shutdown_asked() ? -1 : shutdown_descriptor(), .events = POLLIN},
        {.fd = children_descriptor(), .events = POLLIN},
        {.fd = pipe_tally_descriptor(), .events = POLLIN},
    };

    if (poll(watched, sizeof watched / sizeof watched[0], milliseconds) <= 0)
        return false; /* the time is up, or a signal came: the caller looks again */
    if (watched[2].revents)
        children_reap();
    if (watched[3].revents)
        pipe_tally_answer();
    return watched[0].revents != 0;
}

/* Gives the client a process. False when there was none to be had, but there may be later. */
static bool hand_over(int client)
{
    if (children_start(serve_one, client)) {
        close(client); /* the child has its own copy */
        return true;
    }
    warn_seldom("fork");
    if (children_count() > 0)
        return false;
    net_refuse(client); /* nobody is there whose end we could wait for */
    return true;
}

/* No descriptor is left: waits for a child to end, or a second, before the next try. */
static int no_room(void)
{
    warn_seldom("accept");
    attend(-1, 1000);
    return NOBODY;
}

static void fork_for_each_client(void)
{
    int client = NOBODY;

    while (!shutdown_asked()) {
        bool room = client == NOBODY && children_count() < options.max_clients;
        bool knock = attend(room ? listener : -1, client == NOBODY ? -1 : 1000);
        if (knock)
            client = net_accept_now(listener, true);
        if (client == NO_ROOM)
            client = no_room();
        if (client >= 0 && hand_over(client))
            client = NOBODY;
    }
    if (client >= 0)
        net_refuse(client);
}

static void keep_a_pool(void)
{
    while (!shutdown_asked()) {
        while (children_count() < options.pool && children_pause() == 0)
            if (!children_start(accept_and_serve, 0)) {
                warn_seldom("fork");
                break;
            }
        attend(-1, children_count() < options.pool ? 1 + children_pause() : -1);
    }
}

/* Their clients hear the end of file, as those of a thread do; who does not end is cut. */
static void end_children(void)
{
    int64_t limit = clock_in(SHUTDOWN_LIMIT);

    children_signal(SIGTERM);
    while (children_count() > 0 && clock_now() < limit)
        attend(-1, 100);
    children_signal(SIGKILL);
    while (children_count() > 0)
        attend(-1, 100);
}

int main(int argc, char **argv)
{
    static int tally;
    static const struct flag own[] = {
        {'n', "processes", "N", "a pool of N processes; without it, one process per client",
         .number = &options.pool, .min = 1, .max = 1000},
        {0, "tally", "HOW", "how processes count together; private goes wrong (%s)",
         .choice = &tally, .words = tally_names},
        {0},
    };
    static const enum counter counters[] = {REAPED, CRASHED, COUNTERS};

    options_begin(argc, argv, "Serves each client in a process of its own.", own);
    options_check_pool("processes");
    stats_prepare((int)options.max_clients + 1, counters);
    children_prepare(options.max_clients);
    model.count = tally_prepare(tally);
    session_one_at_a_time();
    listener = options_listen();
    if (options.pool > 0)
        keep_a_pool();
    else
        fork_for_each_client();
    close(listener); /* nobody else gets in; the port is free */
    end_children();
    return EXIT_SUCCESS;
}
