/* tests/textbook/processes.c - what NOT to do: a process for each client, as in many a textbook. It
 * answers `echo TEXT' as long as all goes well. */
#include "../bench/floors/listen.h"

#include <unistd.h>

static void serve(int client)
{
    FILE *requests = fdopen(client, "r");
    char *line = NULL;
    size_t capacity = 0;
    ssize_t size;

    while ((size = getline(&line, &capacity, requests)) > 5) /* MISTAKE: takes any length */
        need(write(client, line + 5, (size_t)size - 5) >= 0, "write"); /* ends only this process */
    exit(EXIT_SUCCESS);
}

int main(int argc, char **argv)
{
    int listener = listen_on(argc > 1 ? argv[1] : "9000"), client;

    while ((client = accept(listener, NULL, NULL)) >= 0) { /* MISTAKE: no error may end it */
        pid_t child = fork();
        need(child >= 0, "fork"); /* MISTAKE: one client too many ends the server */
        if (child == 0)
            serve(client);
        /* MISTAKE: the parent's copy of the socket stays open, so the client hears no end, and
         * the descriptors run out. */
        /* MISTAKE: nothing waits for the child, so it stays a zombie. */
    }
    need(false, "accept");
}
