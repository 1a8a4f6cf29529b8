#include <check.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/text.h"
#include "support/http_client.h"
#include "support/http_toy.h"

Suite *suite_http(void);

static struct http_toy toy;

static void
setup(void)
{
    http_toy_open(&toy);
}

static void
teardown(void)
{
    http_toy_close(&toy);
}

static void
expect_field(const char *target, const char *fields, const char *name, const char *wanted)
{
    struct http_reply reply = http_ask(toy.port, "GET", target, fields, NULL);
    char value[400];

    ck_assert_str_eq(http_reply_field(&reply, name, value, sizeof value), wanted);
    http_reply_free(&reply);
}

static void
expect_detail(const char *target, const char *language, const char *wanted)
{
    char fields[200];

    ck_assert(text_format(fields, sizeof fields, "Accept-Language: %s\r\n", language));
    struct http_reply reply = http_ask(toy.port, "GET", target, fields, NULL);
    cJSON *json = cJSON_Parse(reply.body);

    ck_assert_msg(json != NULL &&
                      strcmp(cJSON_GetStringValue(cJSON_GetObjectItem(json, "detail")),
                             wanted) == 0,
                  "%s: %s", language, reply.body);
    cJSON_Delete(json);
    http_reply_free(&reply);
}

/* --- Reads ---------------------------------------------------------------------------------- */

START_TEST(a_value_of_the_path_is_decoded)
{
    http_expect_member(toy.port, "/things/42", NULL, "id", "\"42\"");
    http_expect_member(toy.port, "/things/%E5%8A%9E%E4%BB%B6", NULL, "id", "\"办件\"");
    http_expect_member(toy.port, "/things/a%2Fb", NULL, "id", "\"a/b\"");
    http_expect_member(toy.port, "/things/a+b", NULL, "id", "\"a+b\"");
}
END_TEST

START_TEST(a_written_segment_wins_over_a_value)
{
    http_expect_member(toy.port, "/things/special", NULL, "id", "\"the special one\"");
    http_expect_member(toy.port, "/things/speciaL", NULL, "id", "\"speciaL\"");
    /* The other spelling is a value. */
    http_expect_member(toy.port, "/things/s%70ecial", NULL, "id", "\"special\"");
}
END_TEST

START_TEST(a_value_of_the_path_that_is_no_text_is_refused)
{
    char target[400] = "/things/";

    http_expect_refused(toy.port, "GET", "/things/%FF", NULL, NULL, 400,
                        "http.malformed");
    http_expect_refused(toy.port, "GET", "/things/%C0%AF", NULL, NULL, 400,
                        "http.malformed");
    http_expect_refused(toy.port, "GET", "/things/a%0Ab", NULL, NULL, 400,
                        "http.malformed");
    memset(target + 8, 'x', 64);
    ck_assert_int_eq(http_status(toy.port, "GET", target, NULL, NULL), 200);
    target[8 + 64] = 'x';
    http_expect_refused(toy.port, "GET", target, NULL, NULL, 404, "http.not_found");
    http_expect_refused(toy.port, "GET", "/things/", NULL, NULL, 404, "http.not_found");
    http_expect_refused(toy.port, "GET", "/things/1/", NULL, NULL, 404, "http.not_found");
}
END_TEST

START_TEST(query_parameters_are_read_as_declared)
{
    http_expect_member(toy.port, "/search", NULL, "limit", "50");
    http_expect_member(toy.port, "/search?limit=200", NULL, "limit", "200");
    http_expect_member(toy.port, "/search?overdue=true", NULL, "overdue", "true");
    http_expect_member(toy.port, "/search?q=%E8%B7%AF%E7%81%AF+x", NULL, "q",
                       "\"路灯 x\"");
    http_expect_member(toy.port, "/search?light=red", NULL, "light", "1");
    http_expect_member(toy.port, "/search?lights=red,green", NULL, "lights", "3");
    http_expect_member(toy.port, "/search?from=2026-11-23", NULL, "from",
                       "\"2026-11-23\"");
    http_expect_member(toy.port, "/search?limit=1&q=a&from=2026-11-23", NULL, "present",
                       "37");
    http_expect_member(toy.port, "/things/1?q=a%26b%3Dc", NULL, "query", "\"a&b=c\"");
}
END_TEST

START_TEST(a_query_parameter_that_is_wrong_is_named)
{
    static const char *const wrong[] = {
        "/search?limit=0",
        "/search?limit=201",
        "/search?limit=1x",
        "/search?limit=",
        "/search?limit=%201",
        "/search?overdue=1",
        "/search?q=",
        "/search?q=+",
        "/search?q=12345678901",
        "/search?light=blue",
        "/search?lights=red,red",
        "/search?lights=red,",
        "/search?from=2026-02-30",
        "/search?from=yesterday",
        "/search?unknown=1",
        "/search?limit=1&limit=1",
        "/search?limit=1&limit=2",
        "/search?q=a&q=b",
        "/search?q=%FF",
        "/search?q=a%01b",
        "/search?limit=99999999999999999999",
    };

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct http_reply reply = http_ask(toy.port, "GET", wrong[i], NULL, NULL);
        cJSON *json = http_expect_problem(&reply, 400, "http.query");
        const char *detail = cJSON_GetStringValue(cJSON_GetObjectItem(json, "detail"));
        size_t bytes = strcspn(wrong[i] + strlen("/search?"), "=");
        char name[20] = "";

        memcpy(name, wrong[i] + strlen("/search?"), bytes);
        ck_assert_msg(strstr(detail, name) != NULL, "%s: %s", wrong[i], detail);
        cJSON_Delete(json);
        http_reply_free(&reply);
    }
    http_expect_refused(toy.port, "GET", "/search?=1", NULL, NULL, 400, "http.query");
    http_expect_refused(toy.port, "GET", "/search?q=a&&limit=1", NULL, NULL, 400,
                        "http.query");
    http_expect_refused(toy.port, "GET", "/search?q=a&", NULL, NULL, 400, "http.query");
}
END_TEST

START_TEST(a_cookie_is_found_among_others)
{
    http_expect_member(toy.port, "/things/1",
                       "Cookie: a=b; yidan_session=s3cret ; c=d\r\n", "cookie",
                       "\"s3cret\"");
    http_expect_member(toy.port, "/things/1", "Cookie: xyidan_session=no\r\n", "cookie",
                       "null");
    http_expect_member(toy.port, "/things/1", NULL, "cookie", "null");
}
END_TEST

START_TEST(an_answer_of_almost_a_mebibyte_arrives_whole)
{
    struct http_reply reply = http_ask(toy.port, "GET", "/big", NULL, NULL);

    ck_assert_int_eq(reply.status, 200);
    ck_assert_uint_gt(reply.body_bytes, 1000000);
    ck_assert_int_eq(reply.body[reply.body_bytes - 1], ']');
    http_reply_free(&reply);
}
END_TEST

/* --- What every answer carries ------------------------------------------------------------------ */

START_TEST(every_answer_carries_the_security_fields_and_an_id_of_its_own)
{
    static const char *const targets[] = { "/", "/", "/things/1", "/nowhere", "/%zz" };
    char ids[5][64], value[400];

    for (size_t i = 0; i < 5; i++) {
        struct http_reply reply = http_ask(toy.port, "GET", targets[i], NULL, NULL);

        (void)http_reply_field(&reply, "X-Request-Id", ids[i], sizeof ids[i]);
        ck_assert_uint_ge(strlen(ids[i]), 32);
        for (size_t j = 0; j < i; j++)
            ck_assert_str_ne(ids[i], ids[j]);
        ck_assert_str_eq(http_reply_field(&reply, "X-Content-Type-Options", value, 400),
                         "nosniff");
        ck_assert_str_eq(http_reply_field(&reply, "Cache-Control", value, 400),
                         "no-store");
        ck_assert_str_eq(http_reply_field(&reply, "Content-Security-Policy", value, 400),
                         "default-src 'none'; frame-ancestors 'none'");
        http_reply_free(&reply);
    }
    expect_field("/things/77", NULL, "X-Thing", "77");
}
END_TEST

START_TEST(the_same_static_answer_twice_on_one_connection_has_two_ids)
{
    struct http_client client;
    struct http_reply first, second;
    char one[64], two[64];

    http_client_open(&client, toy.port);
    ck_assert(http_client_print(&client, "GET / HTTP/1.1\r\nHost: t\r\n\r\n"));
    ck_assert(http_client_read(&client, true, &first));
    ck_assert(http_client_print(&client, "GET / HTTP/1.1\r\nHost: t\r\n\r\n"));
    ck_assert(http_client_read(&client, true, &second));
    ck_assert_str_eq(first.body, "root");
    ck_assert_str_eq(second.body, "root");
    ck_assert_str_ne(http_reply_field(&first, "X-Request-Id", one, sizeof one),
                     http_reply_field(&second, "X-Request-Id", two, sizeof two));
    http_reply_free(&first);
    http_reply_free(&second);
    http_client_close(&client);
}
END_TEST

/* --- Errors --------------------------------------------------------------------------------------- */

START_TEST(a_problem_speaks_the_language_that_was_asked_for)
{
    static const char zh[] = "已被更新到第 7 版，请刷新后再改";
    static const char en[] = "it has been changed; it is now at version 7";
    static const char target[] = "/fail/version_conflict?value=7";

    expect_detail(target, "zh-CN,zh;q=0.9,en;q=0.8", zh);
    expect_detail(target, "en-GB,en;q=0.9", en);
    expect_detail(target, "fr, de;q=0.9", zh);
    expect_detail(target, "zh;q=0.4, en;q=0.5", en);
    expect_detail(target, "zh;q=0.55, en;q=0.5", zh);
    expect_detail(target, "en;q=0, fr", zh);
    expect_detail(target, "*", zh);
    expect_detail(target, "EN", en);
    expect_detail(target, "english", zh);
    expect_detail(target, ";;,,q=,en;q=banana", zh);
}
END_TEST

START_TEST(a_problem_names_each_wrong_field_with_its_own_text)
{
    struct http_reply reply =
        http_ask(toy.port, "GET", "/fail/fields", "Accept-Language: en\r\n", NULL);
    cJSON *json = http_expect_problem(&reply, 422, "fields");
    const cJSON *errors = cJSON_GetObjectItem(json, "errors");
    const cJSON *first = cJSON_GetArrayItem(errors, 0);

    ck_assert_str_eq(cJSON_GetStringValue(cJSON_GetObjectItem(json, "detail")),
                     "2 fields need correction");
    ck_assert_int_eq(cJSON_GetArraySize(errors), 2);
    ck_assert_str_eq(cJSON_GetStringValue(cJSON_GetObjectItem(first, "field")), "title");
    ck_assert_str_eq(cJSON_GetStringValue(cJSON_GetObjectItem(first, "code")),
                     "field.too_long");
    ck_assert_str_eq(cJSON_GetStringValue(cJSON_GetObjectItem(first, "message")),
                     "too long; at most 80 characters");
    cJSON_Delete(json);
    http_reply_free(&reply);
}
END_TEST

START_TEST(every_error_of_the_registry_is_a_whole_problem_with_its_status)
{
    for (int err = 1; err < ERR_COUNT; err++) {
        char target[100];

        ck_assert(
            text_format(target, sizeof target, "/fail/%s", err_code((enum err)err)));
        struct http_reply reply = http_ask(toy.port, "GET", target, NULL, NULL);

        cJSON_Delete(http_expect_problem(&reply, err_status((enum err)err),
                                         err_code((enum err)err)));
        http_reply_free(&reply);
    }
}
END_TEST

START_TEST(who_is_to_come_back_later_is_told_when)
{
    expect_field("/fail/busy", NULL, "Retry-After", "1");
    expect_field("/fail/shutting_down", NULL, "Retry-After", "5");
    expect_field("/fail/session.locked?value=42", NULL, "Retry-After", "42");
    expect_field("/fail/session.locked", NULL, "Retry-After", "60");
    expect_field("/fail/not_found", NULL, "Retry-After", "");
    expect_field("/things/1", "X-Who: nobody\r\n", "WWW-Authenticate", "Bearer");
}
END_TEST

START_TEST(who_is_asked_before_a_handler_runs)
{
    http_expect_refused(toy.port, "GET", "/things/1", "X-Who: nobody\r\n", NULL, 401,
                        "session.required");
    http_expect_refused(toy.port, "POST", "/notes", "X-Who: nobody\r\n",
                        "{\"name\":\"x\"}", 401, "session.required");
    ck_assert_int_eq(http_status(toy.port, "GET", "/", "X-Who: nobody\r\n", NULL), 200);
}
END_TEST

START_TEST(an_unknown_path_is_404_and_a_known_one_with_another_method_405)
{
    static const char *const others[] = { "PUT",   "DELETE",  "PATCH",   "POST",
                                          "TRACE", "OPTIONS", "CONNECT", "BREW" };
    char allow[100];

    http_expect_refused(toy.port, "GET", "/nowhere", NULL, NULL, 404, "http.not_found");
    http_expect_refused(toy.port, "BREW", "/nowhere", NULL, NULL, 404, "http.not_found");
    http_expect_refused(toy.port, "GET", "/things", NULL, NULL, 404, "http.not_found");
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct http_reply reply = http_ask(toy.port, others[i], "/things/1", NULL, NULL);

        cJSON_Delete(http_expect_problem(&reply, 405, "http.method"));
        ck_assert_str_eq(http_reply_field(&reply, "Allow", allow, sizeof allow),
                         "GET, HEAD");
        http_reply_free(&reply);
    }
    struct http_reply reply = http_ask(toy.port, "GET", "/things/1/part", NULL, NULL);

    ck_assert_str_eq(http_reply_field(&reply, "Allow", allow, sizeof allow), "PUT");
    http_reply_free(&reply);
}
END_TEST

Suite *
suite_http(void)
{
    Suite *suite = suite_create("http");
    TCase *reads = tcase_create("reads"), *errors = tcase_create("errors");
    TCase *all[] = { reads, errors };

    tcase_add_test(reads, a_value_of_the_path_is_decoded);
    tcase_add_test(reads, a_written_segment_wins_over_a_value);
    tcase_add_test(reads, a_value_of_the_path_that_is_no_text_is_refused);
    tcase_add_test(reads, query_parameters_are_read_as_declared);
    tcase_add_test(reads, a_query_parameter_that_is_wrong_is_named);
    tcase_add_test(reads, a_cookie_is_found_among_others);
    tcase_add_test(reads, an_answer_of_almost_a_mebibyte_arrives_whole);
    tcase_add_test(reads, every_answer_carries_the_security_fields_and_an_id_of_its_own);
    tcase_add_test(reads, the_same_static_answer_twice_on_one_connection_has_two_ids);
    tcase_add_test(errors, a_problem_speaks_the_language_that_was_asked_for);
    tcase_add_test(errors, a_problem_names_each_wrong_field_with_its_own_text);
    tcase_add_test(errors,
                   every_error_of_the_registry_is_a_whole_problem_with_its_status);
    tcase_add_test(errors, who_is_to_come_back_later_is_told_when);
    tcase_add_test(errors, who_is_asked_before_a_handler_runs);
    tcase_add_test(errors,
                   an_unknown_path_is_404_and_a_known_one_with_another_method_405);
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        tcase_add_checked_fixture(all[i], setup, teardown);
        suite_add_tcase(suite, all[i]);
    }
    return suite;
}
