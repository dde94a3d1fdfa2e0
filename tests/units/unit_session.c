/* tests/units/unit_session.c - does a session decide, and send, at the right moment?
 * That its replies are right however the bytes arrive is the part of fuzz. */
#include "unit.h"

#include "page.h"
#include "talk.h"

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

static void check_first_lines(const char *lines, bool in_http)
{
    char line[40];

    for (; sscanf(lines, "%39[^|]", line) == 1; lines += strcspn(lines, "|") + 1)
        check_first_line(line, 0, "", in_http);
}

static void the_first_line_decides_however_it_is_cut(void)
{
    check_first_lines("GET / HTTP/1.1|get x y HTTP/1.0| HTTP/9.9|GET /|G /x|ECHO HTTP/1.1|"
                      "echo\t HTTP/1.1|echoes HTTP/1.1|ECHO /sleep/0|",
                      true);
    check_first_lines("echo I speak HTTP/1.1|echo HTTP/1.1|count / HTTP/1.1|help HTTP/1.1|"
                      "HTTP/1.1| /|GET|GET |GET x|echo / x|echo /|Get /|J\001 /|/|"
                      "GET x HTTP/1.1 |GET x HTTP/11|GET x HTTP/1.1\r|",
                      false);
    for (int filling = 8160; filling < 8200; filling++) {
        check_first_line("GET /echo/", filling, " HTTP/1.1", true);
        check_first_line("echo ", filling, " HTTP/1.1", false);
        check_first_line("get ", filling, " HTTP/1.1", 4 + filling + 10 < 8192);
        check_first_line("get ", filling, " HTTP/1.1 and on", false);
        check_first_line("", filling, " /", filling + 1 < 8192);
    }
}

/* ---- Replies ---- */

/* All of these requests arrive in one piece, and then the end. Each read takes one write. */
static void serve_at_once(enum how how, const char *text, size_t length)
{
    note("%s, %.40s", how == BLOCKING ? "blocking" : "not blocking", text);
    talk_start(how, MESSAGES);
    check_number(talk_send(text, length), length);
    talk_half_close();
    check_number(talk_settle(), GONE);
    talk_finish();
}

/* Replies to what one read brought in go out together; but before each request that takes time,
 * what is ready is sent. */
static void no_reply_waits_for_a_request_that_takes_time(void)
{
    static const struct {
        const char *requests;
        size_t writes;
    } all[] = {
        {"echo a\ncount\nwhat\n\necho b\necho c\nwho\necho half", 1},
        {"echo a\ncount\nsleep 60000\necho b\nprimes 2\necho c\n", 3},
        {"sleep 1\nsleep x\nsleep 2\n", 2},
        {"GET /echo/a HTTP/1.1\nHost: a\n\nGET /%73leep/2 HTTP/1.1\nHost: a\n\n", 2},
    };

    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        for (enum how how = BLOCKING; how <= NOT_BLOCKING; how++) {
            serve_at_once(how, all[i].requests, strlen(all[i].requests));
            check_number(talk.reads, all[i].writes);
        }
}

#define UNKNOWN "error: unknown request '', try help\n"

/* Each write but the last sends at least half of the 16 KiB that there are for replies. */
static void many_replies_go_out_in_few_writes(void)
{
    char many[1000];

    memset(many, '\n', sizeof many);
    for (enum how how = BLOCKING; how <= NOT_BLOCKING; how++) {
        serve_at_once(how, many, sizeof many);
        check_number(talk.length, sizeof many * strlen(UNKNOWN));
        check(talk.reads <= talk.length / 8192 + 1);
    }
}

/* However much waits to be sent, there is room for the longest reply behind it. A sanitizer sees it
 * if there is not. */
static void the_longest_reply_fits_behind_others(void)
{
    static char text[470 + 8192];

    for (size_t others = 200; others < 470; others++) {
        memset(text, '\n', others);
        memset(text + others, 'x', 8191);
        memcpy(text + others, "echo ", 5);
        text[others + 8191] = '\n';
        for (enum how how = BLOCKING; how <= NOT_BLOCKING; how++) {
            serve_at_once(how, text, others + 8192);
            check_number(talk.length, others * strlen(UNKNOWN) + 8192 - 5);
        }
    }
}

static void the_page_comes_whole_whatever_asks_for_it(void)
{
    static const char *const targets[] = {"/", "/?x", "http://a", "http://a?x"};
    static char request[100], response[100000];

    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        note("%s", targets[i]);
        snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: b\r\n\r\n", targets[i]);
        int length = snprintf(response, sizeof response,
                              "HTTP/1.1 200 OK\r\nDate: xxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n"
                              "Content-Type: text/html; charset=utf-8\r\nContent-Length: %zu\r\n"
                              "Cache-Control: no-store\r\n\r\n%s",
                              strlen(page), page);
        talk_start(NOT_BLOCKING, STREAM);
        talk_ask(request, strlen(request));
        talk_finish();
        check_replies(response, (size_t)length);
    }
}

int main(void)
{
    talk_prepare();
    test(the_first_line_decides_however_it_is_cut);
    test(no_reply_waits_for_a_request_that_takes_time);
    test(many_replies_go_out_in_few_writes);
    test(the_longest_reply_fits_behind_others);
    test(the_page_comes_whole_whatever_asks_for_it);
    return unit_result();
}
