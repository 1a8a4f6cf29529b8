#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <sqlite3.h>

#include "schema.gen.h"
#include "store/store_internal.h"
#include "support/store_fixture.h"

/* Suite of src/store/migrate.c. */

static struct store_fixture fx;

static void
prepare(void)
{
    store_fixture_prepare(&fx);
}

static void
close_store(void)
{
    store_fixture_close(&fx);
}

static void
run_sql(const char *sql)
{
    char path[PATH_MAX];
    sqlite3 *handle = NULL;

    tempdir_path(&fx.dir, "var/yidan.db", path, sizeof path);
    ck_assert_int_eq(sqlite3_open(path, &handle), SQLITE_OK);
    ck_assert_msg(sqlite3_exec(handle, sql, NULL, NULL, NULL) == SQLITE_OK, "%s",
                  sqlite3_errmsg(handle));
    ck_assert_int_eq(sqlite3_close(handle), SQLITE_OK);
}

/* A database as a program knew it that had only the first step, with keys. */
static void
make_old_database(const char *sql)
{
    char path[PATH_MAX];

    store_fixture_start(&fx);
    store_fixture_stop(&fx);
    tempdir_path(&fx.dir, "var/yidan.db", path, sizeof path);
    ck_assert_int_eq(remove(path), 0);
    tempdir_path(&fx.dir, "var/yidan.db-wal", path, sizeof path);
    (void)remove(path); /* may be gone */
    run_sql("PRAGMA journal_mode = WAL");
    run_sql(schema_steps[0].sql);
    run_sql("PRAGMA user_version = 1; INSERT INTO setting VALUES ('old', '')");
    if (sql != NULL)
        run_sql(sql);
}

START_TEST(the_steps_are_numbered_without_a_gap)
{
    ck_assert_uint_gt(schema_step_count, 0);
    for (size_t i = 0; i < schema_step_count; i++)
        ck_assert_int_eq(schema_steps[i].number, (int)i + 1);
}
END_TEST

START_TEST(a_new_database_has_every_step)
{
    store_fixture_start(&fx);
    ck_assert_int_eq(store_fixture_number(&fx.dir, "PRAGMA user_version"),
                     (int64_t)schema_step_count);
    ck_assert_int_eq(store_schema_version(fx.store), (int)schema_step_count);
    ck_assert_int_eq(tempdir_file_bytes(&fx.dir, "var/yidan.db.v0000"), -1);
}
END_TEST

START_TEST(a_newer_database_is_refused_untouched)
{
    struct problem problem = { .value = "" };
    size_t before_bytes = 0, after_bytes = 0;

    store_fixture_start(&fx);
    store_fixture_stop(&fx);
    run_sql("PRAGMA user_version = 9999");
    unsigned char *before = tempdir_file_read(&fx.dir, "var/yidan.db", &before_bytes);

    ck_assert_int_eq(store_open(&fx.config, &fx.store, &problem), ERR_STORE_NEWER);
    ck_assert_ptr_nonnull(strstr(problem.value, "9999"));
    ck_assert_int_eq(store_open_beside(&fx.config, &fx.store, &problem), ERR_STORE_NEWER);
    ck_assert_ptr_null(fx.store);
    unsigned char *after = tempdir_file_read(&fx.dir, "var/yidan.db", &after_bytes);

    ck_assert_uint_eq(before_bytes, after_bytes);
    ck_assert_mem_eq(before, after, before_bytes);
    free(before);
    free(after);
}
END_TEST

START_TEST(a_newer_database_keeps_its_log)
{
    struct problem problem = { .value = "" };
    char path[PATH_MAX];
    sqlite3 *handle = NULL;
    struct store_fixture killed;
    size_t before_bytes = 0, after_bytes = 0;

    store_fixture_start(&fx);
    store_fixture_stop(&fx);
    tempdir_path(&fx.dir, "var/yidan.db", path, sizeof path);
    ck_assert_int_eq(sqlite3_open(path, &handle), SQLITE_OK);
    ck_assert_int_eq(sqlite3_exec(handle, "PRAGMA user_version = 9999", NULL, NULL, NULL),
                     SQLITE_OK);
    killed = fx;
    tempdir_copy(&fx.dir, &killed.dir); /* with the change in the log only */
    ck_assert_int_eq(sqlite3_close(handle), SQLITE_OK);
    tempdir_path(&killed.dir, "var", killed.config.data, sizeof killed.config.data);
    unsigned char *before =
        tempdir_file_read(&killed.dir, "var/yidan.db-wal", &before_bytes);

    ck_assert_uint_gt(before_bytes, 0);
    ck_assert_int_eq(store_open(&killed.config, &killed.store, &problem),
                     ERR_STORE_NEWER);
    unsigned char *after =
        tempdir_file_read(&killed.dir, "var/yidan.db-wal", &after_bytes);

    ck_assert_uint_eq(before_bytes, after_bytes);
    ck_assert_mem_eq(before, after, before_bytes);
    free(before);
    free(after);
    tempdir_remove(&killed.dir);
}
END_TEST

START_TEST(an_older_database_is_copied_aside_and_migrated)
{
    struct tempdir copy;

    make_old_database(NULL);
    store_fixture_start(&fx);
    ck_assert_int_eq(store_fixture_number(&fx.dir, "PRAGMA user_version"),
                     (int64_t)schema_step_count);
    ck_assert_int_eq(store_fixture_noted(&fx.dir, "old"), 1);

    /* The copy is a database of its own, as it was. */
    size_t bytes = 0;
    char path[PATH_MAX];
    unsigned char *aside = tempdir_file_read(&fx.dir, "var/yidan.db.v0001", &bytes);

    tempdir_make(&copy);
    tempdir_path(&copy, "var", path, sizeof path);
    ck_assert_int_eq(mkdir(path, 0700), 0);
    tempdir_file_write(&copy, "var/yidan.db", aside, bytes);
    free(aside);
    ck_assert_int_eq(store_fixture_number(&copy, "PRAGMA user_version"), 1);
    ck_assert_int_eq(store_fixture_noted(&copy, "old"), 1);
    tempdir_remove(&copy);
    ck_assert_int_eq(tempdir_file_bytes(&fx.dir, "var/yidan.db.v0001.tmp"), -1);
}
END_TEST

START_TEST(a_step_that_fails_leaves_the_steps_before_it)
{
    struct problem problem = { .value = "" };

    make_old_database("CREATE TABLE event (id INTEGER)");
    ck_assert_int_eq(store_open(&fx.config, &fx.store, &problem), ERR_STORE);
    ck_assert_msg(strstr(problem.value, "step ") != NULL, "%s", problem.value);
    int64_t version = store_fixture_number(&fx.dir, "PRAGMA user_version");

    ck_assert_int_lt(version, (int64_t)schema_step_count);
    ck_assert_int_eq(store_fixture_noted(&fx.dir, "old"), 1);
    ck_assert_int_gt(tempdir_file_bytes(&fx.dir, "var/yidan.db.v0001"), 0);
    run_sql("DROP TABLE event");
    store_fixture_start(&fx); /* and the rest follows */
    ck_assert_int_eq(store_fixture_noted(&fx.dir, "old"), 1);
}
END_TEST

START_TEST(a_migrated_database_is_sound)
{
    make_old_database(NULL);
    store_fixture_start(&fx);
    ck_assert_int_eq(
        store_fixture_number(&fx.dir, "SELECT count(*) FROM pragma_foreign_key_check"),
        0);
    ck_assert_int_eq(store_fixture_number(&fx.dir,
                                          "SELECT count(*) FROM pragma_integrity_check"
                                          " WHERE integrity_check <> 'ok'"),
                     0);
}
END_TEST

Suite *
suite_migrate(void)
{
    Suite *suite = suite_create("migrate");
    TCase *cases = tcase_create("migrate");

    tcase_add_checked_fixture(cases, prepare, close_store);
    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, the_steps_are_numbered_without_a_gap);
    tcase_add_test(cases, a_new_database_has_every_step);
    tcase_add_test(cases, a_newer_database_is_refused_untouched);
    tcase_add_test(cases, a_newer_database_keeps_its_log);
    tcase_add_test(cases, an_older_database_is_copied_aside_and_migrated);
    tcase_add_test(cases, a_step_that_fails_leaves_the_steps_before_it);
    tcase_add_test(cases, a_migrated_database_is_sound);
    suite_add_tcase(suite, cases);
    return suite;
}
