#include <check.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "background/exporter.h"
#include "base/arena.h"
#include "base/config.h"
#include "base/sheet.h"
#include "command/cmd_export.h"
#include "domain/ticket_words.h"
#include "store/reader.h"
#include "support/people.h"
#include "support/store_fixture.h"

/*
 * test_exporter.c - files of lists are made once, by their turn, whatever comes
 * between; and forgotten in time.  What stands in them is test_exports.c's.
 */

#define NOW INT64_C(1795399200)

static struct store_fixture fixture;
static struct reader_pool *pool;
static struct exporter *exporter;
static int64_t now;
static int made;        /* how often the list below was asked for */
static enum err answer; /* what becomes of it */
static bool waits;      /* until the exporter is to stop */

static int64_t
read_clock(void)
{
    return now;
}

/* Two rows, an error, or an end that never comes by itself. */
static enum err
make(struct export_task *task)
{
    static const struct sheet_column columns[] = { { { "甲", "a" }, SHEET_INT, 0 } };
    const struct sheet_cell cell = { .number = 7 };

    made++;
    TRY(sheet_table(task->sheet, "t", columns, 1, task->export->language));
    TRY(sheet_row(task->sheet, &cell));
    TRY(sheet_row(task->sheet, &cell));
    task->rows = 2;
    while (waits && !task->is_stopping(task->context))
        ;
    return waits ? ERR_SHUTTING_DOWN : answer;
}

static void
start(void)
{
    ck_assert_int_eq(
        exporter_start(fixture.store, pool, fixture.writer, make, read_clock, &exporter),
        OK);
}

static void
set_up(void)
{
    store_fixture_prepare(&fixture);
    fixture.config.upload_reserve_bytes = 0;
    store_fixture_start(&fixture);
    people_fill(fixture.writer, NOW);
    ck_assert_int_eq(reader_pool_open(fixture.store, 2, &pool), OK);
    now = NOW;
    made = 0;
    answer = OK;
    waits = false;
}

static void
tear_down(void)
{
    exporter_stop(exporter);
    exporter = NULL;
    reader_pool_close(pool);
    store_fixture_close(&fixture);
}

/* Ask for one, behind the exporter's back; its id. */
static const char *
ask(const char *login, enum err expected)
{
    static char id[IDENT_UUID_BYTES];
    struct cmd_export_create cmd;

    cmd_export_create_init(&cmd);
    cmd.actor = people_actor(fixture.writer, login);
    cmd.now = now;
    cmd.filters = "[]";
    cmd.export = (struct export){ .list = "tickets",
                                  .query = "",
                                  .format = SHEET_CSV,
                                  .mark = "m",
                                  .name = "n.csv",
                                  .user_id = cmd.actor.id,
                                  .unit_id = cmd.actor.unit_id,
                                  .roles = cmd.actor.roles };
    ck_assert_int_eq(writer_run(fixture.writer, &cmd.job), expected);
    snprintf(id, sizeof id, "%s", cmd.export.id);
    return id;
}

static int64_t
count(const char *sql)
{
    return store_fixture_number(&fixture.dir, sql);
}

static int
files(void)
{
    char path[PATH_MAX];
    int found = 0;

    tempdir_path(&fixture.dir, "var/exports", path, sizeof path);
    DIR *folder = opendir(path);
    if (folder == NULL)
        return 0;
    for (const struct dirent *entry = readdir(folder); entry != NULL;
         entry = readdir(folder))
        found += entry->d_name[0] != '.';
    closedir(folder);
    return found;
}

START_TEST(a_ready_file_is_whole_and_its_owners_alone_on_disk)
{
    static const char expected[] = "\ufeff\"m\"\r\n\"甲\"\r\n7\r\n7\r\n";
    char name[64], path[PATH_MAX];
    struct stat stat_of;
    size_t bytes;

    snprintf(name, sizeof name, "var/exports/%s", ask("clerk", OK));
    start();
    exporter_settle(exporter);
    ck_assert_int_eq(count("SELECT count(*) FROM export WHERE state = 'ready' AND "
                           "rows = 2 AND attempts = 1"),
                     1);
    char *made_file = (char *)tempdir_file_read(&fixture.dir, name, &bytes);
    ck_assert_uint_eq(bytes, sizeof expected - 1);
    ck_assert(memcmp(made_file, expected, bytes) == 0);
    ck_assert_int_eq(count("SELECT bytes FROM export"), (int64_t)bytes);
    free(made_file);
    tempdir_path(&fixture.dir, name, path, sizeof path);
    ck_assert_int_eq(stat(path, &stat_of), 0);
    ck_assert_uint_eq(stat_of.st_mode & 0777, 0600);
    ck_assert_int_eq(count("SELECT count(*) FROM event WHERE type = 'export_asked'"), 1);
    ck_assert_int_eq(count("SELECT count(*) FROM event WHERE type = 'export_ready'"), 1);
}
END_TEST

START_TEST(a_user_has_one_under_way)
{
    (void)ask("clerk", OK);
    (void)ask("clerk", ERR_QUOTA);
    (void)ask("leader", OK);
    start();
    exporter_settle(exporter);
    (void)ask("clerk", OK);
    exporter_settle(exporter);
    ck_assert_int_eq(count("SELECT count(*) FROM export WHERE state = 'ready'"), 3);
}
END_TEST

START_TEST(the_oldest_goes_when_there_are_too_many)
{
    start();
    for (int i = 0; i < 12; i++) {
        now++;
        (void)ask("clerk", OK);
        exporter_settle(exporter);
    }
    /* Ten are kept, and no file is left of the others. */
    ck_assert_int_eq(count("SELECT count(*) FROM export"), 10);
    ck_assert_int_eq(count("SELECT min(created_at) FROM export"), NOW + 3);
    ck_assert_int_eq(files(), 10);
}
END_TEST

START_TEST(what_a_stop_interrupted_is_made_at_the_next_start)
{
    (void)ask("clerk", OK);
    waits = true;
    start();
    while (count("SELECT count(*) FROM export WHERE state = 'making'") == 0)
        ;
    exporter_stop(exporter);
    ck_assert_int_eq(count("SELECT count(*) FROM export WHERE state = 'making'"), 1);
    ck_assert_int_eq(files(), 0);
    waits = false;
    start();
    exporter_settle(exporter);
    ck_assert_int_eq(count("SELECT count(*) FROM export WHERE state = 'ready'"), 1);
    ck_assert_int_eq(files(), 1);
}
END_TEST

START_TEST(what_a_kill_left_is_made_again_but_not_for_ever)
{
    char name[64];

    snprintf(name, sizeof name, "var/exports/%s.part", ask("clerk", OK));
    start();
    exporter_settle(exporter);
    exporter_stop(exporter);
    /* As it is when the server dies over it for the third time, with half a file. */
    ck_assert_int_eq(
        store_fixture_write(&fixture, "UPDATE export SET state = 'making', attempts = 2, "
                                      "finished_at = 0, expires_at = 0"),
        OK);
    tempdir_file_write(&fixture.dir, name, "half", 4);
    start();
    exporter_settle(exporter);
    ck_assert_int_eq(count("SELECT count(*) FROM export WHERE state = 'ready'"), 1);
    ck_assert_int_eq(files(), 1);
    exporter_stop(exporter);
    ck_assert_int_eq(
        store_fixture_write(&fixture, "UPDATE export SET state = 'making', attempts = 3, "
                                      "finished_at = 0, expires_at = 0"),
        OK);
    made = 0;
    start();
    exporter_settle(exporter);
    ck_assert_int_eq(count("SELECT count(*) FROM export WHERE state = 'failed' AND "
                           "reason = 'internal'"),
                     1);
    ck_assert_int_eq(made, 0);
}
END_TEST

START_TEST(what_fails_says_why_and_leaves_no_file)
{
    answer = ERR_EXPORT_ROWS;
    (void)ask("clerk", OK);
    start();
    exporter_settle(exporter);
    ck_assert_int_eq(count("SELECT count(*) FROM export WHERE state = 'failed' AND "
                           "reason = 'export.rows'"),
                     1);
    ck_assert_int_eq(files(), 0);
    ck_assert_int_eq(count("SELECT count(*) FROM event WHERE type = 'export_failed'"), 1);
}
END_TEST

START_TEST(nothing_is_begun_on_a_full_disk)
{
    fixture.config.upload_reserve_bytes = INT64_MAX;
    (void)ask("clerk", OK);
    start();
    exporter_settle(exporter);
    ck_assert_int_eq(count("SELECT count(*) FROM export WHERE reason = 'disk_full'"), 1);
    ck_assert_int_eq(made, 0);
}
END_TEST

START_TEST(a_file_is_forgotten_after_the_hours_of_the_setting)
{
    (void)ask("clerk", OK);
    start();
    exporter_settle(exporter);
    now = NOW + 24 * 3600 - 1;
    exporter_settle(exporter);
    ck_assert_int_eq(files(), 1);
    now = NOW + 24 * 3600;
    exporter_settle(exporter);
    ck_assert_int_eq(count("SELECT count(*) FROM export"), 0);
    ck_assert_int_eq(files(), 0);
}
END_TEST

Suite *
suite_exporter(void)
{
    Suite *suite = suite_create("exporter");
    TCase *tests = tcase_create("exporter");

    tcase_set_timeout(tests, 30);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, a_ready_file_is_whole_and_its_owners_alone_on_disk);
    tcase_add_test(tests, a_user_has_one_under_way);
    tcase_add_test(tests, the_oldest_goes_when_there_are_too_many);
    tcase_add_test(tests, what_a_stop_interrupted_is_made_at_the_next_start);
    tcase_add_test(tests, what_a_kill_left_is_made_again_but_not_for_ever);
    tcase_add_test(tests, what_fails_says_why_and_leaves_no_file);
    tcase_add_test(tests, nothing_is_begun_on_a_full_disk);
    tcase_add_test(tests, a_file_is_forgotten_after_the_hours_of_the_setting);
    suite_add_tcase(suite, tests);
    return suite;
}
