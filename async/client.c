/* async/client.c - one client of the event loop: its requests and replies, never blocking. */
#include "client.h"

#include "slow.h"

#include "trace.h"

static void wake_for_socket(struct client *c, int readiness)
{
    wake_when_ready(&c->task, readiness, c->session.channel.deadline);
}

bool received(struct client *c)
{
    enum session_status status = session_next(&c->session, &c->request);

    if (status == WANT_READ || status == WANT_WRITE) {
        wake_for_socket(c, status == WANT_READ ? READABLE : WRITABLE);
        return false;
    }
    c->gone = status == GONE;
    c->result = 0;
    return true;
}

void answer(struct client *c)
{
    session_reply(&c->session, &c->request, c->result);
    slow_end(&c->request);
}

bool has_room(struct client *c)
{
    if (!session_full(&c->session) || session_send(&c->session) != WANT_WRITE)
        return true;
    wake_for_socket(c, WRITABLE);
    return false;
}

void trace_sleep(const struct client *c)
{
    trace_serve(c->session.number, "sleep");
    trace_end(ON_CLIENT, "waiting", c->session.began);
}
