#include <check.h>
#include <string.h>

#include "base/text.h"
#include "support/server.h"
#include "support/store_fixture.h"

Suite *suite_inbox_read(void);

/* The inbox: what it begins with; many notices are read at once, and nobody else's. */

static struct test_server server;
static struct store_fixture fixture;
static struct test_who clerk, handler, water, leader, admin;
static char first[24], second[24], foreign[24];
static int keys;

static struct test_reply
post(const struct test_who *who, const char *path, const char *body, const char *key)
{
    char made[20];

    ck_assert(text_format(made, sizeof made, "key-%d", ++keys));
    struct test_call call = { .method = "POST",
                              .path = path,
                              .who = who,
                              .body = body,
                              .key = key != NULL ? key : made };
    return test_send(&server, &call);
}

static void
dispatched_to(const char *unit, char no[24])
{
    char path[80], body[80];
    struct test_reply reply =
        post(&clerk, "/api/v1/tickets",
             "{\"channel\":\"phone\",\"content\":\"路灯不亮。\"}", NULL);

    ck_assert(text_format(no, 24, "%s", test_reply_text(&reply, "no")));
    test_reply_free(&reply);
    ck_assert(text_format(path, sizeof path, "/api/v1/tickets/%s/dispatch", no));
    ck_assert(
        text_format(body, sizeof body, "{\"version\":1,\"lead_unit\":\"%s\"}", unit));
    reply = post(&clerk, path, body, NULL);
    ck_assert_int_eq(reply.status, 200);
    test_reply_free(&reply);
}

static void
set_up(void)
{
    char body[160];

    test_server_open(&server);
    fixture = (struct store_fixture){ .dir = server.dir,
                                      .config = server.config,
                                      .store = server.store,
                                      .writer = server.writer };
    clerk = test_sign_in(&server, "clerk");
    handler = test_sign_in(&server, "handler");
    water = test_add_water(&server);
    leader = test_sign_in(&server, "leader");
    admin = test_sign_in(&server, "admin");
    dispatched_to("town", first);
    dispatched_to("town", second);
    dispatched_to("water", foreign);
    ck_assert(text_format(body, sizeof body,
                          "{\"tickets\":[\"%s\",\"%s\",\"%s\"],\"note\":\"请抓紧\"}",
                          first, second, foreign));
    struct test_reply reply = post(&clerk, "/api/v1/urges", body, NULL);
    ck_assert_str_eq(test_reply_text(&reply, "urged"), "3");
    test_reply_free(&reply);
}

static void
tear_down(void)
{
    test_server_close(&server);
}

static void
expect_read(const struct test_who *who, const char *body, const char *key,
            const char *count)
{
    struct test_reply reply = post(who, "/api/v1/inbox/read", body, key);

    ck_assert_msg(reply.status == 200, "%d %s", reply.status, reply.body);
    ck_assert_str_eq(test_reply_text(&reply, "read"), count);
    test_reply_free(&reply);
}

/* How many tickets stand in the list of a group. */
static int
listed(const struct test_who *who, const char *todo)
{
    char path[60];

    ck_assert(text_format(path, sizeof path, "/api/v1/tickets?todo=%s", todo));
    struct test_call call = { .method = "GET", .path = path, .who = who };
    struct test_reply reply = test_send(&server, &call);
    int count = (int)test_reply_count(&reply, "items");

    test_reply_free(&reply);
    return count;
}

START_TEST(those_that_are_named_are_read_and_nobody_elses)
{
    char body[160];

    ck_assert_int_eq(listed(&handler, "urge"), 2);
    ck_assert(
        text_format(body, sizeof body,
                    "{\"todo\":\"urge\",\"tickets\":[\"%s\",\"%s\",\"20200101-R0001\"]}",
                    first, foreign));
    expect_read(&handler, body, NULL, "1");
    ck_assert_int_eq(listed(&handler, "urge"), 1);
    ck_assert_int_eq(listed(&water, "urge"), 1);
    /* It is read by whom it says, and opened by nobody. */
    ck_assert_int_eq(
        store_fixture_number(&server.dir,
                             "SELECT count(*) FROM urge JOIN user ON user.id = read_by "
                             "WHERE read_at > 0 AND user.login = 'handler'"),
        1);
    ck_assert_int_eq(
        store_fixture_number(&server.dir,
                             "SELECT count(*) FROM assignment WHERE opened_at > 0"),
        0);
}
END_TEST

START_TEST(all_of_a_group_are_read_once)
{
    expect_read(&handler, "{\"todo\":\"urge\"}", "once", "2");
    expect_read(&handler, "{\"todo\":\"urge\"}", "once", "2"); /* the same request */
    expect_read(&handler, "{\"todo\":\"urge\"}", NULL, "0");
    ck_assert_int_eq(listed(&handler, "urge"), 0);
    ck_assert_int_eq(listed(&water, "urge"), 1);
}
END_TEST

/* Alarms of the office, of one of its people, of a unit; what a unit lost is not listed. */
START_TEST(alarms_are_seen_as_far_as_the_list_shows_them)
{
    ck_assert_int_eq(
        store_fixture_write(
            &fixture,
            "INSERT INTO outbox (at, not_before, kind, ticket_id, unit_id, user_id, "
            "is_alarm) SELECT 1, 1, 'test', ticket.id, unit_id, user_id, 1 FROM ticket, "
            "(SELECT 0 AS unit_id, 0 AS user_id UNION ALL SELECT 2, 0 UNION ALL "
            "SELECT 0, id FROM user WHERE login = 'leader')"),
        OK);
    ck_assert_int_eq(listed(&clerk, "alarm"), 3);
    ck_assert_int_eq(listed(&handler, "alarm"), 2); /* not of water's ticket */
    ck_assert_int_eq(listed(&leader, "alarm"), 3);
    expect_read(&leader, "{\"todo\":\"alarm\"}", NULL, "3");
    ck_assert_int_eq(listed(&leader, "alarm"), 0);
    ck_assert_int_eq(listed(&clerk, "alarm"), 3);
    expect_read(&handler, "{\"todo\":\"alarm\"}", NULL, "2");
    ck_assert_int_eq(listed(&handler, "alarm"), 0);
    expect_read(&clerk, "{\"todo\":\"alarm\"}", NULL, "3");
    ck_assert_int_eq(listed(&clerk, "alarm"), 0);
}
END_TEST

START_TEST(only_what_is_there_to_be_read_is_read)
{
    struct test_call call = { .method = "POST",
                              .path = "/api/v1/inbox/read",
                              .who = &handler,
                              .body = "{\"todo\":\"sign\"}",
                              .key = "wrong" };

    test_expect_problem(&server, &call, 422, "fields", "todo");
    call.body = "{\"todo\":\"urge\",\"tickets\":[]}";
    test_expect_problem(&server, &call, 422, "fields", "tickets");
    call.body = "{\"todo\":\"urge\"}";
    call.who = &admin;
    test_expect_problem(&server, &call, 403, "forbidden", NULL);
    ck_assert_int_eq(listed(&handler, "urge"), 2);
}
END_TEST

/* Before the dispatch no unit's clock runs, so the office's own says what is most urgent. */
START_TEST(a_group_begins_with_the_most_urgent_also_when_it_came_last)
{
    static const char *const urgencies[] = { "normal", "normal", "normal",
                                             "urgent", "normal", "critical" };
    char numbers[6][24];

    for (int i = 0; i < 6; i++) {
        char body[120];

        ck_assert(text_format(
            body, sizeof body,
            "{\"channel\":\"phone\",\"content\":\"井盖丢失。\",\"urgency\":\"%s\"}",
            urgencies[i]));
        struct test_reply reply = post(&clerk, "/api/v1/tickets", body, NULL);
        ck_assert(text_format(numbers[i], sizeof numbers[i], "%s",
                              test_reply_text(&reply, "no")));
        test_reply_free(&reply);
    }
    struct test_call call = { .method = "GET", .path = "/api/v1/inbox", .who = &clerk };
    struct test_reply inbox = test_send(&server, &call);
    static const int expected[] = { 5, 3, 0, 1, 2 };

    ck_assert_str_eq(test_reply_text(&inbox, "groups.0.todo"), "dispatch");
    ck_assert_str_eq(test_reply_text(&inbox, "groups.0.count"), "6");
    for (int i = 0; i < 5; i++) {
        char member[40];
        ck_assert(text_format(member, sizeof member, "groups.0.items.%d.no", i));
        ck_assert_str_eq(test_reply_text(&inbox, member), numbers[expected[i]]);
    }
    test_reply_free(&inbox);

    /* Its list has the same order, page by page. */
    call.path = "/api/v1/tickets?todo=dispatch&sort=due&limit=1";
    struct test_reply list = test_send(&server, &call);
    ck_assert_str_eq(test_reply_text(&list, "items.0.no"), numbers[5]);
    char path[160];
    ck_assert(text_format(path, sizeof path, "%s&cursor=%s", call.path,
                          test_reply_text(&list, "next")));
    test_reply_free(&list);
    call.path = path;
    list = test_send(&server, &call);
    ck_assert_str_eq(test_reply_text(&list, "items.0.no"), numbers[3]);
    test_reply_free(&list);
}
END_TEST

Suite *
suite_inbox_read(void)
{
    Suite *suite = suite_create("inbox_read");
    TCase *tests = tcase_create("inbox_read");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, those_that_are_named_are_read_and_nobody_elses);
    tcase_add_test(tests, all_of_a_group_are_read_once);
    tcase_add_test(tests, alarms_are_seen_as_far_as_the_list_shows_them);
    tcase_add_test(tests, only_what_is_there_to_be_read_is_read);
    tcase_add_test(tests, a_group_begins_with_the_most_urgent_also_when_it_came_last);
    suite_add_tcase(suite, tests);
    return suite;
}
