/* async/epoll.c - Linux: the kernel keeps the list of descriptors and returns the ready ones.
 * The cost of a wait depends on how many are ready, not on how many there are. */
#include "backend.h"

#ifdef HAVE_EPOLL

#include <stdint.h>
#include <sys/epoll.h>
#include <unistd.h>

_Static_assert((int)EPOLLIN == READABLE && (int)EPOLLOUT == WRITABLE, "poll's values are epoll's");

static void *create(void)
{
    int queue = epoll_create1(0);
    return queue < 0 ? NULL : (void *)(intptr_t)queue;
}

static int queue_of(void *state)
{
    return (int)(intptr_t)state;
}

static bool watch(void *state, int descriptor, int watched, int wants)
{
    struct epoll_event event = {.events = (uint32_t)wants, .data.fd = descriptor};
    int change = !watched ? EPOLL_CTL_ADD : !wants ? EPOLL_CTL_DEL : EPOLL_CTL_MOD;

    return watched == wants || epoll_ctl(queue_of(state), change, descriptor, &event) == 0;
}

static int wait_ready(void *state, struct ready *ready, int milliseconds, long *scanned)
{
    struct epoll_event events[READY_AT_ONCE];
    int count = epoll_wait(queue_of(state), events, READY_AT_ONCE, milliseconds);

    for (int i = 0; i < count; i++) {
        bool trouble = events[i].events & (EPOLLERR | EPOLLHUP);
        ready[i].descriptor = events[i].data.fd;
        ready[i].readiness = trouble ? READABLE | WRITABLE | HUNG_UP : (int)events[i].events;
    }
    *scanned = count > 0 ? count : 0;
    return count;
}

const struct backend epoll_backend = {
    .name = "epoll", .create = create, .watch = watch, .wait = wait_ready};

#endif
