#include <check.h>
#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include "background/worker.h"
#include "support/store_fixture.h"

/* Suite of src/background/worker.c. */

static struct store_fixture fx;
static struct workers *workers;

static void
open_workers(void)
{
    store_fixture_open(&fx);
    ck_assert_int_eq(workers_start(2, 4, &workers), OK);
}

static void
close_workers(void)
{
    workers_free(workers);
    store_fixture_close(&fx);
}

/* A job with slow work, which waits at a gate. */
struct slow_job {
    struct job job;
    struct gate *gate; /* may be NULL */
    enum err prepared; /* what prepare answers */
    pthread_t prepared_by, ran_on;
    int prepared_nice, ran_nice;
    int done_count;
    struct gate *done;
};

static enum err
slow_prepare(struct job *job)
{
    struct slow_job *slow = job_as(job, struct slow_job);

    slow->prepared_by = pthread_self();
    slow->prepared_nice = getpriority(PRIO_PROCESS, (id_t)gettid());
    if (slow->gate != NULL)
        gate_wait(slow->gate);
    return slow->prepared;
}

static enum err
slow_run(struct txn *txn, struct job *job)
{
    struct slow_job *slow = job_as(job, struct slow_job);

    (void)txn; /* it writes nothing */
    slow->ran_on = pthread_self();
    slow->ran_nice = getpriority(PRIO_PROCESS, (id_t)gettid());
    return OK;
}

static void
slow_done(struct job *job)
{
    struct slow_job *slow = job_as(job, struct slow_job);

    slow->done_count++;
    gate_count(slow->done);
}

static struct slow_job
make(struct gate *gate, struct gate *done, enum err prepared)
{
    return (struct slow_job){
        .job = { .name = "slow",
                 .prepare = slow_prepare,
                 .run = slow_run,
                 .done = slow_done },
        .gate = gate,
        .prepared = prepared,
        .done = done,
    };
}

static void
offload(struct slow_job *job)
{
    ck_assert_int_eq(writer_reserve(fx.writer), OK);
    workers_offload(workers, fx.writer, &job->job);
}

START_TEST(slow_work_runs_on_a_worker_and_the_write_on_the_writer)
{
    struct gate done;

    gate_init(&done);
    struct slow_job job = make(NULL, &done, OK);
    offload(&job);
    gate_await_passed(&done, 1);
    ck_assert_int_eq(job.job.result, OK);
    ck_assert(!pthread_equal(job.prepared_by, pthread_self()));
    ck_assert(!pthread_equal(job.prepared_by, job.ran_on));
    /* Readers and the writer come first; a test may run at the lowest rank itself. */
    int own = getpriority(PRIO_PROCESS, 0);

    ck_assert_int_ge(job.ran_nice, own);
    ck_assert(job.prepared_nice > job.ran_nice || job.ran_nice == PRIO_MAX - 1);
}
END_TEST

START_TEST(a_failed_preparation_is_the_result_and_gives_the_place_back)
{
    struct gate done;

    gate_init(&done);
    struct slow_job job = make(NULL, &done, ERR_NO_MEMORY);
    offload(&job);
    gate_await_passed(&done, 1);
    ck_assert_int_eq(job.job.result, ERR_NO_MEMORY);
    workers_drain(workers);
    writer_drain(fx.writer); /* would wait for a place still held */
    ck_assert_int_eq(job.done_count, 1);
}
END_TEST

START_TEST(two_preparations_run_at_once_and_no_more)
{
    struct slow_job jobs[4];
    struct gate gate, done;

    gate_init(&gate);
    gate_init(&done);
    for (int i = 0; i < 4; i++) {
        jobs[i] = make(&gate, &done, OK);
        offload(&jobs[i]);
    }
    gate_await_waiting(&gate, 2);
    ck_assert_int_eq(gate.waiting, 2);
    gate_open(&gate);
    gate_await_passed(&done, 4);
    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(jobs[i].done_count, 1);
}
END_TEST

START_TEST(more_than_the_room_is_refused_as_busy)
{
    struct slow_job jobs[7];
    struct gate gate, done;

    gate_init(&gate);
    gate_init(&done);
    for (int i = 0; i < 2; i++) {
        jobs[i] = make(&gate, &done, OK);
        offload(&jobs[i]);
    }
    gate_await_waiting(&gate, 2);
    for (int i = 2; i < 7; i++) {
        jobs[i] = make(&gate, &done, OK);
        offload(&jobs[i]);
    }
    gate_await_passed(&done, 1);
    ck_assert_int_eq(jobs[6].job.result, ERR_BUSY);
    gate_open(&gate);
    gate_await_passed(&done, 7);
    for (int i = 0; i < 6; i++)
        ck_assert_int_eq(jobs[i].job.result, OK);
}
END_TEST

START_TEST(stopping_finishes_what_waits)
{
    struct slow_job jobs[4];
    struct gate done;

    gate_init(&done);
    for (int i = 0; i < 4; i++) {
        jobs[i] = make(NULL, &done, OK);
        offload(&jobs[i]);
    }
    writer_drain(fx.writer);
    workers_free(workers);
    workers = NULL;
    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(jobs[i].done_count, 1);
}
END_TEST

Suite *
suite_worker(void)
{
    Suite *suite = suite_create("worker");
    TCase *tests = tcase_create("worker");

    tcase_add_checked_fixture(tests, open_workers, close_workers);
    tcase_add_test(tests, slow_work_runs_on_a_worker_and_the_write_on_the_writer);
    tcase_add_test(tests, a_failed_preparation_is_the_result_and_gives_the_place_back);
    tcase_add_test(tests, two_preparations_run_at_once_and_no_more);
    tcase_add_test(tests, more_than_the_room_is_refused_as_busy);
    tcase_add_test(tests, stopping_finishes_what_waits);
    suite_add_tcase(suite, tests);
    return suite;
}
