/* common/plumbing/page.h - the page that a browser gets, as a text in C. */
#ifndef PAGE_H
#define PAGE_H

extern const char page[];

#endif
