/* async/server.c - accepts clients in an event loop, and runs a task for each.
 * Each loop's thread has a server of its own; they share nothing but the listener. */
#include "server.h"

#include "clock.h"
#include "messages.h"
#include "net.h"
#include "shutdown.h"
#include "trace.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

static _Thread_local struct server {
    struct task acceptor;
    struct task stopper;
    long clients, max_clients;
    bool full; /* the acceptor waits until a client leaves */
    bool stopping;
    bool accepting;
} server;

static struct server_thread {
    pthread_t thread;
    struct loop *loop;
    long share; /* of max_clients */
} threads[MOST_SERVERS];

static long servers;
static int listener;
static atomic_long servers_accepting;     /* that still need the listener, or are yet to start */
static void (*handle)(struct task *task); /* a client's */

/* ---- A task for each client ---- */

static void free_client(struct client *c)
{
    server.clients--;
    session_finish(&c->session);
    free(c);
}

static void stop_if_done(void)
{
    if (server.stopping && !server.accepting && server.clients == 0)
        loop_stop(server.acceptor.loop);
}

void end_client(struct client *c)
{
    end_task(&c->task);
    free_client(c);
    if (server.full) {
        server.full = false;
        wake_at(&server.acceptor, 0);
    }
    stop_if_done();
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
    server.clients++;
    if (!create_task(loop, &c->task, handle, socket)) {
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
    stop_if_done();
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

/* ---- Stopping ---- */

/* The handler sees end of file after the requests that have arrived. */
static void end_input(struct task *task)
{
    if (task->run == handle)
        net_end_input(task->descriptor);
}

/* Runs at the beginning, when the signal has come, and when the time is up. */
static void stop_when_asked(struct task *stopper)
{
    if (!shutdown_asked()) {
        wake_when_ready(stopper, READABLE, NEVER);
    } else if (!server.stopping) {
        server.stopping = true;
        net_freeze_backlog(listener);
        for_each_task(stopper->loop, end_input);
        wake_at(&server.acceptor, 0); /* what is in the backlog is served */
        wake_at(stopper, shutdown_deadline());
    } else {
        loop_stop(stopper->loop);
    }
}

/* ---- A thread for each server ---- */

void create_servers(long count, const struct backend *backend)
{
    servers = count;
    servers_accepting = count;
    for (long i = 0; i < servers; i++)
        threads[i].loop = loop_create(backend);
}

static void start_server(struct loop *loop, long max_clients)
{
    server.max_clients = max_clients;
    server.accepting = true;
    if (!create_task(loop, &server.acceptor, accept_clients, listener) ||
        !create_task(loop, &server.stopper, stop_when_asked, shutdown_descriptor()))
        die("event loop");
}

static void *run_server(void *argument)
{
    struct server_thread *mine = argument;

    trace_call_thread("loop");
    start_server(mine->loop, mine->share);
    serve_forever(mine->loop); /* blocks; after a stop, until all have been answered */
    trace_flush();
    return NULL;
}

void run_servers(int shared, long max_clients, void (*handle_client)(struct task *))
{
    listener = shared;
    handle = handle_client;
    for (long i = 0; i < servers; i++)
        threads[i].share = (max_clients + i) / servers; /* the sum is max_clients */
    for (long i = 1; i < servers; i++) {
        errno = pthread_create(&threads[i].thread, NULL, run_server, &threads[i]);
        if (errno != 0)
            die("pthread_create");
    }
    run_server(&threads[0]);
    for (long i = 1; i < servers; i++)
        pthread_join(threads[i].thread, NULL);
}
