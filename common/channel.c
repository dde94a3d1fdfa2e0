/* common/channel.c - one client's socket, its two buffers and its deadlines.
 * What is received is taken from one buffer, what is to be sent is gathered in the other. */
#include "channel.h"

#include "clock.h"
#include "messages.h"
#include "net.h"
#include "options.h"
#include "shutdown.h"
#include "stats.h"
#include "trace.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    IDLE_LOOK = 500,     /* milliseconds until a client that is idle, */
    LINGER_LOOK = 100,   /* or lingers, is to look whether others wait for its turn in a pool */
    LINGER_GRACE = 10,   /* milliseconds for a client that may send more, */
    LINGER_LIMIT = 5000, /* and for one that does */
    LINGER_READS = 50000 /* of a buffer each */
};

/* ---- The time that a client has ---- */

/* Before a wait: sets the deadline, unless it is set already. */
static void start_clock(struct channel *channel)
{
    if (channel->deadline == 0)
        channel->deadline = options.timeout ? clock_in(options.timeout * 1000) : NEVER;
}

void channel_restart_clock(struct channel *channel)
{
    channel->deadline = 0;
    channel->begun = false;
}

/* At a stop, what has arrived is read, and nothing more is waited for. */
static void end_input_at_stop(const struct channel *channel)
{
    if (shutdown_asked())
        net_end_input(channel->socket);
}

/* ---- Others, who wait for a thread or process of the pool ---- */

static int backlog; /* its listener */

void channel_share_backlog(int listener)
{
    backlog = listener;
}

static bool others_wait(void)
{
    return options.pool > 0 && net_is_readable(backlog, 0);
}

/* And none is free for them. */
static bool pool_is_short(void)
{
    return others_wait() && stats_read(CLIENTS) >= options.pool;
}

bool channel_turn_is_over(const struct channel *channel)
{
    const struct buffers *buffers = channel->buffers;

    return channel->blocking && buffers->in_start == buffers->in_end && pool_is_short();
}

/* ---- The buffers ---- */

/* A process that serves one client needs no others: to touch them costs less than malloc does. */
static struct buffers first;
static atomic_flag first_taken = ATOMIC_FLAG_INIT;

static bool need_buffers(struct channel *channel)
{
    if (channel->buffers)
        return true;
    channel->buffers = atomic_flag_test_and_set(&first_taken) ? malloc(sizeof first) : &first;
    if (channel->buffers)
        memset(channel->buffers, 0, offsetof(struct buffers, in));
    return channel->buffers;
}

static void free_buffers(struct channel *channel)
{
    if (channel->buffers == &first)
        atomic_flag_clear(&first_taken);
    else
        free(channel->buffers);
    channel->buffers = NULL;
}

/* Moves what is left to the front, so that a whole request fits; not again at each byte of it. */
static void compact(struct buffers *buffers)
{
    size_t rest = buffers->in_end - buffers->in_start;

    if (buffers->in_start == 0)
        return;
    if (rest > 0)
        memmove(buffers->in, buffers->in + buffers->in_start, rest);
    buffers->in_scanned -= buffers->in_start;
    buffers->in_start = 0;
    buffers->in_end = rest;
}

/* ---- Begin and end ---- */

void channel_open(struct channel *channel, int socket, bool blocking)
{
    long limit = options.timeout * 1000;

    *channel = (struct channel){.socket = socket, .blocking = blocking};
    if (blocking && (limit || options.pool > 0))
        net_limit_blocking(socket, options.pool > 0 ? IDLE_LOOK : limit, limit);
}

void channel_end(struct channel *channel, bool sends_on)
{
    struct buffers *buffers = channel->buffers;

    channel->ended = true;
    channel->sends_on = sends_on || (buffers && buffers->in_start < buffers->in_end);
    if (buffers)
        buffers->in_start = buffers->in_scanned = buffers->in_end = 0;
}

void channel_close(struct channel *channel)
{
    free_buffers(channel);
    if (channel->peer_closed && !shutdown_asked())
        close(channel->socket); /* all that it sent was read, so this is no reset */
    else
        net_close_gracefully(channel->socket);
}

/* Returns false for its callers. */
static bool give_up(struct channel *channel)
{
    channel_end(channel, false);
    channel->gone = true;
    if (channel->buffers)
        channel->buffers->out_start = channel->buffers->out_end = 0;
    return false;
}

/* The socket is not ready: the caller waits, if the client still has time. */
static bool wait_in_caller(struct channel *channel)
{
    const struct buffers *buffers = channel->buffers;

    if (channel->blocking || (channel->deadline && clock_now() >= channel->deadline))
        return give_up(channel); /* a blocking call has waited for as long as it may */
    start_clock(channel);
    if (buffers && buffers->in_start == buffers->in_end && buffers->out_end == 0)
        free_buffers(channel);
    return false;
}

/* ---- Bytes in ---- */

static bool not_ready(ssize_t size)
{
    return size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

/* Waits until something has arrived. Returns false at the deadline, or if the turn of a client is
 * over that is between two requests, also behind an empty line, or lingers. */
static bool arrives_in_time(struct channel *channel, bool in_request)
{
    int look = channel->ended ? LINGER_LOOK : IDLE_LOOK;

    while (clock_now() < channel->deadline) {
        end_input_at_stop(channel);
        int left = clock_milliseconds_until(channel->deadline);
        if (net_is_readable(channel->socket, left < 0 || left > look ? look : left))
            return true;
        if (channel->ended ? others_wait() : !in_request && pool_is_short())
            break;
    }
    return false;
}

/* If a socket is closed with bytes unread, or while more are on their way, TCP sends a reset, which
 * destroys the last reply. So what the client still sends is read and dropped, within bounds. */
static bool drop(struct channel *channel)
{
    if (!channel->sends_on)
        channel->deadline = clock_in(LINGER_LIMIT);
    channel->sends_on = true;
    if (--channel->reads_left == 0 || clock_now() >= channel->deadline)
        return give_up(channel);
    return channel->blocking;
}

static bool keep(struct channel *channel, size_t size, bool idle)
{
    if (idle)
        channel_restart_clock(channel); /* a request begins, and has its own time */
    channel->begun = true;
    channel->buffers->in_end += size;
    channel->had_turn = !channel->blocking;
    return true;
}

/* For an idle client the socket's own limit will do, but in a pool. Once something has come it will
 * not: a client that sends byte after byte would start it again each time. */
static bool receive(struct channel *channel, bool in_request)
{
    struct buffers *buffers = channel->buffers;
    bool waits = false;

    compact(buffers);
    in_request = in_request || buffers->in_end > 0;
    bool idle = !in_request && !channel->begun;
    if (channel->blocking) {
        trace_flush(); /* the wait may be long */
        if (!idle || options.pool > 0)
            start_clock(channel);
        waits = channel->ended || (!idle && options.timeout);
    }
    while (!waits || arrives_in_time(channel, in_request)) {
        ssize_t size =
            read(channel->socket, buffers->in + buffers->in_end, BUFFER_SIZE - buffers->in_end);
        if (size > 0)
            return channel->ended ? drop(channel) : keep(channel, (size_t)size, idle);
        if (size < 0 && errno == EINTR)
            continue;
        if (!not_ready(size)) {
            channel->peer_closed = true; /* end of file, or the client broke off */
            break;
        }
        if (!channel->blocking)
            return wait_in_caller(channel);
        waits = true; /* for as long as the client may take, not only the socket's own limit */
    }
    return give_up(channel);
}

static void half_close(struct channel *channel)
{
    channel->half_closed = true;
    channel->deadline = clock_in(channel->sends_on ? LINGER_LIMIT : LINGER_GRACE);
    channel->reads_left = LINGER_READS;
    shutdown(channel->socket, SHUT_WR); /* the client sees the end once it has read everything */
}

bool channel_receive(struct channel *channel, bool in_request)
{
    if (channel->gone)
        return false;
    end_input_at_stop(channel);
    if (channel->ended && !channel->half_closed)
        half_close(channel);
    if (channel->had_turn) {
        channel->had_turn = false;
        return wait_in_caller(channel);
    }
    if (need_buffers(channel))
        return receive(channel, in_request);
    warn_rarely("serving a client");
    net_say_busy(channel->socket);
    return give_up(channel);
}

/* ---- Bytes out ---- */

bool channel_unsent(const struct channel *channel)
{
    return channel->buffers && channel->buffers->out_end > 0;
}

bool channel_send(struct channel *channel)
{
    struct buffers *buffers = channel->buffers;

    while (channel_unsent(channel)) {
        ssize_t size = write(channel->socket, buffers->out + buffers->out_start,
                             buffers->out_end - buffers->out_start);
        if (size > 0) {
            channel_restart_clock(channel); /* the client reads, so it has its time again */
            buffers->out_start += (size_t)size;
        } else if (not_ready(size)) {
            return wait_in_caller(channel);
        } else if (size == 0 || errno != EINTR) {
            return give_up(channel);
        }
        if (buffers->out_start == buffers->out_end)
            buffers->out_start = buffers->out_end = 0;
    }
    return !channel->gone;
}
