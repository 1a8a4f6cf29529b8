#include <check.h>
#include <string.h>

#include "base/arena.h"
#include "base/crypt.h"
#include "base/totp.h"

/* Suite of src/base/totp.c. */

/* "12345678901234567890", the secret of RFC 6238, appendix B, in Base32. */
#define RFC_SECRET "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

static struct arena *arena;

static void
setup(void)
{
    ck_assert_int_eq(crypt_start(), OK);
    arena = arena_new();
    ck_assert_ptr_nonnull(arena);
}

static void
teardown(void)
{
    arena_free(arena);
}

/* Of the eight digits there, the last six. */
START_TEST(codes_are_those_of_the_rfc)
{
    static const struct {
        int64_t at;
        const char *code;
    } cases[] = {
        { 59, "287082" },         { 1111111109, "081804" }, { 1111111111, "050471" },
        { 1234567890, "005924" }, { 2000000000, "279037" }, { 20000000000, "353130" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char code[TOTP_CODE_BYTES];

        ck_assert_int_eq(totp_code(RFC_SECRET, cases[i].at / TOTP_STEP_S, code), OK);
        ck_assert_str_eq(code, cases[i].code);
    }
}
END_TEST

static int64_t
match(int64_t code_at, int64_t now, int64_t used_step)
{
    char code[TOTP_CODE_BYTES];
    int64_t step = -1;

    ck_assert_int_eq(totp_code(RFC_SECRET, code_at / TOTP_STEP_S, code), OK);
    ck_assert_int_eq(totp_match(RFC_SECRET, code, now, used_step, &step), OK);
    return step;
}

START_TEST(a_code_is_good_one_step_before_and_after)
{
    int64_t now = 1234567890, step = now / TOTP_STEP_S;

    ck_assert_int_eq(match(now, now, 0), step);
    ck_assert_int_eq(match(now - 30, now, 0), step - 1);
    ck_assert_int_eq(match(now + 30, now, 0), step + 1);
    ck_assert_int_eq(match(now - 60, now, 0), 0);
    ck_assert_int_eq(match(now + 60, now, 0), 0);
}
END_TEST

START_TEST(a_step_that_was_used_is_over_and_so_are_those_before)
{
    int64_t now = 1234567890, step = now / TOTP_STEP_S;

    ck_assert_int_eq(match(now, now, step), 0);
    ck_assert_int_eq(match(now - 30, now, step), 0);
    ck_assert_int_eq(match(now + 30, now, step), step + 1);
}
END_TEST

START_TEST(what_is_no_code_matches_nothing)
{
    static const char *const codes[] = { "", "28708", "2870822", "abcdef",
                                         "００００００" };
    int64_t step = -1;

    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        ck_assert_int_eq(totp_match(RFC_SECRET, codes[i], 59, 0, &step), OK);
        ck_assert_int_eq(step, 0);
    }
    ck_assert_int_eq(totp_match("no base32!", "287082", 59, 0, &step), ERR_INTERNAL);
}
END_TEST

START_TEST(a_secret_is_160_random_bits_in_base32)
{
    char one[TOTP_SECRET_BYTES], other[TOTP_SECRET_BYTES];

    ck_assert_int_eq(totp_secret(one), OK);
    ck_assert_int_eq(totp_secret(other), OK);
    ck_assert_uint_eq(strlen(one), 32);
    ck_assert_uint_eq(strspn(one, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"), 32);
    ck_assert_str_ne(one, other);
}
END_TEST

START_TEST(the_uri_names_issuer_and_account_escaped)
{
    const char *uri = totp_uri(arena, RFC_SECRET, "县政府 A", "a.b");

    ck_assert_str_eq(
        uri, "otpauth://totp/%E5%8E%BF%E6%94%BF%E5%BA%9C%20A:a%2Eb?secret=" RFC_SECRET
             "&issuer=%E5%8E%BF%E6%94%BF%E5%BA%9C%20A"
             "&algorithm=SHA1&digits=6&period=30");
}
END_TEST

Suite *
suite_totp(void)
{
    Suite *suite = suite_create("totp");
    TCase *tests = tcase_create("totp");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, codes_are_those_of_the_rfc);
    tcase_add_test(tests, a_code_is_good_one_step_before_and_after);
    tcase_add_test(tests, a_step_that_was_used_is_over_and_so_are_those_before);
    tcase_add_test(tests, what_is_no_code_matches_nothing);
    tcase_add_test(tests, a_secret_is_160_random_bits_in_base32);
    tcase_add_test(tests, the_uri_names_issuer_and_account_escaped);
    suite_add_tcase(suite, tests);
    return suite;
}
