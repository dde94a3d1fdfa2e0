/* async/loops.c - one loop or several, each in a thread of its own.
 * The threads share nothing here; what the servers in them share is in server.c. */
#include "loops.h"

#include "messages.h"
#include "trace.h"

#include <errno.h>
#include <pthread.h>

static struct loop_thread {
    pthread_t thread;
    struct loop *loop;
    long max_clients; /* its share */
} threads[MOST_LOOPS];

static long loops;
static void (*serve)(struct loop *, long);

void create_loops(long count, const struct backend *backend)
{
    loops = count;
    for (long i = 0; i < loops; i++)
        threads[i].loop = loop_create(backend);
}

static void *run_loop(void *argument)
{
    struct loop_thread *mine = argument;

    trace_call_thread("loop");
    serve(mine->loop, mine->max_clients);
    trace_flush();
    return NULL;
}

void run_loops(void (*serve_in_loop)(struct loop *, long), long max_clients)
{
    serve = serve_in_loop;
    for (long i = 0; i < loops; i++)
        threads[i].max_clients = (max_clients + i) / loops; /* the sum is max_clients */
    for (long i = 1; i < loops; i++) {
        errno = pthread_create(&threads[i].thread, NULL, run_loop, &threads[i]);
        if (errno != 0)
            die("pthread_create");
    }
    run_loop(&threads[0]);
    for (long i = 1; i < loops; i++)
        pthread_join(threads[i].thread, NULL);
}
