/* common/handle_client.h - a client's whole conversation, for a handler that may block. */
#ifndef HANDLE_CLIENT_H
#define HANDLE_CLIENT_H

#include "model.h"

/* Serves the client until it leaves or is let go, then closes its socket. Blocks while it waits
 * for the client and while it performs a request, so each client needs a thread or process. */
void handle_client(int client, const struct model *model);

#endif
