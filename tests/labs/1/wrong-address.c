/* fails 1.4: all threads read the one variable, in which is the latest client */
#include "clock.h"
#include "compute.h"
#include "handle_client.h"
#include "model.h"
#include "net.h"
#include "options.h"
#include "stats.h"
#include "tally.h"

#include <pthread.h>
#include <unistd.h>

static const struct model model = {
    .wait = clock_sleep,
    .compute = compute,
    .count = count_under_lock,
};

static void *serve_one(void *argument)
{
    handle_client(*(int *)argument, &model);
    return NULL;
}

static void serve_all(int listener)
{
    pthread_t thread;
    int client;

    while ((client = net_accept(listener)) >= 0)
        if (pthread_create(&thread, NULL, serve_one, &client) == 0)
            pthread_detach(thread);
}

int main(int argc, char **argv)
{
    static const enum counter counters[] = {END_OF_COUNTERS};

    options_read(argc, argv, "Serves one client at a time.", NULL);
    stats_prepare(1, counters);
    int listener = options_listen();
    serve_all(listener);
    close(listener);
}
