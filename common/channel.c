/* common/channel.c - one client's socket, its two buffers and its deadlines.
 * What is received is taken from one buffer, what is to be sent is gathered in the other. */
#include "channel.h"

#include "clock.h"
#include "messages.h"
#include "net.h"
#include "options.h"
#include "pool.h"
#include "shutdown.h"
#include "trace.h"

#include <errno.h>
#include <poll.h>
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

static long time_limit; /* milliseconds; 0: none */

void channel_time_limit(long seconds)
{
    time_limit = seconds * 1000;
}

/* Before a wait: sets the deadline, unless it is set already. */
static void start_clock(struct channel *channel)
{
    if (channel->deadline == 0)
        channel->deadline = time_limit ? clock_in(time_limit) : NEVER;
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

/* For a blocking channel. Returns true once something has arrived; false at the deadline, or if
 * others wait for the client's turn. It looks for them every so many milliseconds. */
static bool arrives_in_time(struct channel *channel, int look, bool (*others_wait)(void))
{
    struct pollfd socket = {.fd = channel->socket, .events = POLLIN};

    while (clock_now() < channel->deadline) {
        end_input_at_stop(channel);
        int left = clock_milliseconds_until(channel->deadline);
        if (poll(&socket, 1, left < 0 || left > look ? look : left) > 0)
            return true;
        if (others_wait && others_wait())
            break;
    }
    return false;
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

static void free_empty_buffers(struct channel *channel)
{
    const struct buffers *buffers = channel->buffers;

    if (buffers && buffers->in_start == buffers->in_end && buffers->out_end == 0)
        free_buffers(channel);
}

/* Moves what is left to the front, so that a whole request fits; not again at each byte of it. */
static void compact(struct buffers *buffers)
{
    size_t rest = buffers->in_end - buffers->in_start;

    if (buffers->in_start == 0)
        return;
    memmove(buffers->in, buffers->in + buffers->in_start, rest);
    buffers->in_scanned -= buffers->in_start;
    buffers->in_start = 0;
    buffers->in_end = rest;
}

/* ---- Begin and end ---- */

void channel_open(struct channel *channel, int socket, bool blocking)
{
    *channel = (struct channel){.socket = socket, .blocking = blocking};
    if (blocking && (time_limit || options.pool > 0))
        net_limit_blocking(socket, options.pool > 0 ? IDLE_LOOK : time_limit, time_limit);
}

void channel_end(struct channel *channel, bool sends_on)
{
    struct buffers *buffers = channel->buffers;

    channel->ended = true;
    channel->sends_on = sends_on || (buffers && buffers->in_start < buffers->in_end);
    if (buffers)
        buffers->in_start = buffers->in_scanned = buffers->in_end;
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
    if (channel->blocking || (channel->deadline && clock_now() >= channel->deadline))
        return give_up(channel); /* a blocking call has waited for as long as it may */
    start_clock(channel);
    free_empty_buffers(channel);
    return false;
}

/* ---- Bytes in ---- */

static bool not_ready(ssize_t size)
{
    return size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

/* For an idle client the socket's own limit will do, but in a pool. Once something has come, a
 * blocking read begins when there is more to read: a client that sends byte after byte would start
 * that limit again each time. */
static bool may_read(struct channel *channel, bool idle, bool (*others_wait)(void))
{
    if (!channel->blocking)
        return true;
    trace_flush(); /* the wait may be long */
    if (!idle || options.pool > 0)
        start_clock(channel);
    return idle || !time_limit || arrives_in_time(channel, IDLE_LOOK, others_wait);
}

/* True if the read is to be done again. */
static bool reads_again(struct channel *channel, bool (*others_wait)(void))
{
    if (errno == EINTR)
        return true;
    return channel->blocking && (errno == EAGAIN || errno == EWOULDBLOCK) &&
           arrives_in_time(channel, IDLE_LOOK, others_wait);
}

/* Between two requests, also behind an empty line, a client of a pool may wait until another waits
 * for its thread or process. */
static bool receive(struct channel *channel, bool in_request)
{
    struct buffers *buffers = channel->buffers;
    ssize_t size;

    compact(buffers);
    in_request = in_request || buffers->in_end > 0;
    bool (*others_wait)(void) = in_request ? NULL : pool_is_short;
    bool idle = !in_request && !channel->begun;
    if (!may_read(channel, idle, others_wait))
        return give_up(channel);
    do
        size = read(channel->socket, buffers->in + buffers->in_end,
                    sizeof buffers->in - buffers->in_end);
    while (size < 0 && reads_again(channel, others_wait));
    if (not_ready(size))
        return wait_in_caller(channel);
    if (size <= 0) {
        channel->peer_closed = true; /* end of file, or the client broke off */
        return give_up(channel);
    }
    if (idle)
        channel_restart_clock(channel); /* a request begins, and has its own time */
    channel->begun = true;
    buffers->in_end += (size_t)size;
    channel->had_turn = true;
    return true;
}

/* ---- The end, from our side ---- */

static void half_close(struct channel *channel)
{
    channel->half_closed = true;
    channel->deadline = clock_in(channel->sends_on ? LINGER_LIMIT : LINGER_GRACE);
    channel->reads_left = LINGER_READS;
    shutdown(channel->socket, SHUT_WR); /* the client sees the end once it has read everything */
    if (channel->blocking)
        trace_flush(); /* the wait for its end may be long */
}

/* If a socket is closed with bytes unread, or while more are on their way, TCP sends a reset, and
 * that destroys the last reply. So what the client still sends is read and dropped, until it has
 * closed its side, within bounds. */
static bool linger(struct channel *channel)
{
    struct buffers *buffers = channel->buffers;
    ssize_t size;

    do {
        if (channel->blocking && !arrives_in_time(channel, LINGER_LOOK, pool_has_waiting))
            return give_up(channel);
        size = read(channel->socket, buffers->in, sizeof buffers->in);
        if (not_ready(size))
            return wait_in_caller(channel);
        if (size > 0 && !channel->sends_on)
            channel->deadline = clock_in(LINGER_LIMIT);
        channel->sends_on = channel->sends_on || size > 0;
        channel->peer_closed = size == 0 || (size < 0 && errno != EINTR);
        if (channel->peer_closed || --channel->reads_left == 0 || clock_now() >= channel->deadline)
            return give_up(channel);
    } while (channel->blocking);
    return false;
}

bool channel_receive(struct channel *channel, bool in_request)
{
    if (channel->gone)
        return false;
    end_input_at_stop(channel);
    if (channel->ended && !channel->half_closed)
        half_close(channel);
    if (channel->had_turn && !channel->blocking) {
        channel->had_turn = false;
        return wait_in_caller(channel);
    }
    if (need_buffers(channel))
        return channel->ended ? linger(channel) : receive(channel, in_request);
    warn_rarely("serving a client");
    net_say_busy(channel->socket);
    return give_up(channel);
}

/* ---- Bytes out ---- */

bool channel_unsent(const struct channel *channel)
{
    return channel->buffers && channel->buffers->out_end > 0;
}

static void sent_some(struct channel *channel, size_t size)
{
    struct buffers *buffers = channel->buffers;

    channel_restart_clock(channel); /* the client reads, so it has its time again */
    buffers->out_start += size;
    if (buffers->out_start == buffers->out_end)
        buffers->out_start = buffers->out_end = 0;
}

bool channel_send(struct channel *channel)
{
    const struct buffers *buffers = channel->buffers;

    while (channel_unsent(channel)) {
        ssize_t size = write(channel->socket, buffers->out + buffers->out_start,
                             buffers->out_end - buffers->out_start);
        if (size > 0)
            sent_some(channel, (size_t)size);
        else if (not_ready(size))
            return wait_in_caller(channel);
        else if (size == 0 || errno != EINTR)
            return give_up(channel);
    }
    return !channel->gone;
}
