/* common/session.c - one client's conversation: requests cut from what it sent, replies written.
 * How bytes come and go is the channel's part. */
#include "session.h"

#include "messages.h"
#include "options.h"
#include "reply.h"
#include "response.h"
#include "stats.h"
#include "trace.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* ---- Begin and end ---- */

static void start(struct session *session, int client, bool blocking)
{
    *session = (struct session){.number = stats_add(ACCEPTED, 1)};
    channel_open(&session->channel, client, blocking);
    stats_add(CLIENTS, 1);
    trace_greet(session->number);
    if (options.verbose)
        say(STDERR_FILENO, "client %ld came", session->number);
}

void session_start(struct session *session, int client)
{
    start(session, client, true);
}

void session_start_nonblocking(struct session *session, int client)
{
    start(session, client, false);
}

/* A client that sees the end of the connection is no longer counted. */
static void count_out(struct session *session)
{
    if (!session->counted_out)
        stats_add(CLIENTS, -1);
    session->counted_out = true;
}

void session_finish(struct session *session)
{
    count_out(session);
    channel_close(&session->channel);
    if (session->channel.blocking)
        trace_flush(); /* the thread may end now */
    if (options.verbose)
        say(STDERR_FILENO, "client %ld left", session->number);
}

/* ---- Bytes in, requests out ---- */

/* Finds the end of the line that begins at in_start; NULL if it has not arrived. */
static char *find_line_end(struct buffers *buffers)
{
    char *end =
        memchr(buffers->in + buffers->in_scanned, '\n', buffers->in_end - buffers->in_scanned);

    buffers->in_scanned = end ? (size_t)(end + 1 - buffers->in) : buffers->in_end;
    return end;
}

/* The same for the request that begins there; by the first one it knows the conversation's kind. */
static char *find_end(struct session *session)
{
    struct buffers *buffers = session->channel.buffers;
    const char *start = buffers->in + buffers->in_start;
    char *end = find_line_end(buffers);
    const char *stop = end ? end : buffers->in + buffers->in_end;

    if (!session->begun && (end || stop - start >= LINE_LIMIT)) {
        session->begun = true; /* and nothing behind the limit matters, so no packet does */
        session->in_http =
            http_begins(start, stop - start < LINE_LIMIT ? stop : start + LINE_LIMIT);
    }
    while (session->in_http && end && !http_ends_head(start, end))
        end = find_line_end(buffers);
    return end;
}

/* Drops the rest of a line that is too long. Returns true if its end had arrived. */
static bool skip_line(struct session *session)
{
    struct buffers *buffers = session->channel.buffers;

    session->skipping = !find_line_end(buffers);
    buffers->in_start = buffers->in_scanned;
    return !session->skipping;
}

/* Drops a line between chunks. Returns true if it had arrived, and makes sense. */
static bool skip_chunk_line(struct session *session)
{
    struct buffers *buffers = session->channel.buffers;
    char *line = buffers->in + buffers->in_start, *end = find_line_end(buffers);
    size_t length = buffers->in_scanned - buffers->in_start;

    if (!end && length < LINE_LIMIT)
        return false;
    buffers->in_start = buffers->in_scanned;
    if (end && length <= LINE_LIMIT && http_read_chunk(&session->http, line, end))
        return true;
    channel_end(&session->channel, true);
    return false;
}

/* Drops the body of the request before, in HTTP. Returns true if all of it had arrived. */
static bool skip_body(struct session *session)
{
    struct buffers *buffers = session->channel.buffers;
    struct http *http = &session->http;

    while (http_in_body(http)) {
        size_t there = buffers->in_end - buffers->in_start;
        unsigned dropped = http->body < there ? http->body : (unsigned)there;
        http->body -= dropped;
        buffers->in_start += dropped;
        if (dropped > 0)
            buffers->in_scanned = buffers->in_start;
        if (http->body > 0 || (http->line != NO_LINE && !skip_chunk_line(session)))
            return false;
    }
    return true;
}

/* Empty lines may come before a head; before the first one, only in CR LF: one in LF is a line. */
static void skip_empty_lines(struct session *session)
{
    struct buffers *buffers = session->channel.buffers;
    const char *at = buffers->in + buffers->in_start, *end = buffers->in + buffers->in_end;

    while (at < end &&
           ((*at == '\n' && session->begun) || (*at == '\r' && at + 1 < end && at[1] == '\n')))
        at += *at == '\n' ? 1 : 2;
    buffers->in_start = (size_t)(at - buffers->in);
    if (buffers->in_scanned < buffers->in_start)
        buffers->in_scanned = buffers->in_start;
}

/* True if the client has begun a request, though nothing of it may be left in the buffer. */
static bool in_request(const struct session *session)
{
    return session->skipping || http_in_body(&session->http);
}

static bool take_request(struct session *session, struct request *request)
{
    struct buffers *buffers = session->channel.buffers;

    if (!buffers || (session->skipping && !skip_line(session)) || !skip_body(session))
        return false;
    if (session->in_http || !session->begun)
        skip_empty_lines(session);
    char *start = buffers->in + buffers->in_start;
    const char *end = find_end(session);
    size_t limit = session->in_http ? HEAD_LIMIT : LINE_LIMIT;
    if (!end && buffers->in_end - buffers->in_start < limit)
        return false;
    buffers->in_start = buffers->in_scanned;
    session->skipping = !end;
    *request = session->in_http ? http_parse(&session->http, start, end)
                                : request_parse(start, end ? (size_t)(end - start) : LINE_LIMIT);
    request->client = session->number;
    channel_restart_clock(&session->channel); /* the next request has its own time */
    stats_add(REQUESTS, 1);
    session->began = trace_begin();
    if (session->began)
        trace_serve(session->number, request_name(request));
    return true;
}

/* What the channel needs before it can go on. */
static enum session_status wanted(const struct channel *channel)
{
    return channel_unsent(channel) ? WANT_WRITE : channel->gone ? GONE : WANT_READ;
}

/* A request that takes time must not hold up the replies before it, so they are sent first. */
static enum session_status send_before(struct session *session, struct request *request)
{
    if (session->holds)
        *request = session->channel.buffers->held;
    session->holds = request_takes_time(request) && !channel_send(&session->channel);
    if (!session->holds)
        return REQUEST;
    session->channel.buffers->held = *request;
    return wanted(&session->channel);
}

enum session_status session_next(struct session *session, struct request *request)
{
    struct channel *channel = &session->channel;

    if (session_full(session) && !channel_send(channel))
        return wanted(channel);
    while (!session->holds && !take_request(session, request)) {
        if (!channel_send(channel))
            return wanted(channel);
        if (channel->ended)
            count_out(session); /* we close our side */
        if (!channel_receive(channel, in_request(session)))
            return wanted(channel);
    }
    return send_before(session, request);
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
    trace_end(session->channel.blocking ? ON_BOTH : ON_CLIENT, name, session->began);
}

/* In HTTP, a client whose turn is over may connect again. */
static bool is_last(const struct session *session, const struct request *request)
{
    return session->http.closes || request->verb == QUIT ||
           (session->in_http && channel_turn_is_over(&session->channel));
}

void session_reply(struct session *session, const struct request *request, long number)
{
    struct buffers *buffers = session->channel.buffers;
    struct http *http = &session->http;
    char *out = buffers->out + buffers->out_end;

    http->closes = is_last(session, request);
    buffers->out_end += session->in_http ? response_write(http, request, number, out)
                                         : reply_write_line(request, number, out, LINE_LIMIT);
    if (reply_is_error(request, number))
        stats_add(ERRORS, 1);
    if (session->began)
        trace_request(session, request);
    if (http->closes) /* of what comes behind a head that makes no sense, the length is unknown */
        channel_end(&session->channel, in_request(session) || request->mistake == BAD_HTTP);
}

bool session_full(const struct session *session)
{
    const struct buffers *buffers = session->channel.buffers;
    return buffers && buffers->out_end > BUFFER_SIZE - RESPONSE_LIMIT;
}

enum session_status session_send(struct session *session)
{
    return channel_send(&session->channel) ? SENT : wanted(&session->channel);
}
