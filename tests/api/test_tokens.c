#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "base/text.h"
#include "command/cmd_token.h"
#include "support/server.h"
#include "support/store_fixture.h"

/* Scenarios of /tokens, and of what opens with an API token (bearer.c). */

#define TEXT_ROOM 96
#define SECRET_BYTES 43
#define TICKET_BODY "{\"channel\":\"web\",\"content\":\"东街路灯不亮。\"}"

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

/* A token made through the API; its text into `text`. */
static void
make_token(const char *body, char text[TEXT_ROOM])
{
    static int count;
    char key[16];

    ck_assert(text_format(key, sizeof key, "token-%d", ++count));
    struct test_call call = { .method = "POST",
                              .path = "/api/v1/tokens",
                              .body = body,
                              .who = &admin,
                              .key = key };
    struct test_reply reply = test_send(&server, &call);

    ck_assert_msg(reply.status == 201, "%d %s", reply.status, reply.body);
    ck_assert(text_format(text, TEXT_ROOM, "%s", test_reply_text(&reply, "token")));
    test_reply_free(&reply);
}

/* A call with a token; the header lies in `header`. */
static struct test_call
with(const char *token, char header[TEXT_ROOM + 32], const char *method, const char *path)
{
    ck_assert(text_format(header, TEXT_ROOM + 32, "Authorization: Bearer %s\r\n", token));
    return (struct test_call){ .method = method, .path = path, .headers = header };
}

START_TEST(a_secret_is_told_once_and_kept_as_a_hash)
{
    char text[TEXT_ROOM];
    struct test_call make = { .method = "POST",
                              .path = "/api/v1/tokens",
                              .body = "{\"name\":\"门户网站\",\"scopes\":[\"intake\"]}",
                              .who = &admin,
                              .key = "k" };
    struct test_call list = { .method = "GET", .path = "/api/v1/tokens", .who = &admin };
    struct test_reply made = test_send(&server, &make);

    ck_assert_int_eq(made.status, 201);
    ck_assert(text_format(text, sizeof text, "%s", test_reply_text(&made, "token")));
    ck_assert_uint_eq(strlen(text), strlen("yidan_1_") + SECRET_BYTES);
    test_reply_free(&made);

    struct test_reply again = test_send(&server, &make);
    ck_assert_int_eq(again.status, 201);
    ck_assert_str_eq(test_reply_text(&again, "id"), "1");
    ck_assert_ptr_null(test_reply_text(&again, "token"));
    test_reply_free(&again);

    struct test_reply listed = test_send(&server, &list);
    ck_assert_str_eq(test_reply_text(&listed, "items.0.name"), "门户网站");
    ck_assert_str_eq(test_reply_text(&listed, "items.0.scopes.0"), "intake");
    ck_assert_ptr_null(test_reply_text(&listed, "items.0.last_used_at"));
    ck_assert_ptr_null(strstr(listed.body, text + strlen("yidan_1_")));
    test_reply_free(&listed);
    ck_assert_int_eq(
        store_fixture_number(&server.dir, "SELECT length(secret_hash) FROM token"), 32);
    char *log = test_server_log(&server);
    ck_assert_ptr_null(strstr(log, text + strlen("yidan_1_")));
    free(log);
}
END_TEST

START_TEST(an_intake_token_brings_a_ticket_and_sees_none)
{
    char text[TEXT_ROOM], header[TEXT_ROOM + 32];

    make_token("{\"name\":\"门户网站\",\"scopes\":[\"intake\"]}", text);
    struct test_call create = with(text, header, "POST", "/api/v1/tickets");
    create.body = TICKET_BODY;
    create.key = "one";
    struct test_reply made = test_send(&server, &create);

    ck_assert_msg(made.status == 201, "%s", made.body);
    char no[32], path[64];
    ck_assert(text_format(no, sizeof no, "%s", test_reply_text(&made, "no")));
    ck_assert_uint_eq(strlen(test_reply_text(&made, "query_code")), 8);
    ck_assert_ptr_null(strstr(made.body, "东街"));
    test_reply_free(&made);
    test_expect(&server, &create, 201); /* a replay */
    ck_assert_int_eq(store_fixture_number(&server.dir, "SELECT count(*) FROM ticket"), 1);
    ck_assert_int_eq(store_fixture_number(&server.dir,
                                          "SELECT count(*) FROM event"
                                          " WHERE type = 'ticket_created'"
                                          "   AND actor_kind = 'token' AND actor_id = 1"),
                     1);

    ck_assert(text_format(path, sizeof path, "/api/v1/tickets/%s", no));
    struct test_call show = with(text, header, "GET", path);
    test_expect_problem(&server, &show, 403, "forbidden", NULL);
    struct test_who clerk = test_sign_in(&server, "clerk");
    ck_assert(text_format(path, sizeof path, "/api/v1/tickets/%s/events", no));
    struct test_call events = { .method = "GET", .path = path, .who = &clerk };
    struct test_reply told = test_send(&server, &events);
    ck_assert_str_eq(test_reply_text(&told, "items.0.actor_kind"), "token");
    ck_assert_str_eq(test_reply_text(&told, "items.0.actor"), "门户网站");
    test_reply_free(&told);
}
END_TEST

START_TEST(an_intake_token_cannot_ask_which_tickets_there_are)
{
    static const struct {
        const char *body, *field;
    } cases[] = {
        { "{\"channel\":\"web\",\"content\":\"x\",\"repeat_of\":\"20260101-R0001\"}",
          "repeat_of" },
        { "{\"channel\":\"web\",\"content\":\"x\",\"upstream\":\"city\","
          "\"upstream_no\":\"1\"}",
          "upstream" },
    };
    char text[TEXT_ROOM], header[TEXT_ROOM + 32];

    make_token("{\"name\":\"a\",\"scopes\":[\"intake\"]}", text);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct test_call call = with(text, header, "POST", "/api/v1/tickets");

        call.body = cases[i].body;
        call.key = "k";
        test_expect_problem(&server, &call, 422, "fields", cases[i].field);
    }
}
END_TEST

START_TEST(a_token_opens_only_what_the_table_says)
{
    static const char *const methods[METHOD_COUNT] = { "GET", "POST", "PUT", "PATCH",
                                                       "DELETE" };
    int closed = 0;

    for (int scope = 0; scope < SCOPE_COUNT; scope++) {
        char text[TEXT_ROOM], header[TEXT_ROOM + 32], body[128];
        bool is_upstream = scope == SCOPE_UPSTREAM;

        ck_assert(text_format(
            body, sizeof body, "{\"name\":\"%s\",\"scopes\":[\"%s\"]%s}",
            choice_word(&words_scope, scope), choice_word(&words_scope, scope),
            is_upstream ? ",\"platform\":\"city\"" : ""));
        make_token(body, text);
        for (size_t i = 0; i < api_route_count; i++) {
            const struct route *route = &api_routes[i];

            if ((route->roles == 0 && route->scopes == 0) ||
                (route->scopes & SCOPE_BIT(scope)) != 0)
                continue;
            char path[128]; /* "{no}" is a value like any other without its braces */
            size_t length = 0;
            for (const char *at = route->path; *at != '\0'; at++)
                if (*at != '{' && *at != '}')
                    path[length++] = *at;
            path[length] = '\0';
            struct test_call call = with(text, header, methods[route->method], path);
            call.body = route->method == METHOD_GET ? NULL : "{}";
            call.key = "k";
            test_expect_problem(&server, &call, 403, "forbidden", NULL);
            closed++;
        }
    }
    ck_assert_int_gt(closed, 100);
}
END_TEST

/* The cookie of a clerk beside it changes nothing, and no CSRF token is asked for. */
START_TEST(a_request_with_a_token_is_the_tokens_alone)
{
    char text[TEXT_ROOM], header[TEXT_ROOM + 32];
    struct test_who clerk = test_sign_in(&server, "clerk");

    make_token("{\"name\":\"a\",\"scopes\":[\"sms\"]}", text);
    struct test_call list = with(text, header, "GET", "/api/v1/tickets");
    list.who = &clerk;
    test_expect_problem(&server, &list, 403, "forbidden", NULL);
    /* Another scheme is somebody else's: a proxy's, for instance. */
    list.headers = "Authorization: Basic eDp5\r\n";
    test_expect(&server, &list, 200);
}
END_TEST

START_TEST(wrong_expired_and_removed_tokens_are_refused_alike)
{
    char text[TEXT_ROOM], header[TEXT_ROOM + 32], wrong[TEXT_ROOM];

    make_token("{\"name\":\"a\",\"scopes\":[\"intake\"],"
               "\"expires_at\":\"2026-11-24T00:00:00+08:00\"}",
               text);
    memcpy(wrong, text, sizeof wrong);
    wrong[strlen(wrong) - 1] = wrong[strlen(wrong) - 1] == 'A' ? 'B' : 'A';
    const char *const cases[] = { "", "x", wrong };

    for (size_t i = 0; i < 3; i++) {
        struct test_call call = with(cases[i], header, "GET", "/api/v1/meta");
        test_expect_problem(&server, &call, 401, "token.invalid", NULL);
    }
    struct test_call good = with(text, header, "GET", "/api/v1/meta");
    test_expect_problem(&server, &good, 403, "forbidden", NULL);
    test_clock_set(TEST_SERVER_NOW + 14 * 3600 - 1);
    test_expect_problem(&server, &good, 403, "forbidden", NULL);
    test_clock_advance(1);
    test_expect_problem(&server, &good, 401, "token.invalid", NULL);

    admin = test_sign_in(&server, "admin"); /* the old session is over */
    make_token("{\"name\":\"b\",\"scopes\":[\"intake\"]}", text);
    struct test_call remove = { .method = "DELETE",
                                .path = "/api/v1/tokens/2",
                                .who = &admin };
    test_expect(&server, &remove, 204);
    test_expect_problem(&server, &remove, 404, "not_found", NULL);
    good = with(text, header, "GET", "/api/v1/meta");
    test_expect_problem(&server, &good, 401, "token.invalid", NULL);
    /* Its name is free again. */
    make_token("{\"name\":\"b\",\"scopes\":[\"sms\"]}", text);
}
END_TEST

START_TEST(wrong_secrets_lock_their_token_and_no_other)
{
    char first[TEXT_ROOM], second[TEXT_ROOM], wrong[TEXT_ROOM];
    char header[TEXT_ROOM + 32], after[16];

    make_token("{\"name\":\"a\",\"scopes\":[\"intake\"]}", first);
    make_token("{\"name\":\"b\",\"scopes\":[\"intake\"]}", second);
    memcpy(wrong, first, sizeof wrong);
    wrong[strlen(wrong) - 1] = wrong[strlen(wrong) - 1] == 'A' ? 'B' : 'A';
    struct test_call bad = with(wrong, header, "GET", "/api/v1/meta");
    for (int i = 0; i < 5; i++)
        test_expect_problem(&server, &bad, 401, "token.invalid", NULL);
    /* One more that was on its way already: it comes after all that are to be counted. */
    struct cmd_token_note *late = cmd_token_note_new(1, true, "127.0.0.1", test_clock());
    ck_assert_ptr_nonnull(late);
    ck_assert_int_eq(writer_run(server.writer, &late->job), OK);
    free(late);

    struct test_call good = with(first, header, "GET", "/api/v1/meta");
    struct test_reply reply = test_send(&server, &good);
    ck_assert_int_eq(reply.status, 429);
    ck_assert_str_eq(test_reply_text(&reply, "code"), "token.locked");
    test_reply_header(&reply, "Retry-After", after, sizeof after);
    ck_assert_str_eq(after, "900");
    test_reply_free(&reply);
    ck_assert_int_eq(
        store_fixture_number(&server.dir,
                             "SELECT count(*) FROM event WHERE type = 'token_locked'"),
        1);
    good = with(second, header, "GET", "/api/v1/meta");
    test_expect_problem(&server, &good, 403, "forbidden", NULL);
    test_clock_advance(900);
    good = with(first, header, "GET", "/api/v1/meta");
    test_expect_problem(&server, &good, 403, "forbidden", NULL);
}
END_TEST

/* A lock that only tokens have, or only numbers without one, would tell them apart. */
START_TEST(numbers_without_a_token_lock_like_tokens)
{
    char text[TEXT_ROOM], wrong[TEXT_ROOM], none[TEXT_ROOM], other[TEXT_ROOM];
    char header[TEXT_ROOM + 32];

    make_token("{\"name\":\"a\",\"scopes\":[\"intake\"]}", text);
    memcpy(wrong, text, sizeof wrong);
    wrong[strlen(wrong) - 1] = wrong[strlen(wrong) - 1] == 'A' ? 'B' : 'A';
    memcpy(none, wrong, sizeof none);
    none[strlen("yidan_")] = '7';
    memcpy(other, wrong, sizeof other);
    other[strlen("yidan_")] = '8';
    struct test_call call = with(none, header, "GET", "/api/v1/meta");
    for (int i = 0; i < 5; i++)
        test_expect_problem(&server, &call, 401, "token.invalid", NULL);
    /* It comes after all that are to be counted. */
    struct cmd_token_note *last = cmd_token_note_new(9, true, "127.0.0.1", test_clock());
    ck_assert_ptr_nonnull(last);
    ck_assert_int_eq(writer_run(server.writer, &last->job), OK);
    free(last);
    test_expect_problem(&server, &call, 429, "token.locked", NULL);
    call = with(other, header, "GET", "/api/v1/meta");
    test_expect_problem(&server, &call, 401, "token.invalid", NULL);
    call = with(wrong, header, "GET", "/api/v1/meta");
    test_expect_problem(&server, &call, 401, "token.invalid", NULL);
    ck_assert_int_eq(
        store_fixture_number(&server.dir,
                             "SELECT count(*) FROM event WHERE type = 'token_locked'"),
        0);
}
END_TEST

START_TEST(when_a_token_was_used_is_written_down)
{
    char text[TEXT_ROOM], header[TEXT_ROOM + 32];

    make_token("{\"name\":\"a\",\"scopes\":[\"intake\"]}", text);
    struct test_call call = with(text, header, "GET", "/api/v1/meta");
    test_expect(&server, &call, 403);
    test_clock_advance(299);
    test_expect(&server, &call, 403);
    writer_drain(server.writer);
    ck_assert_int_eq(store_fixture_number(&server.dir, "SELECT last_used_at FROM token"),
                     TEST_SERVER_NOW);
}
END_TEST

START_TEST(a_token_that_makes_no_sense_is_refused_by_field)
{
    static const struct {
        const char *body, *field;
    } cases[] = {
        { "{\"scopes\":[\"intake\"]}", "name" },
        { "{\"name\":\"a\",\"scopes\":[]}", "scopes" },
        { "{\"name\":\"a\",\"scopes\":[\"admin\"]}", "scopes[0]" },
        { "{\"name\":\"a\",\"scopes\":[\"upstream\"]}", "platform" },
        { "{\"name\":\"a\",\"scopes\":[\"sms\"],\"platform\":\"city\"}", "platform" },
        { "{\"name\":\"a\",\"scopes\":[\"upstream\"],\"platform\":\"a/b\"}", "platform" },
        { "{\"name\":\"a\",\"scopes\":[\"sms\"],\"expires_at\":\"2026-11-23T10:00:00+08:"
          "00\"}",
          "expires_at" },
        { "{\"name\":\"taken\",\"scopes\":[\"sms\"]}", "name" },
    };
    char text[TEXT_ROOM];

    make_token("{\"name\":\"taken\",\"scopes\":[\"sms\"]}", text);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct test_call call = { .method = "POST",
                                  .path = "/api/v1/tokens",
                                  .body = cases[i].body,
                                  .who = &admin,
                                  .key = "k" };
        test_expect_problem(&server, &call, 422, "fields", cases[i].field);
    }
    ck_assert_int_eq(store_fixture_number(&server.dir, "SELECT count(*) FROM token"), 1);
}
END_TEST

Suite *
suite_tokens(void)
{
    Suite *suite = suite_create("tokens");
    TCase *tests = tcase_create("tokens");

    tcase_add_checked_fixture(tests, open_server, close_server);
    tcase_add_test(tests, a_secret_is_told_once_and_kept_as_a_hash);
    tcase_add_test(tests, an_intake_token_brings_a_ticket_and_sees_none);
    tcase_add_test(tests, an_intake_token_cannot_ask_which_tickets_there_are);
    tcase_add_test(tests, a_token_opens_only_what_the_table_says);
    tcase_add_test(tests, a_request_with_a_token_is_the_tokens_alone);
    tcase_add_test(tests, wrong_expired_and_removed_tokens_are_refused_alike);
    tcase_add_test(tests, wrong_secrets_lock_their_token_and_no_other);
    tcase_add_test(tests, numbers_without_a_token_lock_like_tokens);
    tcase_add_test(tests, when_a_token_was_used_is_written_down);
    tcase_add_test(tests, a_token_that_makes_no_sense_is_refused_by_field);
    suite_add_tcase(suite, tests);
    return suite;
}
