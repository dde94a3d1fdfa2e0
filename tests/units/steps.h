/* tests/units/steps.h - included before all else in the code whose steps unit_steps.c counts: the
 * loops in the C library are counted by their bytes. */
#include <string.h>

void *counted_memchr(const void *bytes, int byte, size_t length);
void *counted_memmove(void *to, const void *from, size_t length);
size_t counted_strspn(const char *text, const char *bytes);

#define memchr  counted_memchr
#define memmove counted_memmove
#define strspn  counted_strspn
