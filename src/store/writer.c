#include "store/writer.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/arena.h"
#include "base/log.h"
#include "store/rulebook.h"
#include "store/store.h"
#include "store_internal.h"

/*
 * writer.c - the one thread that writes, with group commit.
 *
 * 1. Only the writer thread holds a connection that changes rows.
 * 2. `done` is called exactly once for each submitted job, after COMMIT has
 *    returned, or failed; no lock is held, and the job is not looked at again,
 *    because `done` may have given its memory back.
 * 3. When `done` runs, OK in job->result means the change is on disk; of a
 *    rehearsal it means that it would be, and nothing is.
 * 4. A failed job leaves no rows, and does not disturb its batch.  Two
 *    failures are not a job's own and fail all of the batch: an I/O error,
 *    and one after which SQLite has rolled everything back (a full disk).
 * 5. Reserve is the only step that can fail.  Whoever suspends a connection
 *    does so after reserve and before submit.
 * 6. Jobs run in the order in which they were submitted.
 * 7. A job does no I/O besides SQLite, and is short.  (A changed calendar is the
 *    one that takes its time with the tickets: it happens a few times a year.)
 *
 * There is no waiting for company: what came while a batch was committed is
 * the next batch.
 */

/* The savepoint statements, prepared once; indexes of writer->control. */
enum control {
    CONTROL_BEGIN,
    CONTROL_COMMIT,
    CONTROL_ROLLBACK,
    CONTROL_SAVEPOINT,
    CONTROL_RELEASE,
    CONTROL_ROLLBACK_TO,
    CONTROL_COUNT
};

static const char *const control_texts[CONTROL_COUNT] = {
    [CONTROL_BEGIN] = "BEGIN IMMEDIATE", [CONTROL_COMMIT] = "COMMIT",
    [CONTROL_ROLLBACK] = "ROLLBACK",     [CONTROL_SAVEPOINT] = "SAVEPOINT job",
    [CONTROL_RELEASE] = "RELEASE job",   [CONTROL_ROLLBACK_TO] = "ROLLBACK TO job",
};

struct writer {
    struct store *store;
    struct db *db;
    struct arena *arena;
    sqlite3_stmt *control[CONTROL_COUNT];
    bool rulebook_is_old; /* it could not be loaded after a commit */
    pthread_t thread;
    bool has_thread;

    pthread_mutex_t lock; /* of all below */
    pthread_cond_t has_work;
    pthread_cond_t is_idle;
    struct job *first, **last; /* the queue */
    int64_t places;            /* reserved or in the queue: bounded by writer_queue */
    int64_t running;           /* taken from the queue, `done` has not returned */
    bool is_draining, is_stopping;
    void (*tell)(void *context); /* of each commit; NULL: nobody */
    void *tell_context;
    int64_t queue_seen_us; /* when `waiting` last changed */
    struct writer_stats stats;
};

/* The jobs of one transaction, in order. */
struct batch {
    struct job *first, **last;
    int64_t count;
    bool changes_rulebook;
};

static int64_t
now_us(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail for this clock */
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void
lock(struct writer *writer)
{
    (void)pthread_mutex_lock(&writer->lock); /* ours, initialised */
}

static void
unlock(struct writer *writer)
{
    (void)pthread_mutex_unlock(&writer->lock); /* ours, locked */
}

/* --- The queue, under the lock ----------------------------------------- */

/*
 * All jobs' waiting together grows by the length of the queue times the time
 * it had that length, so that no job needs to carry a time.
 */
static void
queue_count(struct writer *writer, int64_t change)
{
    int64_t now = now_us();

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

static struct job *
queue_take(struct writer *writer)
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

static void
signal_when_idle(struct writer *writer)
{
    if (writer->places == 0 && writer->running == 0)
        (void)pthread_cond_broadcast(&writer->is_idle);
}

/* --- One job ----------------------------------------------------------- */

static enum err
control(struct writer *writer, enum control which)
{
    return db_step(writer->db, writer->control[which]);
}

static void
log_failure(const struct writer *writer, const char *event, const char *name,
            enum err error)
{
    const struct db_failure *failure = &writer->db->failure;

    log_event(LOG_ERROR, event, log_text("job", name), log_text("error", err_code(error)),
              log_text("query", failure->query), log_int("sqlite", failure->code),
              log_text("message", failure->query == NULL ? NULL : failure->message));
}

/* Is the transaction of the batch gone, or not to be trusted (invariant 4)? */
static bool
is_batch_lost(const struct writer *writer)
{
    return sqlite3_get_autocommit(writer->db->handle) != 0 ||
           store_has_io_error(writer->store);
}

/* Is what the job wrote to be kept? */
static bool
is_kept(const struct job *job)
{
    return job->result == OK && !job->is_rehearsal;
}

/*
 * Undo what a job wrote.  The first one of a transaction is undone with it: its
 * beginning serves as the savepoint, which costs a copy of every changed page.
 */
static enum err
undo_job(struct writer *writer, bool is_first)
{
    if (!is_first)
        return control(writer, CONTROL_ROLLBACK_TO);
    TRY(control(writer, CONTROL_ROLLBACK));
    return control(writer, CONTROL_BEGIN);
}

/*
 * Run one job in its savepoint.  Its own failure is in job->result; what is
 * returned is a failure of the batch.
 */
static enum err
run_job(struct writer *writer, struct job *job, bool is_first)
{
    struct db *db = writer->db;
    struct txn txn = { .db = db, .store = writer->store, .arena = writer->arena };

    db->failure = (struct db_failure){ 0 };
    db->late_error = OK;
    if (!is_first)
        TRY(control(writer, CONTROL_SAVEPOINT));
    job->result = job->run(&txn, job);
    job->changes_rulebook = job->changes_rulebook || txn.changes_rulebook;

    /* Left open by an early return after an error; otherwise a mistake of ours. */
    const char *open_query =
        db->active == NULL ? NULL : query_texts[db->active - db->stmts].name;

    if (db_reset_all(db) > 0 && job->result == OK)
        log_event(LOG_ERROR, "statement_left_open", log_text("job", job->name),
                  log_text("query", open_query));
    if (job->result == OK)
        job->result = db->late_error;
    arena_reset(writer->arena);
    if (job->result != OK && err_status(job->result) >= 500)
        log_failure(writer, "job_failed", job->name, job->result);
    if (is_batch_lost(writer))
        return job->result == ERR_DISK_FULL ? ERR_DISK_FULL : ERR_STORE;
    if (!is_kept(job))
        TRY(undo_job(writer, is_first));
    return is_first ? OK : control(writer, CONTROL_RELEASE);
}

/* --- One batch --------------------------------------------------------- */

/* The next job of this batch, or NULL when it is full or nothing waits. */
static struct job *
batch_take(struct writer *writer, struct batch *batch)
{
    if (batch->count == writer->store->config->writer_batch || batch->changes_rulebook)
        return NULL;
    lock(writer);
    struct job *job = queue_take(writer);

    unlock(writer);
    if (job == NULL)
        return NULL;
    *batch->last = job;
    batch->last = &job->next;
    batch->count++;
    return job;
}

/* Every job of the batch has failed, whatever it said before. */
static void
batch_fail(struct batch *batch, enum err error)
{
    for (struct job *job = batch->first; job != NULL; job = job->next)
        job->result = error;
}

static void
count_commit(struct writer *writer, int64_t us)
{
    lock(writer);
    writer->stats.batches++;
    writer->stats.commit_us_total += us;
    if (us > writer->stats.commit_us_max)
        writer->stats.commit_us_max = us;
    unlock(writer);
}

static enum err
commit(struct writer *writer)
{
    int64_t started = now_us();

    writer->db->may_commit = true;
    enum err error = control(writer, CONTROL_COMMIT);

    writer->db->may_commit = false;
    assert(error != OK || sqlite3_get_autocommit(writer->db->handle));
    if (error == OK)
        count_commit(writer, now_us() - started);
    return error;
}

/* Jobs run and are committed; `job` is the first, the others wait in the queue. */
static enum err
batch_write(struct writer *writer, struct batch *batch, struct job *job)
{
    assert(sqlite3_get_autocommit(writer->db->handle)); /* nobody leaked one */
    TRY(control(writer, CONTROL_BEGIN));
    enum err error = OK;
    bool is_first = true; /* the transaction holds no rows yet */

    while (job != NULL && error == OK) {
        error = run_job(writer, job, is_first);
        is_first = is_first && !is_kept(job);
        if (job->result == OK && job->changes_rulebook && !job->is_rehearsal)
            batch->changes_rulebook = true; /* the last of its batch */
        if (error == OK)
            job = batch_take(writer, batch);
    }
    if (error == OK)
        error = commit(writer);
    if (error != OK && !sqlite3_get_autocommit(writer->db->handle))
        (void)control(writer,
                      CONTROL_ROLLBACK); /* told already; the next BEGIN would fail */
    return error;
}

/* Before the batch counts as done, so that writer_drain() waits for it. */
static void
tell_commit(struct writer *writer)
{
    lock(writer);
    void (*tell)(void *context) = writer->tell;
    void *context = writer->tell_context;

    unlock(writer);
    if (tell != NULL)
        tell(context);
}

/* Tell everybody, in order (invariant 2). */
static void
batch_done(struct writer *writer, struct batch *batch)
{
    int64_t failed = 0;

    for (struct job *job = batch->first, *next = NULL; job != NULL; job = next) {
        next = job->next;
        failed += job->result != OK;
        job->done(job);
    }
    lock(writer);
    writer->stats.jobs += batch->count;
    writer->stats.failed_jobs += failed;
    writer->running -= batch->count;
    assert(writer->running == 0);
    signal_when_idle(writer);
    unlock(writer);
}

/* The answer stands whether or not the new rulebook loads; then it is tried again. */
static void
reload_rulebook(struct writer *writer)
{
    enum err error = rulebook_reload(writer->store, writer->db);

    writer->rulebook_is_old = error != OK;
    if (error != OK)
        log_failure(writer, "rulebook_not_loaded", NULL, error);
    (void)db_reset_all(writer->db); /* after an error some are open */
}

/* Take what waits and write it.  Nothing waits: return at once. */
static void
run_batch(struct writer *writer)
{
    struct batch batch = { .first = NULL, .count = 0 };
    enum err error = OK;

    batch.last = &batch.first;
    struct job *job = batch_take(writer, &batch);

    if (job == NULL)
        return;
    writer->db->failure = (struct db_failure){ 0 };
    if (store_batch_begin(writer->store, &error)) {
        error = batch_write(writer, &batch, job);
        store_batch_end(writer->store);
        if (error != OK)
            log_failure(writer, "batch_failed", job->name, error);
    } else {
        while (batch_take(writer, &batch) != NULL)
            ; /* refused together */
        log_event(LOG_WARN, "batch_refused", log_text("error", err_code(error)),
                  log_int("jobs", batch.count));
    }
    if (error != OK)
        batch_fail(&batch, error);
    else if (batch.changes_rulebook || writer->rulebook_is_old)
        reload_rulebook(writer);
    changes_settle(writer->store);
    if (error == OK)
        tell_commit(writer);
    batch_done(writer, &batch);
}

static void *
writer_main(void *context)
{
    struct writer *writer = context;
    bool is_stopping = false;

    while (!is_stopping) {
        lock(writer);
        while (writer->first == NULL && !writer->is_stopping)
            (void)pthread_cond_wait(&writer->has_work, &writer->lock);
        is_stopping = writer->first == NULL;
        unlock(writer);
        run_batch(writer);
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
    for (size_t i = 0; i < CONTROL_COUNT; i++)
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
    writer->queue_seen_us = now_us();
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
    lock(writer);
    writer->is_draining = true;
    while (writer->places > 0 || writer->running > 0)
        (void)pthread_cond_wait(&writer->is_idle, &writer->lock);
    unlock(writer);
}

void
writer_free(struct writer *writer)
{
    if (writer == NULL)
        return;
    if (writer->has_thread) {
        writer_drain(writer);
        lock(writer);
        writer->is_stopping = true;
        (void)pthread_cond_signal(&writer->has_work);
        unlock(writer);
        (void)pthread_join(writer->thread, NULL); /* ours, joined once */
    }
    for (size_t i = 0; i < CONTROL_COUNT; i++)
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

    lock(writer);
    if (writer->is_draining)
        error = ERR_SHUTTING_DOWN;
    else if (is_writable && writer->places >= writer->store->config->writer_queue)
        error = ERR_BUSY;
    if (error == OK)
        writer->places++;
    unlock(writer);
    return error;
}

void
writer_unreserve(struct writer *writer)
{
    lock(writer);
    writer->places--;
    assert(writer->places >= writer->stats.waiting);
    signal_when_idle(writer);
    unlock(writer);
}

void
writer_submit(struct writer *writer, struct job *job)
{
    assert(job->run != NULL && job->done != NULL);
    job->result = ERR_INTERNAL; /* until somebody says otherwise */
    lock(writer);
    queue_put(writer, job);
    assert(writer->places >= writer->stats.waiting); /* reserved before */
    (void)pthread_cond_signal(&writer->has_work);
    unlock(writer);
}

void
writer_on_commit(struct writer *writer, void (*tell)(void *context), void *context)
{
    lock(writer);
    writer->tell = tell;
    writer->tell_context = context;
    unlock(writer);
}

bool
writer_is_this_thread(const struct writer *writer)
{
    return writer->has_thread && pthread_equal(pthread_self(), writer->thread);
}

void
writer_stats(struct writer *writer, struct writer_stats *ret_stats)
{
    lock(writer);
    queue_count(writer, 0);
    *ret_stats = writer->stats;
    unlock(writer);
}
