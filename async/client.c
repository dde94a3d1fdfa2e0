/* async/client.c - one client of the event loop, and what its handler awaits.
 * How it waits, computes and shares, without ever blocking. */
#include "client.h"

#include "clock.h"
#include "compute.h"
#include "slow.h"
#include "stats.h"
#include "trace.h"

#include <stdatomic.h>
#include <stdlib.h>

bool received(struct client *c)
{
    enum session_status event = session_next(&c->session, &c->request);

    if (event == WANT_READ)
        return until_ready(&c->task, READABLE, c->session.deadline);
    if (event == WANT_WRITE)
        return until_ready(&c->task, WRITABLE, c->session.deadline);
    c->gone = event == GONE;
    c->result = 0;
    return true;
}

/* ---- How it waits ---- */

bool slept(struct client *c)
{
    if (!c->begun) {
        c->begun = true;
        c->wake = clock_in(c->request.number);
        stats_add(WAITING, 1);
    }
    if (clock_now() < c->wake)
        return call_at(&c->task, c->wake);
    c->begun = false;
    c->result = c->request.number;
    stats_add(WAITING, -1);
    trace_serve(c->session.number, "sleep");
    trace_end(ON_CLIENT, "waiting", c->session.began);
    return true;
}

/* ---- How it computes ---- */

bool computed(struct client *c)
{
    if (!c->begun) {
        c->begun = true;
        c->job = run_in_executor(&c->task, compute, &c->request);
    }
    if (c->job && !c->job->call.done)
        return until_called(&c->task);
    long result = c->job ? c->job->result : compute(&c->request);
    free(c->job); /* NULL: there was no memory for one, so it was done here */
    c->begun = false;
    c->result = result;
    return true;
}

/* ---- How it shares ---- */

/* One thread, and no await in here: nobody else can count meanwhile. The number is atomic only
 * for the sake of --loops, where there are several such threads. */
static long count(void)
{
    static atomic_long counter;
    return atomic_fetch_add(&counter, 1) + 1;
}

void answer(struct client *c)
{
    if (c->request.verb == COUNT)
        c->result = count();
    session_reply(&c->session, &c->request, c->result);
    slow_end(c->session.number, request_name(&c->request));
}

bool sent(struct client *c)
{
    if (session_full(&c->session) && session_send(&c->session) == WANT_WRITE)
        return until_ready(&c->task, WRITABLE, c->session.deadline);
    return true;
}
