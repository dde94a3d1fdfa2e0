/* fails 1.3: starts a process for each client, as forked does */
#include "clock.h"
#include "compute.h"
#include "handle_client.h"
#include "model.h"
#include "net.h"
#include "options.h"
#include "stats.h"
#include "tally.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static const struct model model = {
    .wait = clock_sleep,
    .compute = compute,
    .count = count_under_lock,
};

static void serve_all(int listener)
{
    int client;

    while ((client = net_accept(listener)) >= 0) {
        if (fork() == 0) {
            close(listener);
            handle_client(client, &model);
            _exit(EXIT_SUCCESS);
        }
        close(client);
    }
}

int main(int argc, char **argv)
{
    options_read(argc, argv, "Serves one client at a time.", NULL);
    stats_prepare(1, NULL);
    int listener = options_listen();
    serve_all(listener);
    close(listener);
}
