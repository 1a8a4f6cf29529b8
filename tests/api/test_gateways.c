#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "support/server.h"
#include "support/store_fixture.h"

/* Scenarios of /sms and /upstream/…: what other systems bring and are told. */

#define BEARER_BYTES 160

static struct test_server server;
static struct test_who clerk;
static char sms_token[BEARER_BYTES], other_sms_token[BEARER_BYTES];
static char city_token[BEARER_BYTES], other_token[BEARER_BYTES];
static int keys_used;

static int64_t
count(const char *sql)
{
    return store_fixture_number(&server.dir, sql);
}

static const char *
new_key(void)
{
    static char key[16];

    ck_assert(text_format(key, sizeof key, "k%d", ++keys_used));
    return key;
}

static void
make_token(const struct test_who *admin, const char *body, char header[BEARER_BYTES])
{
    struct test_call call = { .method = "POST",
                              .path = "/api/v1/tokens",
                              .body = body,
                              .who = admin,
                              .key = new_key() };
    struct test_reply reply = test_send(&server, &call);

    ck_assert_int_eq(reply.status, 201);
    ck_assert(text_format(header, BEARER_BYTES, "Authorization: Bearer %s\r\n",
                          test_reply_text(&reply, "token")));
    test_reply_free(&reply);
}

static void
open_server(void)
{
    test_server_open(&server);
    struct test_who admin = test_sign_in(&server, "admin");

    clerk = test_sign_in(&server, "clerk");
    make_token(&admin, "{\"name\":\"gateway\",\"scopes\":[\"sms\"]}", sms_token);
    make_token(&admin, "{\"name\":\"gateway 2\",\"scopes\":[\"sms\"]}", other_sms_token);
    make_token(&admin,
               "{\"name\":\"city\",\"scopes\":[\"upstream\"],\"platform\":\"city\"}",
               city_token);
    make_token(&admin,
               "{\"name\":\"other\",\"scopes\":[\"upstream\"],\"platform\":\"other\"}",
               other_token);
}

static void
close_server(void)
{
    test_server_close(&server);
}

static struct test_call
told(const char *path, const char *body, const char *token)
{
    return (struct test_call){ .method = body != NULL ? "POST" : "GET",
                               .path = path,
                               .body = body,
                               .headers = token };
}

/* Number of the ticket that came of it. */
static const char *
bring(const char *path, const char *body, const char *token, int status)
{
    struct test_call call = told(path, body, token);
    struct test_reply reply = test_send(&server, &call);
    static char numbers[8][32];
    static int next;
    char *no = numbers[next++ % 8];

    ck_assert_msg(reply.status == status, "%d: %s", reply.status, reply.body);
    ck_assert(text_format(no, sizeof numbers[0], "%s", test_reply_text(&reply, "no")));
    ck_assert_ptr_nonnull(test_reply_text(&reply, "query_code"));
    test_reply_free(&reply);
    return no;
}

/* --- SMS -------------------------------------------------------------------------- */

#define SMS(id, phone, content)                                                          \
    "{\"message_id\":\"" id "\",\"phone\":\"" phone "\",\"content\":\"" content "\"}"

static const char *
sms(const char *body)
{
    return bring("/api/v1/sms", body, sms_token, 201);
}

START_TEST(a_message_is_one_ticket_however_often_it_is_sent)
{
    const char *first = sms(SMS("m1", "13900001111", "东街路灯不亮"));

    ck_assert_str_eq(sms(SMS("m1", "13900001111", "东街路灯不亮")), first);
    ck_assert_int_eq(count("SELECT count(*) FROM ticket WHERE channel = 'sms'"), 1);
    ck_assert_int_eq(count("SELECT count(*) FROM event WHERE type = 'ticket_created' AND "
                           "actor_kind = 'token'"),
                     1);
}
END_TEST

START_TEST(the_same_words_of_the_same_phone_are_one_ticket_for_ten_minutes)
{
    const char *first = sms(SMS("m1", "13900001111", "东街路灯不亮"));

    test_clock_advance(599);
    ck_assert_str_eq(sms(SMS("m2", "+86 139 0000 1111", "东街路灯不亮")), first);
    ck_assert_str_ne(sms(SMS("m3", "13900002222", "东街路灯不亮")), first);
    ck_assert_str_ne(sms(SMS("m4", "13900001111", "西街路灯不亮")), first);
    test_clock_advance(601);
    ck_assert_str_ne(sms(SMS("m5", "13900001111", "东街路灯不亮")), first);
    ck_assert_int_eq(count("SELECT count(*) FROM ticket WHERE channel = 'sms'"), 4);
}
END_TEST

/* Whoever knows phone and words of a message is not told its number and query code. */
START_TEST(another_gateway_is_told_no_ticket_that_it_did_not_bring)
{
    const char *first = sms(SMS("m1", "13900001111", "东街路灯不亮"));
    const char *body = SMS("m1", "13900001111", "东街路灯不亮");
    const char *second = bring("/api/v1/sms", body, other_sms_token, 201);

    ck_assert_str_ne(second, first);
    ck_assert_str_eq(bring("/api/v1/sms", SMS("m2", "13900001111", "东街路灯不亮"),
                           other_sms_token, 201),
                     second);
    ck_assert_int_eq(count("SELECT count(*) FROM ticket WHERE channel = 'sms'"), 2);
}
END_TEST

START_TEST(what_is_no_phone_makes_no_ticket)
{
    struct test_call call =
        told("/api/v1/sms", SMS("m1", "nobody", "东街路灯不亮"), sms_token);
    struct test_call user = told("/api/v1/sms", SMS("m1", "13900001111", "话"), NULL);

    test_expect_problem(&server, &call, 422, "fields", "phone");
    user.who = &clerk;
    user.key = "k";
    test_expect_problem(&server, &user, 403, "forbidden", NULL);
    ck_assert_int_eq(count("SELECT count(*) FROM ticket"), 0);
}
END_TEST

/* --- Platforms ---------------------------------------------------------------------- */

#define CITY "/api/v1/upstream/city/tickets"
#define ANSWERED "/api/v1/upstream/city/answered"
#define TICKET(no, more)                                                                              \
    "{\"channel\":\"phone\",\"content\":\"市平台转来：东街路灯不亮。\",\"upstream_no\":" \
    "\"" no "\",\"petitioner\":{\"name\":\"张三丰\",\"phone\":\"13900001111\"}" more "}"

/* An action of the clerk on a ticket in its version. */
static void
act(const char *no, const char *action, const char *body)
{
    char path[128];

    ck_assert(text_format(path, sizeof path, "/api/v1/tickets/%s/%s", no, action));
    struct test_call call = {
        .method = "POST", .path = path, .body = body, .who = &clerk, .key = new_key()
    };
    test_expect(&server, &call, 200);
}

static void
answer(const char *no, const char *text)
{
    char body[512];

    ck_assert(text_format(body, sizeof body,
                          "{\"version\":1,\"reply_text\":\"%s\",\"told_at\":"
                          "\"2026-11-23T10:00:00+08:00\",\"told_way\":\"phone\"}",
                          text));
    act(no, "answer", body);
}

START_TEST(a_platforms_ticket_is_received_once_with_its_deadline_beside_ours)
{
    const char *body =
        TICKET("C-1", ",\"upstream_due_at\":\"2026-11-25T18:00:00+08:00\"");
    const char *first = bring(CITY, body, city_token, 201);
    char path[64];

    ck_assert_str_eq(bring(CITY, body, city_token, 200), first);
    ck_assert_int_eq(count("SELECT count(*) FROM ticket"), 1);
    act(first, "dispatch", "{\"version\":1,\"lead_unit\":\"town\"}");
    ck_assert(text_format(path, sizeof path, "/api/v1/tickets/%s", first));
    struct test_call show = { .method = "GET", .path = path, .who = &clerk };
    struct test_reply reply = test_send(&server, &show);
    ck_assert_str_eq(test_reply_text(&reply, "upstream"), "city");
    ck_assert_str_eq(test_reply_text(&reply, "due_capped"), "true");
    ck_assert_str_eq(test_reply_text(&reply, "effective_due_at"),
                     "2026-11-25T18:00:00+08:00");
    test_reply_free(&reply);
}
END_TEST

START_TEST(a_token_speaks_for_its_own_platform_only)
{
    struct test_call bring_other = told(CITY, TICKET("C-1", ""), other_token);
    struct test_call read_other = told(ANSWERED, NULL, other_token);
    struct test_call without =
        told(CITY, "{\"channel\":\"phone\",\"content\":\"没有编号的来件\"}", city_token);
    struct test_call named =
        told(CITY, TICKET("C-2", ",\"upstream\":\"other\""), city_token);

    test_expect_problem(&server, &bring_other, 404, "not_found", NULL);
    test_expect_problem(&server, &read_other, 404, "not_found", NULL);
    test_expect_problem(&server, &without, 422, "fields", "upstream_no");
    test_expect_problem(&server, &named, 422, "fields", "upstream");
    ck_assert_int_eq(count("SELECT count(*) FROM ticket"), 0);
}
END_TEST

/* One page after `cursor` ("": the first): its numbers, and where to go on. */
static void
read_answers(const char *token, const char *query, const char *numbers, char last[64])
{
    char path[128], found[256] = "";
    struct test_call call = told(path, NULL, token);

    ck_assert(text_format(path, sizeof path, ANSWERED "%s", query));
    struct test_reply reply = test_send(&server, &call);
    ck_assert_msg(reply.status == 200, "%s", reply.body);
    ck_assert_ptr_null(strstr(reply.body, "13900001111"));
    for (int i = 0; i < test_reply_count(&reply, "items"); i++) {
        char member[64];

        ck_assert(text_format(member, sizeof member, "items.%d.upstream_no", i));
        ck_assert(text_format(found + strlen(found), sizeof found - strlen(found), "%s ",
                              test_reply_text(&reply, member)));
    }
    ck_assert_str_eq(found, numbers);
    ck_assert(text_format(last, 64, "%s", test_reply_text(&reply, "last")));
    test_reply_free(&reply);
}

START_TEST(what_is_answered_is_told_once_in_order)
{
    char last[64], query[128];
    const char *one = bring(CITY, TICKET("C-1", ""), city_token, 201);
    const char *two = bring(CITY, TICKET("C-2", ""), city_token, 201);

    (void)bring("/api/v1/upstream/other/tickets", TICKET("C-3", ""), other_token, 201);
    read_answers(city_token, "", "", last);
    answer(two, "已修好，请放心。");
    ck_assert(text_format(query, sizeof query, "?cursor=%s", last));
    read_answers(city_token, query, "C-2 ", last);
    ck_assert(text_format(query, sizeof query, "?cursor=%s", last));
    read_answers(city_token, query, "", last);
    act(one, "decline",
        "{\"version\":1,\"reason_code\":\"secret\",\"guidance\":\"请向法院提出。\","
        "\"told_at\":\"2026-11-23T10:00:00+08:00\",\"told_way\":\"phone\"}");
    read_answers(city_token, query, "C-1 ", last);
    read_answers(city_token, "?limit=1", "C-2 ", last);
    ck_assert(text_format(query, sizeof query, "?limit=1&cursor=%s", last));
    read_answers(city_token, query, "C-1 ", last);
}
END_TEST

START_TEST(a_merged_ticket_is_told_with_the_one_it_follows)
{
    char last[64], body[128];
    const char *one = bring(CITY, TICKET("C-1", ""), city_token, 201);
    const char *two = bring(CITY, TICKET("C-2", ""), city_token, 201);

    ck_assert(text_format(body, sizeof body, "{\"version\":1,\"into\":\"%s\"}", two));
    act(one, "merge", body);
    read_answers(city_token, "", "", last);
    ck_assert(text_format(body, sizeof body,
                          "{\"version\":%lld,\"reply_text\":\"已修好。\",\"told_at\":"
                          "\"2026-11-23T10:00:00+08:00\",\"told_way\":\"phone\"}",
                          (long long)count("SELECT version FROM ticket WHERE state <> "
                                           "'merged'")));
    act(two, "answer", body);
    read_answers(city_token, "", "C-2 C-1 ", last);
}
END_TEST

START_TEST(a_made_up_cursor_is_refused)
{
    struct test_call call = told(ANSWERED "?cursor=x", NULL, city_token);

    test_expect_problem(&server, &call, 400, "http.query", NULL);
}
END_TEST

Suite *
suite_gateways(void)
{
    Suite *suite = suite_create("gateways");
    TCase *tests = tcase_create("gateways");

    tcase_add_checked_fixture(tests, open_server, close_server);
    tcase_add_test(tests, a_message_is_one_ticket_however_often_it_is_sent);
    tcase_add_test(tests,
                   the_same_words_of_the_same_phone_are_one_ticket_for_ten_minutes);
    tcase_add_test(tests, another_gateway_is_told_no_ticket_that_it_did_not_bring);
    tcase_add_test(tests, what_is_no_phone_makes_no_ticket);
    tcase_add_test(tests,
                   a_platforms_ticket_is_received_once_with_its_deadline_beside_ours);
    tcase_add_test(tests, a_token_speaks_for_its_own_platform_only);
    tcase_add_test(tests, what_is_answered_is_told_once_in_order);
    tcase_add_test(tests, a_merged_ticket_is_told_with_the_one_it_follows);
    tcase_add_test(tests, a_made_up_cursor_is_refused);
    suite_add_tcase(suite, tests);
    return suite;
}
