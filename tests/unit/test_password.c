#include <check.h>

#include "domain/password.h"

/* Suite of src/domain/password.c. */

START_TEST(what_is_guessed_first_is_weak)
{
    static const struct {
        const char *password, *login;
    } cases[] = {
        { "zhangsan-2026", "zhangsan" }, { "my ZhangSan!", "zhangsan" },
        { "1234567890", "clerk" },       { "0987654321", "clerk" },
        { "abcdefghijkl", "clerk" },     { "aaaaaaaaaaaa", "clerk" },
        { "aaaabbbbcccc", "clerk" },     { "1212121212", "clerk" },
        { "password123", "clerk" },      { "Password@2026", "clerk" },
        { "admin!2345678", "clerk" },    { "qwertyuiop1", "clerk" },
        { "woaini5201314", "clerk" },    { "abc1357902", "clerk" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ck_assert_msg(password_is_weak(cases[i].password, cases[i].login), "%s",
                      cases[i].password);
}
END_TEST

START_TEST(what_is_not_guessed_first_is_good)
{
    static const struct {
        const char *password, *login;
    } cases[] = {
        { "correct horse battery", "clerk" }, { "tiger-lamp-42x", "clerk" },
        { "一单到底办到底", "clerk" },        { "a1 password for rain", "clerk" },
        { "blade of grass 7", "a" }, /* so short a login stands anywhere */
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ck_assert_msg(!password_is_weak(cases[i].password, cases[i].login), "%s",
                      cases[i].password);
}
END_TEST

Suite *
suite_password(void)
{
    Suite *suite = suite_create("password");
    TCase *tests = tcase_create("password");

    tcase_add_test(tests, what_is_guessed_first_is_weak);
    tcase_add_test(tests, what_is_not_guessed_first_is_good);
    suite_add_tcase(suite, tests);
    return suite;
}
