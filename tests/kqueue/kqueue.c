/* tests/kqueue/kqueue.c - a stand-in for kqueue, on epoll, so that async/kqueue.c runs on Linux.
 * It does what kqueue(2) of FreeBSD says of sockets and pipes, and is stricter where that helps. */
#include "sys/event.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/epoll.h>

enum { MOST_QUEUES = 4096, MOST_DESCRIPTORS = 1 << 20 };
enum { READS = 1, WRITES = 2 };

/* Of each queue: the filters that each descriptor has. */
static unsigned char *filters[MOST_QUEUES];

static int fail(int error)
{
    errno = error;
    return -1;
}

int kqueue(void)
{
    int queue = epoll_create1(EPOLL_CLOEXEC);

    if (queue >= MOST_QUEUES || (queue >= 0 && !(filters[queue] = calloc(MOST_DESCRIPTORS, 1))))
        return fail(ENOMEM);
    return queue;
}

/* A descriptor that was closed without EV_DELETE is an error here. The BSDs forget it. */
static int change_to(int queue, int descriptor, int wanted)
{
    unsigned char *has = &filters[queue][descriptor];
    struct epoll_event event = {.data.fd = descriptor};
    int action = !*has ? EPOLL_CTL_ADD : !wanted ? EPOLL_CTL_DEL : EPOLL_CTL_MOD;

    if (wanted & READS)
        event.events |= EPOLLIN | EPOLLRDHUP;
    if (wanted & WRITES)
        event.events |= EPOLLOUT;
    if (wanted == WRITES)
        event.events |= EPOLLET; /* as EV_CLEAR says */
    if (epoll_ctl(queue, action, descriptor, &event) < 0)
        return -1;
    *has = (unsigned char)wanted;
    return 0;
}

/* To add a filter that is there already changes nothing; to delete one that is not is ENOENT. */
static int change(int queue, const struct kevent *asked)
{
    int filter = asked->filter == EVFILT_READ ? READS : asked->filter == EVFILT_WRITE ? WRITES : 0;

    int flags = filter == WRITES ? asked->flags & ~EV_CLEAR : asked->flags;

    if (!filter || asked->fflags || (flags != EV_ADD && flags != EV_DELETE))
        return fail(EINVAL);
    if (asked->ident >= MOST_DESCRIPTORS)
        return fail(EBADF);
    int descriptor = (int)asked->ident, has = filters[queue][descriptor];
    if (flags == EV_ADD)
        return has & filter ? 0 : change_to(queue, descriptor, has | filter);
    return has & filter ? change_to(queue, descriptor, has & ~filter) : fail(ENOENT);
}

static void report(struct kevent *event, int descriptor, short filter, bool eof, bool error)
{
    EV_SET(event, (uintptr_t)descriptor, filter, eof || error ? EV_EOF : 0, error, 0, NULL);
}

/* One event a filter, so a descriptor may need two; an error goes to each filter that there is. */
static int wait_for_events(int queue, struct kevent *events, int most, int milliseconds)
{
    struct epoll_event ready[32];
    int half = most / 2 < 32 ? most / 2 : 32, count = 0;
    int found = epoll_wait(queue, ready, half > 0 ? half : 1, milliseconds);

    for (int i = 0; i < found; i++) {
        int descriptor = ready[i].data.fd, has = filters[queue][descriptor];
        unsigned what = ready[i].events, trouble = what & (EPOLLERR | EPOLLHUP);
        if (has & READS && (what & (EPOLLIN | EPOLLRDHUP) || trouble))
            report(&events[count++], descriptor, EVFILT_READ, what & EPOLLRDHUP, trouble);
        if (has & WRITES && (what & EPOLLOUT || trouble) && count < most)
            report(&events[count++], descriptor, EVFILT_WRITE, false, trouble);
    }
    return found < 0 ? -1 : count;
}

int kevent(int queue, const struct kevent *changes, int change_count, struct kevent *events,
           int most, const struct timespec *limit)
{
    if (queue < 0 || queue >= MOST_QUEUES || !filters[queue])
        return fail(EBADF);
    if (change_count > 0 && most > 0)
        return fail(ENOTSUP);
    for (int i = 0; i < change_count; i++)
        if (change(queue, &changes[i]) < 0)
            return -1; /* those before it are made */
    if (most == 0)
        return 0;
    return wait_for_events(queue, events, most,
                           limit ? (int)(limit->tv_sec * 1000 + limit->tv_nsec / 1000000) : -1);
}
