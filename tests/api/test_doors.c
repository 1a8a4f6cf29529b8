#include <check.h>
#include <string.h>

#include "api/api.h"
#include "base/text.h"
#include "support/server.h"

/* Scenarios of /meta and health, and who may call what. */

static struct test_server server;

static void
open_server(void)
{
    test_server_open(&server);
}

static void
close_server(void)
{
    test_server_close(&server);
}

/* --- Meta -------------------------------------------------------------------------------------- */

START_TEST(meta_prints_the_tables_the_server_decides_by)
{
    struct test_who who = test_sign_in(&server, "auditor");
    struct test_call call = { .method = "GET", .path = "/api/v1/meta", .who = &who };
    struct test_reply reply = test_send(&server, &call);

    ck_assert_int_eq(reply.status, 200);
    ck_assert_int_eq(test_reply_count(&reply, "states"), TICKET_STATE_COUNT);
    ck_assert_str_eq(test_reply_text(&reply, "states.0.word"), "received");
    ck_assert_str_eq(test_reply_text(&reply, "states.0.open"), "true");
    ck_assert_int_eq(test_reply_count(&reply, "actions"), (int)ticket_rule_count);
    ck_assert_int_eq(test_reply_count(&reply, "channels"), 7);
    ck_assert_int_eq(test_reply_count(&reply, "enumerations.role"), ROLE_COUNT);
    ck_assert_str_eq(test_reply_text(&reply, "enumerations.urgency.1.zh"), "紧急");
    ck_assert_int_eq(test_reply_count(&reply, "limits.steps"),
                     STEP_COUNT * URGENCY_COUNT);
    ck_assert_ptr_nonnull(strstr(reply.body, "\"path\":\"accept-return\""));
    ck_assert_ptr_nonnull(strstr(reply.body, "\"name\":\"lead_unit\",\"kind\":\"text\""));
    test_reply_free(&reply);
}
END_TEST

/* --- Health -------------------------------------------------------------------------------------- */

START_TEST(health_answers_this_machine_without_a_session)
{
    struct test_call calls[] = { { .method = "GET", .path = "/healthz" },
                                 { .method = "GET", .path = "/readyz" },
                                 { .method = "GET", .path = "/metrics" } };

    for (size_t i = 0; i < 3; i++)
        test_expect(&server, &calls[i], 200);
    struct test_reply reply = test_send(&server, &calls[2]);
    ck_assert_ptr_nonnull(strstr(reply.body, "\nyidan_http_requests_total "));
    ck_assert_ptr_nonnull(strstr(reply.body, "\nyidan_writer_jobs_total "));
    test_reply_free(&reply);
}
END_TEST

/* What a proxy forwards does not come from this machine. */
START_TEST(from_elsewhere_only_the_monitors_token_opens_the_figures)
{
    static const char *const paths[] = { "/readyz", "/metrics" };
    struct test_server watched;

    test_server_prepare(&watched);
    ck_assert_int_eq(config_set(&watched.config, "monitor_token", "watch-me", NULL), OK);
    test_server_start(&watched);
    for (size_t i = 0; i < 2; i++) {
        struct test_call call = { .method = "GET",
                                  .path = paths[i],
                                  .headers = "X-Forwarded-For: 192.0.2.7\r\n" };

        test_expect_problem(&watched, &call, 403, "forbidden", NULL);
        call.headers = "X-Forwarded-For: 192.0.2.7\r\nAuthorization: Bearer watch-m\r\n";
        test_expect_problem(&watched, &call, 403, "forbidden", NULL);
        call.headers = "X-Forwarded-For: 192.0.2.7\r\nAuthorization: Bearer watch-me\r\n";
        test_expect(&watched, &call, 200);
        /* Without a token in the settings no token opens them. */
        call.headers = "X-Forwarded-For: 192.0.2.7\r\nAuthorization: Bearer \r\n";
        test_expect_problem(&server, &call, 403, "forbidden", NULL);
    }
    test_server_close(&watched);
}
END_TEST

/* --- Who may call what ------------------------------------------------------------------------------ */

/* A path of the route with something in the place of each {value}. */
static void
fill_path(const char *pattern, char *path, size_t room)
{
    size_t length = 0;

    for (const char *at = pattern; *at != '\0'; at++) {
        if (*at == '{') {
            at += strcspn(at, "}");
            path[length++] = 'x';
        } else {
            path[length++] = *at;
        }
        ck_assert_uint_lt(length, room);
    }
    path[length] = '\0';
}

START_TEST(a_route_is_closed_to_every_role_it_does_not_name)
{
    static const char *const methods[METHOD_COUNT] = { "GET", "POST", "PUT", "PATCH",
                                                       "DELETE" };
    int closed = 0;

    for (int role = 0; role < ROLE_COUNT; role++) {
        struct test_who who = test_sign_in(&server, choice_word(&words_role, role));

        for (size_t i = 0; i < api_route_count; i++) {
            const struct route *route = &api_routes[i];
            char path[128];

            fill_path(route->path, path, sizeof path);
            struct test_call call = { .method = methods[route->method],
                                      .path = path,
                                      .body = route->method == METHOD_GET ? NULL : "{}",
                                      .who = &who,
                                      .key = "k" };
            if (((route->roles | route->scopes) == 0) ||
                (route->roles & ROLE_BIT(role)) != 0)
                continue;
            test_expect_problem(&server, &call, 403, "forbidden", NULL);
            closed++;
        }
    }
    ck_assert_int_gt(closed, 20);
}
END_TEST

START_TEST(a_route_with_roles_is_closed_to_who_is_not_signed_in)
{
    static const char *const methods[METHOD_COUNT] = { "GET", "POST", "PUT", "PATCH",
                                                       "DELETE" };

    for (size_t i = 0; i < api_route_count; i++) {
        const struct route *route = &api_routes[i];
        char path[128];

        fill_path(route->path, path, sizeof path);
        struct test_call call = { .method = methods[route->method],
                                  .path = path,
                                  .body = route->method == METHOD_GET ? NULL : "{}" };
        if ((route->roles | route->scopes) != 0)
            test_expect_problem(&server, &call, 401, "session.required", NULL);
    }
}
END_TEST

/* The gate of people and doors, as product.md 7 and api.md have it. */
START_TEST(the_administrator_writes_people_and_staff_read_units)
{
    static const struct {
        const char *method, *path, *roles;
    } cases[] = {
        { "POST", "/api/v1/users", "admin" },
        { "PATCH", "/api/v1/users/x", "admin" },
        { "GET", "/api/v1/users/x", "admin" },
        { "POST", "/api/v1/units", "admin" },
        { "PATCH", "/api/v1/units/x", "admin" },
        { "GET", "/api/v1/units", "clerk handler unit_head supervisor leader admin" },
        { "GET", "/api/v1/meta",
          "clerk handler unit_head supervisor leader admin auditor" },
    };

    for (int role = 0; role < ROLE_COUNT; role++) {
        const char *word = choice_word(&words_role, role);
        struct test_who who = test_sign_in(&server, word);

        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            bool is_get = cases[i].method[0] == 'G';
            struct test_call call = { .method = cases[i].method,
                                      .path = cases[i].path,
                                      .body = is_get ? NULL : "{}",
                                      .who = &who,
                                      .key = "k" };
            struct test_reply reply = test_send(&server, &call);
            bool may = strstr(cases[i].roles, word) != NULL;

            ck_assert_msg((reply.status != 403) == may, "%s %s by %s: %d",
                          cases[i].method, cases[i].path, word, reply.status);
            test_reply_free(&reply);
        }
    }
}
END_TEST

Suite *
suite_doors(void)
{
    Suite *suite = suite_create("doors");
    TCase *tests = tcase_create("doors");

    tcase_add_checked_fixture(tests, open_server, close_server);
    tcase_add_test(tests, meta_prints_the_tables_the_server_decides_by);
    tcase_add_test(tests, health_answers_this_machine_without_a_session);
    tcase_add_test(tests, from_elsewhere_only_the_monitors_token_opens_the_figures);
    tcase_add_test(tests, a_route_is_closed_to_every_role_it_does_not_name);
    tcase_add_test(tests, a_route_with_roles_is_closed_to_who_is_not_signed_in);
    tcase_add_test(tests, the_administrator_writes_people_and_staff_read_units);
    suite_add_tcase(suite, tests);
    return suite;
}
