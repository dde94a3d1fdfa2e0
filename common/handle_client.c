/* common/handle_client.c - a client's whole conversation, for a handler that may block.
 * Written once, linked into threaded and forked; what differs between them is the model. */
#include "handle_client.h"

#include "session.h"

void handle_client(int client, const struct model *model)
{
    struct session session;
    struct request request;

    session_start(&session, client);
    while (session_next(&session, &request) == REQUEST)
        session_reply(&session, &request, perform(&request, model));
    session_finish(&session);
}
