/* tests/units/unit_deadlines.c - does a session let a late client go, and no other?
 * Nothing here sleeps: a deadline is put into the past instead. */
#include "unit.h"

#include "clock.h"
#include "one_talk.h"
#include "stats.h"

#include <sys/time.h>

enum { HOUR = 3600 }; /* more than any machine is late, so that only the past is */

#define LIMIT ((int64_t)HOUR * 1000 * NANOSECONDS_PER_MILLISECOND)

static const int64_t past = 1;

/* A session with an hour for everything, which waits for its first request. */
static void start_with_an_hour(void)
{
    channel_time_limit(HOUR);
    talk_start(&talk, NOT_BLOCKING, STREAM);
    check_number(talk_serve(&talk), WANT_READ);
}

/* Whether the client was given an hour between then and now. */
static bool has_an_hour_since(int64_t then)
{
    int64_t deadline = talk.session.channel.deadline;

    return deadline >= then + LIMIT && deadline <= clock_now() + LIMIT;
}

static void without_a_limit_there_is_no_deadline(void)
{
    channel_time_limit(0);
    talk_start(&talk, NOT_BLOCKING, STREAM);
    check_number(talk_serve(&talk), WANT_READ);
    check(talk.session.channel.deadline == NEVER);
    send_and_serve(TEXT("ec"));
    check(talk.session.channel.deadline == NEVER);
    finish();
}

static void an_idle_client_has_its_hour(void)
{
    int64_t then = clock_now();

    start_with_an_hour();
    check(has_an_hour_since(then));
    int64_t deadline = talk.session.channel.deadline;
    check_number(talk_serve(&talk), WANT_READ); /* woken for nothing: no hour more */
    check_number(talk.session.channel.deadline, deadline);
    talk.session.channel.deadline = past;
    check_number(talk_serve(&talk), GONE);
    finish();
}

static void a_request_begun_has_its_own_hour(void)
{
    start_with_an_hour();
    talk.session.channel.deadline = past;
    int64_t then = clock_now();
    check_number(send_and_serve(TEXT("ec")), WANT_READ); /* it came just in time */
    check(has_an_hour_since(then));
    int64_t deadline = talk.session.channel.deadline;
    check_number(send_and_serve(TEXT("ho")), WANT_READ);
    check_number(talk.session.channel.deadline, deadline);
    talk.session.channel.deadline = past;
    check_number(send_and_serve(TEXT(" a")), GONE); /* byte by byte it never ends */
    check_replies("", 0);
    finish();
}

static void each_request_has_its_own_hour(void)
{
    start_with_an_hour();
    send_and_serve(TEXT("ec"));
    talk.session.channel.deadline = past;
    int64_t then = clock_now();
    check_number(send_and_serve(TEXT("ho a\nec")), WANT_READ);
    check(has_an_hour_since(then));
    talk.session.channel.deadline = past;
    then = clock_now();
    check_number(send_and_serve(TEXT("ho b\n")), WANT_READ);
    check(has_an_hour_since(then));
    check_replies(TEXT("a\nb\n"));
    finish();
}

/* What has begun so may go on byte by byte, but within one hour. */
static void check_one_hour(const char *begun, size_t length)
{
    start_with_an_hour();
    send_and_serve(begun, length);
    int64_t deadline = talk.session.channel.deadline;
    check_number(send_and_serve(TEXT("X")), WANT_READ);
    check_number(talk.session.channel.deadline, deadline);
    talk.session.channel.deadline = past;
    check_number(send_and_serve(TEXT("X")), GONE);
    finish();
}

static void what_comes_slowly_has_one_hour(void)
{
    static char endless[9000];

    memset(endless, 'x', sizeof endless);
    check_one_hour(endless, sizeof endless);
    check_one_hour(TEXT("GET / HTTP/1.1\r\nHost: a\r\n"));
    check_one_hour(TEXT("GET /echo/a HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nX"));
}

/* Asks so much that the way back is full, and so does the session wait. */
static void stop_reading(void)
{
    static char many[4000];

    memset(many, '\n', sizeof many); /* each asks for an error */
    talk_narrow_the_way_back(&talk);
    check_number(talk_send(&talk, many, sizeof many), sizeof many);
    check_number(talk_serve(&talk), WANT_WRITE);
}

static void who_reads_nothing_has_an_hour(void)
{
    start_with_an_hour();
    int64_t then = clock_now();
    stop_reading();
    check(has_an_hour_since(then));
    talk.session.channel.deadline = past;
    check_number(talk_serve(&talk), GONE);
    finish();
}

/* So much waits that it does not fit on the way back even when that is empty. */
static void who_reads_something_has_another_hour(void)
{
    static char many[210 + 8192];

    memset(many, '\n', 210);
    memset(many + 210, 'x', 8191);
    memcpy(many + 210, TEXT("echo "));
    many[sizeof many - 1] = '\n';
    start_with_an_hour();
    talk_narrow_the_way_back(&talk);
    check_number(talk_send(&talk, many, sizeof many), sizeof many);
    check_number(talk_serve(&talk), WANT_WRITE);
    talk.session.channel.deadline = past;
    int64_t then = clock_now();
    talk_take_all(&talk);
    check_number(session_send(&talk.session), WANT_WRITE);
    check(has_an_hour_since(then));
    finish();
}

/* A request that came late, but came, and a way back that others have filled. */
static void a_reply_has_its_own_hour(void)
{
    start_with_an_hour();
    send_and_serve(TEXT("ec"));
    while (write(talk.session.channel.socket, "full", 4) > 0)
        ;
    talk.session.channel.deadline = past;
    int64_t then = clock_now();
    talk_send(&talk, TEXT("ho a\n"));
    check_number(talk_serve(&talk), WANT_WRITE);
    check(has_an_hour_since(then));
    finish();
}

/* ---- Sockets that block ---- */

/* What the socket itself will wait for, in milliseconds. */
static long limit_of(int option)
{
    struct timeval time = {0};
    socklen_t size = sizeof time;

    getsockopt(talk.session.channel.socket, SOL_SOCKET, option, &time, &size);
    return (long)time.tv_sec * 1000 + (long)time.tv_usec / 1000;
}

static void a_blocking_socket_has_an_hour_of_its_own(void)
{
    channel_time_limit(0);
    talk_start(&talk, BLOCKING, MESSAGES);
    check_number(limit_of(SO_RCVTIMEO), 0);
    check_number(limit_of(SO_SNDTIMEO), 0);
    finish();
    channel_time_limit(HOUR);
    talk_start(&talk, BLOCKING, MESSAGES);
    check_number(limit_of(SO_RCVTIMEO), HOUR * 1000);
    check_number(limit_of(SO_SNDTIMEO), HOUR * 1000);
    finish();
}

/* Takes one request and half of the next, which has only so much time left. */
static void begin_request_with(int64_t milliseconds)
{
    struct request request;

    channel_time_limit(HOUR);
    talk_start(&talk, BLOCKING, MESSAGES);
    talk_send(&talk, TEXT("echo a\nec"));
    check_number(session_next(&talk.session, &request), REQUEST);
    session_reply(&talk.session, &request, 0);
    check_number(session_send(&talk.session), SENT);
    talk.session.channel.deadline = clock_in(milliseconds);
}

static void a_blocking_session_lets_a_late_client_go(void)
{
    struct request request;

    begin_request_with(-1);
    check_number(session_next(&talk.session, &request), GONE);
    talk_take_all(&talk);
    check_replies(TEXT("a\n"));
    finish();
}

/* To a socket, no milliseconds would be for ever. */
static void less_than_a_millisecond_is_not_for_ever(void)
{
    struct request request;

    begin_request_with(0);
    talk.session.channel.deadline = clock_now() + NANOSECONDS_PER_MILLISECOND - 1;
    check_number(session_next(&talk.session, &request), GONE);
    finish();
}

static void bytes_that_keep_coming_give_a_blocking_session_no_more_time(void)
{
    struct request request;

    begin_request_with(-1);
    talk_send(&talk, TEXT("ho"));
    talk_send(&talk, TEXT(" b\n"));
    check_number(session_next(&talk.session, &request), GONE);
    finish();
}

static void a_blocking_session_forgets_a_deadline_that_was_met(void)
{
    struct request request;

    begin_request_with(60000);
    talk_send(&talk, TEXT("ho b\n"));
    check_number(session_next(&talk.session, &request), REQUEST);
    check_number(talk.session.channel.deadline, 0);
    check_number(limit_of(SO_RCVTIMEO), HOUR * 1000);
    session_reply(&talk.session, &request, 0);
    talk_half_close(&talk);
    check_number(talk_serve(&talk), GONE);
    talk_take_all(&talk);
    check_replies(TEXT("a\nb\n"));
    finish();
}

int main(void)
{
    static const enum counter none[] = {END_OF_COUNTERS};

    stats_prepare(1, none);
    test("without a limit there is no deadline", without_a_limit_there_is_no_deadline);
    test("an idle client has its hour", an_idle_client_has_its_hour);
    test("a request begun has an hour of its own", a_request_begun_has_its_own_hour);
    test("each request has an hour of its own", each_request_has_its_own_hour);
    test("a line too long, a head and a body have one hour", what_comes_slowly_has_one_hour);
    test("who reads nothing has an hour", who_reads_nothing_has_an_hour);
    test("who reads something has another hour", who_reads_something_has_another_hour);
    test("a reply has an hour of its own", a_reply_has_its_own_hour);
    test("a blocking socket has an hour of its own", a_blocking_socket_has_an_hour_of_its_own);
    test("a blocking session lets a late client go", a_blocking_session_lets_a_late_client_go);
    test("less than a millisecond is not for ever", less_than_a_millisecond_is_not_for_ever);
    test("bytes that keep coming give a blocking session no more time",
         bytes_that_keep_coming_give_a_blocking_session_no_more_time);
    test("a blocking session forgets a deadline that was met",
         a_blocking_session_forgets_a_deadline_that_was_met);
    return unit_result();
}
