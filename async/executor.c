/* async/executor.c - threads that compute, so that the loop does not have to.
 * A queue of jobs with a lock; as many jobs at most as there are clients. */
#include "executor.h"

#include "slow.h"

#include "messages.h"
#include "stats.h"
#include "trace.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

static long most;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards all of these: */
static pthread_cond_t arrived = PTHREAD_COND_INITIALIZER;
static struct job *first, **last = &first;
static long threads, idle;

void executor_prepare(long workers)
{
    most = workers;
}

static struct job *take_job(void)
{
    pthread_mutex_lock(&lock);
    idle++;
    while (!first)
        pthread_cond_wait(&arrived, &lock);
    idle--;
    struct job *job = first;
    first = job->next;
    if (!first)
        last = &first;
    stats_add(QUEUED, -1);
    pthread_mutex_unlock(&lock);
    return job;
}

static void *work_forever(void *unused)
{
    (void)unused;
    trace_call_thread("worker");
    for (;;) {
        struct job *job = take_job();
        trace_serve(job->request->client, "job");
        trace_end(ON_CLIENT, "queued", job->queued);
        job->result = job->work(job->request);
        trace_flush(); /* the process may end as soon as the result is out */
        call_soon_threadsafe(&job->call);
    }
    return NULL;
}

/* Starts one more, if there may be more and no idle one is left for the job. Under the lock. */
static void start_thread_if_needed(long jobs)
{
    pthread_t thread;

    if (threads >= most || idle >= jobs)
        return;
    errno = pthread_create(&thread, NULL, work_forever, NULL);
    if (errno != 0) {
        warn_rarely("pthread_create");
        return;
    }
    pthread_detach(thread); /* it ends with the process */
    threads++;
    stats_add(WORKERS, 1);
}

/* Returns false if there is no thread that would ever take it. */
static bool put_job(struct job *job)
{
    pthread_mutex_lock(&lock);
    start_thread_if_needed(stats_read(QUEUED) + 1);
    bool taken = threads > 0;
    if (taken) {
        *last = job;
        last = &job->next;
        stats_add(QUEUED, 1);
        pthread_cond_signal(&arrived);
    }
    pthread_mutex_unlock(&lock);
    return taken;
}

struct job *run_in_executor(struct task *task, long (*work)(const struct request *),
                            const struct request *request)
{
    struct job *job = malloc(sizeof *job);

    if (!job)
        return NULL;
    *job = (struct job){
        .call = {.task = task}, .work = work, .request = request, .queued = trace_begin()};
    if (!put_job(job)) {
        job->result = work(request);
        slow_end(request);
        call_soon_threadsafe(&job->call); /* in the next turn, so the other tasks have theirs */
    }
    return job;
}
