/* fails 4.1: one child serves everybody, by threads */
#include "clock.h"
#include "compute.h"
#include "handle_client.h"
#include "messages.h"
#include "model.h"
#include "net.h"
#include "options.h"
#include "stats.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static long count(void)
{
    static long number;
    return ++number;
}

static const struct model model = {.wait = clock_sleep, .compute = compute, .count = count};

static void *serve_one(void *argument)
{
    handle_client((int)(intptr_t)argument, &model);
    return NULL;
}

static void serve_all(int listener)
{
    pthread_t thread;
    int client;

    if (fork() > 0) {
        wait(NULL);
        return;
    }
    while ((client = net_accept(listener)) >= 0)
        if (pthread_create(&thread, NULL, serve_one, (void *)(intptr_t)client) == 0)
            pthread_detach(thread);
        else
            net_refuse(client);
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
