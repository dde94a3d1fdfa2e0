/* threaded/clients.c - the clients that are being served now, by all threads together.
 * A counter with a limit, and a list of sockets; one lock for both. */
#include "clients.h"

#include "clock.h"
#include "messages.h"
#include "net.h"
#include "shutdown.h"

#include <errno.h>
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards all of these: */
static pthread_cond_t changed;
static long limit;
static long taken;                                 /* slots */
static int64_t last_freed;                         /* when a slot was freed last, by clock_now */
static long accepting;                             /* threads that have not been told STOPPED */
static struct connection ring = {0, &ring, &ring}; /* all, and this, of no client */

void clients_prepare(long most, long acceptors)
{
    limit = most;
    accepting = acceptors; /* none of them runs yet */
    clock_init_condition(&changed);
}

static void take_slot(void)
{
    pthread_mutex_lock(&lock);
    while (taken >= limit)
        pthread_cond_wait(&changed, &lock);
    taken++;
    pthread_mutex_unlock(&lock);
}

/* Counts a slot that is free again, or a thread that no longer accepts. */
static void count_down(long *count)
{
    pthread_mutex_lock(&lock);
    --*count;
    last_freed = clock_now();
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

int clients_accept(int listener)
{
    int client;

    take_slot();
    while ((client = net_accept(listener)) == NO_RESOURCES)
        clients_wait_for_resources("accept");
    if (client == STOPPED) {
        count_down(&taken);
        count_down(&accepting);
    }
    return client;
}

void clients_refuse(int client)
{
    net_refuse(client);
    count_down(&taken);
}

void clients_add(struct connection *connection, int client)
{
    pthread_mutex_lock(&lock);
    *connection = (struct connection){.socket = client, .previous = &ring, .next = ring.next};
    ring.next->previous = connection;
    ring.next = connection;
    pthread_mutex_unlock(&lock);
}

void clients_remove(struct connection *connection)
{
    pthread_mutex_lock(&lock);
    connection->previous->next = connection->next;
    connection->next->previous = connection->previous;
    pthread_mutex_unlock(&lock);
    count_down(&taken);
}

bool clients_wait_for_resources(const char *what)
{
    struct timespec end = clock_condition_deadline(100);
    int result = 0;

    warn_rarely(what);
    pthread_mutex_lock(&lock);
    int64_t seen = last_freed;
    while (last_freed == seen && result != ETIMEDOUT)
        result = pthread_cond_timedwait(&changed, &lock, &end);
    bool may_help = taken > 1 || clock_now() < last_freed + 1000 * NANOSECONDS_PER_MILLISECOND;
    pthread_mutex_unlock(&lock);
    return may_help;
}

void clients_end_input_of_all(void)
{
    pthread_mutex_lock(&lock);
    /* A handler may have closed its socket and not left the list yet: then this does
     * nothing, or finds a newer client, which is to be half-closed as well. */
    for (struct connection *each = ring.next; each != &ring; each = each->next)
        net_end_input(each->socket);
    pthread_mutex_unlock(&lock);
}

static void wait_until_zero(const long *count)
{
    struct timespec end = clock_condition_deadline(shutdown_milliseconds_left());
    int result = 0;

    pthread_mutex_lock(&lock);
    while (*count > 0 && result != ETIMEDOUT)
        result = pthread_cond_timedwait(&changed, &lock, &end);
    pthread_mutex_unlock(&lock);
}

void clients_wait_until_accepted(void)
{
    wait_until_zero(&accepting);
}

void clients_wait_until_gone(void)
{
    wait_until_zero(&taken);
}
