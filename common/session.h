/* common/session.h - one client's conversation: bytes in, requests out; replies in, bytes out.
 *
 * The only place that reads and writes a client's socket. The same code serves sockets that
 * block (threads, processes) and sockets that do not (an event loop). Where a blocking session
 * waits inside the call, the other one returns UNREADABLE or UNWRITABLE, and the caller comes
 * back when the socket is ready.
 *
 * Requests may come many at a time. The replies to what one read brought in are gathered, and
 * go out together when there is no whole request left. */
#ifndef SESSION_H
#define SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "request.h"

enum event {
    REQUEST,    /* there is a request */
    GONE,       /* there will be none: the client ended, broke off, or was too slow */
    UNREADABLE, /* not blocking: call again when the socket is readable, or at the deadline */
    UNWRITABLE, /* not blocking: call again when it is writable, or at the deadline */
    RECEIVED,   /* there are new bytes */
    SENT        /* all replies are on their way */
};

struct buffers;

struct session {
    struct buffers *buffers; /* NULL while there is nothing in them */
    int64_t deadline;        /* while waiting: when we let the client go */
    int64_t taken;           /* when the request in hand was taken up, for the timeline */
    long number;             /* this is the server's first, second ... client */
    int client;              /* its socket */
    bool blocking : 1;
    bool waiting : 1;  /* the client was given its time and has not yet done what we wait for */
    bool hurried : 1;  /* the socket's own limit is shorter than usual */
    bool skipping : 1; /* inside a line that is too long */
    bool fed : 1;      /* had a read in this turn */
    bool left : 1;     /* the client ended or broke off: there is nothing more to read */
    bool ended : 1;    /* there will be nothing more from this client */
};

/* For all sessions: a client is let go when for so many seconds it sends nothing, or has not
 * finished the request that it began, or takes none of its replies. 0 is never. */
void session_time_limit(long seconds);

/* This process will have one session at a time, and so do those it forks: their buffers are set
 * aside now. A child that had to allocate them would copy pages of the heap to do so. Dies when
 * there is no memory. */
void session_one_at_a_time(void);

/* Sessions that do not block leave a buffer behind for the next one of their thread. To be called
 * by such a thread before it ends. */
void session_free_spare(void);

/* The session takes the socket over; session_finish closes it. */
void session_start(struct session *session, int client); /* blocks */
void session_start_without_blocking(struct session *session, int client);

/* The next request: REQUEST, GONE, UNREADABLE or UNWRITABLE. The request may point into the
 * session's buffer and is good until the next call. */
enum event session_next(struct session *session, struct request *request);

/* Puts the reply to this request, with this number, among those to be sent. There is room for
 * the reply to the request that session_next gave last. */
void session_reply(struct session *session, const struct request *request, long number);

/* Sends replies that wait: SENT, GONE or UNWRITABLE. There is no need to call it before
 * session_next, which sends by itself before it waits. */
enum event session_send(struct session *session);

/* Whether so many replies wait that the client should take some before it asks again. */
bool session_crowded(const struct session *session);

/* Closes the socket. Replies that it did not take until now are lost. */
void session_finish(struct session *session);

#endif
