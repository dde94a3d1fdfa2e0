/* tutorial/labs/1-one-at-a-time/late.c - threads that start late, for the check.
 * The Makefile has server.c call create_late where it says pthread_create. With LATE in the
 * environment, a thread begins only when the next one is created: what a busy machine does
 * sometimes, happens always. */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

struct start {
    void *(*run)(void *);
    void *argument;
    long turn;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static long created; /* threads, under lock */

static void *wait_for_next(void *argument)
{
    struct start start = *(struct start *)argument;

    free(argument);
    pthread_mutex_lock(&lock);
    while (created == start.turn)
        pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
    return start.run(start.argument);
}

int create_late(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *),
                void *argument);

int create_late(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *),
                void *argument)
{
    if (!getenv("LATE"))
        return pthread_create(thread, attributes, run, argument);
    struct start *start = malloc(sizeof *start);
    if (!start)
        return EAGAIN;
    pthread_mutex_lock(&lock);
    *start = (struct start){.run = run, .argument = argument, .turn = ++created};
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    return pthread_create(thread, attributes, wait_for_next, start);
}
