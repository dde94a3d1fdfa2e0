/* tutorial/labs/3-the-gil/interpreter.c - a thread per client; what a client asks for is done with
 * the GIL held. In CPython, too, it is the interpreter that holds it when it calls a function. */
#include "answers.h"
#include "gil.h"

#include "compute.h"
#include "lab.h"
#include "messages.h"
#include "net.h"
#include "options.h"
#include "session.h"
#include "stats.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

static void (*hand_over)(void), (*checkpoint)(void);
static _Thread_local bool holds;  /* the GIL */
static _Thread_local bool counts; /* in count() of answers.c */

void between_bytecodes(void)
{
    hand_over();
}

/* Of a thread that does not keep the rules: CPython ends with a fatal error there. */
static void complain(const char *function, const char *what)
{
    static _Thread_local bool complained;

    if (!complained)
        say(STDERR_FILENO, "%s: this thread %s", function, what);
    complained = true;
}

/* These two are what answers.c calls by the names of gil.h: see holder.h. */
void acquire_checked(void)
{
    if (holds)
        complain("gil_acquire", "has the GIL already, and waits for itself");
    gil_acquire();
    holds = true;
}

void release_checked(void)
{
    if (!holds)
        complain("gil_release", "does not hold the GIL");
    else if (counts)
        complain("gil_release", "is to add to the number, which the GIL guards");
    holds = false;
    gil_release();
}

/* A thread that computes stops at some of its checkpoints while the gate "checkpoint" is shut: the
 * check has it compute for a while, and knows that it does not finish. */
static void stop_at_checkpoint(void)
{
    static _Thread_local int passed;

    if (++passed % 100000 == 0)
        lab_hold("checkpoint", 10);
    checkpoint();
}

/* Keeps what gil_prepare does for all who compute: here that is left to answers.c. */
static void prepare(void)
{
    gil_prepare();
    hand_over = compute_checkpoint;
    compute_checkpoint = NULL;
    answers_prepare();
    checkpoint = compute_checkpoint;
    if (checkpoint)
        compute_checkpoint = stop_at_checkpoint;
}

/* To wait, to compute and to count is Python code; the rest needs no GIL. */
static bool runs_python(const struct request *request)
{
    return request->verb == SLEEP || request->verb == COUNT || request_computes(request);
}

static long interpret(const struct request *request)
{
    if (!runs_python(request))
        return 0;
    acquire_checked();
    counts = request->verb == COUNT;
    long result = perform(request, &answers);
    counts = false;
    release_checked();
    return result;
}

static void *serve_one(void *argument)
{
    struct session session;
    struct request request;

    session_start(&session, (int)(intptr_t)argument);
    while (session_next(&session, &request) == REQUEST)
        session_reply(&session, &request, interpret(&request));
    session_finish(&session);
    return NULL;
}

static void serve_in_new_thread(int client)
{
    pthread_t thread;

    errno = pthread_create(&thread, NULL, serve_one, (void *)(intptr_t)client);
    if (errno == 0) {
        pthread_detach(thread);
    } else {
        warn("pthread_create");
        close(client);
    }
}

int main(int argc, char **argv)
{
    int client;

    options_read(argc, argv, "Serves each client in a thread, under a GIL.", NULL);
    stats_prepare(1, NULL);
    prepare();
    int listener = options_listen();
    while ((client = net_accept(listener)) >= 0)
        serve_in_new_thread(client);
    close(listener);
}
