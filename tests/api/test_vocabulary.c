#include <check.h>
#include <string.h>

#include "support/server.h"
#include "support/store_fixture.h"

/* Scenarios of /categories, /areas and /channels. */

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

static struct test_call
call(const char *method, const char *path, const char *body)
{
    return (struct test_call){ .method = method,
                               .path = path,
                               .body = body,
                               .who = &admin,
                               .key = strcmp(method, "POST") == 0 ? path : NULL };
}

static int64_t
count(const char *sql)
{
    return store_fixture_number(&server.dir, sql);
}

#define NEW_CATEGORY "{\"code\":\"C1\",\"name\":\"道路\",\"unit\":\"town\"}"

START_TEST(a_category_has_its_place_below_its_parent_and_an_event)
{
    struct test_call top = call("POST", "/api/v1/categories", NEW_CATEGORY);
    struct test_call low = call("POST", "/api/v1/categories",
                                "{\"code\":\"C2\",\"parent\":\"C1\",\"name\":\"坑洼\"}");

    test_expect(&server, &top, 201);
    low.key = "another";
    struct test_reply reply = test_send(&server, &low);
    ck_assert_int_eq(reply.status, 201);
    ck_assert_str_eq(test_reply_text(&reply, "level"), "2");
    ck_assert_str_eq(test_reply_text(&reply, "parent"), "C1");
    test_reply_free(&reply);
    ck_assert_int_eq(count("SELECT count(*) FROM event WHERE type = 'category_created'"),
                     2);
}
END_TEST

START_TEST(what_is_referred_to_stays_and_the_rest_can_go)
{
    struct test_call top = call("POST", "/api/v1/categories", NEW_CATEGORY);
    struct test_call gone = call("DELETE", "/api/v1/categories/C1", NULL);
    struct test_call unit = call("DELETE", "/api/v1/units/town", NULL);

    test_expect(&server, &top, 201);
    test_expect_problem(&server, &unit, 409, "in_use", NULL);
    test_expect(&server, &gone, 204);
    ck_assert_int_eq(count("SELECT count(*) FROM category WHERE code = 'C1'"), 0);
    ck_assert_int_eq(count("SELECT count(*) FROM event WHERE type = 'category_deleted' "
                           "AND payload LIKE '%\"code\":\"C1\"%'"),
                     1);
}
END_TEST

START_TEST(a_new_channel_counts_from_the_commit_on)
{
    struct test_call make =
        call("POST", "/api/v1/channels",
             "{\"code\":\"tv\",\"zh\":\"电视\",\"en\":\"TV\",\"letter\":\"T\","
             "\"workdays\":2}");
    struct test_call ticket = {
        .method = "POST",
        .path = "/api/v1/tickets",
        .body = "{\"channel\":\"tv\",\"kind\":\"help\",\"content\":\"路灯不亮\"}",
        .who = &clerk,
        .key = "ticket",
    };
    struct test_call off =
        call("PATCH", "/api/v1/channels/tv", "{\"version\":1,\"enabled\":false}");
    struct test_call letter =
        call("PATCH", "/api/v1/channels/tv", "{\"version\":2,\"letter\":\"Q\"}");
    struct test_call gone = call("DELETE", "/api/v1/channels/tv", NULL);

    test_expect_problem(&server, &ticket, 422, "fields", "channel");
    test_expect(&server, &make, 201);
    ticket.key = "again";
    struct test_reply reply = test_send(&server, &ticket);
    ck_assert_int_eq(reply.status, 201);
    ck_assert_ptr_nonnull(strstr(test_reply_text(&reply, "no"), "-T0001"));
    test_reply_free(&reply);
    test_expect(&server, &off, 200);
    ticket.key = "third";
    test_expect_problem(&server, &ticket, 422, "fields", "channel");
    test_expect_problem(&server, &letter, 409, "in_use", NULL);
    test_expect_problem(&server, &gone, 409, "in_use", NULL);
}
END_TEST

START_TEST(a_letter_belongs_to_one_channel)
{
    struct test_call make =
        call("POST", "/api/v1/channels",
             "{\"code\":\"tv\",\"zh\":\"电视\",\"en\":\"TV\",\"letter\":\"R\","
             "\"workdays\":2}");

    test_expect_problem(&server, &make, 422, "fields", "letter");
    ck_assert_int_eq(count("SELECT count(*) FROM channel"), 7);
}
END_TEST

START_TEST(only_the_administrator_writes)
{
    const char *const paths[] = { "/api/v1/categories", "/api/v1/areas",
                                  "/api/v1/channels" };

    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct test_call read = { .method = "GET", .path = paths[i], .who = &clerk };
        struct test_call write = call("POST", paths[i], "{}");

        test_expect(&server, &read, 200);
        write.who = &clerk;
        test_expect_problem(&server, &write, 403, "forbidden", NULL);
    }
}
END_TEST

Suite *
suite_vocabulary(void)
{
    Suite *suite = suite_create("vocabulary");
    TCase *tests = tcase_create("vocabulary");

    tcase_add_checked_fixture(tests, open_server, close_server);
    tcase_add_test(tests, a_category_has_its_place_below_its_parent_and_an_event);
    tcase_add_test(tests, what_is_referred_to_stays_and_the_rest_can_go);
    tcase_add_test(tests, a_new_channel_counts_from_the_commit_on);
    tcase_add_test(tests, a_letter_belongs_to_one_channel);
    tcase_add_test(tests, only_the_administrator_writes);
    suite_add_tcase(suite, tests);
    return suite;
}
