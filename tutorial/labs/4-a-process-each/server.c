/* I predict: ... */
/* It took me: .. minutes */
/* tutorial/labs/4-a-process-each/server.c - serves one client after the other, in one process. */
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

static void serve_all(int listener)
{
    int client;

    while ((client = net_accept(listener)) >= 0)
        handle_client(client, &model);
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
