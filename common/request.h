/* common/request.h - a line of text becomes a request. Pure: no I/O, no allocation.
 *
 * This is the one place that knows the verbs, their limits and the texts of their errors. */
#ifndef REQUEST_H
#define REQUEST_H

#include <stddef.h>

enum {
    LINE_LIMIT = 8192,   /* a request's bytes, with its line end */
    SLEEP_LIMIT = 60000, /* milliseconds */
    PRIMES_LIMIT = 10000000,
    NAME_LIMIT = 32 /* characters of a gate's name */
};

enum verb { ECHO, SLEEP, PRIMES, COUNT, WHO, STATS, HELP, QUIT, HOLD, CRASH, INVALID };

enum mistake { UNKNOWN_VERB, BAD_NUMBER, BAD_NAME, UNWANTED_TEXT, LINE_TOO_LONG };

struct request {
    enum verb verb;
    enum mistake mistake; /* INVALID only */
    long number;          /* SLEEP: milliseconds; PRIMES: the bound */
    const char
        *text;     /* ECHO: what to give back; HOLD: the name; INVALID: the verb as written */
    size_t length; /* of the text, which has no NUL at its end and may hold some */
};

/* From now on HOLD and CRASH are requests; until then they are unknown. See lab.h. */
void request_allow_lab(void);

/* Reads one line, given without its line end. Never fails: what makes no sense is INVALID.
 * The request points into the line and is good for as long as that stands still. */
struct request request_parse(const char *line, size_t length);

/* The request that stands for a line over LINE_LIMIT. */
struct request request_too_long(void);

/* The verb as it is written; "nonsense" for INVALID. */
const char *request_name(const struct request *request);

/* Writes the reply to an INVALID request, "error: ...", without a line end, cut to size - 1
 * bytes and ended by a NUL. Returns its length. */
size_t request_complain(const struct request *request, char *buffer, size_t size);

/* Writes the reply to `help` in the same way. */
size_t request_help(char *buffer, size_t size);

#endif
