#include <check.h>
#include <string.h>

#include "base/arena.h"
#include "command/cmd_user.h"
#include "store/reader.h"
#include "store/users.h"
#include "support/people.h"
#include "support/store_fixture.h"

/* Suite of src/command/cmd_user.c and store/users.c. */

#define NOW INT64_C(1795400000)

static struct store_fixture fx;
static struct actor admin;

static void
open_people(void)
{
    store_fixture_open(&fx);
    people_fill(fx.writer, NOW);
    admin = people_actor(fx.writer, "admin");
}

static void
close_people(void)
{
    store_fixture_close(&fx);
}

static int64_t
count(const char *sql)
{
    return store_fixture_number(&fx.dir, sql);
}

static void
make_create(struct cmd_user_create *cmd, const char *login)
{
    cmd_user_create_init(cmd);
    cmd->actor = admin;
    cmd->now = NOW;
    cmd->draft = (struct user_draft){
        .login = login,
        .name = "张三",
        .unit = "town",
        .password = "a long password",
        .roles = ROLE_BIT(ROLE_HANDLER),
    };
}

static enum err
change(const struct user_draft *draft, struct problem *ret_problem)
{
    struct cmd_user_change cmd;

    cmd_user_change_init(&cmd);
    cmd.actor = admin;
    cmd.now = NOW;
    cmd.draft = *draft;
    enum err err = writer_run(fx.writer, &cmd.job);

    if (ret_problem != NULL)
        *ret_problem = cmd.job.problem;
    return err;
}

START_TEST(a_new_account_is_stored_with_a_hash_and_told_without_it)
{
    struct cmd_user_create cmd;

    make_create(&cmd, "zhang.san");
    ck_assert_int_eq(writer_run(fx.writer, &cmd.job), OK);
    ck_assert_int_eq(
        count("SELECT count(*) FROM user WHERE login = 'zhang.san' AND "
              "password_hash LIKE '$argon2id$%' AND epoch = 1 AND version = 1"),
        1);
    ck_assert_int_eq(count("SELECT count(*) FROM event WHERE type = 'user_created' AND "
                           "ticket_id = 0 AND actor_id > 0"),
                     1);
    ck_assert_int_eq(count("SELECT count(*) FROM event WHERE payload LIKE '%argon%' OR "
                           "payload LIKE '%password%'"),
                     0);
    ck_assert_int_eq(count("SELECT count(*) FROM event_text WHERE text LIKE '%argon%' OR "
                           "text LIKE '%long password%'"),
                     0);
}
END_TEST

START_TEST(a_login_is_taken_in_any_spelling)
{
    struct cmd_user_create cmd;

    make_create(&cmd, "Clerk");
    ck_assert_int_eq(writer_run(fx.writer, &cmd.job), ERR_FIELDS);
    ck_assert_str_eq(cmd.job.problem.fields[0].field, "login");
    ck_assert_int_eq(cmd.job.problem.fields[0].code, ERR_FIELD_TAKEN);
    ck_assert_str_eq(cmd.job.problem.value, "1");
}
END_TEST

START_TEST(a_login_is_letters_digits_and_three_marks)
{
    static const char *const good[] = { "a", "a1", "Zhang.San_x-y", "0" };
    static const char *const bad[] = {
        "", ".a", "-a", "a b", "张三", "a/b", "abcdefghijklmnopqrstuvwxyz1234567"
    };

    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        ck_assert_msg(login_is_valid(good[i]), "%s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!login_is_valid(bad[i]), "%s", bad[i]);
}
END_TEST

START_TEST(a_unit_that_is_unknown_or_disabled_takes_nobody)
{
    struct cmd_user_create cmd;

    make_create(&cmd, "new");
    cmd.draft.unit = "nowhere";
    ck_assert_int_eq(writer_run(fx.writer, &cmd.job), ERR_FIELDS);
    ck_assert_int_eq(cmd.job.problem.fields[0].code, ERR_FIELD_NOT_FOUND);

    ck_assert_int_eq(
        store_fixture_write(&fx, "UPDATE unit SET is_enabled = 0 WHERE code = 'town'"),
        OK);
    make_create(&cmd, "new");
    ck_assert_int_eq(writer_run(fx.writer, &cmd.job), ERR_FIELDS);
    ck_assert_str_eq(cmd.job.problem.fields[0].field, "unit");
}
END_TEST

START_TEST(a_repeated_create_makes_one_account)
{
    struct cmd_user_create cmd;

    for (int i = 0; i < 2; i++) {
        make_create(&cmd, "new");
        memcpy(cmd.idempotency.actor, "user:1", 7);
        memcpy(cmd.idempotency.key, "k", 2);
        ck_assert_int_eq(writer_run(fx.writer, &cmd.job), OK);
        ck_assert_int_eq(cmd.idempotency.is_replay, i == 1);
        ck_assert_str_eq(cmd.idempotency.result, "new");
    }
    ck_assert_int_eq(count("SELECT count(*) FROM event WHERE type = 'user_created'"), 1);
}
END_TEST

START_TEST(new_roles_end_the_sessions_and_a_new_name_does_not)
{
    char token[PEOPLE_SECRET_BYTES], csrf[PEOPLE_SECRET_BYTES];
    struct user_draft draft = { .login = "clerk", .name = "钱七", .version = 1 };

    people_session(fx.writer, "clerk", NOW, token, csrf);
    ck_assert_int_eq(change(&draft, NULL), OK);
    ck_assert_int_eq(count("SELECT count(*) FROM session"), 1);
    ck_assert_int_eq(count("SELECT epoch FROM user WHERE login = 'clerk'"), 1);

    draft = (struct user_draft){ .login = "clerk",
                                 .roles = ROLE_BIT(ROLE_AUDITOR),
                                 .version = 2 };
    ck_assert_int_eq(change(&draft, NULL), OK);
    ck_assert_int_eq(count("SELECT count(*) FROM session"), 0);
    ck_assert_int_eq(count("SELECT epoch FROM user WHERE login = 'clerk'"), 2);
    ck_assert_int_eq(count("SELECT count(*) FROM event WHERE type = 'user_changed' AND "
                           "payload LIKE '%\"changed\":[\"roles\"]%'"),
                     1);
}
END_TEST

START_TEST(one_change_names_all_that_changed)
{
    struct user_draft draft = { .login = "clerk",
                                .name = "钱七",
                                .unit = "town",
                                .roles = ROLE_BIT(ROLE_AUDITOR),
                                .enabled = TRISTATE_NO,
                                .password = "another password",
                                .version = 1 };

    ck_assert_int_eq(change(&draft, NULL), OK);
    ck_assert_int_eq(
        count("SELECT count(*) FROM event WHERE payload LIKE "
              "'%\"changed\":[\"name\",\"unit\",\"roles\",\"enabled\",\"password\"]%'"),
        1);
}
END_TEST

START_TEST(a_change_of_nothing_makes_no_version_and_no_event)
{
    struct user_draft draft = { .login = "clerk", .name = "clerk", .version = 1 };

    ck_assert_int_eq(change(&draft, NULL), OK);
    ck_assert_int_eq(count("SELECT version FROM user WHERE login = 'clerk'"), 1);
    ck_assert_int_eq(count("SELECT count(*) FROM event"), 0);
}
END_TEST

START_TEST(a_stale_version_is_refused_with_the_present_one)
{
    struct user_draft draft = { .login = "clerk", .name = "甲", .version = 1 };
    struct problem problem;

    ck_assert_int_eq(change(&draft, NULL), OK);
    draft.name = "乙";
    ck_assert_int_eq(change(&draft, &problem), ERR_VERSION_CONFLICT);
    ck_assert_str_eq(problem.value, "2");
}
END_TEST

START_TEST(an_unknown_account_cannot_be_changed)
{
    struct user_draft draft = { .login = "nobody", .name = "甲", .version = 1 };

    ck_assert_int_eq(change(&draft, NULL), ERR_NOT_FOUND);
}
END_TEST

START_TEST(the_last_administrator_stays)
{
    struct user_draft disable = { .login = "admin",
                                  .enabled = TRISTATE_NO,
                                  .version = 1 };
    struct user_draft other = { .login = "admin",
                                .roles = ROLE_BIT(ROLE_CLERK),
                                .version = 1 };

    ck_assert_int_eq(change(&disable, NULL), ERR_USER_LAST_ADMIN);
    ck_assert_int_eq(change(&other, NULL), ERR_USER_LAST_ADMIN);
    people_add(fx.writer, "admin2", "office", ROLE_BIT(ROLE_ADMIN), NOW);
    ck_assert_int_eq(change(&other, NULL), OK);
}
END_TEST

START_TEST(a_list_is_paged_by_id_and_filtered)
{
    struct reader_pool *pool = NULL;
    struct reader *reader = NULL;
    struct arena *arena = arena_new();
    struct user *users = NULL;
    struct users_filter filter = { .roles = 0 };
    size_t found = 0;

    ck_assert_int_eq(reader_pool_open(fx.store, 1, &pool), OK);
    ck_assert_int_eq(reader_acquire(pool, 0, &reader), OK);
    ck_assert_int_eq(users_list(reader->db, arena, &filter, 0, 4, &users, &found), OK);
    ck_assert_uint_eq(found, 4);
    ck_assert_int_eq(
        users_list(reader->db, arena, &filter, users[3].id, 4, &users, &found), OK);
    ck_assert_uint_eq(found, 3);
    ck_assert_str_eq(users[2].login, "auditor");

    filter.unit = "town";
    ck_assert_int_eq(users_list(reader->db, arena, &filter, 0, 9, &users, &found), OK);
    ck_assert_uint_eq(found, 2);
    filter.roles = ROLE_BIT(ROLE_UNIT_HEAD) | ROLE_BIT(ROLE_CLERK);
    ck_assert_int_eq(users_list(reader->db, arena, &filter, 0, 9, &users, &found), OK);
    ck_assert_uint_eq(found, 1);
    filter.has_enabled = true;
    ck_assert_int_eq(users_list(reader->db, arena, &filter, 0, 9, &users, &found), OK);
    ck_assert_uint_eq(found, 0);
    reader_release(pool, reader);
    reader_pool_close(pool);
    arena_free(arena);
}
END_TEST

Suite *
suite_users(void)
{
    Suite *suite = suite_create("users");
    TCase *tests = tcase_create("users");

    tcase_add_checked_fixture(tests, open_people, close_people);
    tcase_add_test(tests, a_new_account_is_stored_with_a_hash_and_told_without_it);
    tcase_add_test(tests, a_login_is_taken_in_any_spelling);
    tcase_add_test(tests, a_login_is_letters_digits_and_three_marks);
    tcase_add_test(tests, a_unit_that_is_unknown_or_disabled_takes_nobody);
    tcase_add_test(tests, a_repeated_create_makes_one_account);
    tcase_add_test(tests, new_roles_end_the_sessions_and_a_new_name_does_not);
    tcase_add_test(tests, one_change_names_all_that_changed);
    tcase_add_test(tests, a_change_of_nothing_makes_no_version_and_no_event);
    tcase_add_test(tests, a_stale_version_is_refused_with_the_present_one);
    tcase_add_test(tests, an_unknown_account_cannot_be_changed);
    tcase_add_test(tests, the_last_administrator_stays);
    tcase_add_test(tests, a_list_is_paged_by_id_and_filtered);
    suite_add_tcase(suite, tests);
    return suite;
}
