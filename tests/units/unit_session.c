/* tests/units/unit_session.c - does a session decide, and send, at the right moment?
 * That its replies are right however the bytes arrive is the part of fuzz_session. */
#include "unit.h"

#include "one_talk.h"
#include "stats.h"

static const enum how hows[] = {BLOCKING, NOT_BLOCKING};

static void a_long_line_without_end_has_its_reply_at_once(void)
{
    static const char reply[] = "error: line longer than 8192 bytes\n";
    char many[8192];

    memset(many, 'x', sizeof many);
    talk_start(&talk, NOT_BLOCKING, STREAM);
    send_and_serve(many, 8191);
    check_number(talk.length, 0);
    for (int i = 0; i < 10; i++) {
        send_and_serve(many, i == 0 ? 1 : sizeof many);
        check_replies(TEXT(reply));
    }
    finish();
}

/* ---- The first line ---- */

struct text {
    char bytes[10000];
    size_t length;
};

/* What comes back for this, in two pieces, goes into replies. */
static void cut_first_line(const struct text *asked, bool in_http, size_t cut, struct text *replies)
{
    talk_start(&talk, NOT_BLOCKING, STREAM);
    send_and_serve(asked->bytes, cut);
    send_and_serve(asked->bytes + cut, asked->length - cut);
    talk_half_close(&talk);
    talk_settle(&talk);
    check_number(talk.session.in_http, in_http);
    talk_hide_dates(talk.replies, talk.length);
    memcpy(replies->bytes, talk.replies, talk.length);
    replies->length = talk.length;
    finish();
}

/* A first line of `before`, so many X and `behind`, cut at every place, or at those near the
 * beginning and the limit. */
static void check_first_line(const char *before, size_t filling, const char *behind, bool in_http)
{
    static struct text asked, whole, replies;
    char many[9000];

    memset(many, 'X', sizeof many);
    asked.length = (size_t)snprintf(asked.bytes, sizeof asked.bytes, "%s%.*s%s\r\nHost: a\r\n\r\n",
                                    before, (int)filling, many, behind);
    note("%s, %zu X, %s", before, filling, behind);
    cut_first_line(&asked, in_http, 0, &whole);
    for (size_t cut = 1; cut <= asked.length; cut += cut == 40 && filling > 8100 ? 8130 : 1) {
        note("%s, %zu X, %s, cut at %zu", before, filling, behind, cut);
        cut_first_line(&asked, in_http, cut, &replies);
        check_text(replies.bytes, replies.length, whole.bytes, whole.length);
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
    for (size_t filling = 8160; filling < 8200; filling++) {
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
    talk_start(&talk, how, MESSAGES); /* each read takes one write */
    check_number(talk_send(&talk, text, length), length);
    talk_half_close(&talk);
    check_number(talk_settle(&talk), GONE);
}

static void check_writes(const char *text, size_t length, size_t writes)
{
    for (int i = 0; i < 2; i++) {
        note("%s, %s", hows[i] == BLOCKING ? "blocking" : "not blocking", text);
        serve_at_once(hows[i], text, length);
        check_number(talk.reads, writes);
        finish();
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
        finish();
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
            talk_start(&talk, hows[i], STREAM);
            talk_send(&talk, text, others + 5 + sizeof reply);
            talk_half_close(&talk);
            check_number(talk_settle(&talk), GONE);
            check(talk.length > sizeof reply);
            check_text(talk.replies + talk.length - sizeof reply, sizeof reply, reply,
                       sizeof reply);
            finish();
        }
    }
}

int main(void)
{
    static const enum counter none[] = {END_OF_COUNTERS};

    stats_prepare(1, none);
    test("a long line without end has its reply at once, and one",
         a_long_line_without_end_has_its_reply_at_once);
    test("the first line decides, however it is cut", the_first_line_decides_however_it_is_cut);
    test("replies to what one read brought in go out together",
         replies_to_one_read_go_out_together);
    test("no reply waits for a request that takes time",
         no_reply_waits_for_a_request_that_takes_time);
    test("many replies go out in few writes", many_replies_go_out_in_few_writes);
    test("the longest reply fits behind others", the_longest_reply_fits_behind_others);
    return unit_result();
}
