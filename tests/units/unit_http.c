/* tests/units/unit_http.c - does a session in HTTP respond in the same way however bytes arrive?
 * What is asked and what is answered is the table in tests/http.bats; here are the places. */
#include "unit.h"

#include "clock.h"
#include "one_talk.h"
#include "stats.h"

#include <stdlib.h>

enum { HOUR = 3600 };

#define OK(length, more)                                                 \
    "HTTP/1.1 200 OK\r\nDate: xxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n"         \
    "Content-Type: text/plain; charset=utf-8\r\nContent-Length: " length \
    "\r\nCache-Control: no-store\r\n" more "\r\n"

static const char some[] =
    "GET /echo/one HTTP/1.1\r\nHost: a\r\n\r\n"
    "\r\nGET /count HTTP/1.1\nX: \nHost: a\n\n"
    "HEAD /count HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n\r\n\r\nGET /"
    "GET /echo/in%20chunks HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    "3;x=\"y\"\r\n\r\nG\r\n0A ; x\r\n0\r\n\r\nGET /\r\n00\r\nX: y\r\n\r\n"
    "GET /sleep/5 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
    "GET /primes/%37 HTTP/1.0\r\n\r\n"
    "GET /echo/never HTTP/1.1\r\nHost: a\r\n\r\n";
static const char some_responses[] =
    OK("4", "") "one\n" OK("2", "") "1\n" OK("2", "") OK("10", "") "in chunks\n" OK(
        "8", "Connection: keep-alive\r\n") "slept 5\n" OK("2", "Connection: close\r\n") "7\n";

static void start(enum how how)
{
    talk_start(&talk, how, MESSAGES);
}

/* A session that blocks finds all pieces there. */
static void send_piece(const char *text, size_t length)
{
    if (talk.how == NOT_BLOCKING)
        send_and_serve(text, length);
    else
        check_number(talk_send(&talk, text, length), length);
}

static void end_and_check(const char *wanted, size_t length)
{
    talk_half_close(&talk);
    check_number(talk_settle(&talk), GONE);
    check_replies(wanted, length);
    finish();
}

static void cut_at_every_two_places(void)
{
    static const enum how hows[] = {BLOCKING, NOT_BLOCKING};

    for (int how = 0; how < 2; how++)
        for (size_t first = 0; first < sizeof some; first++)
            for (size_t second = first; second < sizeof some; second += 1 + first % 5) {
                note("cut at %zu and %zu", first, second);
                start(hows[how]);
                send_piece(some, first);
                send_piece(some + first, second - first);
                send_piece(some + second, sizeof some - 1 - second);
                end_and_check(TEXT(some_responses));
            }
}

static void byte_by_byte(void)
{
    for (size_t piece = 1; piece < 5; piece++) {
        note("pieces of %zu", piece);
        start(NOT_BLOCKING);
        for (size_t sent = 0; sent < sizeof some - 1; sent += piece)
            send_piece(some + sent,
                       sizeof some - 1 - sent < piece ? sizeof some - 1 - sent : piece);
        end_and_check(TEXT(some_responses));
    }
}

/* Whatever end the input has, a response is to a request that has arrived whole. */
static void an_end_at_every_place(void)
{
    for (size_t end = 0; end < sizeof some; end++) {
        note("end at %zu", end);
        start(NOT_BLOCKING);
        send_piece(some, end);
        check(talk.length <= sizeof some_responses - 1);
        end_and_check(some_responses, talk.length);
    }
}

static void only_the_first_line_decides(void)
{
    static const struct {
        const char *line;
        bool http;
    } lines[] = {
        {"GET / HTTP/1.1", true},
        {"GET / HTTP/1.1\r", true},
        {"get x y HTTP/1.0", true},
        {" HTTP/9.9", true},
        {"GET /", true},
        {"G /x", true},
        {"ECHO HTTP/1.1", true},
        {"echo\t HTTP/1.1", true},
        {"echo I speak HTTP/1.1", false},
        {"echo HTTP/1.1", false},
        {"count / HTTP/1.1\r", false},
        {"HTTP/1.1", false},
        {" /", false},
        {"GET", false},
        {"GET ", false},
        {"GET x", false},
        {"echo / x", false},
        {"echo /", false},
        {"Get /", false},
        {"J\001 /", false},
        {"GET x HTTP/1.1 ", false},
        {"GET x HTTP/11", false},
        {"GET x HTTP/1.1\r\r", false},
        {"/", false},
        {"", false},
        {"\r", false},
    };

    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        size_t length = strlen(lines[i].line);
        char *line = malloc(length + 1); /* of its own size, so that a sanitizer sees */
        memcpy(line, lines[i].line, length + 1);
        note("%s", line);
        check(http_begins(line, line + length) == lines[i].http);
        free(line);
    }
}

static void an_idle_client_holds_no_buffers_and_is_still_in_http(void)
{
    start(NOT_BLOCKING);
    send_piece(TEXT("GET /echo/a HTTP/1.1\r\nHost: a\r\n\r\n"));
    check(!talk.session.channel.buffers);
    send_piece(TEXT("GET /echo/b HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nco"));
    check(!talk.session.channel.buffers); /* that a byte of the body is to come is no byte */
    send_piece(TEXT("u"));
    check(!talk.session.channel.buffers);
    send_piece(TEXT("GET /echo/c HTTP/1.1\r\nHost: a\r\n\r\n"));
    end_and_check(TEXT(OK("2", "") "a\n" OK("2", "") "b\n" OK("2", "") "c\n"));
}

/* The head, or the body, may come byte by byte, but within one hour. */
static void check_one_hour(const char *begun, size_t length, size_t replies)
{
    channel_time_limit(HOUR);
    start(NOT_BLOCKING);
    send_piece(begun, length);
    int64_t deadline = talk.session.channel.deadline;
    send_piece(TEXT("X"));
    check_number(talk.session.channel.deadline, deadline);
    talk.session.channel.deadline = 1;
    talk_send(&talk, TEXT("X"));
    check_number(talk_settle(&talk), GONE);
    check_number(talk.length, replies);
    finish();
    channel_time_limit(0);
}

static void a_slow_request_has_one_hour(void)
{
    static const char with_body[] = "GET /echo/a HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nX";

    check_one_hour(TEXT("GET / HTTP/1.1\r\nHost: a\r\n"), 0);
    check_one_hour(TEXT(with_body), sizeof OK("2", "") "a\n" - 1);
}

int main(void)
{
    static const enum counter none[] = {END_OF_COUNTERS};

    stats_prepare(1, none);
    test("requests cut at every two places have the same responses", cut_at_every_two_places);
    test("so have requests that come byte by byte", byte_by_byte);
    test("an end at every place", an_end_at_every_place);
    test("the first line decides whether it is HTTP", only_the_first_line_decides);
    test("an idle client holds no buffers, and is still in HTTP",
         an_idle_client_holds_no_buffers_and_is_still_in_http);
    test("a slow request has one hour for its head, and for its body", a_slow_request_has_one_hour);
    return unit_result();
}
