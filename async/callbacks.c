/* async/callbacks.c - the same conversation as callbacks, in the manner of Twisted.
 * Every wait cuts the handler in two: one function ends by naming the one that goes on. What was
 * a loop and some ifs in the coroutine is now in no single place; read the names to follow it. */
#include "server.h"

static bool request_came(struct client *c);

/* Each callback returns false when it has to wait: it is called again when it may go on. */

static bool reply_was_sent(struct client *c)
{
    if (!has_room(c))
        return false;
    c->callback = request_came;
    return true;
}

static bool reply(struct client *c)
{
    answer(c);
    c->callback = reply_was_sent;
    return true;
}

static bool sleep_is_over(struct client *c)
{
    return slept(c) && reply(c);
}

static bool result_is_there(struct client *c)
{
    return computed(c) && reply(c);
}

static bool request_came(struct client *c)
{
    if (!received(c))
        return false;
    if (c->gone) {
        end_client(c);
        return false;
    }
    if (c->request.verb == SLEEP) {
        start_sleep(c);
        c->callback = sleep_is_over;
    } else if (request_computes(&c->request)) {
        start_job(c);
        c->callback = result_is_there;
    } else {
        if (c->request.verb == COUNT)
            c->result = count();
        c->callback = reply;
    }
    return true;
}

/* To call the next one from within the last would be shorter, and would use up the stack when a
 * client sends thousands of requests at once. */
void handle_client_by_callbacks(struct task *task)
{
    struct client *c = client_of(task);

    if (!c->callback)
        c->callback = request_came;
    while (c->callback(c))
        ;
}
