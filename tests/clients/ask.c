/* tests/clients/ask.c - asks a server and prints its replies: the smallest useful client.
 * A thread sends the requests, and says that there are no more (a half-close). The main thread
 * reads to the end meanwhile, so neither side waits for the other. */
#include "flags.h"
#include "messages.h"
#include "net.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
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

static int server;
static atomic_long requests; /* sent, or about to be */

static long count_lines(const char *bytes, size_t size)
{
    long lines = 0;

    for (size_t i = 0; i < size; i++)
        lines += bytes[i] == '\n';
    return lines;
}

/* Returns false when the server has gone; what it said is still to be read. */
static bool send_requests(const char *bytes, size_t size)
{
    requests += count_lines(bytes, size);
    while (size > 0) {
        ssize_t sent = write(server, bytes, size);
        if (sent < 0)
            return false;
        bytes += sent;
        size -= (size_t)sent;
    }
    return true;
}

/* All at once, so that they leave together. */
static void send_arguments(char **arguments)
{
    char *text;
    size_t size;
    FILE *all = open_memstream(&text, &size);

    if (!all)
        die("requests");
    for (; *arguments; arguments++)
        fprintf(all, "%s\n", *arguments);
    if (fclose(all) != 0)
        die("requests");
    send_requests(text, size);
    free(text);
}

/* Line after line as they come; the end of the input ends the last one. */
static void send_input(void)
{
    static char bytes[65536];
    char last = '\n';
    ssize_t size;

    while ((size = read(STDIN_FILENO, bytes, sizeof bytes)) > 0) {
        if (!send_requests(bytes, (size_t)size))
            return;
        last = bytes[size - 1];
    }
    if (size < 0)
        die("stdin");
    if (last != '\n')
        send_requests("\n", 1);
}

static void *ask(void *arguments)
{
    if (*(char **)arguments)
        send_arguments(arguments);
    else
        send_input();
    shutdown(server, SHUT_WR);
    return NULL;
}

/* Copies what the server says to stdout, until it ends. Returns the number of replies. */
static long print_replies(void)
{
    static char bytes[65536];
    long replies = 0;
    ssize_t size;

    while ((size = read(server, bytes, sizeof bytes)) > 0) {
        replies += count_lines(bytes, (size_t)size);
        fwrite(bytes, 1, (size_t)size, stdout);
        flush_output();
    }
    return replies;
}

int main(int argc, char **argv)
{
    pthread_t sender;

    messages_prepare(argv[0]);
    int first = flags_parse(argc, argv, &usage, flags, NULL);
    signal(SIGPIPE, SIG_IGN);
    server = net_connect(address, port);
    if (server < 0)
        die("cannot connect");
    errno = pthread_create(&sender, NULL, ask, argv + first);
    if (errno != 0)
        die("pthread_create");
    pthread_detach(sender);
    long replies = print_replies(), unanswered = requests - replies;
    if (unanswered > 0)
        say(STDERR_FILENO, "ask: the server ended with %ld of the requests unanswered", unanswered);
    return unanswered > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
