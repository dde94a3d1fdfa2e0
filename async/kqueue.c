/* async/kqueue.c - macOS and the BSDs: the kernel keeps the list of descriptors, as with epoll.
 * Readable and writable are two filters, each with an entry of its own in the list. */
#include "backend.h"

#ifdef HAVE_KQUEUE

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h> /* OpenBSD's and NetBSD's sys/event.h needs it */

#include <sys/event.h>
#include <sys/time.h>

static void *create(void)
{
    int queue = kqueue();
    return queue < 0 ? NULL : (void *)(intptr_t)queue;
}

static int queue_of(void *state)
{
    return (int)(intptr_t)state;
}

/* To hear of nothing but a broken connection, the filter of writing is the one to have: it reports
 * each change (EV_CLEAR), not again and again that there is room. A task that waits for room writes
 * until there is none, so for it this is no loss. */
static int filters_for(int wants)
{
    return wants == HUNG_UP ? WRITABLE : wants & ~HUNG_UP;
}

/* Appends a change for each of these filters. Returns how many changes there are then. */
static int append(struct kevent *changes, int count, int descriptor, int filters,
                  unsigned short action)
{
    uintptr_t ident = (uintptr_t)descriptor;

    if (filters & READABLE)
        EV_SET(&changes[count++], ident, EVFILT_READ, action, 0, 0, 0);
    if (filters & WRITABLE)
        EV_SET(&changes[count++], ident, EVFILT_WRITE, action | EV_CLEAR, 0, 0, 0);
    return count;
}

/* What may fail comes first: adding, which can be repeated. Deleting twice would be an error. */
static bool watch(void *state, int descriptor, int watched, int wants)
{
    int before = filters_for(watched), after = filters_for(wants);
    struct kevent changes[2];
    int count = append(changes, 0, descriptor, after & ~before, EV_ADD);

    count = append(changes, count, descriptor, before & ~after, EV_DELETE);
    return count == 0 || kevent(queue_of(state), changes, count, NULL, 0, NULL) == 0;
}

/* Without an error, the end (EV_EOF) of what can be read may be the client's half-close. */
static int readiness_of(const struct kevent *event)
{
    bool reading = event->filter == EVFILT_READ;

    if (event->flags & EV_EOF && (!reading || event->fflags))
        return READABLE | WRITABLE | HUNG_UP;
    return reading ? READABLE : WRITABLE;
}

/* A descriptor that is ready in both ways is reported twice. */
static int wait_ready(void *state, struct ready *ready, int milliseconds, long *scanned)
{
    struct kevent events[READY_AT_ONCE];
    struct timespec time = {.tv_sec = milliseconds / 1000,
                            .tv_nsec = milliseconds % 1000 * 1000000L};
    int count =
        kevent(queue_of(state), NULL, 0, events, READY_AT_ONCE, milliseconds < 0 ? NULL : &time);

    for (int i = 0; i < count; i++)
        ready[i] = (struct ready){.descriptor = (int)events[i].ident,
                                  .readiness = readiness_of(&events[i])};
    *scanned = count > 0 ? count : 0;
    return count;
}

const struct backend kqueue_backend = {
    .name = "kqueue", .create = create, .watch = watch, .wait = wait_ready};

#endif
