/* tests/textbook/poll.c - what NOT to do: an event loop around poll(), as in many a textbook. It
 * answers `echo TEXT' as long as all goes well. */
#include "../bench/floors/listen.h"

#include <assert.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

enum { MOST = 50 };
static struct pollfd watched[MOST];
static FILE *clients[MOST];
static char *line;
static size_t capacity;

static void add(int client)
{
    int i = 1;

    while (i < MOST && clients[i])
        i++;
    assert(i < MOST); /* MISTAKE: one client too many ends the server */
    clients[i] = fdopen(client, "r");
    watched[i] = (struct pollfd){.fd = client, .events = POLLIN | POLLPRI};
}

static void serve(int i)
{
    ssize_t size = -1;

    if (watched[i].revents == POLLIN) /* MISTAKE: urgent data is no error */
        size = getline(&line, &capacity, clients[i]);
    /* MISTAKE: this waits until the line is whole, takes any length, and what it has read of the
     * next line is hidden from poll(). */
    if (size > 0)
        assert(strncmp(line, "echo ", 5) == 0); /* MISTAKE: a wrong request ends the server */
    if (size > 5 && write(watched[i].fd, line + 5, (size_t)size - 5) > 0)
        return; /* MISTAKE: the write waits until the client reads; SIGPIPE ends the server */
    fclose(clients[i]);
    clients[i] = NULL;
    watched[i].fd = -1;
}

int main(int argc, char **argv)
{
    int listener = listen_on(argc > 1 ? argv[1] : "9000");

    watched[0] = (struct pollfd){.fd = listener, .events = POLLIN};
    while (poll(watched, MOST, -1) > 0) {
        if (watched[0].revents)
            add(accept(listener, NULL, NULL));
        for (int i = 1; i < MOST; i++)
            if (clients[i] && watched[i].revents)
                serve(i);
    }
}
