/* tests/units/fuzz.c - are the replies to any bytes right, however these arrive, and alike from all
 * servers? A slow judge (judge.h) knows what is due for lines, and a session in this process tells
 * it of other bytes. Another session, which gets them cut otherwise, must agree. So must each of
 * the servers, and close alike.
 *
 *     fuzz [SEED [ROUNDS [{NAME PORT}...]]]
 *
 * The same seed gives the same round, whatever came before it: a failure shows its seed, and
 * `fuzz SEED 1` repeats that round alone. */
#include "unit.h"

#include "dice.h"
#include "judge.h"
#include "net.h"
#include "stats.h"
#include "talk.h"

#include <ctype.h>
#include <stdlib.h>

enum { SERVERS = 20, INPUT = 20000, REPLIES = 4 << 20, PIECES = 6, PATIENCE = 60000 };

/* A session that blocks has nobody who takes its replies until it ends, so it is asked less. */
enum { INPUT_WHEN_BLOCKING = 2000 };

static char input[2 * INPUT];
static size_t input_length;

static struct replies {
    char bytes[REPLIES];
    size_t length;
    bool closed; /* before the client closed its side */
} wanted, got, alike, wanted_alike;

static unsigned long seed; /* of this round */
static long count;         /* of each server */

static struct server {
    const char *name;
    int socket;
    long port;
} servers[SERVERS];
static int server_count;

/* ---- The input ---- */

/* What lines consist of. No server gets these, for some would take long. */
static const char *const lines[] = {
    "echo a\n", "sleep 60000\n", "sleep 60001\n", "sleep 59999\n", "sleep 000000000000000001\n",
    "sleep\n", "sleep -1\n", "sleep 99999999999999999999999\n", "sleep 18446744073709551617\r\n",
    "primes 10000000\n", "primes 10000001\n", "primes 9999999\n", "primes 20000000\n",
    "primes \n", "primes 0000\n", "count 1\n", "who \n", "stats x\n", "help\r\r\n", "quit now\n",
    "hold a\n", "crash\n", "echo  a \r\n", "echoX\n", "abcdefghijklmnopqrstuvwxyz0123456\n", "r\n",
};

#define HOST "Host: localhost\r\n"

/* What all inputs consist of. X stands for many. No chance makes the numbers large. */
static const char *const parts[] = {
    "echo a\n", "echo\n", "count\n", "count\r\n", "sleep 1\n", "sleep x\n", "primes 0\r\n", "\n",
    "\r\n", "help\n", "nonsense\n", "quit\n", "echo X\n", "X", "X\n", "echo HTTP/1.1\n", "who\n",
    "GET /\n", "stats\n", "GET /echo/a HTTP/1.1\r\n" HOST "\r\n", "GET /count HTTP/1.0\r\n\r\n",
    "GET / HTTP/1.1\r\n" HOST "\r\n", "GET /sleep/1 HTTP/1.1\n" HOST "\n", "GET /%X HTTP/1.1\r\n",
    "HEAD /primes/0 HTTP/1.1\r\n" HOST "\r\n", "GET /quit HTTP/1.1\r\n" HOST "\r\n", HOST,
    "POST /count HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhello", "Connection: close\r\n",
    "GET /who HTTP/1.1\r\n" HOST "\r\n", "Connection: keep-alive\r\n", "BREW / HTTP/1.1\r\n",
    "Transfer-Encoding: chunked\r\n", "\r\n3\r\nabc\r\n0\r\n\r\n", "GET /echo/X HTTP/1.1\r\n",
    "Content-Length: 70000\r\n\r\n", "Expect: 100-continue\r\n", "GET /%6", "X: X\r\n", "a:\r\n",
    "OPTIONS * HTTP/1.1\r\n" HOST "\r\n", "GET http://localhost/echo/b HTTP/1.1\r\n" HOST "\r\n",
    "GET /?who HTTP/1.1\r\n" HOST "\r\n", "GET /echo/%41/b?%X HTTP/1.0\r\n",
    "GET / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0;X\r\na: X\r\n\r\n",
};

static const char *any_part(struct dice *dice, bool only_lines)
{
    if (only_lines && dice_one_in(dice, 2))
        return lines[dice_below(dice, sizeof lines / sizeof lines[0])];
    return parts[dice_below(dice, sizeof parts / sizeof parts[0])];
}

static void add_part(struct dice *dice, const char *part)
{
    for (; *part; part++) {
        size_t many = dice_one_in(dice, 4) ? 8150 + dice_below(dice, 60) : dice_below(dice, 40);
        size_t times = *part == 'X' ? many : 1;
        memset(input + input_length, *part, times);
        input_length += times;
    }
}

/* Lines begin with one that is no request in HTTP, so none of them is. */
static void make_input(struct dice *dice, bool only_lines, size_t limit)
{
    static const char often[] = " \r\n\t/:%ax09-'\0\x7f\x80\xff";

    input_length = 0;
    if (only_lines)
        add_part(dice, lines[0]);
    size_t first = input_length;
    do
        add_part(dice, any_part(dice, only_lines));
    while (input_length < limit && !dice_one_in(dice, only_lines ? 200 : 12));
    for (size_t wrong = dice_below(dice, only_lines ? 60 : 3); wrong > 0; wrong--)
        if (input_length > first)
            input[first + dice_below(dice, input_length - first)] =
                often[dice_below(dice, sizeof often - 1)];
    if (dice_one_in(dice, 2))
        input_length -= dice_below(dice, input_length + 1); /* may end anywhere */
}

/* ---- A session ---- */

/* What it does must not depend on those before it, or a round could not be repeated alone. */
static void start_session(enum how how, enum wire wire)
{
    static const enum counter grown[] = {ACCEPTED, REQUESTS, ERRORS};

    for (size_t i = 0; i < sizeof grown / sizeof grown[0]; i++)
        stats_add(grown[i], -stats_read(grown[i]));
    talk_start(how, wire);
    talk.count = count;
}

/* Sends what fits of the next piece; returns how much. Most are small; some as large as may be. */
static size_t send_some(struct dice *dice, size_t sent)
{
    static const size_t limits[] = {3, 20, 300, PIECE_LIMIT};
    size_t piece = 1 + dice_below(dice, limits[dice_below(dice, 4)]), left = input_length - sent;

    return talk_send(input + sent, piece < left ? piece : left);
}

/* Sends, serves and takes as chance will have it, until all is sent or the session is over. If that
 * blocks, it is served when everything, or as much as the socket takes, has been sent. */
static size_t send_by_chance(struct dice *dice)
{
    static const size_t bites[] = {1, 50, 3000, 20000};
    size_t sent = 0, part;
    bool over = false;

    while (sent < input_length && !over) {
        size_t bite = 1 + dice_below(dice, bites[dice_below(dice, 4)]);
        sent += part = send_some(dice, sent);
        if (talk.how == BLOCKING)
            over = part == 0;
        else if (part == 0 || dice_one_in(dice, 2))
            over = talk_serve() == GONE;
        if (part == 0 || dice_one_in(dice, 3))
            talk_take(bite);
    }
    return sent;
}

static void end_session(bool hangs_up)
{
    if (hangs_up) {
        talk_serve();
        talk_take_all();
        talk_hang_up();
    } else
        talk_half_close();
    check_number(talk_settle(), GONE);
    talk_finish();
    check(talk.how == BLOCKING || !talk.session.channel.buffers);
}

/* Once it has closed, no further piece is sent, and the input ends there. */
static void session_tells(const size_t *ends)
{
    size_t sent = 0;

    start_session(NOT_BLOCKING, STREAM);
    for (int i = 0; i < PIECES && !talk.session.channel.ended; i++)
        for (; sent < ends[i]; talk_settle())
            sent += talk_send(input + sent, ends[i] - sent);
    input_length = sent;
    wanted.closed = talk.session.channel.ended;
    end_session(false);
    memcpy(wanted.bytes, talk_replies, wanted.length = talk.length);
}

/* ---- The servers ---- */

/* Copies what is the same in all right replies: no process numbers, counters and times. */
static void copy_alike(const struct replies *from, struct replies *to)
{
    static const char *const before[] = {"process ",         "thread ",  "client ",
                                         "Content-Length: ", "clients=", "Date: "};
    to->length = 0;
    for (size_t in = 0; in < from->length;) {
        to->bytes[to->length++] = from->bytes[in++];
        for (size_t i = 0; i < sizeof before / sizeof before[0]; i++) {
            size_t size = strlen(before[i]);
            if (to->length >= size && memcmp(to->bytes + to->length - size, before[i], size) == 0)
                while (in < from->length &&
                       (i < 4 ? isdigit((unsigned char)from->bytes[in]) : from->bytes[in] != '\n'))
                    in++;
        }
    }
}

static void send_piece(const struct server *server, size_t from, size_t to)
{
    for (ssize_t size; from < to; from += (size_t)size)
        if (!check((size = write(server->socket, input + from, to - from)) > 0))
            return;
}

/* Reads what is wanted, closes our side unless the server is to close first, and reads the end. */
static void check_server(const struct server *server)
{
    ssize_t size = 1;

    note("seed %lu, %s", seed, server->name);
    got.length = alike.length = 0;
    while (size > 0) {
        if (alike.length >= wanted_alike.length && !wanted.closed)
            shutdown(server->socket, SHUT_WR);
        size = read(server->socket, got.bytes + got.length, sizeof got.bytes - got.length);
        got.length += size > 0 ? (size_t)size : 0;
        copy_alike(&got, &alike);
    }
    check_number(size, 0); /* the end, and no reset */
    check_text(alike.bytes, alike.length, wanted_alike.bytes, wanted_alike.length);
    close(server->socket);
}

static void check_servers(const size_t *ends)
{
    const struct server *end = servers + server_count;

    copy_alike(&wanted, &wanted_alike);
    for (struct server *server = servers; server < end; server++) {
        server->socket = net_connect("127.0.0.1", server->port);
        net_limit_blocking(server->socket, PATIENCE, PATIENCE);
    }
    for (size_t i = 0, from = 0; i < PIECES && from < input_length; from = ends[i++])
        for (struct server *server = servers; server < end; server++)
            send_piece(server, from, ends[i]);
    for (struct server *server = servers; server < end; server++)
        check_server(server);
    count = talk.count;
}

/* ---- The rounds ---- */

/* A session of any kind, whose replies are then in got. True if its client has hung up. */
static bool converse_by_chance(struct dice *dice, enum how how)
{
    enum wire wire = how == BLOCKING || dice_one_in(dice, 2) ? MESSAGES : STREAM;
    bool hangs_up = how == NOT_BLOCKING && dice_one_in(dice, 5);

    start_session(how, wire);
    if (wire == STREAM && dice_one_in(dice, 2))
        talk_narrow_the_way_back();
    input_length = send_by_chance(dice);
    end_session(hangs_up);
    memcpy(got.bytes, talk_replies, got.length = talk.length);
    return hangs_up;
}

static void one_round(struct dice *dice)
{
    enum how how = dice_one_in(dice, 3) ? BLOCKING : NOT_BLOCKING;
    size_t limit = 1 + dice_below(dice, how == BLOCKING ? INPUT_WHEN_BLOCKING : INPUT);
    bool only_lines = server_count == 0 && dice_one_in(dice, 2);
    size_t ends[PIECES];

    make_input(dice, only_lines, limit);
    bool hung_up = converse_by_chance(dice, how);
    ends[PIECES - 1] = input_length;
    for (int i = PIECES - 1; i > 0; i--)
        ends[i - 1] = dice_below(dice, ends[i] + 1);
    if (only_lines)
        wanted.length = judge(input, input_length, wanted.bytes);
    else
        session_tells(ends);
    check(got.length <= wanted.length || !hung_up); /* it heard nothing but what was due */
    check_text(got.bytes, got.length, wanted.bytes, hung_up ? got.length : wanted.length);
    if (server_count > 0)
        check_servers(ends);
}

int main(int argc, char **argv)
{
    unsigned long first = argc > 1 ? strtoul(argv[1], NULL, 10) : 1;
    unsigned long rounds = argc > 2 ? strtoul(argv[2], NULL, 10) : 5000;

    talk_prepare();
    http_answer_only("127.0.0.1"); /* as the servers, by default */
    for (int i = 3; i + 1 < argc && server_count < SERVERS; i += 2)
        servers[server_count++] = (struct server){.name = argv[i], .port = atol(argv[i + 1])};
    printf("seeds %lu to %lu\n", first, first + rounds - 1);
    fflush(stdout); /* a sanitizer ends a program without doing it */
    unit.test = "all replies are right and alike, and so is the end";
    unit.tests++;
    alarm(UNIT_SECONDS);
    for (seed = first; seed < first + rounds; seed++) {
        struct dice dice = {seed};
        note("seed %lu", seed);
        one_round(&dice);
    }
    return unit_result();
}
