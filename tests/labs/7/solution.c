/* passes: what must survive an await is in the struct, and each await is told what wakes it */
#include "handler.h"

#include "clock.h"
#include "compute.h"
#include "executor.h"
#include "net.h"
#include "session.h"

#include <stdlib.h>

/* All that a client's task must remember while it waits. */
struct client {
    struct task task; /* first, so that a pointer to the one is a pointer to the other */
    struct session session;
    struct request request;
    bool gone;
    int64_t wake;    /* while it sleeps: until when */
    struct job *job; /* while it computes: what the executor has in hand */
    long sleeps;     /* how many it has had */
};

/* A request has arrived, or the client has gone. On false, a wake-up has been arranged, and the
 * condition is tested again then. */
static bool received(struct client *c)
{
    enum session_status status = session_next(&c->session, &c->request);

    if (status == WANT_READ)
        return until_ready(&c->task, READABLE, c->session.channel.deadline);
    if (status == WANT_WRITE)
        return until_ready(&c->task, WRITABLE, c->session.channel.deadline);
    c->gone = status == GONE;
    return true;
}

static bool slept(struct client *c)
{
    return clock_now() >= c->wake || until_time(&c->task, c->wake);
}

static bool computed(struct client *c)
{
    return !c->job || c->job->call.done || until_called(&c->task);
}

static void end_client(struct client *c)
{
    end_task(&c->task);
    session_finish(&c->session);
    free(c);
}

/* One thread, and no await in here, so no other task can count meanwhile. */
static long count(void)
{
    static long number;

    return ++number;
}

/* Each await leaves this function while its condition is false, and the next call resumes there. */
static void handle_client(struct task *task)
{
    struct client *c = (struct client *)task;
    long result = 0;

    task_begin(task);
    for (;;) {
        await(task, received(c));
        if (c->gone)
            break;
        if (c->request.verb == SLEEP) {
            c->wake = clock_in(c->request.number);
            await(task, slept(c));
            result = ++c->sleeps;
        }
        if (request_computes(&c->request)) {
            c->job = run_in_executor(task, compute, &c->request);
            await(task, computed(c));
            result = c->job ? c->job->result : compute(&c->request);
            free(c->job); /* NULL: there was no memory for one */
        }
        if (c->request.verb == COUNT)
            result = count();
        session_reply(&c->session, &c->request, result);
    }
    end_client(c);
    task_end();
}

void start_client(struct loop *loop, int socket)
{
    struct client *c = calloc(1, sizeof *c);

    if (!c) {
        net_refuse(socket);
        return;
    }
    session_start_nonblocking(&c->session, socket);
    if (!create_task(loop, &c->task, handle_client, socket)) {
        session_finish(&c->session);
        free(c);
    }
}
