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

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST_CHILDREN = 100 };

/* The number begins with this, so that an answer needs all bytes of a long. Clients are told how
 * often it was added to. */
static const long beginning = LONG_MAX / 3;

static int listener;
static long number = LONG_MAX / 3; /* the parent's: a child's copy does not change any more */

/* ---- In a child ---- */

static struct link own;

static long count(void)
{
    long next = link_ask(&own);

    if (next == 0) {
        if (options.verbose)
            say(STDERR_FILENO, "link_ask() returned 0");
        _exit(EXIT_FAILURE); /* the parent has ended */
    }
    return next >= beginning ? next - beginning : next;
}

static const struct model model = {.wait = clock_sleep, .compute = compute, .count = count};

/* ---- In the parent ---- */

static struct link links[MOST_CHILDREN]; /* to the children that there are, as far as it knows */
static int children;

static bool is_closed(int descriptor)
{
    return descriptor >= 0 && fcntl(descriptor, F_GETFD) < 0;
}

/* In a child. The number of a descriptor that the parent has closed, and what is beside the links
 * in memory, may be that of any descriptor by now. Here it is the client's, so that it shows. */
static void keep_childs_end(struct link *link, int client)
{
    struct link all[MOST_CHILDREN + 2], *others = all + 1;

    for (int i = -1; i <= children; i++)
        others[i] = (struct link){.parents_end = client, .childs_end = client};
    for (int i = 0; i < children; i++) {
        others[i].parents_end = links[i].parents_end;
        if (links[i].childs_end < 0)
            others[i].childs_end = -1;
    }
    link_keep_childs_end(link, others, children);
    if (is_closed(client) || is_closed(link->childs_end))
        say(STDERR_FILENO, "link_keep_childs_end() closed what the child needs");
}

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
        keep_childs_end(&link, client);
        own = link;
        handle_client(client, &model);
        _exit(EXIT_SUCCESS);
    }
    if (process < 0)
        warn("fork");
    close(client);
    link_keep_parents_end(&link);
    if (is_closed(link.parents_end))
        say(STDERR_FILENO, "link_keep_parents_end() closed what the parent needs");
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

/* Once there was SIGUSR1, the parent ends when it has taken a question. */
static volatile sig_atomic_t ends_early;

static void on_signal(int number_of_signal)
{
    ends_early = number_of_signal;
}

static void answer(int i)
{
    int link = links[i].parents_end;
    char question[64];

    if (ends_early)
        _exit((int)read(link, question, sizeof question));
    if (options.verbose)
        say(STDERR_FILENO, recv(link, question, 1, MSG_PEEK) == 0 ? "a child has ended"
                                                                  : "link_answer() is called");
    if (link_answer(&links[i], &number))
        return;
    if (options.verbose)
        say(STDERR_FILENO, "link_answer() returned false");
    forget_child(i);
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
        if (watched[i].revents)
            answer(i);
    if (client->revents)
        accept_client();
}

int main(int argc, char **argv)
{
    options_read(argc, argv, "Serves each client in a process of its own.", NULL);
    signal(SIGCHLD, SIG_IGN); /* children need not be reaped */
    signal(SIGUSR1, on_signal);
    stats_prepare(1, NULL);
    listener = options_listen();
    while (!shutdown_asked())
        serve_once();
    return EXIT_SUCCESS;
}
