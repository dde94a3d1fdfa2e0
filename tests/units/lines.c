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
    size_t place = dice_below(dice, length + 1);

    switch (dice_below(dice, 3)) {
    case 0: line[place] = any_byte(dice); return place < length ? length : length + 1;
    case 1:
        if (place < length)
            memmove(line + place, line + place + 1, --length - place);
        return length;
    default:
        memmove(line + place + 1, line + place, length - place);
        line[place] = any_byte(dice);
        return length + 1;
    }
}

static size_t any_long_line(struct dice *dice, char *line)
{
    size_t length =
        dice_one_in(dice, 3) ? dice_below(dice, LONGEST_LINE - 10) : 8185 + dice_below(dice, 12);

    memset(line, 'x', length);
    if (length >= 5 && dice_one_in(dice, 2))
        for (int i = 0; i < 5; i++)
            line[i] = "echo "[i];
    return length;
}

size_t lines_make(struct dice *dice, char *line)
{
    size_t length;

    switch (dice_below(dice, 100)) {
    case 0:
    case 1: length = any_long_line(dice, line); break;
    case 2:
    case 3: length = 0; break;
    case 4:
    case 5:
    case 6:
    case 7: length = any_bytes(dice, line, dice_below(dice, 70)); break;
    default: length = any_request(dice, line);
    }
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

static bool begins_with(const char *line, size_t length, const char *beginning)
{
    return length >= strlen(beginning) && memcmp(line, beginning, strlen(beginning)) == 0;
}

static bool is(const char *line, size_t length, const char *whole)
{
    return length == strlen(whole) && begins_with(line, length, whole);
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

static void judge_number(const char *line, size_t length, struct verdict *verdict)
{
    bool sleeps = line[0] == 's';
    const char *verb = sleeps ? "sleep" : "primes", *number = NULL;
    size_t word = strlen(verb) + 1;

    if (length >= word)
        number = number_up_to(sleeps ? "60000" : "10000000", line + word, length - word);
    if (number) {
        verdict->verb = verb;
        answer(verdict, "%s%s", sleeps ? "slept " : "", number);
    } else
        answer(verdict, "error: %s",
               sleeps ? "sleep takes 0 to 60000 milliseconds" : "primes takes 0 to 10000000");
}

static void judge_unknown(const char *line, size_t length, struct verdict *verdict)
{
    char word[33] = "";

    for (size_t i = 0; i < length && i < 32 && line[i] != ' '; i++)
        word[i] = '!' <= line[i] && line[i] <= '~' ? line[i] : '?';
    answer(verdict, "error: unknown request '%s', try help", word);
}

/* Verbs that stand alone, and their replies. */
static bool judge_alone(const char *line, size_t length, struct verdict *verdict)
{
    static const struct {
        const char *verb, *and_more, *reply;
    } alone[] = {
        {"count", "count ", ""},
        {"who", "who ", ""},
        {"stats", "stats ", ""},
        {"help", "help ", "echo TEXT, sleep MS, primes N, count, who, stats, help, quit"},
        {"quit", "quit ", "bye"},
    };

    for (size_t i = 0; i < sizeof alone / sizeof alone[0]; i++) {
        if (is(line, length, alone[i].verb)) {
            verdict->verb = alone[i].verb;
            answer(verdict, "%s", alone[i].reply);
            return true;
        }
        if (begins_with(line, length, alone[i].and_more)) {
            answer(verdict, "error: %s takes nothing after it", alone[i].verb);
            return true;
        }
    }
    return false;
}

void lines_judge(const char *line, size_t length, struct verdict *verdict)
{
    verdict->verb = "error";
    if (is(line, length, "echo") || begins_with(line, length, "echo ")) {
        verdict->verb = "echo";
        verdict->length = length > 5 ? length - 5 : 0;
        memcpy(verdict->reply, line + length - verdict->length, verdict->length);
    } else if (is(line, length, "sleep") || begins_with(line, length, "sleep ") ||
               is(line, length, "primes") || begins_with(line, length, "primes "))
        judge_number(line, length, verdict);
    else if (!judge_alone(line, length, verdict))
        judge_unknown(line, length, verdict);
}

void lines_judge_too_long(struct verdict *verdict)
{
    verdict->verb = "error";
    answer(verdict, "error: line longer than 8192 bytes");
}
