/* async/callbacks.h - the same conversation as callbacks, in the manner of Twisted. */
#ifndef CALLBACKS_H
#define CALLBACKS_H

#include "loop.h"

/* Does what the coroutine handle_client_async does, request for request. */
void handle_client_by_callbacks(struct task *task);

#endif
