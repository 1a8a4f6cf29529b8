#include <check.h>
#include <string.h>

#include "base/text.h"
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
        .body = "{\"version\":1,"
                "\"scalars\":{\"supervision_workdays\":9,\"unopened_minutes\":5}}",
        .who = &admin,
    };
    struct test_call right = wrong, back = wrong;

    test_expect_problem(&server, &wrong, 422, "fields", "scalars.circular_workdays");
    ck_assert_int_eq(count("SELECT count(*) FROM setting"), 0);
    right.body = "{\"version\":1,\"steps\":{\"sign\":{\"urgent\":{\"amount\":60}}},"
                 "\"scalars\":{\"unopened_minutes\":5}}";
    test_expect(&server, &right, 200);
    ck_assert_int_eq(count("SELECT count(*) FROM limit_rule WHERE amount = 60"), 1);
    ck_assert_int_eq(count("SELECT count(*) FROM event WHERE type = 'limits_changed' AND "
                           "payload LIKE '%[\"sign.urgent\",\"unopened_minutes\"]%'"),
                     1);
    back.body = "{\"version\":2,\"steps\":{\"sign\":{\"urgent\":{\"amount\":120}}},"
                "\"scalars\":{\"unopened_minutes\":120}}";
    test_expect(&server, &back, 200);
    ck_assert_int_eq(count("SELECT (SELECT count(*) FROM limit_rule) + "
                           "(SELECT count(*) FROM setting)"),
                     0);
}
END_TEST

/* What stands at `path`, at its version, beside the count of its changes. */
static void
expect_set(const char *path, const char *part, int64_t version, const char *event,
           int64_t events)
{
    const struct test_call show = { .method = "GET", .path = path, .who = &admin };
    char list[40], told[80];

    ck_assert(text_format(list, sizeof list, "\"version\":%lld}", (long long)version));
    ck_assert(text_format(told, sizeof told,
                          "SELECT count(*) FROM event WHERE type = '%s'", event));
    struct test_reply reply = test_send(&server, &show);
    ck_assert_msg(strstr(reply.body, list) != NULL && strstr(reply.body, part) != NULL,
                  "%s and %s in\n%s", list, part, reply.body);
    test_reply_free(&reply);
    ck_assert_int_eq(count(told), events);
}

/* Two who saw the same: the first one is taken, the second one is told and changes nothing. */
static void
expect_no_overwriting(const char *path, const char *first, const char *second,
                      const char *part, const char *event)
{
    struct test_call change = { .method = "PATCH", .path = path, .who = &admin };

    change.body = first;
    test_expect(&server, &change, 200);
    expect_set(path, part, 2, event, 1);
    change.body = second;
    struct test_reply reply = test_send(&server, &change);
    ck_assert_int_eq(reply.status, 409);
    ck_assert_str_eq(test_reply_text(&reply, "code"), "version_conflict");
    ck_assert_ptr_nonnull(strstr(reply.body, "第 2 版"));
    test_reply_free(&reply);
    expect_set(path, part, 2, event, 1);
}

START_TEST(settings_are_never_overwritten_unseen)
{
    expect_no_overwriting("/api/v1/settings",
                          "{\"version\":1,\"county_name\":\"云溪县\"}",
                          "{\"version\":1,\"county_name\":\"云水县\"}",
                          "\"value\":\"云溪县\"", "settings_changed");
    /* Limits are another list. */
    expect_set("/api/v1/limits", "\"steps\"", 1, "limits_changed", 0);
}
END_TEST

START_TEST(limits_are_never_overwritten_unseen)
{
    expect_no_overwriting(
        "/api/v1/limits", "{\"version\":1,\"scalars\":{\"unopened_minutes\":5}}",
        "{\"version\":1,\"steps\":{\"sign\":{\"urgent\":{\"amount\":60}}}}",
        "\"name\":\"unopened_minutes\",\"value\":5", "limits_changed");
    ck_assert_int_eq(count("SELECT count(*) FROM limit_rule"), 0);
    expect_set("/api/v1/settings", "\"items\"", 1, "settings_changed", 0);
}
END_TEST

/* Nobody is told to look again because somebody saved what was there anyway. */
START_TEST(a_change_to_what_is_there_counts_as_none)
{
    struct test_call same = {
        .method = "PATCH",
        .path = "/api/v1/settings",
        .body = "{\"version\":1,\"draft_days\":30}",
        .who = &admin,
    };

    test_expect(&server, &same, 200);
    expect_set("/api/v1/settings", "\"items\"", 1, "settings_changed", 0);
    same.body = "{\"draft_days\":1}";
    test_expect_problem(&server, &same, 422, "fields", "version");
    same.body = "{\"version\":2,\"draft_days\":1}";
    test_expect_problem(&server, &same, 409, "version_conflict", NULL);
}
END_TEST

START_TEST(a_setting_is_told_at_once_and_named_in_its_event)
{
    struct test_call change = {
        .method = "PATCH",
        .path = "/api/v1/settings",
        .body = "{\"version\":1,\"county_name\":\"云溪县\",\"draft_days\":1}",
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
    tcase_add_test(tests, settings_are_never_overwritten_unseen);
    tcase_add_test(tests, limits_are_never_overwritten_unseen);
    tcase_add_test(tests, a_change_to_what_is_there_counts_as_none);
    tcase_add_test(tests, a_setting_is_told_at_once_and_named_in_its_event);
    suite_add_tcase(suite, tests);
    return suite;
}
