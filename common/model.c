/* common/model.c - a server's answers to the three questions, and the requests that need them.
 * Sleeps are counted and traced here, once for all models. */
#include "model.h"

#include "trace.h"

static long wait_counted(const struct model *model, long milliseconds)
{
    int64_t began = activity_begin(WAITING);

    trace_flush(); /* the wait may be long */
    model->wait(milliseconds);
    activity_end(WAITING, "waiting", began);
    return milliseconds;
}

long perform(const struct request *request, const struct model *model)
{
    if (request->verb == SLEEP)
        return wait_counted(model, request->number);
    if (request_computes(request))
        return model->compute(request);
    if (request->verb == COUNT)
        return model->count();
    return 0;
}
