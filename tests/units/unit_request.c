/* tests/units/unit_request.c - what the parser and the replies do in the laboratory.
 * All other lines are the part of fuzz_request, and of tests/requests.bats. */
#include "unit.h"

#include "reply.h"

#include <errno.h>

/* A line, the number that it comes to, and the reply. */
static void check_reply(const char *line, long number, bool error, const char *wanted)
{
    struct request request = request_parse(line, strlen(line));
    char reply[200];

    note("line '%s', number %ld", line, number);
    size_t length = reply_write(&request, number, reply, sizeof reply);
    check_text(reply, length, wanted, strlen(wanted));
    check_number(reply_is_error(&request, number), error);
}

static void in_the_lab_there_are_two_verbs_more(void)
{
    static const char *const bad[] = {"hold",
                                      "hold ",
                                      "hold ../door",
                                      "hold a b",
                                      "hold a.b",
                                      "hold \r",
                                      "hold 123456789012345678901234567890123"};

    check_reply("hold door", 0, true, "error: unknown request 'hold', try help");
    check_reply("crash", 0, true, "error: unknown request 'crash', try help");
    request_allow_lab();
    check_reply("hold 12345678901234567890123456789012", 0, false,
                "held 12345678901234567890123456789012");
    check_reply("hold aZ09-_", 0, false, "held aZ09-_");
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        check_reply(bad[i], 0, true,
                    "error: hold takes a name of 1 to 32 letters, digits, - and _");
    check_reply("hold door", -ENOENT, true, "error: there is no gate: mkfifo door.gate");
    check_reply("hold door", -EACCES, true, "error: cannot enter door.gate: Permission denied");
    check_reply("crash 1", 0, true, "error: crash takes nothing after it");
    check_reply("help", 0, false,
                "echo TEXT, sleep MS, primes N, count, who, stats, help, quit, hold NAME, crash");
}

int main(void)
{
    test(in_the_lab_there_are_two_verbs_more);
    return unit_result();
}
