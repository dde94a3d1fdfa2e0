/* tests/load.c - many clients at once, which check every reply and measure how long it took.
 * Written on async's event loop and tasks: the same file serves clients here, servers there. */
#include "latency.h"
#include "replies.h"

#include "clock.h"
#include "flags.h"
#include "loop.h"
#include "messages.h"
#include "net.h"
#include "request.h"
#include "stats.h"

#include <errno.h>
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CONNECTING_AT_ONCE = 64, DEPTH_LIMIT = 1000, BAR_WIDTH = 40 };

/* ---- The command line ---- */

static const char *address = "127.0.0.1";
static long port = 9000, clients = 1, requests, duration, depth = 1, patience = 120;
static bool churn, idle, tsv;

static const struct usage usage = {
    .synopsis = "[OPTION]... REQUEST",
    .summary = "Lets many clients ask the same REQUEST, and checks every reply.",
    .footer =
        "The line of --tsv: replies, wrong, missing, seconds, replies per second; p50, p90, p99\n"
        "and longest latency in milliseconds; the highest number in a reply, or -.\n"
        "Exit status: 0, or 1 when a reply was wrong or missing.",
};

static const struct flag flags[] = {
    {'a', "address", "ADDR", "where the server listens (%s)", .text = &address},
    {'p', "port", "PORT", "on which port (%s)", .number = &port, .min = 1, .max = 65535},
    {'c', "clients", "N", "so many at once (%s)", .number = &clients, .min = 1, .max = 1000000},
    {'n', "requests", "N", "each asks N times (1)", .number = &requests, .min = 1,
     .max = 1000000000},
    {'d', "duration", "SEC", "or for so many seconds", .number = &duration, .min = 1,
     .max = 86400},
    {'P', "pipeline", "N", "requests on their way at once, for each client (%s)",
     .number = &depth, .min = 1, .max = DEPTH_LIMIT},
    {0, "churn", NULL, "a new connection for each request", .on = &churn},
    {0, "idle", NULL, "connect, say `ready', and ask once when the input ends", .on = &idle},
    {'t', "timeout", "SEC", "give up when nothing comes for so long (%s)", .number = &patience,
     .min = 1, .max = 86400},
    {0, "tsv", NULL, "report in one line for machines", .on = &tsv},
    {0},
};

/* The request, once more than the depth: any part of that many can be sent in one piece. */
static char *batch;
static size_t length; /* of one request with its line end */

static void check_command_line(int arguments, const char *request)
{
    if (arguments != 1)
        flags_mistake("needs one REQUEST, such as 'echo hello'");
    if (strchr(request, '\n'))
        flags_mistake("a request is one line");
    if (requests && duration)
        flags_mistake("--requests and --duration exclude each other");
    if (idle && (requests || duration || churn || depth > 1))
        flags_mistake("--idle asks once: it goes with none of -n, -d, -P, --churn");
    if (churn && depth > 1)
        flags_mistake("--churn asks once for each connection, so there is nothing to pipeline");
    replies_expect(request, strlen(request));
    if (replies_end_conversation() && !churn && (requests > 1 || duration || depth > 1))
        flags_mistake("'%s' ends the connection: ask it once, or with --churn", request);
    if (!requests && !duration)
        requests = 1;
}

static void prepare_batch(const char *request)
{
    length = strlen(request) + 1;
    batch = malloc(length * (size_t)(depth + 1));
    if (!batch)
        die("requests");
    for (long i = 0; i <= depth; i++) {
        memcpy(batch + length * (size_t)i, request, length - 1);
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
    bool spoke;              /* and so should wait before it listens */
    bool over;               /* this connection */
    char in[LINE_LIMIT + 1]; /* the beginning of the next reply */
    int64_t asked_at[];      /* by the request's number, modulo depth */
};

static struct addrinfo *server;
static struct loop *loop;
static struct caller **callers;
static long begun, connecting, settled, finished; /* how many of the callers */
static long replies, wrong, missing;
static int64_t started, ends = NEVER;
static bool may_ask = true; /* not yet, for --idle */

/* Waits, but not for ever: true means that nothing came for too long. */
static bool until_ready_or_late(struct caller *c, int readiness)
{
    if (clock_now() >= c->deadline)
        return true;
    return until_ready(&c->task, readiness, c->deadline);
}

static bool more_to_ask(const struct caller *c)
{
    if (duration)
        return clock_now() < ends;
    return c->done + c->asked < requests;
}

/* As many requests go out as may be on their way at once. */
static void ask(struct caller *c)
{
    while (c->asked - c->answered < depth && !(churn && c->asked > 0) && more_to_ask(c)) {
        c->asked_at[c->asked++ % depth] = clock_now();
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

    latency_add(now - c->asked_at[c->answered++ % depth]);
    replies++;
    wrong += !replies_check(reply, size);
    c->deadline = now + patience * 1000 * NANOSECONDS_PER_MILLISECOND;
}

/* Cuts the replies out of what has come. One that nobody asked for is wrong. */
static void take_replies(struct caller *c)
{
    char *start = c->in, *end;

    while ((end = memchr(start, '\n', c->in_end - (size_t)(start - c->in))) != NULL) {
        if (c->answered < c->asked)
            take_reply(c, start, (size_t)(end - start));
        else
            wrong++;
        start = end + 1;
    }
    c->in_end -= (size_t)(start - c->in);
    memmove(c->in, start, c->in_end);
}

/* Some replies have come, or there will be none any more. */
static bool heard(struct caller *c)
{
    if (c->spoke) { /* the reply cannot be there yet */
        c->spoke = false;
        return until_ready_or_late(c, READABLE | (c->unsent ? WRITABLE : 0));
    }
    ssize_t size = read(c->task.descriptor, c->in + c->in_end, sizeof c->in - c->in_end);
    if (size > 0) {
        c->in_end += (size_t)size;
        take_replies(c);
        c->over = c->in_end == sizeof c->in; /* no reply is so long */
    } else if (size < 0 && (errno == EAGAIN || errno == EINTR)) {
        if (c->unsent)
            return true; /* woken because there is room to send more */
        c->over = until_ready_or_late(c, READABLE);
        return c->over;
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

static void start_next(void);

/* The connection is there, or cannot be. */
static bool connected(struct caller *c)
{
    int problem = 0;
    socklen_t size = sizeof problem;
    struct sockaddr_storage peer;
    socklen_t peer_size = sizeof peer;

    getsockopt(c->task.descriptor, SOL_SOCKET, SO_ERROR, &problem, &size);
    if (problem == 0 &&
        getpeername(c->task.descriptor, (struct sockaddr *)&peer, &peer_size) < 0) {
        if (!until_ready_or_late(c, WRITABLE))
            return false;
        problem = ETIMEDOUT;
    }
    if (problem) {
        errno = problem;
        complain_once("cannot connect");
        c->over = true;
    }
    connecting--;
    settled++;
    start_next();
    return true;
}

static bool allowed_to_ask(struct caller *c)
{
    return may_ask || c->over || until_called(&c->task);
}

static void hang_up(struct caller *c);

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
    hang_up(c);
    task_end(task);
}

/* ---- All clients ---- */

static void finish(struct caller *c)
{
    long unanswered = c->asked - c->answered;

    if (!duration)
        unanswered = requests - c->done;
    else if (c->asked == 0 && c->done == 0)
        unanswered = 1; /* it never came to ask */
    missing += unanswered;
    if (++finished == clients)
        loop_stop(loop);
}

/* Connects without waiting for it, as the kernel can do that for many at once. */
static int begin_to_connect(void)
{
    int descriptor = socket(server->ai_family, server->ai_socktype, server->ai_protocol);

    if (descriptor < 0)
        return -1;
    if (net_do_not_block(descriptor) &&
        (connect(descriptor, server->ai_addr, server->ai_addrlen) == 0 || errno == EINPROGRESS))
        return descriptor;
    int reason = errno;
    close(descriptor);
    errno = reason;
    return -1;
}

static void start(struct caller *c)
{
    int descriptor = begin_to_connect();

    c->asked = c->answered = 0;
    c->unsent = c->in_end = 0;
    c->spoke = c->over = false;
    c->deadline = clock_in(patience * 1000);
    connecting++;
    if (descriptor >= 0 && create_task(loop, &c->task, converse, descriptor))
        return;
    complain_once("cannot connect");
    if (descriptor >= 0)
        close(descriptor);
    connecting--;
    settled++;
    finish(c);
}

static void start_next(void)
{
    while (begun < clients && connecting < CONNECTING_AT_ONCE)
        start(callers[begun++]);
    if (!may_ask && settled == clients)
        loop_stop(loop); /* --idle: everybody is there */
}

/* Without TIME_WAIT: each would keep a port from us for a minute. */
static void close_at_once(int descriptor)
{
    struct linger none = {.l_onoff = 1, .l_linger = 0};

    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    close(descriptor);
}

static void hang_up(struct caller *c)
{
    bool in_order = c->asked > 0 && c->asked == c->answered && c->in_end == 0;
    int descriptor = c->task.descriptor;

    end_task(&c->task);
    close_at_once(descriptor);
    c->done += c->answered;
    if (churn && in_order && (duration ? clock_now() < ends : c->done < requests))
        start(c);
    else
        finish(c);
}

static void make_callers(void)
{
    callers = calloc((size_t)clients, sizeof(struct caller *));
    for (long i = 0; callers && i < clients; i++) {
        callers[i] = calloc(1, sizeof(struct caller) + (size_t)depth * sizeof(int64_t));
        if (!callers[i])
            die("clients");
    }
    if (!callers)
        die("clients");
}

/* ---- Progress and report ---- */

static struct task progress;

static double share_done(void)
{
    double share = duration ? (double)(clock_now() - started) / (double)(ends - started)
                            : (double)replies / ((double)clients * (double)requests);
    return share < 1 ? share : 1;
}

static void show_progress(struct task *task)
{
    static const char full[] = "########################################";
    int done = (int)(share_done() * BAR_WIDTH);

    fprintf(stderr, "\r[%-*.*s] %3.0f %%", BAR_WIDTH, done, full, share_done() * 100);
    until_time(task, clock_in(200));
}

static void hide_progress(void)
{
    fprintf(stderr, "\r%*s\r", BAR_WIDTH + 8, "");
}

static void report_to_machine(double seconds)
{
    printf("%ld\t%ld\t%ld\t%.3f\t%.0f\t%.3f\t%.3f\t%.3f\t%.3f\t", replies, wrong, missing,
           seconds, (double)replies / seconds, latency_percentile(0.5), latency_percentile(0.9),
           latency_percentile(0.99), latency_longest());
    if (replies_highest() < 0)
        printf("-\n");
    else
        printf("%ld\n", replies_highest());
}

static void report(double seconds)
{
    printf("replies    %ld, of which wrong %ld; missing %ld\n", replies, wrong, missing);
    printf("time       %.3f seconds, %.0f replies per second\n", seconds,
           (double)replies / seconds);
    printf("latency    p50 %.3f ms, p90 %.3f ms, p99 %.3f ms, longest %.3f ms\n",
           latency_percentile(0.5), latency_percentile(0.9), latency_percentile(0.99),
           latency_longest());
    if (replies_highest() >= 0)
        printf("number     %ld is the highest in a reply\n", replies_highest());
}

/* ---- The program ---- */

static void look_up_server(void)
{
    char service[8];
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM};

    snprintf(service, sizeof service, "%ld", port);
    int problem = getaddrinfo(address, service, &hints, &server);
    if (problem != 0) {
        say(STDERR_FILENO, "load: %s: %s", address, gai_strerror(problem));
        exit(EXIT_FAILURE);
    }
}

/* All clients are connected. They stay so until the end of our input; then each asks. */
static void hold_until_input_ends(void)
{
    char byte;

    say(STDOUT_FILENO, "ready");
    while (read(STDIN_FILENO, &byte, 1) > 0)
        ;
    may_ask = true;
    started = clock_now();
    for (long i = 0; i < clients; i++) {
        callers[i]->deadline = clock_in(patience * 1000);
        if (!callers[i]->over)
            until_time(&callers[i]->task, 0);
    }
}

static void run(void)
{
    started = clock_now();
    if (duration)
        ends = clock_in(duration * 1000);
    may_ask = !idle;
    start_next();
    if (idle) {
        if (settled < clients)
            serve_forever(loop);
        hold_until_input_ends();
    } else if (isatty(STDERR_FILENO)) {
        create_task(loop, &progress, show_progress, -1);
    }
    if (finished < clients)
        serve_forever(loop);
    if (progress.loop)
        hide_progress();
}

int main(int argc, char **argv)
{
    static const enum counter no_counters[] = {COUNTERS};

    messages_name(argv[0]);
    int first = flags_parse(argc, argv, &usage, flags, NULL);
    check_command_line(argc - first, argv[first]);
    prepare_batch(argv[first]);
    signal(SIGPIPE, SIG_IGN);
    net_raise_descriptor_limit();
    stats_prepare(1, no_counters); /* the loop counts its wake-ups */
    look_up_server();
    make_callers();
    loop = loop_create(backends[0]);
    run();
    double seconds = (double)(clock_now() - started) / 1e9;
    wrong += replies_repeated();
    (tsv ? report_to_machine : report)(seconds);
    return wrong || missing ? EXIT_FAILURE : EXIT_SUCCESS;
}
