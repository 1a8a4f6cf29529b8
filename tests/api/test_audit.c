#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "support/server.h"
#include "support/store_fixture.h"

Suite *suite_audit(void);

/* The trail for who watches over it: whose events, which of them, and no texts. */

#define PATH_ROOM 300
#define SECRET "CNRYreason"
#define DAY 86400

static struct test_server server;
static struct test_who clerk, handler, supervisor, leader, admin, auditor;
static char no[32];
static int keys;

static void
post(const struct test_who *who, const char *path, const char *body, int status)
{
    char key[16];
    struct test_call call = {
        .method = "POST", .path = path, .who = who, .body = body, .key = key
    };

    (void)snprintf(key, sizeof key, "key-%d", ++keys);
    test_expect(&server, &call, status);
}

static void
receive(void)
{
    char key[16];
    struct test_call call = { .method = "POST",
                              .path = "/api/v1/tickets",
                              .who = &clerk,
                              .key = key,
                              .body = "{\"channel\":\"phone\",\"content\":\"路灯坏了。\","
                                      "\"petitioner\":{\"phone\":\"13900001111\"}}" };

    (void)snprintf(key, sizeof key, "key-%d", ++keys);
    struct test_reply reply = test_send(&server, &call);
    ck_assert_int_eq(reply.status, 201);
    ck_assert(text_format(no, sizeof no, "%s", test_reply_text(&reply, "no")));
    test_reply_free(&reply);
}

static void
on_ticket(const struct test_who *who, const char *action, const char *body)
{
    char path[PATH_ROOM];

    (void)snprintf(path, sizeof path, "/api/v1/tickets/%s/%s", no, action);
    post(who, path, body, 200);
}

static struct test_reply
get(const struct test_who *who, const char *path)
{
    struct test_call call = { .method = "GET", .path = path, .who = who };
    struct test_reply reply = test_send(&server, &call);

    ck_assert_msg(reply.status == 200, "%s: %d %s", path, reply.status, reply.body);
    return reply;
}

static struct test_reply
audit(const struct test_who *who, const char *query)
{
    char path[PATH_ROOM];

    (void)snprintf(path, sizeof path, "/api/v1/audit?limit=200%s", query);
    return get(who, path);
}

/* How many events the reader gets. */
static int
events(const struct test_who *who, const char *query)
{
    struct test_reply reply = audit(who, query);
    int count = test_reply_count(&reply, "items");

    test_reply_free(&reply);
    return count;
}

static void
set_up(void)
{
    test_server_open(&server);
    clerk = test_sign_in(&server, "clerk");
    handler = test_sign_in(&server, "handler");
    supervisor = test_sign_in(&server, "supervisor");
    leader = test_sign_in(&server, "leader");
    admin = test_sign_in(&server, "admin");
    auditor = test_sign_in(&server, "auditor");
    receive();
    on_ticket(&clerk, "note", "{\"text\":\"" SECRET "\"}");
    on_ticket(&clerk, "reveal", "{\"reason\":\"" SECRET "\"}");
    on_ticket(&clerk, "dispatch",
              "{\"version\":1,\"lead_unit\":\"town\",\"override_reason\":\"" SECRET
              "\"}");
    on_ticket(&handler, "sign", "{\"version\":2}");
    post(&admin, "/api/v1/units",
         "{\"code\":\"parks\",\"name\":\"园林局\",\"short_name\":\"园林\","
         "\"kind\":\"department\"}",
         201);
}

static void
tear_down(void)
{
    test_server_close(&server);
}

/* Received, noted, revealed, dispatched, signed; and a unit was made. */
START_TEST(each_role_reads_its_part_of_the_trail)
{
    ck_assert_int_eq(events(&supervisor, ""), 5);
    ck_assert_int_eq(events(&clerk, ""), 4);
    ck_assert_int_eq(events(&handler, ""), 1);
    ck_assert_int_eq(events(&leader, ""), 0);
    ck_assert_int_ge(events(&auditor, ""), 6);
    ck_assert_int_ge(events(&admin, ""), 1);
    /* The program made the office itself, the administrator the other one. */
    ck_assert_int_eq(events(&admin, "&type=unit_created"), 2);
    ck_assert_int_eq(events(&admin, "&actor=admin"), 1);
    ck_assert_int_eq(events(&admin, "&type=note"), 0);
    ck_assert_int_eq(events(&supervisor, "&type=unit_created"), 0);
    /* Somebody else's are not one's own, whatever is asked. */
    ck_assert_int_eq(events(&handler, "&actor=clerk"), 0);
    ck_assert_int_eq(events(&clerk, "&actor=handler"), 0);
    ck_assert_int_eq(events(&handler, "&type=note"), 0);
    ck_assert_int_eq(events(&handler, "&actor=nobody"), 0);
}
END_TEST

START_TEST(an_event_shows_names_of_what_changed_and_no_text)
{
    const struct test_who *all[] = { &auditor, &supervisor, &clerk, &admin };

    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct test_reply reply = audit(all[i], "");

        ck_assert_ptr_null(strstr(reply.body, SECRET));
        test_reply_free(&reply);
    }
    struct test_reply note = audit(&auditor, "&type=note");
    ck_assert_int_eq(test_reply_count(&note, "items"), 1);
    ck_assert_str_eq(test_reply_text(&note, "items.0.changed.0"), "text");
    ck_assert_str_eq(test_reply_text(&note, "items.0.ticket"), no);
    ck_assert_str_eq(test_reply_text(&note, "items.0.actor.login"), "clerk");
    ck_assert_ptr_null(test_reply_text(&note, "items.0.facts"));
    test_reply_free(&note);
    struct test_reply unit = audit(&admin, "&type=unit_created");
    ck_assert_int_eq(test_reply_count(&unit, "items"), 2);
    ck_assert_ptr_nonnull(strstr(unit.body, "\"facts\":{"));
    test_reply_free(&unit);
}
END_TEST

static void
change(const char *path, const char *body)
{
    struct test_call call = {
        .method = "PATCH", .path = path, .who = &admin, .body = body
    };

    test_expect(&server, &call, 200);
}

/* The one change of a type, as the administrator reads it. */
static void
expect_values(const char *type, const char *values)
{
    char query[80];

    ck_assert(text_format(query, sizeof query, "&type=%s", type));
    struct test_reply reply = audit(&admin, query);

    ck_assert_int_eq(test_reply_count(&reply, "items"), 1);
    ck_assert_msg(strstr(reply.body, values) != NULL, "%s\n%s", values, reply.body);
    test_reply_free(&reply);
}

START_TEST(a_change_shows_before_and_after_and_nothing_of_a_person)
{
    change("/api/v1/settings",
           "{\"version\":1,\"office_name\":\"静远县\",\"sms_repeat_minutes\":7}");
    expect_values("settings_changed", "{\"name\":\"office_name\",\"before\":\""
                                      "人民政府办公室\",\"after\":\"静远县\"}");
    expect_values("settings_changed",
                  "{\"name\":\"sms_repeat_minutes\",\"before\":10,\"after\":7}");
    change("/api/v1/limits", "{\"version\":1,\"steps\":{\"sign\":{\"normal\":{\"amount\":"
                             "2,\"unit\":\"workdays\"},"
                             "\"urgent\":{\"unit\":\"same_day\"}}}}");
    expect_values("limits_changed", "{\"name\":\"sign.normal\",\"before\":\"1 workdays\","
                                    "\"after\":\"2 workdays\"}");
    expect_values("limits_changed",
                  "{\"name\":\"sign.urgent\",\"before\":\"120 minutes\","
                  "\"after\":\"same_day\"}");
    change("/api/v1/users/handler", "{\"version\":1,\"name\":\"新名\",\"extension\":"
                                    "\"801\",\"roles\":[\"handler\",\"unit_head\"],"
                                    "\"password\":\"" SECRET " and more\"}");
    expect_values("user_changed", "{\"name\":\"roles\",\"before\":\"handler\","
                                  "\"after\":\"handler,unit_head\"}");
    expect_values("user_changed",
                  "{\"name\":\"extension\",\"before\":null,\"after\":\"801\"}");
    change("/api/v1/units/town", "{\"version\":1,\"head\":\"" SECRET
                                 "\",\"phone\":\"13900001111\",\"short_name\":\"城关\"}");
    expect_values("unit_changed", "\"after\":\"城关\"}],");
    struct test_reply all = audit(&auditor, "");
    ck_assert_ptr_null(strstr(all.body, SECRET));
    ck_assert_ptr_null(strstr(all.body, "13900001111"));
    ck_assert_ptr_null(strstr(all.body, "\"after\":\"新名\""));
    ck_assert_ptr_nonnull(strstr(all.body, "\"password\"")); /* that it was set */
    test_reply_free(&all);
    /* What was typed is committed to, and stands in rows that can be erased. */
    ck_assert_int_eq(store_fixture_number(&server.dir, "SELECT count(*) FROM event WHERE "
                                                       "payload LIKE '%静远县%' OR "
                                                       "payload LIKE '%城关%'"),
                     0);
}
END_TEST

START_TEST(filters_and_pages_leave_nothing_out_and_show_nothing_twice)
{
    char query[PATH_ROOM] = "/api/v1/audit?limit=2";
    long long seen[16];
    int count = 0;

    (void)snprintf(query, sizeof query, "&ticket=%s", no);
    ck_assert_int_eq(events(&auditor, query), 5);
    ck_assert_int_eq(events(&handler, query), 1);
    ck_assert_int_eq(events(&auditor, "&ticket=20200101-R0001"), 0);

    (void)snprintf(query, sizeof query, "/api/v1/audit?limit=2");
    for (;;) {
        struct test_reply page = get(&supervisor, query);
        int items = test_reply_count(&page, "items");
        char path[40];

        for (int i = 0; i < items; i++) {
            (void)snprintf(path, sizeof path, "items.%d.seq", i);
            seen[count] = atoll(test_reply_text(&page, path));
            ck_assert(count == 0 || seen[count] < seen[count - 1]);
            count++;
        }
        const char *next = test_reply_text(&page, "next");
        if (next != NULL)
            (void)snprintf(query, sizeof query, "/api/v1/audit?limit=2&cursor=%s", next);
        test_reply_free(&page);
        if (next == NULL)
            break;
    }
    ck_assert_int_eq(count, 5);
}
END_TEST

/* The bounds are found by halving: every day of several, and days without events. */
START_TEST(days_are_found_wherever_they_lie)
{
    int before = events(&supervisor, "");

    for (int i = 0; i < 3; i++) {
        test_clock_advance(2 * DAY);
        clerk = test_sign_in(&server, "clerk");
        on_ticket(&clerk, "note", "{\"text\":\"x\"}");
    }
    supervisor = test_sign_in(&server, "supervisor");
    ck_assert_int_eq(events(&supervisor, ""), before + 3);
    ck_assert_int_eq(events(&supervisor, "&from=2026-11-23&to=2026-11-23"), before);
    ck_assert_int_eq(events(&supervisor, "&from=2026-11-24&to=2026-11-24"), 0);
    ck_assert_int_eq(events(&supervisor, "&from=2026-11-24&to=2026-11-25"), 1);
    ck_assert_int_eq(events(&supervisor, "&from=2026-11-25"), 3);
    ck_assert_int_eq(events(&supervisor, "&from=2026-11-30"), 0);
    ck_assert_int_eq(events(&supervisor, "&to=2026-11-22"), 0);
    ck_assert_int_eq(events(&supervisor, "&to=2026-11-27"), before + 2);
    ck_assert_int_eq(events(&supervisor, "&to=2026-11-27&type=note"), 3);
}
END_TEST

/* What one did stays one's own; the ticket that is gone does not come with it. */
START_TEST(a_unit_that_lost_the_ticket_does_not_read_its_number_here)
{
    on_ticket(&clerk, "recall", "{\"version\":3,\"reason\":\"改派\"}");
    ck_assert_int_eq(events(&handler, ""), 0);
    ck_assert_int_eq(events(&clerk, ""), 5);
}
END_TEST

START_TEST(views_say_who_read_personal_data_and_why_to_who_may_know)
{
    char path[PATH_ROOM];
    struct test_call call = { .method = "GET", .path = path, .who = &handler };

    (void)snprintf(path, sizeof path, "/api/v1/tickets/%s/views", no);
    struct test_reply views = get(&supervisor, path);
    ck_assert_int_eq(test_reply_count(&views, "items"), 1);
    ck_assert_str_eq(test_reply_text(&views, "items.0.type"), "reveal");
    ck_assert_str_eq(test_reply_text(&views, "items.0.actor.login"), "clerk");
    ck_assert_str_eq(test_reply_text(&views, "items.0.reason"), SECRET);
    test_reply_free(&views);
    views = get(&auditor, path);
    ck_assert_int_eq(test_reply_count(&views, "items"), 1);
    ck_assert_ptr_null(strstr(views.body, SECRET));
    test_reply_free(&views);
    test_expect_problem(&server, &call, 403, "forbidden", NULL);
    call.who = &leader;
    test_expect_problem(&server, &call, 403, "forbidden", NULL);
    call.who = &clerk;
    test_expect(&server, &call, 200);
    call.path = "/api/v1/tickets/20200101-R0001/views";
    test_expect_problem(&server, &call, 404, "not_found", NULL);
}
END_TEST

Suite *
suite_audit(void)
{
    Suite *suite = suite_create("audit");
    TCase *tests = tcase_create("trail");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, each_role_reads_its_part_of_the_trail);
    tcase_add_test(tests, an_event_shows_names_of_what_changed_and_no_text);
    tcase_add_test(tests, a_change_shows_before_and_after_and_nothing_of_a_person);
    tcase_add_test(tests, filters_and_pages_leave_nothing_out_and_show_nothing_twice);
    tcase_add_test(tests, days_are_found_wherever_they_lie);
    tcase_add_test(tests, a_unit_that_lost_the_ticket_does_not_read_its_number_here);
    tcase_add_test(tests, views_say_who_read_personal_data_and_why_to_who_may_know);
    suite_add_tcase(suite, tests);
    return suite;
}
