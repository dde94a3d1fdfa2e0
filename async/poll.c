/* async/poll.c - POSIX: we keep the list of descriptors, and show all of it for every wait.
 * The cost of a wait grows with the number of descriptors, ready or not. */
#include "backend.h"

#include <poll.h>
#include <stdlib.h>

struct list {
    struct pollfd *watched; /* in no order */
    int count;
    int *place;   /* of each descriptor in the list, by its number */
    int capacity; /* of both arrays */
    int next;     /* where the last wait stopped reporting */
};

static void *create(void)
{
    return calloc(1, sizeof(struct list));
}

/* No more descriptors are watched than there are numbers up to the highest one. */
static bool grow(struct list *list, int descriptor)
{
    int capacity = list->capacity ? list->capacity : 16;

    while (capacity <= descriptor)
        capacity *= 2;
    struct pollfd *watched = realloc(list->watched, (size_t)capacity * sizeof *watched);
    if (watched)
        list->watched = watched;
    int *place = realloc(list->place, (size_t)capacity * sizeof *place);
    if (place)
        list->place = place;
    if (watched && place)
        list->capacity = capacity;
    return watched && place;
}

static bool add(struct list *list, int descriptor)
{
    if (descriptor >= list->capacity && !grow(list, descriptor))
        return false;
    list->place[descriptor] = list->count;
    list->watched[list->count++] = (struct pollfd){.fd = descriptor};
    return true;
}

/* The last of the list takes the place of the one that goes. */
static void discard(struct list *list, int place)
{
    list->watched[place] = list->watched[--list->count];
    list->place[list->watched[place].fd] = place;
}

static bool watch(void *state, int descriptor, int watched, int wants)
{
    struct list *list = state;

    if (!watched && wants && !add(list, descriptor))
        return false;
    if (wants)
        list->watched[list->place[descriptor]].events = (short)wants;
    else if (watched)
        discard(list, list->place[descriptor]);
    return true;
}

static struct ready as_ready(const struct pollfd *found)
{
    bool trouble = found->revents & (POLLERR | POLLHUP | POLLNVAL);
    return (struct ready){.descriptor = found->fd,
                          .readiness = trouble ? READABLE | WRITABLE | HUNG_UP : found->revents};
}

static int wait_ready(void *state, struct ready *ready, int milliseconds, long *scanned)
{
    struct list *list = state;
    int found = poll(list->watched, (nfds_t)list->count, milliseconds);
    int count = 0;

    *scanned = found < 0 ? 0 : list->count;
    if (found < 0)
        return -1;
    for (int i = 0; i < list->count && count < found && count < READY_AT_ONCE; i++) {
        list->next = list->next + 1 < list->count ? list->next + 1 : 0;
        if (list->watched[list->next].revents)
            ready[count++] = as_ready(&list->watched[list->next]);
    }
    return count;
}

const struct backend poll_backend = {
    .name = "poll", .create = create, .watch = watch, .wait = wait_ready};
