/* tests/bench/floors/listen.h - how all three floors begin. Nothing here is shared with the servers:
 * a floor is what they are measured against. */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

/* Listens on this port of 127.0.0.1 ("0" is any free one) and says so. */
static inline int listen_on(const char *port)
{
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
    socklen_t size = sizeof name;
    int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;

    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); /* clients inherit it */
    if (bind(listener, (struct sockaddr *)&name, size) < 0 || listen(listener, 4096) < 0 ||
        getsockname(listener, (struct sockaddr *)&name, &size) < 0) {
        perror("listen");
        exit(EXIT_FAILURE);
    }
    printf("listening on 127.0.0.1:%d\n", ntohs(name.sin_port));
    fflush(stdout);
    return listener;
}
