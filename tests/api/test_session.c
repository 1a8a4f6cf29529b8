#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "support/server.h"
#include "support/store_fixture.h"

/* Scenarios of /session and of the gate every request passes (api_who.c). */

#define SIGN_IN_BODY "{\"login\":\"clerk\",\"password\":\"" PEOPLE_PASSWORD "\"}"

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

static const struct test_call sign_in = { .method = "POST",
                                          .path = "/api/v1/session",
                                          .body = SIGN_IN_BODY };

static struct test_call
who_am_i(const struct test_who *who)
{
    return (struct test_call){ .method = "GET", .path = "/api/v1/session", .who = who };
}

static int64_t
count(const char *sql)
{
    return store_fixture_number(&server.dir, sql);
}

/* The secret in the Set-Cookie of a reply. */
static struct test_who
who_of(const struct test_reply *reply)
{
    struct test_who who;
    char cookie[256];

    test_reply_header(reply, "Set-Cookie", cookie, sizeof cookie);
    ck_assert_int_eq(strncmp(cookie, "yidan_session=", 14), 0);
    ck_assert(text_format(who.token, sizeof who.token, "%.43s", cookie + 14));
    ck_assert(
        text_format(who.csrf, sizeof who.csrf, "%s", test_reply_text(reply, "csrf")));
    return who;
}

/* --- Signing in and out ----------------------------------------------------------------- */

START_TEST(signing_in_answers_who_i_am_with_a_cookie_scripts_cannot_read)
{
    struct test_reply reply = test_send(&server, &sign_in);
    char cookie[256];

    ck_assert_int_eq(reply.status, 200);
    test_reply_header(&reply, "Set-Cookie", cookie, sizeof cookie);
    ck_assert_ptr_nonnull(strstr(cookie, "; HttpOnly"));
    ck_assert_ptr_nonnull(strstr(cookie, "; SameSite=Strict"));
    ck_assert_ptr_nonnull(strstr(cookie, "; Path=/;"));
    ck_assert_ptr_null(strstr(cookie, "Secure"));
    ck_assert_str_eq(test_reply_text(&reply, "user.login"), "clerk");
    ck_assert_str_eq(test_reply_text(&reply, "user.unit.code"), "office");
    ck_assert_str_eq(test_reply_text(&reply, "user.roles.0"), "clerk");
    ck_assert_int_eq(test_reply_count(&reply, "user.roles"), 1);

    struct test_who who = who_of(&reply);
    struct test_call again = who_am_i(&who);
    struct test_reply second = test_send(&server, &again);
    ck_assert_int_eq(second.status, 200);
    ck_assert_str_eq(second.body, reply.body);
    test_reply_free(&second);
    test_reply_free(&reply);
}
END_TEST

START_TEST(behind_tls_the_cookie_is_secure_and_bound_to_the_host)
{
    struct test_server secure;
    char cookie[256];

    test_server_prepare(&secure);
    secure.config.secure_cookie = 1;
    test_server_start(&secure);
    struct test_reply reply = test_send(&secure, &sign_in);
    test_reply_header(&reply, "Set-Cookie", cookie, sizeof cookie);
    ck_assert_int_eq(strncmp(cookie, "__Host-yidan_session=", 21), 0);
    ck_assert_ptr_nonnull(strstr(cookie, "; Secure"));

    /* The name without the prefix counts for nothing then. */
    struct test_who who = { .csrf = "" };
    ck_assert(text_format(who.token, sizeof who.token, "%.43s", cookie + 21));
    struct test_call plain = who_am_i(&who);
    test_expect(&secure, &plain, 401);
    test_reply_free(&reply);
    test_server_close(&secure);
}
END_TEST

START_TEST(wrong_credentials_are_refused_alike)
{
    static const char *const bodies[] = {
        "{\"login\":\"clerk\",\"password\":\"wrong\"}",
        "{\"login\":\"nobody\",\"password\":\"wrong\"}",
    };

    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        struct test_call call = sign_in;

        call.body = bodies[i];
        test_expect_problem(&server, &call, 401, "session.credentials", NULL);
    }
}
END_TEST

START_TEST(the_sixth_try_is_locked_out_and_told_how_long)
{
    struct test_call wrong = sign_in;
    char after[16];

    wrong.body = "{\"login\":\"clerk\",\"password\":\"wrong\"}";
    for (int i = 0; i < 5; i++)
        test_expect_problem(&server, &wrong, 401, "session.credentials", NULL);
    struct test_reply reply = test_send(&server, &sign_in);
    ck_assert_int_eq(reply.status, 429);
    test_reply_header(&reply, "Retry-After", after, sizeof after);
    ck_assert_str_eq(after, "900");
    test_reply_free(&reply);

    test_clock_advance(899);
    test_expect_problem(&server, &sign_in, 429, "session.locked", NULL);
    test_clock_advance(1);
    test_expect(&server, &sign_in, 200);
}
END_TEST

START_TEST(a_sign_in_body_is_exactly_login_and_password)
{
    static const struct {
        const char *body, *field;
    } cases[] = {
        { "{\"login\":\"clerk\"}", "password" },
        { "{\"password\":\"x\"}", "login" },
        { "{\"login\":\"clerk\",\"password\":\"x\",\"role\":\"admin\"}", "role" },
        { "{\"login\":7,\"password\":\"x\"}", "login" },
        { "{\"login\":\" \",\"password\":\"x\"}", "login" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct test_call call = sign_in;

        call.body = cases[i].body;
        test_expect_problem(&server, &call, 422, "fields", cases[i].field);
    }
}
END_TEST

START_TEST(signing_out_ends_the_session_and_takes_the_cookie)
{
    struct test_who who = test_sign_in(&server, "clerk");
    struct test_call call = { .method = "DELETE",
                              .path = "/api/v1/session",
                              .who = &who };
    struct test_reply reply = test_send(&server, &call);
    char cookie[256];

    ck_assert_int_eq(reply.status, 204);
    test_reply_header(&reply, "Set-Cookie", cookie, sizeof cookie);
    ck_assert_ptr_nonnull(strstr(cookie, "yidan_session=; Path=/; Max-Age=0"));
    test_reply_free(&reply);
    call = who_am_i(&who);
    test_expect_problem(&server, &call, 401, "session.required", NULL);
}
END_TEST

/* --- What a session is good for ------------------------------------------------------------ */

START_TEST(without_a_good_cookie_nothing_is_told)
{
    struct test_who wrong = { .token = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" };
    struct test_who cut = { .token = "AAAA" };
    const struct test_who *const cases[] = { NULL, &wrong, &cut };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct test_call call = who_am_i(cases[i]);

        test_expect_problem(&server, &call, 401, "session.required", NULL);
    }
}
END_TEST

START_TEST(a_session_ends_after_half_an_hour_without_a_request)
{
    struct test_who who = test_sign_in(&server, "clerk");
    struct test_call call = who_am_i(&who);

    test_clock_advance(1799);
    test_expect(&server, &call, 200);
    test_clock_advance(1799);
    test_expect(&server, &call, 200);
    test_clock_advance(1800);
    test_expect_problem(&server, &call, 401, "session.required", NULL);
}
END_TEST

/* Being seen is kept in memory and written down every five minutes. */
START_TEST(a_request_less_than_five_minutes_after_the_last_counts_too)
{
    struct test_who who = test_sign_in(&server, "clerk");
    struct test_call call = who_am_i(&who);

    test_clock_advance(200);
    test_expect(&server, &call, 200);
    writer_drain(server.writer); /* what was to be written is */
    ck_assert_int_eq(count("SELECT last_seen_at - created_at FROM session"), 0);
    test_clock_advance(1700); /* 1900 after what is written, 1700 after the last */
    test_expect(&server, &call, 200);
}
END_TEST

START_TEST(being_seen_is_written_down_after_five_minutes)
{
    struct test_who who = test_sign_in(&server, "clerk");
    struct test_call call = who_am_i(&who);

    test_clock_advance(300);
    test_expect(&server, &call, 200);
    writer_drain(server.writer);
    ck_assert_int_eq(count("SELECT last_seen_at - created_at FROM session"), 300);
}
END_TEST

START_TEST(a_session_ends_after_twelve_hours_however_busy)
{
    struct test_who who = test_sign_in(&server, "clerk");
    struct test_call call = who_am_i(&who);

    for (int i = 0; i < 28; i++) {
        test_clock_advance(1500);
        test_expect(&server, &call, 200);
    }
    test_clock_advance(1199);
    test_expect(&server, &call, 200);
    test_clock_advance(1);
    test_expect_problem(&server, &call, 401, "session.required", NULL);
}
END_TEST

START_TEST(a_disabled_user_and_an_old_epoch_are_signed_out_at_once)
{
    static const char *const changes[] = {
        "{\"version\":1,\"enabled\":false}",
        "{\"version\":1,\"password\":\"a new password\"}",
        "{\"version\":1,\"roles\":[\"handler\"]}",
        "{\"version\":1,\"unit\":\"office\"}",
    };
    static const char *const logins[] = { "clerk", "leader", "supervisor", "handler" };
    struct test_who admin = test_sign_in(&server, "admin");

    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        struct test_who who = test_sign_in(&server, logins[i]);
        struct test_call ask = who_am_i(&who);
        char path[64];

        ck_assert(text_format(path, sizeof path, "/api/v1/users/%s", logins[i]));
        struct test_call change = {
            .method = "PATCH", .path = path, .body = changes[i], .who = &admin
        };
        test_expect(&server, &ask, 200);
        test_expect(&server, &change, 200);
        test_expect_problem(&server, &ask, 401, "session.required", NULL);
    }
}
END_TEST

/* --- Other sites ------------------------------------------------------------------------------ */

START_TEST(an_unsafe_request_needs_the_csrf_token_of_its_session)
{
    struct test_who who = test_sign_in(&server, "clerk");
    struct test_who other = test_sign_in(&server, "leader");
    struct test_call call = { .method = "DELETE",
                              .path = "/api/v1/session",
                              .who = &who };

    call.without_csrf = true;
    test_expect_problem(&server, &call, 403, "session.csrf", NULL);
    call.headers = "X-CSRF-Token: AAAA\r\n";
    test_expect_problem(&server, &call, 403, "session.csrf", NULL);

    struct test_who mixed = who;
    memcpy(mixed.csrf, other.csrf, sizeof mixed.csrf);
    call = (struct test_call){ .method = "DELETE",
                               .path = "/api/v1/session",
                               .who = &mixed };
    test_expect_problem(&server, &call, 403, "session.csrf", NULL);
}
END_TEST

START_TEST(another_site_is_refused_even_with_cookie_and_token)
{
    static const char *const headers[] = {
        "Origin: http://evil.example\r\n",      "Origin: null\r\n",
        "Origin: http://test.evil.example\r\n", "Sec-Fetch-Site: cross-site\r\n",
        "Sec-Fetch-Site: same-site\r\n",
    };
    struct test_who who = test_sign_in(&server, "clerk");

    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        struct test_call call = { .method = "DELETE",
                                  .path = "/api/v1/session",
                                  .who = &who,
                                  .headers = headers[i] };

        test_expect_problem(&server, &call, 403, "session.csrf", NULL);
        call = sign_in;
        call.headers = headers[i];
        test_expect_problem(&server, &call, 403, "session.csrf", NULL);
    }
    struct test_call own = {
        .method = "DELETE",
        .path = "/api/v1/session",
        .who = &who,
        .headers = "Origin: https://test\r\nSec-Fetch-Site: same-origin\r\n"
    };
    test_expect(&server, &own, 204);
}
END_TEST

/* --- Secrets ------------------------------------------------------------------------------------ */

START_TEST(no_log_holds_a_login_a_password_or_a_secret)
{
    struct test_reply reply = test_send(&server, &sign_in);
    struct test_who who = who_of(&reply);
    struct test_call ask = who_am_i(&who);
    struct test_call wrong = sign_in;

    wrong.body = "{\"login\":\"my-secret-typo\",\"password\":\"wrong-secret\"}";
    test_expect(&server, &ask, 200);
    test_expect(&server, &wrong, 401);
    char *log = test_server_log(&server);
    const char *const secrets[] = { who.token,        who.csrf,       PEOPLE_PASSWORD,
                                    "my-secret-typo", "wrong-secret", "argon2" };

    ck_assert_ptr_nonnull(strstr(log, "/api/v1/session"));
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
        ck_assert_msg(strstr(log, secrets[i]) == NULL, "the log has %s", secrets[i]);
    ck_assert_ptr_null(strstr(reply.body, who.token));
    ck_assert_ptr_null(strstr(reply.body, "argon2"));
    free(log);
    test_reply_free(&reply);
}
END_TEST

Suite *
suite_session(void)
{
    Suite *suite = suite_create("session");
    TCase *tests = tcase_create("session");

    tcase_add_checked_fixture(tests, open_server, close_server);
    tcase_add_test(tests, signing_in_answers_who_i_am_with_a_cookie_scripts_cannot_read);
    tcase_add_test(tests, behind_tls_the_cookie_is_secure_and_bound_to_the_host);
    tcase_add_test(tests, wrong_credentials_are_refused_alike);
    tcase_add_test(tests, the_sixth_try_is_locked_out_and_told_how_long);
    tcase_add_test(tests, a_sign_in_body_is_exactly_login_and_password);
    tcase_add_test(tests, signing_out_ends_the_session_and_takes_the_cookie);
    tcase_add_test(tests, without_a_good_cookie_nothing_is_told);
    tcase_add_test(tests, a_session_ends_after_half_an_hour_without_a_request);
    tcase_add_test(tests, a_request_less_than_five_minutes_after_the_last_counts_too);
    tcase_add_test(tests, being_seen_is_written_down_after_five_minutes);
    tcase_add_test(tests, a_session_ends_after_twelve_hours_however_busy);
    tcase_add_test(tests, a_disabled_user_and_an_old_epoch_are_signed_out_at_once);
    tcase_add_test(tests, an_unsafe_request_needs_the_csrf_token_of_its_session);
    tcase_add_test(tests, another_site_is_refused_even_with_cookie_and_token);
    tcase_add_test(tests, no_log_holds_a_login_a_password_or_a_secret);
    suite_add_tcase(suite, tests);
    return suite;
}
