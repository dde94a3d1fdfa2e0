/* common/plumbing/lab.h - requests that break things on purpose, for lessons and tests: --lab.
 *
 * `hold NAME` blocks in a gate until the gate is opened. A gate is a FIFO, NAME.gate, in the
 * directory where the server was started; mkfifo makes it. Opening the FIFO for writing blocks
 * until a request is inside, so no side needs a clock to know where the other is. Each byte
 * written frees one request; closing the FIFO frees all that are inside.
 *
 *     $ mkfifo door.gate
 *     $ bin/ask 'hold door' &
 *     $ exec 4> door.gate           (returns once the request is in the gate)
 *     $ exec 4>&-                   (opens the gate) */
#ifndef LAB_H
#define LAB_H

#include <stddef.h>

/* Blocks until the gate of this name, which request_parse accepted, is opened or this process is to
 * stop, and returns 0. Returns -errno at once if it cannot be entered: -ENOENT if there is none. */
long lab_hold(const char *name, size_t length);

/* Writes through a wild pointer. Does not return: SIGSEGV ends the process. */
__attribute__((noreturn)) void lab_crash(void);

#endif
