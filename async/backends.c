/* async/backends.c - which backends there are on this system, the best first. */
#include "backend.h"

#include <stddef.h>

const struct backend *const backends[] = {
#ifdef HAVE_KQUEUE
    &kqueue_backend,
#endif
#ifdef HAVE_EPOLL
    &epoll_backend,
#endif
    &poll_backend,
    &select_backend,
    NULL,
};
