/* tests/bench/floors/epoll_echo.c - the least that one thread with epoll can do: bytes come back.
 * A floor to measure from, no server: a client that does not read all its bytes is dropped. */
#define _GNU_SOURCE /* accept4 */
#include "listen.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/epoll.h>

static void watch(int epoll, int descriptor)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = descriptor};

    if (epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) < 0)
        close(descriptor);
}

static void echo(int client)
{
    static char bytes[16384];
    ssize_t size = read(client, bytes, sizeof bytes);

    if (size <= 0 || write(client, bytes, (size_t)size) != size)
        close(client); /* epoll forgets it by itself */
}

int main(int argc, char **argv)
{
    struct epoll_event events[256];
    int listener = listen_on(argc > 1 ? argv[1] : "0"), epoll = epoll_create1(0), client;

    signal(SIGPIPE, SIG_IGN);
    fcntl(listener, F_SETFL, O_NONBLOCK);
    watch(epoll, listener);
    for (;;) {
        int count = epoll_wait(epoll, events, 256, -1);
        for (int i = 0; i < count; i++)
            if (events[i].data.fd != listener)
                echo(events[i].data.fd);
            else
                while ((client = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0)
                    watch(epoll, client);
    }
}
