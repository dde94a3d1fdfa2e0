/* common/request.c - a line of text becomes a request. Pure: no I/O, no allocation.
 * The table says what the verbs are; the functions below it read a line by the table. */
#include "request.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum argument { NOTHING, A_NUMBER, A_NAME, ANY_TEXT };

static const struct verb_entry {
    const char *name;
    enum verb verb;
    enum argument takes;
    const char *called; /* the argument's name in the help */
    long limit;
    const char *unit;
    bool lab; /* known only where that is allowed */
} verbs[] = {
    {.name = "echo", .verb = ECHO, .takes = ANY_TEXT, .called = " TEXT"},
    {"sleep", SLEEP, A_NUMBER, " MS", SLEEP_LIMIT, " milliseconds", false},
    {"primes", PRIMES, A_NUMBER, " N", PRIMES_LIMIT, "", false},
    {.name = "count", .verb = COUNT, .called = ""},
    {.name = "who", .verb = WHO, .called = ""},
    {.name = "stats", .verb = STATS, .called = ""},
    {.name = "help", .verb = HELP, .called = ""},
    {.name = "quit", .verb = QUIT, .called = ""},
    {.name = "hold", .verb = HOLD, .takes = A_NAME, .called = " NAME", .lab = true},
    {.name = "crash", .verb = CRASH, .called = "", .lab = true},
};

enum { VERBS = sizeof verbs / sizeof verbs[0], SHOWN_LIMIT = 32 };

static bool lab_allowed;

void request_allow_lab(void)
{
    lab_allowed = true;
}

static bool known(const struct verb_entry *entry)
{
    return lab_allowed || !entry->lab;
}

static const struct verb_entry *find_verb(const char *word, size_t length)
{
    for (const struct verb_entry *entry = verbs; entry < verbs + VERBS; entry++)
        if (strlen(entry->name) == length && memcmp(entry->name, word, length) == 0)
            return known(entry) ? entry : NULL;
    return NULL;
}

/* Digits and nothing else, from 0 to limit. */
static bool read_number(const char *text, size_t length, long limit, long *number)
{
    *number = 0;
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *number = *number * 10 + (text[i] - '0');
        if (*number > limit)
            return false;
    }
    return length > 0;
}

/* Such as can be part of a file's name and nothing more. */
static bool is_name(const char *text, size_t length)
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

    for (size_t i = 0; i < length; i++)
        if (!memchr(allowed, text[i], sizeof allowed - 1))
            return false;
    return length > 0 && length <= NAME_LIMIT;
}

static struct request invalid(enum mistake mistake, const char *word, size_t length)
{
    return (struct request){
        .verb = INVALID, .mistake = mistake, .text = word, .length = length};
}

struct request request_too_long(void)
{
    return invalid(LINE_TOO_LONG, "", 0);
}

struct request request_parse(const char *line, size_t length)
{
    const char *space = memchr(line, ' ', length);
    size_t word = space ? (size_t)(space - line) : length;
    size_t rest = space ? length - word - 1 : 0;
    const struct verb_entry *entry = find_verb(line, word);
    struct request request = {.text = line + length - rest, .length = rest};

    if (!entry)
        return invalid(UNKNOWN_VERB, line, word);
    request.verb = entry->verb;
    if (entry->takes == A_NUMBER &&
        !read_number(request.text, rest, entry->limit, &request.number))
        return invalid(BAD_NUMBER, line, word);
    if (entry->takes == A_NAME && !is_name(request.text, rest))
        return invalid(BAD_NAME, line, word);
    if (entry->takes == NOTHING && space)
        return invalid(UNWANTED_TEXT, line, word);
    return request;
}

const char *request_name(const struct request *request)
{
    for (const struct verb_entry *entry = verbs; entry < verbs + VERBS; entry++)
        if (entry->verb == request->verb)
            return entry->name;
    return "nonsense";
}

/* snprintf says what it would have written; we want what it did. */
static size_t written(int length, size_t size)
{
    return length < 0 ? 0 : (size_t)length < size ? (size_t)length : size - 1;
}

static size_t complain_unknown(const struct request *request, char *buffer, size_t size)
{
    char shown[SHOWN_LIMIT + 1];
    size_t length = request->length < SHOWN_LIMIT ? request->length : SHOWN_LIMIT;

    for (size_t i = 0; i < length; i++)
        shown[i] = request->text[i] > ' ' && request->text[i] <= '~' ? request->text[i] : '?';
    shown[length] = '\0';
    return written(snprintf(buffer, size, "error: unknown request '%s', try help", shown),
                   size);
}

size_t request_complain(const struct request *request, char *buffer, size_t size)
{
    const struct verb_entry *entry = find_verb(request->text, request->length);

    if (request->mistake == LINE_TOO_LONG)
        return written(snprintf(buffer, size, "error: line longer than %d bytes", LINE_LIMIT),
                       size);
    if (!entry)
        return complain_unknown(request, buffer, size);
    if (request->mistake == UNWANTED_TEXT)
        return written(snprintf(buffer, size, "error: %s takes nothing after it", entry->name),
                       size);
    if (request->mistake == BAD_NAME)
        return written(snprintf(buffer, size,
                                "error: %s takes a name of 1 to %d letters, digits, - and _",
                                entry->name, NAME_LIMIT),
                       size);
    return written(snprintf(buffer, size, "error: %s takes 0 to %ld%s", entry->name,
                            entry->limit, entry->unit),
                   size);
}

size_t request_help(char *buffer, size_t size)
{
    size_t length = 0;

    for (int i = 0; i < VERBS && known(&verbs[i]); i++)
        length += written(snprintf(buffer + length, size - length, "%s%s%s", i ? ", " : "",
                                   verbs[i].name, verbs[i].called),
                          size - length);
    return length;
}
