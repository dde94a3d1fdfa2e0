/* tutorial/labs/7-await/handler.h - what server.c and handler.c need of each other. */
#ifndef HANDLER_H
#define HANDLER_H

#include "clock.h"
#include "loop.h"

/* Begins a task in this loop that serves the client whose socket this is, and then closes it. */
void start_client(struct loop *loop, int socket);

/* The three wake_... of loop.h, for this lab: each returns false, so it can be the last word of
 * a condition. A task may be woken without cause, as loop.h says. Here each await of a time or of a
 * call is so once, at once. --verbose shows the first hundred times that are awaited. */
bool until_ready(struct task *task, int readiness, int64_t deadline);
#define until_time(task, when) until_ready(task, 0, when)
#define until_called(task)     until_ready(task, 0, NEVER)

#endif
