/* tests/units/unit_request.c - does the parser read every line as the wire's table says?
 * Each row is a line and what comes of it: a request, or an error text byte for byte. */
#include "unit.h"

#include "reply.h"
#include "system.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

/* A line in memory of its own size, so that a sanitizer sees a read of the byte after it. */
struct line {
    char *bytes;
    size_t length;
    struct request request;
};

static struct line parse(const char *text, size_t length)
{
    struct line line = {.bytes = malloc(length + 1), .length = length};

    if (!line.bytes)
        abort();
    line.bytes++; /* so there is memory for an empty line too, and not one byte behind it */
    memcpy(line.bytes, text, length);
    line.request = request_parse(line.bytes, length);
    return line;
}

static void check_request(const char *text, size_t length, enum verb verb, long number,
                          const char *rest, size_t rest_length)
{
    struct line line = parse(text, length);

    note("line '%.*s'", (int)length, text);
    check_number(line.request.verb, verb);
    check_number(line.request.number, number);
    check_text(line.request.text, line.request.length, rest, rest_length);
    check(line.request.text >= line.bytes);
    check(line.request.text + line.request.length <= line.bytes + line.length);
    free(line.bytes - 1);
}

static void check_complaint(const char *text, size_t length, enum mistake mistake,
                            const char *wanted)
{
    struct line line = parse(text, length);
    char reply[200];

    note("line '%.*s'", (int)length, text);
    check_number(line.request.verb, INVALID);
    check_number(line.request.mistake, mistake);
    size_t written = reply_write(&line.request, 0, reply, sizeof reply);
    check_text(reply, written, wanted, strlen(wanted));
    check(reply[written] == '\0');
    free(line.bytes - 1);
}

/* ---- What is a request ---- */

static void every_verb_is_known(void)
{
    check_request(TEXT("echo hello"), ECHO, 0, TEXT("hello"));
    check_request(TEXT("sleep 100"), SLEEP, 100, TEXT("100"));
    check_request(TEXT("primes 30"), PRIMES, 30, TEXT("30"));
    check_request(TEXT("count"), COUNT, 0, TEXT(""));
    check_request(TEXT("who"), WHO, 0, TEXT(""));
    check_request(TEXT("stats"), STATS, 0, TEXT(""));
    check_request(TEXT("help"), HELP, 0, TEXT(""));
    check_request(TEXT("quit"), QUIT, 0, TEXT(""));
}

static void echo_gives_back_every_byte(void)
{
    char line[5 + 256] = "echo ";

    check_request(TEXT("echo"), ECHO, 0, TEXT(""));
    check_request(TEXT("echo "), ECHO, 0, TEXT(""));
    check_request(TEXT("echo  two"), ECHO, 0, TEXT(" two"));
    check_request(TEXT("echo a b  c "), ECHO, 0, TEXT("a b  c "));
    check_request(TEXT("echo \0"), ECHO, 0, TEXT("\0"));
    check_request(TEXT("echo a\0b\r"), ECHO, 0, TEXT("a\0b\r"));
    check_request(TEXT("echo echo"), ECHO, 0, TEXT("echo"));
    for (int byte = 0; byte < 256; byte++)
        line[5 + byte] = (char)byte;
    check_request(line, sizeof line, ECHO, 0, line + 5, 256);
}

static void numbers_reach_their_limits(void)
{
    check_request(TEXT("sleep 0"), SLEEP, 0, TEXT("0"));
    check_request(TEXT("sleep 60000"), SLEEP, 60000, TEXT("60000"));
    check_request(TEXT("sleep 0000000000000000000000007"), SLEEP, 7,
                  TEXT("0000000000000000000000007"));
    check_request(TEXT("primes 0"), PRIMES, 0, TEXT("0"));
    check_request(TEXT("primes 10000000"), PRIMES, 10000000, TEXT("10000000"));
}

/* ---- What is none ---- */

static const char bad_sleep[] = "error: sleep takes 0 to 60000 milliseconds";
static const char bad_primes[] = "error: primes takes 0 to 10000000";

static void check_both_complain(const char *after, size_t length)
{
    char sleep[80] = "sleep", primes[80] = "primes";

    memcpy(sleep + 5, after, length);
    check_complaint(sleep, 5 + length, BAD_NUMBER, bad_sleep);
    memcpy(primes + 6, after, length);
    check_complaint(primes, 6 + length, BAD_NUMBER, bad_primes);
}

static void a_number_is_digits_within_its_limits(void)
{
    static const struct {
        const char *text;
        size_t length;
    } bad[] = {
        {TEXT("")},
        {TEXT(" ")},
        {TEXT(" -1")},
        {TEXT(" +1")},
        {TEXT("  1")},
        {TEXT(" 1 ")},
        {TEXT(" 1 2")},
        {TEXT(" 1\0")},
        {TEXT(" \0")},
        {TEXT(" 0x1")},
        {TEXT(" 1e3")},
        {TEXT(" 1.5")},
        {TEXT(" ten")},
        {TEXT(" \r")},
        {TEXT(" 1\r")},
        {TEXT(" /")},
        {TEXT(" :")},
        {TEXT(" \xb2")},
        {TEXT(" 10000001")},
        {TEXT(" 100000000")},
        {TEXT(" 4294967297")},
        {TEXT(" 18446744073709551617")},
        {TEXT(" 99999999999999999999999999999999999999999999")},
    };

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        check_both_complain(bad[i].text, bad[i].length);
    check_complaint(TEXT("sleep 60001"), BAD_NUMBER, bad_sleep);
}

static void a_verb_without_argument_stands_alone(void)
{
    check_complaint(TEXT("count "), UNWANTED_TEXT, "error: count takes nothing after it");
    check_complaint(TEXT("count 1"), UNWANTED_TEXT, "error: count takes nothing after it");
    check_complaint(TEXT("who am i"), UNWANTED_TEXT, "error: who takes nothing after it");
    check_complaint(TEXT("stats \0"), UNWANTED_TEXT, "error: stats takes nothing after it");
    check_complaint(TEXT("help me"), UNWANTED_TEXT, "error: help takes nothing after it");
    check_complaint(TEXT("quit now"), UNWANTED_TEXT, "error: quit takes nothing after it");
}

static void what_is_no_verb_is_unknown(void)
{
    check_complaint(TEXT(""), UNKNOWN_VERB, "error: unknown request '', try help");
    check_complaint(TEXT(" "), UNKNOWN_VERB, "error: unknown request '', try help");
    check_complaint(TEXT(" echo a"), UNKNOWN_VERB, "error: unknown request '', try help");
    check_complaint(TEXT("Echo a"), UNKNOWN_VERB, "error: unknown request 'Echo', try help");
    check_complaint(TEXT("ech"), UNKNOWN_VERB, "error: unknown request 'ech', try help");
    check_complaint(TEXT("echoo"), UNKNOWN_VERB, "error: unknown request 'echoo', try help");
    check_complaint(TEXT("xcho"), UNKNOWN_VERB, "error: unknown request 'xcho', try help");
    check_complaint(TEXT("echo\ta"), UNKNOWN_VERB, "error: unknown request 'echo?a', try help");
    check_complaint(TEXT("count\0"), UNKNOWN_VERB, "error: unknown request 'count?', try help");
    check_complaint(TEXT("\0"), UNKNOWN_VERB, "error: unknown request '?', try help");
    check_complaint(TEXT("quit\r"), UNKNOWN_VERB, "error: unknown request 'quit?', try help");
    check_complaint(TEXT("%s%n 1"), UNKNOWN_VERB, "error: unknown request '%s%n', try help");
    check_complaint(TEXT("it's"), UNKNOWN_VERB, "error: unknown request 'it's', try help");
}

static void an_unknown_verb_is_cut_at_32(void)
{
    static const char word[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    char wanted[100];

    for (size_t length = 30; length < sizeof word; length++) {
        snprintf(wanted, sizeof wanted, "error: unknown request '%.*s', try help",
                 (int)(length < 32 ? length : 32), word);
        check_complaint(word, length, UNKNOWN_VERB, wanted);
    }
}

static void bytes_that_do_not_print_are_shown_as_question_marks(void)
{
    for (int byte = 0; byte < 256; byte++) {
        char line[] = {'a', (char)byte, 'b'}, wanted[100];
        if (byte == ' ')
            continue; /* it ends the verb */
        snprintf(wanted, sizeof wanted, "error: unknown request 'a%cb', try help",
                 byte >= 33 && byte <= 126 ? byte : '?');
        check_complaint(line, sizeof line, UNKNOWN_VERB, wanted);
    }
}

static void a_line_too_long_has_its_own_text(void)
{
    struct request request = request_too_long();
    char reply[100];

    check_number(request.verb, INVALID);
    check_number(request.mistake, LINE_TOO_LONG);
    size_t length = reply_write(&request, 0, reply, sizeof reply);
    check_text(reply, length, TEXT("error: line longer than 8192 bytes"));
}

/* ---- The laboratory ---- */

static void check_help(const char *wanted)
{
    char reply[200];
    struct request help = request_parse("help", 4);
    size_t length = reply_write(&help, 0, reply, sizeof reply);

    check_text(reply, length, wanted, strlen(wanted));
}

static void without_the_lab_its_verbs_are_unknown(void)
{
    check_complaint(TEXT("hold door"), UNKNOWN_VERB, "error: unknown request 'hold', try help");
    check_complaint(TEXT("crash"), UNKNOWN_VERB, "error: unknown request 'crash', try help");
    check_help("echo TEXT, sleep MS, primes N, count, who, stats, help, quit");
}

static void in_the_lab_there_are_two_more(void)
{
    static const char bad_name[] = "error: hold takes a name of 1 to 32 letters, digits, - and _";

    request_allow_lab();
    check_request(TEXT("hold door"), HOLD, 0, TEXT("door"));
    check_request(TEXT("hold aZ09-_"), HOLD, 0, TEXT("aZ09-_"));
    check_request(TEXT("hold 12345678901234567890123456789012"), HOLD, 0,
                  TEXT("12345678901234567890123456789012"));
    check_complaint(TEXT("hold 123456789012345678901234567890123"), BAD_NAME, bad_name);
    check_complaint(TEXT("hold"), BAD_NAME, bad_name);
    check_complaint(TEXT("hold "), BAD_NAME, bad_name);
    check_complaint(TEXT("hold ../door"), BAD_NAME, bad_name);
    check_complaint(TEXT("hold a b"), BAD_NAME, bad_name);
    check_complaint(TEXT("hold a\0"), BAD_NAME, bad_name);
    check_request(TEXT("crash"), CRASH, 0, TEXT(""));
    check_complaint(TEXT("crash 1"), UNWANTED_TEXT, "error: crash takes nothing after it");
    check_help("echo TEXT, sleep MS, primes N, count, who, stats, help, quit, hold NAME, crash");
}

static void a_request_tells_its_name(void)
{
    static const char *const names[] = {"echo",  "sleep 1", "primes 1", "count",  "who",
                                        "stats", "help",    "quit",     "hold a", "crash"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct request request = request_parse(names[i], strlen(names[i]));
        const char *name = request_name(&request);
        check_text(name, strlen(name), names[i], strcspn(names[i], " "));
    }
    struct request request = request_too_long();
    check(strcmp(request_name(&request), "nonsense") == 0);
}

/* ---- Results ---- */

static void check_result(const char *line, long number, bool error, const char *wanted)
{
    struct request request = request_parse(line, strlen(line));
    char reply[200];

    note("line '%s', number %ld", line, number);
    size_t length = reply_write(&request, number, reply, sizeof reply);
    check_text(reply, length, wanted, strlen(wanted));
    check(reply_is_error(&request, number) == error);
}

static void a_reply_tells_the_result(void)
{
    check_result("sleep 7", 7, false, "slept 7");
    check_result("primes 100", 25, false, "25");
    check_result("count", 8000, false, "8000");
    check_result("quit", 0, false, "bye");
    check_result("hold door", 0, false, "held door");
    check_result("hold door", -ENOENT, true, "error: there is no gate: mkfifo door.gate");
    check_result("hold door", -EACCES, true, "error: cannot enter door.gate: Permission denied");
    check_result("sleep", 0, true, "error: sleep takes 0 to 60000 milliseconds");
}

static void who_names_the_client(void)
{
    struct request request = request_parse("who", 3);
    char reply[200], wanted[200];

    request.client = 7;
    snprintf(wanted, sizeof wanted, "process %ld thread %ld client 7", (long)getpid(), thread_id());
    check_text(reply, reply_write(&request, 0, reply, sizeof reply), wanted, strlen(wanted));
}

/* ---- Small buffers ---- */

/* In a buffer of every size: what there is room for, a NUL, and no byte behind it. */
static void check_cut(const struct request *request)
{
    char whole[200], cut[200];
    size_t length = reply_write(request, 0, whole, sizeof whole);

    for (size_t size = 1; size < length + 3; size++) {
        size_t wanted = length < size ? length : size - 1;
        note("'%s' in %zu bytes", whole, size);
        memset(cut, '~', sizeof cut);
        check_text(cut, reply_write(request, 0, cut, size), whole, wanted);
        check(cut[wanted] == '\0');
        check(cut[size] == '~');
    }
}

static void replies_are_cut_to_their_buffer(void)
{
    static const char *const lines[] = {"nonsense and such", "sleep",  "hold",
                                        "quit now",          "help",   "echo some text",
                                        "primes 10",         "hold a", "quit"};
    struct request request = request_too_long();

    check_cut(&request);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        request = request_parse(lines[i], strlen(lines[i]));
        check_cut(&request);
    }
}

int main(void)
{
    test("every verb is known by its name", every_verb_is_known);
    test("echo gives back every byte after one space", echo_gives_back_every_byte);
    test("numbers reach their limits", numbers_reach_their_limits);
    test("a number is digits, within its limits", a_number_is_digits_within_its_limits);
    test("a verb without argument stands alone", a_verb_without_argument_stands_alone);
    test("what is no verb is unknown", what_is_no_verb_is_unknown);
    test("an unknown verb is cut at 32 bytes", an_unknown_verb_is_cut_at_32);
    test("bytes that do not print are shown as ?",
         bytes_that_do_not_print_are_shown_as_question_marks);
    test("a line too long has a text of its own", a_line_too_long_has_its_own_text);
    test("without the lab, its verbs are unknown", without_the_lab_its_verbs_are_unknown);
    test("in the lab there are two verbs more", in_the_lab_there_are_two_more);
    test("a request tells its name", a_request_tells_its_name);
    test("a reply tells the result", a_reply_tells_the_result);
    test("who names the client", who_names_the_client);
    test("replies are cut to the buffer's size", replies_are_cut_to_their_buffer);
    return unit_result();
}
