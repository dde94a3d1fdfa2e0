/* tests/clients/load.c - many clients at the same time, which check every reply and measure how
 * long it took. Here are the command line and the report; the clients are in callers.c. */
#include "callers.h"
#include "latency.h"
#include "replies.h"

#include "clock.h"
#include "flags.h"
#include "loop.h"
#include "messages.h"
#include "net.h"
#include "request.h"
#include "stats.h"
#include "system.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BAR_WIDTH = 40 };

/* ---- The command line ---- */

static const char *address = "127.0.0.1";
static long port = 9000;
static struct plan plan = {.clients = 1, .depth = 1, .patience = 120};
static bool raw, tsv;

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
    {'c', "clients", "N", "clients connected at the same time (%s)", .number = &plan.clients,
     .min = 1, .max = 1000000},
    {'n', "requests", "N", "requests of each client (1)", .number = &plan.requests, .min = 1,
     .max = 1000000000},
    {'d', "duration", "SEC", "instead, let each client ask again and again for SEC seconds",
     .number = &plan.duration, .min = 1, .max = 86400},
    {'P', "pipeline", "N", "let each client have N requests on their way at a time (%s)",
     .number = &plan.depth, .min = 1, .max = DEPTH_LIMIT},
    {0, "churn", NULL, "a new connection for each request", .on = &plan.churn},
    {0, "idle", NULL, "connect, say `ready', and ask when the input ends", .on = &plan.idle},
    {0, "raw", NULL, "the server is a plain byte echo: expect each request back as it is",
     .on = &raw},
    {'t', "timeout", "SEC", "give up on a server that sends nothing for SEC seconds (%s)",
     .number = &plan.patience, .min = 1, .max = 86400},
    {0, "tsv", NULL, "report in one line for machines", .on = &tsv},
    {0},
};

static void check_command_line(int arguments, const char *request)
{
    if (arguments != 1)
        flags_mistake("needs one REQUEST, such as 'echo hello'");
    if (strchr(request, '\n'))
        flags_mistake("a request is one line");
    if (plan.requests && plan.duration)
        flags_mistake("--requests and --duration exclude each other");
    if (plan.idle && (plan.duration || plan.churn || plan.depth > 1))
        flags_mistake("--idle goes with none of -d, -P, --churn");
    if (plan.churn && plan.depth > 1)
        flags_mistake("--churn asks once for each connection, so there is nothing to pipeline");
    if (raw && strlen(request) >= LINE_LIMIT)
        flags_mistake("--raw takes a REQUEST shorter than %d bytes", LINE_LIMIT);
    (raw ? replies_expect_itself : replies_expect)(request, strlen(request));
    if (replies_end_conversation() && !plan.churn &&
        (plan.requests > 1 || plan.duration || plan.depth > 1))
        flags_mistake("'%s' ends the connection: ask it once, or with --churn", request);
    if (!plan.requests && !plan.duration)
        plan.requests = 1;
    plan.request = request;
}

/* ---- Progress and report ---- */

static void show_progress(struct task *task)
{
    static const char full[] = "########################################";
    double share = callers_share_done();

    fprintf(stderr, "\r[%-*.*s] %3.0f %%", BAR_WIDTH, (int)(share * BAR_WIDTH), full, share * 100);
    wake_at(task, clock_in(200));
}

/* The same figures for people, and in one line for machines. */
static void report(const struct outcome *all)
{
    printf(tsv ? "%ld\t%ld\t%ld\t%.3f\t%.0f\t%.3f\t%.3f\t%.3f\t%.3f\t"
               : "replies    %ld, of which wrong %ld; missing %ld\n"
                 "time       %.3f seconds, %.0f replies per second\n"
                 "latency    p50 %.3f ms, p90 %.3f ms, p99 %.3f ms, longest %.3f ms\n",
           all->replies, all->wrong, all->missing, all->seconds,
           (double)all->replies / all->seconds, latency_percentile(0.5), latency_percentile(0.9),
           latency_percentile(0.99), latency_longest());
    if (replies_highest() >= 0)
        printf(tsv ? "%ld\n" : "number     %ld is the highest in a reply\n", replies_highest());
    else if (tsv)
        printf("-\n");
}

/* ---- The program ---- */

/* All clients are connected. They stay so until the end of our input; then each asks. */
static void hold_until_input_ends(void)
{
    char byte;

    say(STDOUT_FILENO, "ready");
    while (read(STDIN_FILENO, &byte, 1) > 0)
        ;
    callers_let_ask();
}

static void run(struct loop *loop)
{
    struct task progress = {0};

    callers_start(loop, &plan, net_look_up(address, port, 0));
    if (plan.idle) {
        callers_run();
        hold_until_input_ends();
    } else if (isatty(STDERR_FILENO)) {
        create_task(loop, &progress, show_progress, -1);
    }
    callers_run();
    if (progress.loop) {
        end_task(&progress);
        fprintf(stderr, "\r%*s\r", BAR_WIDTH + 8, "");
    }
}

int main(int argc, char **argv)
{
    messages_prepare(argv[0]);
    int first = flags_parse(argc, argv, &usage, flags, NULL);
    check_command_line(argc - first, argv[first]);
    signal(SIGPIPE, SIG_IGN);
    raise_descriptor_limit();
    stats_prepare(1, NULL); /* the loop counts its wake-ups */
    run(loop_create(backends[0]));
    struct outcome outcome = callers_outcome();
    outcome.wrong += replies_repeated();
    report(&outcome);
    flush_output();
    return outcome.wrong || outcome.missing ? EXIT_FAILURE : EXIT_SUCCESS;
}
