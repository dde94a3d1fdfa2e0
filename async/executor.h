/* async/executor.h - threads that compute, so that the loop does not have to. */
#ifndef EXECUTOR_H
#define EXECUTOR_H

#include "loop.h"
#include "request.h"

/* Sets how many threads there may be; 0: none, the loop computes. They start when first needed. */
void executor_prepare(long workers);

/* Something to compute, and then its result. */
struct job {
    struct call call; /* call.done: the result is there */
    long (*work)(const struct request *request);
    const struct request *request;
    int64_t queued; /* since when it waits, for the timeline */
    long result;
    struct job *next;
};

/* Has a thread do this work and then runs the task again. Does not block, unless there are to be
 * no threads, or none can be had: then the work is done here and now, and the task runs again in
 * the next turn. The caller frees the job once it is done. Returns NULL if there is no memory. */
struct job *run_in_executor(struct task *task, long (*work)(const struct request *),
                            const struct request *request);

#endif
