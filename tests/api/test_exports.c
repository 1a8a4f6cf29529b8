#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/record_lists.h"
#include "support/server.h"
#include "support/store_fixture.h"

/* Scenarios of /exports: who gets which file, and what stands in it. */

static struct test_server server;
static struct test_who clerk, leader, handler;

static void
open_server(void)
{
    test_server_prepare(&server);
    server.config.upload_reserve_bytes = 0;
    server.config.export_rows_max = 3;
    test_server_start(&server);
    clerk = test_sign_in(&server, "clerk");
    leader = test_sign_in(&server, "leader");
    handler = test_sign_in(&server, "handler");
}

static void
close_server(void)
{
    test_server_close(&server);
}

static void
make_ticket(const char *title)
{
    static int number;
    char body[512], key[32];

    snprintf(body, sizeof body,
             "{\"channel\":\"phone\",\"kind\":\"complaint\",\"title\":\"%s\","
             "\"content\":\"路灯不亮\",\"petitioner\":{\"name\":\"张三\",\"phone\":"
             "\"13800001234\"}}",
             title);
    snprintf(key, sizeof key, "ticket-%d", number++);
    const struct test_call call = { .method = "POST",
                                    .path = "/api/v1/tickets",
                                    .body = body,
                                    .key = key,
                                    .who = &clerk };
    test_expect(&server, &call, 201);
}

static struct test_reply
get(const struct test_who *who, const char *path)
{
    const struct test_call call = { .method = "GET", .path = path, .who = who };

    return test_send(&server, &call);
}

/* Ask for one and wait until it is over; where it is, into `path`. */
static void
export_list_of(const struct test_who *who, const char *body, const char *key,
               const char *headers, char path[80], const char *state)
{
    const struct test_call call = { .method = "POST",
                                    .path = "/api/v1/exports",
                                    .body = body,
                                    .key = key,
                                    .headers = headers,
                                    .who = who };
    struct test_reply reply = test_send(&server, &call);
    char now[16] = "waiting";

    ck_assert_msg(reply.status == 201, "%d %s", reply.status, reply.body);
    test_reply_header(&reply, "Location", path, 80);
    test_reply_free(&reply);
    while (strcmp(now, "waiting") == 0 || strcmp(now, "making") == 0) {
        reply = get(who, path);
        ck_assert_int_eq(reply.status, 200);
        snprintf(now, sizeof now, "%s", test_reply_text(&reply, "state"));
        test_reply_free(&reply);
    }
    ck_assert_str_eq(now, state);
}

START_TEST(a_file_holds_what_the_list_does)
{
    char path[80], file[96], value[256];

    make_ticket("=cmd|' /C calc'!A0");
    make_ticket("第二件");
    export_list_of(&clerk,
                   "{\"list\":\"tickets\",\"format\":\"csv\",\"query\":\"state=received"
                   "&q=%E7%AC%AC%E4%BA%8C\"}",
                   "one", NULL, path, "ready");
    snprintf(file, sizeof file, "%s/file", path);
    struct test_reply reply = get(&clerk, file);
    ck_assert_int_eq(reply.status, 200);
    ck_assert_ptr_nonnull(strstr(reply.body, "第二件"));
    ck_assert_ptr_null(strstr(reply.body, "calc"));
    ck_assert_ptr_nonnull(strstr(reply.body, "条件：state=received, q=第二"));
    ck_assert_ptr_nonnull(strstr(reply.body, "\"投诉\",\"一般\",\"已接收 待交办\""));
    ck_assert_ptr_nonnull(strstr(reply.body, "\"共 1 行\"\r\n"));
    test_reply_header(&reply, "Content-Disposition", value, sizeof value);
    ck_assert_msg(strstr(value, "-clerk-20261123-1000.csv") != NULL, "%s", value);
    test_reply_header(&reply, "Content-Type", value, sizeof value);
    ck_assert_str_eq(value, "text/csv; charset=utf-8");
    test_reply_free(&reply);
    /* What was looked for is in no event. */
    ck_assert_int_eq(
        store_fixture_number(&server.dir,
                             "SELECT count(*) FROM event WHERE type = 'export_asked' AND "
                             "payload LIKE '%\"filters\":[\"state\",\"q\"]%' AND "
                             "payload NOT LIKE '%第二%'"),
        1);

    export_list_of(&clerk, "{\"list\":\"tickets\",\"format\":\"csv\"}", "two",
                   "Accept-Language: en\r\n", path, "ready");
    snprintf(file, sizeof file, "%s/file", path);
    reply = get(&clerk, file);
    ck_assert_ptr_nonnull(strstr(reply.body, "\"'=cmd|' /C calc'!A0\",\"Hotline\""));
    ck_assert_ptr_nonnull(strstr(reply.body, "filters: none"));
    ck_assert_ptr_nonnull(strstr(reply.body, "\"2 rows in all\"\r\n"));
    test_reply_free(&reply);
}
END_TEST

START_TEST(a_file_is_its_owners_alone)
{
    char path[80], file[96];

    export_list_of(&leader, "{\"list\":\"urges\",\"format\":\"xlsx\"}", "one", NULL, path,
                   "ready");
    snprintf(file, sizeof file, "%s/file", path);
    struct test_reply reply = get(&leader, file);
    ck_assert_int_eq(reply.status, 200);
    ck_assert(memcmp(reply.body, "PK", 2) == 0);
    test_reply_free(&reply);
    const struct test_call show = { .method = "GET", .path = path, .who = &clerk };
    const struct test_call fetch = { .method = "GET", .path = file, .who = &clerk };
    test_expect_problem(&server, &show, 404, "not_found", NULL);
    test_expect_problem(&server, &fetch, 404, "not_found", NULL);
    reply = get(&clerk, "/api/v1/exports");
    ck_assert_int_eq(test_reply_count(&reply, "items"), 0);
    test_reply_free(&reply);

    /* With other roles it is not theirs any more either. */
    struct sql_job change;
    sql_job_init(&change, "UPDATE export SET roles = roles + 64", NULL);
    ck_assert_int_eq(writer_run(server.writer, &change.job), OK);
    const struct test_call before = { .method = "GET", .path = file, .who = &leader };
    test_expect_problem(&server, &before, 404, "not_found", NULL);
    reply = get(&leader, "/api/v1/exports");
    ck_assert_int_eq(test_reply_count(&reply, "items"), 0);
    test_reply_free(&reply);
}
END_TEST

START_TEST(a_unit_gets_only_what_it_sees)
{
    char path[80], file[96];

    make_ticket("不归镇上");
    export_list_of(&handler, "{\"list\":\"tickets\",\"format\":\"csv\"}", "one", NULL,
                   path, "ready");
    snprintf(file, sizeof file, "%s/file", path);
    struct test_reply reply = get(&handler, file);
    ck_assert_ptr_null(strstr(reply.body, "不归镇上"));
    ck_assert_ptr_nonnull(strstr(reply.body, "\"共 0 行\""));
    test_reply_free(&reply);
}
END_TEST

START_TEST(a_list_that_is_too_long_fails_and_says_so)
{
    char path[80], file[96];

    for (int i = 0; i < 4; i++)
        make_ticket("一件");
    export_list_of(&clerk, "{\"list\":\"tickets\",\"format\":\"xlsx\"}", "one", NULL,
                   path, "failed");
    struct test_reply reply = get(&clerk, path);
    ck_assert_str_eq(test_reply_text(&reply, "reason"), "export.rows");
    ck_assert_str_eq(test_reply_text(&reply, "message"), "行数超过上限 3，请缩小范围");
    ck_assert_ptr_null(test_reply_text(&reply, "file"));
    test_reply_free(&reply);
    snprintf(file, sizeof file, "%s/file", path);
    const struct test_call fetch = { .method = "GET", .path = file, .who = &clerk };
    test_expect_problem(&server, &fetch, 409, "export.not_ready", NULL);
}
END_TEST

START_TEST(a_filter_that_the_list_refuses_is_refused)
{
    static const char *const bodies[] = {
        "{\"list\":\"tickets\",\"format\":\"csv\",\"query\":\"state=nonsense\"}",
        "{\"list\":\"tickets\",\"format\":\"csv\",\"query\":\"limit=5\"}",
        "{\"list\":\"urges\",\"format\":\"csv\",\"query\":\"cursor=n0-1\"}",
        "{\"list\":\"urges\",\"format\":\"csv\",\"query\":\"state=issued\"}",
        "{\"list\":\"tickets\",\"format\":\"csv\",\"query\":\"unit=%zz\"}",
        "{\"list\":\"tickets\",\"format\":\"csv\",\"query\":\"q=a&q=b\"}",
    };

    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        const struct test_call call = { .method = "POST",
                                        .path = "/api/v1/exports",
                                        .body = bodies[i],
                                        .key = "one",
                                        .who = &clerk };
        test_expect_problem(&server, &call, 400, "http.query", NULL);
    }
    ck_assert_int_eq(store_fixture_number(&server.dir, "SELECT count(*) FROM export"), 0);
}
END_TEST

START_TEST(every_column_has_a_head_in_both_languages)
{
    for (int kind = 0; kind < RECORD_KIND_COUNT; kind++)
        for (size_t i = 0; i < record_lists[kind].column_count; i++)
            for (int language = 0; language < LANGUAGE_COUNT; language++)
                ck_assert_ptr_nonnull(record_lists[kind].columns[i].heads[language]);
}
END_TEST

Suite *
suite_exports(void)
{
    Suite *suite = suite_create("exports");
    TCase *tests = tcase_create("exports");

    tcase_set_timeout(tests, 30);
    tcase_add_checked_fixture(tests, open_server, close_server);
    tcase_add_test(tests, a_file_holds_what_the_list_does);
    tcase_add_test(tests, a_file_is_its_owners_alone);
    tcase_add_test(tests, a_unit_gets_only_what_it_sees);
    tcase_add_test(tests, a_list_that_is_too_long_fails_and_says_so);
    tcase_add_test(tests, a_filter_that_the_list_refuses_is_refused);
    tcase_add_test(tests, every_column_has_a_head_in_both_languages);
    suite_add_tcase(suite, tests);
    return suite;
}
