#include <check.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>

#include "store/query.h"
#include "store/store_internal.h"
#include "support/store_fixture.h"

/* Suite of src/store/writer.c and writer_batch.c; the numbers are its invariants. */

static struct store_fixture fx;

static void
open_store(void)
{
    store_fixture_open(&fx);
}

static void
close_store(void)
{
    store_fixture_close(&fx);
}

static struct writer_stats
stats(void)
{
    struct writer_stats now;

    writer_stats(fx.writer, &now);
    return now;
}

/* --- Batches ----------------------------------------------------------- */

#define JOBS 10

START_TEST(what_waits_during_a_commit_is_written_in_one_batch)
{
    struct gate door, finished;
    struct sql_job holder, jobs[JOBS];

    gate_init(&finished);
    sql_job_hold(&fx, &holder, &door, &finished);
    for (int i = 0; i < JOBS; i++) {
        sql_job_init(&jobs[i], "INSERT INTO setting VALUES (hex(randomblob(8)), '')",
                     &finished);
        sql_job_submit(&fx, &jobs[i]);
    }
    ck_assert_int_eq(stats().waiting, JOBS);
    gate_open(&door);
    gate_await_passed(&finished, JOBS + 1);
    writer_drain(fx.writer);

    struct writer_stats after = stats();

    ck_assert_int_eq(after.jobs, JOBS + 1);
    ck_assert_int_lt(after.batches, JOBS);
    ck_assert_int_eq(after.waiting, 0);
    ck_assert_int_ge(after.wait_us_total, 0);
    ck_assert_int_ge(after.commit_us_total, after.commit_us_max);
    ck_assert_int_eq(store_fixture_number(&fx.dir, "SELECT count(*) FROM setting"), JOBS);
}
END_TEST

START_TEST(a_batch_is_no_larger_than_its_setting)
{
    struct gate door, finished;
    struct sql_job holder, jobs[JOBS];

    fx.config.writer_batch = 3;
    gate_init(&finished);
    sql_job_hold(&fx, &holder, &door, &finished);
    for (int i = 0; i < JOBS; i++) {
        sql_job_init(&jobs[i], NULL, &finished);
        sql_job_submit(&fx, &jobs[i]);
    }
    gate_open(&door);
    gate_await_passed(&finished, JOBS + 1);
    writer_drain(fx.writer);
    ck_assert_int_eq(stats().batches, (JOBS + 1 + 2) / 3);
}
END_TEST

/* Invariants 2 and 6. */
START_TEST(jobs_run_and_are_done_once_in_the_order_of_submission)
{
    struct gate door, finished;
    struct sql_job holder, jobs[JOBS];

    gate_init(&finished);
    sql_job_hold(&fx, &holder, &door, &finished);
    for (int i = 0; i < JOBS; i++) {
        sql_job_init(&jobs[i], NULL, &finished);
        jobs[i].answer = i % 3 == 1 ? ERR_NOT_FOUND : OK;
        sql_job_submit(&fx, &jobs[i]);
    }
    gate_open(&door);
    gate_await_passed(&finished, JOBS + 1);
    for (int i = 0; i < JOBS; i++) {
        const struct sql_job *before = i == 0 ? &holder : &jobs[i - 1];

        ck_assert_int_lt(before->ran_as, jobs[i].ran_as);
        ck_assert_int_lt(before->done_as, jobs[i].done_as);
        ck_assert_int_eq(jobs[i].done_count, 1);
    }
}
END_TEST

/* Invariant 4. */
START_TEST(a_failed_job_leaves_no_rows_and_its_batch_is_written)
{
    struct gate door, finished;
    struct sql_job holder, good, refused, broken, last;

    gate_init(&finished);
    sql_job_hold(&fx, &holder, &door, &finished);
    sql_job_init(&good, "INSERT INTO setting VALUES ('good', '')", &finished);
    sql_job_init(&refused, "INSERT INTO setting VALUES ('refused', '')", &finished);
    refused.answer = ERR_TICKET_VERSION_CONFLICT;
    sql_job_init(&broken,
                 "INSERT INTO setting VALUES ('broken', '');"
                 "INSERT INTO setting VALUES ('good', 'twice');",
                 &finished);
    sql_job_init(&last, "INSERT INTO setting VALUES ('last', '')", &finished);
    sql_job_submit(&fx, &good);
    sql_job_submit(&fx, &refused);
    sql_job_submit(&fx, &broken);
    sql_job_submit(&fx, &last);
    gate_open(&door);
    gate_await_passed(&finished, 5);
    writer_drain(fx.writer);
    ck_assert_int_eq(good.job.result, OK);
    ck_assert_int_eq(refused.job.result, ERR_TICKET_VERSION_CONFLICT);
    ck_assert_int_eq(broken.job.result, ERR_STORE);
    ck_assert_int_eq(last.job.result, OK);
    ck_assert_int_eq(store_fixture_number(&fx.dir, "SELECT count(*) FROM setting"), 2);
    ck_assert_int_eq(store_fixture_noted(&fx.dir, "good"), 1);
    ck_assert_int_eq(store_fixture_noted(&fx.dir, "last"), 1);
    ck_assert_int_eq(stats().failed_jobs, 2);
    ck_assert_int_eq(stats().batches, 1);
}
END_TEST

/* Invariant 3, seen by another connection before `done` returns. */
static void
look_whether_committed(struct job *job)
{
    struct sql_job *sql_job = job_as(job, struct sql_job);

    sql_job->done_count = store_fixture_noted(&fx.dir, "seen") == 1 ? 1 : -1;
    gate_count(sql_job->after);
}

START_TEST(done_runs_after_the_commit)
{
    struct gate finished;
    struct sql_job job;

    gate_init(&finished);
    sql_job_init(&job, "INSERT INTO setting VALUES ('seen', '')", &finished);
    job.job.done = look_whether_committed;
    sql_job_submit(&fx, &job);
    gate_await_passed(&finished, 1);
    ck_assert_int_eq(job.done_count, 1);
}
END_TEST

/* A done that gives the memory back and asks for more work at once. */
struct chained {
    struct sql_job *next;
    struct gate *finished;
    enum err reserved;
};

static void
submit_next(struct job *job)
{
    struct chained *chained = job->context;

    memset(job, 0x5A, sizeof *job); /* as free() might */
    chained->reserved = writer_reserve(fx.writer);
    if (chained->reserved == OK)
        writer_submit(fx.writer, &chained->next->job);
}

START_TEST(done_may_forget_its_job_and_submit_another)
{
    struct gate finished;
    struct sql_job first, second;
    struct chained chained = { .next = &second, .finished = &finished };

    gate_init(&finished);
    sql_job_init(&first, NULL, NULL);
    first.job.done = submit_next;
    first.job.context = &chained;
    sql_job_init(&second, "INSERT INTO setting VALUES ('second', '')", &finished);
    sql_job_submit(&fx, &first);
    gate_await_passed(&finished, 1);
    ck_assert_int_eq(chained.reserved, OK);
    ck_assert_int_eq(second.job.result, OK);
}
END_TEST

/* --- The queue --------------------------------------------------------- */

START_TEST(a_full_queue_is_busy_and_a_place_given_back_is_free)
{
    struct gate door, finished;
    struct sql_job holder, waiting;

    fx.config.writer_queue = 2;
    gate_init(&finished);
    sql_job_hold(&fx, &holder, &door, &finished);
    sql_job_init(&waiting, NULL, &finished);
    sql_job_submit(&fx, &waiting);
    ck_assert_int_eq(writer_reserve(fx.writer), OK);
    ck_assert_int_eq(writer_reserve(fx.writer), ERR_BUSY);
    writer_unreserve(fx.writer);
    ck_assert_int_eq(writer_reserve(fx.writer), OK);
    writer_unreserve(fx.writer);
    gate_open(&door);
    gate_await_passed(&finished, 2);
    writer_drain(fx.writer);
    ck_assert_int_eq(waiting.job.result, OK);
}
END_TEST

static void *
drain_in_thread(void *context)
{
    struct gate *drained = context;

    writer_drain(fx.writer);
    gate_count(drained);
    return NULL;
}

START_TEST(drain_waits_for_a_reserved_place_and_refuses_new_ones)
{
    struct gate finished, drained;
    struct sql_job late;
    pthread_t thread;

    gate_init(&finished);
    gate_init(&drained);
    ck_assert_int_eq(writer_reserve(fx.writer), OK);
    ck_assert_int_eq(pthread_create(&thread, NULL, drain_in_thread, &drained), 0);
    enum err refused = OK;

    while ((refused = writer_reserve(fx.writer)) == OK) { /* until it has begun */
        writer_unreserve(fx.writer);
        (void)sched_yield();
    }
    ck_assert_int_eq(refused, ERR_SHUTTING_DOWN);
    ck_assert_int_eq(drained.passed, 0);
    sql_job_init(&late, "INSERT INTO setting VALUES ('late', '')", &finished);
    writer_submit(fx.writer, &late.job);
    gate_await_passed(&drained, 1);
    ck_assert_int_eq(late.done_count, 1);
    ck_assert_int_eq(late.job.result, OK);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    ck_assert_int_eq(writer_reserve(fx.writer), ERR_SHUTTING_DOWN);
    ck_assert_int_eq(store_fixture_noted(&fx.dir, "late"), 1);
}
END_TEST

#define THREADS 4
#define EACH 50

static void *
write_many(void *context)
{
    atomic_int *good = context;

    for (int i = 0; i < EACH; i++)
        if (store_fixture_write(
                &fx, "INSERT INTO setting VALUES (hex(randomblob(16)), '')") == OK)
            (void)atomic_fetch_add(good, 1);
    return NULL;
}

START_TEST(many_threads_each_get_their_answer)
{
    pthread_t threads[THREADS];
    atomic_int good = 0;

    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, write_many, &good), 0);
    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
    ck_assert_int_eq(atomic_load(&good), THREADS * EACH);
    ck_assert_int_eq(store_fixture_number(&fx.dir, "SELECT count(*) FROM setting"),
                     THREADS * EACH);
}
END_TEST

/* --- prepare, leaks ---------------------------------------------------- */

static enum err
prepare_refuses(struct job *job)
{
    (void)job;
    return ERR_FORBIDDEN;
}

START_TEST(an_error_of_prepare_ends_the_job)
{
    struct sql_job job;

    sql_job_init(&job, "INSERT INTO setting VALUES ('never', '')", NULL);
    job.job.prepare = prepare_refuses;
    ck_assert_int_eq(writer_run(fx.writer, &job.job), ERR_FORBIDDEN);
    ck_assert_int_eq(job.ran_as, 0);
}
END_TEST

static enum err
leave_statement_open(struct txn *txn, struct job *job)
{
    bool has_row = false;

    (void)job;
    TRY(query_next(query(txn->db, Q_RULEBOOK_CHANNELS), &has_row));
    return has_row ? OK : ERR_NOT_FOUND;
}

START_TEST(a_statement_left_open_by_a_job_does_not_pin_the_log)
{
    struct job job = { .name = "leak", .run = leave_statement_open };

    ck_assert_int_eq(writer_run(fx.writer, &job), OK);
    ck_assert_int_eq(store_fixture_note(&fx, "after"), OK);
    ck_assert_int_eq(store_fixture_noted(&fx.dir, "after"), 1);
}
END_TEST

START_TEST(a_job_cannot_end_the_transaction_of_its_batch)
{
    struct gate door, finished;
    struct sql_job holder, good, rogue;

    gate_init(&finished);
    sql_job_hold(&fx, &holder, &door, &finished);
    sql_job_init(&good, "INSERT INTO setting VALUES ('good', '')", &finished);
    sql_job_init(&rogue, "INSERT INTO setting VALUES ('rogue', ''); COMMIT;", &finished);
    sql_job_submit(&fx, &good);
    sql_job_submit(&fx, &rogue);
    gate_open(&door);
    gate_await_passed(&finished, 3);
    ck_assert_int_ne(rogue.job.result, OK);
    ck_assert_int_eq(good.job.result == OK, store_fixture_noted(&fx.dir, "good") == 1);
    ck_assert_int_eq(store_fixture_noted(&fx.dir, "rogue"), 0);
    ck_assert_int_eq(store_fixture_note(&fx, "next"), OK);
}
END_TEST

/* --- Append-only, law of the connection -------------------------------- */

#define ADD_EVENT                                                                        \
    " INTO event (seq, at, actor_kind, actor_id, unit_id, type, version, payload, hash)" \
    " VALUES (1, 1, 'cli', 0, 0, 'x', 0, '{}', x'00')"

START_TEST(an_event_is_not_changed_deleted_or_replaced)
{
    static const char *const forbidden[] = {
        "UPDATE event SET at = 2",
        "DELETE FROM event",
        "INSERT OR REPLACE" ADD_EVENT,
        "REPLACE" ADD_EVENT,
        "INSERT" ADD_EVENT " ON CONFLICT (seq) DO UPDATE SET at = 2",
        "INSERT OR IGNORE" ADD_EVENT,
        "DROP TRIGGER event_no_update",
        "DROP TABLE event",
        "ALTER TABLE event RENAME TO happening",
    };

    ck_assert_int_eq(store_fixture_write(&fx, "INSERT" ADD_EVENT), OK);
    for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++)
        ck_assert_msg(store_fixture_write(&fx, forbidden[i]) == ERR_STORE, "%s",
                      forbidden[i]);
    ck_assert_int_eq(store_fixture_number(&fx.dir, "SELECT at FROM event WHERE seq = 1"),
                     1);
}
END_TEST

/* The triggers alone, for a connection without our authorizer. */
START_TEST(the_triggers_alone_keep_the_events)
{
    struct db *db = NULL;

    ck_assert_int_eq(store_fixture_write(&fx, "INSERT" ADD_EVENT), OK);
    ck_assert_int_eq(db_open(fx.store, DB_SETUP, &db), OK);
    ck_assert_int_eq(db_execute(db, "UPDATE event SET at = 2"), ERR_STORE);
    ck_assert_int_eq(db_execute(db, "DELETE FROM event"), ERR_STORE);
    ck_assert_int_eq(db_execute(db, "REPLACE" ADD_EVENT), ERR_STORE);
    db_close(db);
}
END_TEST

START_TEST(the_writer_changes_rows_and_nothing_else)
{
    static const char *const forbidden[] = {
        "CREATE TABLE other (id)",
        "CREATE TEMP TABLE other (id)",
        "DROP TABLE setting",
        "CREATE INDEX other ON setting (value)",
        "ATTACH ':memory:' AS other",
        "PRAGMA synchronous = OFF",
        "PRAGMA foreign_keys = OFF",
        "PRAGMA writable_schema = ON",
        "PRAGMA journal_mode = DELETE",
        "VACUUM",
        "REINDEX",
        "ANALYZE",
        "SELECT load_extension('x')",
        "INSERT INTO setting VALUES (\"in double quotes\", '')",
        "INSERT INTO category (code, parent, level, name) VALUES ('a', 'none', 2, '')",
    };

    for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++)
        ck_assert_msg(store_fixture_write(&fx, forbidden[i]) == ERR_STORE, "%s",
                      forbidden[i]);
    ck_assert_int_eq(store_fixture_note(&fx, "still"), OK);
}
END_TEST

START_TEST(a_write_outside_the_writers_commit_is_undone)
{
    struct db *db = NULL;

    ck_assert_int_eq(db_open(fx.store, DB_WRITER, &db), OK);
    ck_assert_int_eq(db_execute(db, "INSERT INTO setting VALUES ('stray', '')"),
                     ERR_STORE);
    db_close(db);
    ck_assert_int_eq(store_fixture_noted(&fx.dir, "stray"), 0);
}
END_TEST

Suite *
suite_writer(void)
{
    Suite *suite = suite_create("writer");
    TCase *batches = tcase_create("batches");
    TCase *law = tcase_create("law");

    tcase_add_checked_fixture(batches, open_store, close_store);
    tcase_set_timeout(batches, 60);
    tcase_add_test(batches, what_waits_during_a_commit_is_written_in_one_batch);
    tcase_add_test(batches, a_batch_is_no_larger_than_its_setting);
    tcase_add_test(batches, jobs_run_and_are_done_once_in_the_order_of_submission);
    tcase_add_test(batches, a_failed_job_leaves_no_rows_and_its_batch_is_written);
    tcase_add_test(batches, done_runs_after_the_commit);
    tcase_add_test(batches, done_may_forget_its_job_and_submit_another);
    tcase_add_test(batches, a_full_queue_is_busy_and_a_place_given_back_is_free);
    tcase_add_test(batches, drain_waits_for_a_reserved_place_and_refuses_new_ones);
    tcase_add_test(batches, many_threads_each_get_their_answer);
    tcase_add_test(batches, an_error_of_prepare_ends_the_job);
    tcase_add_test(batches, a_statement_left_open_by_a_job_does_not_pin_the_log);
    tcase_add_test(batches, a_job_cannot_end_the_transaction_of_its_batch);
    suite_add_tcase(suite, batches);

    tcase_add_checked_fixture(law, open_store, close_store);
    tcase_add_test(law, an_event_is_not_changed_deleted_or_replaced);
    tcase_add_test(law, the_triggers_alone_keep_the_events);
    tcase_add_test(law, the_writer_changes_rows_and_nothing_else);
    tcase_add_test(law, a_write_outside_the_writers_commit_is_undone);
    suite_add_tcase(suite, law);
    return suite;
}
