/* tests/kqueue/sys/event.h - a stand-in for kqueue, for tests on Linux: see ../kqueue.c. */
#ifndef EVENT_H
#define EVENT_H

#include <stdint.h>
#include <time.h>

enum { EVFILT_READ = -1, EVFILT_WRITE = -2 };
enum { EV_ADD = 1, EV_DELETE = 2, EV_CLEAR = 0x20, EV_EOF = 0x8000 };

struct kevent {
    uintptr_t ident; /* the descriptor */
    short filter;
    unsigned short flags;
    unsigned fflags;
    intptr_t data;
    void *udata;
};

#define EV_SET(event, ident, filter, flags, fflags, data, udata) \
    (*(event) = (struct kevent){ident, filter, flags, fflags, data, udata})

int kqueue(void);

/* Makes the changes, or else waits for events and writes them. One call here does not do both. */
int kevent(int queue, const struct kevent *changes, int change_count, struct kevent *events,
           int most, const struct timespec *limit);

#endif
