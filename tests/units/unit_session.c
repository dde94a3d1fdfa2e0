/* tests/units/unit_session.c - does a session decide, and send, at the right moment?
 * That its replies are right however the bytes arrive is the part of fuzz_session. */
#include "unit.h"

#include "talk.h"

static const enum how hows[] = {BLOCKING, NOT_BLOCKING};

/* ---- The first line ---- */

/* A first line of `before`, so many X and `behind`, in two pieces: cut at every place, or at those
 * near the beginning and the limit. */
static void check_first_line(const char *before, int filling, const char *behind, bool in_http)
{
    static char many[9000], text[10000], whole[10000];
    size_t whole_length = 0;

    memset(many, 'X', sizeof many);
    size_t length = (size_t)snprintf(text, sizeof text, "%s%.*s%s\r\nHost: a\r\n\r\n", before,
                                     filling, many, behind);
    for (size_t cut = 0; cut <= length; cut += cut == 40 && filling > 8100 ? 8130 : 1) {
        note("%s, %d X, %s, cut at %zu", before, filling, behind, cut);
        talk_start(NOT_BLOCKING, STREAM);
        talk_ask(text, cut);
        talk_ask(text + cut, length - cut);
        check_number(talk.session.in_http, in_http);
        talk_finish();
        if (cut == 0)
            memcpy(whole, talk_replies, whole_length = talk.length);
        check_replies(whole, whole_length);
    }
}

static void the_first_line_decides_however_it_is_cut(void)
{
    static const char *const in_http[] = {
        "GET / HTTP/1.1", "get x y HTTP/1.0", " HTTP/9.9",       "GET /",        "G /x",
        "ECHO HTTP/1.1",  "echo\t HTTP/1.1",  "echoes HTTP/1.1", "ECHO /sleep/0"};
    static const char *const in_lines[] = {"echo I speak HTTP/1.1",
                                           "echo HTTP/1.1",
                                           "count / HTTP/1.1",
                                           "help HTTP/1.1",
                                           "HTTP/1.1",
                                           " /",
                                           "GET",
                                           "GET ",
                                           "GET x",
                                           "echo / x",
                                           "echo /",
                                           "Get /",
                                           "J\001 /",
                                           "/",
                                           "GET x HTTP/1.1 ",
                                           "GET x HTTP/11",
                                           "GET x HTTP/1.1\r"};

    for (size_t i = 0; i < sizeof in_http / sizeof in_http[0]; i++)
        check_first_line(in_http[i], 0, "", true);
    for (size_t i = 0; i < sizeof in_lines / sizeof in_lines[0]; i++)
        check_first_line(in_lines[i], 0, "", false);
    for (int filling = 8160; filling < 8200; filling++) {
        check_first_line("GET /echo/", filling, " HTTP/1.1", true);
        check_first_line("echo ", filling, " HTTP/1.1", false);
        check_first_line("get ", filling, " HTTP/1.1", 4 + filling + 10 < 8192);
        check_first_line("get ", filling, " HTTP/1.1 and on", false);
        check_first_line("", filling, " /", filling + 1 < 8192);
    }
}

/* ---- Replies ---- */

/* All of these requests arrive in one piece, and then the end. */
static void serve_at_once(enum how how, const char *text, size_t length)
{
    talk_start(how, MESSAGES); /* each read takes one write */
    check_number(talk_send(text, length), length);
    talk_half_close();
    check_number(talk_settle(), GONE);
}

static void check_writes(const char *text, size_t length, size_t writes)
{
    for (int i = 0; i < 2; i++) {
        note("%s, %s", hows[i] == BLOCKING ? "blocking" : "not blocking", text);
        serve_at_once(hows[i], text, length);
        check_number(talk.reads, writes);
        talk_finish();
    }
}

static void replies_to_one_read_go_out_together(void)
{
    check_writes(TEXT("echo a\ncount\nwhat\n\necho b\necho c\nwho\necho half"), 1);
}

/* Before each request that takes time, what is ready is sent. */
static void no_reply_waits_for_a_request_that_takes_time(void)
{
    check_writes(TEXT("echo a\ncount\nsleep 60000\necho b\nprimes 2\necho c\n"), 3);
    check_writes(TEXT("sleep 1\nsleep x\nsleep 2\n"), 2);
    check_writes(TEXT("GET /echo/a HTTP/1.1\r\nHost: a\r\n\r\nGET /%73leep/2 HTTP/1.1\r\n"
                      "Host: a\r\n\r\n"),
                 2);
}

/* Each write but the last sends at least half of the 16 KiB that there are for replies. */
static void many_replies_go_out_in_few_writes(void)
{
    char many[1000];

    memset(many, '\n', sizeof many);
    for (int i = 0; i < 2; i++) {
        serve_at_once(hows[i], many, sizeof many);
        check_number(talk.length, sizeof many * strlen("error: unknown request '', try help\n"));
        check(talk.reads <= talk.length / 8192 + 1);
        talk_finish();
    }
}

/* However much waits to be sent, there is room for the longest reply behind it. */
static void the_longest_reply_fits_behind_others(void)
{
    static char text[470 + 8192], reply[8187];

    memset(reply, 'x', sizeof reply - 1);
    reply[sizeof reply - 1] = '\n';
    for (size_t others = 200; others < 470; others++) {
        memset(text, '\n', others);
        memcpy(text + others, TEXT("echo "));
        memcpy(text + others + 5, reply, sizeof reply);
        for (int i = 0; i < 2; i++) {
            talk_start(hows[i], STREAM);
            talk_send(text, others + 5 + sizeof reply);
            talk_half_close();
            check_number(talk_settle(), GONE);
            check(talk.length > sizeof reply);
            check_text(talk_replies + talk.length - sizeof reply, sizeof reply, reply,
                       sizeof reply);
            talk_finish();
        }
    }
}

int main(void)
{
    talk_prepare();
    test(the_first_line_decides_however_it_is_cut);
    test(replies_to_one_read_go_out_together);
    test(no_reply_waits_for_a_request_that_takes_time);
    test(many_replies_go_out_in_few_writes);
    test(the_longest_reply_fits_behind_others);
    return unit_result();
}
