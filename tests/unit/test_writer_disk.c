#include <check.h>
#include <sched.h>

#include "base/text.h"
#include "base/timeutil.h"
#include "support/fault_vfs.h"
#include "support/store_fixture.h"

/* Suite of src/store/writer.c and checkpoint.c on disks that fail or fill up. */

#define JOBS 10

static struct store_fixture fx;

/* Write `name` until the store has healed: it does so by itself. */
static enum err
note_when_healed(const char *name)
{
    int64_t until_ms = time_monotonic_ms() + 10000;
    enum err error = OK;

    do {
        error = store_fixture_note(&fx, name);
        (void)sched_yield();
    } while (error != OK && time_monotonic_ms() < until_ms);
    return error;
}

START_TEST(a_failed_flush_is_never_ok_and_writes_wait_for_a_checkpoint)
{
    enum err reason = OK;

    ck_assert_int_eq(store_fixture_note(&fx, "before"), OK);
    store_fixture_stop(&fx);
    store_fixture_start(
        &fx); /* the log is empty: the writer meets the fault, nobody else */
    fault_vfs_arm(FAULT_EIO, 1, true);
    ck_assert_int_eq(store_fixture_note(&fx, "lost"), ERR_STORE);
    ck_assert_int_gt(fault_vfs_failures(), 0);
    ck_assert_int_eq(store_fixture_note(&fx, "refused"), ERR_STORE_READONLY);
    ck_assert(!store_is_writable(fx.store, &reason));
    ck_assert_int_eq(reason, ERR_STORE_READONLY);
    ck_assert_int_eq(writer_reserve(fx.writer), ERR_STORE_READONLY);
    fault_vfs_disarm();
    ck_assert_int_eq(note_when_healed("after"), OK);
    ck_assert(store_is_writable(fx.store, &reason));
    ck_assert_int_eq(store_fixture_noted(&fx.dir, "before"), 1);
    ck_assert_int_eq(store_fixture_noted(&fx.dir, "lost"), 0);
    ck_assert_int_eq(store_fixture_noted(&fx.dir, "refused"), 0);
}
END_TEST

/* Of its pages too, those that a failed flush left clean in memory get to the disk. */
START_TEST(after_an_io_error_the_whole_database_is_written_again)
{
    ck_assert_int_eq(
        store_fixture_write(
            &fx, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE "
                 "i < 1000) INSERT INTO setting SELECT hex(randomblob(1500)), '' FROM n"),
        OK);
    store_fixture_stop(&fx);
    store_fixture_start(&fx); /* the log is empty: a checkpoint has little to move */
    int64_t blocks = tempdir_file_bytes(&fx.dir, "var/yidan.db") / 65536;

    ck_assert_int_gt(blocks, 40);
    fault_vfs_arm(FAULT_EIO, 1, false);
    ck_assert_int_eq(store_fixture_note(&fx, "lost"), ERR_STORE);
    ck_assert_int_eq(note_when_healed("after"), OK);
    ck_assert_int_ge(fault_vfs_operations(), blocks);
    fault_vfs_disarm();
}
END_TEST

START_TEST(a_failed_commit_fails_every_job_of_its_batch)
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
    fault_vfs_arm(FAULT_EIO, 1, true);
    gate_open(&door);
    gate_await_passed(&finished, JOBS + 1);
    fault_vfs_disarm();
    for (int i = 0; i < JOBS; i++) {
        ck_assert_int_eq(jobs[i].job.result, ERR_STORE);
        ck_assert_int_eq(jobs[i].done_count, 1);
    }
    ck_assert_int_eq(store_fixture_number(&fx.dir, "SELECT count(*) FROM setting"), 0);
    ck_assert_int_eq(note_when_healed("after"), OK);
}
END_TEST

START_TEST(a_full_disk_refuses_the_write_and_the_next_one_that_fits_is_written)
{
    enum err error = OK;

    fault_vfs_arm(FAULT_ENOSPC, 1, true);
    error = store_fixture_note(&fx, "lost");
    ck_assert_int_eq(error, ERR_DISK_FULL);
    fault_vfs_disarm();
    ck_assert_int_eq(note_when_healed("after"), OK);
    ck_assert_int_eq(store_fixture_noted(&fx.dir, "lost"), 0);
    ck_assert_int_eq(store_fixture_noted(&fx.dir, "after"), 1);
}
END_TEST

/* A transaction larger than the cache writes to the log before its COMMIT. */
START_TEST(a_disk_that_fills_during_a_job_fails_its_whole_batch)
{
    struct gate door, finished;
    struct sql_job holder, good, large;

    gate_init(&finished);
    sql_job_hold(&fx, &holder, &door, &finished);
    sql_job_init(&good, "INSERT INTO setting VALUES ('good', '')", &finished);
    sql_job_init(
        &large,
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20)"
        " INSERT INTO setting SELECT i, hex(zeroblob(4000000)) FROM n",
        &finished);
    sql_job_submit(&fx, &good);
    sql_job_submit(&fx, &large);
    fault_vfs_arm(FAULT_ENOSPC, 1, true);
    gate_open(&door);
    gate_await_passed(&finished, 3);
    fault_vfs_disarm();
    ck_assert_int_eq(good.job.result, ERR_DISK_FULL);
    ck_assert_int_eq(large.job.result, ERR_DISK_FULL);
    ck_assert_int_eq(note_when_healed("after"), OK);
    ck_assert_int_eq(store_fixture_number(&fx.dir, "SELECT count(*) FROM setting"), 1);
}
END_TEST

/*
 * The `_i`-th operation of a few writes fails, once or from then on.  Whatever
 * was answered OK is in a copy of the files as they are at that moment, and
 * after the next start.
 */
#define POINTS 24
#define WRITES 4

START_TEST(whatever_operation_fails_ok_means_durable)
{
    char name[32];
    bool was_ok[WRITES];
    struct tempdir killed;
    struct store_fixture copy;

    fault_vfs_arm(_i % 2 == 0 ? FAULT_EIO : FAULT_ENOSPC, 1 + _i / 4, _i / 2 % 2 == 0);
    for (int i = 0; i < WRITES; i++) {
        (void)text_format(name, sizeof name, "write-%d", i);
        was_ok[i] = store_fixture_note(&fx, name) == OK;
    }
    fault_vfs_freeze(); /* the checkpointer heals what failed at any moment */
    tempdir_copy(&fx.dir, &killed);
    fault_vfs_thaw();
    fault_vfs_disarm();
    ck_assert_int_eq(note_when_healed("after"), OK);
    store_fixture_stop(&fx);
    store_fixture_start(&fx);
    store_fixture_prepare(&copy);
    tempdir_remove(&copy.dir);
    copy.dir = killed;
    tempdir_path(&copy.dir, "var", copy.config.data, sizeof copy.config.data);
    store_fixture_start(&copy);
    for (int i = 0; i < WRITES; i++) {
        (void)text_format(name, sizeof name, "write-%d", i);
        if (!was_ok[i])
            continue;
        ck_assert_msg(store_fixture_noted(&fx.dir, name) == 1, "%s after a restart",
                      name);
        ck_assert_msg(store_fixture_noted(&copy.dir, name) == 1, "%s after a kill", name);
    }
    ck_assert_int_eq(store_fixture_noted(&fx.dir, "after"), 1);
    ck_assert_int_eq(
        store_fixture_number(&copy.dir, "SELECT count(*) FROM pragma_foreign_key_check"),
        0);
    store_fixture_close(&copy);
}
END_TEST

static void
open_faulty_store(void)
{
    fault_vfs_install();
    store_fixture_open(&fx);
}

static void
close_faulty_store(void)
{
    fault_vfs_disarm();
    store_fixture_close(&fx);
}

Suite *
suite_writer_disk(void)
{
    Suite *suite = suite_create("writer_disk");
    TCase *disk = tcase_create("disk");

    tcase_add_checked_fixture(disk, open_faulty_store, close_faulty_store);
    tcase_set_timeout(disk, 60);
    tcase_add_test(disk, a_failed_flush_is_never_ok_and_writes_wait_for_a_checkpoint);
    tcase_add_test(disk, after_an_io_error_the_whole_database_is_written_again);
    tcase_add_test(disk, a_failed_commit_fails_every_job_of_its_batch);
    tcase_add_test(disk,
                   a_full_disk_refuses_the_write_and_the_next_one_that_fits_is_written);
    tcase_add_test(disk, a_disk_that_fills_during_a_job_fails_its_whole_batch);
    tcase_add_loop_test(disk, whatever_operation_fails_ok_means_durable, 0, POINTS);
    suite_add_tcase(suite, disk);
    return suite;
}
