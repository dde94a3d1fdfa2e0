/* async/backend.h - how the loop asks the kernel which descriptors are ready. */
#ifndef BACKEND_H
#define BACKEND_H

#include <poll.h>
#include <stdbool.h>

/* A backend may report HUNG_UP where it is not asked to: the connection is broken. */
enum { READABLE = POLLIN, WRITABLE = POLLOUT, HUNG_UP = POLLHUP };

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
     * writes up to `most` that are. Returns how many, or -1 with errno, EINTR when a signal
     * arrives. Sets *scanned to how many descriptors were examined to find them. */
    int (*wait)(void *state, struct ready *ready, int most, int milliseconds, long *scanned);
};

extern const struct backend poll_backend;
extern const struct backend select_backend;

#if defined __linux__ && !defined POSIX_ONLY
#define HAVE_EPOLL
extern const struct backend epoll_backend;
#endif

#if (defined __APPLE__ || defined __FreeBSD__ || defined __NetBSD__ || defined __OpenBSD__ || \
     defined __DragonFly__) &&                                                               \
    !defined POSIX_ONLY
#define HAVE_KQUEUE
#endif
#ifdef HAVE_KQUEUE /* or by the command line, for a test */
extern const struct backend kqueue_backend;
#endif

/* All backends of this system, the best first, and their names in the same order. Both end with
 * NULL. */
extern const struct backend *const backends[];
extern const char *const backend_names[];

#endif
