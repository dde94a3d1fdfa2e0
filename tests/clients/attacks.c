/* tests/clients/attacks.c - what a client should not do to a server, and some servers do not
 * survive. */
#include "attacks.h"

#include "../units/dice.h"
#include "dialogue.h"

#include "clock.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#ifndef TCP_CORK
#define TCP_CORK TCP_NOPUSH /* its name in the BSDs */
#endif

enum { STUCK = 200 }; /* milliseconds in which nothing can be sent */

long attacks_bytes = 64 << 20, attacks_seed = 1;

/* ---- What is asked ---- */

static struct dialogue little(size_t times)
{
    return (struct dialogue){.request = "echo x\n", .reply = "x\n", .times = times};
}

/* 4 KB for each reply. */
static struct dialogue much(size_t times)
{
    static char request[4097] = "echo ";

    memset(request + 5, 'x', sizeof request - 7);
    request[sizeof request - 2] = '\n';
    return (struct dialogue){.request = request, .reply = request + 5, .times = times};
}

static long send_text(int server, const char *text)
{
    return (long)send_some(server, text, strlen(text));
}

static long ask_until_stuck(int server)
{
    struct pollfd writable = {.fd = server, .events = POLLOUT};
    const char *request = much(1).request;
    size_t length = strlen(request), sent = 0;

    while (!dialogue_time_is_over() && poll(&writable, 1, STUCK) == 1 &&
           writable.revents == POLLOUT)
        sent += send_some(server, request + sent % length, length - sent % length);
    return (long)sent;
}

/* ---- How an attack ends ---- */

static bool leave(int server, long sent)
{
    (void)sent;
    drain(server);
    return true;
}

/* When it is closed, the server gets a reset. */
static bool break_off(int server, long sent)
{
    struct linger none = {.l_onoff = 1, .l_linger = 0};

    (void)sent;
    return setsockopt(server, SOL_SOCKET, SO_LINGER, &none, sizeof none) == 0;
}

static bool hear_little(int server, long sent)
{
    return converse(server, little((size_t)sent / strlen(little(1).request)), (size_t)sent);
}

/* The last request may be sent in part only. */
static bool hear_much(int server, long sent)
{
    size_t length = strlen(much(1).request);
    return converse(server, much(((size_t)sent + length - 1) / length), (size_t)sent);
}

/* ---- How it begins ---- */

static long say_nothing(int server)
{
    (void)server;
    return 0;
}

static long reset(int server)
{
    return break_off(server, 0) ? 0 : -1;
}

static long half_a_line(int server)
{
    return send_text(server, "echo this line has no e");
}

/* Requests and end of file leave in one segment, so that each reply finds the client gone: the
 * first one is answered with a reset, and to write the second is an error. */
static long leave_early(int server)
{
    int on = 1;

    setsockopt(server, IPPROTO_TCP, TCP_CORK, &on, sizeof on);
    for (int i = 0; i < 6; i++)
        send_text(server, much(1).request);
    return 0;
}

/* Most of a megabyte of replies is still to come when the server reads the end of file. */
static long half_close(int server)
{
    struct dialogue megabyte = much(256);

    megabyte.half_close = true;
    return converse(server, megabyte, 0) && hears_end(server) ? 0 : -1;
}

static long byte_at_a_time(int server)
{
    const char *request = little(1).request;
    int on = 1;

    setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    for (int times = 0; times < 3; times++)
        for (const char *byte = request; *byte; byte++) {
            send_some(server, byte, 1);
            clock_sleep(2); /* so that the server can read it before the next one */
        }
    return 3 * (long)strlen(request); /* if a byte was not sent, a reply will be missing */
}

static long thousand_at_once(int server)
{
    char segment[7000];
    const char *request = little(1).request;

    for (size_t i = 0; i < sizeof segment; i++)
        segment[i] = request[i % strlen(request)];
    return (long)send_some(server, segment, sizeof segment);
}

static long urgent(int server)
{
    const char *request = little(1).request;

    send_text(server, request);
    send(server, "!", 1, MSG_OOB); /* not among the bytes that the server reads */
    send_text(server, request);
    return 2 * (long)strlen(request); /* if one was not sent, its reply will be missing */
}

static long endless_line(int server)
{
    static char part[65536];
    long sent = send_text(server, "echo ");

    memset(part, 'x', sizeof part);
    while (sent < attacks_bytes && pour(server, part, sizeof part))
        sent += (long)sizeof part;
    return sent;
}

static long garbage(int server)
{
    static char bytes[200000];
    struct dice dice = {(uint64_t)attacks_seed};

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)dice_below(&dice, 256);
    pour(server, bytes, sizeof bytes);
    drain(server);
    return 0;
}

/* One write, so that all of it is there when the server reads `quit'. A socket that is closed
 * with bytes unread sends a reset, and that would be known at once. */
static long talk_on(int server)
{
    static char bytes[20001] = "quit\n";
    struct pollfd reset = {.fd = server};

    memset(bytes + 5, 'x', sizeof bytes - 6);
    bool bye =
        converse(server, (struct dialogue){.request = bytes, .reply = "bye\n", .times = 1}, 0);
    return bye && hears_end(server) && poll(&reset, 1, STUCK) == 0 ? 0 : -1;
}

const struct attack attacks[] = {
    {"reset-before-accept", reset, .clients = 100,
     .help = "resets before it is accepted; finds servers that an error of accept ends"},
    {"reset-in-request", half_a_line, break_off,
     .help = "resets in the middle of a line; finds servers that an error of read ends"},
    {"reset-in-reply", ask_until_stuck, break_off,
     .help = "resets while replies come; finds servers that an error of write ends"},
    {"leave-early", leave_early,
     .help = "closes before its replies come; finds servers that SIGPIPE ends"},
    {"half-close", half_close,
     .help = "half-closes with a megabyte to come; finds replies that end with the requests"},
    {"byte-at-a-time", byte_at_a_time, hear_little,
     .help = "sends each byte by itself; finds servers that take one read for one line"},
    {"thousand-at-once", thousand_at_once, hear_little,
     .help = "sends 1000 requests in one segment; finds servers that answer one line a read"},
    {"urgent", urgent, hear_little,
     .help = "sends urgent data between two requests; finds servers that take it for an error"},
    {"endless-line", endless_line, leave,
     .help = "sends 64 MiB without a line end; finds buffers without a limit"},
    {"garbage", garbage, .help = "sends random bytes; finds trust in what a client sends"},
    {"talk-on", talk_on, .help = "sends more after quit; finds a last reply that close() destroys"},
    {"never-read", ask_until_stuck, break_off,
     .help = "asks on and on and reads nothing; finds a write that blocks all"},
    {"tiny-window", ask_until_stuck, hear_much, .tiny_window = true,
     .help = "reads through the smallest window; finds short writes taken for whole ones"},
    {"slowloris", half_a_line, leave, .clients = 500,
     .help = "500 clients stop in their first line; finds a read that blocks all"},
    {"flood", say_nothing, leave, .clients = 5000,
     .help = "5000 clients say nothing; finds servers that end when there is no room"},
    {0},
};
