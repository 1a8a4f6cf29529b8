#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "support/server.h"
#include "support/store_fixture.h"

/* Scenarios of /me/…: one's own password and sessions. */

#define GOOD_PASSWORD "tiger lamp 42"
#define CHANGE                                                                           \
    "{\"password\":\"" PEOPLE_PASSWORD "\",\"new_password\":\"" GOOD_PASSWORD "\"}"

static struct test_server server;
static struct test_who clerk;

static void
open_server(void)
{
    test_server_open(&server);
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

static struct test_call
ask(const char *method, const char *path, const struct test_who *who)
{
    return (struct test_call){ .method = method, .path = path, .who = who };
}

static struct test_call
change(const char *body, const char *key)
{
    return (struct test_call){ .method = "POST",
                               .path = "/api/v1/me/password",
                               .body = body,
                               .who = &clerk,
                               .key = key };
}

static struct test_call
sign_in(const char *body)
{
    return (
        struct test_call){ .method = "POST", .path = "/api/v1/session", .body = body };
}

/* --- Password ------------------------------------------------------------------------- */

START_TEST(another_password_opens_and_the_old_one_does_not)
{
    struct test_call call = change(CHANGE, "k1");
    struct test_call old =
        sign_in("{\"login\":\"clerk\",\"password\":\"" PEOPLE_PASSWORD "\"}");
    struct test_call new =
        sign_in("{\"login\":\"clerk\",\"password\":\"" GOOD_PASSWORD "\"}");

    test_expect(&server, &call, 204);
    test_expect_problem(&server, &old, 401, "session.credentials", NULL);
    test_expect(&server, &new, 200);
    ck_assert_int_eq(count("SELECT count(*) FROM event WHERE type = "
                           "'user_password_changed' AND actor_kind = 'user'"),
                     1);
}
END_TEST

START_TEST(another_password_ends_the_other_sessions_and_not_this_one)
{
    struct test_who elsewhere = test_sign_in(&server, "clerk");
    struct test_who somebody = test_sign_in(&server, "leader");
    struct test_call call = change(CHANGE, "k1");
    struct test_call here = ask("GET", "/api/v1/session", &clerk);
    struct test_call there = ask("GET", "/api/v1/session", &elsewhere);
    struct test_call other = ask("GET", "/api/v1/session", &somebody);

    test_expect(&server, &call, 204);
    test_expect(&server, &here, 200);
    test_expect_problem(&server, &there, 401, "session.required", NULL);
    test_expect(&server, &other, 200);
}
END_TEST

START_TEST(a_repeated_change_answers_the_first_result)
{
    struct test_call call = change(CHANGE, "k1");
    struct test_call again = change(CHANGE, "k2");

    test_expect(&server, &call, 204);
    test_expect(&server, &call, 204);
    ck_assert_int_eq(
        count("SELECT count(*) FROM event WHERE type = 'user_password_changed'"), 1);
    test_expect_problem(&server, &again, 422, "fields", "password");
}
END_TEST

START_TEST(a_wrong_password_changes_nothing_and_the_sixth_try_is_locked_out)
{
    const char *wrong = "{\"password\":\"wrong\",\"new_password\":\"" GOOD_PASSWORD "\"}";
    struct test_call right = change(CHANGE, "k");
    struct test_call old =
        sign_in("{\"login\":\"clerk\",\"password\":\"" PEOPLE_PASSWORD "\"}");

    for (int i = 0; i < 5; i++) {
        struct test_call call = change(wrong, "k");

        test_expect_problem(&server, &call, 422, "fields", "password");
    }
    test_expect_problem(&server, &right, 429, "session.locked", NULL);
    test_expect_problem(&server, &old, 429, "session.locked", NULL);
    ck_assert_int_eq(count("SELECT count(*) FROM event WHERE type = 'login_locked'"), 1);
    test_clock_advance(900);
    test_expect(&server, &old, 200);
}
END_TEST

START_TEST(a_password_that_is_guessed_first_is_refused_by_name)
{
    static const char *const bodies[] = {
        "{\"password\":\"" PEOPLE_PASSWORD "\",\"new_password\":\"" PEOPLE_PASSWORD "\"}",
        "{\"password\":\"" PEOPLE_PASSWORD "\",\"new_password\":\"clerk of 2026\"}",
        "{\"password\":\"" PEOPLE_PASSWORD "\",\"new_password\":\"1234567890\"}",
        "{\"password\":\"" PEOPLE_PASSWORD "\",\"new_password\":\"too short\"}",
        "{\"password\":\"" PEOPLE_PASSWORD "\"}",
    };

    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        struct test_call call = change(bodies[i], "k");

        test_expect_problem(&server, &call, 422, "fields", "new_password");
    }
    ck_assert_int_eq(count("SELECT count(*) FROM user WHERE epoch > 1"), 0);
}
END_TEST

/* --- A password that somebody else has set ------------------------------------------------ */

static struct test_who
who_of(const struct test_reply *reply)
{
    struct test_who who;
    char cookie[256];

    test_reply_header(reply, "Set-Cookie", cookie, sizeof cookie);
    ck_assert(text_format(who.token, sizeof who.token, "%.43s", cookie + 14));
    ck_assert(
        text_format(who.csrf, sizeof who.csrf, "%s", test_reply_text(reply, "csrf")));
    return who;
}

START_TEST(a_password_set_by_an_administrator_is_good_for_setting_ones_own)
{
    static const char *const closed[] = { "/api/v1/inbox", "/api/v1/tickets",
                                          "/api/v1/units", "/api/v1/audit" };
    static const char *const open[] = { "/api/v1/session", "/api/v1/meta",
                                        "/api/v1/me/sessions" };
    struct test_who admin = test_sign_in(&server, "admin");
    struct test_call reset = { .method = "PATCH",
                               .path = "/api/v1/users/clerk",
                               .body = "{\"version\":1,\"password\":\"from the admin\"}",
                               .who = &admin };
    struct test_call enter =
        sign_in("{\"login\":\"clerk\",\"password\":\"from the admin\"}");
    struct test_call own = {
        .method = "POST",
        .path = "/api/v1/me/password",
        .body =
            "{\"password\":\"from the admin\",\"new_password\":\"" GOOD_PASSWORD "\"}",
        .who = &clerk,
        .key = "k",
    };

    struct test_reply reply = test_send(&server, &reset);
    ck_assert_str_eq(test_reply_text(&reply, "must_change_password"), "true");
    test_reply_free(&reply);
    reply = test_send(&server, &enter);
    ck_assert_int_eq(reply.status, 200);
    ck_assert_str_eq(test_reply_text(&reply, "must_change_password"), "true");
    clerk = who_of(&reply);
    test_reply_free(&reply);

    for (size_t i = 0; i < sizeof closed / sizeof *closed; i++) {
        struct test_call call = ask("GET", closed[i], &clerk);

        test_expect_problem(&server, &call, 403, "session.must_change_password", NULL);
    }
    for (size_t i = 0; i < sizeof open / sizeof *open; i++) {
        struct test_call call = ask("GET", open[i], &clerk);

        test_expect(&server, &call, 200);
    }
    /* What the role may not is not told apart from it. */
    struct test_call foreign = ask("GET", "/api/v1/users/clerk", &clerk);
    test_expect_problem(&server, &foreign, 403, "forbidden", NULL);

    test_expect(&server, &own, 204);
    struct test_call inbox = ask("GET", "/api/v1/inbox", &clerk);
    test_expect(&server, &inbox, 200);
}
END_TEST

START_TEST(a_new_user_sets_a_password_first)
{
    struct test_who admin = test_sign_in(&server, "admin");
    struct test_call create = {
        .method = "POST",
        .path = "/api/v1/users",
        .body = "{\"login\":\"zhang\",\"name\":\"张三\",\"unit\":\"town\",\"roles\":["
                "\"handler\"],\"password\":\"a long password\"}",
        .who = &admin,
        .key = "k",
    };
    struct test_call enter =
        sign_in("{\"login\":\"zhang\",\"password\":\"a long password\"}");

    test_expect(&server, &create, 201);
    struct test_reply reply = test_send(&server, &enter);
    struct test_who zhang = who_of(&reply);
    struct test_call list = ask("GET", "/api/v1/tickets", &zhang);

    test_reply_free(&reply);
    test_expect_problem(&server, &list, 403, "session.must_change_password", NULL);
}
END_TEST

/* --- Sessions ------------------------------------------------------------------------------ */

START_TEST(ones_sessions_are_listed_and_ended_one_by_one)
{
    struct test_who elsewhere = test_sign_in(&server, "clerk");
    struct test_call list = ask("GET", "/api/v1/me/sessions", &clerk);
    struct test_reply reply = test_send(&server, &list);
    char path[64];

    ck_assert_int_eq(test_reply_count(&reply, "items"), 2);
    ck_assert_str_eq(test_reply_text(&reply, "items.0.current"), "false");
    ck_assert_str_eq(test_reply_text(&reply, "items.1.current"), "true");
    ck_assert_ptr_null(strstr(reply.body, elsewhere.csrf));
    ck_assert(text_format(path, sizeof path, "/api/v1/me/sessions/%s",
                          test_reply_text(&reply, "items.0.id")));
    test_reply_free(&reply);

    struct test_call end = ask("DELETE", path, &clerk);
    struct test_call there = ask("GET", "/api/v1/session", &elsewhere);
    test_expect(&server, &end, 204);
    test_expect_problem(&server, &there, 401, "session.required", NULL);
    test_expect_problem(&server, &end, 404, "not_found", NULL);
    ck_assert_int_eq(
        count("SELECT count(*) FROM event WHERE type = 'user_sessions_ended'"), 1);
}
END_TEST

START_TEST(somebody_elses_session_does_not_exist)
{
    struct test_who leader = test_sign_in(&server, "leader");
    struct test_call list = ask("GET", "/api/v1/me/sessions", &leader);
    struct test_reply reply = test_send(&server, &list);
    char path[64];

    ck_assert_int_eq(test_reply_count(&reply, "items"), 1);
    ck_assert(text_format(path, sizeof path, "/api/v1/me/sessions/%s",
                          test_reply_text(&reply, "items.0.id")));
    test_reply_free(&reply);
    static const char *const missing[] = { "/api/v1/me/sessions/999999",
                                           "/api/v1/me/sessions/0",
                                           "/api/v1/me/sessions/x" };
    struct test_call foreign = ask("DELETE", path, &clerk);

    test_expect_problem(&server, &foreign, 404, "not_found", NULL);
    for (size_t i = 0; i < sizeof missing / sizeof *missing; i++) {
        struct test_call call = ask("DELETE", missing[i], &clerk);

        test_expect_problem(&server, &call, 404, "not_found", NULL);
    }
    struct test_call here = ask("GET", "/api/v1/session", &leader);
    test_expect(&server, &here, 200);
}
END_TEST

START_TEST(all_other_sessions_end_at_once)
{
    struct test_who elsewhere[2] = { test_sign_in(&server, "clerk"),
                                     test_sign_in(&server, "clerk") };
    struct test_who leader = test_sign_in(&server, "leader");
    struct test_call end = ask("DELETE", "/api/v1/me/sessions", &clerk);

    test_expect(&server, &end, 204);
    for (size_t i = 0; i < 2; i++) {
        struct test_call there = ask("GET", "/api/v1/session", &elsewhere[i]);

        test_expect_problem(&server, &there, 401, "session.required", NULL);
    }
    struct test_call here = ask("GET", "/api/v1/session", &clerk);
    struct test_call other = ask("GET", "/api/v1/session", &leader);
    test_expect(&server, &here, 200);
    test_expect(&server, &other, 200);
    test_expect(&server, &end, 204); /* none is left: nothing happens */
    ck_assert_int_eq(
        count("SELECT count(*) FROM event WHERE type = 'user_sessions_ended'"), 1);
}
END_TEST

START_TEST(a_session_that_was_idle_too_long_is_not_shown)
{
    struct test_call here = ask("GET", "/api/v1/session", &clerk);

    (void)test_sign_in(&server, "clerk"); /* left alone */
    test_clock_advance(1000);
    test_expect(&server, &here, 200);
    test_clock_advance(1000);
    struct test_call list = ask("GET", "/api/v1/me/sessions", &clerk);
    struct test_reply reply = test_send(&server, &list);
    ck_assert_int_eq(test_reply_count(&reply, "items"), 1);
    ck_assert_str_eq(test_reply_text(&reply, "items.0.current"), "true");
    test_reply_free(&reply);
}
END_TEST

START_TEST(no_log_row_or_event_holds_a_password)
{
    struct test_call call = change(CHANGE, "k1");

    test_expect(&server, &call, 204);
    char *log = test_server_log(&server);
    ck_assert_ptr_null(strstr(log, GOOD_PASSWORD));
    ck_assert_ptr_null(strstr(log, PEOPLE_PASSWORD));
    ck_assert_ptr_null(strstr(log, "argon2"));
    free(log);
    ck_assert_int_eq(count("SELECT count(*) FROM event WHERE payload LIKE '%tiger%' OR "
                           "payload LIKE '%argon%'"),
                     0);
    ck_assert_int_eq(count("SELECT count(*) FROM event_text WHERE text LIKE '%tiger%'"),
                     0);
}
END_TEST

Suite *
suite_account(void)
{
    Suite *suite = suite_create("account");
    TCase *tests = tcase_create("account");

    tcase_add_checked_fixture(tests, open_server, close_server);
    tcase_add_test(tests, another_password_opens_and_the_old_one_does_not);
    tcase_add_test(tests, another_password_ends_the_other_sessions_and_not_this_one);
    tcase_add_test(tests, a_repeated_change_answers_the_first_result);
    tcase_add_test(tests,
                   a_wrong_password_changes_nothing_and_the_sixth_try_is_locked_out);
    tcase_add_test(tests, a_password_that_is_guessed_first_is_refused_by_name);
    tcase_add_test(tests,
                   a_password_set_by_an_administrator_is_good_for_setting_ones_own);
    tcase_add_test(tests, a_new_user_sets_a_password_first);
    tcase_add_test(tests, ones_sessions_are_listed_and_ended_one_by_one);
    tcase_add_test(tests, somebody_elses_session_does_not_exist);
    tcase_add_test(tests, all_other_sessions_end_at_once);
    tcase_add_test(tests, a_session_that_was_idle_too_long_is_not_shown);
    tcase_add_test(tests, no_log_row_or_event_holds_a_password);
    suite_add_tcase(suite, tests);
    return suite;
}
