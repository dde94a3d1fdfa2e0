/* common/plumbing/page.h - the page that a browser gets, as a text in C. */
#ifndef PAGE_H
#define PAGE_H

#include <stddef.h>

extern const char page[];
extern const size_t page_length; /* without its last line end */

#endif
