#include <check.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "base/timeutil.h"
#include "store/rulebook.h"
#include "store/store_internal.h"
#include "support/store_fixture.h"

/* Suite of src/store/store.c, connection.c and checkpoint.c. */

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

/* --- The directory ----------------------------------------------------- */

START_TEST(a_new_data_directory_is_its_owners_alone)
{
    struct stat facts;
    char path[PATH_MAX];

    (void)umask(0);
    store_fixture_start(&fx);
    ck_assert_int_eq(stat(fx.config.data, &facts), 0);
    ck_assert_uint_eq(facts.st_mode & 0777, 0700);
    tempdir_path(&fx.dir, "var/keys", path, sizeof path);
    ck_assert_int_eq(stat(path, &facts), 0);
    ck_assert_uint_eq(facts.st_mode & 0777, 0600);
    ck_assert_int_gt(tempdir_file_bytes(&fx.dir, "var/yidan.db"), 0);
    ck_assert_int_eq(store_schema_version(fx.store), migrate_latest());
}
END_TEST

START_TEST(a_second_server_on_the_same_directory_is_refused)
{
    struct store *second = NULL;
    struct problem problem = { .value = "" };

    store_fixture_start(&fx);
    ck_assert_int_eq(store_open(&fx.config, &second, &problem), ERR_STORE_LOCKED);
    ck_assert_ptr_null(second);
    ck_assert_int_ne(problem.value[0], '\0');
    ck_assert_int_eq(store_fixture_note(&fx, "undisturbed"), OK);
    store_fixture_stop(&fx);
    store_fixture_start(&fx); /* the lock is gone with its holder */
}
END_TEST

START_TEST(a_tool_reads_beside_a_server_and_cannot_write)
{
    struct store *beside = NULL;
    struct writer *writer = NULL;
    struct problem problem = { .value = "" };
    enum err reason = OK;

    ck_assert_int_ne(store_open_beside(&fx.config, &beside, &problem),
                     OK); /* nothing there */
    store_fixture_start(&fx);
    ck_assert_int_eq(store_open_beside(&fx.config, &beside, &problem), OK);
    ck_assert(!store_is_writable(beside, &reason));
    ck_assert_int_eq(reason, ERR_STORE_READONLY);
    ck_assert_int_eq(writer_open(beside, &writer), ERR_STORE_READONLY);
    ck_assert_ptr_null(writer);
    const struct rulebook *rulebook = rulebook_acquire(beside);

    ck_assert_ptr_nonnull(rulebook_channel(rulebook, "phone"));
    rulebook_release(rulebook);
    store_close(beside);
    ck_assert_int_eq(store_fixture_note(&fx, "undisturbed"), OK);
}
END_TEST

START_TEST(lost_keys_are_not_made_anew_for_an_old_database)
{
    struct problem problem = { .value = "" };
    char path[PATH_MAX];

    store_fixture_start(&fx);
    store_fixture_stop(&fx);
    tempdir_path(&fx.dir, "var/keys", path, sizeof path);
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(store_open(&fx.config, &fx.store, &problem), ERR_KEY_FILE);
    ck_assert_ptr_null(fx.store);
}
END_TEST

START_TEST(a_file_that_is_no_database_is_refused_untouched)
{
    struct problem problem = { .value = "" };
    const char text[] =
        "This is a letter to the mayor and not a database; it is long enough.";
    size_t bytes = 0;

    store_fixture_start(&fx);
    store_fixture_stop(&fx);
    tempdir_file_write(&fx.dir, "var/yidan.db", text, sizeof text);
    ck_assert_int_eq(store_open(&fx.config, &fx.store, &problem), ERR_STORE);
    unsigned char *after = tempdir_file_read(&fx.dir, "var/yidan.db", &bytes);

    ck_assert_uint_eq(bytes, sizeof text);
    ck_assert_mem_eq(after, text, sizeof text);
    free(after);
}
END_TEST

/* --- The log ----------------------------------------------------------- */

/* Leave the store as kill -9 does, with rows in the log. */
static void
write_and_die(const char *name)
{
    int status = 0;
    pid_t child = fork();

    ck_assert_int_ge(child, 0);
    if (child == 0) {
        fx.config.checkpoint_ms = 600000;
        store_fixture_start(&fx);
        enum err error = store_fixture_note(&fx, name);

        _exit(error == OK ? 0 : 1);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    ck_assert_int_gt(tempdir_file_bytes(&fx.dir, "var/yidan.db-wal"), 0);
}

START_TEST(what_was_committed_before_a_kill_is_in_the_database_after_the_start)
{
    write_and_die("before");
    fx.config.checkpoint_ms = 600000;
    struct problem problem = { .value = "" };

    ck_assert_int_eq(store_open(&fx.config, &fx.store, &problem), OK);
    ck_assert_int_eq(tempdir_file_bytes(&fx.dir, "var/yidan.db-wal"), 0);
    ck_assert_int_eq(store_fixture_noted(&fx.dir, "before"), 1);
}
END_TEST

START_TEST(a_torn_end_of_the_log_is_dropped_and_the_rest_is_kept)
{
    size_t bytes = 0;

    write_and_die("before");
    unsigned char *log = tempdir_file_read(&fx.dir, "var/yidan.db-wal", &bytes);
    unsigned char *torn = calloc(1, bytes + 5000);

    ck_assert_ptr_nonnull(torn);
    memcpy(torn, log, bytes);
    memset(torn + bytes, 0x5A, 4999);
    tempdir_file_write(&fx.dir, "var/yidan.db-wal", torn, bytes + 5000);
    free(log);
    free(torn);
    store_fixture_start(&fx);
    ck_assert_int_eq(store_fixture_noted(&fx.dir, "before"), 1);
}
END_TEST

START_TEST(rewriting_the_log_changes_no_byte_of_it)
{
    size_t before_bytes = 0, after_bytes = 0;
    char path[PATH_MAX];

    write_and_die("before");
    tempdir_path(&fx.dir, "var/yidan.db-wal", path, sizeof path);
    unsigned char *before = tempdir_file_read(&fx.dir, "var/yidan.db-wal", &before_bytes);

    ck_assert_int_eq(wal_rewrite(path), OK);
    unsigned char *after = tempdir_file_read(&fx.dir, "var/yidan.db-wal", &after_bytes);

    ck_assert_uint_eq(before_bytes, after_bytes);
    ck_assert_mem_eq(before, after, before_bytes);
    free(before);
    free(after);
    tempdir_path(&fx.dir, "var/none", path, sizeof path);
    ck_assert_int_eq(wal_rewrite(path), OK); /* there is nothing to repair */
}
END_TEST

START_TEST(closing_leaves_an_empty_log)
{
    store_fixture_start(&fx);
    ck_assert_int_eq(store_fixture_note(&fx, "before"), OK);
    store_fixture_stop(&fx);
    ck_assert_int_le(tempdir_file_bytes(&fx.dir, "var/yidan.db-wal"), 0);
    store_fixture_start(&fx);
    ck_assert_int_eq(store_fixture_noted(&fx.dir, "before"), 1);
}
END_TEST

/* The number in the file itself, which only a checkpoint moves there. */
static int
change_counter(void)
{
    size_t bytes = 0;
    unsigned char *file = NULL;
    int counter = 0;

    /* Through a copy: closing the file here would let go of SQLite's locks. */
    struct tempdir copy;

    tempdir_copy(&fx.dir, &copy);
    file = tempdir_file_read(&copy, "var/yidan.db", &bytes);
    ck_assert_uint_gt(bytes, 28);
    counter = file[24] << 24 | file[25] << 16 | file[26] << 8 | file[27];
    free(file);
    tempdir_remove(&copy);
    return counter;
}

START_TEST(the_log_is_moved_into_the_database_by_itself)
{
    int64_t until_ms = time_monotonic_ms() + 10000;

    store_fixture_start(&fx);
    int before = change_counter();

    ck_assert_int_eq(store_fixture_note(&fx, "moved"), OK);
    while (change_counter() == before && time_monotonic_ms() < until_ms)
        (void)sched_yield();
    ck_assert_int_ne(change_counter(), before);
}
END_TEST

/* --- The disk ---------------------------------------------------------- */

START_TEST(a_disk_too_full_refuses_writes_and_they_resume_by_themselves)
{
    int64_t until_ms = time_monotonic_ms() + 10000;
    enum err reason = OK;

    fx.config.disk_reserve_bytes = INT64_MAX;
    store_fixture_start(&fx);
    ck_assert(!store_is_writable(fx.store, &reason));
    ck_assert_int_eq(reason, ERR_DISK_FULL);
    ck_assert_int_eq(store_fixture_note(&fx, "refused"), ERR_DISK_FULL);
    ck_assert_int_eq(writer_reserve(fx.writer), ERR_DISK_FULL);
    ck_assert_int_gt(store_free_bytes(fx.store), 0);

    fx.config.disk_reserve_bytes = 0;
    while (!store_is_writable(fx.store, &reason) && time_monotonic_ms() < until_ms)
        (void)sched_yield();
    ck_assert_int_eq(store_fixture_note(&fx, "written"), OK);
}
END_TEST

/* --- Hardening --------------------------------------------------------- */

static const enum db_mode modes[] = { DB_SETUP, DB_WRITER, DB_READER, DB_CHECKPOINTER };

START_TEST(every_connection_is_hardened)
{
    static const struct {
        int option, value;
    } wanted[] = {
        { SQLITE_DBCONFIG_DEFENSIVE, 1 },
        { SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
        { SQLITE_DBCONFIG_DQS_DDL, 0 },
        { SQLITE_DBCONFIG_DQS_DML, 0 },
        { SQLITE_DBCONFIG_ENABLE_FKEY, 1 },
        { SQLITE_DBCONFIG_ENABLE_TRIGGER, 1 },
        { SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0 },
        { SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
    };
    struct db *db = NULL;

    store_fixture_start(&fx);
    ck_assert_int_eq(db_open(fx.store, modes[_i], &db), OK);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        int value = -1;

        ck_assert_int_eq(sqlite3_db_config(db->handle, wanted[i].option, -1, &value),
                         SQLITE_OK);
        ck_assert_msg(value == wanted[i].value, "option %d is %d", wanted[i].option,
                      value);
    }
    ck_assert_int_eq(sqlite3_limit(db->handle, SQLITE_LIMIT_ATTACHED, -1), 0);
    ck_assert_int_eq(sqlite3_db_readonly(db->handle, "main"), modes[_i] == DB_READER);
    db_close(db);
}
END_TEST

START_TEST(every_connection_has_its_pragmas)
{
    static const struct {
        const char *pragma;
        int64_t value;
    } wanted[] = {
        { "PRAGMA synchronous", 2 },        { "PRAGMA recursive_triggers", 1 },
        { "PRAGMA cell_size_check", 1 },    { "PRAGMA secure_delete", 1 },
        { "PRAGMA wal_autocheckpoint", 0 }, { "PRAGMA page_size", 4096 },
        { "PRAGMA temp_store", 2 },         { "PRAGMA foreign_keys", 1 },
    };
    struct db *db = NULL;

    store_fixture_start(&fx);
    ck_assert_int_eq(db_open(fx.store, modes[_i], &db), OK);
    /* Only to look: the law of the mode denies the question itself. */
    (void)sqlite3_set_authorizer(db->handle, NULL, NULL);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        int64_t value = -1;

        ck_assert_int_eq(db_number(db, wanted[i].pragma, &value), OK);
        /* The writer's hook on its commits stands where autocheckpoint's would. */
        ck_assert_msg(value == wanted[i].value, "%s is %d", wanted[i].pragma, (int)value);
    }
    db_close(db);
}
END_TEST

START_TEST(the_checkpointer_runs_no_statement)
{
    struct db *db = NULL;

    store_fixture_start(&fx);
    ck_assert_int_eq(db_open(fx.store, DB_CHECKPOINTER, &db), OK);
    ck_assert_int_eq(db_execute(db, "SELECT * FROM setting"), ERR_STORE);
    ck_assert_int_eq(db_execute(db, "INSERT INTO setting VALUES ('x', '')"), ERR_STORE);
    ck_assert_int_eq(db_execute(db, "PRAGMA query_only = OFF"), ERR_STORE);
    db_close(db);
}
END_TEST

Suite *
suite_store(void)
{
    Suite *suite = suite_create("store");
    TCase *opening = tcase_create("opening");
    TCase *hardening = tcase_create("hardening");
    const int mode_count = (int)(sizeof modes / sizeof *modes);

    tcase_add_checked_fixture(opening, prepare, close_store);
    tcase_set_timeout(opening, 60);
    tcase_add_test(opening, a_new_data_directory_is_its_owners_alone);
    tcase_add_test(opening, a_second_server_on_the_same_directory_is_refused);
    tcase_add_test(opening, a_tool_reads_beside_a_server_and_cannot_write);
    tcase_add_test(opening, lost_keys_are_not_made_anew_for_an_old_database);
    tcase_add_test(opening, a_file_that_is_no_database_is_refused_untouched);
    tcase_add_test(opening,
                   what_was_committed_before_a_kill_is_in_the_database_after_the_start);
    tcase_add_test(opening, a_torn_end_of_the_log_is_dropped_and_the_rest_is_kept);
    tcase_add_test(opening, rewriting_the_log_changes_no_byte_of_it);
    tcase_add_test(opening, closing_leaves_an_empty_log);
    tcase_add_test(opening, the_log_is_moved_into_the_database_by_itself);
    tcase_add_test(opening, a_disk_too_full_refuses_writes_and_they_resume_by_themselves);
    suite_add_tcase(suite, opening);

    tcase_add_checked_fixture(hardening, prepare, close_store);
    tcase_add_loop_test(hardening, every_connection_is_hardened, 0, mode_count);
    tcase_add_loop_test(hardening, every_connection_has_its_pragmas, 0, mode_count);
    tcase_add_test(hardening, the_checkpointer_runs_no_statement);
    suite_add_tcase(suite, hardening);
    return suite;
}
