/* async/server.c - accepts clients in an event loop, and runs a task for each.
 * Each loop's thread has a server of its own; they share nothing but the listener. */
#include "server.h"

#include "clock.h"
#include "messages.h"
#include "net.h"
#include "shutdown.h"
#include "stats.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static _Thread_local struct server {
    struct task acceptor;
    struct task stopper;
    void (*handle)(struct task *);
    long clients, max_clients;
    bool full; /* the acceptor waits until a client leaves */
    bool stopping;
} server;

static int listener;
static atomic_int accepting; /* servers that still need the listener, or are yet to start */

void share_listener(int shared, int servers)
{
    listener = shared;
    accepting = servers;
}

/* ---- A task for each client ---- */

void end_client(struct client *c)
{
    end_task(&c->task);
    session_finish(&c->session);
    free(c);
    server.clients--;
    if (server.full) {
        server.full = false;
        until_ready(&server.acceptor, READABLE, NEVER);
    }
    if (server.stopping && server.clients == 0)
        loop_stop(server.stopper.loop);
}

static void start_client(struct loop *loop, int socket)
{
    struct client *c = calloc(1, sizeof *c);

    if (!c) {
        warn_rarely("a new client");
        net_refuse(socket);
        return;
    }
    server.clients++;
    session_start_nonblocking(&c->session, socket);
    if (!create_task(loop, &c->task, server.handle, socket)) {
        warn_rarely("a new client");
        net_say_busy(socket);
        session_finish(&c->session);
        free(c);
        server.clients--;
    }
}

/* ---- Accepting ---- */

/* Runs whenever somebody knocks. It takes in a few, then lets the others have a turn. */
static void accept_clients(struct task *acceptor)
{
    enum { AT_ONCE = 16 };
    int client = NO_CLIENT;

    for (int i = 0; i < AT_ONCE && server.clients < server.max_clients; i++) {
        client = net_accept_now(listener, false);
        if (client < 0)
            break;
        start_client(acceptor->loop, client);
    }
    server.full = client == NO_RESOURCES || server.clients >= server.max_clients;
    if (client == NO_RESOURCES)
        warn_rarely("accept");
    if (server.full)
        call_later(acceptor, 1000); /* or when a client leaves: see end_client */
    else
        until_ready(acceptor, READABLE, NEVER);
}

/* ---- Stopping ---- */

static void hang_up_all(struct loop *loop)
{
    for (int descriptor = 0; descriptor < loop_room(loop); descriptor++) {
        struct task *task = loop_task(loop, descriptor);
        if (task && task->run == server.handle)
            shutdown(descriptor, SHUT_RD); /* its handler sees the end of file */
    }
}

/* Runs at the beginning, when the signal has come, and when the time is up. */
static void stop_when_asked(struct task *stopper)
{
    if (!shutdown_asked()) {
        until_ready(stopper, READABLE, NEVER);
    } else if (!server.stopping) {
        server.stopping = true;
        server.full = false;
        end_task(&server.acceptor);
        if (atomic_fetch_sub(&accepting, 1) == 1)
            close(listener); /* no loop needs it any more; the port is free */
        hang_up_all(stopper->loop);
        call_later(stopper, SHUTDOWN_LIMIT);
        if (server.clients == 0)
            loop_stop(stopper->loop);
    } else {
        loop_stop(stopper->loop);
    }
}

/* The stopper comes last: it may have to end the acceptor at once. */
void start_server(struct loop *loop, void (*handle)(struct task *), long max_clients)
{
    server.handle = handle;
    server.max_clients = max_clients;
    if (!create_task(loop, &server.acceptor, accept_clients, listener) ||
        !create_task(loop, &server.stopper, stop_when_asked, shutdown_descriptor()))
        die("event loop");
}
