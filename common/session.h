/* common/session.h - one client's conversation: bytes in, requests out; replies in, bytes out.
 *
 * The only place that reads and writes a client's socket. The same code serves blocking sockets
 * (threads, processes) and non-blocking ones (an event loop). Where a blocking session waits
 * inside the call, a non-blocking one returns WANT_READ or WANT_WRITE, and the caller calls
 * again when the socket is ready.
 *
 * Requests may come many at a time (pipelining). The replies to what one read brought in are
 * gathered, and go out together when no whole request is left. */
#ifndef SESSION_H
#define SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "http.h"

enum session_status {
    REQUEST,    /* there is a request */
    GONE,       /* there will be none: the client ended, broke off, or was too slow */
    WANT_READ,  /* non-blocking: call again when the socket is readable, or at the deadline */
    WANT_WRITE, /* non-blocking: call again when it is writable, or at the deadline */
    RECEIVED,   /* there are new bytes */
    SENT        /* all replies are sent */
};

enum { BUFFER_SIZE = 16384 };

struct buffers {
    size_t in_start;   /* where the next line begins */
    size_t in_scanned; /* no line end before this */
    size_t in_end;
    size_t out_start; /* what comes before it is sent */
    size_t out_end;
    struct http http; /* of the request in hand */
    char in[BUFFER_SIZE];
    char out[BUFFER_SIZE];
};

struct session {
    struct buffers *buffers; /* NULL while there is nothing in them */
    int64_t deadline;        /* when to give up on the client; 0 while we do not wait for it */
    int64_t began;           /* when the request in hand was taken, for the timeline */
    long number;             /* the client is the server's first, second ... */
    int client;              /* its socket */
    bool blocking : 1;
    bool had_turn : 1;    /* non-blocking: it was read from since the caller last waited */
    bool skipping : 1;    /* inside a line that is too long */
    bool peer_closed : 1; /* the client ended or broke off: there is nothing more to read */
    bool ended : 1;       /* no more requests are served */
    bool begun : 1;       /* its first line has come, so it is known: */
    bool in_http : 1;     /* its requests are HTTP's, and not lines */
};

/* Sets the time limit of all sessions: a client is let go if for this many seconds it sends
 * nothing, or has not finished the request that it began, or takes none of its replies. 0: none. */
void session_time_limit(long seconds);

/* Tells where clients wait for a thread or process of the pool, if there is one. Call it before the
 * first session begins. */
void session_share_listener(int listener);

/* Begins a conversation on a blocking socket. Buffers are allocated for the first read: from one
 * thread to the next, malloc keeps memory that a stack would give back and fault in again. */
void session_start(struct session *session, int client);

/* Begins one on a non-blocking socket. Its buffers are freed whenever they are empty, so an idle
 * client has none. */
void session_start_nonblocking(struct session *session, int client);

/* Returns REQUEST with the next one, GONE, WANT_READ or WANT_WRITE. The request may point into
 * the session's buffer and is valid until the next call. */
enum session_status session_next(struct session *session, struct request *request);

/* Adds the reply to this request, with this number, to those to be sent. There is always room
 * for the reply to the request that session_next returned last. */
void session_reply(struct session *session, const struct request *request, long number);

/* Sends the replies: SENT, GONE or WANT_WRITE. session_next does so by itself before it waits. */
enum session_status session_send(struct session *session);

/* True if the buffer of replies is so full that some must be sent before the next request. */
bool session_full(const struct session *session);

/* Closes the socket. Replies that the client has not taken by now are lost. */
void session_finish(struct session *session);

#endif
