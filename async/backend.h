/* async/backend.h - how the loop asks the kernel which descriptors are ready. */
#ifndef BACKEND_H
#define BACKEND_H

#include <stdbool.h>

enum { READABLE = 1, WRITABLE = 2 };

struct ready {
    int descriptor;
    int readiness; /* READABLE, WRITABLE or both; an error or a hang-up is both, so that the
                    * next read or write meets it */
};

/* What one looks like; state is its own. */
struct backend {
    const char *name;

    /* NULL and errno when it cannot be made. */
    void *(*create)(void);

    /* From now on watch this descriptor for `wants` instead of `watched` (0: it is or becomes
     * unknown). Level-triggered: it is reported for as long as it is so. False and errno when
     * that cannot be. A descriptor must be unknown before it is closed. */
    bool (*watch)(void *state, int descriptor, int watched, int wants);

    /* Waits for at most so many milliseconds (-1: forever) and writes up to `most` descriptors
     * that are ready. Returns how many; 0 also when a signal came. *scanned: how many were
     * examined to find them. */
    int (*wait)(void *state, struct ready *ready, int most, int milliseconds, long *scanned);
};

extern const struct backend poll_backend;
extern const struct backend select_backend;

#if defined __linux__ && !defined POSIX_ONLY
#define HAVE_EPOLL
extern const struct backend epoll_backend;
#endif

/* All that this system has, the best first, ended by NULL; and their names alike. */
extern const struct backend *const backends[];
extern const char *const backend_names[];

#endif
