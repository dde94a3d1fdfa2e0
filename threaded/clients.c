/* threaded/clients.c - the clients that are being served now, by all threads together.
 * A counter with a limit, and a list of sockets; one lock for both. */
#include "clients.h"

#include "clock.h"
#include "net.h"

#include <errno.h>
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards all of these: */
static pthread_cond_t changed;
static long limit;
static long taken;         /* slots */
static int64_t last_freed; /* when a slot was freed last, by clock_now */
static long accepting;     /* threads */
static struct connection *connections;

void clients_prepare(long most, long acceptors)
{
    limit = most;
    accepting = acceptors; /* none of them runs yet */
    clock_init_condition(&changed);
}

void clients_take_slot(void)
{
    pthread_mutex_lock(&lock);
    while (taken >= limit)
        pthread_cond_wait(&changed, &lock);
    taken++;
    pthread_mutex_unlock(&lock);
}

void clients_free_slot(void)
{
    pthread_mutex_lock(&lock);
    taken--;
    last_freed = clock_now();
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

void clients_add(struct connection *connection, int socket)
{
    *connection = (struct connection){.socket = socket};
    pthread_mutex_lock(&lock);
    connection->next = connections;
    if (connections)
        connections->previous = connection;
    connections = connection;
    pthread_mutex_unlock(&lock);
}

void clients_remove(struct connection *connection)
{
    pthread_mutex_lock(&lock);
    if (connection->previous)
        connection->previous->next = connection->next;
    else
        connections = connection->next;
    if (connection->next)
        connection->next->previous = connection->previous;
    pthread_mutex_unlock(&lock);
}

bool clients_wait_for_departure(void)
{
    struct timespec end = clock_condition_deadline(100);
    int result = 0;

    pthread_mutex_lock(&lock);
    int64_t seen = last_freed;
    while (last_freed == seen && result != ETIMEDOUT)
        result = pthread_cond_timedwait(&changed, &lock, &end);
    bool may_help = taken > 1 || clock_now() < last_freed + 1000 * NANOSECONDS_PER_MILLISECOND;
    pthread_mutex_unlock(&lock);
    return may_help;
}

void clients_acceptor_ends(void)
{
    pthread_mutex_lock(&lock);
    accepting--;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

void clients_end_input_of_all(void)
{
    pthread_mutex_lock(&lock);
    /* A handler may have closed its socket and not left the list yet: then this does
     * nothing, or finds a newer client, which is to be half-closed as well. */
    for (struct connection *each = connections; each; each = each->next)
        net_end_input(each->socket);
    pthread_mutex_unlock(&lock);
}

static void wait_until_zero(const long *count, long milliseconds)
{
    struct timespec end = clock_condition_deadline(milliseconds);
    int result = 0;

    pthread_mutex_lock(&lock);
    while (*count > 0 && result != ETIMEDOUT)
        result = pthread_cond_timedwait(&changed, &lock, &end);
    pthread_mutex_unlock(&lock);
}

void clients_wait_for_acceptors(long milliseconds)
{
    wait_until_zero(&accepting, milliseconds);
}

void clients_wait_until_gone(long milliseconds)
{
    wait_until_zero(&taken, milliseconds);
}
