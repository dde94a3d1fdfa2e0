/* tests/units/lines.c - lines by chance, good and broken, and what the wire's table says. */
#include "lines.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- Lines by chance ---- */

static const char *const verbs[] = {"echo",  "sleep", "primes", "count", "who",
                                    "stats", "help",  "hold",   "crash", "quit"};

enum { VERBS = sizeof verbs / sizeof verbs[0], QUIT = VERBS - 1 };

/* Seldom quit, for what comes after it is not seen. */
static const char *any_verb(struct dice *dice)
{
    return verbs[dice_below(dice, dice_one_in(dice, 50) ? VERBS : QUIT)];
}

static char any_byte(struct dice *dice)
{
    static const char often[] = " \0\r\t'0123456789-aeo%\x7f\x80\xff";
    char byte = (char)dice_below(dice, 256);

    if (dice_one_in(dice, 2))
        byte = often[dice_below(dice, sizeof often)];
    return byte == '\n' ? ' ' : byte;
}

static size_t any_bytes(struct dice *dice, char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        text[i] = any_byte(dice);
    return length;
}

/* Such as may be right, or just not. */
static size_t any_number(struct dice *dice, char *text, size_t room)
{
    static const char *const edges[] = {
        "60000", "60001",    "59999",    "0",       "-1",
        "",      "10000000", "10000001", "9999999", "00000000000000001"};
    static const size_t limits[] = {10, 60001, 70000, 10000001, 20000000};

    if (dice_one_in(dice, 3))
        return (size_t)snprintf(text, room, "%s",
                                edges[dice_below(dice, sizeof edges / sizeof edges[0])]);
    if (dice_one_in(dice, 10))
        return (size_t)snprintf(text, room, "%llu%llu", (unsigned long long)dice_throw(dice),
                                (unsigned long long)dice_throw(dice));
    return (size_t)snprintf(text, room, "%zu", dice_below(dice, limits[dice_below(dice, 5)]));
}

static size_t any_request(struct dice *dice, char *line)
{
    const char *verb = any_verb(dice);
    size_t length = (size_t)snprintf(line, 100, "%s", verb);

    if (strcmp(verb, "echo") == 0 || dice_one_in(dice, 20)) {
        line[length++] = ' ';
        return length + any_bytes(dice, line + length, dice_below(dice, 60));
    }
    if (strcmp(verb, "sleep") == 0 || strcmp(verb, "primes") == 0) {
        line[length++] = ' ';
        return length + any_number(dice, line + length, 100);
    }
    return length;
}

/* One byte becomes another, goes, or comes. */
static size_t spoil(struct dice *dice, char *line, size_t length)
{
    size_t place = dice_below(dice, length + 1), kind = dice_below(dice, 3);
    size_t goes = kind > 0 && place < length, comes = kind < 2;

    memmove(line + place + comes, line + place + goes, length - place - goes);
    if (comes)
        line[place] = any_byte(dice);
    return length - goes + comes;
}

static size_t any_long_line(struct dice *dice, char *line)
{
    size_t length =
        dice_one_in(dice, 3) ? 5 + dice_below(dice, 15000) : 8185 + dice_below(dice, 12);

    memset(line, 'x', length);
    if (dice_one_in(dice, 2))
        memcpy(line, "echo ", 5);
    return length;
}

size_t lines_make(struct dice *dice, char *line)
{
    size_t kind = dice_below(dice, 100), length = 0;

    if (kind < 2)
        length = any_long_line(dice, line);
    else if (kind < 6)
        length = any_bytes(dice, line, dice_below(dice, 70));
    else if (kind < 98)
        length = any_request(dice, line);
    if (dice_one_in(dice, 8))
        length = spoil(dice, line, length);
    while (dice_one_in(dice, 4) && length < LONGEST_LINE)
        line[length++] = '\r';
    return length;
}

/* ---- The judge ---- */

__attribute__((format(printf, 2, 3))) static void answer(struct verdict *verdict,
                                                         const char *format, ...)
{
    va_list values;

    va_start(values, format);
    verdict->length = (size_t)vsnprintf(verdict->reply, sizeof verdict->reply, format, values);
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
    static char digits[LONGEST_LINE + 1];

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

static void judge_unknown(const char *word, size_t length, struct verdict *verdict)
{
    char shown[33] = "";

    for (size_t i = 0; i < length && i < 32; i++)
        shown[i] = '!' <= word[i] && word[i] <= '~' ? word[i] : '?';
    answer(verdict, "error: unknown request '%s', try help", shown);
}

/* The verbs but echo: what their replies begin with, and the limit of the number behind them. */
static const struct rule {
    const char *verb, *reply, *limit, *unit;
} rules[] = {
    {"sleep", "slept ", "60000", " milliseconds"},
    {"primes", "", "10000000", ""},
    {"count", "", NULL, NULL},
    {"who", "", NULL, NULL},
    {"stats", "", NULL, NULL},
    {"help", "echo TEXT, sleep MS, primes N, count, who, stats, help, quit", NULL, NULL},
    {"quit", "bye", NULL, NULL},
};

static void judge_by(const struct rule *rule, bool blank, const char *text, size_t length,
                     struct verdict *verdict)
{
    const char *number = rule->limit ? number_up_to(rule->limit, text, length) : "";

    if (!number)
        answer(verdict, "error: %s takes 0 to %s%s", rule->verb, rule->limit, rule->unit);
    else if (blank && !rule->limit)
        answer(verdict, "error: %s takes nothing after it", rule->verb);
    else {
        verdict->verb = rule->verb;
        answer(verdict, "%s%s", rule->reply, number);
    }
}

void lines_judge(const char *line, size_t length, struct verdict *verdict)
{
    const char *blank = memchr(line, ' ', length), *text = blank ? blank + 1 : line + length;
    size_t word = blank ? (size_t)(blank - line) : length, left = length - (size_t)(text - line);

    verdict->verb = "error";
    judge_unknown(line, word, verdict);
    if (is(line, word, "echo")) {
        verdict->verb = "echo";
        verdict->length = left;
        memcpy(verdict->reply, text, left);
    }
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        if (is(line, word, rules[i].verb))
            judge_by(&rules[i], blank, text, left, verdict);
}

void lines_judge_too_long(struct verdict *verdict)
{
    verdict->verb = "error";
    answer(verdict, "error: line longer than 8192 bytes");
}
