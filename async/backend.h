/* async/backend.h - how the loop asks the kernel which descriptors are ready. */
#ifndef BACKEND_H
#define BACKEND_H

#include <poll.h>
#include <stdbool.h>

/* A backend may report HUNG_UP where it is not asked to: the connection is broken. */
enum { READABLE = POLLIN, WRITABLE = POLLOUT, HUNG_UP = POLLHUP };

enum { READY_AT_ONCE = 64 };

struct ready {
    int descriptor;
    int readiness; /* READABLE, WRITABLE or both; an error or a hang-up is all three, so that the
                    * next read or write meets it */
};

/* A backend: three functions. The state is its own. */
struct backend {
    const char *name;

    /* Returns its state, or NULL with errno on failure. */
    void *(*create)(void);

    /* Watches this descriptor for `wants` from now on, instead of `watched` (0: not at all).
     * Level-triggered: a descriptor is reported in each wait for as long as it is ready. Returns
     * false with errno on failure. Stop watching a descriptor before it is closed. */
    bool (*watch)(void *state, int descriptor, int watched, int wants);

    /* Waits until a descriptor is ready, for at most this many milliseconds (-1: no limit), and
     * writes up to READY_AT_ONCE that are. Returns how many, or -1 with errno, EINTR when a signal
     * arrives. Sets *scanned to how many descriptors were examined to find them. */
    int (*wait)(void *state, struct ready *ready, int milliseconds, long *scanned);
};

#if defined __linux__ && !defined POSIX_ONLY
#define HAVE_EPOLL
#endif

#if (defined __APPLE__ || defined __FreeBSD__ || defined __NetBSD__ || defined __OpenBSD__ || \
     defined __DragonFly__) &&                                                               \
    !defined POSIX_ONLY
#define HAVE_KQUEUE /* or by the command line, for a test */
#endif

extern const struct backend kqueue_backend, epoll_backend, poll_backend, select_backend;

/* All backends of this system, the best first; then NULL. */
extern const struct backend *const backends[];

#endif
