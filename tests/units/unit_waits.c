/* tests/units/unit_waits.c - does a session wait well: for a client that is late, or does not read,
 * or is idle? But for 20 ms nothing here sleeps: a deadline is put into the past instead. */
#include "unit.h"

#include "clock.h"
#include "options.h"
#include "stats.h"
#include "talk.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/time.h>

/* ---- Deadlines ---- */

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
    options.timeout = HOUR;
    talk_start(NOT_BLOCKING, STREAM);
    then = clock_now();
    check_number(talk_serve(), WANT_READ);
}

static bool has_an_hour_since_then(void)
{
    int64_t deadline = talk.session.channel.deadline;

    return deadline >= then + LIMIT && deadline <= clock_now() + LIMIT;
}

static char endless[9000];

#define HEAD "GET / HTTP/1.1\nHost: a\n"

/* What a client sends, and what time it has then; LATE: it sends when its time is over. The session
 * keeps something of it, or no memory. */
static const struct piece {
    const char *text;
    enum { SAME_HOUR, LATE_BUT_NEW_HOUR, LATE_AND_GONE, LINGERS } then;
    bool keeps;
} conversations[][4] = {
    {{"", SAME_HOUR, false}, {"", LATE_AND_GONE, false}}, /* idle: woken for nothing */
    {{"ec", LATE_BUT_NEW_HOUR, true}, {"ho", SAME_HOUR, true}, {" a", LATE_AND_GONE, true}},
    {{"ec", LATE_BUT_NEW_HOUR, true}, {"ho a\nec", LATE_BUT_NEW_HOUR, true}},
    {{"echo a\nec", LATE_BUT_NEW_HOUR, true}, {"ho b\r\n", LATE_BUT_NEW_HOUR, false}},
    {{endless, LATE_BUT_NEW_HOUR, false}, {"x", SAME_HOUR, false}, {"x", LATE_AND_GONE, false}},
    {{endless, LATE_BUT_NEW_HOUR, false}, {"x\necho a\n", LATE_BUT_NEW_HOUR, false}},
    {{HEAD, LATE_BUT_NEW_HOUR, true}, {"X", SAME_HOUR, true}, {"X", LATE_AND_GONE, true}},
    {{HEAD "Content-Length: 9\n\nX", LATE_BUT_NEW_HOUR, false},
     {"X", SAME_HOUR, false}, /* that a byte of the body is to come is no byte */
     {"X", LATE_AND_GONE, false}},
    {{"quit\n", LINGERS, false}, {"", LATE_AND_GONE, false}},
    {{"quit\n", LINGERS, false}, {"echo a\n", LINGERS, true}, {"echo a\n", LATE_AND_GONE, false}},
};

static void check_piece(const struct piece *piece)
{
    int64_t before = talk.session.channel.deadline;
    bool gone = piece->then == LATE_AND_GONE;

    note("after %.30s", piece->text);
    if (gone || piece->then == LATE_BUT_NEW_HOUR)
        be_late();
    check_number(talk_ask(piece->text, strlen(piece->text)), gone ? GONE : WANT_READ);
    check(gone || (talk.session.channel.buffers != NULL) == piece->keeps);
    check(piece->then != SAME_HOUR || talk.session.channel.deadline == before);
    check(piece->then != LATE_BUT_NEW_HOUR || has_an_hour_since_then());
}

static void a_session_gives_each_request_an_hour_and_keeps_what_it_must(void)
{
    memset(endless, 'x', sizeof endless - 1);
    for (size_t i = 0; i < sizeof conversations / sizeof conversations[0]; i++) {
        start_with_an_hour();
        check(has_an_hour_since_then());
        check(!talk.session.channel.buffers);
        for (const struct piece *piece = conversations[i]; piece->text; piece++)
            check_piece(piece);
        talk_finish();
        check(!talk.session.channel.buffers);
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
        options.timeout = limit;
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

    options.timeout = HOUR;
    talk_start(BLOCKING, MESSAGES);
    talk_send(TEXT("echo a\nec"));
    check_number(session_next(&talk.session, &request), REQUEST);
    session_reply(&talk.session, &request, 0);
    check_number(session_send(&talk.session), SENT);
    talk.session.channel.deadline = clock_now() + nanoseconds;
}

/* Bytes that keep coming give it no more time. */
static void a_blocking_session_lets_a_late_client_go(void)
{
    struct request request;

    for (int pieces = 0; pieces <= 2; pieces++) {
        begin_request_with(-1);
        for (int i = 0; i < pieces; i++)
            talk_send(TEXT("ho\n"));
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

/* ---- A condition variable ---- */

#ifndef __APPLE__ /* there it can only be the wall clock */
static int64_t nanoseconds(struct timespec time)
{
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/* By the wall clock it would be over at once, or an hour off when the time is set. */
static void a_timed_wait_goes_by_the_clock_that_only_goes_forward(void)
{
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t never_signaled;
    int64_t earliest = clock_in(1999), later = nanoseconds(clock_condition_deadline(1999));
    struct timespec soon = clock_condition_deadline(20);
    int result = 0;

    check(later >= earliest && later <= clock_in(1999));
    clock_init_condition(&never_signaled);
    pthread_mutex_lock(&lock);
    while (result == 0)
        result = pthread_cond_timedwait(&never_signaled, &lock, &soon);
    check_number(result, ETIMEDOUT);
    check(clock_now() >= nanoseconds(soon));
}
#endif

/* ---- Turns, and the end ---- */

/* A close with bytes unread, or more on their way, would be a reset, and that may overtake the
 * reply. */
static void who_sends_on_after_quit_sees_a_quiet_end(void)
{
    static char much[8000];
    char more;

    options.timeout = 0;
    talk_start(NOT_BLOCKING, MESSAGES);
    talk_send(TEXT("quit\n"));
    for (int i = 0; i < 500; i++) {
        check_number(talk_send(much, sizeof much), sizeof much);
        check_number(talk_serve(), WANT_READ);
        check_number(stats_read(CLIENTS), 0); /* it may know already, so it is not counted */
    }
    talk_take_all();
    check_replies(TEXT("bye\n"));
    check_number(read(talk.client, &more, 1), 0); /* and not ECONNRESET */
    talk.session.channel.reads_left = 1;
    check_number(talk_ask(much, sizeof much), GONE);
    talk_finish();
    check_number(stats_read(CLIENTS), 0);
}

/* One read, and then others have their turn: a client that sends and sends is not alone. */
static void a_session_reads_once_in_a_turn(void)
{
    struct request request;

    talk_start(NOT_BLOCKING, MESSAGES);
    talk_send(TEXT("echo a\ncount\n"));
    talk_send(TEXT("echo b\n"));
    check_number(session_next(&talk.session, &request), REQUEST);
    check_number(session_next(&talk.session, &request), REQUEST);
    check_number(session_next(&talk.session, &request), WANT_READ);
    check_number(session_next(&talk.session, &request), REQUEST);
    check_number(session_next(&talk.session, &request), WANT_READ);
    check_number(session_next(&talk.session, &request), WANT_READ);
    talk_finish();
}

/* ---- Signals and a slow reader ---- */

/* Many lines, no two alike, and what they ask for: half a megabyte. */
enum { LINES = 2000, LONGEST = 500 };

static char lines[LINES * LONGEST], replies[LINES * LONGEST];
static size_t lines_length, replies_length;

static void make_lines(void)
{
    for (int i = 0; i < LINES; i++) {
        char *line = lines + lines_length, *reply = replies + replies_length;
        lines_length += (size_t)sprintf(line, "echo %d%*s!\n", i, i * 77 % 400, "");
        replies_length += (size_t)sprintf(reply, "%s", line + strlen("echo "));
    }
}

static atomic_bool client_done, server_done;
static pthread_t server;

static void interrupt(int number)
{
    (void)number; /* that it ends a read or a write with EINTR is all */
}

/* Is slow to ask, so that the server waits in a read, and then to read, so that it waits in a
 * write; with signals to it all the time. */
static void *slow_client(void *unused)
{
    size_t sent = 0, piece;

    while (talk.length < replies_length && !server_done) {
        for (int i = 0; i < 3; i++) {
            pthread_kill(server, SIGUSR1);
            sched_yield();
        }
        piece = sent < lines_length / 2 ? 900 : lines_length - sent;
        sent += talk_send(lines + sent, piece);
        talk_take(1000);
    }
    client_done = true;
    talk_half_close();
    return unused;
}

static void signals_and_a_slow_client_lose_nothing(void)
{
    struct sigaction action = {.sa_handler = interrupt}; /* without SA_RESTART */
    pthread_t client;

    make_lines();
    server = pthread_self();
    sigaction(SIGUSR1, &action, NULL);
    talk_start(BLOCKING, STREAM);
    talk_narrow_the_way_back();
    if (!check(pthread_create(&client, NULL, slow_client, NULL) == 0))
        return;
    check_number(talk_serve(), GONE);
    check(client_done); /* and not before */
    server_done = true;
    pthread_join(client, NULL);
    check_replies(replies, replies_length);
    talk_finish();
}

int main(void)
{
    talk_prepare();
    test(a_session_gives_each_request_an_hour_and_keeps_what_it_must);
    test(who_reads_nothing_has_an_hour_and_who_reads_something_has_another);
    test(a_reply_has_its_own_hour);
    test(a_blocking_socket_has_an_hour_of_its_own);
    test(a_blocking_session_lets_a_late_client_go);
    test(a_blocking_session_forgets_a_deadline_that_was_met);
#ifndef __APPLE__
    test(a_timed_wait_goes_by_the_clock_that_only_goes_forward);
#endif
    test(who_sends_on_after_quit_sees_a_quiet_end);
    test(a_session_reads_once_in_a_turn);
    test(signals_and_a_slow_client_lose_nothing);
    return unit_result();
}
