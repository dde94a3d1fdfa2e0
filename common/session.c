/* common/session.c - one client's conversation: bytes in, requests out; replies in, bytes out.
 * Lines are cut from one buffer, replies gathered in another; an idle client has neither. */
#include "session.h"

#include "clock.h"
#include "lab.h"
#include "messages.h"
#include "net.h"
#include "shutdown.h"
#include "stats.h"
#include "thread_id.h"
#include "trace.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BUFFER_SIZE = 16384, REPLY_LIMIT = LINE_LIMIT };

struct buffers {
    size_t in_start; /* where the next line begins */
    size_t in_seen;  /* no line end before this */
    size_t in_end;
    size_t out_start; /* what comes before it has been sent */
    size_t out_end;
    char in[BUFFER_SIZE];
    char out[BUFFER_SIZE];
};

static int64_t time_limit = NEVER; /* milliseconds */

void session_time_limit(long seconds)
{
    time_limit = seconds > 0 ? (int64_t)seconds * 1000 : NEVER;
}

/* ---- The time that a client has ---- */

/* Before a wait: gives the client its time, unless it is already running. */
static void start_the_clock(struct session *session)
{
    if (!session->waiting)
        session->deadline = time_limit == NEVER ? NEVER : clock_in(time_limit);
    session->waiting = true;
}

static bool too_late(const struct session *session)
{
    return session->deadline != NEVER && clock_now() >= session->deadline;
}

/* A blocking read waits for as long as the socket says: all the time there is, or what is left
 * of it when this request was begun earlier. */
static void limit_blocking_read(struct session *session)
{
    int64_t left = time_limit;

    if (time_limit == NEVER || (!session->waiting && !session->hurried))
        return;
    if (session->waiting)
        left = (session->deadline - clock_now()) / NANOSECONDS_PER_MILLISECOND;
    net_limit_reads(session->client, left > 0 ? (long)left : 1);
    session->hurried = session->waiting;
}

/* ---- The buffers ---- */

/* The buffers that an event loop dropped last, for it will soon need some again. */
static _Thread_local struct buffers *spare;

/* For a process that serves one client at a time: there before fork, so no child allocates. */
static struct buffers *in_place;

void session_one_at_a_time(void)
{
    spare = in_place = malloc(sizeof *in_place);
    if (!in_place)
        die("buffers");
}

static bool get_buffers(struct session *session)
{
    if (session->buffers)
        return true;
    session->buffers = spare ? spare : malloc(sizeof *session->buffers);
    spare = NULL;
    if (session->buffers)
        memset(session->buffers, 0, offsetof(struct buffers, in));
    return session->buffers;
}

static void drop_buffers(struct session *session)
{
    if (!session->buffers)
        return;
    if (session->buffers == in_place || (!session->blocking && !spare))
        spare = session->buffers;
    else
        free(session->buffers); /* a thread that serves one client has no use for a spare */
    session->buffers = NULL;
}

void session_free_spare(void)
{
    free(spare);
    spare = NULL;
}

static bool nothing_buffered(const struct session *session)
{
    const struct buffers *buffers = session->buffers;
    return !buffers || (buffers->in_start == buffers->in_end && buffers->out_end == 0);
}

/* Moves an unfinished line to the front, so that a whole one fits behind it. */
static void make_room(struct buffers *buffers)
{
    size_t rest = buffers->in_end - buffers->in_start;

    memmove(buffers->in, buffers->in + buffers->in_start, rest);
    buffers->in_seen -= buffers->in_start;
    buffers->in_start = 0;
    buffers->in_end = rest;
}

/* ---- Begin and end ---- */

static void start(struct session *session, int client, bool blocking)
{
    *session = (struct session){.client = client, .blocking = blocking};
    session->number = stats_add(ACCEPTED, 1);
    stats_add(CLIENTS, 1);
    trace_greet(session->number);
    chatter("client %ld came", session->number);
}

void session_start(struct session *session, int client)
{
    start(session, client, true);
    if (time_limit != NEVER) {
        net_limit_reads(client, (long)time_limit);
        net_limit_writes(client, (long)time_limit);
    }
}

void session_start_without_blocking(struct session *session, int client)
{
    start(session, client, false);
}

void session_finish(struct session *session)
{
    drop_buffers(session);
    if (session->left && !shutdown_asked())
        close(session->client); /* all that it sent was read, so this is no reset */
    else
        net_hang_up(session->client);
    if (session->blocking)
        trace_flush(); /* the thread may end now */
    chatter("client %ld left", session->number);
    stats_add(CLIENTS, -1);
}

/* ---- Bytes in, requests out ---- */

static enum event gone(struct session *session)
{
    session->ended = true;
    return GONE;
}

/* The caller is to wait, if the client still has time. */
static enum event wait_for(struct session *session, enum event event)
{
    if (session->blocking || (session->waiting && too_late(session)))
        return gone(session); /* a blocking call has waited for as long as it may */
    start_the_clock(session);
    if (nothing_buffered(session))
        drop_buffers(session);
    return event;
}

static enum event took_in(struct session *session, size_t size)
{
    struct buffers *buffers = session->buffers;

    if (buffers->in_end == 0 && !session->skipping)
        session->waiting = false; /* a request begins, and has its own time */
    buffers->in_end += size;
    session->fed = true;
    return RECEIVED;
}

static enum event out_of_memory(struct session *session)
{
    errno = ENOMEM;
    warn_seldom("serving a client");
    net_say_busy(session->client);
    return gone(session);
}

static enum event receive(struct session *session)
{
    if (session->ended)
        return GONE;
    if (session->fed && !session->blocking) {
        session->fed = false; /* others come first; the loop knows when there is more */
        return wait_for(session, UNREADABLE);
    }
    if (!get_buffers(session))
        return out_of_memory(session);
    make_room(session->buffers);
    if (session->blocking) {
        limit_blocking_read(session);
        if (session->buffers->in_end > 0 || session->skipping)
            start_the_clock(session); /* before a request begins, the socket's limit is all */
        if (session->waiting && too_late(session))
            return gone(session); /* a read does not time out while bytes keep coming */
    }
    struct buffers *buffers = session->buffers;
    ssize_t size;
    do
        size = read(session->client, buffers->in + buffers->in_end,
                    sizeof buffers->in - buffers->in_end);
    while (size < 0 && errno == EINTR);
    if (size > 0)
        return took_in(session, (size_t)size);
    if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
        return wait_for(session, UNREADABLE);
    session->left = true; /* end of file, or the client broke off */
    return gone(session);
}

/* Finds the end of the line that begins at in_start; NULL when it has not arrived. */
static char *find_line_end(struct buffers *buffers)
{
    char *end =
        memchr(buffers->in + buffers->in_seen, '\n', buffers->in_end - buffers->in_seen);

    buffers->in_seen = end ? (size_t)(end + 1 - buffers->in) : buffers->in_end;
    return end;
}

/* Drops the rest of a line that is too long; true when the end of it was there. */
static bool skip_line(struct session *session)
{
    struct buffers *buffers = session->buffers;

    session->skipping = !find_line_end(buffers);
    buffers->in_start = buffers->in_seen;
    return !session->skipping;
}

static bool take_request(struct session *session, struct request *request)
{
    struct buffers *buffers = session->buffers;

    if (!buffers || (session->skipping && !skip_line(session)))
        return false;
    const char *line = buffers->in + buffers->in_start;
    const char *end = find_line_end(buffers);
    if (!end && buffers->in_end - buffers->in_start < LINE_LIMIT)
        return false;
    buffers->in_start = buffers->in_seen;
    session->skipping = !end;
    session->waiting = false; /* the next request has its own time */
    if (!end || end + 1 - line > LINE_LIMIT)
        *request = request_too_long();
    else if (end > line && end[-1] == '\r')
        *request = request_parse(line, (size_t)(end - line) - 1);
    else
        *request = request_parse(line, (size_t)(end - line));
    stats_add(REQUESTS, 1);
    trace_serve(session->number, request_name(request));
    session->taken = trace_begin();
    return true;
}

enum event session_next(struct session *session, struct request *request)
{
    enum event event = session_crowded(session) ? session_send(session) : SENT;

    while (event == SENT || event == RECEIVED) {
        if (take_request(session, request))
            return REQUEST;
        event = session_send(session);
        if (event == SENT)
            event = receive(session);
    }
    return event;
}

/* ---- Replies in, bytes out ---- */

/* The request as a slice of the timeline. A loop's thread has slices of its own, for its turns. */
static void trace_request(const struct session *session, const struct request *request)
{
    const char *name = request_name(request);
    char with_number[40];

    trace_serve(session->number, name);
    if (request->verb == SLEEP || request->verb == PRIMES) {
        snprintf(with_number, sizeof with_number, "%s %ld", name, request->number);
        name = with_number;
    }
    trace_end(session->blocking ? ON_BOTH : ON_CLIENT, name, session->taken);
}

static size_t format_reply(struct session *session, const struct request *request, long number,
                           char *out, size_t size)
{
    switch (request->verb) {
    case ECHO: memcpy(out, request->text, request->length); return request->length;
    case SLEEP: return (size_t)snprintf(out, size, "slept %ld", number);
    case PRIMES:
    case COUNT: return (size_t)snprintf(out, size, "%ld", number);
    case WHO:
        return (size_t)snprintf(out, size, "process %ld thread %ld client %ld", (long)getpid(),
                                thread_id(), session->number);
    case STATS: return stats_report(out, size);
    case HOLD:
        if (number == 0)
            return (size_t)snprintf(out, size, "held %.*s", (int)request->length,
                                    request->text);
        stats_add(ERRORS, 1);
        return (size_t)snprintf(out, size, "error: there is no gate: mkfifo %.*s.gate",
                                (int)request->length, request->text);
    case CRASH: lab_crash();
    case HELP: return request_help(out, size);
    case QUIT: session->ended = true; return (size_t)snprintf(out, size, "bye");
    case INVALID: stats_add(ERRORS, 1); return request_complain(request, out, size);
    }
    return 0;
}

void session_reply(struct session *session, const struct request *request, long number)
{
    struct buffers *buffers = session->buffers;
    char *out = buffers->out + buffers->out_end;
    size_t length = format_reply(session, request, number, out, REPLY_LIMIT - 1);

    out[length] = '\n';
    buffers->out_end += length + 1;
    if (session->taken)
        trace_request(session, request);
    if (session->ended) /* what came after `quit` is not served */
        buffers->in_start = buffers->in_seen = buffers->in_end;
}

bool session_crowded(const struct session *session)
{
    return session->buffers && session->buffers->out_end > BUFFER_SIZE - REPLY_LIMIT;
}

static void sent_some(struct session *session, size_t size)
{
    struct buffers *buffers = session->buffers;

    session->waiting = false; /* the client reads, so it has its time again */
    buffers->out_start += size;
    if (buffers->out_start == buffers->out_end)
        buffers->out_start = buffers->out_end = 0;
}

enum event session_send(struct session *session)
{
    struct buffers *buffers = session->buffers;

    while (buffers && buffers->out_end > 0) {
        ssize_t size = write(session->client, buffers->out + buffers->out_start,
                             buffers->out_end - buffers->out_start);
        if (size > 0)
            sent_some(session, (size_t)size);
        else if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return wait_for(session, UNWRITABLE);
        else if (size == 0 || errno != EINTR)
            return gone(session);
    }
    return SENT;
}
