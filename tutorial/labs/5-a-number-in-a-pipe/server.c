/* tutorial/labs/5-a-number-in-a-pipe/server.c - a process for each client. The parent owns a
 * number, and answers the questions of its children for it, each of which comes through a link.
 * This file is given: you write link.c. */
#include "link.h"

#include "clock.h"
#include "compute.h"
#include "handle_client.h"
#include "messages.h"
#include "net.h"
#include "options.h"
#include "shutdown.h"
#include "stats.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

enum { MOST_CHILDREN = 100 };

static int listener;
static long number; /* the parent's: a child has a copy, which does not change any more */

/* ---- In a child ---- */

static struct link own;

static long count(void)
{
    long next = link_ask(&own);

    if (next <= 0)
        _exit(EXIT_FAILURE); /* the parent has ended */
    return next;
}

static const struct model model = {.wait = clock_sleep, .compute = compute, .count = count};

/* ---- In the parent ---- */

static struct link links[MOST_CHILDREN]; /* to the children that there are, as far as it knows */
static int children;

static void start_child(int client)
{
    struct link link;

    if (!link_open(&link)) {
        warn("link");
        net_refuse(client);
        return;
    }
    pid_t process = fork();
    if (process == 0) {
        close(listener);
        shutdown_in_child();
        link_keep_childs_end(&link, links, children);
        own = link;
        handle_client(client, &model);
        _exit(EXIT_SUCCESS);
    }
    if (process < 0)
        warn("fork");
    close(client);
    link_keep_parents_end(&link);
    links[children++] = link;
    stats_add(WORKERS, 1);
}

static void forget_child(int i)
{
    close(links[i].parents_end);
    links[i] = links[--children];
    stats_add(WORKERS, -1);
}

static void accept_client(void)
{
    int client = net_accept_now(listener, true);

    if (client >= 0)
        start_child(client);
}

/* Waits for a client, a signal to stop, or a link that is readable, and deals with them. */
static void serve_once(void)
{
    struct pollfd watched[MOST_CHILDREN + 2];
    int links_watched = children;

    for (int i = 0; i < links_watched; i++)
        watched[i] = (struct pollfd){.fd = links[i].parents_end, .events = POLLIN};
    struct pollfd *client = &watched[links_watched], *stop = client + 1;
    *client = (struct pollfd){.fd = children < MOST_CHILDREN ? listener : -1, .events = POLLIN};
    *stop = (struct pollfd){.fd = shutdown_descriptor(), .events = POLLIN};

    if (poll(watched, (nfds_t)links_watched + 2, -1) <= 0)
        return;
    for (int i = links_watched - 1; i >= 0; i--) /* forget_child moves the last one */
        if (watched[i].revents && !link_answer(&links[i], &number))
            forget_child(i);
    if (client->revents)
        accept_client();
}

int main(int argc, char **argv)
{
    static const enum counter counters[] = {END_OF_COUNTERS};

    options_read(argc, argv, "Serves each client in a process of its own.", NULL);
    signal(SIGCHLD, SIG_IGN); /* children need not be reaped */
    stats_prepare(1, counters);
    listener = options_listen();
    while (!shutdown_asked())
        serve_once();
    return EXIT_SUCCESS;
}
