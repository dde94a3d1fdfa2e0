/* tests/units/judge.h - what is due for lines: a judge that is slow and plain, and shares nothing
 * with common/request.c. Where the two differ, one of them is wrong. */
#ifndef JUDGE_H
#define JUDGE_H

#include <stddef.h>

/* Judges the input of a server's first client, until it ends there or with quit: writes all replies
 * to it, and returns their length. */
size_t judge(const char *input, size_t length, char *replies);

#endif
