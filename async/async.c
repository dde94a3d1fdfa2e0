/* async/async.c - one thread for all clients: a task for each, and an event loop that wakes
 * whichever can go on. What would block is awaited; what computes is given to an executor. */
#include "executor.h"
#include "loop.h"

#include "clock.h"
#include "compute.h"
#include "messages.h"
#include "net.h"
#include "options.h"
#include "session.h"
#include "shutdown.h"
#include "stats.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* All that lives as long as the loop. */
static struct server {
    struct task acceptor;
    struct task stopper;
    int listener;
    long clients;
    bool full; /* the acceptor waits until a client leaves */
    bool stopping;
} server;

/* All that a client's task must remember while it waits. */
struct client {
    struct task task; /* first, so that a pointer to the one is a pointer to the other */
    struct session session;
    struct request request; /* once it is done, its number is the one for the reply */
    union {
        int64_t wake;    /* SLEEP: when it is over */
        struct job *job; /* PRIMES: what the executor has in hand */
    };
    bool begun; /* the sleep or the job */
    bool gone;
};

/* ---- How it waits, computes and shares ---- */

/* A request has come, or the client has gone. */
static bool received(struct client *c)
{
    enum event event = session_next(&c->session, &c->request);

    if (event == UNREADABLE)
        return until_ready(&c->task, READABLE, c->session.deadline);
    if (event == UNWRITABLE)
        return until_ready(&c->task, WRITABLE, c->session.deadline);
    c->gone = event == GONE;
    return true;
}

static bool slept(struct client *c)
{
    if (!c->begun) {
        c->begun = true;
        c->wake = clock_in(c->request.number);
        stats_add(WAITING, 1);
    }
    if (clock_now() < c->wake)
        return until_time(&c->task, c->wake);
    c->begun = false;
    stats_add(WAITING, -1);
    return true;
}

static bool computed(struct client *c)
{
    if (!c->begun) {
        c->begun = true;
        c->job = run_in_executor(&c->task, compute, &c->request);
    }
    if (c->job && !c->job->call.done)
        return until_called(&c->task);
    c->request.number = c->job ? c->job->result : compute(&c->request);
    free(c->job); /* NULL: there was no memory for one, so it was done here */
    c->begun = false;
    return true;
}

/* One thread, and no await in here: nobody else can count meanwhile. */
static void count(struct client *c)
{
    static long counter;
    c->request.number = ++counter;
}

static void answer(struct client *c)
{
    if (c->request.verb == COUNT)
        count(c);
    session_reply(&c->session, &c->request, c->request.number);
}

/* So much has been sent that there is room for another reply. */
static bool sent(struct client *c)
{
    if (session_crowded(&c->session) && session_send(&c->session) == UNWRITABLE)
        return until_ready(&c->task, WRITABLE, c->session.deadline);
    return true;
}

/* ---- A task for each client ---- */

static void end_client(struct client *c)
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

static void handle_client_async(struct task *task)
{
    struct client *c = (struct client *)task;

    task_begin(&c->task);
    for (;;) {
        await(&c->task, received(c)); /* line = await reader.readline() */
        if (c->gone)
            break;
        if (c->request.verb == SLEEP)
            await(&c->task, slept(c)); /* await asyncio.sleep() */
        if (c->request.verb == PRIMES || c->request.verb == HOLD)
            await(&c->task, computed(c)); /* await loop.run_in_executor() */
        answer(c);
        await(&c->task, sent(c)); /* await writer.drain() */
    }
    end_client(c);
    task_end(&c->task);
}

static void start_client(struct loop *loop, int socket)
{
    struct client *c = calloc(1, sizeof *c);

    if (!c) {
        warn_seldom("a new client");
        net_refuse(socket);
        return;
    }
    server.clients++;
    session_start_without_blocking(&c->session, socket);
    if (!create_task(loop, &c->task, handle_client_async, socket)) {
        warn_seldom("a new client");
        net_say_busy(socket);
        session_finish(&c->session);
        free(c);
        server.clients--;
    }
}

/* ---- The server ---- */

/* Runs whenever somebody knocks. It takes in a few, then lets the others have a turn. */
static void accept_clients(struct task *acceptor)
{
    enum { AT_ONCE = 16 };
    int client = NOBODY;

    for (int i = 0; i < AT_ONCE && server.clients < options.max_clients; i++) {
        client = net_accept_now(server.listener, false);
        if (client < 0)
            break;
        start_client(acceptor->loop, client);
    }
    server.full = client == NO_ROOM || server.clients >= options.max_clients;
    if (client == NO_ROOM)
        warn_seldom("accept");
    if (server.full)
        until_time(acceptor, clock_in(1000)); /* or when a client leaves: see end_client */
    else
        until_ready(acceptor, READABLE, NEVER);
}

static void hang_up_all(struct loop *loop)
{
    for (int descriptor = 0; descriptor < loop_room(loop); descriptor++) {
        struct task *task = loop_task(loop, descriptor);
        if (task && task->run == handle_client_async)
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
        close(server.listener);
        hang_up_all(stopper->loop);
        until_time(stopper, clock_in(SHUTDOWN_LIMIT));
        if (server.clients == 0)
            loop_stop(stopper->loop);
    } else {
        loop_stop(stopper->loop);
    }
}

/* asyncio.start_server(): from now on the loop accepts clients and runs a task for each. */
static void start_server(struct loop *loop, int listener)
{
    server.listener = listener;
    if (!create_task(loop, &server.stopper, stop_when_asked, shutdown_descriptor()) ||
        !create_task(loop, &server.acceptor, accept_clients, listener))
        die("event loop");
}

static long cores(void)
{
    long online =
        sysconf(_SC_NPROCESSORS_ONLN); /* in every libc, though not yet in POSIX 2008 */
    return online > 0 ? online : 1;
}

int main(int argc, char **argv)
{
    static long workers;
    static int backend;
    static const struct flag own[] = {
        {'w', "workers", "N", "threads that compute; 0: the loop does it itself (%s)",
         .number = &workers, .max = 1000},
        {0, "backend", "HOW", "how the loop asks who is ready (%s)", .choice = &backend,
         .words = backend_names},
        {0},
    };
    static const enum counter counters[] = {WAKEUPS, SCANNED, QUEUED, COUNTERS};

    workers = cores();
    options.max_clients = 0;
    options_begin(argc, argv, "Serves all clients in one thread, by an event loop.", own);
    stats_prepare(1, counters);
    executor_prepare(workers);
    struct loop *loop = loop_create(backends[backend]);
    start_server(loop, options_listen());
    serve_forever(loop);
    return EXIT_SUCCESS;
}
