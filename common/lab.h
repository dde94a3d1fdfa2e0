/* common/lab.h - requests that break things on purpose, for lessons and tests: --lab.
 *
 * `hold NAME` stays in a gate until somebody outside opens it. A gate is a FIFO, NAME.gate, in
 * the directory where the server was started; mkfifo makes it. Whoever opens it for writing
 * waits until somebody is inside, so both sides know where the other is, with no clock. Each
 * byte that he writes lets one out; when he closes it, all who are inside go.
 *
 *     $ mkfifo door.gate
 *     $ bin/ask 'hold door' &
 *     $ exec 4> door.gate           (returns when the server is in the gate)
 *     $ exec 4>&-                   (opens it)
 */
#ifndef LAB_H
#define LAB_H

#include <stddef.h>

/* Blocks until the gate of this name is opened, or this process is asked to stop: 0. At once -1
 * when there is no such gate. The name is one that request_parse lets through. */
long lab_hold(const char *name, size_t length);

/* Writes through a pointer to nowhere. Does not return: the signal SIGSEGV ends the process. */
__attribute__((noreturn)) void lab_crash(void);

#endif
