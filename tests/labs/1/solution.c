/* passes: each client has a thread, which gets the socket by value */
#include "clock.h"
#include "compute.h"
#include "handle_client.h"
#include "model.h"
#include "net.h"
#include "options.h"
#include "stats.h"
#include "tally.h"

#include <pthread.h>
#include <stdint.h>
#include <unistd.h>

static const struct model model = {
    .wait = clock_sleep,
    .compute = compute,
    .count = count_under_lock,
};

static void *serve_one(void *argument)
{
    handle_client((int)(intptr_t)argument, &model);
    return NULL;
}

static void start_thread(int client)
{
    pthread_t thread;

    if (pthread_create(&thread, NULL, serve_one, (void *)(intptr_t)client) == 0)
        pthread_detach(thread);
    else
        close(client);
}

static void serve_all(int listener)
{
    int client;

    while ((client = net_accept(listener)) >= 0)
        start_thread(client);
}

int main(int argc, char **argv)
{
    options_read(argc, argv, "Serves one client at a time.", NULL);
    stats_prepare(1, NULL);
    int listener = options_listen();
    serve_all(listener);
    close(listener);
}
