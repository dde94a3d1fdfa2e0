/* common/thread_id.c - the number of the calling thread.
 * POSIX has no such number, only pthread_self(), which may be a pointer. */
#define _GNU_SOURCE /* syscall */
#include "thread_id.h"

#if defined __linux__ && !defined POSIX_ONLY

#include <sys/syscall.h>
#include <unistd.h>

long thread_id(void)
{
    return syscall(SYS_gettid);
}

#else

#include <stdatomic.h>

long thread_id(void)
{
    static atomic_long threads;
    static _Thread_local long mine;

    if (!mine)
        mine = atomic_fetch_add(&threads, 1) + 1;
    return mine;
}

#endif
