/* tests/textbook/threads.c - what NOT to do: a thread for each client, as in many a textbook. It
 * answers `echo TEXT' and `quit' as long as all goes well. */
#include "../bench/floors/listen.h"

#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

static void answer(int client, const char *reply, size_t size)
{
    need(write(client, reply, size) >= 0, "write"); /* MISTAKE: SIGPIPE ends it before that */
}

static void *serve(void *argument)
{
    int client = (int)(intptr_t)argument;
    char line[8192] = "";
    ssize_t size;

    /* MISTAKE: what one read brings may be half a line, or many. */
    while ((size = read(client, line, sizeof line)) > 0 && strncmp(line, "quit\n", 5) != 0)
        if (size > 5 && strncmp(line, "echo ", 5) == 0)
            answer(client, line + 5, (size_t)size - 5);
        else
            answer(client, "error\n", 6);
    need(size >= 0, "read"); /* MISTAKE: one client's error ends the server */
    if (size > 0)
        answer(client, "bye\n", 4);
    close(client); /* MISTAKE: with bytes unread it resets, and `bye' may be lost */
    return NULL;
}

int main(int argc, char **argv)
{
    int listener = listen_on(argc > 1 ? argv[1] : "9000"), client;
    pthread_t thread;

    while ((client = accept(listener, NULL, NULL)) >= 0) /* MISTAKE: no error may end it */
        pthread_create(&thread, NULL, serve, (void *)(intptr_t)client); /* MISTAKE: may fail */
    need(false, "accept"); /* MISTAKE: threads neither joined nor detached leave stacks */
}
