/* tests/units/unit_waits.c - does a session wait well: for a client that does not read, or is idle?
 * What waits must be lost in no case, and take no memory where there is nothing to keep. */
#include "unit.h"

#include "talk.h"
#include "stats.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>

/* ---- A full socket ---- */

/* Many lines, no two alike, and what they ask for: half a megabyte. */
enum { LINES = 2000, LONGEST = 500 };

static char lines[LINES * LONGEST], replies[LINES * LONGEST];
static size_t lines_length, replies_length;

static void make_lines(void)
{
    lines_length = replies_length = 0;
    for (int i = 0; i < LINES; i++) {
        char *line = lines + lines_length, *reply = replies + replies_length;
        lines_length += (size_t)sprintf(line, "echo %d%*s!\n", i, i * 77 % 400, "");
        replies_length += (size_t)sprintf(reply, "%s", line + strlen("echo "));
    }
}

/* Sends requests until the session takes none, for nobody takes its replies. */
static void fill(void)
{
    size_t sent = 0, part;
    enum session_status event = WANT_READ;

    make_lines();
    do {
        part = talk_send(lines + sent, lines_length - sent);
        sent += part;
        event = talk_serve();
    } while (part > 0);
    check_number(event, WANT_WRITE);
}

static void who_does_not_read_is_asked_no_more(void)
{
    talk_start(NOT_BLOCKING, STREAM);
    talk_narrow_the_way_back();
    fill();
    size_t served = talk.served;
    check_number(session_send(&talk.session), WANT_WRITE);
    check_number(talk_serve(), WANT_WRITE);
    check_number(talk.served, served);
    check(talk_take(65536));
    talk_settle();
    check(talk.served > served);
    check(!session_full(&talk.session));
    check_number(session_send(&talk.session), SENT);
    check_replies(replies, talk.length);
    talk_finish();
}

/* A close with bytes unread, or more on their way, would be a reset, and that may overtake the
 * reply. */
static void who_sends_on_after_quit_sees_a_quiet_end(void)
{
    static char much[8000];
    char more;

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
    talk_half_close();
    check_number(talk_serve(), GONE);
    talk_finish();
    check_number(stats_read(CLIENTS), 0);
}

static void start_and_quit(void)
{
    talk_start(NOT_BLOCKING, MESSAGES);
    check_number(talk_ask(TEXT("quit\n")), WANT_READ);
}

static void who_never_closes_after_quit_is_let_go(void)
{
    start_and_quit();
    talk.session.channel.deadline = 1;
    check_number(talk_serve(), GONE);
    talk_finish();
    start_and_quit();
    check_number(talk_ask(TEXT("echo a\n")), WANT_READ);
    talk.session.channel.deadline = 1;
    check_number(talk_ask(TEXT("echo a\n")), GONE); /* though it sends */
    talk_finish();
    start_and_quit();
    talk.session.channel.reads_left = 2;
    check_number(talk_ask(TEXT("echo a\n")), WANT_READ);
    check_number(talk_ask(TEXT("echo a\n")), GONE);
    talk_finish();
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

static atomic_bool client_done, server_done;
static pthread_t server;

static void interrupt(int number)
{
    (void)number; /* that it ends a read or a write with EINTR is all */
}

/* Reads what comes in small bites, with signals to the server all the time. */
static void *slow_client(void *unused)
{
    size_t sent = 0;

    while (talk.length < replies_length && !server_done) {
        for (int i = 0; i < 3; i++) {
            pthread_kill(server, SIGUSR1);
            sched_yield();
        }
        sent += talk_send(lines + sent, lines_length - sent < 900 ? lines_length - sent : 900);
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

/* ---- Memory ---- */

/* What is sent, and whether something of it is kept. */
struct piece {
    const char *text;
    bool kept;
};

static void check_kept(const struct piece *pieces)
{
    talk_start(NOT_BLOCKING, STREAM);
    check_number(talk_serve(), WANT_READ);
    check(!talk.session.channel.buffers);
    for (; pieces->text; pieces++) {
        note("after %s", pieces->text);
        talk_ask(pieces->text, strlen(pieces->text));
        check((talk.session.channel.buffers != NULL) == pieces->kept);
    }
    talk_finish();
    check(!talk.session.channel.buffers);
}

static void an_idle_client_holds_no_buffers(void)
{
    static char endless[20001];

    memset(endless, 'x', sizeof endless - 1);
    check_kept((const struct piece[]){{"echo a\necho b\n", false},
                                      {"ec", true},
                                      {"ho c\nec", true},
                                      {"ho d\r\n", false},
                                      {endless, false},
                                      {"x\necho e\n", false},
                                      {NULL, false}});
    check_kept((const struct piece[]){
        {"GET /echo/a HTTP/1.1\r\nHost: a\r\n\r\n", false},
        {"GET /echo/b HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nco", false},
        {"u", false}, /* that a byte of the body is to come is no byte */
        {"GET /echo/c HTTP/1.1\r\n", true},
        {NULL, false}});
}

int main(void)
{
    talk_prepare();
    test(who_does_not_read_is_asked_no_more);
    test(who_sends_on_after_quit_sees_a_quiet_end);
    test(who_never_closes_after_quit_is_let_go);
    test(a_session_reads_once_in_a_turn);
    test(signals_and_a_slow_client_lose_nothing);
    test(an_idle_client_holds_no_buffers);
    return unit_result();
}
