/* passes: parent and child close what is not theirs; the child leaves by _exit; all are reaped */
#include "clock.h"
#include "compute.h"
#include "handle_client.h"
#include "messages.h"
#include "model.h"
#include "net.h"
#include "options.h"
#include "shutdown.h"
#include "stats.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static long count(void)
{
    static long number; /* after fork each process has a copy of its own: see lab 5 */
    return ++number;
}

static const struct model model = {.wait = clock_sleep, .compute = compute, .count = count};

static void on_child(int number)
{
    int reason = errno;

    (void)number;
    while (waitpid(-1, NULL, WNOHANG) > 0)
        ;
    errno = reason;
}

static void serve_in_new_process(int listener, int client)
{
    pid_t process = fork();

    if (process == 0) {
        close(listener);
        shutdown_in_child();
        handle_client(client, &model);
        _exit(EXIT_SUCCESS);
    }
    if (process == -1) {
        warn("fork");
        net_refuse(client);
    } else
        close(client);
}

static void serve_all(int listener)
{
    int client;

    sigaction(SIGCHLD, &(struct sigaction){.sa_handler = on_child}, NULL);
    while ((client = net_accept(listener)) >= 0)
        serve_in_new_process(listener, client);
}

static void say_goodbye(void)
{
    say(STDOUT_FILENO, "goodbye");
}

int main(int argc, char **argv)
{
    options_read(argc, argv, "Serves each client in a process of its own.", NULL);
    stats_prepare(1, NULL);
    atexit(say_goodbye);
    int listener = options_listen();
    serve_all(listener);
    close(listener);
    return EXIT_SUCCESS;
}
