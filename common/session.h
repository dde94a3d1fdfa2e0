/* common/session.h - one client's conversation: bytes in, requests out; replies in, bytes out.
 *
 * The same code serves blocking sockets (threads, processes) and non-blocking ones (an event
 * loop). Requests may come many at a time (pipelining). The replies to what one read brought in are
 * gathered, and go out together when no whole request is left. */
#ifndef SESSION_H
#define SESSION_H

#include "channel.h"
#include "http.h"

enum session_status {
    REQUEST,    /* there is a request */
    GONE,       /* there will be none: the client ended, broke off, or was too slow */
    WANT_READ,  /* non-blocking: call again when the socket is readable, */
    WANT_WRITE, /* or writable; or at channel.deadline */
    SENT        /* all replies are sent */
};

struct session {
    struct channel channel;
    struct http http; /* of the request in hand */
    int64_t began;    /* when the request in hand was taken, for the timeline */
    long number;      /* the client is the server's first, second ... */
    bool skipping;    /* inside a line that is too long */
    bool holds;       /* a request waits until the replies before it are sent */
    bool counted_out;
    bool begun;   /* its first line has come, so it is known: */
    bool in_http; /* its requests are HTTP's, and not lines */
};

/* Begins a conversation on a blocking socket, or on a non-blocking one. */
void session_start(struct session *session, int client);
void session_start_nonblocking(struct session *session, int client);

/* Returns all but SENT. The request may point into the session's buffer and is valid until the next
 * call. If it takes time, the replies before it are all sent. */
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
