/* tests/unit_request.c - a line becomes a request, or an error that says what is wrong. */
#include "unit.h"

#include "request.h"

#include <string.h>

static struct request parse(const char *line)
{
    return request_parse(line, strlen(line));
}

static const struct {
    const char *line;
    enum verb verb;
    long number;
    const char *text; /* for ECHO */
} good[] = {
    {"echo", ECHO, 0, ""},
    {"echo ", ECHO, 0, ""},
    {"echo  x", ECHO, 0, " x"},
    {"echo echo", ECHO, 0, "echo"},
    {"sleep 0", SLEEP, 0, NULL},
    {"sleep 60000", SLEEP, 60000, NULL},
    {"sleep 0000000000000000000000012", SLEEP, 12, NULL},
    {"primes 10000000", PRIMES, 10000000, NULL},
    {"count", COUNT, 0, NULL},
    {"who", WHO, 0, NULL},
    {"stats", STATS, 0, NULL},
    {"help", HELP, 0, NULL},
    {"quit", QUIT, 0, NULL},
};

static void good_lines_are_understood(void)
{
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct request request = parse(good[i].line);
        CHECK(request.verb == good[i].verb);
        CHECK(request.number == good[i].number);
        if (good[i].text) {
            CHECK(request.length == strlen(good[i].text));
            CHECK(memcmp(request.text, good[i].text, request.length) == 0);
        }
    }
}

#define SLEEP_TAKES "error: sleep takes 0 to 60000 milliseconds"
#define CUT         "error: unknown request '12345678901234567890123456789012', try help"

static const struct {
    const char *line, *complaint;
} bad[] = {
    {"", "error: unknown request '', try help"},
    {" echo", "error: unknown request '', try help"},
    {"ECHO x", "error: unknown request 'ECHO', try help"},
    {"ech", "error: unknown request 'ech', try help"},
    {"echoo", "error: unknown request 'echoo', try help"},
    {"crash", "error: unknown request 'crash', try help"},
    {"hold x", "error: unknown request 'hold', try help"},
    {"a\x01\x7f\xffz\t", "error: unknown request 'a???z?', try help"},
    {"12345678901234567890123456789012", CUT},
    {"123456789012345678901234567890123", CUT},
    {"sleep", SLEEP_TAKES},
    {"sleep ", SLEEP_TAKES},
    {"sleep 60001", SLEEP_TAKES},
    {"sleep -1", SLEEP_TAKES},
    {"sleep 1 ", SLEEP_TAKES},
    {"sleep 0x1", SLEEP_TAKES},
    {"sleep 18446744073709551617", SLEEP_TAKES},
    {"primes", "error: primes takes 0 to 10000000"},
    {"primes 10000001", "error: primes takes 0 to 10000000"},
    {"count ", "error: count takes nothing after it"},
    {"who me", "error: who takes nothing after it"},
};

static void bad_lines_are_explained(void)
{
    char complaint[100];

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct request request = parse(bad[i].line);
        CHECK(request.verb == INVALID);
        size_t length = request_complain(&request, complaint, sizeof complaint);
        CHECK(length == strlen(bad[i].complaint));
        CHECK(strcmp(complaint, bad[i].complaint) == 0);
    }
}

static void a_line_that_is_too_long_is_told_its_limit(void)
{
    struct request request = request_too_long();
    char complaint[100];

    request_complain(&request, complaint, sizeof complaint);
    CHECK(strcmp(complaint, "error: line longer than 8192 bytes") == 0);
}

static void bytes_that_are_no_text_are_kept(void)
{
    struct request request = request_parse("echo a\0b\xff", 9);

    CHECK(request.verb == ECHO);
    CHECK(request.length == 4);
    CHECK(memcmp(request.text, "a\0b\xff", 4) == 0);
    CHECK(request_parse("count\0", 6).verb == INVALID);
}

static void a_small_buffer_is_never_overrun(void)
{
    struct request request = parse("nonsense");
    char buffer[64];

    for (size_t size = 1; size < 60; size++) {
        memset(buffer, '#', sizeof buffer);
        CHECK(request_complain(&request, buffer, size) == strlen(buffer));
        CHECK(strlen(buffer) < size && buffer[size] == '#');
        memset(buffer, '#', sizeof buffer);
        CHECK(request_help(buffer, size) == strlen(buffer));
        CHECK(strlen(buffer) < size && buffer[size] == '#');
    }
}

static void any_bytes_make_a_request_or_a_complaint_that_prints(void)
{
    static const char letters[] = "echo slpunt0123456789qi \xff\x01";
    unsigned long long state = 1;
    char line[40], complaint[100];

    for (int round = 0; round < 200000; round++) {
        size_t length = random_below(&state, sizeof line);
        for (size_t i = 0; i < length; i++)
            line[i] = letters[random_below(&state, sizeof letters)];
        struct request request = request_parse(line, length);
        if (request.verb != INVALID)
            continue;
        size_t size = request_complain(&request, complaint, sizeof complaint);
        CHECK(size == strlen(complaint) && size < sizeof complaint - 1);
        for (size_t i = 0; i < size; i++)
            CHECK(complaint[i] >= ' ' && complaint[i] <= '~');
    }
}

static void with_the_lab_there_are_two_more(void)
{
    static const char *const refused[] = {
        "hold",     "hold ",    "hold ../x",
        "hold a b", "hold a/b", "hold 123456789012345678901234567890123"};
    char complaint[100];

    request_allow_lab();
    CHECK(parse("crash").verb == CRASH);
    CHECK(parse("hold Door-1_a").verb == HOLD);
    CHECK(parse("hold 12345678901234567890123456789012").verb == HOLD);
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        struct request request = parse(refused[i]);
        CHECK(request.verb == INVALID);
        request_complain(&request, complaint, sizeof complaint);
        CHECK(strcmp(complaint,
                     "error: hold takes a name of 1 to 32 letters, digits, - and _") == 0);
    }
}

int main(void)
{
    good_lines_are_understood();
    bad_lines_are_explained();
    a_line_that_is_too_long_is_told_its_limit();
    bytes_that_are_no_text_are_kept();
    a_small_buffer_is_never_overrun();
    any_bytes_make_a_request_or_a_complaint_that_prints();
    with_the_lab_there_are_two_more();
    return verdict();
}
