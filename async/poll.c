/* async/poll.c - POSIX: we keep the list of descriptors, and show all of it for every wait.
 * The cost of a wait grows with the number of descriptors, ready or not. */
#include "backend.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>

struct list {
    struct pollfd *watched; /* in no order */
    int count, room;
    int *place; /* of each descriptor in the list, by its number */
    int places;
    int next; /* where the last wait stopped reporting */
};

static void *create(void)
{
    return calloc(1, sizeof(struct list));
}

static bool grow(void **array, int *room, int wanted, size_t size)
{
    int more = *room ? *room : 16;

    while (more <= wanted)
        more *= 2;
    void *larger = realloc(*array, (size_t)more * size);
    if (!larger)
        return false;
    *array = larger;
    *room = more;
    return true;
}

static bool add(struct list *list, int descriptor)
{
    void *watched = list->watched, *place = list->place;

    if (list->count >= list->room &&
        !grow(&watched, &list->room, list->count, sizeof *list->watched))
        return false;
    list->watched = watched;
    if (descriptor >= list->places &&
        !grow(&place, &list->places, descriptor, sizeof *list->place))
        return false;
    list->place = place;
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
        list->watched[list->place[descriptor]].events =
            (short)((wants & READABLE ? POLLIN : 0) | (wants & WRITABLE ? POLLOUT : 0));
    else if (watched)
        discard(list, list->place[descriptor]);
    return true;
}

static struct ready as_ready(const struct pollfd *found)
{
    bool trouble = found->revents & (POLLERR | POLLHUP | POLLNVAL);

    return (struct ready){
        .descriptor = found->fd,
        .readiness = (found->revents & POLLIN || trouble ? READABLE : 0) |
                     (found->revents & POLLOUT || trouble ? WRITABLE : 0),
    };
}

static int wait_ready(void *state, struct ready *ready, int most, int milliseconds,
                      long *scanned)
{
    struct list *list = state;
    int found = poll(list->watched, (nfds_t)list->count, milliseconds);
    int count = 0;

    *scanned = found < 0 ? 0 : list->count;
    for (int i = 0; i < list->count && count < found && count < most; i++) {
        list->next = list->next + 1 < list->count ? list->next + 1 : 0;
        if (list->watched[list->next].revents)
            ready[count++] = as_ready(&list->watched[list->next]);
    }
    return count;
}

static void destroy(void *state)
{
    struct list *list = state;

    free(list->watched);
    free(list->place);
    free(list);
}

const struct backend poll_backend = {
    .name = "poll",
    .create = create,
    .watch = watch,
    .wait = wait_ready,
    .destroy = destroy,
};
