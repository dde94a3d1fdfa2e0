/* tests/units/heads.h - requests in HTTP by chance, good ones and such with one mistake, and what
 * is to be answered: what made a head knows that without reading it. */
#ifndef HEADS_H
#define HEADS_H

#include "lines.h"

enum { LONGEST_HEAD = 100000 }; /* with its body */

struct head {
    size_t length;          /* with the body */
    size_t answered;        /* bytes after which the response is due, if the rest never comes */
    const char *wrong;      /* a status that the head alone tells, with the body's text; or NULL: */
    bool page;              /* the page is asked for, or else */
    struct verdict verdict; /* what the line is answered, that the target stands for */
    bool no_body, keeps, closes; /* of the response */
};

/* Writes a request; first is true for the first one of a conversation. */
void heads_make(struct dice *dice, bool first, char *text, struct head *head);

#endif
