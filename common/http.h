/* common/http.h - the same requests and replies, written as HTTP/1.1. No I/O, no allocation.
 *
 * `GET /sleep/100' asks what the line `sleep 100' asks, and the body of the response is the reply
 * line. `?who' behind it asks `who' as well, and ends the conversation: for scripts in a browser,
 * which cannot choose their connection. A body that a client sends is skipped.
 *
 * RFC 9112 says how a head is read. Where client and server could disagree about where a request
 * ends, the answer is an error, and the connection closes: behind a proxy, the next bytes might be
 * another client's (request smuggling). */
#ifndef HTTP_H
#define HTTP_H

#include "request.h"

enum {
    HEAD_LIMIT = 16384, /* bytes of a request's head, with the empty line that ends it */
    BODY_LIMIT = 65536, /* of its body */
    RESPONSE_LIMIT = LINE_LIMIT + 400 /* of a response: a reply, a head, and who served it */
};

/* What must be remembered of a request until its response is written and its body skipped. */
struct http {
    size_t body;   /* bytes that are not skipped yet */
    bool no_body;  /* HEAD: the response has none */
    bool keeps;    /* HTTP/1.0: the response must say that the connection stays open */
    bool closes;   /* the connection closes after the response */
    bool says_who; /* the response says in a second line who served the client */
};

/* True if this is the first line of a conversation in HTTP: its last word is a version, or it
 * begins as "GET /" does; but not if it begins with one of our own verbs. It is given without its
 * LF, and cut at LINE_LIMIT bytes if it is longer; then its last word is unknown. */
bool http_begins(const char *line, const char *end);

/* True if the line that ends at this LF is the empty one that ends the head. (Lines may be empty
 * before a head, too.) */
bool http_ends_head(const char *head, const char *end);

/* Reads a head that ends at this LF; NULL if there is none in HEAD_LIMIT bytes. Never fails: what
 * makes no sense is an INVALID request. The request points into the head, which it changes. */
struct request http_parse(struct http *http, char *head, const char *end);

/* Writes the response, of at most RESPONSE_LIMIT bytes. Returns its length. The number is the same
 * as for reply_write. */
size_t http_reply(const struct http *http, const struct request *request, long number, char *out);

#endif
