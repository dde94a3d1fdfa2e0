/* common/request.c - a line of text becomes a request. Pure: no I/O, no allocation.
 * The table says what the verbs are; the functions below it read a line by the table. */
#include "request.h"

#include "text.h"

const struct verb_rule verb_rules[] = {
    [ECHO] = {"echo", " TEXT", 0, "", ANY_TEXT, false},
    [SLEEP] = {"sleep", " MS", SLEEP_LIMIT, " milliseconds", A_NUMBER, false},
    [PRIMES] = {"primes", " N", PRIMES_LIMIT, "", A_NUMBER, false},
    [COUNT] = {"count", "", 0, "", NOTHING, false},
    [WHO] = {"who", "", 0, "", NOTHING, false},
    [STATS] = {"stats", "", 0, "", NOTHING, false},
    [HELP] = {"help", "", 0, "", NOTHING, false},
    [QUIT] = {"quit", "", 0, "", NOTHING, false},
    [HOLD] = {"hold", " NAME", 0, "", A_NAME, true},
    [CRASH] = {"crash", "", 0, "", NOTHING, true},
    [INVALID] = {.name = NULL},
};

static bool lab_allowed;

void request_allow_lab(void)
{
    lab_allowed = true;
}

bool verb_known(const struct verb_rule *rule)
{
    return lab_allowed || !rule->lab;
}

const struct verb_rule *verb_find(const char *name, size_t length)
{
    for (const struct verb_rule *rule = verb_rules; rule->name; rule++)
        if (strlen(rule->name) == length && memcmp(rule->name, name, length) == 0)
            return verb_known(rule) ? rule : NULL;
    return NULL;
}

static struct request invalid(enum mistake mistake, const char *verb, size_t length)
{
    return (struct request){.verb = INVALID, .mistake = mistake, .text = verb, .length = length};
}

struct request request_parse(const char *line, size_t length)
{
    if (length >= LINE_LIMIT)
        return invalid(LINE_TOO_LONG, line, 0);
    if (length > 0 && line[length - 1] == '\r')
        length--;
    struct text rest = {(char *)line, (char *)line + length}; /* nothing here writes to it */
    size_t word = size_of(cut(&rest, ' '));
    const struct verb_rule *rule = verb_find(line, word);
    struct request request = {.text = rest.start, .length = size_of(rest)};

    if (!rule)
        return invalid(UNKNOWN_VERB, line, word);
    request.verb = (enum verb)(rule - verb_rules);
    if (rule->takes == A_NUMBER)
        request.number = number_of(rest, 10);
    if (request.number < 0 || request.number > rule->limit)
        return invalid(BAD_NUMBER, line, word);
    if (rule->takes == A_NAME && (!consists_of(rest, "-_") || size_of(rest) > NAME_LIMIT))
        return invalid(BAD_NAME, line, word); /* of a file, so it holds no dot and no slash */
    if (rule->takes == NOTHING && word < length)
        return invalid(UNWANTED_TEXT, line, word);
    return request;
}

const char *request_name(const struct request *request)
{
    return request->verb == INVALID ? "nonsense" : verb_rules[request->verb].name;
}

bool request_takes_time(const struct request *request)
{
    bool in_gate = request->verb == COUNT && lab_allowed; /* see threaded/tally.c */
    return request->verb == SLEEP || request_computes(request) || in_gate;
}
