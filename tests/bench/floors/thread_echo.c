/* tests/bench/floors/thread_echo.c - the least that threads can do: bytes come back. One thread for
 * each client, or as many as the second argument says, which take turns to accept.
 * A floor to measure from, no server: it has no limit and no way to stop but a signal. */
#include "listen.h"

#include <pthread.h>
#include <signal.h>
#include <stdint.h>

static void *serve_one(void *client)
{
    echo_to_the_end((int)(intptr_t)client);
    return NULL;
}

static void *accept_and_echo(void *listener)
{
    for (;;) {
        int client = accept((int)(intptr_t)listener, NULL, NULL);
        if (client >= 0)
            echo_to_the_end(client);
    }
    return NULL; /* never, but some compilers ask for it */
}

int main(int argc, char **argv)
{
    int listener = listen_on(argc > 1 ? argv[1] : "0"), client;
    int pool = argc > 2 ? atoi(argv[2]) : 0;
    pthread_attr_t detached;
    pthread_t thread;

    signal(SIGPIPE, SIG_IGN);
    pthread_attr_init(&detached);
    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&detached, 64 * 1024); /* small ones are kept for the next */
    for (int i = 1; i < pool; i++)
        pthread_create(&thread, &detached, accept_and_echo, (void *)(intptr_t)listener);
    if (pool > 0)
        accept_and_echo((void *)(intptr_t)listener);
    for (;;)
        if ((client = accept(listener, NULL, NULL)) >= 0 &&
            pthread_create(&thread, &detached, serve_one, (void *)(intptr_t)client) != 0)
            close(client);
}
