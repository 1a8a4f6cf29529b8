#include <check.h>
#include <stdlib.h>

#include "base/text.h"
#include "store/store_internal.h"
#include "support/store_fixture.h"

/*
 * Suite of what a batch does with a job that failed: src/store/writer_batch.c, invariant 4
 * of writer.c.
 */

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

/* --- Some jobs in one batch ------------------------------------------------------------- */

#define JOBS 12

struct wanted {
    char sql[200];
    bool is_repeatable, is_rehearsal, writes;
    enum err answer;
};

/* Behind a job that holds the writer, so that one batch takes all. */
static void
run_together(const struct wanted *wanted, int count, struct sql_job *jobs)
{
    struct gate door, finished;
    struct sql_job holder;

    gate_init(&finished);
    sql_job_hold(&fx, &holder, &door, &finished);
    for (int i = 0; i < count; i++) {
        sql_job_init(&jobs[i], wanted[i].writes ? wanted[i].sql : NULL, &finished);
        jobs[i].answer = wanted[i].answer;
        jobs[i].job.is_repeatable = wanted[i].is_repeatable;
        jobs[i].job.is_rehearsal = wanted[i].is_rehearsal;
        sql_job_submit(&fx, &jobs[i]);
    }
    gate_open(&door);
    gate_await_passed(&finished, count + 1);
}

static struct wanted
writes(const char *name, enum err answer)
{
    struct wanted wanted = { .is_repeatable = true, .writes = true, .answer = answer };

    ck_assert(text_format(wanted.sql, sizeof wanted.sql,
                          "INSERT INTO setting VALUES ('%s', '')", name));
    return wanted;
}

START_TEST(those_before_a_late_refusal_run_again_and_are_written_once)
{
    struct wanted wanted[] = { writes("a", OK), writes("b", OK),
                               writes("c", ERR_NOT_FOUND), writes("d", OK) };
    static const int runs[] = { 2, 2, 2, 1 };
    struct sql_job jobs[4];

    run_together(wanted, 4, jobs);
    for (int i = 0; i < 4; i++) {
        ck_assert_int_eq(jobs[i].job.result, wanted[i].answer);
        ck_assert_int_eq(jobs[i].run_count, runs[i]);
        ck_assert_int_eq(jobs[i].done_count, 1);
    }
    ck_assert_int_eq(
        store_fixture_number(&fx.dir, "SELECT count(*) FROM setting WHERE name != 'c'"),
        3);
    ck_assert_int_eq(store_fixture_noted(&fx.dir, "c"), 0);
}
END_TEST

START_TEST(a_refusal_before_the_first_row_lets_the_others_be)
{
    struct wanted wanted[] = { writes("a", OK), writes("b", ERR_NOT_FOUND),
                               writes("c", OK) };
    struct sql_job jobs[3];

    wanted[1].writes = false;
    run_together(wanted, 3, jobs);
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(jobs[i].run_count, 1);
    ck_assert_int_eq(store_fixture_number(&fx.dir, "SELECT count(*) FROM setting"), 2);
}
END_TEST

static enum err
write_and_complain(struct txn *txn, struct job *job)
{
    TRY(db_execute(txn->db, job_as(job, struct sql_job)->sql));
    return problem_add(&job->problem, "name", ERR_FIELD_MISSING, NULL);
}

START_TEST(what_a_job_complained_of_before_it_ran_again_is_told_once)
{
    struct gate door, finished;
    struct sql_job holder, good, bad;

    gate_init(&finished);
    sql_job_hold(&fx, &holder, &door, &finished);
    sql_job_init(&good, "INSERT INTO setting VALUES ('good', '')", &finished);
    sql_job_init(&bad, "INSERT INTO setting VALUES ('bad', '')", &finished);
    good.job.is_repeatable = bad.job.is_repeatable = true;
    bad.job.run = write_and_complain;
    sql_job_submit(&fx, &good);
    sql_job_submit(&fx, &bad);
    gate_open(&door);
    gate_await_passed(&finished, 3);
    ck_assert_int_eq(good.run_count, 2);
    ck_assert_int_eq(bad.job.result, ERR_FIELD_MISSING);
    ck_assert_int_eq(bad.job.problem.field_count, 1);
    ck_assert_int_eq(store_fixture_noted(&fx.dir, "bad"), 0);
}
END_TEST

/* --- Any mixture ------------------------------------------------------------------------ */

#define BATCHES 100

START_TEST(whatever_fails_only_what_succeeded_is_there_and_nothing_else_runs_twice)
{
    for (unsigned batch = 0; batch < BATCHES; batch++) {
        unsigned seed = 20261127 + batch;
        struct wanted wanted[JOBS];
        struct sql_job jobs[JOBS];

        for (int i = 0; i < JOBS; i++) {
            char name[20];

            ck_assert(text_format(name, sizeof name, "%u-%d", batch, i));
            wanted[i] = writes(name, rand_r(&seed) % 3 == 0 ? ERR_NOT_FOUND : OK);
            wanted[i].is_repeatable = rand_r(&seed) % 4 != 0;
            wanted[i].is_rehearsal = rand_r(&seed) % 8 == 0;
            wanted[i].writes = rand_r(&seed) % 4 != 0;
        }
        run_together(wanted, JOBS, jobs);
        for (int i = 0; i < JOBS; i++) {
            char name[20];

            ck_assert(text_format(name, sizeof name, "%u-%d", batch, i));
            ck_assert_int_eq(jobs[i].job.result, wanted[i].answer);
            ck_assert_int_eq(jobs[i].done_count, 1);
            ck_assert_int_le(jobs[i].run_count, wanted[i].is_repeatable ? 2 : 1);
            ck_assert_int_eq(store_fixture_noted(&fx.dir, name),
                             wanted[i].answer == OK && !wanted[i].is_rehearsal &&
                                 wanted[i].writes);
        }
        ck_assert_int_eq(store_fixture_write(&fx, "DELETE FROM setting"), OK);
    }
}
END_TEST

Suite *
suite_writer_undo(void)
{
    Suite *suite = suite_create("writer_undo");
    TCase *undo = tcase_create("undo");

    tcase_add_checked_fixture(undo, open_store, close_store);
    tcase_add_test(undo, those_before_a_late_refusal_run_again_and_are_written_once);
    tcase_add_test(undo, a_refusal_before_the_first_row_lets_the_others_be);
    tcase_add_test(undo, what_a_job_complained_of_before_it_ran_again_is_told_once);
    tcase_add_test(
        undo, whatever_fails_only_what_succeeded_is_there_and_nothing_else_runs_twice);
    suite_add_tcase(suite, undo);
    return suite;
}
