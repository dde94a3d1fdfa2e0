/* common/model.h - a server's answers to the three questions, and the requests that need them.
 *
 * How does it wait? How does it compute? How does it share? threaded.c and forked.c each hold a
 * table of three functions; async.c has such functions too, called in a task. */
#ifndef MODEL_H
#define MODEL_H

#include "request.h"

struct model {
    void (*wait)(long milliseconds);
    long (*compute)(const struct request *request);
    long (*count)(void); /* returns 1, 2, 3 ...: one sequence for all clients */
};

/* Does what the request asks for, blocking, and returns the number for the reply, 0 for none. */
long perform(const struct request *request, const struct model *model);

#endif
