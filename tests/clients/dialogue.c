/* tests/clients/dialogue.c - requests and their replies over a socket that does not block, for
 * attacks: nothing here waits for longer than was allowed. */
#include "dialogue.h"

#include "clock.h"
#include "net.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int64_t give_up;

void dialogue_allow(long milliseconds)
{
    give_up = clock_in(milliseconds);
}

bool dialogue_time_is_over(void)
{
    return clock_now() >= give_up;
}

/* Waits for one of these events; returns those that came, 0 when the time is over. */
static int wait_for(int server, int events)
{
    struct pollfd state = {.fd = server, .events = (short)events};
    int left = clock_milliseconds_until(give_up);

    return left > 0 && poll(&state, 1, left) == 1 ? state.revents : 0;
}

static void set_option(int server, int level, int option, int value)
{
    setsockopt(server, level, option, &value, sizeof value);
}

int dialogue_connect(const struct addrinfo *at, bool tiny_window)
{
    int server = socket(at->ai_family, at->ai_socktype, at->ai_protocol), problem = ETIMEDOUT;
    socklen_t size = sizeof problem;

    if (server < 0 || !net_set_nonblocking(server))
        return -1;
    if (tiny_window) {
        set_option(server, SOL_SOCKET, SO_RCVBUF, 1); /* the system takes its least instead */
        set_option(server, SOL_SOCKET, SO_SNDBUF, 1);
        set_option(server, IPPROTO_TCP, TCP_MAXSEG, 536);
    }
    if (connect(server, at->ai_addr, at->ai_addrlen) < 0 && errno != EINPROGRESS)
        problem = errno;
    else if (wait_for(server, POLLOUT))
        getsockopt(server, SOL_SOCKET, SO_ERROR, &problem, &size);
    if (problem == 0)
        return server;
    close(server);
    errno = problem;
    return -1;
}

size_t send_some(int server, const char *bytes, size_t size)
{
    ssize_t sent = send(server, bytes, size, 0);
    return sent > 0 ? (size_t)sent : 0;
}

/* Reads replies, of which *left bytes are still to come. Returns how many came, and 0 at the end
 * of file or if one is wrong. */
static size_t hear_some(int server, const char *reply, size_t *left)
{
    char bytes[4096];
    size_t length = strlen(reply), wanted = *left < sizeof bytes ? *left : sizeof bytes;
    ssize_t size = recv(server, bytes, wanted, 0);

    for (ssize_t i = 0; i < size; i++)
        if (bytes[i] != reply[length - 1 - (--*left) % length])
            return 0;
    return size > 0 ? (size_t)size : 0;
}

bool converse(int server, struct dialogue d, size_t sent)
{
    size_t length = strlen(d.request), all = length * d.times;
    size_t unheard = strlen(d.reply) * d.times;

    while (sent < all || unheard > 0) {
        int events = wait_for(server, sent < all ? POLLIN | POLLOUT : POLLIN);
        size_t size = events & POLLOUT
                          ? send_some(server, d.request + sent % length, length - sent % length)
                          : 0;
        sent += size;
        if (d.half_close && size > 0 && sent == all)
            shutdown(server, SHUT_WR);
        if (size == 0 && events)
            size = hear_some(server, d.reply, &unheard);
        if (size == 0)
            return false;
    }
    return true;
}

bool hears_end(int server)
{
    char byte;
    return wait_for(server, POLLIN) && recv(server, &byte, 1, 0) == 0;
}

bool pour(int server, const char *bytes, size_t size)
{
    static char dropped[65536];

    while (size > 0) {
        int events = wait_for(server, POLLIN | POLLOUT);
        if (!events || (events & ~POLLOUT && recv(server, dropped, sizeof dropped, 0) <= 0))
            return false;
        size_t sent = events & POLLOUT ? send_some(server, bytes, size) : 0;
        bytes += sent;
        size -= sent;
    }
    return true;
}

void drain(int server)
{
    char dropped[4096];

    shutdown(server, SHUT_WR);
    while (wait_for(server, POLLIN) && recv(server, dropped, sizeof dropped, 0) > 0)
        ;
}
