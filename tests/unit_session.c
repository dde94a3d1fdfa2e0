/* tests/unit_session.c - a conversation is the same however its bytes are cut.
 * Over a socket pair: this program is the client, and serves itself as the server would. */
#include "unit.h"

#include "clock.h"
#include "net.h"
#include "session.h"
#include "stats.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SERVER, CLIENT };

static int ends[2];
static struct session session;

static void begin_with(int type, bool blocking)
{
    if (socketpair(AF_UNIX, type, 0, ends) < 0)
        abort();
    net_do_not_block(ends[CLIENT]);
    if (!blocking)
        net_do_not_block(ends[SERVER]);
    (blocking ? session_start : session_start_without_blocking)(&session, ends[SERVER]);
}

static void begin(void)
{
    begin_with(SOCK_STREAM, false);
}

static void finish(void)
{
    session_finish(&session);
    close(ends[CLIENT]);
}

/* Answers what there is; PRIMES and the like get 7. Returns why there is no more. */
static enum event serve(void)
{
    struct request request;
    enum event event;

    while ((event = session_next(&session, &request)) == REQUEST)
        session_reply(&session, &request, 7);
    return event;
}

/* A socket that does not block is read once in a turn; so here are turns enough for all. */
static enum event serve_all(void)
{
    enum event event = serve();

    for (int turn = 0; turn < 20 && event == UNREADABLE; turn++)
        event = serve();
    return event;
}

static void send_bytes(const char *bytes, size_t size)
{
    CHECK(size == 0 || write(ends[CLIENT], bytes, size) == (ssize_t)size);
}

static size_t hear(char *bytes, size_t size)
{
    ssize_t heard = read(ends[CLIENT], bytes, size);
    return heard > 0 ? (size_t)heard : 0;
}

static void expect(const char *replies, size_t size)
{
    static char heard[65536];
    size_t length = 0, more;

    while (length < sizeof heard && (more = hear(heard + length, sizeof heard - length)) > 0)
        length += more;
    CHECK(length == size && memcmp(heard, replies, size) == 0);
}

/* ---- Cut anywhere ---- */

static const char stream[] =
    "echo hello\r\nprimes 10\n\nsleep 5\nsleep x\necho\r\n echo \ncount\n";
static const char replies[] = "hello\n7\nerror: unknown request '', try help\nslept 7\n"
                              "error: sleep takes 0 to 60000 milliseconds\n\n"
                              "error: unknown request '', try help\n7\n";

static void in_two_pieces(void)
{
    for (size_t cut = 0; cut < sizeof stream; cut++) {
        begin();
        send_bytes(stream, cut);
        CHECK(serve_all() == UNREADABLE);
        send_bytes(stream + cut, sizeof stream - 1 - cut);
        CHECK(serve_all() == UNREADABLE);
        expect(replies, sizeof replies - 1);
        finish();
    }
}

static void in_two_packets_for_one_who_blocks(void)
{
    for (size_t cut = 1; cut < sizeof stream - 1; cut++) {
        begin_with(SOCK_SEQPACKET, true);
        send_bytes(stream, cut);
        send_bytes(stream + cut, sizeof stream - 1 - cut);
        shutdown(ends[CLIENT], SHUT_WR);
        CHECK(serve() == GONE);
        expect(replies, sizeof replies - 1);
        finish();
    }
}

static void byte_by_byte(void)
{
    begin();
    for (size_t i = 0; i < sizeof stream - 1; i++) {
        send_bytes(stream + i, 1);
        CHECK(serve_all() == UNREADABLE);
    }
    expect(replies, sizeof replies - 1);
    finish();
}

/* A line of so many bytes with its end, LF or CR LF, cut at a place; and a short one after it. */
static void long_line(size_t size, bool carriage_return, size_t cut)
{
    static const char error[] = "error: line longer than 8192 bytes\nnext\n";
    static char line[LINE_LIMIT + 10];
    size_t end = 1 + (size_t)carriage_return, text = size - 5 - end;

    memset(line, 'x', sizeof line);
    memcpy(line, "echo ", 5);
    memcpy(line + size - end, carriage_return ? "\r\n" : "\n", end);
    begin();
    send_bytes(line, cut);
    serve_all();
    send_bytes(line + cut, size - cut);
    serve_all();
    send_bytes("echo next\n", 10);
    serve_all();
    memcpy(line + 5 + text, "\nnext\n", 6);
    if (size <= LINE_LIMIT)
        expect(line + 5, text + 6);
    else
        expect(error, sizeof error - 1);
    finish();
}

static void lines_at_the_limit(void)
{
    for (size_t size = LINE_LIMIT - 1; size <= LINE_LIMIT + 1; size++)
        for (size_t cut = 0; cut <= size; cut += cut < 8 || cut > LINE_LIMIT - 12 ? 1 : 997) {
            long_line(size, false, cut);
            long_line(size, true, cut);
        }
}

/* ---- Replies ---- */

/* A pair of sockets that keep packets apart shows where one write ends. */
static void replies_to_one_read_are_one_write(void)
{
    char heard[100];

    begin_with(SOCK_SEQPACKET, false);
    send_bytes("echo a\necho b\necho c\n", 21);
    serve_all();
    CHECK(hear(heard, sizeof heard) == 6);
    finish();
}

enum { LONG = 1000, ASKED = 2000, REPLY = LONG - 5 };

/* Asks until the server can send no more. Returns how often. */
static int ask_without_reading(void)
{
    static char line[LONG];
    int asked = 0;

    memset(line, 'y', sizeof line);
    memcpy(line, "echo ", 5);
    line[LONG - 1] = '\n';
    while (asked < ASKED) {
        line[5] = (char)('a' + asked % 26);
        if (write(ends[CLIENT], line, sizeof line) == (ssize_t)sizeof line)
            asked++;
        if (serve_all() == UNWRITABLE)
            return asked;
    }
    return 0;
}

static bool hear_reply(int number)
{
    static char reply[REPLY];
    size_t length = 0;

    for (int turn = 0; turn < 100 && length < sizeof reply; turn++) {
        length += hear(reply + length, sizeof reply - length);
        serve_all();
    }
    return length == sizeof reply && reply[0] == 'a' + number % 26 && reply[REPLY - 1] == '\n';
}

static void a_client_that_reads_late_loses_nothing(void)
{
    begin();
    int asked = ask_without_reading(), heard = 0;
    CHECK(asked > 0);
    while (heard < asked && hear_reply(heard))
        heard++;
    CHECK(heard == asked);
    CHECK(serve_all() == UNREADABLE);
    finish();
}

/* ---- Begin and end ---- */

static void half_a_request_is_not_served(void)
{
    begin();
    send_bytes("echo a\necho b", 13);
    shutdown(ends[CLIENT], SHUT_WR);
    CHECK(serve_all() == GONE);
    expect("a\n", 2);
    finish();
}

static void quit_ends_it(void)
{
    begin();
    send_bytes("quit\necho b\n", 12);
    CHECK(serve_all() == GONE);
    expect("bye\n", 4);
    finish();
}

static void an_idle_client_holds_no_buffers(void)
{
    begin();
    CHECK(serve_all() == UNREADABLE);
    CHECK(session.buffers == NULL);
    send_bytes("echo a\n", 7);
    CHECK(serve_all() == UNREADABLE);
    CHECK(session.buffers == NULL);
    send_bytes("echo", 4);
    CHECK(serve_all() == UNREADABLE);
    CHECK(session.buffers != NULL); /* half a line must be kept somewhere */
    finish();
}

static void each_request_has_its_time(void)
{
    session_time_limit(1000);
    begin();
    CHECK(serve_all() == UNREADABLE);
    send_bytes("echo", 4);
    CHECK(serve_all() == UNREADABLE);
    int64_t deadline = session.deadline;
    CHECK(deadline != NEVER);
    send_bytes(" x", 2); /* more of the same request gives no more time */
    CHECK(serve_all() == UNREADABLE);
    CHECK(session.deadline == deadline);
    send_bytes("\n", 1); /* its end does */
    CHECK(serve_all() == UNREADABLE);
    CHECK(session.deadline > deadline);
    session.deadline = clock_now() - 1;
    CHECK(serve() == GONE);
    finish();
    session_time_limit(0);
}

int main(void)
{
    static const enum counter none[] = {COUNTERS};

    stats_prepare(1, none);
    in_two_pieces();
    in_two_packets_for_one_who_blocks();
    byte_by_byte();
    lines_at_the_limit();
    replies_to_one_read_are_one_write();
    a_client_that_reads_late_loses_nothing();
    half_a_request_is_not_served();
    quit_ends_it();
    an_idle_client_holds_no_buffers();
    each_request_has_its_time();
    return verdict();
}
