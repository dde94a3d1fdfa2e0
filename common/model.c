/* common/model.c - the three questions, and the requests that ask them.
 * The counters are kept here, so that no answer has to. */
#include "model.h"

#include "stats.h"

static void wait_counted(const struct model *model, long milliseconds)
{
    stats_add(WAITING, 1);
    model->wait(milliseconds);
    stats_add(WAITING, -1);
}

static long compute_counted(const struct model *model, long n)
{
    stats_add(RUNNING, 1);
    long primes = model->compute(n);
    stats_add(RUNNING, -1);
    return primes;
}

long perform(const struct request *request, const struct model *model)
{
    switch (request->verb) {
    case SLEEP: wait_counted(model, request->number); return request->number;
    case PRIMES: return compute_counted(model, request->number);
    case COUNT: return model->count();
    default: return 0;
    }
}
