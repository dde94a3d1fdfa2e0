/* common/plumbing/messages.h - what a program has to say, and how it dies.
 *
 * stdout carries one line, that the server listens; everything else goes to stderr. A message is
 * one write of at most 512 bytes, safe from several threads and processes at once. It never
 * blocks: when no process reads, it is dropped, because a full pipe must not stop a server. */
#ifndef MESSAGES_H
#define MESSAGES_H

#include <stdbool.h>
#include <stddef.h>

/* Call it first in main, with argv[0]. Up to 64 bytes of its last part start each line on stderr;
 * what does not print, and quotes and backslashes, become ?. Opens /dev/null in place of each
 * standard stream that is closed, so that no socket is taken for it. */
void messages_prepare(const char *path);
const char *messages_program(void);

/* Writes one line to descriptor 1 or 2 and adds the line end. Returns false if it could not. */
__attribute__((format(printf, 2, 3))) bool say(int descriptor, const char *format, ...);

/* Writes these bytes there, as they are, unless that would block: then, or if they were not all
 * written, it returns false. A signal handler may call it. */
bool say_bytes(int descriptor, const char *bytes, size_t length);

/* Write "name: what: reason" to stderr, with the reason from errno, and leave errno as it was.
 * warn_rarely does so at most once a second, however many threads and processes call it. */
void warn(const char *what);
void warn_rarely(const char *what);

/* As warn, then exit status 1: for start-up only, never because of a client. */
__attribute__((noreturn)) void die(const char *what);

/* Writes what stdout still holds, and dies if any of its output could not be written: whoever asked
 * for it must see a full disk in the exit status. */
void flush_output(void);

#endif
