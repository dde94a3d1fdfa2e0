/* common/reply.c - a request and its result become the text of a reply. No I/O, no allocation. */
#include "reply.h"

#include "stats.h"
#include "system.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { SHOWN_LIMIT = 32 }; /* bytes of an unknown verb that the reply repeats */

/* As snprintf, but returns what was written, not what would have been. */
__attribute__((format(printf, 3, 4))) static size_t print(char *out, size_t size,
                                                          const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    int length = vsnprintf(out, size, format, arguments);
    va_end(arguments);
    return length < 0 ? 0 : (size_t)length < size ? (size_t)length : size - 1;
}

static size_t print_text(char *out, size_t size, const struct request *request)
{
    size_t length = request->length < size ? request->length : size - 1;

    memcpy(out, request->text, length); /* it may contain a NUL, so not by printf */
    out[length] = '\0';
    return length;
}

static size_t print_help(char *out, size_t size)
{
    size_t length = 0;

    for (const struct verb_rule *rule = verb_rules; rule->name; rule++)
        if (verb_known(rule))
            length += print(out + length, size - length, "%s%s%s", length ? ", " : "", rule->name,
                            rule->argument);
    return length;
}

static size_t print_hold(char *out, size_t size, const struct request *request, long number)
{
    int length = (int)request->length;

    if (number == 0)
        return print(out, size, "held %.*s", length, request->text);
    if (number == -ENOENT)
        return print(out, size, "error: there is no gate: mkfifo %.*s.gate", length, request->text);
    return print(out, size, "error: cannot enter %.*s.gate: %s", length, request->text,
                 strerror((int)-number));
}

/* ---- Errors ---- */

static size_t print_unknown(char *out, size_t size, const struct request *request)
{
    char shown[SHOWN_LIMIT + 1];
    size_t length = request->length < SHOWN_LIMIT ? request->length : SHOWN_LIMIT;

    for (size_t i = 0; i < length; i++)
        shown[i] = request->text[i] > ' ' && request->text[i] <= '~' ? request->text[i] : '?';
    shown[length] = '\0';
    return print(out, size, "error: unknown request '%s', try help", shown);
}

static size_t print_mistake(char *out, size_t size, const struct request *request)
{
    const struct verb_rule *rule = verb_find(request->text, request->length);

    if (request->mistake == BAD_HTTP)
        return print(out, size, "error: %.*s", (int)request->length, request->text);
    if (request->mistake == LINE_TOO_LONG)
        return print(out, size, "error: line longer than %d bytes", LINE_LIMIT);
    if (!rule)
        return print_unknown(out, size, request);
    if (request->mistake == UNWANTED_TEXT)
        return print(out, size, "error: %s takes nothing after it", rule->name);
    if (request->mistake == BAD_NAME)
        return print(out, size, "error: %s takes a name of 1 to %d letters, digits, - and _",
                     rule->name, NAME_LIMIT);
    return print(out, size, "error: %s takes 0 to %ld%s", rule->name, rule->limit, rule->unit);
}

/* ---- The reply ---- */

size_t reply_write(const struct request *request, long number, char *out, size_t size)
{
    switch (request->verb) {
    case ECHO: return print_text(out, size, request);
    case SLEEP: return print(out, size, "slept %ld", number);
    case PRIMES:
    case COUNT: return print(out, size, "%ld", number);
    case WHO:
        return print(out, size, "process %ld thread %ld client %ld", (long)getpid(), thread_id(),
                     request->client);
    case STATS: return stats_report(out, size);
    case HELP: return print_help(out, size);
    case QUIT: return print(out, size, "bye");
    case HOLD: return print_hold(out, size, request, number);
    case CRASH: break; /* nothing is left that could reply */
    case INVALID: return print_mistake(out, size, request);
    }
    return print(out, size, "error: %s", request_name(request));
}
