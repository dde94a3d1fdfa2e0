/* common/plumbing/system.c - what a process gets from the system, where POSIX has no one way.
 * Each function has the way of Linux and a portable one beside it. */
#define _GNU_SOURCE /* MAP_ANONYMOUS, syscall, CPU_COUNT */
#include "system.h"

#include "messages.h"

#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#ifdef __linux__
#include <sched.h>
#include <stdio.h>
#include <sys/syscall.h>
#endif

#if !defined MAP_ANONYMOUS && defined MAP_ANON
#define MAP_ANONYMOUS MAP_ANON
#endif

void *shared_pages(size_t size)
{
#if defined MAP_ANONYMOUS && !defined POSIX_ONLY
    void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
#else
    int zero = open("/dev/zero", O_RDWR); /* MAP_ANONYMOUS came to POSIX only in 2024 */
    void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, zero, 0);
#endif
    if (pages == MAP_FAILED)
        die("shared memory");
    return pages;
}

#if defined __linux__ && !defined POSIX_ONLY
long thread_id(void)
{
    return syscall(SYS_gettid);
}
#else
static _Thread_local bool is_first;

__attribute__((constructor)) static void note_first_thread(void)
{
    is_first = true;
}

/* POSIX has only pthread_self(), which may be a pointer. As on Linux, a process's first thread has
 * the number of the process. */
long thread_id(void)
{
    static atomic_long threads;
    static _Thread_local long mine;

    if (!is_first && !mine)
        mine = atomic_fetch_add(&threads, 1) + 1;
    return getpid() + mine;
}
#endif

long raise_descriptor_limit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        return 256; /* the least that any system has had for decades */
    rlim_t before = limit.rlim_cur;
    limit.rlim_cur = limit.rlim_max;
#ifdef OPEN_MAX /* macOS refuses more than this, whatever the hard limit says */
    if (limit.rlim_cur > OPEN_MAX)
        limit.rlim_cur = OPEN_MAX;
#endif
    if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
        limit.rlim_cur = before;
    return limit.rlim_cur > INT_MAX ? INT_MAX : (long)limit.rlim_cur;
}

#if defined __linux__ && !defined POSIX_ONLY
/* A container may have less of the cores' time than it has cores. */
static long within_quota(long cores)
{
    FILE *file = fopen("/sys/fs/cgroup/cpu.max", "r");
    long quota, period;

    if (file && fscanf(file, "%ld %ld", &quota, &period) == 2 && quota / period < cores)
        cores = (quota + period - 1) / period;
    if (file)
        fclose(file);
    return cores;
}

long count_cores(void)
{
    cpu_set_t allowed;
    bool known = sched_getaffinity(0, sizeof allowed, &allowed) == 0; /* not with 1025 cores */

    return within_quota(known ? CPU_COUNT(&allowed) : sysconf(_SC_NPROCESSORS_ONLN));
}
#else
long count_cores(void)
{
    long online = sysconf(_SC_NPROCESSORS_ONLN); /* in every libc, and in POSIX since 2024 */
    return online > 0 ? online : 1;
}
#endif
