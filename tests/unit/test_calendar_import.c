#include <check.h>
#include <string.h>

#include "base/timeutil.h"
#include "command/cmd_calendar.h"
#include "store/rulebook.h"
#include "support/store_fixture.h"

/* Suite of src/command/cmd_calendar.c and store/calendars.c. */

#define NOW INT64_C(1795400000)

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

static int64_t
count(const char *sql)
{
    return store_fixture_number(&fx.dir, sql);
}

static size_t
import(const char *text)
{
    struct arena *arena = arena_new();
    struct cmd_calendar cmd;
    struct calendar_csv *csv = NULL;

    ck_assert_int_eq(calendar_csv_parse(text, strlen(text), &csv), OK);
    ck_assert_uint_eq(csv->fault_count, 0);
    cmd_calendar_import_init(&cmd);
    cmd.actor = (struct actor){ .kind = ACTOR_CLI };
    cmd.csv = csv;
    cmd.source = "test";
    cmd.now = NOW;
    cmd.arena = arena;
    ck_assert_int_eq(writer_run(fx.writer, &cmd.job), OK);
    calendar_csv_free(csv);
    arena_free(arena);
    return cmd.change_count;
}

START_TEST(an_import_enters_its_years_and_is_told)
{
    ck_assert_uint_eq(import("2030-01-01,holiday,元旦\n2030-02-09,workday,春节\n"), 2);
    ck_assert_int_eq(count("SELECT count(*) FROM calendar_year WHERE year = 2030"), 1);
    ck_assert_int_eq(count("SELECT count(*) FROM calendar_day"), 2);
    ck_assert_int_eq(
        count("SELECT count(*) FROM event WHERE type = 'calendar_imported' AND "
              "payload LIKE '%\"years\":[2030],\"changed_days\":2%'"),
        1);
}
END_TEST

START_TEST(a_second_import_of_a_year_replaces_its_days)
{
    (void)import("2030-01-01,holiday,元旦\n2030-05-01,holiday,劳动节\n");
    ck_assert_uint_eq(import("2030-01-01,holiday,元旦\n2030-05-02,holiday,劳动节\n"), 2);
    ck_assert_int_eq(count("SELECT count(*) FROM calendar_day"), 2);
    ck_assert_int_eq(count("SELECT count(*) FROM calendar_year"), 1);
}
END_TEST

START_TEST(days_of_the_december_before_are_added_and_do_not_enter_that_year)
{
    (void)import("2030-10-01,holiday,国庆节\n");
    (void)import("2030-12-31,holiday,元旦\n2031-01-01,holiday,元旦\n");
    ck_assert_int_eq(count("SELECT count(*) FROM calendar_day"), 3);
    ck_assert_int_eq(count("SELECT count(*) FROM calendar_year"), 2);
}
END_TEST

START_TEST(the_rulebook_knows_the_new_days_at_once)
{
    int32_t day = time_day_of_date((struct civil_date){ 2030, 10, 1 });

    (void)import("2030-10-01,holiday,国庆节\n");
    const struct rulebook *rulebook = rulebook_acquire(fx.store);
    ck_assert(calendar_covers_year(rulebook->calendar, 2030));
    ck_assert(!calendar_is_workday(rulebook->calendar, day, NULL));
    rulebook_release(rulebook);
}
END_TEST

Suite *
suite_calendar_import(void)
{
    Suite *suite = suite_create("calendar_import");
    TCase *tests = tcase_create("calendar_import");

    tcase_add_checked_fixture(tests, open_store, close_store);
    tcase_add_test(tests, an_import_enters_its_years_and_is_told);
    tcase_add_test(tests, a_second_import_of_a_year_replaces_its_days);
    tcase_add_test(tests,
                   days_of_the_december_before_are_added_and_do_not_enter_that_year);
    tcase_add_test(tests, the_rulebook_knows_the_new_days_at_once);
    suite_add_tcase(suite, tests);
    return suite;
}
