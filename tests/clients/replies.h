/* tests/clients/replies.h - what each reply must be, so that a client can check it. */
#ifndef REPLIES_H
#define REPLIES_H

#include <stdbool.h>
#include <stddef.h>

/* The request that will be asked, without a line end; it must live on. */
void replies_expect(const char *request, size_t length);

/* The same for a plain byte echo, which gives back each line as it is. The request must be
 * shorter than LINE_LIMIT. */
void replies_expect_itself(const char *request, size_t length);

/* Whether it ends the conversation, as `quit` does. */
bool replies_end_conversation(void);

/* Checks one reply, without its line end: an echo byte for byte, a number where one is due, all
 * `primes` alike. False when it is wrong. A `count` is kept for replies_repeated. */
bool replies_check(const char *reply, size_t length);

/* How many replies to `count` gave a number that another one gave too. */
long replies_repeated(void);

/* The highest number that a reply gave; -1 when the replies hold none. */
long replies_highest(void);

#endif
