/* tests/units/unit_request.c - do the parser and the replies keep to their memory, and know the
 * laboratory? All other lines are the part of fuzz, and of tests/requests.bats. */
#include "unit.h"

#include "reply.h"

#include <errno.h>
#include <stdlib.h>

/* The line is in memory of its own size, so that a sanitizer sees a read beside it; and the reply
 * in any that is too small, too. */
static void check_reply(const char *line, long number, const char *wanted)
{
    size_t length = strlen(line), wanted_length = strlen(wanted);
    char *text = malloc(length + 1), reply[200];

    if (!text)
        abort();
    struct request request = request_parse(memcpy(text + 1, line, length), length);
    for (size_t size = 1; size <= wanted_length + 2; size++) {
        size_t cut = size <= wanted_length ? size - 1 : wanted_length;
        note("line '%s', number %ld, in %zu bytes", line, number, size);
        reply[size] = '~';
        check_text(reply, reply_write(&request, number, reply, size), wanted, cut);
        check(reply[cut] == '\0' && reply[size] == '~');
    }
    check_number(reply_is_error(&request, number), strncmp(wanted, "error", 5) == 0);
    free(text);
}

static void a_reply_has_as_much_room_as_it_is_given(void)
{
    check_reply("echo a  b", 0, "a  b");
    check_reply("echo", 0, "");
    check_reply("sleep 7", 7, "slept 7");
    check_reply("count", 12345, "12345");
    check_reply("quit", 0, "bye");
    check_reply("help", 0, "echo TEXT, sleep MS, primes N, count, who, stats, help, quit");
    check_reply("primes -1", 0, "error: primes takes 0 to 10000000");
    check_reply("who ", 0, "error: who takes nothing after it");
    check_reply("", 0, "error: unknown request '', try help");
    check_reply("hold door", 0, "error: unknown request 'hold', try help");
    check_reply("crash", 0, "error: unknown request 'crash', try help");
}

static void in_the_laboratory_there_are_two_verbs_more(void)
{
    static const char *const bad[] = {"hold",
                                      "hold ",
                                      "hold ../door",
                                      "hold a b",
                                      "hold a.b",
                                      "hold \r",
                                      "hold 123456789012345678901234567890123"};

    request_allow_lab();
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        check_reply(bad[i], 0, "error: hold takes a name of 1 to 32 letters, digits, - and _");
    check_reply("hold 12345678901234567890123456789012", 0,
                "held 12345678901234567890123456789012");
    check_reply("hold aZ09-_", 0, "held aZ09-_");
    check_reply("hold door", -ENOENT, "error: there is no gate: mkfifo door.gate");
    check_reply("hold door", -EACCES, "error: cannot enter door.gate: Permission denied");
    check_reply("crash 1", 0, "error: crash takes nothing after it");
    check_reply("help", 0,
                "echo TEXT, sleep MS, primes N, count, who, stats, help, quit, hold NAME, crash");
}

int main(void)
{
    test(a_reply_has_as_much_room_as_it_is_given);
    test(in_the_laboratory_there_are_two_verbs_more);
    return unit_result();
}
