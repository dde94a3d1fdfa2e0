/* common/channel.c - one client's socket, its two buffers and its deadlines.
 * What is received is taken from one buffer, what is to be sent is gathered in the other. */
#include "channel.h"

#include "clock.h"
#include "messages.h"
#include "net.h"
#include "shutdown.h"
#include "trace.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- The time that a client has ---- */

static int64_t time_limit; /* milliseconds; 0: none */

void channel_time_limit(long seconds)
{
    time_limit = (int64_t)seconds * 1000;
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
}

/* For a blocking socket in the middle of a request: a client that sends byte after byte would start
 * the socket's own limit again each time. */
static bool arrives_in_time(struct channel *channel)
{
    struct pollfd socket = {.fd = channel->socket, .events = POLLIN};

    if (!time_limit)
        return true;
    start_clock(channel);
    while (clock_now() < channel->deadline)
        if (poll(&socket, 1, clock_milliseconds_until(channel->deadline)) > 0)
            return true;
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

/* Moves what is left to the front, so that a whole request fits. */
static void compact(struct buffers *buffers)
{
    size_t rest = buffers->in_end - buffers->in_start;

    memmove(buffers->in, buffers->in + buffers->in_start, rest);
    buffers->in_scanned -= buffers->in_start;
    buffers->in_start = 0;
    buffers->in_end = rest;
}

/* ---- Begin and end ---- */

void channel_open(struct channel *channel, int socket, bool blocking)
{
    *channel = (struct channel){.socket = socket, .blocking = blocking};
    if (blocking && time_limit)
        net_limit_blocking(socket, (long)time_limit);
}

void channel_end(struct channel *channel)
{
    struct buffers *buffers = channel->buffers;

    channel->ended = true;
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
    channel_end(channel);
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

static bool receive(struct channel *channel, bool in_request)
{
    struct buffers *buffers = channel->buffers;
    ssize_t size;

    compact(buffers);
    in_request = in_request || buffers->in_end > 0;
    if (channel->blocking)
        trace_flush(); /* the read may take long */
    if (channel->blocking && in_request && !arrives_in_time(channel))
        return give_up(channel);
    do
        size = read(channel->socket, buffers->in + buffers->in_end,
                    sizeof buffers->in - buffers->in_end);
    while (size < 0 && errno == EINTR);
    if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
        return wait_in_caller(channel);
    if (size <= 0) {
        channel->peer_closed = true; /* end of file, or the client broke off */
        return give_up(channel);
    }
    if (!in_request)
        channel_restart_clock(channel); /* a request begins, and has its own time */
    buffers->in_end += (size_t)size;
    channel->had_turn = true;
    return true;
}

bool channel_receive(struct channel *channel, bool in_request)
{
    if (channel->ended)
        return false;
    if (channel->had_turn && !channel->blocking) {
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
        else if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return wait_in_caller(channel);
        else if (size == 0 || errno != EINTR)
            return give_up(channel);
    }
    return true;
}
