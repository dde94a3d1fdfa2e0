/* tutorial/labs/1-one-at-a-time/late.c - threads that start late or not at all, for the check.
 * What a busy machine does sometimes, happens here when the check asks for it. */
#include "lab.h"
#include "messages.h"
#include "stats.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    MOST = 100,        /* threads that have ended and keep their stacks */
    MOST_PIECES = 1000 /* of memory */
};

struct start {
    void *(*run)(void *);
    void *argument;
};

static atomic_long ended;    /* threads */
static atomic_long released; /* those that were detached, or joined */
static atomic_long closed;   /* descriptors that were not open */
static atomic_long pieces;   /* of memory that were not freed */

static _Thread_local bool no_thread; /* the last call of pthread_create failed for want of one */

static void count_end(void *none)
{
    (void)none;
    atomic_fetch_add(&ended, 1);
}

/* Begins when the gate named "start" is open. */
static void *run_late(void *argument)
{
    struct start start = *(struct start *)argument;
    void *result;

    free(argument);
    lab_hold("start", 5);
    pthread_cleanup_push(count_end, NULL);
    result = start.run(start.argument);
    pthread_cleanup_pop(true);
    return result;
}

/* A new thread, unless there is a file named no-thread, or too many have left their stacks. */
int create_late(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *),
                void *argument)
{
    int state = PTHREAD_CREATE_JOINABLE;

    no_thread = access("no-thread", F_OK) == 0;
    if (no_thread)
        return EAGAIN;
    if (ended - released >= MOST) {
        say(STDERR_FILENO, "100 threads ended that were neither joined nor detached");
        return EAGAIN;
    }
    struct start *start = malloc(sizeof *start);
    if (!start)
        return EAGAIN;
    *start = (struct start){.run = run, .argument = argument};
    stats_add(WORKERS, 1);
    if (attributes)
        pthread_attr_getdetachstate(attributes, &state);
    released += state == PTHREAD_CREATE_DETACHED;
    return pthread_create(thread, attributes, run_late, start);
}

int join_counted(pthread_t thread, void **result)
{
    released++;
    return pthread_join(thread, result);
}

int detach_counted(pthread_t thread)
{
    int result = no_thread ? ESRCH : pthread_detach(thread);

    if (result == 0)
        released++;
    else
        say(STDERR_FILENO, "a thread was detached that was never created, or for a second time");
    return result;
}

/* Some of the descriptors that are closed twice are another client's by then, but not all. */
int close_counted(int descriptor)
{
    int result = close(descriptor);

    if (result != 0 && errno == EBADF && ++closed == 10)
        say(STDERR_FILENO, "ten descriptors were closed that were closed already");
    return result;
}

void *malloc_counted(size_t size)
{
    if (pieces >= MOST_PIECES) {
        say(STDERR_FILENO, "1000 pieces of memory were never freed");
        return NULL;
    }
    pieces++;
    return malloc(size);
}

void free_counted(void *memory)
{
    pieces -= memory != NULL;
    free(memory);
}
