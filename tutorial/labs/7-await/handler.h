/* tutorial/labs/7-await/handler.h - what server.c and handler.c need of each other. */
#ifndef HANDLER_H
#define HANDLER_H

#include "clock.h"
#include "loop.h"

/* Begins a task in this loop that serves the client whose socket this is, and then closes it. */
void start_client(struct loop *loop, int socket);

/* A task may run without cause, as loop.h says. In this lab each await of a time or of a call does
 * so once, at once. --verbose shows the first hundred times that are awaited. */
bool until_ready_or_early(struct task *task, int readiness, int64_t when);
#define until_ready(task, readiness, when) until_ready_or_early(task, readiness, when)
#define until_time(task, when)             until_ready_or_early(task, 0, when)
#define until_called(task)                 until_ready_or_early(task, 0, NEVER)

#endif
