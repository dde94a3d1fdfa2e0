/* tests/clients/rude.c - a peer with bad manners: it breaks off, never reads, dawdles, talks nonsense.
 * Each of them must be able to hurt nobody but itself. None goes on for more than a minute. */
#include "clock.h"
#include "flags.h"
#include "messages.h"
#include "net.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATIENCE = 60000, QUIET = 500 }; /* milliseconds */

static long port = 9000, clients = 1;
static const char *port_file;

static const struct usage usage = {
    .synopsis = "[OPTION]... HOW [ARGUMENT]...",
    .summary = "Does to a server on this machine what a client should not do.",
    .footer =
        "HOW is\n"
        "  reset-in-request    break off in the middle of a line\n"
        "  reset-in-reply      ask much, read nothing, break off\n"
        "  leave-early         ask for several long replies, and leave before the first\n"
        "  half-close          ask, say that this was all, and read to the end\n"
        "  talk-on             say quit, and more in the same breath, then read to the end: says\n"
        "                      whether it was an `end' or a `reset'\n"
        "  never-read          ask on and on, and never read: says `stuck' when the server\n"
        "                      takes no more, and `let go' when it hangs up\n"
        "  slow                a byte now and then, until it hangs up: says `let go'\n"
        "  flood BYTES         a line of that length, without an end\n"
        "  random SEED BYTES   noise\n"
        "  byte-at-a-time      three requests, each byte in a packet of its own\n"
        "  urgent              a byte of urgent data between two requests\n"
        "  lie TEXT            not a client but a server: TEXT is all it ever says",
};

static const struct flag flags[] = {
    {'p', "port", "PORT", "on which port (%s)", .number = &port, .min = 1, .max = 65535},
    {'c', "clients", "N", "so many of them at once (%s)", .number = &clients, .min = 1,
     .max = 1000},
    {0, "port-file", "FILE", "lie: write the port there", .text = &port_file},
    {0},
};

/* ---- Sending and reading ---- */

static void send_text(int server, const char *text)
{
    if (write(server, text, strlen(text)) < 0)
        die("write");
}

/* Copies what the server says to stdout; false at the end of it. */
static bool print_some(int server)
{
    char bytes[4096];
    ssize_t size = read(server, bytes, sizeof bytes);

    if (size > 0)
        fwrite(bytes, 1, (size_t)size, stdout);
    return size > 0;
}

static void end_and_print(int server)
{
    struct pollfd readable = {.fd = server, .events = POLLIN};

    shutdown(server, SHUT_WR);
    while (poll(&readable, 1, PATIENCE) == 1 && print_some(server))
        ;
}

/* Sends all of it, and reads meanwhile: neither side is to wait for the other. */
static void send_and_print(int server, const char *bytes, size_t size)
{
    struct pollfd state = {.fd = server, .events = POLLIN | POLLOUT};

    while (size > 0 && poll(&state, 1, PATIENCE) == 1) {
        if (state.revents & ~POLLOUT && !print_some(server))
            return; /* it has hung up */
        ssize_t sent = state.revents & POLLOUT ? send(server, bytes, size, MSG_DONTWAIT) : 0;
        if (sent > 0) {
            bytes += sent;
            size -= (size_t)sent;
        }
    }
    end_and_print(server);
}

static char *get_bytes(long size)
{
    char *bytes = malloc((size_t)size);

    if (!bytes)
        die("memory");
    return bytes;
}

/* When it is closed, the other side gets a reset. */
static void close_with_reset(int server)
{
    struct linger none = {.l_onoff = 1, .l_linger = 0};

    setsockopt(server, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    close(server);
}

/* The first reply finds nobody; it is the second that fails. */
static void leave_early(int server, char **unused)
{
    enum { LONG = 8000 };
    char *request = get_bytes(LONG + 1);

    (void)unused;
    memset(request, 'x', LONG);
    memcpy(request, "echo ", 5);
    request[LONG - 1] = '\n';
    request[LONG] = '\0';
    for (int i = 0; i < 3; i++) {
        send_text(server, "sleep 100\n");
        send_text(server, request);
    }
    free(request);
    close(server);
}

/* Asks for 4 KB again and again until no more goes out for so many milliseconds. */
static void ask_until_stuck(int server, int quiet)
{
    struct pollfd writable = {.fd = server, .events = POLLOUT};
    char request[4096];

    memset(request, 'x', sizeof request);
    memcpy(request, "echo ", 5);
    request[sizeof request - 1] = '\n';
    while (poll(&writable, 1, quiet) == 1 && writable.revents == POLLOUT)
        if (send(server, request, sizeof request, MSG_DONTWAIT) < 0 && errno != EAGAIN)
            break;
}

/* ---- The manners ---- */

static void reset_in_request(int server, char **arguments)
{
    (void)arguments;
    send_text(server, "echo this line has no e");
    close_with_reset(server);
}

static void reset_in_reply(int server, char **arguments)
{
    (void)arguments;
    ask_until_stuck(server, 20);
    close_with_reset(server);
}

static void half_close(int server, char **arguments)
{
    (void)arguments;
    send_text(server, "echo one\nsleep 50\necho two\n");
    end_and_print(server);
}

/* One write, so that all of it is there when the server reads the first part. */
static void talk_on(int server, char **arguments)
{
    enum { MORE = 20000 };
    struct pollfd readable = {.fd = server, .events = POLLIN};
    char *bytes = get_bytes(MORE);

    (void)arguments;
    memset(bytes, 'x', MORE);
    memcpy(bytes, "quit\n", 5);
    if (write(server, bytes, MORE) != MORE)
        die("write");
    free(bytes);
    while (poll(&readable, 1, PATIENCE) == 1 && print_some(server))
        ;
    fflush(stdout);
    readable.events = 0; /* a reset would come right behind the end, and is told unasked */
    say(STDOUT_FILENO, poll(&readable, 1, QUIET) == 1 ? "reset" : "end");
}

static void never_read(int server, char **arguments)
{
    struct pollfd hung_up = {.fd = server}; /* an error is told without being asked for */

    (void)arguments;
    ask_until_stuck(server, QUIET);
    say(STDOUT_FILENO, "stuck");
    if (poll(&hung_up, 1, PATIENCE) == 1)
        say(STDOUT_FILENO, "let go");
}

static void slow(int server, char **arguments)
{
    struct pollfd hung_up = {.fd = server, .events = POLLIN};

    (void)arguments;
    for (int waited = 0; waited < PATIENCE; waited += QUIET) {
        send(server, "x", 1, 0); /* never a line end; the poll tells us if it fails */
        if (poll(&hung_up, 1, QUIET) == 1) {
            say(STDOUT_FILENO, "let go");
            return;
        }
    }
}

static void flood(int server, char **arguments)
{
    long size = atol(arguments[0]);
    char *bytes = get_bytes(size);

    memset(bytes, 'x', (size_t)size);
    send_and_print(server, bytes, (size_t)size);
    free(bytes);
}

/* Marsaglia's xorshift: the same seed makes the same noise everywhere. */
static void random_bytes(int server, char **arguments)
{
    uint32_t state = (uint32_t)atol(arguments[0]) * 2654435761u + 1;
    long size = atol(arguments[1]);
    char *bytes = get_bytes(size);

    for (long i = 0; i < size; i++) {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        bytes[i] = (char)(state >> 24);
    }
    send_and_print(server, bytes, (size_t)size);
    free(bytes);
}

static void byte_at_a_time(int server, char **arguments)
{
    static const char requests[] = "echo one\r\nprimes 100\necho two\n";

    (void)arguments;
    for (size_t i = 0; i < sizeof requests - 1; i++) {
        send(server, requests + i, 1, 0);
        clock_sleep(2); /* so that they are not put together on the way */
    }
    end_and_print(server);
}

static void urgent(int server, char **arguments)
{
    (void)arguments;
    send_text(server, "echo one\n");
    if (send(server, "!", 1, MSG_OOB) < 0)
        die("urgent data");
    send_text(server, "echo two\n");
    end_and_print(server);
}

/* A server that answers the first line of each client with TEXT, right or not, and hangs up. */
static void lie(int unused, char **arguments)
{
    char request[8192];
    int listener = net_listen("127.0.0.1", "0", 64);

    (void)unused;
    net_announce(listener, port_file);
    for (;;) {
        int client = net_accept(listener);
        if (client < 0)
            die("accept");
        if (read(client, request, sizeof request) > 0)
            send_text(client, arguments[0]);
        net_close_gracefully(client);
    }
}

static const struct manner {
    const char *name;
    int arguments;
    void (*behave)(int server, char **arguments);
} manners[] = {
    {"reset-in-request", 0, reset_in_request},
    {"reset-in-reply", 0, reset_in_reply},
    {"leave-early", 0, leave_early},
    {"half-close", 0, half_close},
    {"talk-on", 0, talk_on},
    {"never-read", 0, never_read},
    {"slow", 0, slow},
    {"flood", 1, flood},
    {"random", 2, random_bytes},
    {"byte-at-a-time", 0, byte_at_a_time},
    {"urgent", 0, urgent},
    {"lie", 1, lie},
};

/* ---- The program ---- */

static const struct manner *find_manner(int words, char **word)
{
    if (words < 1)
        flags_mistake("needs a word that says how to behave");
    for (size_t i = 0; i < sizeof manners / sizeof manners[0]; i++)
        if (strcmp(manners[i].name, word[0]) == 0) {
            if (words - 1 != manners[i].arguments)
                flags_mistake("%s needs %d words after it", word[0], manners[i].arguments);
            return &manners[i];
        }
    flags_mistake("there is no way to behave called '%s'", word[0]);
}

static void behave_once(const struct manner *manner, char **arguments)
{
    char service[8];

    if (manner->behave == lie)
        lie(-1, arguments);
    snprintf(service, sizeof service, "%ld", port);
    int server = net_connect("127.0.0.1", service);
    if (server < 0)
        die("cannot connect");
    manner->behave(server, arguments);
}

/* Each in a process of its own. The status is 0 when all of them ended well. */
static int behave_all(const struct manner *manner, char **arguments)
{
    int result = EXIT_SUCCESS, status;

    for (long i = 0; i < clients; i++) {
        pid_t process = fork();
        if (process < 0)
            die("fork");
        if (process == 0) {
            behave_once(manner, arguments);
            exit(EXIT_SUCCESS);
        }
    }
    while (wait(&status) > 0)
        if (status != 0)
            result = EXIT_FAILURE;
    return result;
}

int main(int argc, char **argv)
{
    messages_name(argv[0]);
    int first = flags_parse(argc, argv, &usage, flags, NULL);
    const struct manner *manner = find_manner(argc - first, argv + first);
    signal(SIGPIPE, SIG_IGN);
    if (clients > 1)
        return behave_all(manner, argv + first + 1);
    behave_once(manner, argv + first + 1);
    return EXIT_SUCCESS;
}
