/* tutorial/labs/7-await/handler.h - what server.c and handler.c need of each other. */
#ifndef HANDLER_H
#define HANDLER_H

#include "loop.h"

/* Begins a task in this loop that serves the client whose socket this is, and then closes it. */
void start_client(struct loop *loop, int socket);

/* A task may run without cause, as loop.h says. In this lab each task that waits for a time does so
 * once, at once. */
bool until_time_early(struct task *task, int64_t when);
#define until_time until_time_early

#endif
