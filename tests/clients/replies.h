/* tests/clients/replies.h - what each reply must be, so that a client can check it. */
#ifndef REPLIES_H
#define REPLIES_H

#include <stdbool.h>
#include <stddef.h>

/* Sets the request that will be asked, without a line end. The text must outlive the checks. */
void replies_expect(const char *request, size_t length);

/* The same for a plain byte echo, which gives back each line as it is. The request must be
 * shorter than LINE_LIMIT. */
void replies_expect_itself(const char *request, size_t length);

/* True if the request ends the conversation, as `quit` does. */
bool replies_end_conversation(void);

/* Checks one reply, without its line end: an echo byte for byte, a number where one is due, all
 * `primes` alike. Returns false if it is wrong. Keeps each `count` for replies_repeated. */
bool replies_check(const char *reply, size_t length);

/* Returns how many replies to `count` repeated a number of an earlier one. */
long replies_repeated(void);

/* Returns the highest number in a reply; -1 if there is none. */
long replies_highest(void);

#endif
