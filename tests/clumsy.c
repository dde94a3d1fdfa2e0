/* tests/clumsy.c - a client with bad manners: it breaks off, never reads, or sends odd packets.
 * Each of them must be able to hurt nobody but itself. */
#include "flags.h"
#include "messages.h"
#include "net.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static long port = 9000;

static const struct usage usage = {
    .synopsis = "[OPTION]... HOW",
    .summary = "Does something to a server on this machine that a client should not do.",
    .footer =
        "HOW is\n"
        "  reset-in-request    break off in the middle of a line\n"
        "  reset-in-reply      ask much, read nothing, break off\n"
        "  leave-early         ask for several long replies, and leave before the first\n"
        "  never-read          ask on and on, and never read; say `stuck' when the server\n"
        "                      takes no more, then `let go' when it hangs up\n"
        "  urgent              send a request with a byte of urgent data in it",
};

static const struct flag flags[] = {
    {'p', "port", "PORT", "on which port (%s)", .number = &port, .min = 1, .max = 65535},
    {0},
};

/* When it is closed, the other side gets a reset. */
static void close_with_reset(int server)
{
    struct linger none = {.l_onoff = 1, .l_linger = 0};

    setsockopt(server, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    close(server);
}

static void send_text(int server, const char *text)
{
    if (write(server, text, strlen(text)) < 0)
        die("write");
}

static void reset_in_request(int server)
{
    send_text(server, "echo this line has no e");
    close_with_reset(server);
}

static void reset_in_reply(int server)
{
    char request[4096];

    memset(request, 'x', sizeof request);
    memcpy(request, "echo ", 5);
    request[sizeof request - 1] = '\n';
    for (int i = 0; i < 100; i++)
        if (send(server, request, sizeof request, MSG_DONTWAIT) < 0)
            break; /* it waits for us to read, so it is in the middle of a reply */
    close_with_reset(server);
}

/* The first reply finds nobody; it is the second that fails. */
static void leave_early(int server)
{
    enum { LONG = 8000 };
    static char request[LONG + 1];

    memset(request, 'x', LONG);
    memcpy(request, "echo ", 5);
    request[LONG - 1] = '\n';
    for (int i = 0; i < 3; i++) {
        send_text(server, "sleep 100\n");
        send_text(server, request);
    }
    close(server);
}

static void never_read(int server)
{
    enum { NOTHING_GOES = 500 }; /* milliseconds after which we believe it */
    struct pollfd state = {.fd = server, .events = POLLOUT};
    char request[4096];

    memset(request, 'x', sizeof request);
    memcpy(request, "echo ", 5);
    request[sizeof request - 1] = '\n';
    net_do_not_block(server);
    while (poll(&state, 1, NOTHING_GOES) == 1 && state.revents == POLLOUT)
        if (write(server, request, sizeof request) < 0 && errno != EAGAIN)
            break;
    say(STDOUT_FILENO, "stuck");
    state.events = 0; /* a hang-up or an error is told without being asked for */
    poll(&state, 1, 60000);
    say(STDOUT_FILENO, "let go");
}

static void urgent(int server)
{
    char reply[100];

    send_text(server, "echo one\n");
    if (send(server, "!", 1, MSG_OOB) < 0)
        die("urgent data");
    send_text(server, "echo two\n");
    shutdown(server, SHUT_WR);
    for (ssize_t size; (size = read(server, reply, sizeof reply)) > 0;)
        fwrite(reply, 1, (size_t)size, stdout);
}

static const struct {
    const char *name;
    void (*behave)(int server);
} manners[] = {
    {"reset-in-request", reset_in_request},
    {"reset-in-reply", reset_in_reply},
    {"leave-early", leave_early},
    {"never-read", never_read},
    {"urgent", urgent},
};

int main(int argc, char **argv)
{
    char service[8];

    messages_name(argv[0]);
    int first = flags_parse(argc, argv, &usage, flags, NULL);
    if (argc - first != 1)
        flags_mistake("needs one word that says how to behave");
    signal(SIGPIPE, SIG_IGN);
    snprintf(service, sizeof service, "%ld", port);
    int server = net_connect("127.0.0.1", service);
    if (server < 0)
        die("cannot connect");
    for (size_t i = 0; i < sizeof manners / sizeof manners[0]; i++)
        if (strcmp(manners[i].name, argv[first]) == 0) {
            manners[i].behave(server);
            return EXIT_SUCCESS;
        }
    flags_mistake("there is no way to behave called '%s'", argv[first]);
}
