/* common/channel.h - one client's socket, its two buffers and its deadlines.
 *
 * The only place that reads, writes and waits for a client. Where a blocking channel waits inside
 * the call, a non-blocking one returns false, and the caller calls again once the socket is ready:
 * writable while something is unsent, else readable; or at the deadline. Once a stop is asked for,
 * what has arrived is still received, and then the client is gone. */
#ifndef CHANNEL_H
#define CHANNEL_H

#include "request.h"

#include <stdint.h>

enum { BUFFER_SIZE = 16384 };

struct buffers {
    size_t in_start;   /* what comes before it has been taken */
    size_t in_scanned; /* no line end before this */
    size_t in_end;
    size_t out_start; /* what comes before it has been sent */
    size_t out_end;
    char in[BUFFER_SIZE];
    char out[BUFFER_SIZE];
    struct request held; /* by the session, until the replies before it are sent */
};

struct channel {
    struct buffers *buffers; /* NULL while there is nothing in them */
    int64_t deadline;        /* when to give up on the client; 0 while we do not wait for it */
    int socket;
    bool blocking;
    bool begun;                /* something has come since the last request */
    bool had_turn;             /* non-blocking: it was read from since the caller last waited */
    bool peer_closed;          /* the client ended or broke off */
    bool ended;                /* no more requests are received */
    bool sends_on;             /* though the client has more to send */
    bool half_closed;          /* we have ended, the client has not */
    bool gone;                 /* there is nothing to wait for */
    unsigned short reads_left; /* once half-closed */
};

/* Takes over a socket, blocking or not. The buffers are allocated for the first read: from one
 * thread to the next, malloc keeps memory that a stack would give back and fault in again. Those of
 * a non-blocking channel are freed while it waits with nothing in them. */
void channel_open(struct channel *channel, int socket, bool blocking);

/* Tells in which listener's backlog clients wait for a thread or process of a pool. */
void channel_share_backlog(int listener);

/* True if the client is to give its turn to one that waits: no other thread or process of the pool
 * is free, and the client has sent nothing more. */
bool channel_turn_is_over(const struct channel *channel);

/* Reads once what the client has sent; call it when all is sent and no whole request is left.
 * Returns true if there is more in the buffer than before. Returns false if there is not, or if a
 * non-blocking channel has had its turn: others have theirs first. The client is gone if there
 * never will be more: it ended, broke off, was too slow, or its turn was over. in_request: it has
 * begun a request of which nothing is left in the buffer.
 *
 * After channel_end it closes our side of the connection (half-close), then drops what the client
 * still sends until it closes its side, and returns false: a lingering close, see RFC 9112 9.6. It
 * gives up after five seconds, or 800 MB, or 10 milliseconds without a byte if the client may have
 * sent all, or if others wait for the pool's thread or process. (A blocking channel returns true
 * after each read: call again.) */
bool channel_receive(struct channel *channel, bool in_request);

/* The next wait has a deadline of its own. */
void channel_restart_clock(struct channel *channel);

/* Drops what has been received, and receives no more requests. What is unsent can still be sent.
 * sends_on: the client is known to have more to send. */
void channel_end(struct channel *channel, bool sends_on);

/* Sends what is in the buffer. Returns true once all is sent. A client to which nothing can be sent
 * is gone, and what was received from it is dropped. */
bool channel_send(struct channel *channel);

/* True if the buffer holds something that is not sent. */
bool channel_unsent(const struct channel *channel);

/* Frees the buffers and closes the socket. */
void channel_close(struct channel *channel);

#endif
