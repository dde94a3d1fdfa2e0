/* common/http.h - the same requests, written as HTTP/1.1. No I/O, no allocation.
 *
 * `GET /sleep/100' asks what the line `sleep 100' asks. `?who' behind it asks `who' as well, and
 * ends the conversation: for scripts in a browser, which cannot choose their connection. The other
 * methods of RFC 9110 are 405, all others 501. A body is skipped, after the response.
 *
 * RFC 9112 says how a head is read. Where client and server could disagree about where a request
 * ends, the answer is an error, and the connection closes: behind a proxy, the next bytes might be
 * another client's (request smuggling). */
#ifndef HTTP_H
#define HTTP_H

#include "request.h"

enum {
    HEAD_LIMIT = 16384,           /* bytes of a request's head, with the empty line that ends it */
    BODY_LIMIT = 65536,           /* of its body, and of a chunk */
    CHUNKS_LIMIT = 2 * BODY_LIMIT /* of a body in chunks, with the lines between them */
};

/* What must be remembered of a request until its response is written and its body skipped. */
struct http {
    unsigned body;   /* bytes that are not skipped yet, of all of it or of a chunk */
    unsigned chunks; /* bytes that came in chunks */
    enum { NO_LINE, CHUNK_SIZE, CHUNK_END, TRAILER } line; /* behind those bytes */
    bool no_body : 1;                                      /* HEAD: the response has none */
    bool allows : 1;   /* the response says which methods are allowed */
    bool keeps : 1;    /* HTTP/1.0: the response must say that the connection stays open */
    bool closes : 1;   /* the connection closes after the response */
    bool says_who : 1; /* the response says in a second line who served the client */
};

/* Answers only who asks for localhost, 127.0.0.1, [::1] or this address, with any port; others get
 * 421. So a page of evil.example, a name that its owner lets mean this machine (DNS rebinding), is
 * refused, for the browser says what name it asks. Call it before the first request. */
void http_answer_only(const char *address);

/* True if a conversation that begins with this line is in HTTP: it begins with none of our verbs,
 * and its last word is a version, or it begins as "GET /" does. It is given without its LF, or cut
 * at LINE_LIMIT bytes, and then its last word is unknown. */
bool http_begins(const char *line, const char *end);

/* True if the line that ends at this LF is empty, and so ends the head. It is not the first one. */
bool http_ends_head(const char *head, const char *end);

/* Reads a head that ends at this LF; NULL if there is none in HEAD_LIMIT bytes. Never fails: what
 * makes no sense is an INVALID request. The request points into the head, which it changes. */
struct request http_parse(struct http *http, char *head, const char *end);

/* True if not all of the body is skipped yet. */
static inline bool http_in_body(const struct http *http)
{
    return http->body > 0 || http->line != NO_LINE;
}

/* Reads the next line between chunks, which ends at this LF. Returns false if it is malformed, or
 * there were too many: then nobody knows where the next request begins. */
bool http_read_chunk(struct http *http, char *line, char *end);

#endif
