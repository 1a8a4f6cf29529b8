#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "support/server.h"
#include "support/store_fixture.h"

/* Scenarios of /users and /units. */

#define NEW_USER                                                                          \
    "{\"login\":\"zhang\",\"name\":\"张三\",\"unit\":\"town\",\"roles\":[\"handler\"]," \
    "\"password\":\"a long password\"}"
#define NEW_UNIT "{\"code\":\"water\",\"name\":\"县水利局\",\"kind\":\"department\"}"

static struct test_server server;
static struct test_who admin;

static void
open_server(void)
{
    test_server_open(&server);
    admin = test_sign_in(&server, "admin");
}

static void
close_server(void)
{
    test_server_close(&server);
}

static struct test_call
get(const char *path)
{
    return (struct test_call){ .method = "GET", .path = path, .who = &admin };
}

static struct test_call
post(const char *path, const char *body, const char *key)
{
    return (struct test_call){
        .method = "POST", .path = path, .body = body, .who = &admin, .key = key
    };
}

static struct test_call
patch(const char *path, const char *body)
{
    return (
        struct test_call){ .method = "PATCH", .path = path, .body = body, .who = &admin };
}

static int64_t
count(const char *sql)
{
    return store_fixture_number(&server.dir, sql);
}

/* --- Users --------------------------------------------------------------------------------- */

START_TEST(a_new_user_is_created_found_and_can_sign_in)
{
    struct test_call create = post("/api/v1/users", NEW_USER, "k1");
    struct test_reply reply = test_send(&server, &create);
    struct test_call show = get("/api/v1/users/zhang");
    struct test_call sign_in = {
        .method = "POST",
        .path = "/api/v1/session",
        .body = "{\"login\":\"zhang\",\"password\":\"a long password\"}",
    };
    char location[128];

    ck_assert_int_eq(reply.status, 201);
    test_reply_header(&reply, "Location", location, sizeof location);
    ck_assert_str_eq(location, "/api/v1/users/zhang");
    ck_assert_str_eq(test_reply_text(&reply, "unit.code"), "town");
    ck_assert_str_eq(test_reply_text(&reply, "roles.0"), "handler");
    ck_assert_str_eq(test_reply_text(&reply, "version"), "1");
    struct test_reply shown = test_send(&server, &show);
    ck_assert_str_eq(shown.body, reply.body);
    test_reply_free(&shown);
    test_reply_free(&reply);
    test_expect(&server, &sign_in, 200);
}
END_TEST

START_TEST(a_repeated_create_answers_the_first_result)
{
    struct test_call create = post("/api/v1/users", NEW_USER, "k1");
    struct test_reply first = test_send(&server, &create);
    struct test_reply second = test_send(&server, &create);

    ck_assert_int_eq(second.status, 201);
    ck_assert_str_eq(first.body, second.body);
    ck_assert_int_eq(count("SELECT count(*) FROM user WHERE login = 'zhang'"), 1);
    test_reply_free(&first);
    test_reply_free(&second);
}
END_TEST

START_TEST(the_key_of_another_request_is_a_mismatch)
{
    struct test_call create = post("/api/v1/users", NEW_USER, "k1");
    struct test_call other = post("/api/v1/units", NEW_UNIT, "k1");

    test_expect(&server, &create, 201);
    test_expect_problem(&server, &other, 422, "idempotency.mismatch", NULL);
}
END_TEST

START_TEST(a_create_without_a_good_key_is_refused)
{
    char longer[102];

    memset(longer, 'k', 101);
    longer[101] = '\0';
    const char *const keys[] = { NULL, "", "two words", longer };

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct test_call create = post("/api/v1/units", NEW_UNIT, keys[i]);

        test_expect_problem(&server, &create, 422, "idempotency.required", NULL);
    }
    longer[100] = '\0';
    struct test_call create = post("/api/v1/units", NEW_UNIT, longer);
    test_expect(&server, &create, 201);
}
END_TEST

START_TEST(wrong_members_of_a_new_user_are_named)
{
    static const struct {
        const char *body, *field;
    } cases[] = {
        { "{\"login\":\"zhang\",\"name\":\"张三\",\"unit\":\"town\",\"roles\":["
          "\"handler\"]}",
          "password" },
        { "{\"login\":\"zhang\",\"name\":\"张三\",\"unit\":\"town\",\"roles\":["
          "\"handler\"],"
          "\"password\":\"too short\"}",
          "password" },
        { "{\"login\":\"zhang\",\"name\":\"张三\",\"unit\":\"town\",\"roles\":[],"
          "\"password\":\"a long password\"}",
          "roles" },
        { "{\"login\":\"zhang\",\"name\":\"张三\",\"unit\":\"town\",\"roles\":[\"king\"],"
          "\"password\":\"a long password\"}",
          "roles[0]" },
        { "{\"login\":\"zh "
          "ang\",\"name\":\"张三\",\"unit\":\"town\",\"roles\":[\"handler\"],"
          "\"password\":\"a long password\"}",
          "login" },
        { "{\"login\":\"zhang\",\"name\":\"张三\",\"unit\":\"nowhere\",\"roles\":["
          "\"handler\"],"
          "\"password\":\"a long password\"}",
          "unit" },
        { "{\"login\":\"CLERK\",\"name\":\"张三\",\"unit\":\"town\",\"roles\":["
          "\"handler\"],"
          "\"password\":\"a long password\"}",
          "login" },
        { "{\"login\":\"zhang\",\"name\":\"张三\",\"unit\":\"town\",\"roles\":["
          "\"handler\"],"
          "\"password\":\"a long password\",\"is_admin\":true}",
          "is_admin" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct test_call create = post("/api/v1/users", cases[i].body, "k");

        test_expect_problem(&server, &create, 422, "fields", cases[i].field);
    }
    ck_assert_int_eq(count("SELECT count(*) FROM user"), ROLE_COUNT);
}
END_TEST

START_TEST(a_change_needs_the_present_version)
{
    struct test_call change =
        patch("/api/v1/users/clerk", "{\"version\":1,\"name\":\"新名\"}");
    struct test_call without = patch("/api/v1/users/clerk", "{\"name\":\"新名\"}");
    struct test_call unknown =
        patch("/api/v1/users/nobody", "{\"version\":1,\"name\":\"新\"}");

    test_expect_problem(&server, &without, 422, "fields", "version");
    struct test_reply reply = test_send(&server, &change);
    ck_assert_int_eq(reply.status, 200);
    ck_assert_str_eq(test_reply_text(&reply, "name"), "新名");
    ck_assert_str_eq(test_reply_text(&reply, "version"), "2");
    test_reply_free(&reply);
    test_expect_problem(&server, &change, 409, "version_conflict", NULL);
    test_expect_problem(&server, &unknown, 404, "not_found", NULL);
}
END_TEST

START_TEST(the_last_administrator_cannot_be_disabled)
{
    struct test_call change =
        patch("/api/v1/users/admin", "{\"version\":1,\"enabled\":false}");

    test_expect_problem(&server, &change, 409, "user.last_admin", NULL);
}
END_TEST

static struct test_call delete (const char *path)
{
    return (struct test_call){ .method = "DELETE", .path = path, .who = &admin };
}

START_TEST(an_account_that_was_never_used_can_be_removed_and_made_anew)
{
    struct test_call create = post("/api/v1/users", NEW_USER, "k1");
    struct test_call again = post("/api/v1/users", NEW_USER, "k2");
    struct test_call gone = delete ("/api/v1/users/zhang");
    struct test_call show = get("/api/v1/users/zhang");

    test_expect(&server, &create, 201);
    test_expect(&server, &gone, 204);
    test_expect_problem(&server, &show, 404, "not_found", NULL);
    test_expect_problem(&server, &gone, 404, "not_found", NULL);
    ck_assert_int_eq(count("SELECT count(*) FROM event WHERE type = 'user_deleted'"), 1);
    test_expect(&server, &again, 201);
}
END_TEST

/* The trail names who did something, and so may a ticket. */
START_TEST(an_account_that_was_used_or_named_can_only_be_disabled)
{
    struct test_call create = post("/api/v1/users", NEW_USER, "k1");
    struct test_call sign_in = {
        .method = "POST",
        .path = "/api/v1/session",
        .body = "{\"login\":\"zhang\",\"password\":\"a long password\"}",
    };
    struct test_call used = delete ("/api/v1/users/zhang");
    struct test_call self = delete ("/api/v1/users/admin");
    struct test_call told = delete ("/api/v1/users/leader");

    test_expect(&server, &create, 201);
    test_expect(&server, &sign_in, 200);
    test_expect_problem(&server, &used, 409, "in_use", NULL);
    test_expect_problem(&server, &self, 409, "user.last_admin", NULL);
    struct store_fixture fixture = { .writer = server.writer };
    ck_assert_int_eq(
        store_fixture_write(&fixture,
                            "INSERT INTO outbox (at, not_before, kind, ticket_id, "
                            "unit_id, user_id, is_alarm) SELECT 1, 1, 'submit', 1, "
                            "1, id, 1 FROM user WHERE login = 'leader'"),
        OK);
    test_expect_problem(&server, &told, 409, "in_use", NULL);
}
END_TEST

START_TEST(a_list_of_users_is_paged_and_filtered)
{
    struct test_call first = get("/api/v1/users?limit=4");
    struct test_reply reply = test_send(&server, &first);
    char path[64];

    ck_assert_int_eq(test_reply_count(&reply, "items"), 4);
    ck_assert(text_format(path, sizeof path, "/api/v1/users?limit=4&cursor=%s",
                          test_reply_text(&reply, "next")));
    test_reply_free(&reply);
    struct test_call second = get(path);
    reply = test_send(&server, &second);
    ck_assert_int_eq(test_reply_count(&reply, "items"), 3);
    ck_assert_ptr_null(test_reply_text(&reply, "next"));
    test_reply_free(&reply);
    struct test_call leaders = get("/api/v1/users?role=leader&enabled=true&unit=office");
    reply = test_send(&server, &leaders);
    ck_assert_int_eq(test_reply_count(&reply, "items"), 1);
    ck_assert_str_eq(test_reply_text(&reply, "items.0.login"), "leader");
    test_reply_free(&reply);
}
END_TEST

START_TEST(bad_query_parameters_are_refused)
{
    static const char *const paths[] = {
        "/api/v1/users?limit=0",   "/api/v1/users?limit=201",  "/api/v1/users?role=king",
        "/api/v1/users?cursor=-1", "/api/v1/users?cursor=x",   "/api/v1/users?password=x",
        "/api/v1/units?kind=king", "/api/v1/units?enabled=no", "/api/v1/units?kind=",
    };

    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct test_call call = get(paths[i]);

        test_expect_problem(&server, &call, 400, "http.query", NULL);
    }
}
END_TEST

START_TEST(staff_see_only_names_of_leaders_and_units_people)
{
    struct test_who clerk = test_sign_in(&server, "clerk");
    struct test_call call = get("/api/v1/users?role=leader");

    call.who = &clerk;
    struct test_reply reply = test_send(&server, &call);
    ck_assert_int_eq(reply.status, 200);
    ck_assert_str_eq(
        reply.body,
        "{\"items\":[{\"login\":\"leader\",\"name\":\"leader\",\"unit\":{\"code\":"
        "\"office\",\"name\":\"县政府办公室\"}}],\"next\":null}");
    test_reply_free(&reply);
    call.path = "/api/v1/users";
    test_expect_problem(&server, &call, 403, "forbidden", NULL);
    call.path = "/api/v1/users?role=admin";
    test_expect_problem(&server, &call, 403, "forbidden", NULL);
    call.path = "/api/v1/users/leader";
    test_expect_problem(&server, &call, 403, "forbidden", NULL);
}
END_TEST

START_TEST(a_disabled_leader_is_not_offered)
{
    struct test_who clerk = test_sign_in(&server, "clerk");
    struct test_call disable =
        patch("/api/v1/users/leader", "{\"version\":1,\"enabled\":false}");
    struct test_call call = get("/api/v1/users?role=leader&enabled=false");

    test_expect(&server, &disable, 200);
    call.who = &clerk;
    struct test_reply reply = test_send(&server, &call);
    ck_assert_int_eq(test_reply_count(&reply, "items"), 0);
    test_reply_free(&reply);
}
END_TEST

START_TEST(no_reply_and_no_log_holds_a_hash_or_a_password)
{
    static const char *const paths[] = { "/api/v1/users", "/api/v1/users/zhang",
                                         "/api/v1/users?role=handler",
                                         "/api/v1/session" };
    struct test_call create = post("/api/v1/users", NEW_USER, "k1");
    struct test_call change =
        patch("/api/v1/users/zhang", "{\"version\":1,\"password\":\"another password\"}");

    test_expect(&server, &create, 201);
    struct test_reply reply = test_send(&server, &change);
    ck_assert_int_eq(reply.status, 200);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        ck_assert_ptr_null(strstr(reply.body, "argon"));
        ck_assert_ptr_null(strstr(reply.body, "long password"));
        ck_assert_ptr_null(strstr(reply.body, "another password"));
        test_reply_free(&reply);
        struct test_call call = get(paths[i]);
        reply = test_send(&server, &call);
        ck_assert_int_eq(reply.status, 200);
    }
    test_reply_free(&reply);
    char *log = test_server_log(&server);
    ck_assert_ptr_null(strstr(log, "argon"));
    ck_assert_ptr_null(strstr(log, "a long password"));
    ck_assert_ptr_null(strstr(log, "another password"));
    free(log);
}
END_TEST

/* --- Units ----------------------------------------------------------------------------------- */

START_TEST(a_unit_is_created_changed_and_listed_by_code)
{
    struct test_call create = post("/api/v1/units", NEW_UNIT, "k1");
    struct test_call change =
        patch("/api/v1/units/water",
              "{\"version\":1,\"head\":\"孙局长\",\"deputy\":\"周副局长\","
              "\"contact\":\"吴干事\",\"sign_off\":\"online\","
              "\"parent\":\"office\"}");
    struct test_call all = get("/api/v1/units?limit=2");
    struct test_reply reply = test_send(&server, &create);
    char path[64];

    ck_assert_int_eq(reply.status, 201);
    ck_assert_str_eq(test_reply_text(&reply, "complete"), "false");
    ck_assert_ptr_null(test_reply_text(&reply, "parent"));
    test_reply_free(&reply);
    reply = test_send(&server, &change);
    ck_assert_int_eq(reply.status, 200);
    ck_assert_str_eq(test_reply_text(&reply, "complete"), "true");
    ck_assert_str_eq(test_reply_text(&reply, "parent"), "office");
    ck_assert_str_eq(test_reply_text(&reply, "sign_off"), "online");
    test_reply_free(&reply);
    test_expect_problem(&server, &change, 409, "version_conflict", NULL);

    reply = test_send(&server, &all);
    ck_assert_str_eq(test_reply_text(&reply, "items.0.code"), "office");
    ck_assert_str_eq(test_reply_text(&reply, "next"), "town");
    ck_assert(text_format(path, sizeof path, "/api/v1/units?limit=2&cursor=%s",
                          test_reply_text(&reply, "next")));
    test_reply_free(&reply);
    struct test_call rest = get(path);
    reply = test_send(&server, &rest);
    ck_assert_int_eq(test_reply_count(&reply, "items"), 1);
    ck_assert_str_eq(test_reply_text(&reply, "items.0.code"), "water");
    test_reply_free(&reply);
}
END_TEST

START_TEST(a_code_cannot_be_taken_twice_or_changed)
{
    struct test_call first = post("/api/v1/units", NEW_UNIT, "k1");
    struct test_call second = post("/api/v1/units", NEW_UNIT, "k2");
    struct test_call rename =
        patch("/api/v1/units/water", "{\"version\":1,\"code\":\"fire\"}");
    struct test_call missing = get("/api/v1/units/fire");

    test_expect(&server, &first, 201);
    test_expect_problem(&server, &second, 422, "fields", "code");
    test_expect_problem(&server, &rename, 422, "fields", "code");
    test_expect_problem(&server, &missing, 404, "not_found", NULL);
}
END_TEST

Suite *
suite_people(void)
{
    Suite *suite = suite_create("people");
    TCase *tests = tcase_create("people");

    tcase_add_checked_fixture(tests, open_server, close_server);
    tcase_add_test(tests, a_new_user_is_created_found_and_can_sign_in);
    tcase_add_test(tests, a_repeated_create_answers_the_first_result);
    tcase_add_test(tests, the_key_of_another_request_is_a_mismatch);
    tcase_add_test(tests, a_create_without_a_good_key_is_refused);
    tcase_add_test(tests, wrong_members_of_a_new_user_are_named);
    tcase_add_test(tests, a_change_needs_the_present_version);
    tcase_add_test(tests, the_last_administrator_cannot_be_disabled);
    tcase_add_test(tests, an_account_that_was_never_used_can_be_removed_and_made_anew);
    tcase_add_test(tests, an_account_that_was_used_or_named_can_only_be_disabled);
    tcase_add_test(tests, a_list_of_users_is_paged_and_filtered);
    tcase_add_test(tests, bad_query_parameters_are_refused);
    tcase_add_test(tests, staff_see_only_names_of_leaders_and_units_people);
    tcase_add_test(tests, a_disabled_leader_is_not_offered);
    tcase_add_test(tests, no_reply_and_no_log_holds_a_hash_or_a_password);
    tcase_add_test(tests, a_unit_is_created_changed_and_listed_by_code);
    tcase_add_test(tests, a_code_cannot_be_taken_twice_or_changed);
    suite_add_tcase(suite, tests);
    return suite;
}
