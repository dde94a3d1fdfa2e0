/* tests/units/judge.c - what is due for lines: a judge that is slow and plain. It waits for all of
 * the input, cuts it at each LF, and looks at one line after another. */
#include "judge.h"

#include "system.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LONGEST = 8192 }; /* of lines, with their end */

static char *out;

/* What the server's counters say, as far as they change. */
static struct {
    long requests, errors, count;
} seen;

__attribute__((format(printf, 1, 2))) static void answer(const char *format, ...)
{
    va_list values;

    va_start(values, format);
    seen.errors += strncmp(format, "error", 5) == 0;
    out += vsprintf(out, format, values);
    *out++ = '\n';
    va_end(values);
}

static bool is(const char *text, size_t length, const char *whole)
{
    return length == strlen(whole) && memcmp(text, whole, length) == 0;
}

/* The digits without the zeros before them, when they make a number up to limit; else NULL.
 * Numbers are compared as texts, so that none can overflow. */
static const char *number_up_to(const char *limit, const char *text, size_t length)
{
    static char digits[LONGEST];

    memcpy(digits, text, length);
    digits[length] = '\0';
    if (length == 0 || strspn(digits, "0123456789") != length)
        return NULL;
    const char *number = digits;
    while (number[0] == '0' && number[1])
        number++;
    if (strlen(number) != strlen(limit))
        return strlen(number) < strlen(limit) ? number : NULL;
    return strcmp(number, limit) <= 0 ? number : NULL;
}

static void answer_unknown(const char *word, size_t length)
{
    char shown[33] = "";

    for (size_t i = 0; i < length && i < 32; i++)
        shown[i] = '!' <= word[i] && word[i] <= '~' ? word[i] : '?';
    answer("error: unknown request '%s', try help", shown);
}

static void answer_echo(const char *text, size_t length)
{
    memcpy(out, text, length);
    out += length;
    *out++ = '\n';
}

/* The other verbs: what their replies begin with, and the limit of the number behind them. */
static const struct rule {
    const char *verb, *reply, *limit, *unit;
} rules[] = {
    {"sleep", "slept ", "60000", " milliseconds"},
    {"primes", "", "10000000", ""},
    {"count", NULL, NULL, NULL},
    {"who", NULL, NULL, NULL},
    {"stats", NULL, NULL, NULL},
    {"help", "echo TEXT, sleep MS, primes N, count, who, stats, help, quit", NULL, NULL},
    {"quit", "bye", NULL, NULL},
    {0},
};

static void answer_by(const struct rule *rule, const char *blank, const char *text, size_t length)
{
    const char *number = rule->limit ? number_up_to(rule->limit, text, length) : "";

    if (!number)
        answer("error: %s takes 0 to %s%s", rule->verb, rule->limit, rule->unit);
    else if (blank && !rule->limit)
        answer("error: %s takes nothing after it", rule->verb);
    else if (rule->reply)
        answer("%s%s", rule->reply, number);
    else if (strcmp(rule->verb, "count") == 0)
        answer("%ld", ++seen.count);
    else if (strcmp(rule->verb, "who") == 0)
        answer("process %ld thread %ld client 1", (long)getpid(), thread_id());
    else
        answer("clients=1 accepted=1 requests=%ld errors=%ld running=0 waiting=0 workers=0",
               seen.requests, seen.errors);
}

/* A line without its end. */
static void judge_line(const char *line, size_t length)
{
    const char *blank = memchr(line, ' ', length), *text = blank ? blank + 1 : line + length;
    size_t word = (size_t)((blank ? blank : text) - line), left = length - (size_t)(text - line);
    const struct rule *rule = rules;

    while (rule->verb && !is(line, word, rule->verb))
        rule++;
    if (is(line, word, "echo"))
        answer_echo(text, left);
    else if (rule->verb)
        answer_by(rule, blank, text, left);
    else
        answer_unknown(line, word);
}

/* With its LF or, at the end of the input, without. False after the last reply. */
static bool judge_piece(const char *line, size_t length)
{
    bool ended = line[length - 1] == '\n';

    if (!ended && length < LONGEST)
        return false;
    seen.requests++;
    if (!ended || length > LONGEST) {
        answer("error: line longer than 8192 bytes");
        return true;
    }
    length -= length > 1 && line[length - 2] == '\r' ? 2 : 1;
    judge_line(line, length);
    return !is(line, length, "quit");
}

size_t judge(const char *input, size_t length, char *replies)
{
    const char *end = input + length, *line = input, *next = line;

    out = replies;
    memset(&seen, 0, sizeof seen);
    do {
        line = next;
        while (next < end && *next++ != '\n')
            ;
    } while (next > line && judge_piece(line, (size_t)(next - line)));
    return (size_t)(out - replies);
}
