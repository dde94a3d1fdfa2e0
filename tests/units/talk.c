/* tests/units/talk.c - a session and its client in one thread: what one sends in pieces, the other
 * serves, and the replies come back. */
#include "talk.h"

#include "messages.h"
#include "net.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MORE_THAN_A_WRITE = 20000 };

static void open_pair(enum wire wire, int ends[2])
{
    if (socketpair(AF_UNIX, (int)wire, 0, ends) == 0)
        return;
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
        die("socketpair");
}

void talk_start(struct talk *talk, enum how how, enum wire wire)
{
    int ends[2];

    signal(SIGPIPE, SIG_IGN); /* as the servers do */
    open_pair(wire, ends);
    *talk = (struct talk){.how = how, .wire = wire, .client = ends[1]};
    if (!net_set_nonblocking(ends[1]) || (how == NOT_BLOCKING && !net_set_nonblocking(ends[0])))
        die("O_NONBLOCK");
    if (how == BLOCKING)
        session_start(&talk->session, ends[0]);
    else
        session_start_nonblocking(&talk->session, ends[0]);
}

void talk_narrow_the_way_back(struct talk *talk)
{
    int least = 1;

    /* Where a socket counts what waits to be read, and not what was written, it is the other. */
    if (setsockopt(talk->session.channel.socket, SOL_SOCKET, SO_SNDBUF, &least, sizeof least) < 0 ||
        setsockopt(talk->client, SOL_SOCKET, SO_RCVBUF, &least, sizeof least) < 0)
        die("SO_SNDBUF");
}

size_t talk_send(struct talk *talk, const char *text, size_t length)
{
    ssize_t size = length > 0 ? write(talk->client, text, length) : 0;

    if (size < 0 && errno != EAGAIN && errno != EPIPE && errno != ECONNRESET)
        die("sending to the session");
    return size > 0 ? (size_t)size : 0;
}

void talk_half_close(struct talk *talk)
{
    shutdown(talk->client, SHUT_WR);
}

void talk_hang_up(struct talk *talk)
{
    close(talk->client);
    talk->client = -1;
}

static bool ready(int socket, short events)
{
    struct pollfd state = {.fd = socket, .events = events};

    return poll(&state, 1, 0) == 1;
}

static long perform_at_once(struct talk *talk, const struct request *request)
{
    talk->served++;
    return request->verb == COUNT ? ++talk->count : request->number;
}

enum session_status talk_serve(struct talk *talk)
{
    struct request request;

    for (;;) {
        enum session_status event = session_next(&talk->session, &request);
        if (event == REQUEST)
            session_reply(&talk->session, &request, perform_at_once(talk, &request));
        else if (event == GONE ||
                 !ready(talk->session.channel.socket, event == WANT_READ ? POLLIN : POLLOUT))
            return event;
    }
}

/* One byte more than what there is, for a text is easier to read in a debugger with a NUL. */
static void make_room(struct talk *talk, size_t length)
{
    if (talk->room >= talk->length + length + 1)
        return;
    talk->room = 2 * talk->room + length + 1;
    talk->replies = realloc(talk->replies, talk->room);
    if (!talk->replies)
        die("replies");
}

bool talk_take(struct talk *talk, size_t limit)
{
    ssize_t size = 0;

    if (talk->wire == MESSAGES)
        limit = MORE_THAN_A_WRITE;
    make_room(talk, limit);
    if (talk->client >= 0)
        size = read(talk->client, talk->replies + talk->length, limit);
    if (size <= 0)
        return false;
    talk->length += (size_t)size;
    talk->replies[talk->length] = '\0';
    talk->reads++;
    return true;
}

void talk_take_all(struct talk *talk)
{
    while (talk_take(talk, MORE_THAN_A_WRITE))
        ;
}

enum session_status talk_settle(struct talk *talk)
{
    enum session_status event;
    size_t before;

    do {
        before = talk->length;
        event = talk_serve(talk);
        talk_take_all(talk);
    } while (talk->length > before && event != GONE);
    return event;
}

void talk_hide_dates(char *replies, size_t length)
{
    static const char name[] = "\r\nDate: ";

    for (size_t i = 0; i + sizeof name <= length; i++)
        if (memcmp(replies + i, name, sizeof name - 1) == 0)
            for (i += sizeof name - 1; i < length && replies[i] != '\r'; i++)
                replies[i] = 'x';
}

void talk_finish(struct talk *talk)
{
    session_finish(&talk->session);
    talk_take_all(talk);
    if (talk->client >= 0)
        talk_hang_up(talk);
}

void talk_free(struct talk *talk)
{
    free(talk->replies);
}
