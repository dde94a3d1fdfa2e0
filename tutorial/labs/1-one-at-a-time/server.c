/* I predict: ... */
/* It took me: .. minutes */
/* tutorial/labs/1-one-at-a-time/server.c - serves one client at a time. */
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

/* Returns when the server is asked to stop, or the system has no descriptor for another client. */
static void serve_all(int listener)
{
    int client;

    while ((client = net_accept(listener)) >= 0)
        handle_client(client, &model);
}

int main(int argc, char **argv)
{
    options_read(argc, argv, "Serves one client at a time.", NULL);
    stats_prepare(1, NULL);
    int listener = options_listen();
    serve_all(listener);
    close(listener);
}
