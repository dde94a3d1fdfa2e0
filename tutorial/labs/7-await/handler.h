/* tutorial/labs/7-await/handler.h - what server.c needs of handler.c. */
#ifndef HANDLER_H
#define HANDLER_H

#include "loop.h"

/* Begins a task in this loop that serves the client whose socket this is, and then closes it. */
void start_client(struct loop *loop, int socket);

#endif
