/* tutorial/labs/7-await/handler.h - what server.c and handler.c need of each other. */
#ifndef HANDLER_H
#define HANDLER_H

#include "clock.h"
#include "executor.h"
#include "loop.h"

#include <stdlib.h>

/* Begins a task in this loop that serves the client whose socket this is, and then closes it. */
void start_client(struct loop *loop, int socket);

/* The three wake_... of loop.h, for this lab: each returns false, so it can be the last word of
 * a condition. A task may be woken without cause, as loop.h says. Here each await of a time or of a
 * call is so once, at once. --verbose shows the first hundred times that are awaited. */
bool until_ready(struct task *task, int readiness, int64_t deadline);
#define until_time(task, when) until_ready(task, 0, when)
#define until_called(task)     until_ready(task, 0, NEVER)

/* Jobs are counted: the server ends with status 1 if one has not been freed. For `primes 13` there
 * is never memory. */
struct job *run_and_count(struct task *task, long (*work)(const struct request *),
                          const struct request *request);
void free_and_count(void *memory);
#define run_in_executor(task, work, request) run_and_count(task, work, request)
#define free(memory)                         free_and_count(memory)

#endif
