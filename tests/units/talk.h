/* tests/units/talk.h - a session and its client in one thread: what one sends in pieces, the other
 * serves, and the replies come back. There is one at a time.
 *
 * By MESSAGES each piece arrives by itself, even when the session does not look until all are
 * sent, and so a session that blocks can be fed piece by piece without a second thread; and one
 * reply message is one write. By STREAM bytes flow as in TCP. */
#ifndef TALK_H
#define TALK_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#include "session.h"

enum how { BLOCKING, NOT_BLOCKING };

enum wire {
    STREAM = SOCK_STREAM,
    MESSAGES = SOCK_SEQPACKET /* macOS has none, and takes a stream: then pieces may merge */
};

enum {
    PIECE_LIMIT = 8192,      /* a session has room for a message of this size at any time */
    REPLIES_LIMIT = 16 << 20 /* bytes */
};

extern struct talk {
    struct session session;
    enum how how;
    enum wire wire;
    int client;    /* the other end; -1 once it is closed */
    long count;    /* for the requests of this name */
    size_t reads;  /* in which the client took the replies */
    size_t length; /* of all that came back, with x in place of each time in a Date */
} talk;
extern char talk_replies[REPLIES_LIMIT];

/* check_replies(wanted, its length), see unit.h */
#define check_replies(...) check_text(talk_replies, talk.length, __VA_ARGS__)

/* Call this once, first. */
void talk_prepare(void);

/* Opens a pair of sockets and a session on one of them. Dies when that cannot be. */
void talk_start(enum how how, enum wire wire);

/* From now on the way back holds as little as the system allows: some kilobytes. */
void talk_narrow_the_way_back(void);

/* The client sends a piece. As a stream the socket may take only a part: returns how much. */
size_t talk_send(const char *text, size_t length);

/* The client will send no more; it still reads. */
void talk_half_close(void);

/* The client is gone, whatever was on its way to it. */
void talk_hang_up(void);

/* Serves requests until the session wants to wait, as an event loop would: it is asked again for
 * as long as its socket is ready. Returns what it wants: WANT_READ, WANT_WRITE or GONE. A
 * session that blocks waits by itself, and so is always GONE. Nothing sleeps or computes; the
 * number of a request is its reply. */
enum session_status talk_serve(void);

/* The client takes up to limit bytes of what has come back, and keeps it; of messages one as a
 * whole, for what is left of a message is lost. True when it got any. */
bool talk_take(size_t limit);
void talk_take_all(void);

/* Serves and takes in turn until neither goes on. */
enum session_status talk_settle(void);

/* Sends all of the text, and settles. */
enum session_status talk_ask(const char *text, size_t length);

/* Ends the session, and takes what it had sent. */
void talk_finish(void);

#endif
