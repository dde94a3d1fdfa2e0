/* fails 6.2: a thread for each client, as in threaded */
#include "run_loop.h"

#include "handle_client.h"
#include "net.h"

#include <pthread.h>
#include <stdint.h>

static void *serve(void *socket)
{
    handle_client((int)(intptr_t)socket, &model);
    return NULL;
}

void run_loop(int listener)
{
    pthread_t thread;
    int client;

    while ((client = net_accept(listener)) >= 0)
        if (pthread_create(&thread, NULL, serve, (void *)(intptr_t)client) == 0)
            pthread_detach(thread);
}
