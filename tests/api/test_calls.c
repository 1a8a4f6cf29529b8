#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "command/cmd_housekeeping.h"
#include "domain/call.h"
#include "support/server.h"
#include "support/store_fixture.h"

/* Scenarios of /calls: the switchboard tells, the clerk of the extension reads. */

static struct test_server server;
static struct test_who clerk, admin;
static char token[160], other_token[160];

static int64_t
count(const char *sql)
{
    return store_fixture_number(&server.dir, sql);
}

static void
set_extension(const char *login, const char *extension, int version, int status)
{
    char path[64], body[96];

    ck_assert(text_format(path, sizeof path, "/api/v1/users/%s", login));
    ck_assert(text_format(body, sizeof body, "{\"version\":%d,\"extension\":\"%s\"}",
                          version, extension));
    struct test_call call = {
        .method = "PATCH", .path = path, .body = body, .who = &admin
    };
    test_expect(&server, &call, status);
}

static void
make_token(const char *name, char ret_header[160])
{
    char body[96];
    struct test_call make = { .method = "POST",
                              .path = "/api/v1/tokens",
                              .body = body,
                              .who = &admin,
                              .key = name };

    ck_assert(text_format(body, sizeof body,
                          "{\"name\":\"%s\",\"scopes\":[\"switchboard\"]}", name));
    struct test_reply reply = test_send(&server, &make);
    ck_assert(text_format(ret_header, 160, "Authorization: Bearer %s\r\n",
                          test_reply_text(&reply, "token")));
    test_reply_free(&reply);
}

static void
open_server(void)
{
    test_server_open(&server);
    admin = test_sign_in(&server, "admin");
    clerk = test_sign_in(&server, "clerk");
    make_token("pbx", token);
    make_token("pbx2", other_token);
    set_extension("clerk", "801", 1, 200);
}

static void
close_server(void)
{
    test_server_close(&server);
}

#define CALL(event, id, extension, at)                                                   \
    "{\"event\":\"" event "\",\"call_id\":\"" id "\",\"caller\":\"13900001111\","        \
    "\"extension\":\"" extension "\",\"at\":\"2026-11-23T10:" at "+08:00\"}"

static struct test_call
tell(const char *body)
{
    return (struct test_call){
        .method = "POST", .path = "/api/v1/calls", .body = body, .headers = token
    };
}

static void
told(const char *body)
{
    struct test_call call = tell(body);

    test_expect(&server, &call, 204);
}

static struct test_reply
calls(const struct test_who *who)
{
    struct test_call call = { .method = "GET", .path = "/api/v1/calls", .who = who };

    return test_send(&server, &call);
}

START_TEST(a_ringing_call_is_there_for_the_clerk_of_the_extension)
{
    told(CALL("ring", "c1", "801", "00:00"));
    struct test_reply reply = calls(&clerk);

    ck_assert_str_eq(test_reply_text(&reply, "extension"), "801");
    ck_assert_int_eq(test_reply_count(&reply, "items"), 1);
    ck_assert_str_eq(test_reply_text(&reply, "items.0.caller"), "13900001111");
    ck_assert_str_eq(test_reply_text(&reply, "items.0.state"), "ringing");
    test_reply_free(&reply);
    ck_assert_int_eq(
        count("SELECT count(*) FROM outbox JOIN user ON user.id = outbox.user_id "
              "JOIN call ON call.id = outbox.call_id "
              "WHERE kind = 'call' AND user.login = 'clerk' AND ticket_id = 0"),
        1);
    ck_assert_int_eq(count("SELECT count(*) FROM event WHERE type = 'call_shown'"), 1);
}
END_TEST

START_TEST(the_number_is_sealed_and_in_no_event_or_log)
{
    told(CALL("ring", "c1", "801", "00:00"));
    ck_assert_int_eq(count("SELECT count(*) FROM call WHERE caller IS NOT NULL AND "
                           "instr(caller, '13900001111') = 0"),
                     1);
    ck_assert_int_eq(
        count("SELECT count(*) FROM event WHERE payload LIKE '%13900001111%'"), 0);
    char *log = test_server_log(&server);
    ck_assert_ptr_null(strstr(log, "13900001111"));
    free(log);
}
END_TEST

START_TEST(events_told_twice_or_in_any_order_make_one_call)
{
    told(CALL("ring", "c1", "801", "00:00"));
    told(CALL("ring", "c1", "801", "00:00"));
    told(CALL("answer", "c1", "801", "00:05"));
    told(CALL("answer", "c1", "801", "00:07"));
    ck_assert_int_eq(count("SELECT count(*) FROM outbox WHERE kind = 'call'"), 2);
    told(CALL("hangup", "c1", "801", "02:00"));
    told(CALL("ring", "c1", "801", "00:00"));
    told(CALL("hangup", "c2", "801", "03:00")); /* it rang, but that was lost */
    ck_assert_int_eq(count("SELECT count(*) FROM call"), 2);
    ck_assert_int_eq(count("SELECT count(*) FROM outbox WHERE kind = 'call'"), 2);
    struct test_reply reply = calls(&clerk);
    ck_assert_str_eq(test_reply_text(&reply, "items.0.state"), "missed");
    ck_assert_str_eq(test_reply_text(&reply, "items.1.state"), "ended");
    ck_assert_str_eq(test_reply_text(&reply, "items.1.answered_at"),
                     "2026-11-23T10:00:05+08:00");
    test_reply_free(&reply);
}
END_TEST

START_TEST(nobody_else_reads_the_call)
{
    struct test_who handler = test_sign_in(&server, "handler");
    struct test_who supervisor = test_sign_in(&server, "supervisor");

    told(CALL("ring", "c1", "801", "00:00"));
    set_extension("clerk", "", 2, 200);
    struct test_reply reply = calls(&clerk);
    ck_assert_ptr_null(test_reply_text(&reply, "extension"));
    ck_assert_int_eq(test_reply_count(&reply, "items"), 0);
    test_reply_free(&reply);
    struct test_call closed = { .method = "GET", .path = "/api/v1/calls" };
    closed.who = &handler;
    test_expect_problem(&server, &closed, 403, "forbidden", NULL);
    closed.who = &supervisor;
    test_expect_problem(&server, &closed, 403, "forbidden", NULL);
}
END_TEST

/* A shift that begins, or another desk's telephone, brings no earlier callers. */
START_TEST(who_gets_the_telephone_later_reads_no_earlier_caller)
{
    people_add(server.writer, "second", "office", ROLE_BIT(ROLE_CLERK), TEST_SERVER_NOW);
    struct test_who second = test_sign_in(&server, "second");

    told(CALL("ring", "c1", "801", "00:00"));
    set_extension("second", "801", 1, 200);
    test_clock_advance(300);
    told(CALL("answer", "c1", "801", "00:05")); /* told late: theirs no more */
    struct test_reply reply = calls(&second);
    ck_assert_str_eq(test_reply_text(&reply, "extension"), "801");
    ck_assert_int_eq(test_reply_count(&reply, "items"), 0);
    test_reply_free(&reply);
    told(CALL("ring", "c2", "801", "05:00"));
    reply = calls(&second);
    ck_assert_int_eq(test_reply_count(&reply, "items"), 1);
    test_reply_free(&reply);
    reply = calls(&clerk);
    ck_assert_int_eq(test_reply_count(&reply, "items"), 2);
    test_reply_free(&reply);
    ck_assert_int_eq(count("SELECT count(*) FROM event WHERE type = 'call_shown' AND "
                           "payload LIKE '%\"users\":[%,%]%'"),
                     1);
}
END_TEST

START_TEST(another_switchboard_cannot_end_the_call)
{
    told(CALL("ring", "c1", "801", "00:00"));
    struct test_call call = tell(CALL("hangup", "c1", "801", "00:01"));
    call.headers = other_token;
    test_expect(&server, &call, 204);
    ck_assert_int_eq(count("SELECT count(*) FROM call WHERE ended_at = 0"), 1);
    told(CALL("answer", "c1", "801", "00:05"));
    struct test_reply reply = calls(&clerk);
    ck_assert_str_eq(test_reply_text(&reply, "items.1.state"), "talking");
    test_reply_free(&reply);
}
END_TEST

START_TEST(a_call_at_a_telephone_of_nobody_leaves_no_trace)
{
    set_extension("supervisor", "900", 1, 200); /* no clerk */
    told(CALL("ring", "c1", "802", "00:00"));
    told(CALL("ring", "c2", "900", "00:00"));
    ck_assert_int_eq(count("SELECT count(*) FROM call"), 0);
    ck_assert_int_eq(count("SELECT count(*) FROM event WHERE type = 'call_shown'"), 0);
}
END_TEST

START_TEST(a_late_event_is_kept_but_opens_no_card)
{
    test_clock_advance(121);
    told(CALL("ring", "c1", "801", "00:00"));
    ck_assert_int_eq(count("SELECT count(*) FROM call"), 1);
    ck_assert_int_eq(count("SELECT count(*) FROM outbox WHERE kind = 'call'"), 0);
    /* Its caller can be read, so who may is written down. */
    ck_assert_int_eq(count("SELECT count(*) FROM event WHERE type = 'call_shown'"), 1);
    told(CALL("hangup", "c2", "801", "00:00")); /* all that came of it */
    ck_assert_int_eq(count("SELECT count(*) FROM event WHERE type = 'call_shown'"), 2);
}
END_TEST

START_TEST(an_end_that_was_never_told_is_taken_for_granted)
{
    told(CALL("ring", "c1", "801", "00:00"));
    told(CALL("ring", "c2", "801", "00:00"));
    told(CALL("answer", "c2", "801", "00:05"));
    test_clock_advance(CALL_RINGS_S);
    struct test_reply reply = calls(&clerk);
    ck_assert_str_eq(test_reply_text(&reply, "items.1.state"), "ringing");
    test_reply_free(&reply);
    test_clock_advance(1);
    reply = calls(&clerk);
    ck_assert_str_eq(test_reply_text(&reply, "items.1.state"), "missed");
    ck_assert_str_eq(test_reply_text(&reply, "items.0.state"), "talking");
    test_reply_free(&reply);
    ck_assert_int_eq(call_state(100, 200, 0, 200 + CALL_TALKS_S), CALL_STATE_TALKING);
    ck_assert_int_eq(call_state(100, 200, 0, 201 + CALL_TALKS_S), CALL_STATE_ENDED);
}
END_TEST

static void
receive(const char *phone, const char *key)
{
    char body[160];
    struct test_call call = { .method = "POST",
                              .path = "/api/v1/tickets",
                              .body = body,
                              .who = &clerk,
                              .key = key };

    ck_assert(text_format(body, sizeof body,
                          "{\"channel\":\"phone\",\"content\":\"路灯不亮\","
                          "\"petitioner\":{\"phone\":\"%s\"}}",
                          phone));
    test_expect(&server, &call, 201);
}

START_TEST(a_call_names_what_was_recorded_of_its_caller_since)
{
    receive("139 0000 1111", "before");
    test_clock_advance(60);
    told(CALL("ring", "c1", "801", "01:00"));
    told("{\"event\":\"ring\",\"call_id\":\"c2\",\"extension\":\"801\","
         "\"at\":\"2026-11-23T10:01:00+08:00\"}");
    struct test_reply reply = calls(&clerk);
    ck_assert_ptr_null(test_reply_text(&reply, "items.0.ticket"));
    ck_assert_ptr_null(test_reply_text(&reply, "items.1.ticket"));
    test_reply_free(&reply);
    test_clock_advance(30);
    receive("13900002222", "other");
    receive("13900001111", "first");
    receive("13900001111", "second");
    reply = calls(&clerk);
    ck_assert_ptr_null(test_reply_text(&reply, "items.0.caller"));
    ck_assert_ptr_null(test_reply_text(&reply, "items.0.ticket"));
    ck_assert_str_eq(test_reply_text(&reply, "items.1.ticket"), "20261123-R0003");
    test_reply_free(&reply);
}
END_TEST

START_TEST(wrong_members_are_named)
{
    static const struct {
        const char *body, *field;
    } cases[] = {
        { CALL("wait", "c1", "801", "00:00"), "event" },
        { CALL("ring", "c1", "8x1", "00:00"), "extension" },
        { CALL("ring", "c1", "801", "10:00"), "at" },
        { "{\"event\":\"ring\",\"call_id\":\"c1\",\"caller\":\"nobody\",\"extension\":"
          "\"801\",\"at\":\"2026-11-23T10:00:00+08:00\"}",
          "caller" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct test_call call = tell(cases[i].body);

        test_expect_problem(&server, &call, 422, "fields", cases[i].field);
    }
    ck_assert_int_eq(count("SELECT count(*) FROM call"), 0);
    set_extension("clerk", "8", 2, 422);
    set_extension("clerk", "80a", 2, 422);
}
END_TEST

START_TEST(a_new_extension_does_not_sign_its_clerk_out)
{
    struct test_call who = { .method = "GET", .path = "/api/v1/session", .who = &clerk };

    set_extension("clerk", "803", 2, 200);
    test_expect(&server, &who, 200);
}
END_TEST

START_TEST(calls_are_forgotten_after_thirty_days)
{
    struct cmd_housekeeping cmd;

    told(CALL("ring", "c1", "801", "00:00"));
    cmd_housekeeping_init(&cmd, test_clock() + (int64_t)30 * 86400, false);
    ck_assert_int_eq(writer_run(server.writer, &cmd.job), OK);
    ck_assert_int_eq(count("SELECT count(*) FROM call"), 1);
    cmd_housekeeping_init(&cmd, test_clock() + (int64_t)30 * 86400 + 1, false);
    ck_assert_int_eq(writer_run(server.writer, &cmd.job), OK);
    ck_assert_int_eq(count("SELECT count(*) FROM call"), 0);
    ck_assert_int_eq(count("SELECT count(*) FROM call_clerk"), 0);
}
END_TEST

Suite *
suite_calls(void)
{
    Suite *suite = suite_create("calls");
    TCase *tests = tcase_create("calls");

    tcase_add_checked_fixture(tests, open_server, close_server);
    tcase_add_test(tests, a_ringing_call_is_there_for_the_clerk_of_the_extension);
    tcase_add_test(tests, the_number_is_sealed_and_in_no_event_or_log);
    tcase_add_test(tests, events_told_twice_or_in_any_order_make_one_call);
    tcase_add_test(tests, nobody_else_reads_the_call);
    tcase_add_test(tests, who_gets_the_telephone_later_reads_no_earlier_caller);
    tcase_add_test(tests, another_switchboard_cannot_end_the_call);
    tcase_add_test(tests, a_call_at_a_telephone_of_nobody_leaves_no_trace);
    tcase_add_test(tests, a_late_event_is_kept_but_opens_no_card);
    tcase_add_test(tests, an_end_that_was_never_told_is_taken_for_granted);
    tcase_add_test(tests, a_call_names_what_was_recorded_of_its_caller_since);
    tcase_add_test(tests, wrong_members_are_named);
    tcase_add_test(tests, a_new_extension_does_not_sign_its_clerk_out);
    tcase_add_test(tests, calls_are_forgotten_after_thirty_days);
    suite_add_tcase(suite, tests);
    return suite;
}
