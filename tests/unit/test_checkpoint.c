#include <check.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/stat.h>

#include "base/text.h"
#include "store/store_internal.h"
#include "support/fault_vfs.h"
#include "support/store_fixture.h"

/* Suite of src/store/checkpoint.c: the log is moved, and begins anew. */

static struct store_fixture fx;

static void
look_every(int64_t ms)
{
    store_fixture_stop(&fx);
    fx.config.checkpoint_ms = ms;
    store_fixture_start(&fx);
}

/* Write some two hundred pages; how long the log is then, in bytes. */
static int64_t
log_after_many_pages(void)
{
    struct gate finished;
    struct sql_job job;
    struct stat log;

    gate_init(&finished);
    sql_job_init(&job,
                 "INSERT INTO setting WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT "
                 "i + 1 FROM n WHERE i < 200) SELECT hex(randomblob(1500)), '' FROM n",
                 &finished);
    sql_job_submit(&fx, &job);
    gate_await_passed(&finished, 1);
    ck_assert_int_eq(job.job.result, OK);
    ck_assert_int_eq(stat(fx.store->wal, &log), 0);
    return log.st_size;
}

START_TEST(a_long_log_that_is_moved_but_for_its_end_begins_anew)
{
    look_every(3600000); /* nobody else moves it */
    int64_t before = log_after_many_pages();
    int64_t grown = log_after_many_pages();

    ck_assert_int_gt(grown, before);
    atomic_store(&fx.store->is_log_long, true);
    ck_assert_int_eq(store_fixture_note(&fx, "the writer has a look when it is done"),
                     OK);
    ck_assert_int_le(log_after_many_pages(), grown + 16 * 4120);
    ck_assert(!atomic_load(&fx.store->is_log_long));
    ck_assert_int_eq(store_fixture_number(&fx.dir, "SELECT count(*) FROM setting"), 601);
}
END_TEST

/* Move what can be moved, on a connection of its own: is it all? */
static bool
move_log(sqlite3 *db)
{
    int log_pages = 0;
    int moved_pages = 0;

    ck_assert_int_eq(sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_PASSIVE,
                                               &log_pages, &moved_pages),
                     SQLITE_OK);
    ck_assert_int_gt(log_pages, 0);
    return log_pages == moved_pages;
}

/* What checkpoint.c 4 rests upon. */
START_TEST(a_log_that_is_read_does_not_begin_anew_though_all_of_it_is_moved)
{
    sqlite3 *db, *other;
    sqlite3_stmt *snapshot;

    look_every(3600000); /* nobody else moves it */
    ck_assert_int_eq(sqlite3_open(fx.store->database, &db), SQLITE_OK);
    ck_assert_int_eq(sqlite3_open(fx.store->database, &other), SQLITE_OK);
    /* Only a connection that has read the file once knows that it has a log. */
    ck_assert_int_eq(sqlite3_exec(other, "SELECT 1 FROM sqlite_schema", NULL, NULL, NULL),
                     SQLITE_OK);
    ck_assert_int_eq(
        sqlite3_prepare_v2(db, "SELECT 1 FROM sqlite_schema", -1, &snapshot, NULL),
        SQLITE_OK);
    int64_t before = log_after_many_pages();

    ck_assert_int_eq(sqlite3_step(snapshot), SQLITE_ROW);
    ck_assert(move_log(other));
    int64_t grown = log_after_many_pages();

    ck_assert_int_gt(grown, before);
    ck_assert_int_eq(sqlite3_reset(snapshot), SQLITE_OK);
    ck_assert(move_log(other));
    ck_assert_int_eq(log_after_many_pages(), grown);
    ck_assert_int_eq(sqlite3_finalize(snapshot), SQLITE_OK);
    ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
    ck_assert_int_eq(sqlite3_close(other), SQLITE_OK);
}
END_TEST

/* --- A log that begins anew at the worst moment ------------------------------------ */

#define ROUNDS 12
#define PAGES_ROUNDS 5 /* of two hundred pages: long enough to be begun anew */

static pthread_t writer_thread;
static pthread_mutex_t between = PTHREAD_MUTEX_INITIALIZER;
static bool is_over; /* under between, as the next two */
static int notes, looks;

static enum err
note_thread(struct txn *txn, struct job *job)
{
    (void)txn;
    (void)job;
    writer_thread = pthread_self();
    return OK;
}

/*
 * Somebody writes when a checkpoint has read how long the log is and has moved
 * nothing yet; each other time, so that a log is moved to its end now and then.
 */
static void
write_in_between(void)
{
    char name[32];

    if (pthread_equal(pthread_self(), writer_thread))
        return;
    (void)pthread_mutex_lock(&between);
    if (!is_over && looks++ % 2 == 1) {
        (void)text_format(name, sizeof name, "between %d", notes++);
        ck_assert_int_eq(store_fixture_note(&fx, name), OK);
    }
    (void)pthread_mutex_unlock(&between);
}

START_TEST(what_is_written_while_a_checkpoint_begins_is_not_lost)
{
    struct job who = { .name = "who", .run = note_thread };
    char name[32];

    look_every(1);
    ck_assert_int_eq(writer_run(fx.writer, &who), OK);
    fault_vfs_on_checkpoint(write_in_between);
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < PAGES_ROUNDS; i++)
            (void)log_after_many_pages();
        (void)text_format(name, sizeof name, "round %d", round);
        ck_assert_int_eq(store_fixture_note(&fx, name), OK);
    }
    (void)pthread_mutex_lock(&between);
    is_over = true;
    (void)pthread_mutex_unlock(&between);
    store_fixture_stop(&fx);
    store_fixture_start(&fx);
    ck_assert_int_gt(notes, 0);
    ck_assert_int_eq(store_fixture_number(&fx.dir, "SELECT count(*) FROM setting"),
                     ROUNDS * (PAGES_ROUNDS * 200 + 1) + notes);
    ck_assert_int_eq(store_fixture_number(&fx.dir,
                                          "SELECT count(*) FROM pragma_integrity_check"
                                          " WHERE integrity_check <> 'ok'"),
                     0);
}
END_TEST

static void
open_store(void)
{
    fault_vfs_install();
    store_fixture_open(&fx);
}

static void
close_store(void)
{
    store_fixture_close(&fx);
}

Suite *
suite_checkpoint(void)
{
    Suite *suite = suite_create("checkpoint");
    TCase *log = tcase_create("log");

    tcase_add_checked_fixture(log, open_store, close_store);
    tcase_set_timeout(log, 60);
    tcase_add_test(log, a_long_log_that_is_moved_but_for_its_end_begins_anew);
    tcase_add_test(log, a_log_that_is_read_does_not_begin_anew_though_all_of_it_is_moved);
    tcase_add_test(log, what_is_written_while_a_checkpoint_begins_is_not_lost);
    suite_add_tcase(suite, log);
    return suite;
}
