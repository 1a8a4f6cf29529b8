#include <check.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/text.h"
#include "store/store_internal.h"
#include "support/fault_vfs.h"
#include "support/store_fixture.h"

/* Suite of src/store/log_vfs.c: what is held is written in time, or nobody misses it. */

#define ROWS 60
#define ROUNDS 300

static struct store_fixture fx;
static char path[512];
static sqlite3 *db, *other;

static int64_t
number(sqlite3 *handle, const char *sql)
{
    sqlite3_stmt *stmt;

    ck_assert_int_eq(sqlite3_prepare_v2(handle, sql, -1, &stmt, NULL), SQLITE_OK);
    ck_assert_int_eq(sqlite3_step(stmt), SQLITE_ROW);
    int64_t value = sqlite3_column_int64(stmt, 0);

    ck_assert_int_eq(sqlite3_finalize(stmt), SQLITE_OK);
    return value;
}

static void
run(const char *sql)
{
    ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK, "%s: %s", sql,
                  sqlite3_errmsg(db));
}

/* One connection over the log's file system, and one that sees the files as they are. */
static void
open_both(void)
{
    ck_assert_int_eq(
        sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, LOG_VFS),
        SQLITE_OK);
    /* A cache of ten pages: most of a transaction goes to the log before its end. */
    run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
        "PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = 10");
    run("CREATE TABLE IF NOT EXISTS row (id INTEGER PRIMARY KEY, value, filling)");
    ck_assert_int_eq(sqlite3_open_v2(path, &other, SQLITE_OPEN_READONLY, NULL),
                     SQLITE_OK);
}

static void
close_both(void)
{
    ck_assert_int_eq(sqlite3_close(other), SQLITE_OK);
    ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
}

/* ROWS rows of most of a page each. */
static void
fill(void)
{
    run("INSERT INTO row WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
        "WHERE i < 60) SELECT i, 0, randomblob(3000) FROM n");
    ck_assert_int_eq(number(other, "SELECT count(*) FROM row"), ROWS);
}

START_TEST(a_commit_goes_to_the_disk_in_one_piece)
{
    run("INSERT INTO row VALUES (1, 1, randomblob(3000))"); /* the log's own head is written */
    fault_vfs_arm(FAULT_EIO, INT64_MAX, false);
    run("BEGIN; INSERT INTO row VALUES (2, 1, randomblob(15000)); COMMIT");
    ck_assert_int_eq(fault_vfs_operations(), 2); /* the pages, the flush */
    ck_assert_int_eq(number(other, "SELECT length(filling) FROM row WHERE id = 2"),
                     15000);
}
END_TEST

/* The value in each row, changed at random, against an array. */
START_TEST(others_see_what_was_committed_and_nothing_else)
{
    int64_t committed[ROWS + 1] = { 0 };
    int64_t wanted[ROWS + 1] = { 0 };
    char sql[160];

    srand(20260101U + (unsigned int)_i);
    fill();
    for (int round = 1; round <= ROUNDS; round++) {
        run("BEGIN");
        int changes = 1 + rand() % 40;

        for (int i = 0; i < changes; i++) {
            int id = 1 + rand() % ROWS;

            wanted[id] = round * 100 + i;
            (void)text_format(sql, sizeof sql,
                              "UPDATE row SET value = %lld, filling = randomblob(%d) "
                              "WHERE id = %d",
                              (long long)wanted[id], 100 + rand() % 9000, id);
            run(sql);
        }
        int id = 1 + rand() % ROWS;

        /* Read its own pages back from where they are. */
        (void)text_format(sql, sizeof sql, "SELECT value FROM row WHERE id = %d", id);
        ck_assert_int_eq(number(db, sql), wanted[id]);
        ck_assert_int_eq(number(other, sql), committed[id]);
        bool is_kept = rand() % 4 != 0;

        run(is_kept ? "COMMIT" : "ROLLBACK");
        for (id = 1; id <= ROWS; id++)
            if (is_kept)
                committed[id] = wanted[id];
            else
                wanted[id] = committed[id];
        for (id = 1; id <= ROWS; id += 7) {
            (void)text_format(sql, sizeof sql, "SELECT value FROM row WHERE id = %d", id);
            ck_assert_int_eq(number(other, sql), committed[id]);
        }
        if (rand() % 20 == 0)
            ck_assert_int_eq(sqlite3_wal_checkpoint_v2(
                                 db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL),
                             SQLITE_OK);
    }
    ck_assert_int_eq(number(other, "SELECT count(*) FROM pragma_integrity_check "
                                   "WHERE integrity_check = 'ok'"),
                     1);
}
END_TEST

/* Whichever operation fails: all or nothing, and the next attempt is all. */
START_TEST(a_transaction_that_cannot_be_written_leaves_nothing)
{
    int failed = 0;

    fill();
    for (int64_t nth = 1;; nth++) {
        fault_vfs_arm(nth % 2 == 0 ? FAULT_EIO : FAULT_ENOSPC, nth, false);
        bool is_ok = sqlite3_exec(db,
                                  "BEGIN; UPDATE row SET value = value + 1, filling = "
                                  "randomblob(4000); COMMIT",
                                  NULL, NULL, NULL) == SQLITE_OK;
        bool was_hit = fault_vfs_failures() > 0;

        fault_vfs_disarm();
        if (sqlite3_get_autocommit(db) == 0)
            run("ROLLBACK");
        ck_assert(is_ok || was_hit);
        if (!is_ok)
            failed++;
        ck_assert_int_eq(number(other, "SELECT count(DISTINCT value) FROM row"), 1);
        ck_assert_int_eq(number(other, "SELECT max(value) FROM row"), is_ok ? 1 : 0);
        if (is_ok)
            break;
    }
    ck_assert_int_gt(failed, 4);
    run("UPDATE row SET value = value + 1");
    ck_assert_int_eq(number(other, "SELECT min(value) FROM row"), 2);
}
END_TEST

START_TEST(what_is_held_when_the_file_is_closed_was_never_committed)
{
    fill();
    run("BEGIN; UPDATE row SET value = 1, filling = randomblob(4000)");
    close_both();
    open_both();
    ck_assert_int_eq(number(other, "SELECT max(value) FROM row"), 0);
    ck_assert_int_eq(number(db, "SELECT count(*) FROM row"), ROWS);
}
END_TEST

START_TEST(a_file_that_cannot_be_opened_is_told)
{
    sqlite3 *none;

    ck_assert_int_eq(
        sqlite3_open_v2("/nowhere/at/all.db", &none, SQLITE_OPEN_READWRITE, LOG_VFS),
        SQLITE_CANTOPEN);
    ck_assert_int_eq(sqlite3_close(none), SQLITE_OK);
}
END_TEST

static void
set_up(void)
{
    fault_vfs_install();
    store_fixture_open(&fx); /* registers it, over the one that fails */
    store_fixture_stop(&fx); /* nobody else writes now */
    ck_assert(text_format(path, sizeof path, "%s/rows.db", fx.dir.path));
    open_both();
}

static void
tear_down(void)
{
    fault_vfs_disarm();
    close_both();
    store_fixture_close(&fx);
}

Suite *
suite_log_vfs(void)
{
    Suite *suite = suite_create("log_vfs");
    TCase *file = tcase_create("log");

    tcase_add_checked_fixture(file, set_up, tear_down);
    tcase_set_timeout(file, 60);
    tcase_add_test(file, a_commit_goes_to_the_disk_in_one_piece);
    tcase_add_loop_test(file, others_see_what_was_committed_and_nothing_else, 0, 4);
    tcase_add_test(file, a_transaction_that_cannot_be_written_leaves_nothing);
    tcase_add_test(file, what_is_held_when_the_file_is_closed_was_never_committed);
    tcase_add_test(file, a_file_that_cannot_be_opened_is_told);
    suite_add_tcase(suite, file);
    return suite;
}
