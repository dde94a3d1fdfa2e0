/* common/request.h - a line of text becomes a request. Pure: no I/O, no allocation.
 *
 * This is the one place that knows the verbs and their limits; reply.h writes the answers. */
#ifndef REQUEST_H
#define REQUEST_H

#include <stdbool.h>
#include <stddef.h>

enum {
    LINE_LIMIT = 8192,   /* a request's bytes, with its line end */
    SLEEP_LIMIT = 60000, /* milliseconds */
    PRIMES_LIMIT = 10000000,
    NAME_LIMIT = 32 /* characters of a gate's name */
};

enum verb { ECHO, SLEEP, PRIMES, COUNT, WHO, STATS, HELP, QUIT, HOLD, CRASH, INVALID };

enum mistake { UNKNOWN_VERB, BAD_NUMBER, BAD_NAME, UNWANTED_TEXT, LINE_TOO_LONG, BAD_HTTP };

struct request {
    enum verb verb;
    enum mistake mistake; /* INVALID only */
    long number;          /* SLEEP: milliseconds; PRIMES: the bound */
    const char *text;     /* ECHO: the text; HOLD: the name; INVALID: the verb, as written; but
                             BAD_HTTP: what is wrong */
    size_t length;        /* of the text, which has no NUL at its end and may contain some */
    long client;          /* whose it is, the server's first, second ...; 0: the caller sets it */
};

/* What a verb takes: a row of the table that request_parse reads a line by. */
struct verb_rule {
    const char *name;
    const char *argument; /* its name in the help; "" for NOTHING */
    long limit;           /* A_NUMBER: from 0 to this */
    const char *unit;     /* A_NUMBER: for the help */
    enum argument { NOTHING, A_NUMBER, A_NAME, ANY_TEXT } takes;
    bool lab; /* known only after request_allow_lab */
};

extern const struct verb_rule verb_rules[]; /* in the order of enum verb; INVALID has no name */

/* Makes HOLD and CRASH requests; until then they are unknown. See lab.h. */
void request_allow_lab(void);

/* Returns the rule of the verb with this name, or NULL if it is unknown. */
const struct verb_rule *verb_find(const char *name, size_t length);

/* True if the server knows this verb: the lab's only where they are allowed. */
bool verb_known(const struct verb_rule *rule);

/* Reads one line, given without its LF; a CR before that is no part of it. Never fails: a line that
 * makes no sense, or is over LINE_LIMIT, is INVALID. The request points into the line. */
struct request request_parse(const char *line, size_t length);

/* Returns the verb's name; "nonsense" for INVALID. */
const char *request_name(const struct request *request);

/* True if the request computes, so that its thread is busy until it is done. */
static inline bool request_computes(const struct request *request)
{
    return request->verb == PRIMES || request->verb == HOLD || request->verb == CRASH;
}

/* True if it may be long before the reply: the request waits, computes, or may be in a gate. */
bool request_takes_time(const struct request *request);

#endif
