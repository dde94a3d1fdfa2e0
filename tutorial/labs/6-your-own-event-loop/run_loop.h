/* tutorial/labs/6-your-own-event-loop/run_loop.h - what server.c and loop.c need of each other. */
#ifndef RUN_LOOP_H
#define RUN_LOOP_H

#include "model.h"

#include <poll.h>

/* Accepts and serves clients until this process is to stop: see shutdown.h. The listener is
 * non-blocking. */
void run_loop(int listener);

/* How a request is performed. A sleep or a computation blocks the loop; that is lab 7. */
extern const struct model model;

/* A signal may arrive just before a call of poll(), which does not return for it then. In this lab
 * it never does: what it is to return for is in the array. Its returns are counted: wakeups=. */
int poll_despite_signals(struct pollfd *watched, nfds_t count, int timeout);
#define poll(watched, count, timeout) poll_despite_signals(watched, count, timeout)

#endif
