/* common/model.h - the three questions, and the requests that ask them.
 *
 * A server is described by how it waits, how it computes and how it shares; see its main file. */
#ifndef MODEL_H
#define MODEL_H

#include "request.h"

struct model {
    void (*wait)(long milliseconds);
    long (*compute)(const struct request *request);
    long (*count)(void); /* returns the next number, from 1 on, for all clients */
};

/* Does what a request asks for, blocking until it is done, and returns the number for the reply
 * (0 where the reply holds none). */
long perform(const struct request *request, const struct model *model);

#endif
