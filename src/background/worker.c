#include "background/worker.h"

#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "store/job.h"
#include "store/writer.h"

/*
 * worker.c - threads for what is slow before a write.
 *
 * 1. Every job offloaded is submitted to its writer or gets `done`, once.
 * 2. No lock is held while a job's own code, the writer or `done` runs.
 * 3. Jobs start in the order they came; two may overtake each other after that.
 * 4. Whoever reads or writes meanwhile comes first: a password takes a core for
 *    tens of milliseconds, and several people signing in would take all cores.
 *    Not lower than this, for a worker holds locks that others wait for.
 */

#define WORKER_NICE 10 /* more than the process has */

/* What waits; the job's own `next` belongs to the writer's queue. */
struct task {
    struct job *job;
    struct writer *writer;
};

struct workers {
    pthread_mutex_t lock; /* of all below */
    pthread_cond_t is_waiting, is_idle;
    struct task *tasks; /* a ring of `room` */
    int room, first, count;
    int running;
    bool is_stopping;
    int thread_count;
    pthread_t threads[];
};

static void
fail(struct writer *writer, struct job *job, enum err err)
{
    writer_unreserve(writer);
    job->result = err;
    job->done(job);
}

static void
run(struct task task)
{
    enum err err = task.job->prepare(task.job);

    if (err == OK)
        writer_submit(task.writer, task.job);
    else
        fail(task.writer, task.job, err);
}

static void *
work(void *context)
{
    struct workers *workers = context;

    /* Of this thread alone, as Linux has it; without it all is right, only slower. */
    (void)nice(WORKER_NICE);
    pthread_mutex_lock(&workers->lock);
    for (;;) {
        while (workers->count == 0 && !workers->is_stopping)
            pthread_cond_wait(&workers->is_waiting, &workers->lock);
        if (workers->count == 0)
            break;
        struct task task = workers->tasks[workers->first];

        workers->first = (workers->first + 1) % workers->room;
        workers->count--;
        workers->running++;
        pthread_mutex_unlock(&workers->lock);
        run(task);
        pthread_mutex_lock(&workers->lock);
        workers->running--;
        if (workers->count == 0 && workers->running == 0)
            pthread_cond_broadcast(&workers->is_idle);
    }
    pthread_mutex_unlock(&workers->lock);
    return NULL;
}

enum err
workers_start(int threads, int room, struct workers **ret_workers)
{
    assert(threads > 0 && room > 0);
    struct workers *workers =
        calloc(1, sizeof *workers + (size_t)threads * sizeof workers->threads[0]);

    if (workers == NULL)
        return ERR_NO_MEMORY;
    workers->tasks = calloc((size_t)room, sizeof *workers->tasks);
    if (workers->tasks == NULL) {
        free(workers);
        return ERR_NO_MEMORY;
    }
    workers->room = room;
    pthread_mutex_init(&workers->lock, NULL);
    pthread_cond_init(&workers->is_waiting, NULL);
    pthread_cond_init(&workers->is_idle, NULL);
    for (int i = 0; i < threads; i++) {
        if (pthread_create(&workers->threads[i], NULL, work, workers) != 0) {
            workers_free(workers);
            return ERR_NO_MEMORY;
        }
        workers->thread_count++;
    }
    *ret_workers = workers;
    return OK;
}

void
workers_offload(void *workers, struct writer *writer, struct job *job)
{
    struct workers *own = workers;

    pthread_mutex_lock(&own->lock);
    bool is_full = own->count == own->room;
    if (!is_full) {
        int last = (own->first + own->count) % own->room;

        own->tasks[last] = (struct task){ job, writer };
        own->count++;
        pthread_cond_signal(&own->is_waiting);
    }
    pthread_mutex_unlock(&own->lock);
    if (is_full)
        fail(writer, job, ERR_BUSY);
}

void
workers_drain(struct workers *workers)
{
    pthread_mutex_lock(&workers->lock);
    while (workers->count > 0 || workers->running > 0)
        pthread_cond_wait(&workers->is_idle, &workers->lock);
    pthread_mutex_unlock(&workers->lock);
}

void
workers_free(struct workers *workers)
{
    if (workers == NULL)
        return;
    pthread_mutex_lock(&workers->lock);
    workers->is_stopping = true;
    pthread_cond_broadcast(&workers->is_waiting);
    pthread_mutex_unlock(&workers->lock);
    for (int i = 0; i < workers->thread_count; i++)
        pthread_join(workers->threads[i], NULL);
    pthread_cond_destroy(&workers->is_idle);
    pthread_cond_destroy(&workers->is_waiting);
    pthread_mutex_destroy(&workers->lock);
    free(workers->tasks);
    free(workers);
}
