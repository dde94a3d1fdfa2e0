/* threaded/clients.c - the clients that are being served now, by all threads together.
 * A counter with a limit, and a list of sockets; one lock for both. */
#include "clients.h"

#include "clock.h"

#include <errno.h>
#include <pthread.h>
#include <sys/socket.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards all of these: */
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static long limit;
static long reserved;
static long departures;
static bool stopping;
static struct guest *guests;

void clients_limit(long most)
{
    limit = most;
}

bool clients_reserve(void)
{
    pthread_mutex_lock(&lock);
    while (!stopping && reserved >= limit)
        pthread_cond_wait(&changed, &lock);
    bool granted = !stopping;
    reserved += granted;
    pthread_mutex_unlock(&lock);
    return granted;
}

void clients_release(void)
{
    pthread_mutex_lock(&lock);
    reserved--;
    departures++;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

void clients_wait_for_one_to_leave(void)
{
    struct timespec end = clock_deadline(1000);
    int result = 0;

    pthread_mutex_lock(&lock);
    long seen = departures;
    while (!stopping && departures == seen && result != ETIMEDOUT)
        result = pthread_cond_timedwait(&changed, &lock, &end);
    pthread_mutex_unlock(&lock);
}

bool clients_alone(void)
{
    pthread_mutex_lock(&lock);
    bool alone = reserved <= 1;
    pthread_mutex_unlock(&lock);
    return alone;
}

void clients_enter(struct guest *guest, int socket)
{
    *guest = (struct guest){.socket = socket};
    pthread_mutex_lock(&lock);
    guest->next = guests;
    if (guests)
        guests->previous = guest;
    guests = guest;
    if (stopping)
        shutdown(socket, SHUT_RD);
    pthread_mutex_unlock(&lock);
}

void clients_leave(struct guest *guest)
{
    pthread_mutex_lock(&lock);
    if (guest->previous)
        guest->previous->next = guest->next;
    else
        guests = guest->next;
    if (guest->next)
        guest->next->previous = guest->previous;
    pthread_mutex_unlock(&lock);
}

void clients_hang_up(void)
{
    pthread_mutex_lock(&lock);
    stopping = true;
    pthread_cond_broadcast(&changed);
    /* A socket whose handler has just closed it may be among them; that call does nothing. */
    for (struct guest *guest = guests; guest; guest = guest->next)
        shutdown(guest->socket, SHUT_RD);
    pthread_mutex_unlock(&lock);
}

bool clients_wait_until_gone(long milliseconds)
{
    struct timespec end = clock_deadline(milliseconds);
    int result = 0;

    pthread_mutex_lock(&lock);
    while (reserved > 0 && result != ETIMEDOUT)
        result = pthread_cond_timedwait(&changed, &lock, &end);
    bool gone = reserved == 0;
    pthread_mutex_unlock(&lock);
    return gone;
}
