#include <assert.h>
#include <sched.h>

#include "base/arena.h"
#include "base/log.h"
#include "store/rulebook.h"
#include "store/store.h"
#include "writer_internal.h"

/*
 * writer_batch.c - jobs that can each be undone, and many of them in one commit.  Its
 * invariants are 2, 3, 4 and 7 of writer.c.
 */

/* The jobs of one transaction, in order. */
struct batch {
    struct job *first, **last;
    int64_t count;
    bool changes_rulebook;
    bool has_kept;     /* what a job wrote is to be committed */
    bool has_onces;    /* a job that may not run again has run */
    bool is_careful;   /* each in a savepoint from now on */
    bool must_restart; /* what a job wrote can only be undone with all the rest */
};

/* How what a job wrote is undone. */
enum undo {
    UNDO_ALL,     /* with the transaction, which holds nothing else */
    UNDO_JOB,     /* back to its savepoint, which costs a copy of every changed page */
    UNDO_RESTART, /* with the transaction, and the jobs before it run again */
};

/* --- One job ----------------------------------------------------------- */

static enum err
control(struct writer *writer, enum writer_control which)
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

/* Is the transaction of the batch gone, or not to be trusted (writer.c 4)? */
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

/* Hardly a job is refused after its first row: those that may run again need no savepoint. */
static enum undo
undo_of(const struct batch *batch, const struct job *job)
{
    if (!batch->has_kept)
        return UNDO_ALL;
    return batch->is_careful || batch->has_onces || !job->is_repeatable ? UNDO_JOB
                                                                        : UNDO_RESTART;
}

static enum err
begin_anew(struct writer *writer)
{
    TRY(control(writer, WRITER_ROLLBACK));
    return control(writer, WRITER_BEGIN);
}

/* The job itself; its own failure is in job->result. */
static void
call_job(struct writer *writer, struct job *job)
{
    struct db *db = writer->db;
    struct txn txn = { .db = db, .store = writer->store, .arena = writer->arena };

    db->failure = (struct db_failure){ 0 };
    db->late_error = OK;
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
}

/* Run one job so that it can be undone.  What is returned is a failure of the batch. */
static enum err
run_job(struct writer *writer, struct batch *batch, struct job *job)
{
    enum undo undo = undo_of(batch, job);
    int64_t rows_before = sqlite3_total_changes64(writer->db->handle);

    if (undo == UNDO_JOB)
        TRY(control(writer, WRITER_SAVEPOINT));
    call_job(writer, job);
    batch->has_onces = batch->has_onces || !job->is_repeatable;
    if (is_batch_lost(writer))
        return job->result == ERR_DISK_FULL ? ERR_DISK_FULL : ERR_STORE;
    if (is_kept(job))
        batch->has_kept = true;
    else if (undo == UNDO_ALL)
        TRY(begin_anew(writer));
    else if (undo == UNDO_JOB)
        TRY(control(writer, WRITER_ROLLBACK_TO));
    else
        batch->must_restart =
            err_status(job->result) >= 500 || /* a broken statement counts no rows */
            sqlite3_total_changes64(writer->db->handle) != rows_before;
    return undo == UNDO_JOB ? control(writer, WRITER_RELEASE) : OK;
}

/* From the first job to `last`, once more on what was there before, in savepoints. */
static enum err
run_again(struct writer *writer, struct batch *batch, const struct job *last)
{
    log_event(LOG_WARN, "batch_restarted", log_text("job", last->name),
              log_text("error", err_code(last->result)));
    TRY(begin_anew(writer));
    batch->has_kept = false;
    batch->is_careful = true;
    batch->must_restart = false;
    for (struct job *job = batch->first;; job = job->next) {
        job->problem = (struct problem){ 0 };
        job->needs_no_reader = false;
        TRY(run_job(writer, batch, job));
        if (job == last)
            return OK;
    }
}

/* --- One batch --------------------------------------------------------- */

/* The next job of this batch, or NULL when it is full or nothing waits. */
static struct job *
batch_take(struct writer *writer, struct batch *batch)
{
    if (batch->count == writer->store->config->writer_batch || batch->changes_rulebook)
        return NULL;
    writer_lock(writer);
    struct job *job = writer_queue_take(writer);

    writer_unlock(writer);
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
    writer_lock(writer);
    writer->stats.batches++;
    writer->stats.commit_us_total += us;
    if (us > writer->stats.commit_us_max)
        writer->stats.commit_us_max = us;
    writer_unlock(writer);
}

static enum err
commit(struct writer *writer)
{
    int64_t started = writer_now_us();

    writer->db->may_commit = true;
    enum err error = control(writer, WRITER_COMMIT);

    writer->db->may_commit = false;
    assert(error != OK || sqlite3_get_autocommit(writer->db->handle));
    if (error == OK)
        count_commit(writer, writer_now_us() - started);
    return error;
}

void
writer_give_way(void)
{
    (void)sched_yield(); /* cannot fail on Linux */
}

/* Jobs run and are committed; `job` is the first, the others wait in the queue. */
static enum err
batch_write(struct writer *writer, struct batch *batch, struct job *job)
{
    assert(sqlite3_get_autocommit(writer->db->handle)); /* nobody leaked one */
    TRY(control(writer, WRITER_BEGIN));
    enum err error = OK;

    while (job != NULL && error == OK) {
        error = run_job(writer, batch, job);
        if (error == OK && batch->must_restart)
            error = run_again(writer, batch, job);
        if (job->result == OK && job->changes_rulebook && !job->is_rehearsal)
            batch->changes_rulebook = true; /* the last of its batch */
        writer_give_way();
        if (error == OK)
            job = batch_take(writer, batch);
    }
    if (error == OK)
        error = commit(writer);
    if (error != OK && !sqlite3_get_autocommit(writer->db->handle))
        (void)control(writer,
                      WRITER_ROLLBACK); /* told already; the next BEGIN would fail */
    return error;
}

/* Before the batch counts as done, so that writer_drain() waits for it. */
static void
tell_commit(struct writer *writer)
{
    writer_lock(writer);
    void (*tell)(void *context) = writer->tell;
    void *context = writer->tell_context;

    writer_unlock(writer);
    if (tell != NULL)
        tell(context);
}

/* Tell everybody, in order (writer.c 2). */
static void
batch_done(struct writer *writer, struct batch *batch)
{
    int64_t failed = 0;

    for (struct job *job = batch->first, *next = NULL; job != NULL; job = next) {
        next = job->next;
        failed += job->result != OK;
        job->done(job);
    }
    writer_lock(writer);
    writer->stats.jobs += batch->count;
    writer->stats.failed_jobs += failed;
    writer->running -= batch->count;
    assert(writer->running == 0);
    writer_signal_when_idle(writer);
    writer_unlock(writer);
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

void
writer_run_batch(struct writer *writer)
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
    checkpoint_rest(writer->db);
}
