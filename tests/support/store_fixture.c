#include "support/store_fixture.h"

#include <check.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/crypt.h"
#include "base/log.h"
#include "base/text.h"
#include "store/store_internal.h"

void
store_fixture_prepare(struct store_fixture *fixture)
{
    *fixture = (struct store_fixture){ .store = NULL };
    log_level_set((enum log_level)(LOG_ERROR + 1)); /* failures here are wanted */
    ck_assert_int_eq(crypt_start(), OK);
    tempdir_make(&fixture->dir);
    config_defaults(&fixture->config);
    tempdir_path(&fixture->dir, "var", fixture->config.data, sizeof fixture->config.data);
    fixture->config.checkpoint_ms = 10;
    fixture->config.disk_reserve_bytes = 0;
    fixture->config.upload_reserve_bytes = 0;
}

void
store_fixture_start(struct store_fixture *fixture)
{
    struct problem problem = { .value = "" };
    enum err error = store_open(&fixture->config, &fixture->store, &problem);

    ck_assert_msg(error == OK, "store_open: %s %s", err_code(error), problem.value);
    ck_assert_int_eq(writer_open(fixture->store, &fixture->writer), OK);
}

void
store_fixture_open(struct store_fixture *fixture)
{
    store_fixture_prepare(fixture);
    store_fixture_start(fixture);
}

void
store_fixture_stop(struct store_fixture *fixture)
{
    writer_free(fixture->writer);
    store_close(fixture->store);
    fixture->writer = NULL;
    fixture->store = NULL;
}

void
store_fixture_close(struct store_fixture *fixture)
{
    store_fixture_stop(fixture);
    tempdir_remove(&fixture->dir);
}

static enum err
run_sql(struct store_fixture *fixture, const char *sql, bool changes_rulebook)
{
    struct sql_job job;

    sql_job_init(&job, sql, NULL);
    job.job.changes_rulebook = changes_rulebook;
    return writer_run(fixture->writer, &job.job);
}

enum err
store_fixture_write(struct store_fixture *fixture, const char *sql)
{
    return run_sql(fixture, sql, true); /* it may be a row that a rulebook holds */
}

enum err
store_fixture_note(struct store_fixture *fixture, const char *name)
{
    char sql[200];

    ck_assert(
        text_format(sql, sizeof sql, "INSERT INTO setting VALUES ('%s', '')", name));
    return run_sql(fixture, sql, false);
}

int64_t
store_fixture_number(const struct tempdir *dir, const char *sql)
{
    char path[PATH_MAX];
    sqlite3 *handle = NULL;
    sqlite3_stmt *stmt = NULL;

    tempdir_path(dir, "var/yidan.db", path, sizeof path);
    ck_assert_int_eq(sqlite3_open_v2(path, &handle, SQLITE_OPEN_READONLY, NULL),
                     SQLITE_OK);
    ck_assert_msg(sqlite3_prepare_v2(handle, sql, -1, &stmt, NULL) == SQLITE_OK, "%s",
                  sqlite3_errmsg(handle));
    ck_assert_int_eq(sqlite3_step(stmt), SQLITE_ROW);
    int64_t number = sqlite3_column_int64(stmt, 0);

    ck_assert_int_eq(sqlite3_finalize(stmt), SQLITE_OK);
    ck_assert_int_eq(sqlite3_close(handle), SQLITE_OK);
    return number;
}

int64_t
store_fixture_noted(const struct tempdir *dir, const char *name)
{
    char sql[200];

    ck_assert(text_format(sql, sizeof sql,
                          "SELECT count(*) FROM setting WHERE name = '%s'", name));
    return store_fixture_number(dir, sql);
}

/* --- A door ------------------------------------------------------------ */

void
gate_init(struct gate *gate)
{
    *gate = (struct gate){ .lock = PTHREAD_MUTEX_INITIALIZER,
                           .moved = PTHREAD_COND_INITIALIZER };
}

void
gate_wait(struct gate *gate)
{
    (void)pthread_mutex_lock(&gate->lock);
    gate->waiting++;
    (void)pthread_cond_broadcast(&gate->moved);
    while (!gate->is_open)
        (void)pthread_cond_wait(&gate->moved, &gate->lock);
    (void)pthread_mutex_unlock(&gate->lock);
}

void
gate_await_waiting(struct gate *gate, int count)
{
    (void)pthread_mutex_lock(&gate->lock);
    while (gate->waiting < count)
        (void)pthread_cond_wait(&gate->moved, &gate->lock);
    (void)pthread_mutex_unlock(&gate->lock);
}

void
gate_open(struct gate *gate)
{
    (void)pthread_mutex_lock(&gate->lock);
    gate->is_open = true;
    (void)pthread_cond_broadcast(&gate->moved);
    (void)pthread_mutex_unlock(&gate->lock);
}

void
gate_count(struct gate *gate)
{
    (void)pthread_mutex_lock(&gate->lock);
    gate->passed++;
    (void)pthread_cond_broadcast(&gate->moved);
    (void)pthread_mutex_unlock(&gate->lock);
}

void
gate_await_passed(struct gate *gate, int count)
{
    (void)pthread_mutex_lock(&gate->lock);
    while (gate->passed < count)
        (void)pthread_cond_wait(&gate->moved, &gate->lock);
    (void)pthread_mutex_unlock(&gate->lock);
}

/* --- A job ------------------------------------------------------------- */

static atomic_int order; /* of everything that runs or is done */

static enum err
sql_job_run(struct txn *txn, struct job *job)
{
    struct sql_job *sql_job = job_as(job, struct sql_job);

    sql_job->ran_as = atomic_fetch_add(&order, 1) + 1;
    sql_job->run_count++;
    if (sql_job->before != NULL)
        gate_wait(sql_job->before);
    if (sql_job->sql != NULL)
        TRY(db_execute(txn->db, sql_job->sql));
    return sql_job->answer;
}

static void
sql_job_done(struct job *job)
{
    struct sql_job *sql_job = job_as(job, struct sql_job);

    sql_job->done_as = atomic_fetch_add(&order, 1) + 1;
    sql_job->done_count++;
    if (sql_job->after != NULL)
        gate_count(sql_job->after);
}

void
sql_job_init(struct sql_job *job, const char *sql, struct gate *after)
{
    *job = (struct sql_job){
        .job = { .name = "sql", .run = sql_job_run, .done = sql_job_done },
        .sql = sql,
        .answer = OK,
        .after = after
    };
}

void
sql_job_submit(struct store_fixture *fixture, struct sql_job *job)
{
    ck_assert_int_eq(writer_reserve(fixture->writer), OK);
    writer_submit(fixture->writer, &job->job);
}

void
sql_job_hold(struct store_fixture *fixture, struct sql_job *job, struct gate *door,
             struct gate *after)
{
    gate_init(door);
    sql_job_init(job, NULL, after);
    job->before = door;
    job->job.is_repeatable = true;
    sql_job_submit(fixture, job);
    gate_await_waiting(door, 1);
}

static void
count_done(struct job *job)
{
    gate_count(job->context);
}

enum err
store_fixture_run_twice(struct store_fixture *fixture, struct job *job)
{
    struct gate door, finished;
    struct sql_job holder, refused;

    ck_assert(job->is_repeatable && job->prepare == NULL);
    job->done = count_done;
    job->context = &finished;
    gate_init(&finished);
    sql_job_hold(fixture, &holder, &door, &finished);
    ck_assert_int_eq(writer_reserve(fixture->writer), OK);
    writer_submit(fixture->writer, job);
    sql_job_init(&refused, "INSERT INTO setting VALUES ('refused', '')", &finished);
    refused.answer = ERR_NOT_FOUND;
    refused.job.is_repeatable = true;
    sql_job_submit(fixture, &refused);
    gate_open(&door);
    gate_await_passed(&finished, 3);
    ck_assert_int_eq(holder.run_count, 2);
    return job->result;
}
