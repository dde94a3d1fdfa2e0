/* tests/units/fuzz_request.c - do the parser and a slow judge agree on lines made by chance? */
#include "fuzz.h"

#include "lines.h"
#include "reply.h"

enum { LINES_A_ROUND = 100 };

static const char *const names[] = {
    [ECHO] = "echo", [SLEEP] = "sleep", [PRIMES] = "primes", [COUNT] = "count",
    [WHO] = "who",   [STATS] = "stats", [HELP] = "help",     [QUIT] = "quit",
    [HOLD] = "hold", [CRASH] = "crash", [INVALID] = "error",
};

/* The reply, as far as the request alone tells it. */
static size_t reply_to(const struct request *request, char *reply, size_t size)
{
    bool known = request->verb != COUNT && request->verb != WHO && request->verb != STATS;
    return known ? reply_write(request, request->number, reply, size) : 0;
}

/* In memory of its own size, so that a sanitizer sees a read of the byte after it. */
static void check_line(const char *text, size_t length, struct dice *dice)
{
    static char reply[LONGEST_LINE], cut[LONGEST_LINE + 2];
    static struct verdict verdict;
    char *line = malloc(length + 1);

    if (!line)
        abort();
    memcpy(++line, text, length);
    struct request request = request_parse(line, length);
    lines_judge(line, length, &verdict);
    check_text(names[request.verb], strlen(names[request.verb]), verdict.verb,
               strlen(verdict.verb));
    size_t reply_length = reply_to(&request, reply, sizeof reply);
    check_text(reply, reply_length, verdict.reply, verdict.length);
    if (reply_length > 0) {
        size_t size = 1 + dice_below(dice, reply_length + 2);
        size_t wanted = reply_length < size ? reply_length : size - 1;
        cut[size] = '~';
        check_text(cut, reply_write(&request, request.number, cut, size), reply, wanted);
        check(cut[wanted] == '\0' && cut[size] == '~');
    }
    free(line - 1);
}

static void one_round(struct dice *dice)
{
    static char line[LONGEST_LINE];

    for (int i = 0; i < LINES_A_ROUND; i++) {
        size_t length = lines_make(dice, line);
        check_line(line, length < LINE_LIMIT ? length : LINE_LIMIT - 1, dice);
    }
}

int main(int argc, char **argv)
{
    return fuzz(argc, argv, 4000, "any line is read as the table says", one_round);
}
