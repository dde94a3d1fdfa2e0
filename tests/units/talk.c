/* tests/units/talk.c - a session and its client in one thread: what one sends in pieces, the other
 * serves, and the replies come back. */
#include "talk.h"

#include "messages.h"
#include "net.h"
#include "options.h"
#include "stats.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

enum { MORE_THAN_A_WRITE = 20000 };

struct talk talk;
char talk_replies[REPLIES_LIMIT];

void talk_prepare(void)
{
    stats_prepare(1, NULL);
    options.timeout = 0; /* but where a test is about it */
    signal(SIGPIPE, SIG_IGN); /* as the servers do */
}

static void open_pair(enum wire wire, int ends[2])
{
    if (socketpair(AF_UNIX, (int)wire, 0, ends) == 0)
        return;
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
        die("socketpair");
}

void talk_start(enum how how, enum wire wire)
{
    int ends[2];

    open_pair(wire, ends);
    talk = (struct talk){.how = how, .wire = wire, .client = ends[1]};
    if (!net_set_nonblocking(ends[1]) || (how == NOT_BLOCKING && !net_set_nonblocking(ends[0])))
        die("O_NONBLOCK");
    if (how == BLOCKING)
        session_start(&talk.session, ends[0]);
    else
        session_start_nonblocking(&talk.session, ends[0]);
}

void talk_narrow_the_way_back(void)
{
    int least = 1;

    /* Where a socket counts what waits to be read, and not what was written, it is the other. */
    if (setsockopt(talk.session.channel.socket, SOL_SOCKET, SO_SNDBUF, &least, sizeof least) < 0 ||
        setsockopt(talk.client, SOL_SOCKET, SO_RCVBUF, &least, sizeof least) < 0)
        die("SO_SNDBUF");
}

size_t talk_send(const char *text, size_t length)
{
    ssize_t size = length > 0 ? write(talk.client, text, length) : 0;

    if (size < 0 && errno != EAGAIN && errno != EPIPE && errno != ECONNRESET)
        die("sending to the session");
    return size > 0 ? (size_t)size : 0;
}

void talk_half_close(void)
{
    shutdown(talk.client, SHUT_WR);
}

void talk_hang_up(void)
{
    close(talk.client);
    talk.client = -1;
}

static bool ready(int socket, short events)
{
    struct pollfd state = {.fd = socket, .events = events};

    return poll(&state, 1, 0) == 1;
}

enum session_status talk_serve(void)
{
    struct request request;

    for (;;) {
        enum session_status event = session_next(&talk.session, &request);
        if (event == REQUEST)
            session_reply(&talk.session, &request,
                          request.verb == COUNT ? ++talk.count : request.number);
        else if (event == GONE ||
                 !ready(talk.session.channel.socket, event == WANT_READ ? POLLIN : POLLOUT))
            return event;
    }
}

/* In what came last, and just before it, for a read may end anywhere. */
static void hide_dates(size_t from)
{
    static const char name[] = "\r\nDate: ";

    for (size_t i = from > 50 ? from - 50 : 0; i + sizeof name <= talk.length; i++)
        if (memcmp(talk_replies + i, name, sizeof name - 1) == 0)
            for (i += sizeof name - 1; i < talk.length && talk_replies[i] != '\r'; i++)
                talk_replies[i] = 'x';
}

bool talk_take(size_t limit)
{
    size_t before = talk.length;
    ssize_t size = 0;

    if (talk.wire == MESSAGES)
        limit = MORE_THAN_A_WRITE;
    if (limit > REPLIES_LIMIT - before)
        die("replies");
    if (talk.client >= 0)
        size = read(talk.client, talk_replies + before, limit);
    if (size <= 0)
        return false;
    talk.length += (size_t)size;
    talk.reads++;
    hide_dates(before);
    return true;
}

void talk_take_all(void)
{
    while (talk_take(MORE_THAN_A_WRITE))
        ;
}

enum session_status talk_settle(void)
{
    enum session_status event;
    size_t before;

    do {
        before = talk.length;
        event = talk_serve();
        talk_take_all();
    } while (talk.length > before && event != GONE);
    return event;
}

enum session_status talk_ask(const char *text, size_t length)
{
    if (talk_send(text, length) != length)
        die("sending to the session");
    return talk_settle();
}

void talk_finish(void)
{
    session_finish(&talk.session);
    talk_take_all();
    if (talk.client >= 0)
        talk_hang_up();
}
