#include <check.h>
#include <string.h>

#include "base/text.h"
#include "base/arena.h"
#include "base/crypt.h"
#include "command/cmd_session.h"
#include "store/reader.h"
#include "support/people.h"
#include "support/store_fixture.h"

/* Suite of src/command/cmd_session.c, store/logins.c and store/sessions.c. */

#define NOW INT64_C(1795400000)

static struct store_fixture fx;
static struct reader_pool *pool;
static struct arena *arena;

static void
open_people(void)
{
    store_fixture_open(&fx);
    people_fill(fx.writer, NOW);
    ck_assert_int_eq(reader_pool_open(fx.store, 1, &pool), OK);
    arena = arena_new();
}

static void
close_people(void)
{
    arena_free(arena);
    reader_pool_close(pool);
    store_fixture_close(&fx);
}

/* From beginning to end, as a request does it; the verdict. */
static enum err
sign_in(const char *login, const char *password, const char *address, int64_t now,
        struct cmd_sign_in *cmd)
{
    struct problem problem = { .value = "" };
    struct reader *reader = NULL;

    ck_assert_int_eq(reader_acquire(pool, 0, &reader), OK);
    enum err err = cmd_sign_in_begin(cmd, reader->db, arena, login, password, NULL,
                                     address, now, &problem);

    reader_release(pool, reader);
    if (err != OK) {
        cmd->job.problem = problem;
        return err;
    }
    ck_assert_int_eq(writer_run(fx.writer, &cmd->job), OK);
    return cmd->verdict;
}

static int64_t
count(const char *sql)
{
    return store_fixture_number(&fx.dir, sql);
}

START_TEST(the_right_password_makes_a_session_of_which_only_the_hash_is_stored)
{
    struct cmd_sign_in cmd;

    ck_assert_int_eq(sign_in("clerk", PEOPLE_PASSWORD, "192.0.2.7", NOW, &cmd), OK);
    ck_assert_uint_eq(strlen(cmd.token), IDENT_SECRET_BYTES - 1);
    ck_assert_str_ne(cmd.token, cmd.csrf);
    ck_assert_int_eq(count("SELECT count(*) FROM session"), 1);
    ck_assert_int_eq(count("SELECT count(*) FROM session WHERE length(token_hash) = 32"),
                     1);
    ck_assert_int_eq(count("SELECT expires_at - created_at FROM session"), 43200);
    ck_assert_int_eq(count("SELECT count(*) FROM event WHERE type = 'signed_in'"), 1);
}
END_TEST

START_TEST(upper_and_lower_case_of_a_login_are_the_same)
{
    struct cmd_sign_in cmd;

    ck_assert_int_eq(sign_in("CLERK", PEOPLE_PASSWORD, "192.0.2.7", NOW, &cmd), OK);
}
END_TEST

START_TEST(a_wrong_password_and_an_unknown_account_are_answered_alike_and_counted)
{
    struct cmd_sign_in cmd;

    ck_assert_int_eq(sign_in("clerk", "wrong", "192.0.2.7", NOW, &cmd),
                     ERR_SESSION_CREDENTIALS);
    ck_assert_int_eq(sign_in("nobody", "wrong", "192.0.2.7", NOW, &cmd),
                     ERR_SESSION_CREDENTIALS);
    ck_assert_int_eq(count("SELECT count(*) FROM login_failure WHERE failures = 1 AND "
                           "login <> '*'"),
                     2);
    ck_assert_int_eq(count("SELECT count(*) FROM session"), 0);
}
END_TEST

#define TYPED "s3cret-typed-as-login"

/* Of strangers one event for each network and a quarter of an hour, without their words. */
START_TEST(failures_are_in_the_trail_and_what_strangers_typed_is_not)
{
    struct cmd_sign_in cmd;
    char login[40];

    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(sign_in("clerk", "wrong", "192.0.2.7", NOW, &cmd),
                         ERR_SESSION_CREDENTIALS);
    ck_assert_int_eq(count("SELECT count(*) FROM event JOIN event_text ON "
                           "event_seq = seq WHERE type = 'login_failed' AND field = "
                           "'login' AND text = 'clerk' AND "
                           "json_extract(payload, '$.wrong') = 'password' AND "
                           "json_extract(payload, '$.network') = '192.0.2.0/24'"),
                     2);
    for (int i = 0; i < 20; i++) {
        ck_assert(text_format(login, sizeof login, TYPED "-%d", i));
        ck_assert_int_eq(
            sign_in(login, "wrong", i < 10 ? "192.0.2.7" : "192.0.2.8", NOW + i, &cmd),
            ERR_SESSION_CREDENTIALS);
    }
    ck_assert_int_eq(count("SELECT count(*) FROM event WHERE type = 'login_failed' AND "
                           "json_extract(payload, '$.known') = 0"),
                     1);
    ck_assert_int_eq(sign_in(TYPED, "wrong", "198.51.100.1", NOW, &cmd),
                     ERR_SESSION_CREDENTIALS); /* another network */
    ck_assert_int_eq(sign_in(TYPED, "wrong", "192.0.2.7", NOW + 901, &cmd),
                     ERR_SESSION_CREDENTIALS); /* a quarter of an hour later */
    ck_assert_int_eq(count("SELECT count(*) FROM event WHERE type = 'login_failed' AND "
                           "json_extract(payload, '$.known') = 0"),
                     3);
    ck_assert_int_eq(
        count("SELECT count(*) FROM event WHERE instr(payload, '" TYPED "') > 0"), 0);
    ck_assert_int_eq(
        count("SELECT count(*) FROM event_text WHERE instr(text, '" TYPED "') > 0"), 0);
}
END_TEST

/* Otherwise the time an answer takes would tell which accounts there are. */
START_TEST(an_unknown_account_costs_as_much_as_a_known_one)
{
    struct cmd_sign_in cmd;
    struct problem problem = { .value = "" };
    struct reader *reader = NULL;
    char hash[PASSWORD_HASH_BYTES];

    ck_assert_int_eq(reader_acquire(pool, 0, &reader), OK);
    ck_assert_int_eq(cmd_sign_in_begin(&cmd, reader->db, arena, "nobody", "x", NULL,
                                       "192.0.2.7", NOW, &problem),
                     OK);
    reader_release(pool, reader);
    ck_assert_int_eq(password_hash("some password", hash), OK);
    size_t parameters = strlen("$argon2id$v=19$m=32768,t=2,p=1$");
    ck_assert_int_eq(strncmp(cmd.hash, hash, parameters), 0);
}
END_TEST

START_TEST(five_failures_lock_the_account_for_that_network_for_a_quarter_of_an_hour)
{
    struct cmd_sign_in cmd;

    for (int i = 0; i < 5; i++)
        ck_assert_int_eq(sign_in("clerk", "wrong", "192.0.2.7", NOW + i, &cmd),
                         ERR_SESSION_CREDENTIALS);
    ck_assert_int_eq(sign_in("clerk", PEOPLE_PASSWORD, "192.0.2.200", NOW + 4, &cmd),
                     ERR_SESSION_LOCKED);
    ck_assert_str_eq(cmd.job.problem.value, "900");
    ck_assert_int_eq(sign_in("clerk", PEOPLE_PASSWORD, "192.0.2.7", NOW + 903, &cmd),
                     ERR_SESSION_LOCKED);
    ck_assert_str_eq(cmd.job.problem.value, "1");
    ck_assert_int_eq(sign_in("clerk", PEOPLE_PASSWORD, "192.0.2.7", NOW + 904, &cmd), OK);
    ck_assert_int_eq(count("SELECT count(*) FROM event WHERE type = 'login_locked'"), 1);
    ck_assert_int_eq(count("SELECT count(*) FROM login_failure"), 0);
}
END_TEST

START_TEST(another_network_is_not_locked)
{
    struct cmd_sign_in cmd;

    for (int i = 0; i < 5; i++)
        (void)sign_in("clerk", "wrong", "192.0.2.7", NOW, &cmd);
    ck_assert_int_eq(sign_in("clerk", PEOPLE_PASSWORD, "192.0.3.7", NOW, &cmd), OK);
}
END_TEST

START_TEST(old_failures_do_not_add_up)
{
    struct cmd_sign_in cmd;

    for (int i = 0; i < 5; i++)
        ck_assert_int_eq(sign_in("clerk", "wrong", "192.0.2.7", NOW + i * 900, &cmd),
                         ERR_SESSION_CREDENTIALS);
    ck_assert_int_eq(sign_in("clerk", PEOPLE_PASSWORD, "192.0.2.7", NOW + 4000, &cmd),
                     OK);
}
END_TEST

START_TEST(a_disabled_account_is_answered_like_a_wrong_password)
{
    struct cmd_sign_in cmd;

    ck_assert_int_eq(
        store_fixture_write(&fx, "UPDATE user SET is_enabled = 0 WHERE login = 'clerk'"),
        OK);
    ck_assert_int_eq(sign_in("clerk", PEOPLE_PASSWORD, "192.0.2.7", NOW, &cmd),
                     ERR_SESSION_CREDENTIALS);
}
END_TEST

/* The account was changed while the worker checked the password. */
START_TEST(a_change_between_reading_and_writing_refuses_the_session)
{
    struct cmd_sign_in cmd;
    struct problem problem = { .value = "" };
    struct reader *reader = NULL;

    ck_assert_int_eq(reader_acquire(pool, 0, &reader), OK);
    ck_assert_int_eq(cmd_sign_in_begin(&cmd, reader->db, arena, "clerk", PEOPLE_PASSWORD,
                                       NULL, "192.0.2.7", NOW, &problem),
                     OK);
    reader_release(pool, reader);
    ck_assert_int_eq(store_fixture_write(
                         &fx, "UPDATE user SET epoch = epoch + 1 WHERE login = 'clerk'"),
                     OK);
    ck_assert_int_eq(writer_run(fx.writer, &cmd.job), OK);
    ck_assert_int_eq(cmd.verdict, ERR_SESSION_CREDENTIALS);
    ck_assert_int_eq(count("SELECT count(*) FROM session"), 0);
}
END_TEST

START_TEST(a_user_keeps_the_ten_newest_sessions)
{
    char token[PEOPLE_SECRET_BYTES], csrf[PEOPLE_SECRET_BYTES];
    struct cmd_sign_in cmd;

    for (int i = 0; i < 12; i++)
        people_session(fx.writer, "clerk", NOW, token, csrf);
    people_session(fx.writer, "leader", NOW, token, csrf);
    ck_assert_int_eq(sign_in("clerk", PEOPLE_PASSWORD, "192.0.2.7", NOW, &cmd), OK);
    ck_assert_int_eq(count("SELECT count(*) FROM session"), 11);
}
END_TEST

START_TEST(signing_in_sweeps_expired_sessions)
{
    char token[PEOPLE_SECRET_BYTES], csrf[PEOPLE_SECRET_BYTES];
    struct cmd_sign_in cmd;

    people_session(fx.writer, "leader", NOW - 50000, token, csrf);
    ck_assert_int_eq(sign_in("clerk", PEOPLE_PASSWORD, "192.0.2.7", NOW, &cmd), OK);
    ck_assert_int_eq(count("SELECT count(*) FROM session"), 1);
}
END_TEST

START_TEST(signing_out_ends_the_session)
{
    struct actor actor = people_actor(fx.writer, "clerk");
    struct cmd_sign_in cmd;
    struct cmd_sign_out out;

    ck_assert_int_eq(sign_in("clerk", PEOPLE_PASSWORD, "192.0.2.7", NOW, &cmd), OK);
    cmd_sign_out_init(&out, &actor, cmd.session_id, NOW + 1);
    ck_assert_int_eq(writer_run(fx.writer, &out.job), OK);
    ck_assert_int_eq(count("SELECT count(*) FROM session"), 0);
    ck_assert_int_eq(count("SELECT count(*) FROM event WHERE type = 'signed_out'"), 1);
}
END_TEST

START_TEST(a_network_is_a_24_or_a_64)
{
    static const char *const cases[][2] = {
        { "192.0.2.7", "192.0.2.0/24" },
        { "::ffff:192.0.2.7", "192.0.2.0/24" },
        { "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64" },
        { "::1", "::/64" },
        { "nonsense", "nonsense" },
    };
    char network[NETWORK_BYTES];

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        network_of_address(cases[i][0], network);
        ck_assert_str_eq(network, cases[i][1]);
    }
}
END_TEST

Suite *
suite_sign_in(void)
{
    Suite *suite = suite_create("sign_in");
    TCase *tests = tcase_create("sign_in");

    tcase_add_checked_fixture(tests, open_people, close_people);
    tcase_add_test(tests,
                   the_right_password_makes_a_session_of_which_only_the_hash_is_stored);
    tcase_add_test(tests, upper_and_lower_case_of_a_login_are_the_same);
    tcase_add_test(
        tests, a_wrong_password_and_an_unknown_account_are_answered_alike_and_counted);
    tcase_add_test(tests, failures_are_in_the_trail_and_what_strangers_typed_is_not);
    tcase_add_test(tests, an_unknown_account_costs_as_much_as_a_known_one);
    tcase_add_test(
        tests, five_failures_lock_the_account_for_that_network_for_a_quarter_of_an_hour);
    tcase_add_test(tests, another_network_is_not_locked);
    tcase_add_test(tests, old_failures_do_not_add_up);
    tcase_add_test(tests, a_disabled_account_is_answered_like_a_wrong_password);
    tcase_add_test(tests, a_change_between_reading_and_writing_refuses_the_session);
    tcase_add_test(tests, a_user_keeps_the_ten_newest_sessions);
    tcase_add_test(tests, signing_in_sweeps_expired_sessions);
    tcase_add_test(tests, signing_out_ends_the_session);
    tcase_add_test(tests, a_network_is_a_24_or_a_64);
    suite_add_tcase(suite, tests);
    return suite;
}
