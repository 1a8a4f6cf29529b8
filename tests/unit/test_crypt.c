#include <string.h>

#include <check.h>

#include "base/crypt.h"

Suite *suite_crypt(void);

static struct arena *arena;
static struct keys keys;

static void
setup(void)
{
    ck_assert_int_eq(crypt_start(), OK);
    arena = arena_new();
    ck_assert_ptr_nonnull(arena);
    for (size_t i = 0; i < KEY_BYTES; i++) {
        keys.seal[i] = (uint8_t)(200 + i);
        keys.index[i] = (uint8_t)i;
    }
}

static void
teardown(void)
{
    arena_free(arena);
}

/* --- Hashing --------------------------------------------------------------- */

static void
assert_hex(const uint8_t hash[HASH_BYTES], const char *expected)
{
    char hex[2 * HASH_BYTES + 1];

    crypt_hex(hash, HASH_BYTES, hex);
    ck_assert_str_eq(hex, expected);
}

START_TEST(starting_twice_is_as_good_as_once)
{
    ck_assert_int_eq(crypt_start(), OK);
}
END_TEST

/* Known answers, computed by another implementation (Python's hashlib). */
START_TEST(the_hash_is_blake2b_of_256_bits)
{
    uint8_t hash[HASH_BYTES];

    hash_once("", 0, hash);
    assert_hex(hash, "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
    hash_once("abc", 3, hash);
    assert_hex(hash, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}
END_TEST

START_TEST(a_hash_in_parts_is_the_hash_of_the_whole)
{
    struct hash_state state;
    uint8_t hash[HASH_BYTES];

    hash_init(&state);
    hash_add(&state, "a", 1);
    hash_add(&state, "", 0);
    hash_add(&state, "bc", 2);
    hash_done(&state, hash);
    assert_hex(hash, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}
END_TEST

START_TEST(a_part_goes_in_behind_its_length_of_eight_bytes)
{
    struct hash_state state;
    uint8_t hash[HASH_BYTES];

    hash_init(&state);
    hash_add_part(&state, "abc", 3);
    hash_add_part(&state, NULL, 0);
    hash_add_part(&state, "de", 2);
    hash_done(&state, hash);
    assert_hex(hash, "3a5d6aa1dc44cbf3ad5a09468bcdeb2ed0374f7e06665f9f21256b150c9a222e");
}
END_TEST

START_TEST(the_index_of_a_phone_is_its_keyed_hash)
{
    uint8_t index[HASH_BYTES];

    crypt_index(&keys, "13812345678", index);
    assert_hex(index, "215625271113104639740b2a4d17c2092ba1f2e3deb6f455f83bb1c23f3dd6ec");
}
END_TEST

START_TEST(the_index_depends_on_the_text_and_the_index_key_alone)
{
    uint8_t index[HASH_BYTES], other[HASH_BYTES];
    struct keys changed = keys;

    crypt_index(&keys, "13812345678", index);
    crypt_index(&keys, "13812345679", other);
    ck_assert(!crypt_equal(index, other, HASH_BYTES));
    changed.seal[0] ^= 1;
    crypt_index(&changed, "13812345678", other);
    ck_assert(crypt_equal(index, other, HASH_BYTES));
    changed.index[0] ^= 1;
    crypt_index(&changed, "13812345678", other);
    ck_assert(!crypt_equal(index, other, HASH_BYTES));
}
END_TEST

/* --- Sealing --------------------------------------------------------------- */

#define PLACE "petitioner.phone:42"
#define NONCE_BYTES 24
#define TAG_BYTES 16

static void
seal(const char *text, const uint8_t **ret_sealed, size_t *ret_bytes)
{
    ck_assert_int_eq(crypt_seal(&keys, arena, text, PLACE, ret_sealed, ret_bytes), OK);
}

START_TEST(what_is_sealed_opens_again_in_its_place)
{
    static const char *const texts[] = { "", "1", "13812345678", "张三丰😀" };

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const uint8_t *sealed = NULL;
        size_t bytes = 0;
        const char *text = NULL;

        seal(texts[i], &sealed, &bytes);
        ck_assert_uint_eq(bytes, NONCE_BYTES + strlen(texts[i]) + TAG_BYTES);
        ck_assert_int_eq(crypt_open(&keys, arena, sealed, bytes, PLACE, &text), OK);
        ck_assert_str_eq(text, texts[i]);
    }
}
END_TEST

START_TEST(one_text_sealed_twice_looks_different)
{
    const uint8_t *one = NULL, *two = NULL;
    size_t bytes = 0;

    seal("13812345678", &one, &bytes);
    seal("13812345678", &two, &bytes);
    ck_assert(!crypt_equal(one, two, NONCE_BYTES));
    ck_assert(!crypt_equal(one + NONCE_BYTES, two + NONCE_BYTES, bytes - NONCE_BYTES));
}
END_TEST

START_TEST(the_text_cannot_be_seen_in_its_seal)
{
    const uint8_t *sealed = NULL;
    size_t bytes = 0;

    seal("13812345678", &sealed, &bytes);
    ck_assert_ptr_null(memmem(sealed, bytes, "1381", 4));
}
END_TEST

START_TEST(each_bit_of_a_seal_matters)
{
    const uint8_t *sealed = NULL;
    size_t bytes = 0;
    const char *text = "untouched";

    seal("13812345678", &sealed, &bytes);
    for (size_t bit = 0; bit < 8 * bytes; bit++) {
        uint8_t changed[128];

        memcpy(changed, sealed, bytes);
        changed[bit / 8] ^= (uint8_t)(1U << bit % 8);
        if (crypt_open(&keys, arena, changed, bytes, PLACE, &text) != ERR_SEAL_BROKEN)
            ck_abort_msg("bit %zu", bit);
    }
    ck_assert_str_eq(text, "untouched");
}
END_TEST

START_TEST(a_cut_or_lengthened_seal_is_broken)
{
    const uint8_t *sealed = NULL;
    size_t bytes = 0;
    uint8_t longer[128] = { 0 };
    const char *text = NULL;

    seal("13812345678", &sealed, &bytes);
    for (size_t less = 0; less < bytes; less++)
        ck_assert_int_eq(crypt_open(&keys, arena, sealed, less, PLACE, &text),
                         ERR_SEAL_BROKEN);
    memcpy(longer, sealed, bytes);
    ck_assert_int_eq(crypt_open(&keys, arena, longer, bytes + 1, PLACE, &text),
                     ERR_SEAL_BROKEN);
    ck_assert_int_eq(crypt_open(&keys, arena, NULL, 0, PLACE, &text), ERR_SEAL_BROKEN);
    ck_assert_ptr_null(text);
}
END_TEST

START_TEST(a_seal_opens_nowhere_else_and_with_no_other_key)
{
    static const char *const elsewhere[] = { "petitioner.phone:43", "petitioner.phone:4",
                                             "petitioner.name:42", "" };
    const uint8_t *sealed = NULL;
    size_t bytes = 0;
    const char *text = NULL;
    struct keys other = keys;

    seal("13812345678", &sealed, &bytes);
    for (size_t i = 0; i < sizeof elsewhere / sizeof elsewhere[0]; i++)
        ck_assert_int_eq(crypt_open(&keys, arena, sealed, bytes, elsewhere[i], &text),
                         ERR_SEAL_BROKEN);
    other.seal[31] ^= 0x80;
    ck_assert_int_eq(crypt_open(&other, arena, sealed, bytes, PLACE, &text),
                     ERR_SEAL_BROKEN);
}
END_TEST

/* --- Passwords ------------------------------------------------------------- */

START_TEST(a_password_is_hashed_with_the_promised_cost)
{
    char hash[PASSWORD_HASH_BYTES], other[PASSWORD_HASH_BYTES];

    ck_assert_int_eq(password_hash("正确的密码", hash), OK);
    ck_assert_int_eq(strncmp(hash, "$argon2id$v=19$m=32768,t=2,p=1$", 31), 0);
    ck_assert(password_verify(hash, "正确的密码"));
    ck_assert(!password_verify(hash, "正确的密碼"));
    ck_assert(!password_verify(hash, ""));
    ck_assert_int_eq(password_hash("正确的密码", other), OK);
    ck_assert_str_ne(hash, other); /* the salt is new each time */
}
END_TEST

START_TEST(what_is_no_hash_fits_no_password)
{
    ck_assert(!password_verify("", ""));
    ck_assert(!password_verify("secret", "secret"));
    ck_assert(!password_verify("$argon2id$v=19$m=32768,t=2,p=1$", "secret"));
}
END_TEST

/* --- Small things ---------------------------------------------------------- */

START_TEST(random_bytes_differ_and_equality_is_exact)
{
    uint8_t one[32], two[32];

    crypt_random(one, sizeof one);
    crypt_random(two, sizeof two);
    ck_assert(!crypt_equal(one, two, sizeof one));
    memcpy(two, one, sizeof one);
    ck_assert(crypt_equal(one, two, sizeof one));
    two[31] ^= 1;
    ck_assert(!crypt_equal(one, two, sizeof one));
    ck_assert(crypt_equal(one, two, 31));
}
END_TEST

Suite *
suite_crypt(void)
{
    Suite *suite = suite_create("crypt");
    TCase *tcase = tcase_create("crypt");

    tcase_set_timeout(tcase, 60); /* Argon2 under sanitizers */
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, starting_twice_is_as_good_as_once);
    tcase_add_test(tcase, the_hash_is_blake2b_of_256_bits);
    tcase_add_test(tcase, a_hash_in_parts_is_the_hash_of_the_whole);
    tcase_add_test(tcase, a_part_goes_in_behind_its_length_of_eight_bytes);
    tcase_add_test(tcase, the_index_of_a_phone_is_its_keyed_hash);
    tcase_add_test(tcase, the_index_depends_on_the_text_and_the_index_key_alone);
    tcase_add_test(tcase, what_is_sealed_opens_again_in_its_place);
    tcase_add_test(tcase, one_text_sealed_twice_looks_different);
    tcase_add_test(tcase, the_text_cannot_be_seen_in_its_seal);
    tcase_add_test(tcase, each_bit_of_a_seal_matters);
    tcase_add_test(tcase, a_cut_or_lengthened_seal_is_broken);
    tcase_add_test(tcase, a_seal_opens_nowhere_else_and_with_no_other_key);
    tcase_add_test(tcase, a_password_is_hashed_with_the_promised_cost);
    tcase_add_test(tcase, what_is_no_hash_fits_no_password);
    tcase_add_test(tcase, random_bytes_differ_and_equality_is_exact);
    suite_add_tcase(suite, tcase);
    return suite;
}
