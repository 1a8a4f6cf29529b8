#include <string.h>

#include <check.h>

#include "base/crypt.h"
#include "base/ident.h"

Suite *suite_ident(void);

static void
setup(void)
{
    ck_assert_int_eq(crypt_start(), OK);
}

START_TEST(a_uuid_is_random_and_in_lower_case)
{
    for (int i = 0; i < 100; i++) {
        char text[IDENT_UUID_BYTES];

        ident_uuid(text);
        ck_assert_uint_eq(strlen(text), 36);
        ck_assert_uint_eq(strspn(text, "0123456789abcdef-"), 36);
        ck_assert(text[8] == '-' && text[13] == '-' && text[18] == '-' &&
                  text[23] == '-');
        ck_assert_int_eq(text[14], '4'); /* version 4 */
        ck_assert_ptr_nonnull(strchr("89ab", text[19]));
    }
}
END_TEST

START_TEST(a_secret_is_43_characters_of_base64url)
{
    for (int i = 0; i < 100; i++) {
        char text[IDENT_SECRET_BYTES];

        ident_secret(text);
        ck_assert_uint_eq(strlen(text), 43);
        ck_assert_uint_eq(strspn(text,
                                 "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                 "0123456789-_"),
                          43);
    }
}
END_TEST

START_TEST(digits_are_eight_and_all_ten_occur_in_every_place)
{
    bool seen[8][10] = { { false } };

    /* The odds that one of the 80 stays unseen in 2,000 draws are below 10^-89. */
    for (int i = 0; i < 2000; i++) {
        char text[IDENT_DIGITS_BYTES];

        ident_digits(text);
        ck_assert_uint_eq(strlen(text), 8);
        ck_assert_uint_eq(strspn(text, "0123456789"), 8);
        for (int place = 0; place < 8; place++)
            seen[place][text[place] - '0'] = true;
    }
    for (int place = 0; place < 8; place++)
        for (int digit = 0; digit < 10; digit++)
            ck_assert_msg(seen[place][digit], "no %d in place %d", digit, place);
}
END_TEST

START_TEST(no_two_identifiers_are_alike)
{
    char uuids[200][IDENT_UUID_BYTES];
    char secrets[200][IDENT_SECRET_BYTES];

    for (int i = 0; i < 200; i++) {
        ident_uuid(uuids[i]);
        ident_secret(secrets[i]);
        for (int j = 0; j < i; j++)
            if (strcmp(uuids[i], uuids[j]) == 0 || strcmp(secrets[i], secrets[j]) == 0)
                ck_abort_msg("%s, %s", uuids[i], secrets[i]);
    }
}
END_TEST

Suite *
suite_ident(void)
{
    Suite *suite = suite_create("ident");
    TCase *tcase = tcase_create("ident");

    tcase_add_checked_fixture(tcase, setup, NULL);
    tcase_add_test(tcase, a_uuid_is_random_and_in_lower_case);
    tcase_add_test(tcase, a_secret_is_43_characters_of_base64url);
    tcase_add_test(tcase, digits_are_eight_and_all_ten_occur_in_every_place);
    tcase_add_test(tcase, no_two_identifiers_are_alike);
    suite_add_tcase(suite, tcase);
    return suite;
}
