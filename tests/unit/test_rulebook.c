#include <check.h>
#include <stdio.h>
#include <string.h>

#include "base/timeutil.h"
#include "domain/calendar.h"
#include "store/rulebook.h"
#include "support/store_fixture.h"

/* Suite of src/store/rulebook.c. */

static struct store_fixture fx;
static const struct rulebook *rulebook;

static void
open_store(void)
{
    store_fixture_open(&fx);
    rulebook = rulebook_acquire(fx.store);
}

static void
close_store(void)
{
    rulebook_release(rulebook);
    store_fixture_close(&fx);
}

/* Change what the rulebook holds, and look at the new one. */
static enum err
change(const char *sql)
{
    struct sql_job job;

    sql_job_init(&job, sql, NULL);
    job.job.changes_rulebook = true;
    enum err error = writer_run(fx.writer, &job.job);

    rulebook_release(rulebook);
    rulebook = rulebook_acquire(fx.store);
    return error;
}

START_TEST(without_settings_the_limits_are_the_products)
{
    struct limits defaults = limits_defaults();

    ck_assert_mem_eq(&rulebook->limits, &defaults, sizeof defaults);
}
END_TEST

START_TEST(the_channels_are_in_their_order)
{
    ck_assert_uint_eq(rulebook->channel_count, 7);
    ck_assert_str_eq(rulebook->channels[0].code, "phone");
    ck_assert_int_eq(rulebook->channels[0].letter, 'R');
    const struct channel *web = rulebook_channel(rulebook, "web");

    ck_assert_ptr_nonnull(web);
    ck_assert_int_eq(web->workdays, 3);
    ck_assert(web->is_enabled);
    ck_assert_str_eq(web->zh, "网站留言");
    ck_assert_ptr_null(rulebook_channel(rulebook, "fax"));
}
END_TEST

START_TEST(a_limit_and_a_setting_override_the_default)
{
    ck_assert_int_eq(
        change("INSERT INTO limit_rule VALUES ('sign', 'normal', 2, 'workdays');"
               "INSERT INTO setting VALUES ('return_workdays', '3');"
               "INSERT INTO setting VALUES ('office_name', '县政府办');"),
        OK);
    ck_assert_int_eq(rulebook->limits.cell[STEP_SIGN][URGENCY_NORMAL].amount, 2);
    ck_assert_int_eq(rulebook->limits.cell[STEP_SIGN][URGENCY_NORMAL].unit,
                     LIMIT_WORKDAYS);
    ck_assert_int_eq(rulebook->limits.return_workdays, 3);
}
END_TEST

START_TEST(the_office_is_named_with_its_county_once)
{
    struct settings settings = settings_defaults();
    char name[SETTING_OFFICE_BYTES];

    setting_office(&settings, name);
    ck_assert_str_eq(name, "本县人民政府办公室");
    ck_assert(setting_parse(&settings, setting_find("county_name"), "云溪县"));
    setting_office(&settings, name);
    ck_assert_str_eq(name, "云溪县人民政府办公室");
    ck_assert(setting_parse(&settings, setting_find("office_name"), "县政府办"));
    setting_office(&settings, name);
    ck_assert_str_eq(name, "云溪县政府办");
    ck_assert(setting_parse(&settings, setting_find("office_name"), "云溪县热线中心"));
    setting_office(&settings, name);
    ck_assert_str_eq(name, "云溪县热线中心");
}
END_TEST

START_TEST(holidays_and_make_up_days_count_in_an_entered_year)
{
    struct civil_date monday = { .year = 2026, .month = 1, .mday = 5 };
    int32_t day = time_day_of_date(monday);
    bool is_known = true;
    char sql[300];

    ck_assert(calendar_is_workday(rulebook->calendar, day, &is_known));
    ck_assert(!is_known);
    (void)snprintf(
        sql, sizeof sql,
        "INSERT INTO calendar_year VALUES (2026, 0, 'test');"
        "INSERT INTO calendar_day VALUES (%d, 0, 'x'), (%d, 1, 'y'), (%d, 0, 'z')",
        day, day - 1, day + 1);
    ck_assert_int_eq(change(sql), OK);
    ck_assert(!calendar_is_workday(rulebook->calendar, day, &is_known));
    ck_assert(is_known);
    ck_assert(calendar_is_workday(rulebook->calendar, day - 1, NULL));
    ck_assert(!calendar_is_workday(rulebook->calendar, day + 1, NULL));
}
END_TEST

START_TEST(a_snapshot_stays_as_it_was_while_somebody_holds_it)
{
    const struct rulebook *old = rulebook_acquire(fx.store);

    ck_assert_int_eq(change("UPDATE channel SET workdays = 9 WHERE code = 'web'"), OK);
    ck_assert_int_eq(rulebook_channel(old, "web")->workdays, 3);
    ck_assert_int_eq(rulebook_channel(rulebook, "web")->workdays, 9);
    ck_assert_ptr_ne(old, rulebook);
    rulebook_release(old);
    rulebook_release(NULL);
}
END_TEST

START_TEST(values_that_are_not_valid_never_replace_those_that_are)
{
    static const char *const wrong[] = {
        "INSERT INTO setting VALUES ('return_workdays', '0')",
        "INSERT INTO setting VALUES ('return_workdays', '3 days')",
        "INSERT INTO setting VALUES ('return_workdays', '99999999999999999999')",
        "INSERT INTO limit_rule VALUES ('sing', 'normal', 1, 'workdays')",
        "INSERT INTO limit_rule VALUES ('sign', 'normal', 99999, 'workdays')",
    };

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const struct rulebook *before = rulebook;

        ck_assert_int_eq(change(wrong[i]),
                         OK); /* what to refuse is the command's to say */
        ck_assert_ptr_eq(rulebook, before);
        ck_assert_int_eq(change("DELETE FROM setting; DELETE FROM limit_rule"), OK);
    }
}
END_TEST

START_TEST(after_a_failed_load_the_next_batch_tries_again)
{
    ck_assert_int_eq(change("INSERT INTO setting VALUES ('return_workdays', 'x')"), OK);
    ck_assert_int_eq(
        store_fixture_write(
            &fx, "UPDATE setting SET value = '4' WHERE name = 'return_workdays'"),
        OK);
    rulebook_release(rulebook);
    rulebook = rulebook_acquire(fx.store);
    ck_assert_int_eq(rulebook->limits.return_workdays, 4);
}
END_TEST

START_TEST(a_failed_job_changes_no_rulebook)
{
    const struct rulebook *before = rulebook;
    struct sql_job job;

    sql_job_init(&job, "UPDATE channel SET workdays = 9 WHERE code = 'web'", NULL);
    job.answer = ERR_FORBIDDEN;
    job.job.changes_rulebook = true;
    ck_assert_int_eq(writer_run(fx.writer, &job.job), ERR_FORBIDDEN);
    rulebook_release(rulebook);
    rulebook = rulebook_acquire(fx.store);
    ck_assert_ptr_eq(rulebook, before);
}
END_TEST

/* The job that is done sees the new rulebook, and so do the jobs after it. */
static int seen_when_done, seen_by_next;

static void
look_when_done(struct job *job)
{
    const struct rulebook *now = rulebook_acquire(fx.store);

    seen_when_done = rulebook_channel(now, "web")->workdays;
    rulebook_release(now);
    gate_count(job_as(job, struct sql_job)->after);
}

static enum err
look_in_run(struct txn *txn, struct job *job)
{
    const struct rulebook *now = rulebook_acquire(txn->store);

    (void)job;
    seen_by_next = rulebook_channel(now, "web")->workdays;
    rulebook_release(now);
    return OK;
}

START_TEST(the_batch_ends_after_a_change_and_the_next_job_sees_it)
{
    struct gate door, finished;
    struct sql_job holder, changing, next;

    gate_init(&finished);
    sql_job_hold(&fx, &holder, &door, &finished);
    sql_job_init(&changing, "UPDATE channel SET workdays = 8 WHERE code = 'web'",
                 &finished);
    changing.job.changes_rulebook = true;
    changing.job.done = look_when_done;
    sql_job_submit(&fx, &changing);
    sql_job_init(&next, NULL, &finished);
    next.job.run = look_in_run;
    sql_job_submit(&fx, &next);
    gate_open(&door);
    gate_await_passed(&finished, 3);
    ck_assert_int_eq(seen_when_done, 8);
    ck_assert_int_eq(seen_by_next, 8);
}
END_TEST

Suite *
suite_rulebook(void)
{
    Suite *suite = suite_create("rulebook");
    TCase *cases = tcase_create("rulebook");

    tcase_add_checked_fixture(cases, open_store, close_store);
    tcase_add_test(cases, without_settings_the_limits_are_the_products);
    tcase_add_test(cases, the_channels_are_in_their_order);
    tcase_add_test(cases, a_limit_and_a_setting_override_the_default);
    tcase_add_test(cases, the_office_is_named_with_its_county_once);
    tcase_add_test(cases, holidays_and_make_up_days_count_in_an_entered_year);
    tcase_add_test(cases, a_snapshot_stays_as_it_was_while_somebody_holds_it);
    tcase_add_test(cases, values_that_are_not_valid_never_replace_those_that_are);
    tcase_add_test(cases, after_a_failed_load_the_next_batch_tries_again);
    tcase_add_test(cases, a_failed_job_changes_no_rulebook);
    tcase_add_test(cases, the_batch_ends_after_a_change_and_the_next_job_sees_it);
    suite_add_tcase(suite, cases);
    return suite;
}
