/* tests/kqueue/shutdown.c - shutdown and listen as macOS and the BSDs have them, for Linux.
 * There SHUT_RD throws away what has arrived, and no backlog is as short as 0. */
#define _GNU_SOURCE /* syscall */
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

int shutdown(int socket, int how)
{
    char bytes[4096];

    while (how == SHUT_RD && recv(socket, bytes, sizeof bytes, MSG_DONTWAIT) > 0)
        ;
    return (int)syscall(SYS_shutdown, socket, how);
}

int listen(int socket, int backlog)
{
    return (int)syscall(SYS_listen, socket, backlog > 0 ? backlog : SOMAXCONN);
}
