#include <check.h>
#include <string.h>

#include "command/cmd_housekeeping.h"
#include "store/writer.h"
#include "support/server.h"
#include "support/store_fixture.h"

/* Scenarios of /drafts, /limits and /settings as they lie in the database. */

static struct test_server server;
static struct test_who admin, clerk;

static void
open_server(void)
{
    test_server_open(&server);
    admin = test_sign_in(&server, "admin");
    clerk = test_sign_in(&server, "clerk");
}

static void
close_server(void)
{
    test_server_close(&server);
}

static int64_t
count(const char *sql)
{
    return store_fixture_number(&server.dir, sql);
}

static const struct test_call keep = {
    .method = "PUT",
    .path = "/api/v1/drafts/intake/new",
    .body = "{\"content\":\"SECRETWORD\"}",
    .who = &clerk,
};

START_TEST(a_draft_is_sealed_and_makes_no_event)
{
    int64_t before = count("SELECT count(*) FROM event");

    test_expect(&server, &keep, 200);
    ck_assert_int_eq(count("SELECT count(*) FROM draft WHERE length(content) > 10"), 1);
    ck_assert_int_eq(count("SELECT count(*) FROM draft WHERE instr(content, "
                           "CAST('SECRETWORD' AS BLOB))"),
                     0);
    ck_assert_int_eq(count("SELECT count(*) FROM event"), before);
}
END_TEST

START_TEST(a_draft_is_its_owners_alone)
{
    struct test_call show = { .method = "GET",
                              .path = "/api/v1/drafts/intake/new",
                              .who = &clerk };

    test_expect(&server, &keep, 200);
    struct test_reply reply = test_send(&server, &show);
    ck_assert_str_eq(test_reply_text(&reply, "content"), "SECRETWORD");
    test_reply_free(&reply);
    show.who = &admin;
    test_expect_problem(&server, &show, 403, "forbidden", NULL);
}
END_TEST

START_TEST(a_draft_is_forgotten_after_the_days_of_the_setting)
{
    struct cmd_housekeeping sweep;

    test_expect(&server, &keep, 200);
    int64_t saved_at = count("SELECT saved_at FROM draft");
    cmd_housekeeping_init(&sweep, saved_at + 30 * 86400, false);
    ck_assert_int_eq(writer_run(server.writer, &sweep.job), OK);
    ck_assert_int_eq(count("SELECT count(*) FROM draft"), 1);
    cmd_housekeeping_init(&sweep, saved_at + 30 * 86400 + 1, false);
    ck_assert_int_eq(writer_run(server.writer, &sweep.job), OK);
    ck_assert_int_eq(count("SELECT count(*) FROM draft"), 0);
}
END_TEST

START_TEST(limits_are_judged_together_and_only_what_differs_is_kept)
{
    struct test_call wrong = {
        .method = "PATCH",
        .path = "/api/v1/limits",
        .body = "{\"scalars\":{\"supervision_workdays\":9,\"unopened_minutes\":5}}",
        .who = &admin,
    };
    struct test_call right = wrong, back = wrong;

    test_expect_problem(&server, &wrong, 422, "fields", "scalars.circular_workdays");
    ck_assert_int_eq(count("SELECT count(*) FROM setting"), 0);
    right.body = "{\"steps\":{\"sign\":{\"urgent\":{\"amount\":60}}},"
                 "\"scalars\":{\"unopened_minutes\":5}}";
    test_expect(&server, &right, 200);
    ck_assert_int_eq(count("SELECT count(*) FROM limit_rule WHERE amount = 60"), 1);
    ck_assert_int_eq(count("SELECT count(*) FROM event WHERE type = 'limits_changed' AND "
                           "payload LIKE '%[\"sign.urgent\",\"unopened_minutes\"]%'"),
                     1);
    back.body = "{\"steps\":{\"sign\":{\"urgent\":{\"amount\":120}}},"
                "\"scalars\":{\"unopened_minutes\":120}}";
    test_expect(&server, &back, 200);
    ck_assert_int_eq(count("SELECT (SELECT count(*) FROM limit_rule) + "
                           "(SELECT count(*) FROM setting)"),
                     0);
}
END_TEST

START_TEST(a_setting_is_told_at_once_and_named_in_its_event)
{
    struct test_call change = {
        .method = "PATCH",
        .path = "/api/v1/settings",
        .body = "{\"county_name\":\"云溪县\",\"draft_days\":1}",
        .who = &admin,
    };
    struct test_reply reply = test_send(&server, &change);

    ck_assert_int_eq(reply.status, 200);
    ck_assert_ptr_nonnull(strstr(reply.body, "云溪县"));
    test_reply_free(&reply);
    ck_assert_int_eq(
        count("SELECT count(*) FROM event WHERE type = 'settings_changed' AND "
              "payload LIKE '%[\"county_name\",\"draft_days\"]%' AND "
              "payload NOT LIKE '%云溪县%'"),
        1);
}
END_TEST

Suite *
suite_belongings(void)
{
    Suite *suite = suite_create("belongings");
    TCase *tests = tcase_create("belongings");

    tcase_add_checked_fixture(tests, open_server, close_server);
    tcase_add_test(tests, a_draft_is_sealed_and_makes_no_event);
    tcase_add_test(tests, a_draft_is_its_owners_alone);
    tcase_add_test(tests, a_draft_is_forgotten_after_the_days_of_the_setting);
    tcase_add_test(tests, limits_are_judged_together_and_only_what_differs_is_kept);
    tcase_add_test(tests, a_setting_is_told_at_once_and_named_in_its_event);
    suite_add_tcase(suite, tests);
    return suite;
}
