/* common/session.c - one client's conversation: bytes in, requests out; replies in, bytes out.
 * Lines are cut from one buffer, replies gathered in another. */
#include "session.h"

#include "clock.h"
#include "messages.h"
#include "net.h"
#include "options.h"
#include "reply.h"
#include "shutdown.h"
#include "stats.h"
#include "trace.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- The time that a client has ---- */

static int64_t time_limit; /* milliseconds; 0: none */

void session_time_limit(long seconds)
{
    time_limit = (int64_t)seconds * 1000;
}

/* Before a wait: sets the deadline, unless it is set already. */
static void start_clock(struct session *session)
{
    if (session->deadline == 0)
        session->deadline = time_limit ? clock_in(time_limit) : NEVER;
}

static void stop_clock(struct session *session)
{
    session->deadline = 0;
}

/* True if a request has arrived by half. */
static bool in_request(const struct session *session)
{
    const struct buffers *buffers = session->buffers;
    return session->skipping || buffers->in_end > 0 || buffers->http.body > 0;
}

/* For a blocking socket. Before a request begins, the socket's own limit is enough; but a client
 * that sends byte after byte would start that again each time. */
static bool arrives_in_time(struct session *session)
{
    struct pollfd socket = {.fd = session->client, .events = POLLIN};

    if (!time_limit || !in_request(session))
        return true;
    start_clock(session);
    while (clock_now() < session->deadline)
        if (poll(&socket, 1, clock_milliseconds_until(session->deadline)) > 0)
            return true;
    return false;
}

/* ---- The buffers ---- */

/* A process that serves one client needs no others: to touch them costs less than malloc does. */
static struct buffers first;
static atomic_flag first_taken = ATOMIC_FLAG_INIT;

static bool need_buffers(struct session *session)
{
    if (session->buffers)
        return true;
    session->buffers = atomic_flag_test_and_set(&first_taken) ? malloc(sizeof first) : &first;
    if (session->buffers)
        memset(session->buffers, 0, offsetof(struct buffers, in));
    return session->buffers;
}

static void free_buffers(struct session *session)
{
    if (session->buffers == &first)
        atomic_flag_clear(&first_taken);
    else
        free(session->buffers);
    session->buffers = NULL;
}

static bool nothing_buffered(const struct session *session)
{
    const struct buffers *buffers = session->buffers;
    return buffers && buffers->in_start == buffers->in_end && buffers->out_end == 0 &&
           buffers->http.body == 0;
}

/* Moves an unfinished line to the front, so that a whole one fits behind it. */
static void compact(struct buffers *buffers)
{
    size_t rest = buffers->in_end - buffers->in_start;

    memmove(buffers->in, buffers->in + buffers->in_start, rest);
    buffers->in_scanned -= buffers->in_start;
    buffers->in_start = 0;
    buffers->in_end = rest;
}

/* ---- Begin and end ---- */

void session_start_nonblocking(struct session *session, int client)
{
    *session = (struct session){.client = client, .number = stats_add(ACCEPTED, 1)};
    stats_add(CLIENTS, 1);
    trace_greet(session->number);
    if (options.verbose)
        say(STDERR_FILENO, "client %ld came", session->number);
}

void session_start(struct session *session, int client)
{
    session_start_nonblocking(session, client);
    session->blocking = true;
    if (time_limit)
        net_limit_blocking(client, (long)time_limit);
}

void session_finish(struct session *session)
{
    free_buffers(session);
    stats_add(CLIENTS, -1); /* a client that sees the end of the connection is no longer counted */
    if (session->peer_closed && !shutdown_asked())
        close(session->client); /* all that it sent was read, so this is no reset */
    else
        net_close_gracefully(session->client);
    if (session->blocking)
        trace_flush(); /* the thread may end now */
    if (options.verbose)
        say(STDERR_FILENO, "client %ld left", session->number);
}

/* ---- Bytes in, requests out ---- */

static enum session_status gone(struct session *session)
{
    session->ended = true;
    return GONE;
}

/* The socket is not ready: the caller waits, if the client still has time. */
static enum session_status wait_for(struct session *session, enum session_status wanted)
{
    if (session->blocking || (session->deadline && clock_now() >= session->deadline))
        return gone(session); /* a blocking call has waited for as long as it may */
    start_clock(session);
    if (nothing_buffered(session))
        free_buffers(session);
    return wanted;
}

static enum session_status take_in(struct session *session, size_t size)
{
    if (!in_request(session))
        stop_clock(session); /* a request begins, and has its own time */
    session->buffers->in_end += size;
    session->had_turn = true;
    return RECEIVED;
}

static enum session_status receive(struct session *session)
{
    struct buffers *buffers = session->buffers;
    ssize_t size;

    compact(buffers);
    if (session->blocking)
        trace_flush(); /* the read may take long */
    if (session->blocking && !arrives_in_time(session))
        return gone(session);
    do
        size = read(session->client, buffers->in + buffers->in_end,
                    sizeof buffers->in - buffers->in_end);
    while (size < 0 && errno == EINTR);
    if (size > 0)
        return take_in(session, (size_t)size);
    if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
        return wait_for(session, WANT_READ);
    session->peer_closed = true; /* end of file, or the client broke off */
    return gone(session);
}

/* Reads once. An event loop then lets its other clients have their turn first. */
static enum session_status receive_in_turn(struct session *session)
{
    if (session->ended)
        return GONE;
    if (session->had_turn && !session->blocking) {
        session->had_turn = false;
        return wait_for(session, WANT_READ);
    }
    if (need_buffers(session))
        return receive(session);
    warn_rarely("serving a client");
    net_say_busy(session->client);
    return gone(session);
}

/* Finds the end of the line that begins at in_start; NULL if it has not arrived. */
static char *find_line_end(struct buffers *buffers)
{
    char *end =
        memchr(buffers->in + buffers->in_scanned, '\n', buffers->in_end - buffers->in_scanned);

    buffers->in_scanned = end ? (size_t)(end + 1 - buffers->in) : buffers->in_end;
    return end;
}

/* Finds the end of the request that begins at in_start, of a conversation's first one how it is
 * written, too. NULL if it has not arrived. */
static char *find_end(struct session *session)
{
    struct buffers *buffers = session->buffers;
    const char *start = buffers->in + buffers->in_start;
    char *end = find_line_end(buffers);
    const char *stop = end ? end : buffers->in + buffers->in_end;

    if (!session->begun && (end || stop - start >= LINE_LIMIT)) {
        session->begun = true;
        session->in_http = http_begins(start, stop);
    }
    while (session->in_http && end && !http_ends_head(start, end))
        end = find_line_end(buffers);
    return end;
}

/* Drops the rest of a line that is too long. Returns true if its end had arrived. */
static bool skip_line(struct session *session)
{
    struct buffers *buffers = session->buffers;

    session->skipping = !find_line_end(buffers);
    buffers->in_start = buffers->in_scanned;
    return !session->skipping;
}

/* Drops the body of the request before, in HTTP. Returns true if all of it had arrived. */
static bool skip_body(struct buffers *buffers)
{
    size_t there = buffers->in_end - buffers->in_start;
    size_t dropped = buffers->http.body < there ? buffers->http.body : there;

    buffers->in_start += dropped;
    buffers->in_scanned = buffers->in_start;
    buffers->http.body -= dropped;
    return buffers->http.body == 0;
}

static struct request read_line(const char *line, const char *end)
{
    if (!end || end + 1 - line > LINE_LIMIT)
        return request_too_long();
    if (end > line && end[-1] == '\r')
        end--;
    return request_parse(line, (size_t)(end - line));
}

static bool take_request(struct session *session, struct request *request)
{
    struct buffers *buffers = session->buffers;

    if (!buffers || (session->skipping && !skip_line(session)) ||
        (buffers->http.body > 0 && !skip_body(buffers)))
        return false;
    char *start = buffers->in + buffers->in_start;
    const char *end = find_end(session);
    size_t limit = session->in_http ? HEAD_LIMIT : LINE_LIMIT;
    if (!end && buffers->in_end - buffers->in_start < limit)
        return false;
    buffers->in_start = buffers->in_scanned;
    session->skipping = !end;
    *request = session->in_http ? http_parse(&buffers->http, start, end) : read_line(start, end);
    request->client = session->number;
    stop_clock(session); /* the next request has its own time */
    stats_add(REQUESTS, 1);
    trace_serve(session->number, request_name(request));
    session->began = trace_begin();
    return true;
}

enum session_status session_next(struct session *session, struct request *request)
{
    enum session_status status = session_full(session) ? session_send(session) : SENT;

    while (status == SENT || status == RECEIVED) {
        if (take_request(session, request))
            return REQUEST;
        status = session_send(session);
        if (status == SENT)
            status = receive_in_turn(session);
    }
    return status;
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
    trace_end(session->blocking ? ON_BOTH : ON_CLIENT, name, session->began);
}

static int shared_listener;

void session_share_listener(int listener)
{
    shared_listener = listener;
}

/* True if no thread or process of the pool is free for a client in the backlog. In HTTP, this one
 * then gives up its turn after a response; it may connect again. */
static bool others_wait(const struct session *session)
{
    const struct buffers *buffers = session->buffers;
    struct pollfd backlog = {.fd = shared_listener, .events = POLLIN};

    return session->blocking && options.pool > 0 && buffers->in_start == buffers->in_end &&
           poll(&backlog, 1, 0) == 1 && stats_read(CLIENTS) >= options.pool;
}

static size_t write_response(struct session *session, const struct request *request, long number,
                             char *out)
{
    struct http *http = &session->buffers->http;

    http->closes = http->closes || request->verb == QUIT || others_wait(session);
    return http_reply(http, request, number, out);
}

static size_t write_line(const struct request *request, long number, char *out)
{
    size_t length = reply_write(request, number, out, LINE_LIMIT);

    out[length] = '\n';
    return length + 1;
}

void session_reply(struct session *session, const struct request *request, long number)
{
    struct buffers *buffers = session->buffers;
    char *out = buffers->out + buffers->out_end;

    if (session->in_http)
        buffers->out_end += write_response(session, request, number, out);
    else
        buffers->out_end += write_line(request, number, out);
    if (reply_is_error(request, number))
        stats_add(ERRORS, 1);
    if (session->began)
        trace_request(session, request);
    if (request->verb == QUIT || buffers->http.closes) {
        session->ended = true;
        buffers->in_start = buffers->in_scanned = buffers->in_end; /* the rest is not served */
    }
}

bool session_full(const struct session *session)
{
    return session->buffers && session->buffers->out_end > BUFFER_SIZE - RESPONSE_LIMIT;
}

static void sent_some(struct session *session, size_t size)
{
    struct buffers *buffers = session->buffers;

    stop_clock(session); /* the client reads, so it has its time again */
    buffers->out_start += size;
    if (buffers->out_start == buffers->out_end)
        buffers->out_start = buffers->out_end = 0;
}

enum session_status session_send(struct session *session)
{
    struct buffers *buffers = session->buffers;

    while (buffers && buffers->out_end > 0) {
        ssize_t size = write(session->client, buffers->out + buffers->out_start,
                             buffers->out_end - buffers->out_start);
        if (size > 0)
            sent_some(session, (size_t)size);
        else if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return wait_for(session, WANT_WRITE);
        else if (size == 0 || errno != EINTR)
            return gone(session);
    }
    return SENT;
}
