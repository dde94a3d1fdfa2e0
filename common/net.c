/* common/net.c - the socket calls that a server needs, each with its traps taken care of.
 * accept4 is not POSIX everywhere yet; the POSIX way is beside it. */
#define _GNU_SOURCE /* accept4 */
#include "net.h"

#include "messages.h"
#include "shutdown.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

enum { DRAIN_ROUNDS = 16 };

struct addrinfo *net_look_up(const char *address, long port, int flags)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = flags};
    struct addrinfo *found;
    char service[24];

    snprintf(service, sizeof service, "%ld", port);
    int problem = getaddrinfo(address, service, &hints, &found);
    if (problem == 0)
        return found;
    say(STDERR_FILENO, "%s: %s: %s", messages_program(), address,
        problem == EAI_SYSTEM ? strerror(errno) : gai_strerror(problem));
    exit(EXIT_FAILURE);
}

static void set_option(int socket, int level, int option, int value)
{
    /* A socket without one of these still serves, so a failure is not worth a word. */
    setsockopt(socket, level, option, &value, sizeof value);
}

static int listen_at(const struct addrinfo *at, int backlog)
{
    int listener = socket(at->ai_family, at->ai_socktype, at->ai_protocol);

    if (listener < 0)
        return -1;
    set_option(listener, SOL_SOCKET, SO_REUSEADDR, 1); /* a restart need not wait a minute */
    set_option(listener, IPPROTO_TCP, TCP_NODELAY, 1); /* inherited by each client's socket */
    if (at->ai_family == AF_INET6)
        set_option(listener, IPPROTO_IPV6, IPV6_V6ONLY, 0); /* "::" is IPv4 as well */
    if (bind(listener, at->ai_addr, at->ai_addrlen) == 0 && listen(listener, backlog) == 0 &&
        net_set_nonblocking(listener))
        return listener;
    int reason = errno;
    close(listener);
    errno = reason;
    return -1;
}

int net_listen(const char *address, long port, int backlog)
{
    struct addrinfo *found = net_look_up(address, port, AI_PASSIVE);
    int listener = -1;

    for (struct addrinfo *at = found; at && listener < 0; at = at->ai_next)
        listener = listen_at(at, backlog);
    if (listener < 0) {
        char what[256];
        snprintf(what, sizeof what, "cannot listen on %s port %ld", address, port);
        die(what);
    }
    freeaddrinfo(found);
    return listener;
}

static void write_port(const char *path, const char *port)
{
    char draft[4096];
    struct stat there;
    int length = snprintf(draft, sizeof draft, "%s.%ld", path, (long)getpid());
    bool stays = lstat(path, &there) == 0 && !S_ISREG(there.st_mode); /* as a device must */

    if (length >= (int)sizeof draft) {
        errno = ENAMETOOLONG;
        die(path);
    }
    unlink(draft); /* a file left by a killed server that had our process number */
    int file = stays ? open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666)
                     : open(draft, O_WRONLY | O_CREAT | O_EXCL, 0666); /* follows no link */
    if (file < 0)
        die(path);
    if (dprintf(file, "%s\n", port) < 0 || close(file) < 0 || (!stays && rename(draft, path) < 0)) {
        warn(path);
        unlink(draft);
        exit(EXIT_FAILURE);
    }
}

bool net_announce(int listener, const char *port_file)
{
    struct sockaddr_storage name;
    socklen_t size = sizeof name;
    char host[256], port[16];

    if (getsockname(listener, (struct sockaddr *)&name, &size) < 0)
        die("getsockname");
    if (getnameinfo((struct sockaddr *)&name, size, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        die("getnameinfo");
    if (port_file)
        write_port(port_file, port);
    bool colons = strchr(host, ':');
    say(STDOUT_FILENO, colons ? "listening on [%s]:%s" : "listening on %s:%s", host, port);
    return strncmp(host, "127.", 4) == 0 || strncmp(host, "::ffff:127.", 11) == 0 ||
           strcmp(host, "::1") == 0;
}

int net_connect_to(const struct addrinfo *at, bool blocking)
{
    int server = socket(at->ai_family, at->ai_socktype, at->ai_protocol);

    if (server < 0)
        return -1;
    if ((blocking || net_set_nonblocking(server)) &&
        (connect(server, at->ai_addr, at->ai_addrlen) == 0 || errno == EINPROGRESS))
        return server;
    int reason = errno;
    close(server);
    errno = reason;
    return -1;
}

int net_connect(const char *address, long port)
{
    struct addrinfo *found = net_look_up(address, port, 0);
    int server = -1;

    for (struct addrinfo *at = found; at && server < 0; at = at->ai_next)
        server = net_connect_to(at, true);
    freeaddrinfo(found);
    return server;
}

static int accept_here(int listener, bool blocking)
{
#if defined SOCK_NONBLOCK && !defined POSIX_ONLY
    return accept4(listener, NULL, NULL, blocking ? 0 : SOCK_NONBLOCK);
#else
    int client = accept(listener, NULL, NULL);
    if (client >= 0) /* some systems let it inherit O_NONBLOCK from the listener, some do not */
        fcntl(client, F_SETFL, blocking ? 0 : O_NONBLOCK);
    return client;
#endif
}

int net_accept_now(int listener, bool blocking)
{
    int client;

    do
        client = accept_here(listener, blocking);
    while (client < 0 && (errno == ECONNABORTED || errno == EINTR)); /* others may be behind it */
    if (client >= 0)
        return client;
    return errno == EAGAIN || errno == EWOULDBLOCK ? NO_CLIENT : NO_RESOURCES;
}

int net_accept(int listener)
{
    for (;;) {
        bool stopping = shutdown_asked(); /* read first: no client that came before is missed */
        int client = net_accept_now(listener, BLOCKING_SOCKET);
        if (client != NO_CLIENT)
            return client;
        if (stopping)
            return STOPPED; /* and the backlog is empty */
        shutdown_wait_or_readable(listener);
    }
}

void net_freeze_backlog(int listener)
{
    listen(listener, 0); /* where it cannot be changed, clients go on coming until the end */
}

bool net_set_nonblocking(int descriptor)
{
    int flags = fcntl(descriptor, F_GETFL);
    return flags >= 0 && fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) == 0;
}

void net_limit_blocking(int socket, long read, long write)
{
    struct timeval reads = {.tv_sec = read / 1000, .tv_usec = (int)(read % 1000) * 1000};
    struct timeval writes = {.tv_sec = write / 1000, .tv_usec = (int)(write % 1000) * 1000};

    /* These fail only for a socket that is no more, and then the next read says so. */
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &reads, sizeof reads);
    setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &writes, sizeof writes);
}

bool net_is_readable(int descriptor, int milliseconds)
{
    struct pollfd readable = {.fd = descriptor, .events = POLLIN};

    return poll(&readable, 1, milliseconds) == 1;
}

void net_end_input(int socket)
{
    if (!net_is_readable(socket, 0))
        shutdown(socket, SHUT_RD); /* on macOS and the BSDs this discards what has arrived */
}

void net_close_gracefully(int socket)
{
    char rest[4096];

    shutdown(socket, SHUT_WR); /* the client sees the end once it has read everything */
    for (int round = 0; round < DRAIN_ROUNDS; round++)
        if (!net_is_readable(socket, 0) || read(socket, rest, sizeof rest) <= 0)
            break;
    close(socket);
}

void net_say_busy(int socket)
{
    static const char busy[] = "error: server busy\n";

    if (write(socket, busy, sizeof busy - 1) < 0) {
        /* The client has gone, so there is nothing left to tell it. */
    }
}

void net_refuse(int socket)
{
    net_say_busy(socket);
    net_close_gracefully(socket);
}
