/* tests/bench/floors/fork_echo.c - the least that processes can do: bytes come back. One process
 * for each client, or as many as the second argument says, which take turns to accept.
 * A floor to measure from, no server: it has no limit and no way to stop but a signal. */
#include "listen.h"

#include <signal.h>
#include <sys/wait.h>

static void accept_and_echo(int listener)
{
    for (;;) {
        int client = accept(listener, NULL, NULL);
        if (client >= 0)
            echo_to_the_end(client);
    }
}

static void reap(int number)
{
    (void)number;
    while (waitpid(-1, NULL, WNOHANG) > 0)
        ;
}

int main(int argc, char **argv)
{
    struct sigaction ended = {.sa_handler = reap, .sa_flags = SA_RESTART};
    int listener = listen_on(argc > 1 ? argv[1] : "0"), client;
    int pool = argc > 2 ? atoi(argv[2]) : 0;

    signal(SIGPIPE, SIG_IGN);
    sigaction(SIGCHLD, &ended, NULL);
    for (int i = 1; i < pool && fork() > 0; i++)
        ; /* a child leaves the loop; all of them, and the parent, accept */
    if (pool > 0)
        accept_and_echo(listener);
    for (;;)
        if ((client = accept(listener, NULL, NULL)) >= 0) {
            if (fork() == 0) {
                close(listener);
                echo_to_the_end(client);
                _exit(EXIT_SUCCESS);
            }
            close(client); /* the child has its own copy; without a child it is dropped */
        }
}
