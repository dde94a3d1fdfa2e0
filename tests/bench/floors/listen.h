/* tests/bench/floors/listen.h - what the floors, and the peers in C, have in common. None of it is
 * used by the servers, which are measured against them. */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* Ends the program, with errno's text, if something that it needs could not be had. */
static inline void need(bool had, const char *what)
{
    if (had)
        return;
    perror(what);
    exit(EXIT_FAILURE);
}

/* Listens on this port of 127.0.0.1 ("0" is any free one) and says so. */
static inline int listen_on(const char *port)
{
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
    socklen_t size = sizeof name;
    int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;

    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); /* clients inherit it */
    need(bind(listener, (struct sockaddr *)&name, size) == 0 && listen(listener, 4096) == 0 &&
             getsockname(listener, (struct sockaddr *)&name, &size) == 0,
         "listen");
    printf("listening on 127.0.0.1:%d\n", ntohs(name.sin_port));
    fflush(stdout);
    return listener;
}

/* Gives one client's bytes back until it ends, and closes its socket. */
static inline void echo_to_the_end(int client)
{
    char bytes[16384];
    ssize_t size;

    while ((size = read(client, bytes, sizeof bytes)) > 0)
        if (write(client, bytes, (size_t)size) != size)
            break;
    close(client);
}
