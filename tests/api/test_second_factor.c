#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/totp.h"
#include "support/server.h"
#include "support/store_fixture.h"

/* Scenarios of /me/totp, and of signing in with a second factor. */

static struct test_server server;
static struct test_who clerk;
static char secret[TOTP_SECRET_BYTES];

static void
open_server(void)
{
    test_server_open(&server);
    clerk = test_sign_in(&server, "clerk");
    secret[0] = '\0';
}

static void
close_server(void)
{
    test_server_close(&server);
}

static int64_t
count(const char *sql)
{
    return store_fixture_number(&server.dir, sql);
}

/* A request of `who`; in `pattern` the %s stands for `text`. */
static struct test_reply
send(const char *method, const char *path, const char *pattern, const char *text,
     const struct test_who *who, const char *key)
{
    const char *hole = strstr(pattern, "%s");
    char body[256];

    ck_assert_ptr_nonnull(hole);
    ck_assert(text_format(body, sizeof body, "%.*s%s%s", (int)(hole - pattern), pattern,
                          text, hole + 2));
    struct test_call call = {
        .method = method, .path = path, .body = body, .who = who, .key = key
    };
    return test_send(&server, &call);
}

static void
expect(struct test_reply reply, int status, const char *code)
{
    ck_assert_msg(reply.status == status, "%d: %s", reply.status, reply.body);
    if (code != NULL)
        ck_assert_msg(strstr(reply.body, code) != NULL, "%s", reply.body);
    test_reply_free(&reply);
}

static const char *
code_at(int64_t at)
{
    static char code[TOTP_CODE_BYTES];

    ck_assert_int_eq(totp_code(secret, at / TOTP_STEP_S, code), OK);
    return code;
}

static void
begin(const char *key)
{
    struct test_reply reply = send("POST", "/api/v1/me/totp", "{\"password\":\"%s\"}",
                                   PEOPLE_PASSWORD, &clerk, key);

    ck_assert_int_eq(reply.status, 201);
    ck_assert(
        text_format(secret, sizeof secret, "%s", test_reply_text(&reply, "secret")));
    ck_assert_ptr_nonnull(strstr(test_reply_text(&reply, "uri"), secret));
    test_reply_free(&reply);
}

static struct test_reply
confirm(const char *code, const char *key)
{
    return send("POST", "/api/v1/me/totp/confirm", "{\"code\":\"%s\"}", code, &clerk,
                key);
}

static struct test_reply
enter(const char *code)
{
    if (code == NULL)
        return send("POST", "/api/v1/session",
                    "{\"login\":\"clerk\",\"password\":\"%s\"}", PEOPLE_PASSWORD, NULL,
                    NULL);
    return send("POST", "/api/v1/session",
                "{\"login\":\"clerk\",\"password\":\"" PEOPLE_PASSWORD
                "\",\"totp\":\"%s\"}",
                code, NULL, NULL);
}

static struct test_reply
give_up(const char *code)
{
    return send("DELETE", "/api/v1/me/totp",
                "{\"password\":\"" PEOPLE_PASSWORD "\",\"code\":\"%s\"}", code, &clerk,
                NULL);
}

/* --- Put in force ------------------------------------------------------------------------ */

START_TEST(a_secret_counts_when_its_first_code_was_shown)
{
    begin("k1");
    expect(enter(NULL), 200, "\"totp\":false");
    expect(confirm(code_at(test_clock()), "k2"), 204, NULL);
    expect(enter(NULL), 401, "session.totp_required");
    ck_assert_int_eq(count("SELECT count(*) FROM event WHERE type IN ('user_totp_begun', "
                           "'user_totp_on')"),
                     2);
    struct test_call who = { .method = "GET", .path = "/api/v1/session", .who = &clerk };
    struct test_reply reply = test_send(&server, &who);
    ck_assert_str_eq(test_reply_text(&reply, "totp"), "true");
    test_reply_free(&reply);
}
END_TEST

START_TEST(asking_needs_the_password)
{
    expect(send("POST", "/api/v1/me/totp", "{\"password\":\"%s\"}", "wrong", &clerk, "k"),
           422, "field.password_wrong");
    ck_assert_int_eq(count("SELECT count(*) FROM totp"), 0);
    ck_assert_int_eq(count("SELECT count(*) FROM login_failure WHERE failures = 1"), 1);
}
END_TEST

START_TEST(a_repeated_question_tells_the_same_secret_until_it_is_confirmed)
{
    char first[TOTP_SECRET_BYTES];

    begin("k1");
    memcpy(first, secret, sizeof first);
    begin("k1");
    ck_assert_str_eq(secret, first);
    begin("k2"); /* another question, another secret */
    ck_assert_str_ne(secret, first);
    expect(confirm(code_at(test_clock()), "k3"), 204, NULL);
    expect(send("POST", "/api/v1/me/totp", "{\"password\":\"%s\"}", PEOPLE_PASSWORD,
                &clerk, "k2"),
           201, "{\"secret\":null,\"uri\":null}");
    expect(send("POST", "/api/v1/me/totp", "{\"password\":\"%s\"}", PEOPLE_PASSWORD,
                &clerk, "k4"),
           409, "totp.on");
}
END_TEST

START_TEST(nothing_is_confirmed_without_a_secret_or_by_a_wrong_code)
{
    expect(confirm("000000", "k1"), 409, "totp.none");
    begin("k2");
    const char *right = code_at(test_clock());
    expect(confirm(strcmp(right, "000000") == 0 ? "000001" : "000000", "k3"), 422,
           "field.code_wrong");
    expect(confirm(code_at(test_clock() + 300), "k4"), 422, "field.code_wrong");
    expect(enter(NULL), 200, NULL);
}
END_TEST

/* --- Signing in --------------------------------------------------------------------------- */

static void
put_in_force(void)
{
    begin("begin");
    expect(confirm(code_at(test_clock()), "confirm"), 204, NULL);
    test_clock_advance(60);
}

START_TEST(a_code_opens_once)
{
    put_in_force();
    const char *code = code_at(test_clock());

    expect(enter(code), 200, "\"totp\":true");
    expect(enter(code), 401, "session.totp_wrong");
    expect(enter(code_at(test_clock() - 30)), 401, "session.totp_wrong");
    expect(enter(code_at(test_clock() + 30)), 200, NULL);
}
END_TEST

START_TEST(a_wrong_password_is_told_like_any_other)
{
    put_in_force();
    expect(send("POST", "/api/v1/session",
                "{\"login\":\"clerk\",\"password\":\"wrong\",\"totp\":\"%s\"}",
                code_at(test_clock()), NULL, NULL),
           401, "session.credentials");
    expect(enter(code_at(test_clock())), 200, NULL); /* it was not used up */
}
END_TEST

START_TEST(wrong_codes_lock_like_wrong_passwords)
{
    put_in_force();
    for (int i = 0; i < 5; i++)
        expect(enter(code_at(test_clock() + 300 + (int64_t)30 * i)), 401,
               "session.totp_wrong");
    expect(enter(code_at(test_clock())), 429, "session.locked");
    ck_assert_int_eq(count("SELECT count(*) FROM event WHERE type = 'login_locked'"), 1);
}
END_TEST

START_TEST(a_missing_code_is_no_failure)
{
    put_in_force();
    for (int i = 0; i < 6; i++)
        expect(enter(NULL), 401, "session.totp_required");
    expect(enter(code_at(test_clock())), 200, NULL);
}
END_TEST

/* --- Given up ------------------------------------------------------------------------------ */

START_TEST(giving_it_up_needs_password_and_code)
{
    put_in_force();
    expect(send("DELETE", "/api/v1/me/totp", "{\"password\":\"%s\"}", PEOPLE_PASSWORD,
                &clerk, NULL),
           422, "field.missing");
    expect(send("DELETE", "/api/v1/me/totp", "{\"password\":\"wrong\",\"code\":\"%s\"}",
                code_at(test_clock()), &clerk, NULL),
           422, "field.password_wrong");
    expect(give_up(code_at(test_clock() + 300)), 422, "field.code_wrong");
    expect(enter(NULL), 401, "session.totp_required");
    expect(give_up(code_at(test_clock())), 204, NULL);
    expect(enter(NULL), 200, NULL);
    expect(give_up("000000"), 409, "totp.none");
    ck_assert_int_eq(count("SELECT count(*) FROM event WHERE type = 'user_totp_off'"), 1);
}
END_TEST

static struct test_reply
change_password(const char *pattern, const char *text, const char *key)
{
    return send("POST", "/api/v1/me/password", pattern, text, &clerk, key);
}

#define NEW_PASSWORD "a lantern by the river"
#define WITH_CODE                                                                        \
    "{\"password\":\"" PEOPLE_PASSWORD "\",\"new_password\":\"" NEW_PASSWORD             \
    "\",\"code\":\"%s\"}"

START_TEST(another_password_needs_a_code_as_well)
{
    put_in_force();
    expect(change_password("{\"password\":\"%s\",\"new_password\":\"" NEW_PASSWORD "\"}",
                           PEOPLE_PASSWORD, "p1"),
           422, "{\"field\":\"code\",\"code\":\"field.missing\"");
    ck_assert_int_eq(count("SELECT count(*) FROM login_failure"), 0);
    expect(change_password(WITH_CODE, code_at(test_clock() + 300), "p2"), 422,
           "{\"field\":\"code\",\"code\":\"field.code_wrong\"");
    ck_assert_int_eq(count("SELECT count(*) FROM login_failure WHERE failures = 1"), 1);
    expect(change_password("{\"password\":\"wrong\",\"new_password\":\"" NEW_PASSWORD
                           "\",\"code\":\"%s\"}",
                           code_at(test_clock()), "p3"),
           422, "field.password_wrong");
    ck_assert_int_eq(
        count("SELECT count(*) FROM event WHERE type = 'user_password_changed'"), 0);
    expect(enter(code_at(test_clock() - 30)), 200, NULL); /* the old one still opens */

    const char *code = code_at(test_clock());
    expect(change_password(WITH_CODE, code, "p4"), 204, NULL);
    expect(change_password(WITH_CODE, code, "p4"), 204, NULL); /* a repeat, not another */
    expect(enter(code_at(test_clock() + 30)), 401, "session.credentials");
    ck_assert_int_eq(
        count("SELECT count(*) FROM event WHERE type = 'user_password_changed'"), 1);
}
END_TEST

START_TEST(a_secret_that_was_never_confirmed_asks_for_no_code)
{
    begin("k1");
    expect(change_password("{\"password\":\"%s\",\"new_password\":\"" NEW_PASSWORD "\"}",
                           PEOPLE_PASSWORD, "p1"),
           204, NULL);
}
END_TEST

START_TEST(an_administrator_takes_it_away_for_a_lost_phone)
{
    struct test_who admin = test_sign_in(&server, "admin");

    put_in_force();
    struct test_reply reply =
        send("PATCH", "/api/v1/users/clerk", "{\"version\":1,\"reset_totp\":%s}", "true",
             &admin, NULL);
    ck_assert_int_eq(reply.status, 200);
    ck_assert_str_eq(test_reply_text(&reply, "totp"), "false");
    ck_assert_str_eq(test_reply_text(&reply, "version"), "2");
    test_reply_free(&reply);
    expect(enter(NULL), 200, NULL);
    ck_assert_int_eq(count("SELECT count(*) FROM event WHERE type = 'user_changed' AND "
                           "payload LIKE '%\"changed\":[\"totp\"]%'"),
                     1);
    /* There is nothing more to take away: nothing changes. */
    expect(send("PATCH", "/api/v1/users/clerk", "{\"version\":2,\"reset_totp\":%s}",
                "true", &admin, NULL),
           200, "\"version\":2");
}
END_TEST

START_TEST(no_row_event_or_log_holds_the_secret)
{
    char sql[256];

    put_in_force();
    ck_assert(
        text_format(sql, sizeof sql,
                    "SELECT (SELECT count(*) FROM totp WHERE instr(secret, '%s') > 0)"
                    " + (SELECT count(*) FROM event WHERE instr(payload, '%s') > 0)",
                    secret, secret));
    ck_assert_int_eq(count(sql), 0);
    char *log = test_server_log(&server);
    ck_assert_ptr_null(strstr(log, secret));
    free(log);
}
END_TEST

Suite *
suite_second_factor(void)
{
    Suite *suite = suite_create("second_factor");
    TCase *tests = tcase_create("second_factor");

    tcase_add_checked_fixture(tests, open_server, close_server);
    tcase_add_test(tests, a_secret_counts_when_its_first_code_was_shown);
    tcase_add_test(tests, asking_needs_the_password);
    tcase_add_test(tests,
                   a_repeated_question_tells_the_same_secret_until_it_is_confirmed);
    tcase_add_test(tests, nothing_is_confirmed_without_a_secret_or_by_a_wrong_code);
    tcase_add_test(tests, a_code_opens_once);
    tcase_add_test(tests, a_wrong_password_is_told_like_any_other);
    tcase_add_test(tests, wrong_codes_lock_like_wrong_passwords);
    tcase_add_test(tests, a_missing_code_is_no_failure);
    tcase_add_test(tests, giving_it_up_needs_password_and_code);
    tcase_add_test(tests, another_password_needs_a_code_as_well);
    tcase_add_test(tests, a_secret_that_was_never_confirmed_asks_for_no_code);
    tcase_add_test(tests, an_administrator_takes_it_away_for_a_lost_phone);
    tcase_add_test(tests, no_row_event_or_log_holds_the_secret);
    suite_add_tcase(suite, tests);
    return suite;
}
