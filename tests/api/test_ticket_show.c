#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "support/server.h"
#include "support/store_fixture.h"

/*
 * Scenarios of one ticket: what is shown of it to whom, what happened to it,
 * and what looking at it does.
 */

#define NAME "欧阳小明"
#define PHONE "13912345678"
#define NOTE "after six only"
#define PATH_BYTES 200

static struct test_server server;
static struct store_fixture fixture;
static struct test_who clerk, handler, head, water, supervisor, leader;
static char no[32];
static int keys;

static struct test_reply
get(const struct test_who *who, const char *suffix)
{
    char path[PATH_BYTES];
    struct test_call call = { .method = "GET", .path = path, .who = who };

    (void)snprintf(path, sizeof path, "/api/v1/tickets/%s%s", no, suffix);
    return test_send(&server, &call);
}

static struct test_reply
get_ok(const struct test_who *who, const char *suffix)
{
    struct test_reply reply = get(who, suffix);

    ck_assert_msg(reply.status == 200, "%s: %d %s", suffix, reply.status, reply.body);
    return reply;
}

static struct test_reply
post(const struct test_who *who, const char *path, const char *body)
{
    char key[16];
    struct test_call call = {
        .method = "POST", .path = path, .who = who, .body = body, .key = key
    };

    (void)snprintf(key, sizeof key, "key-%d", ++keys);
    return test_send(&server, &call);
}

static int64_t
version(void)
{
    char sql[PATH_BYTES];

    (void)snprintf(sql, sizeof sql, "SELECT version FROM ticket WHERE no = '%s'", no);
    return store_fixture_number(&server.dir, sql);
}

/* `more`: members after the version, ",\"note\":\"x\"". */
static struct test_reply
try_act(const struct test_who *who, const char *action, const char *more)
{
    char path[PATH_BYTES], body[1000];

    (void)snprintf(path, sizeof path, "/api/v1/tickets/%s/%s", no, action);
    (void)snprintf(body, sizeof body, "{\"version\":%lld%s}", (long long)version(), more);
    return post(who, path, body);
}

static void
act(const struct test_who *who, const char *action, const char *more)
{
    struct test_reply reply = try_act(who, action, more);

    ck_assert_msg(reply.status == 200, "%s: %d %s", action, reply.status, reply.body);
    test_reply_free(&reply);
}

static void
set_up(void)
{
    test_server_open(&server);
    fixture = (struct store_fixture){ .dir = server.dir, .writer = server.writer };
    clerk = test_sign_in(&server, "clerk");
    handler = test_sign_in(&server, "handler");
    head = test_sign_in(&server, "unit_head");
    water = test_add_water(&server);
    supervisor = test_sign_in(&server, "supervisor");
    leader = test_sign_in(&server, "leader");
    struct test_reply reply =
        post(&clerk, "/api/v1/tickets",
             "{\"channel\":\"phone\",\"content\":\"路灯坏了一周。请修。\",\"tags\":["
             "\"路灯\",\"夜间\"],"
             "\"petitioner\":{\"name\":\"" NAME "\",\"phone\":\"" PHONE
             "\",\"contact_note\":\"" NOTE "\"}}");
    ck_assert_msg(reply.status == 201, "%s", reply.body);
    ck_assert(text_format(no, sizeof no, "%s", test_reply_text(&reply, "no")));
    test_reply_free(&reply);
}

static void
tear_down(void)
{
    test_server_close(&server);
}

static void
dispatch(const char *co_units)
{
    char more[PATH_BYTES];

    (void)snprintf(more, sizeof more, ",\"lead_unit\":\"town\",\"co_units\":[%s]",
                   co_units);
    act(&clerk, "dispatch", more);
}

/* --- Showing ---------------------------------------------------------------------------- */

START_TEST(a_petitioner_is_only_ever_shown_masked)
{
    const struct test_who *all[] = { &clerk, &handler, &head, &supervisor, &leader };

    dispatch("");
    act(&clerk, "amend",
        ",\"reason\":\"r\",\"changes\":{\"petitioner\":{\"name\":\"" NAME
        "\",\"phone\":\"" PHONE "\"}}");
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct test_reply shown = get_ok(all[i], "");
        struct test_reply events = get_ok(all[i], "/events");
        struct test_call call = { .method = "GET",
                                  .path = "/api/v1/tickets",
                                  .who = all[i] };
        struct test_reply list = test_send(&server, &call);
        const struct test_reply *replies[] = { &shown, &events, &list };

        ck_assert_str_eq(test_reply_text(&shown, "petitioner.phone"), "139****5678");
        ck_assert_str_eq(test_reply_text(&shown, "petitioner.kind"), "person");
        ck_assert_ptr_nonnull(test_reply_text(&shown, "petitioner.name"));
        for (size_t k = 0; k < 3; k++) {
            ck_assert_ptr_null(strstr(replies[k]->body, NAME));
            ck_assert_ptr_null(strstr(replies[k]->body, "小明"));
            ck_assert_ptr_null(strstr(replies[k]->body, PHONE));
            ck_assert_ptr_null(strstr(replies[k]->body, NOTE));
        }
        test_reply_free(&shown);
        test_reply_free(&events);
        test_reply_free(&list);
    }
}
END_TEST

/* The answer to a create is made without a look at what it stored (ticket_json_received). */
START_TEST(what_comes_in_is_told_as_it_is_shown_afterwards)
{
    const char *drafts[] = {
        "\"content\":\"水管漏水。\",\"petitioner\":{\"phone\":\"" PHONE "\"}",
        "\"content\":\"水管漏水。\",\"anonymous\":true",
        "\"title\":\"短题\",\"content\":\"一行\\n二行 \\\"引\\\"\",\"demand\":\"修\","
        "\"respondent\":\"水厂\",\"address\":\"东街1号\",\"tags\":[\"水\",\"夜间\"],"
        "\"area\":\"T1\",\"category\":\"909090\",\"urgency\":\"urgent\",\"sensitive\":"
        "true,"
        "\"sensitive_reason\":\"群体\",\"kind\":\"complaint\",\"confidential\":true,"
        "\"occurred_at\":\"2026-11-20T10:00:00+08:00\","
        "\"petitioner\":{\"name\":\"" NAME "\",\"phone\":\"0531-8888 7777\","
        "\"kind\":\"company\",\"contact_note\":\"" NOTE "\"}",
        "\"content\":\"又漏了。\",\"repeat_of\":\"%s\",\"petitioner\":{\"name\":\"" NAME
        "\"}",
    };
    char first[sizeof no], body[1200], more[1000];

    ck_assert_int_eq(store_fixture_write(
                         &fixture, "INSERT INTO area (code, name) VALUES ('T1', '东村')"),
                     OK);
    ck_assert_int_eq(
        store_fixture_write(&fixture,
                            "INSERT INTO category (code, parent, level, name) VALUES"
                            " ('909090', NULL, 1, '供水')"),
        OK);
    memcpy(first, no, sizeof first);
    for (size_t i = 0; i < sizeof drafts / sizeof *drafts; i++) {
        (void)snprintf(more, sizeof more, drafts[i], first);
        (void)snprintf(body, sizeof body, "{\"channel\":\"phone\",%s}", more);
        struct test_reply told = post(&clerk, "/api/v1/tickets", body);
        ck_assert_msg(told.status == 201, "%zu: %s", i, told.body);
        ck_assert(text_format(no, sizeof no, "%s", test_reply_text(&told, "no")));
        struct test_reply shown = get_ok(&clerk, "");
        keys--; /* the same key again: a replay is read */
        struct test_reply again = post(&clerk, "/api/v1/tickets", body);
        ck_assert_str_eq(told.body, shown.body);
        ck_assert_str_eq(again.body, shown.body);
        test_reply_free(&told);
        test_reply_free(&shown);
        test_reply_free(&again);
    }
}
END_TEST

START_TEST(only_the_office_sees_the_query_code)
{
    const struct {
        const struct test_who *who;
        bool sees;
    } rows[] = { { &clerk, true },
                 { &supervisor, true },
                 { &leader, false },
                 { &handler, false },
                 { &head, false } };

    dispatch("");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct test_reply reply = get_ok(rows[i].who, "");
        ck_assert_int_eq(strstr(reply.body, "query_code") != NULL, rows[i].sees);
        test_reply_free(&reply);
    }
}
END_TEST

START_TEST(a_ticket_is_shown_with_units_records_and_reply)
{
    dispatch("\"water\"");
    act(&clerk, "submit", ",\"leader\":\"leader\",\"note\":\"n\"");
    act(&leader, "instruct", ",\"text\":\"do it\"");
    act(&handler, "sign", "");
    act(&water, "co-reply", ",\"text\":\"opinion\"");
    act(&supervisor, "supervise",
        ",\"reason_code\":\"media\",\"demand\":\"d\",\"answer_due_on\":\"2026-11-25\"");
    act(&clerk, "urge", ",\"note\":\"hurry\"");
    act(&handler, "reply",
        ",\"contacted\":true,\"finding\":\"f\",\"measures\":\"m\",\"reply_text\":"
        "\"mended\","
        "\"outcome\":\"promised\",\"promised_on\":\"2026-12-01\",\"told_at\":\"2026-11-"
        "23T10:00:00+08:00\","
        "\"told_way\":\"phone\",\"signed_off_by\":\"head\",\"override_reason\":"
        "\"brief\"");
    struct test_reply reply = get_ok(&handler, "");
#define SHOWS(path, value) ck_assert_str_eq(test_reply_text(&reply, path), value)
    SHOWS("state", "replied");
    SHOWS("title", "路灯坏了一周");
    SHOWS("tags.1", "夜间");
    SHOWS("received_by", "clerk");
    SHOWS("lead_unit.code", "town");
    SHOWS("co_units.0.short_name", "水利");
    SHOWS("assignments.1.relation", "co");
    SHOWS("instructions.0.text", "do it");
    SHOWS("instructions.0.leader", "leader");
    SHOWS("submissions.0.leader", "leader");
    SHOWS("supervisions.0.state", "issued");
    SHOWS("supervisions.0.unit.code", "town");
    SHOWS("urges.0.text", "hurry");
    SHOWS("reply.reply_text", "mended");
    SHOWS("reply.outcome", "promised");
    SHOWS("reply.promised_on", "2026-12-01");
    SHOWS("reply.quality_findings.0", "too_short");
    SHOWS("reply.override_reason", "brief");
    SHOWS("urge_count", "1");
    SHOWS("supervision_count", "1");
#undef SHOWS
    ck_assert_ptr_null(test_reply_text(&reply, "closed_at"));
    test_reply_free(&reply);
}
END_TEST

START_TEST(what_is_offered_is_never_refused_as_not_allowed)
{
    static const struct {
        const char *action, *more;
        int who; /* 0 clerk, 1 handler */
    } steps[] = {
        { "dispatch", ",\"lead_unit\":\"town\",\"co_units\":[\"water\"]", 0 },
        { "sign", "", 1 },
        { "note", ",\"text\":\"t\"", 1 },
        { "reply",
          ",\"contacted\":true,\"finding\":\"f\",\"measures\":\"m\",\"reply_text\":\"r\","
          "\"outcome\":\"solved\",\"told_at\":\"2026-11-23T10:00:00+08:00\",\"told_way\":"
          "\"phone\","
          "\"signed_off_by\":\"h\",\"co_waived_reason\":\"w\","
          "\"override_reason\":\"brief\"",
          1 },
        { "approve-reply", "", 0 },
        { "call-back",
          ",\"connected\":true,\"contacted_by_unit\":true,\"solved\":true,"
          "\"satisfaction\":\"satisfied\"",
          0 },
    };
    const struct test_who *all[] = {
        &clerk, &handler, &head, &water, &supervisor, &leader
    };
    int offered = 0;

    for (size_t step = 0; step <= sizeof steps / sizeof *steps; step++) {
        for (size_t who = 0; who < sizeof all / sizeof *all; who++) {
            struct test_reply shown = get(all[who], "");
            if (shown.status == 404) {
                ck_assert_uint_eq(step, 0);
                test_reply_free(&shown);
                continue;
            }
            int count = test_reply_count(&shown, "actions");
            ck_assert_int_gt(count, 0); /* a note, always */
            for (int i = 0; i < count; i++) {
                char member[64], action[40];
                (void)snprintf(member, sizeof member, "actions.%d.action", i);
                ck_assert(text_format(action, sizeof action, "%s",
                                      test_reply_text(&shown, member)));
                (void)snprintf(member, sizeof member, "actions.%d.must", i);
                int must = test_reply_count(&shown, member);
                if (must == 0)
                    continue; /* it would be done */
                for (char *c = action; *c != '\0'; c++)
                    if (*c == '_')
                        *c = '-';
                struct test_reply reply = try_act(all[who], action, "");
                ck_assert_msg(reply.status == 422, "%s: %d %s", action, reply.status,
                              reply.body);
                ck_assert_int_ge(test_reply_count(&reply, "errors"), 1);
                test_reply_free(&reply);
                offered++;
            }
            test_reply_free(&shown);
        }
        if (step < sizeof steps / sizeof *steps)
            act(steps[step].who == 0 ? &clerk : &handler, steps[step].action,
                steps[step].more);
    }
    ck_assert_int_gt(offered, 60);
}
END_TEST

/* --- Looking ------------------------------------------------------------------------------- */

/* The writer does one thing after another: what was submitted before is done then. */
static int64_t
number(const char *sql)
{
    ck_assert_int_eq(
        store_fixture_write(&fixture, "UPDATE meta SET value = value WHERE key = ''"),
        OK);
    return store_fixture_number(&server.dir, sql);
}

#define OPENED "SELECT count(*) FROM event WHERE type = 'opened'"
#define UNREAD "SELECT count(*) FROM urge WHERE read_at = 0"

START_TEST(the_first_look_of_the_unit_is_noted_once)
{
    dispatch("");
    act(&clerk, "urge", ",\"note\":\"hurry\"");
    struct test_reply reply = get_ok(&clerk, "");
    test_reply_free(&reply);
    ck_assert_int_eq(number(OPENED), 0);
    ck_assert_int_eq(number(UNREAD), 1);
    for (int i = 0; i < 3; i++) {
        reply = get_ok(i == 1 ? &head : &handler, "");
        test_reply_free(&reply);
        ck_assert_int_eq(number(OPENED), 1);
        ck_assert_int_eq(number(UNREAD), 0);
    }
    act(&clerk, "urge", ",\"note\":\"again\"");
    ck_assert_int_eq(number(UNREAD), 1);
    reply = get(&water, ""); /* a foreign unit's look is none */
    ck_assert_int_eq(reply.status, 404);
    test_reply_free(&reply);
    ck_assert_int_eq(number(UNREAD), 1);
    reply = get_ok(&handler, "");
    test_reply_free(&reply);
    ck_assert_int_eq(number(UNREAD), 0);
}
END_TEST

/* --- Events -------------------------------------------------------------------------------- */

START_TEST(events_come_oldest_first_and_page_by_page)
{
    static const char *const types[] = { "ticket_created", "dispatch", "sign", "note",
                                         "urge" };
    char suffix[PATH_BYTES] = "/events?limit=2";
    int seen = 0;

    dispatch("");
    act(&handler, "sign", "");
    act(&handler, "note", ",\"text\":\"between us\"");
    act(&clerk, "urge", ",\"note\":\"hurry\"");
    for (;;) {
        struct test_reply reply = get_ok(&handler, suffix);
        int count = test_reply_count(&reply, "items");
        for (int i = 0; i < count; i++) {
            char member[64];
            (void)snprintf(member, sizeof member, "items.%d.type", i);
            ck_assert_int_lt(seen, 5);
            ck_assert_str_eq(test_reply_text(&reply, member), types[seen]);
            if (seen == 3) {
                (void)snprintf(member, sizeof member, "items.%d.texts.text", i);
                ck_assert_str_eq(test_reply_text(&reply, member), "between us");
            }
            if (seen == 1) {
                (void)snprintf(member, sizeof member, "items.%d.facts.lead_unit", i);
                ck_assert_str_eq(test_reply_text(&reply, member), "town");
            }
            seen++;
        }
        const char *next = test_reply_text(&reply, "next");
        if (next != NULL)
            (void)snprintf(suffix, sizeof suffix, "/events?limit=2&cursor=%s", next);
        bool is_last = next == NULL;
        test_reply_free(&reply);
        if (is_last)
            break;
    }
    ck_assert_int_eq(seen, 5);
}
END_TEST

START_TEST(a_unit_does_not_learn_numbers_of_tickets_it_cannot_see)
{
    char first[32], body[PATH_BYTES];

    memcpy(first, no, sizeof first);
    struct test_reply reply =
        post(&clerk, "/api/v1/tickets",
             "{\"channel\":\"phone\",\"content\":\"路灯又坏了。\"}");
    ck_assert_int_eq(reply.status, 201);
    ck_assert(text_format(no, sizeof no, "%s", test_reply_text(&reply, "no")));
    test_reply_free(&reply);
    dispatch("");
    (void)snprintf(body, sizeof body, ",\"into\":\"%s\"", first);
    act(&clerk, "merge", body);
    struct test_reply replies[] = { get_ok(&handler, ""), get_ok(&handler, "/events"),
                                    get_ok(&clerk, ""), get_ok(&clerk, "/events") };
    for (int i = 0; i < 4; i++) {
        ck_assert_msg((strstr(replies[i].body, first) != NULL) == (i >= 2), "%d: %s", i,
                      replies[i].body);
        test_reply_free(&replies[i]);
    }
}
END_TEST

Suite *
suite_ticket_show(void)
{
    Suite *suite = suite_create("ticket_show");
    TCase *tcase = tcase_create("show");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, a_petitioner_is_only_ever_shown_masked);
    tcase_add_test(tcase, what_comes_in_is_told_as_it_is_shown_afterwards);
    tcase_add_test(tcase, only_the_office_sees_the_query_code);
    tcase_add_test(tcase, a_ticket_is_shown_with_units_records_and_reply);
    tcase_add_test(tcase, what_is_offered_is_never_refused_as_not_allowed);
    tcase_add_test(tcase, the_first_look_of_the_unit_is_noted_once);
    tcase_add_test(tcase, events_come_oldest_first_and_page_by_page);
    tcase_add_test(tcase, a_unit_does_not_learn_numbers_of_tickets_it_cannot_see);
    suite_add_tcase(suite, tcase);
    return suite;
}
