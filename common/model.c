/* common/model.c - the three questions, and the requests that ask them.
 * Whoever sleeps is counted and timed here, so that no answer has to. */
#include "model.h"

#include "stats.h"
#include "trace.h"

static void wait_counted(const struct model *model, long milliseconds)
{
    int64_t began = trace_begin();

    stats_add(WAITING, 1);
    model->wait(milliseconds);
    stats_add(WAITING, -1);
    trace_end(ON_BOTH, "waiting", began);
}

long perform(const struct request *request, const struct model *model)
{
    switch (request->verb) {
    case SLEEP: wait_counted(model, request->number); return request->number;
    case PRIMES:
    case HOLD: return model->compute(request);
    case COUNT: return model->count();
    default: return 0;
    }
}
