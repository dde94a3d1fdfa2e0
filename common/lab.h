/* common/lab.h - requests that break things on purpose, for lessons and tests: --lab.
 *
 * `hold NAME` stays in a gate until the gate is opened. A gate is a FIFO, NAME.gate, in the
 * directory where the server was started; mkfifo makes it. To open it for writing blocks until a
 * request is inside, so each side knows where the other is, with no clock. Each byte written
 * lets one request out; closing it lets out all that are inside.
 *
 *     $ mkfifo door.gate
 *     $ bin/ask 'hold door' &
 *     $ exec 4> door.gate           (returns when the server is in the gate)
 *     $ exec 4>&-                   (opens it)
 */
#ifndef LAB_H
#define LAB_H

#include <stddef.h>

/* Blocks until the gate of this name is opened, or this process is asked to stop, and returns 0.
 * Returns -errno at once if it cannot be entered: -ENOENT if there is no such gate. The name is
 * one that request_parse lets through. */
long lab_hold(const char *name, size_t length);

/* Writes through a wild pointer. Does not return: the signal SIGSEGV ends the process. */
__attribute__((noreturn)) void lab_crash(void);

#endif
