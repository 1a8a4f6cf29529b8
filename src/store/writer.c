#include "store/writer.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "store/store.h"
#include "store_internal.h"
#include "writer_internal.h"

/*
 * writer.c - the one thread that writes: its queue and its life.  How it writes,
 * with group commit, is writer_batch.c.  The invariants are those of both.
 *
 * 1. Only the writer thread holds a connection that changes rows.
 * 2. `done` is called exactly once for each submitted job, after COMMIT has
 *    returned, or failed; no lock is held, and the job is not looked at again,
 *    because `done` may have given its memory back.
 * 3. When `done` runs, OK in job->result means the change is on disk; of a
 *    rehearsal it means that it would be, and nothing is.
 * 4. A failed job leaves no rows, and does not disturb its batch, though some of
 *    that may have to run again (job.h, is_repeatable); no other job ever does.  Two
 *    failures are not a job's own and fail all of the batch: an I/O error,
 *    and one after which SQLite has rolled everything back (a full disk).
 * 5. Reserve is the only step that can fail.  Whoever suspends a connection
 *    does so after reserve and before submit.
 * 6. Jobs run in the order in which they were submitted.
 * 7. A job does no I/O besides SQLite, and is short.  (A changed calendar and a
 *    rebuild take their time with the tickets: they happen a few times a year.)
 *
 * There is no waiting for company: what came while a batch was committed is
 * the next batch.  Whoever brings company or reads comes first where all want a core:
 * batches get fuller and reads wait less, but the writer is never without its share.
 */

#define WRITER_NICE 6 /* more than the process has */

static const char *const control_texts[WRITER_CONTROL_COUNT] = {
    [WRITER_BEGIN] = "BEGIN IMMEDIATE", [WRITER_COMMIT] = "COMMIT",
    [WRITER_ROLLBACK] = "ROLLBACK",     [WRITER_SAVEPOINT] = "SAVEPOINT job",
    [WRITER_RELEASE] = "RELEASE job",   [WRITER_ROLLBACK_TO] = "ROLLBACK TO job",
};

/* --- The queue, under the lock ----------------------------------------- */

/*
 * All jobs' waiting together grows by the length of the queue times the time
 * it had that length, so that no job needs to carry a time.
 */
static void
queue_count(struct writer *writer, int64_t change)
{
    int64_t now = writer_now_us();

    writer->stats.wait_us_total += writer->stats.waiting * (now - writer->queue_seen_us);
    writer->queue_seen_us = now;
    writer->stats.waiting += change;
}

static void
queue_put(struct writer *writer, struct job *job)
{
    job->next = NULL;
    *writer->last = job;
    writer->last = &job->next;
    queue_count(writer, 1);
}

struct job *
writer_queue_take(struct writer *writer)
{
    struct job *job = writer->first;

    if (job == NULL)
        return NULL;
    writer->first = job->next;
    if (writer->first == NULL)
        writer->last = &writer->first;
    job->next = NULL;
    writer->places--;
    writer->running++;
    queue_count(writer, -1);
    return job;
}

void
writer_signal_when_idle(struct writer *writer)
{
    if (writer->places == 0 && writer->running == 0)
        (void)pthread_cond_broadcast(&writer->is_idle);
}

/* --- The thread ------------------------------------------------------- */

static void *
writer_main(void *context)
{
    struct writer *writer = context;
    bool is_stopping = false;

    /* Of this thread alone, as Linux has it; without it all is right, only slower. */
    (void)nice(WRITER_NICE);
    while (!is_stopping) {
        writer_lock(writer);
        while (writer->first == NULL && !writer->is_stopping)
            (void)pthread_cond_wait(&writer->has_work, &writer->lock);
        is_stopping = writer->first == NULL;
        writer_unlock(writer);
        writer_run_batch(writer);
    }
    return NULL;
}

/* --- Opening and closing ----------------------------------------------- */

static enum err
open_connection(struct writer *writer)
{
    writer->arena = arena_new();
    if (writer->arena == NULL)
        return ERR_NO_MEMORY;
    TRY(db_open(writer->store, DB_WRITER, &writer->db));
    for (size_t i = 0; i < WRITER_CONTROL_COUNT; i++)
        TRY(db_prepare(writer->db, control_texts[i], &writer->control[i]));
    if (pthread_create(&writer->thread, NULL, writer_main, writer) != 0)
        return ERR_NO_MEMORY;
    writer->has_thread = true;
    return OK;
}

enum err
writer_open(struct store *store, struct writer **ret_writer)
{
    if (store->lock_file < 0)
        return ERR_STORE_READONLY; /* opened beside somebody who may write */
    struct writer *writer = calloc(1, sizeof *writer);

    if (writer == NULL)
        return ERR_NO_MEMORY;
    writer->store = store;
    writer->last = &writer->first;
    writer->queue_seen_us = writer_now_us();
    /* These cannot fail on Linux. */
    (void)pthread_mutex_init(&writer->lock, NULL);
    (void)pthread_cond_init(&writer->has_work, NULL);
    (void)pthread_cond_init(&writer->is_idle, NULL);
    enum err error = open_connection(writer);

    if (error != OK) {
        writer_free(writer);
        return error;
    }
    *ret_writer = writer;
    return OK;
}

void
writer_drain(struct writer *writer)
{
    assert(!writer_is_this_thread(writer)); /* it would wait for itself */
    writer_lock(writer);
    writer->is_draining = true;
    while (writer->places > 0 || writer->running > 0)
        (void)pthread_cond_wait(&writer->is_idle, &writer->lock);
    writer_unlock(writer);
}

void
writer_free(struct writer *writer)
{
    if (writer == NULL)
        return;
    if (writer->has_thread) {
        writer_drain(writer);
        writer_lock(writer);
        writer->is_stopping = true;
        (void)pthread_cond_signal(&writer->has_work);
        writer_unlock(writer);
        (void)pthread_join(writer->thread, NULL); /* ours, joined once */
    }
    for (size_t i = 0; i < WRITER_CONTROL_COUNT; i++)
        (void)sqlite3_finalize(writer->control[i]); /* repeats the last step's error */
    db_close(writer->db);
    arena_free(writer->arena);
    (void)pthread_cond_destroy(&writer->is_idle);
    (void)pthread_cond_destroy(&writer->has_work);
    (void)pthread_mutex_destroy(&writer->lock);
    free(writer);
}

/* --- For other threads ------------------------------------------------- */

enum err
writer_reserve(struct writer *writer)
{
    enum err error = OK;
    bool is_writable = store_is_writable(writer->store, &error);

    writer_lock(writer);
    if (writer->is_draining)
        error = ERR_SHUTTING_DOWN;
    else if (is_writable && writer->places >= writer->store->config->writer_queue)
        error = ERR_BUSY;
    if (error == OK)
        writer->places++;
    writer_unlock(writer);
    return error;
}

void
writer_unreserve(struct writer *writer)
{
    writer_lock(writer);
    writer->places--;
    assert(writer->places >= writer->stats.waiting);
    writer_signal_when_idle(writer);
    writer_unlock(writer);
}

void
writer_submit(struct writer *writer, struct job *job)
{
    assert(job->run != NULL && job->done != NULL);
    job->result = ERR_INTERNAL; /* until somebody says otherwise */
    writer_lock(writer);
    queue_put(writer, job);
    assert(writer->places >= writer->stats.waiting); /* reserved before */
    (void)pthread_cond_signal(&writer->has_work);
    writer_unlock(writer);
}

void
writer_on_commit(struct writer *writer, void (*tell)(void *context), void *context)
{
    writer_lock(writer);
    writer->tell = tell;
    writer->tell_context = context;
    writer_unlock(writer);
}

bool
writer_is_this_thread(const struct writer *writer)
{
    return writer->has_thread && pthread_equal(pthread_self(), writer->thread);
}

void
writer_stats(struct writer *writer, struct writer_stats *ret_stats)
{
    writer_lock(writer);
    queue_count(writer, 0);
    *ret_stats = writer->stats;
    writer_unlock(writer);
}
