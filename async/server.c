/* async/server.c - accepts clients in an event loop, and runs a task for each.
 * Each loop's thread has a server of its own; they share nothing but the listener. */
#include "server.h"

#include "clock.h"
#include "messages.h"
#include "net.h"
#include "shutdown.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

static _Thread_local struct server {
    struct task acceptor;
    struct task stopper;
    void (*handle)(struct task *);
    struct client *first; /* of the list of clients */
    long clients, max_clients;
    bool full; /* the acceptor waits until a client leaves */
    bool stopping;
    bool accepting;
} server;

static int listener;
static atomic_long servers_accepting; /* that still need the listener, or are yet to start */

void prepare_servers(long servers, int shared_listener)
{
    listener = shared_listener;
    servers_accepting = servers;
}

/* ---- A task for each client ---- */

static void link_client(struct client *c)
{
    c->next = server.first;
    if (c->next)
        c->next->previous = c;
    server.first = c;
    server.clients++;
}

static void free_client(struct client *c)
{
    if (c->previous)
        c->previous->next = c->next;
    else
        server.first = c->next;
    if (c->next)
        c->next->previous = c->previous;
    server.clients--;
    session_finish(&c->session);
    free(c);
}

static void stop_if_done(struct loop *loop)
{
    if (server.stopping && !server.accepting && server.clients == 0)
        loop_stop(loop);
}

void end_client(struct client *c)
{
    struct loop *loop = c->task.loop;

    end_task(&c->task);
    free_client(c);
    if (server.full) {
        server.full = false;
        wake_at(&server.acceptor, 0);
    }
    stop_if_done(loop);
}

static void start_client(struct loop *loop, int socket)
{
    struct client *c = calloc(1, sizeof *c);

    if (!c) {
        warn_rarely("a new client");
        net_refuse(socket);
        return;
    }
    session_start_nonblocking(&c->session, socket);
    link_client(c);
    if (!create_task(loop, &c->task, server.handle, socket)) {
        warn_rarely("a new client");
        net_say_busy(socket);
        free_client(c);
    }
}

/* ---- Accepting ---- */

static void stop_accepting(void)
{
    end_task(&server.acceptor);
    server.accepting = false;
    if (atomic_fetch_sub(&servers_accepting, 1) == 1)
        close(listener); /* no loop needs it any more; the port is free */
    stop_if_done(server.acceptor.loop);
}

/* Runs when the listener is readable. It accepts a few clients, then the others have a turn. */
static void accept_clients(struct task *acceptor)
{
    enum { AT_ONCE = 16 };
    int client = NO_CLIENT;

    for (int i = 0; i < AT_ONCE && server.clients < server.max_clients; i++) {
        client = net_accept_now(listener, NONBLOCKING_SOCKET);
        if (client < 0)
            break;
        start_client(acceptor->loop, client);
    }
    server.full = client == NO_RESOURCES || server.clients >= server.max_clients;
    if (client == NO_RESOURCES)
        warn_rarely("accept");
    if (server.full)
        wake_at(acceptor, clock_in(1000)); /* or when a client leaves: see end_client */
    else if (!server.stopping)
        wake_when_ready(acceptor, READABLE, NEVER);
    else if (client != NO_CLIENT)
        wake_at(acceptor, 0);
    else
        stop_accepting(); /* the backlog is empty */
}

void start_server(struct loop *loop, void (*handle)(struct task *), long max_clients)
{
    server.handle = handle;
    server.max_clients = max_clients;
    server.accepting = true;
    if (!create_task(loop, &server.acceptor, accept_clients, listener))
        die("event loop");
}

/* ---- Stopping ---- */

/* The handlers see end of file after the requests that have arrived. */
static void end_input_of_all(void)
{
    for (struct client *c = server.first; c; c = c->next)
        net_end_input(c->session.channel.socket);
}

/* Runs at the beginning, when the signal has come, and when the time is up. */
static void stop_when_asked(struct task *stopper)
{
    if (!shutdown_asked()) {
        wake_when_ready(stopper, READABLE, NEVER);
    } else if (!server.stopping) {
        server.stopping = true;
        net_freeze_backlog(listener);
        end_input_of_all();
        wake_at(&server.acceptor, 0); /* what is in the backlog is served */
        wake_at(stopper, shutdown_deadline());
    } else {
        loop_stop(stopper->loop);
    }
}

void stop_server_on_signal(struct loop *loop)
{
    if (!create_task(loop, &server.stopper, stop_when_asked, shutdown_descriptor()))
        die("event loop");
}
