/* common/shared.c - memory that stays shared after fork.
 * Plain memory is copied by fork; pages mapped with MAP_SHARED are not. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS, which came to POSIX only in 2024 */
#include "shared.h"

#include "messages.h"

#include <fcntl.h>
#include <sys/mman.h>

#if !defined MAP_ANONYMOUS && defined MAP_ANON
#define MAP_ANONYMOUS MAP_ANON
#endif

void *shared_pages(size_t size)
{
#if defined MAP_ANONYMOUS && !defined POSIX_ONLY
    void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
#else
    int zero = open("/dev/zero", O_RDWR); /* the way before there was MAP_ANONYMOUS */
    void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, zero, 0);
#endif
    if (pages == MAP_FAILED)
        die("shared memory");
    return pages;
}
