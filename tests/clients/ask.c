/* tests/clients/ask.c - asks a server and prints its replies: the smallest useful client.
 * It sends its requests, says that there are no more (a half-close), and reads to the end. */
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

static const char *address = "127.0.0.1";
static long port = 9000;

static const struct usage usage = {
    .synopsis = "[OPTION]... [REQUEST]...",
    .summary = "Sends each REQUEST to the server, or else each line of its input, and prints the "
               "replies.",
    .footer = "Exit status: 0, or 1 when there is no server or it ended before all was answered.",
};

static const struct flag flags[] = {
    {'a', "address", "ADDR", "where the server listens (%s)", .text = &address},
    {'p', "port", "PORT", "on which port (%s)", .number = &port, .min = 1, .max = 65535},
    {0},
};

/* What goes to the server: the requests from the command line, or what stdin gives. */
struct outgoing {
    char *bytes;
    size_t start, end;
    bool complete; /* nothing will be added */
    bool ended;    /* stdin: so far, its last line is; at the end of the input, ask ends it */
};

static long count_lines(const char *bytes, size_t size)
{
    long lines = 0;

    for (size_t i = 0; i < size; i++)
        lines += bytes[i] == '\n';
    return lines;
}

static struct outgoing from_arguments(char **requests)
{
    enum { ROOM = 65536 };
    struct outgoing out = {.bytes = malloc(ROOM), .ended = true};

    if (!out.bytes)
        die("requests");
    for (; *requests; requests++) {
        size_t length = strlen(*requests);
        if (length >= ROOM || out.end > ROOM - length - 1)
            flags_mistake("the requests are longer than %d bytes; put them into a file", ROOM);
        memcpy(out.bytes + out.end, *requests, length);
        out.bytes[out.end + length] = '\n';
        out.end += length + 1;
        out.complete = true;
    }
    return out;
}

static long read_requests(struct outgoing *out)
{
    ssize_t size = read(STDIN_FILENO, out->bytes, 65536);

    out->start = 0;
    out->end = size > 0 ? (size_t)size : 0;
    out->complete = size <= 0;
    if (size > 0)
        out->ended = out->bytes[size - 1] == '\n';
    else if (!out->ended)
        out->bytes[out->end++] = '\n', out->ended = true;
    return count_lines(out->bytes, out->end);
}

static void send_requests(int server, struct outgoing *out)
{
    ssize_t size = write(server, out->bytes + out->start, out->end - out->start);

    if (size > 0)
        out->start += (size_t)size;
    else if (errno != EAGAIN && errno != EINTR)
        out->start = out->end, out->complete = true; /* it has gone: read what it said */
}

/* Copies what the server says to stdout; false at the end of it. */
static bool print_replies(int server, long *replies)
{
    char bytes[65536];
    ssize_t size = read(server, bytes, sizeof bytes);

    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return true;
    if (size <= 0)
        return false;
    *replies += count_lines(bytes, (size_t)size);
    if (fwrite(bytes, 1, (size_t)size, stdout) < (size_t)size || fflush(stdout) != 0)
        die("stdout");
    return true;
}

/* Sends and prints at the same time, so that neither side waits for the other. Returns how many
 * requests were not answered. */
static long converse(int server, struct outgoing *out)
{
    long requests = count_lines(out->bytes, out->end), replies = 0;
    bool open = true;

    while (open) {
        bool unsent = out->start < out->end;
        struct pollfd watched[] = {
            {.fd = server, .events = (short)(POLLIN | (unsent ? POLLOUT : 0))},
            {.fd = unsent || out->complete ? -1 : STDIN_FILENO, .events = POLLIN},
        };
        if (!unsent && out->complete)
            shutdown(server, SHUT_WR); /* the first time, a half-close; then it has no effect */
        poll(watched, 2, -1);
        if (watched[1].revents)
            requests += read_requests(out);
        if (watched[0].revents & POLLOUT)
            send_requests(server, out);
        if (watched[0].revents & ~POLLOUT)
            open = print_replies(server, &replies);
    }
    return requests - replies;
}

int main(int argc, char **argv)
{
    messages_name(argv[0]);
    messages_guard_streams();
    int first = flags_parse(argc, argv, &usage, flags, NULL);
    struct outgoing out = from_arguments(argv + first);
    signal(SIGPIPE, SIG_IGN);
    int server = net_connect(address, port);
    if (server < 0 || !net_set_nonblocking(server))
        die("cannot connect");
    long unanswered = converse(server, &out);
    if (unanswered > 0)
        say(STDERR_FILENO, "ask: the server ended with %ld of the requests unanswered", unanswered);
    free(out.bytes);
    close(server);
    return unanswered > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
