/* common/messages.h - what a program has to say, and how it dies.
 *
 * stdout carries one line, that the server listens; everything else goes to stderr. A message is
 * one write of at most 512 bytes, safe from several threads and processes at once. It never
 * blocks: when nobody reads, it is dropped, because a full pipe must not stop a server. */
#ifndef MESSAGES_H
#define MESSAGES_H

#include <stdbool.h>

/* The name that starts every line on stderr. Keeps the last part of path, which must live on. */
void messages_name(const char *path);
const char *messages_program(void);

/* Opens /dev/null in place of a standard stream that was closed, so that no socket becomes
 * number 0, 1 or 2 and is taken for it. To be called before any descriptor is made. */
void messages_guard_streams(void);

/* Writes one line to descriptor 1 or 2; the line end is added. False when it could not. */
__attribute__((format(printf, 2, 3))) bool say(int descriptor, const char *format, ...);

/* "name: what: reason" from errno on stderr. warn_seldom says it at most once a second, however
 * many threads call it; errno is left as it was. */
void warn(const char *what);
void warn_seldom(const char *what);

/* As warn, then exit status 1: for start-up only, never for a client's sake. */
__attribute__((noreturn)) void die(const char *what);

/* One line on stderr, but only after chatter_on(): for --verbose. */
void chatter_on(void);
__attribute__((format(printf, 1, 2))) void chatter(const char *format, ...);

#endif
