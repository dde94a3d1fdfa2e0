/* tests/units/lines.h - lines by chance, good and broken, and what the wire's table says of each.
 *
 * The judge is slow and plain, and shares nothing with common/request.c: where the two differ,
 * one of them is wrong. */
#ifndef LINES_H
#define LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "dice.h"

enum { LONGEST_LINE = 20000, LONGEST_REPLY = 8192 };

/* Writes a line without its LF; a few end in CR, a few are longer than is allowed. Returns its
 * length, at most LONGEST_LINE. */
size_t lines_make(struct dice *dice, char *line);

struct verdict {
    const char *verb; /* "echo", "sleep" ...; "error" for what is none */
    size_t length;
    char reply[LONGEST_REPLY]; /* nothing for count, who and stats, which the line does not tell */
};

/* What is to be answered to a line without its line end. */
void lines_judge(const char *line, size_t length, struct verdict *verdict);

/* The same for a line over the limit. */
void lines_judge_too_long(struct verdict *verdict);

#endif
