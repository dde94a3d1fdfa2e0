/* tests/clients/replies.c - what each reply must be, so that a client can check it.
 * The request is read by the server's own parser: both sides know the same verbs. */
#include "replies.h"

#include "reply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct request request;
static char wanted[LINE_LIMIT]; /* the reply, or its beginning */
static size_t wanted_length;
static long highest = -1;

static long *numbers; /* all that `count` gave */
static size_t count, capacity;

static size_t copy(const char *text, size_t length)
{
    memcpy(wanted, text, length);
    return length;
}

void replies_expect(const char *text, size_t length)
{
    request_allow_lab();
    request = request_parse(text, length);
    switch (request.verb) {
    case PRIMES:
    case COUNT:
    case CRASH: break; /* numbers are checked one by one; after a crash there is no reply */
    case WHO: wanted_length = copy("process ", 8); break;
    case STATS: wanted_length = copy("clients=", 8); break;
    default: wanted_length = reply_write(&request, request.number, wanted, sizeof wanted);
    }
}

void replies_expect_itself(const char *text, size_t length)
{
    request = (struct request){.verb = ECHO};
    wanted_length = copy(text, length);
}

bool replies_end_conversation(void)
{
    return request.verb == QUIT;
}

/* A number that fills the whole reply; -1 when it does not. */
static long read_number(const char *reply, size_t length)
{
    long number = 0;

    for (size_t i = 0; i < length; i++) {
        if (reply[i] < '0' || reply[i] > '9' || i > 17)
            return -1;
        number = number * 10 + reply[i] - '0';
    }
    return length > 0 ? number : -1;
}

static bool keep(long number)
{
    if (count == capacity) {
        capacity = capacity ? 2 * capacity : 1024;
        numbers = realloc(numbers, capacity * sizeof *numbers);
        if (!numbers)
            abort(); /* a test that cannot remember must not pass */
    }
    numbers[count++] = number;
    if (number > highest)
        highest = number;
    return number > 0;
}

static bool same_as_before(long number)
{
    if (highest < 0)
        highest = number;
    return number >= 0 && number == highest;
}

bool replies_check(const char *reply, size_t length)
{
    switch (request.verb) {
    case COUNT: return keep(read_number(reply, length));
    case PRIMES: return same_as_before(read_number(reply, length));
    case WHO:
    case STATS: return length > wanted_length && memcmp(reply, wanted, wanted_length) == 0;
    default: return length == wanted_length && memcmp(reply, wanted, length) == 0;
    }
}

static int by_value(const void *left, const void *right)
{
    long a = *(const long *)left, b = *(const long *)right;
    return (a > b) - (a < b);
}

long replies_repeated(void)
{
    long repeated = 0;

    if (count > 0)
        qsort(numbers, count, sizeof *numbers, by_value);
    for (size_t i = 1; i < count; i++)
        repeated += numbers[i] == numbers[i - 1];
    return repeated;
}

long replies_highest(void)
{
    return highest;
}
