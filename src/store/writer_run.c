#include <assert.h>
#include <pthread.h>

#include "store/writer.h"
#include "store_internal.h"

/*
 * writer_run.c - one job from a thread that may wait for it.
 *
 * The waiter stands on the caller's stack.  wake_waiter() touches it under its
 * lock only, so it may go as soon as the caller has the lock again.
 */

struct waiter {
    pthread_mutex_t lock;
    pthread_cond_t is_done;
    bool has_result;
};

static void
wake_waiter(struct job *job)
{
    struct waiter *waiter = job->context;

    (void)pthread_mutex_lock(&waiter->lock);
    waiter->has_result = true;
    (void)pthread_cond_signal(&waiter->is_done);
    (void)pthread_mutex_unlock(&waiter->lock);
}

enum err
writer_run(struct writer *writer, struct job *job)
{
    struct waiter waiter = { .lock = PTHREAD_MUTEX_INITIALIZER,
                             .is_done = PTHREAD_COND_INITIALIZER };

    assert(!writer_is_this_thread(writer)); /* it would wait for itself */
    job->done = wake_waiter;
    /* cppcheck-suppress autoVariables ; nobody looks at it after we return */
    job->context = &waiter;
    job->result = job->prepare == NULL ? OK : job->prepare(job);
    if (job->result == OK)
        job->result = writer_reserve(writer);
    if (job->result != OK)
        return job->result;
    writer_submit(writer, job);
    (void)pthread_mutex_lock(&waiter.lock);
    while (!waiter.has_result)
        (void)pthread_cond_wait(&waiter.is_done, &waiter.lock);
    (void)pthread_mutex_unlock(&waiter.lock);
    (void)pthread_cond_destroy(&waiter.is_done);
    (void)pthread_mutex_destroy(&waiter.lock);
    return job->result;
}
