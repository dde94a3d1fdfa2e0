/* tests/units/heads.h - requests in HTTP by chance, with one mistake or none, and what is to be
 * answered: the maker of a head knows that without reading it. */
#ifndef HEADS_H
#define HEADS_H

#include "lines.h"

enum { LONGEST_HEAD = 100000 }; /* with its body */

struct head {
    size_t length;     /* with the body */
    size_t answered;   /* bytes after which the response is due, if the rest never comes */
    const char *wrong; /* what the head alone tells: a status, and the error's text; or NULL, */
    bool page;         /* and the page is asked for; or */
    bool options;      /* the methods are */
    bool no_body, keeps, closes; /* of the response */
    bool broken;                 /* the body is malformed, so no response follows this one */
    struct verdict verdict;      /* what is answered to the line that the target means */
};

/* Writes a request; first is true for the first one of a conversation. */
void heads_make(struct dice *dice, bool first, char *text, struct head *head);

#endif
