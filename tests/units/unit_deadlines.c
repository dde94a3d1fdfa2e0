/* tests/units/unit_deadlines.c - does a session let a late client go, and no other?
 * Nothing here sleeps: a deadline is put into the past instead. */
#include "unit.h"

#include "clock.h"
#include "talk.h"

#include <sys/time.h>

enum { HOUR = 3600 }; /* more than any machine is late, so that only the past is */

#define LIMIT ((int64_t)HOUR * 1000 * NANOSECONDS_PER_MILLISECOND)

static const int64_t past = 1;
static int64_t then; /* when the deadline was put into the past */

static void be_late(void)
{
    talk.session.channel.deadline = past;
    then = clock_now();
}

/* A session with an hour for everything, which waits for its first request. */
static void start_with_an_hour(void)
{
    channel_time_limit(HOUR);
    talk_start(NOT_BLOCKING, STREAM);
    then = clock_now();
    check_number(talk_serve(), WANT_READ);
}

static bool has_an_hour_since_then(void)
{
    int64_t deadline = talk.session.channel.deadline;

    return deadline >= then + LIMIT && deadline <= clock_now() + LIMIT;
}

static void without_a_limit_there_is_no_deadline(void)
{
    channel_time_limit(0);
    talk_start(NOT_BLOCKING, STREAM);
    check_number(talk_serve(), WANT_READ);
    check(talk.session.channel.deadline == NEVER);
    talk_ask(TEXT("ec"));
    check(talk.session.channel.deadline == NEVER);
    talk_finish();
}

static char endless[9000];

/* What a client sends, in time or at the last moment, and what time it has then. */
static const struct piece {
    const char *text;
    enum { IN_TIME, LATE } when;
    enum { NEW_HOUR, SAME_HOUR, NO_MORE } then;
} conversations[][4] = {
    {{"", IN_TIME, SAME_HOUR}, {"", LATE, NO_MORE}}, /* idle: woken for nothing */
    {{"ec", LATE, NEW_HOUR}, {"ho", IN_TIME, SAME_HOUR}, {" a", LATE, NO_MORE}},
    {{"ec", LATE, NEW_HOUR}, {"ho a\nec", LATE, NEW_HOUR}, {"ho b\n", LATE, NEW_HOUR}},
    {{endless, LATE, NEW_HOUR}, {"x", IN_TIME, SAME_HOUR}, {"x", LATE, NO_MORE}},
    {{"GET / HTTP/1.1\r\nHost: a\r\n", LATE, NEW_HOUR},
     {"X", IN_TIME, SAME_HOUR},
     {"X", LATE, NO_MORE}},
    {{"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nX", LATE, NEW_HOUR},
     {"X", IN_TIME, SAME_HOUR},
     {"X", LATE, NO_MORE}},
};

static void check_piece(const struct piece *piece)
{
    int64_t before = talk.session.channel.deadline;

    note("after %.30s", piece->text);
    if (piece->when == LATE)
        be_late();
    check_number(talk_ask(piece->text, strlen(piece->text)),
                 piece->then == NO_MORE ? GONE : WANT_READ);
    if (piece->then == SAME_HOUR)
        check(talk.session.channel.deadline == before);
    if (piece->then == NEW_HOUR)
        check(has_an_hour_since_then());
}

static void each_request_has_an_hour_and_so_has_an_idle_client(void)
{
    memset(endless, 'x', sizeof endless - 1);
    for (size_t i = 0; i < sizeof conversations / sizeof conversations[0]; i++) {
        start_with_an_hour();
        check(has_an_hour_since_then());
        for (const struct piece *piece = conversations[i]; piece->text; piece++)
            check_piece(piece);
        talk_finish();
    }
}

/* So much waits that it does not fit on the way back even when that is empty. */
static void who_reads_nothing_has_an_hour_and_who_reads_something_has_another(void)
{
    static char many[210 + 8192];

    memset(many, '\n', 210); /* each asks for an error */
    memset(many + 210, 'x', 8191);
    memcpy(many + 210, TEXT("echo "));
    many[sizeof many - 1] = '\n';
    start_with_an_hour();
    talk_narrow_the_way_back();
    check_number(talk_send(many, sizeof many), sizeof many);
    check_number(talk_serve(), WANT_WRITE);
    check(has_an_hour_since_then());
    be_late();
    talk_take_all();
    check_number(session_send(&talk.session), WANT_WRITE);
    check(has_an_hour_since_then());
    be_late();
    check_number(talk_serve(), GONE);
    talk_finish();
}

/* A request that came late, but came, and a way back that others have filled. */
static void a_reply_has_its_own_hour(void)
{
    start_with_an_hour();
    talk_ask(TEXT("ec"));
    while (write(talk.session.channel.socket, "full", 4) > 0)
        ;
    be_late();
    talk_send(TEXT("ho a\n"));
    check_number(talk_serve(), WANT_WRITE);
    check(has_an_hour_since_then());
    talk_finish();
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
    for (int limit = 0; limit <= HOUR; limit += HOUR) {
        channel_time_limit(limit);
        talk_start(BLOCKING, MESSAGES);
        check_number(limit_of(SO_RCVTIMEO), limit * 1000);
        check_number(limit_of(SO_SNDTIMEO), limit * 1000);
        talk_finish();
    }
}

/* Takes one request and half of the next, which has only so much time left. */
static void begin_request_with(int64_t nanoseconds)
{
    struct request request;

    channel_time_limit(HOUR);
    talk_start(BLOCKING, MESSAGES);
    talk_send(TEXT("echo a\nec"));
    check_number(session_next(&talk.session, &request), REQUEST);
    session_reply(&talk.session, &request, 0);
    check_number(session_send(&talk.session), SENT);
    talk.session.channel.deadline = clock_now() + nanoseconds;
}

/* Bytes that keep coming give it no more time; and to a socket, no milliseconds would be for ever,
 * so less than one must not become none. */
static void a_blocking_session_lets_a_late_client_go(void)
{
    static const struct {
        int64_t left;
        const char *sent[2];
    } late[] = {{-1, {"", ""}}, {-1, {"ho", " b\n"}}, {NANOSECONDS_PER_MILLISECOND - 1, {"", ""}}};
    struct request request;

    for (size_t i = 0; i < sizeof late / sizeof late[0]; i++) {
        begin_request_with(late[i].left);
        talk_send(late[i].sent[0], strlen(late[i].sent[0]));
        talk_send(late[i].sent[1], strlen(late[i].sent[1]));
        check_number(session_next(&talk.session, &request), GONE);
        talk_take_all();
        check_replies(TEXT("a\n"));
        talk_finish();
    }
}

static void a_blocking_session_forgets_a_deadline_that_was_met(void)
{
    struct request request;

    begin_request_with(LIMIT);
    talk_send(TEXT("ho b\n"));
    check_number(session_next(&talk.session, &request), REQUEST);
    check_number(talk.session.channel.deadline, 0);
    check_number(limit_of(SO_RCVTIMEO), HOUR * 1000);
    session_reply(&talk.session, &request, 0);
    talk_half_close();
    check_number(talk_serve(), GONE);
    talk_take_all();
    check_replies(TEXT("a\nb\n"));
    talk_finish();
}

int main(void)
{
    talk_prepare();
    test(without_a_limit_there_is_no_deadline);
    test(each_request_has_an_hour_and_so_has_an_idle_client);
    test(who_reads_nothing_has_an_hour_and_who_reads_something_has_another);
    test(a_reply_has_its_own_hour);
    test(a_blocking_socket_has_an_hour_of_its_own);
    test(a_blocking_session_lets_a_late_client_go);
    test(a_blocking_session_forgets_a_deadline_that_was_met);
    return unit_result();
}
