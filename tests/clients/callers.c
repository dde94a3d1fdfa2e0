/* tests/clients/callers.c - the clients of bin/load: each connects, asks, checks the replies, and
 * closes its connection.
 * Written on async's event loop and tasks: the same file serves clients here, servers there. */
#include "callers.h"

#include "latency.h"
#include "replies.h"

#include "clock.h"
#include "loop.h"
#include "messages.h"
#include "net.h"
#include "request.h"

#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CONNECTING_AT_ONCE = 64 };

static const struct plan *plan;

/* The request, once more than the depth: any part of that many can be sent in one piece. */
static char *batch;
static size_t length; /* of one request with its line end */

static void prepare_batch(void)
{
    length = strlen(plan->request) + 1;
    batch = malloc(length * (size_t)(plan->depth + 1));
    if (!batch)
        die("requests");
    for (long i = 0; i <= plan->depth; i++) {
        memcpy(batch + length * (size_t)i, plan->request, length - 1);
        batch[length * (size_t)(i + 1) - 1] = '\n';
    }
}

/* ---- One client ---- */

struct caller {
    struct task task; /* first, so that a pointer to the one is a pointer to the other */
    long done;        /* replies on its connections before this one */
    long asked;       /* requests that may go out on this one */
    long answered;    /* replies to those */
    size_t unsent;    /* bytes of those requests */
    int64_t deadline; /* when we give up */
    size_t in_end;
    const struct addrinfo *server; /* where it connects to */
    bool spoke;                    /* and so should wait before it listens */
    bool over;                     /* this connection */
    bool elsewhere;                /* to be tried at another address */
    char in[LINE_LIMIT + 1];       /* the beginning of the next reply */
    int64_t asked_at[];            /* by the request's number, modulo depth */
};

static const struct addrinfo *server; /* its address that was reached, or is to be tried next */
static bool reached;
static struct loop *loop;
static struct caller **callers;
static struct task starter;
static long begun, connecting, settled, finished; /* how many of the callers */
static struct outcome outcome;
static int64_t started, ends = NEVER;
static bool may_ask; /* not yet, when idle */

static int64_t give_up_after(int64_t now)
{
    return now + (int64_t)plan->patience * 1000 * NANOSECONDS_PER_MILLISECOND;
}

static bool more_to_ask(const struct caller *c)
{
    if (plan->duration)
        return clock_now() < ends;
    return c->done + c->asked < plan->requests;
}

/* Sends as many requests as may be on their way at the same time. */
static void ask(struct caller *c)
{
    while (c->asked - c->answered < plan->depth && !(plan->churn && c->asked > 0) &&
           more_to_ask(c)) {
        c->asked_at[c->asked++ % plan->depth] = clock_now();
        c->unsent += length;
    }
    size_t position = ((size_t)c->asked * length - c->unsent) % length;
    ssize_t size = c->unsent ? write(c->task.descriptor, batch + position, c->unsent) : 0;
    if (size > 0)
        c->unsent -= (size_t)size;
    /* If that failed for good, the next read meets the same error. */
    c->spoke = true;
    c->over = c->asked == c->answered;
}

static void take_reply(struct caller *c, const char *reply, size_t size)
{
    int64_t now = clock_now();

    latency_add(now - c->asked_at[c->answered++ % plan->depth]);
    outcome.replies++;
    outcome.wrong += !replies_check(reply, size);
    c->deadline = give_up_after(now);
}

/* Cuts the replies out of what has arrived. A reply without a request is wrong. */
static void take_replies(struct caller *c)
{
    char *start = c->in, *end;

    while ((end = memchr(start, '\n', c->in_end - (size_t)(start - c->in))) != NULL) {
        if (c->answered < c->asked)
            take_reply(c, start, (size_t)(end - start));
        else
            outcome.wrong++;
        start = end + 1;
    }
    c->in_end -= (size_t)(start - c->in);
    memmove(c->in, start, c->in_end);
}

/* Some replies have come, more can be sent, or the connection is over: it was ended, or nothing
 * came for too long. */
static bool heard(struct caller *c)
{
    if (c->spoke) { /* the reply cannot be there yet */
        c->spoke = false;
        wake_when_ready(&c->task, READABLE | (c->unsent ? WRITABLE : 0), c->deadline);
        return false;
    }
    ssize_t size = read(c->task.descriptor, c->in + c->in_end, sizeof c->in - c->in_end);
    if (size > 0) {
        c->in_end += (size_t)size;
        take_replies(c);
        c->over = c->in_end == sizeof c->in; /* no right reply is that long */
    } else if (size < 0 && (errno == EAGAIN || errno == EINTR)) {
        c->over = clock_now() >= c->deadline;
        wake_when_ready(&c->task, READABLE, c->deadline);
        return c->over || c->unsent;
    } else {
        c->over = true;
    }
    return true;
}

static void complain_once(const char *what)
{
    static bool complained;

    if (!complained)
        warn(what);
    complained = true;
}

/* As long as no client has reached the server, an address that fails one of them makes all try
 * the next. False if there is none. */
static bool try_elsewhere(const struct addrinfo *failed)
{
    if (!reached && server == failed && server->ai_next)
        server = server->ai_next;
    return server != failed;
}

/* The connection is there, or cannot be. */
static bool connected(struct caller *c)
{
    int problem = 0;
    socklen_t size = sizeof problem;
    struct sockaddr_storage peer;
    socklen_t peer_size = sizeof peer;

    getsockopt(c->task.descriptor, SOL_SOCKET, SO_ERROR, &problem, &size);
    if (problem == 0 && getpeername(c->task.descriptor, (struct sockaddr *)&peer, &peer_size) < 0) {
        if (clock_now() < c->deadline) {
            wake_when_ready(&c->task, WRITABLE, c->deadline);
            return false;
        }
        problem = ETIMEDOUT;
    }
    c->over = problem != 0;
    c->elsewhere = c->over && try_elsewhere(c->server);
    reached = reached || !c->over;
    errno = problem;
    if (c->over && !c->elsewhere)
        complain_once("cannot connect");
    connecting--;
    settled += !c->elsewhere;
    wake_at(&starter, 0);
    return true;
}

static bool allowed_to_ask(struct caller *c)
{
    wake_when_called(&c->task);
    return may_ask || c->over;
}

static void end_connection(struct caller *c);

static void converse(struct task *task)
{
    struct caller *c = (struct caller *)task;

    task_begin(task);
    await(task, connected(c));
    await(task, allowed_to_ask(c));
    if (!c->over)
        ask(c);
    while (!c->over) {
        await(task, heard(c));
        if (!c->over)
            ask(c);
    }
    end_connection(c);
    task_end();
}

/* ---- All clients ---- */

static void finish(struct caller *c)
{
    long unanswered = c->asked - c->answered;

    if (!plan->duration)
        unanswered = plan->requests - c->done;
    else if (c->asked == 0 && c->done == 0)
        unanswered = 1; /* it never came to ask */
    outcome.missing += unanswered;
    if (++finished == plan->clients)
        loop_stop(loop);
}

/* Begins to connect it, and does not wait: the kernel connects many at the same time. */
static void start(struct caller *c)
{
    int descriptor;

    do {
        c->server = server;
        descriptor = net_connect_to(c->server, false);
    } while (descriptor < 0 && try_elsewhere(c->server));
    c->asked = c->answered = 0;
    c->unsent = c->in_end = 0;
    c->spoke = c->over = c->elsewhere = false;
    c->deadline = give_up_after(clock_now());
    connecting++;
    if (descriptor >= 0 && create_task(loop, &c->task, converse, descriptor))
        return;
    complain_once("cannot connect");
    if (descriptor >= 0)
        close(descriptor);
    c->over = true; /* so there is no task to wake */
    connecting--;
    settled++;
    finish(c);
}

/* A task of its own. If each client began the next one as soon as it was connected, thousands
 * would stand on one stack. */
static void start_clients(struct task *task)
{
    (void)task;
    while (begun < plan->clients && connecting < CONNECTING_AT_ONCE)
        start(callers[begun++]);
    if (!may_ask && settled == plan->clients)
        loop_stop(loop); /* --idle: all are connected, or cannot be */
}

/* Without TIME_WAIT: each would keep a port from us for a minute. */
static void close_at_once(int descriptor)
{
    struct linger none = {.l_onoff = 1, .l_linger = 0};

    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    close(descriptor);
}

static void end_connection(struct caller *c)
{
    bool in_order = c->asked > 0 && c->asked == c->answered && c->in_end == 0;
    bool again = plan->churn && in_order && more_to_ask(c);
    int descriptor = c->task.descriptor;

    end_task(&c->task);
    close_at_once(descriptor);
    c->done += c->answered;
    if (c->elsewhere || again)
        start(c);
    else
        finish(c);
}

static void make_callers(void)
{
    size_t size = sizeof(struct caller) + (size_t)plan->depth * sizeof(int64_t);

    callers = calloc((size_t)plan->clients, sizeof(struct caller *));
    for (long i = 0; i < plan->clients; i++)
        if (!callers || !(callers[i] = calloc(1, size)))
            die("clients");
}

/* ---- For bin/load ---- */

void callers_start(struct loop *in, const struct plan *what, const struct addrinfo *addresses)
{
    loop = in;
    plan = what;
    server = addresses;
    prepare_batch();
    make_callers();
    may_ask = !plan->idle;
    started = clock_now();
    if (plan->duration)
        ends = clock_in(plan->duration * 1000);
    if (!create_task(loop, &starter, start_clients, -1))
        die("clients");
}

void callers_run(void)
{
    if (!may_ask || finished < plan->clients)
        serve_forever(loop);
}

void callers_let_ask(void)
{
    may_ask = true;
    started = clock_now();
    for (long i = 0; i < plan->clients; i++) {
        callers[i]->deadline = give_up_after(started);
        if (!callers[i]->over)
            wake_at(&callers[i]->task, 0);
    }
}

double callers_share_done(void)
{
    double asked = (double)plan->clients * (double)plan->requests;
    double share = plan->duration ? (double)(clock_now() - started) / (double)(ends - started)
                                  : (double)outcome.replies / asked;
    return share < 1 ? share : 1;
}

struct outcome callers_outcome(void)
{
    outcome.seconds = (double)(clock_now() - started) / 1e9;
    return outcome;
}
