/* common/plumbing/lab.c - requests that break things on purpose, for lessons and tests: --lab.
 * A gate is a FIFO: the kernel tells each side when the other has opened it. */
#include "lab.h"

#include "net.h"
#include "shutdown.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { PATIENCE = 100 }; /* milliseconds between two checks whether the server is to stop */

/* True once this request has read a byte, or the writer has closed the gate, which frees all. */
static bool let_out(int gate)
{
    char byte;

    if (!net_is_readable(gate, PATIENCE))
        return false;
    return read(gate, &byte, 1) >= 0 || errno != EAGAIN; /* EAGAIN: another read the byte */
}

long lab_hold(const char *name, size_t length)
{
    char path[80];

    snprintf(path, sizeof path, "%.*s.gate", (int)length, name);
    int gate = open(path, O_RDONLY | O_NONBLOCK);
    if (gate < 0)
        return -errno;
    while (!shutdown_asked() && !let_out(gate))
        ;
    close(gate);
    return 0;
}

void lab_crash(void)
{
    volatile uintptr_t nowhere = 16; /* no page is ever mapped there */

    *(volatile int *)nowhere = 1;
    abort(); /* not reached */
}
