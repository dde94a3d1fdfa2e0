/* tests/units/differ.c - do all servers answer the same input alike, and close alike?
 * Each gets it in the same pieces. A session in this process, with which they must agree, gets it
 * in these pieces, and at once.
 *
 *     differ [SEED [ROUNDS [{NAME PORT}...]]] */
#include "fuzz.h"

#include "net.h"
#include "talk.h"

#include <ctype.h>
#include <unistd.h>

enum { SERVERS = 20, INPUT = 20000, REPLIES = 1 << 20, PIECES = 6, PATIENCE = 60000 };

#define HOST "Host: localhost\r\n"

/* What an input consists of. X stands for many bytes. No chance makes the numbers large. */
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
    "GET /?who HTTP/1.1\r\n" HOST "\r\n",
    "GET / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0;X\r\na: X\r\n\r\n",
};

static char input[2 * INPUT];
static size_t ends[PIECES]; /* of the pieces */

static struct replies {
    char bytes[REPLIES];
    size_t length;
    bool closed; /* before the client closed its side */
} at_once, in_pieces, got, same;

static long count; /* of each server */

static struct server {
    const char *name;
    int socket;
    long port;
} servers[SERVERS];
static int server_count;

static void make_input(struct dice *dice)
{
    size_t length = 0;

    do
        for (const char *part = parts[dice_below(dice, sizeof parts / sizeof parts[0])]; *part;) {
            size_t many = dice_one_in(dice, 4) ? 8150 + dice_below(dice, 60) : dice_below(dice, 40);
            size_t times = *part == 'X' ? many : 1;
            memset(input + length, *part++, times);
            length += times;
        }
    while (length < INPUT && !dice_one_in(dice, 6));
    while (length > 0 && dice_one_in(dice, 3))
        input[dice_below(dice, length)] = " \r\n\t/:%ax\xff"[dice_below(dice, 10)];
    ends[PIECES - 1] = length;
    for (int i = PIECES - 1; i > 0; i--)
        ends[i - 1] = dice_below(dice, ends[i] + 1);
}

/* Copies what is alike in all right replies: no process numbers, counters and times. */
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

/* What a session in this process replies. Once it has closed, no further piece is sent. */
static void judge(int pieces, struct replies *replies)
{
    size_t sent = 0;

    talk_start(NOT_BLOCKING, STREAM);
    talk.count = count;
    for (int i = PIECES - pieces; i < PIECES && !talk.session.channel.ended; i++) {
        for (; sent < ends[i]; talk_settle())
            sent += talk_send(input + sent, ends[i] - sent);
        if (talk.session.channel.ended)
            ends[PIECES - 1] = sent;
    }
    replies->closed = talk.session.channel.ended;
    memcpy(got.bytes, talk_replies, talk.length);
    got.length = talk.length;
    copy_alike(&got, replies);
    if (pieces == 1)
        count = talk.count;
    talk_finish();
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

    note("%s", server->name);
    got.length = same.length = 0;
    while (size > 0) {
        if (same.length >= at_once.length && !at_once.closed)
            shutdown(server->socket, SHUT_WR);
        size = read(server->socket, got.bytes + got.length, sizeof got.bytes - got.length);
        got.length += size > 0 ? (size_t)size : 0;
        copy_alike(&got, &same);
    }
    check_number(size, 0); /* the end, and no reset */
    check_text(same.bytes, same.length, at_once.bytes, at_once.length);
    close(server->socket);
}

static void one_round(struct dice *dice)
{
    const struct server *end = servers + server_count;

    make_input(dice);
    judge(PIECES, &in_pieces);
    judge(1, &at_once);
    check_text(in_pieces.bytes, in_pieces.length, at_once.bytes, at_once.length);
    for (struct server *server = servers; server < end; server++) {
        server->socket = net_connect("127.0.0.1", server->port);
        net_limit_blocking(server->socket, PATIENCE, PATIENCE);
    }
    for (size_t i = 0, from = 0; i < PIECES && from < ends[PIECES - 1]; from = ends[i++])
        for (struct server *server = servers; server < end; server++)
            send_piece(server, from, ends[i] < ends[PIECES - 1] ? ends[i] : ends[PIECES - 1]);
    for (struct server *server = servers; server < end; server++)
        check_server(server);
}

int main(int argc, char **argv)
{
    talk_prepare();
    http_answer_only("127.0.0.1"); /* as the servers, by default */
    for (int i = 3; i + 1 < argc && server_count < SERVERS; i += 2)
        servers[server_count++] = (struct server){.name = argv[i], .port = atol(argv[i + 1])};
    return fuzz(argc, argv, 2000, "all servers answer alike, and close alike", one_round);
}
