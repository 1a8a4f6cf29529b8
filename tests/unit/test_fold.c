#include <check.h>
#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

#include "base/fold.h"

/* What the library makes of a text, the slow and certain way. */
static char *
library(const char *text, size_t bytes)
{
    utf8proc_uint8_t *folded = NULL;

    ck_assert_int_ge(utf8proc_map((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)bytes,
                                  &folded,
                                  UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE |
                                      UTF8PROC_CASEFOLD),
                     0);
    return (char *)folded;
}

static void
assert_as_library(struct fold *fold, const char *text, size_t bytes)
{
    char *wanted = library(text, bytes);

    fold_clear(fold);
    ck_assert_int_eq(fold_add(fold, text, bytes), OK);
    if (strcmp(fold->text, wanted) != 0)
        ck_abort_msg("\"%s\" became \"%s\", not \"%s\"", text, fold->text, wanted);
    free(wanted);
}

START_TEST(what_looks_the_same_folds_to_the_same)
{
    static const char *const same[][2] = {
        { "ＡＢＣ　１２３", "abc 123" },
        { "Straße", "STRASSE" },
        { "㎡", "m2" },
        { "…", "..." },
        { "ｶﾞ", "ガ" },
        { "e\xCC\x81", "É" },
        { "①", "1" },
        { "路灯坏了", "路灯坏了" },
        { "（东街）", "(东街)" },
    };
    struct fold a = { .text = NULL }, b = { .text = NULL };

    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        fold_clear(&a);
        fold_clear(&b);
        ck_assert_int_eq(fold_add(&a, same[i][0], strlen(same[i][0])), OK);
        ck_assert_int_eq(fold_add(&b, same[i][1], strlen(same[i][1])), OK);
        ck_assert_str_eq(a.text, b.text);
    }
    fold_done(&a);
    fold_done(&b);
}
END_TEST

START_TEST(every_character_folds_as_the_library_says_alone_and_between_others)
{
    static const char *const around[][2] = {
        { "", "" }, { "A", "" }, { "路", "B" }, { "e", "\xCC\x81" }, { "，", "，" },
    };
    struct fold fold = { .text = NULL };

    for (utf8proc_int32_t code = 1; code <= 0x10FFFF; code++) {
        char text[16];
        if (!utf8proc_codepoint_valid(code))
            continue;
        /* Beyond the planes in use a sample will do. */
        if (code > 0x30000 && code % 64 != 0)
            continue;
        size_t step = code < 0x10000 ? 1 : 3;
        for (size_t i = 0; i < sizeof around / sizeof *around; i += step) {
            size_t bytes = strlen(around[i][0]);
            memcpy(text, around[i][0], bytes);
            bytes += (size_t)utf8proc_encode_char(code, (utf8proc_uint8_t *)text + bytes);
            memcpy(text + bytes, around[i][1], strlen(around[i][1]) + 1);
            assert_as_library(&fold, text, strlen(text));
        }
    }
    fold_done(&fold);
}
END_TEST

START_TEST(random_texts_fold_as_the_library_says_and_only_once)
{
    static const utf8proc_int32_t pool[] = {
        'a',    'Z',    '0',    ' ',    0x301,  0x30A,  0x4E00, 0x8DEF,  0xFF21,  0xFF0C,
        0x3002, 0x2026, 0x1100, 0x1161, 0x11A8, 0xAC00, 0x3099, 0x30AB,  0xFF76,  0xFF9E,
        0x2460, 0x33A1, 0xDF,   0x130,  0x345,  0x1F88, 0xFB03, 0x1D400, 0x2F800, 0x20000,
    };
    struct fold fold = { .text = NULL }, again = { .text = NULL };
    unsigned state = 7;

    for (int round = 0; round < 20000; round++) {
        char text[128];
        size_t bytes = 0;
        state = state * 1103515245u + 12345u;
        for (unsigned i = 0, count = state >> 16 & 15; i < count; i++) {
            state = state * 1103515245u + 12345u;
            bytes += (size_t)utf8proc_encode_char(
                pool[(state >> 16) % (sizeof pool / sizeof *pool)],
                (utf8proc_uint8_t *)text + bytes);
        }
        text[bytes] = '\0';
        assert_as_library(&fold, text, bytes);
        fold_clear(&again);
        ck_assert_int_eq(fold_add(&again, fold.text, fold.bytes), OK);
        ck_assert_str_eq(again.text, fold.text);
    }
    fold_done(&fold);
    fold_done(&again);
}
END_TEST

START_TEST(pieces_are_appended_and_bad_bytes_refused)
{
    struct fold fold = { .text = NULL };

    ck_assert_int_eq(fold_add(&fold, "AB", 2), OK);
    ck_assert_int_eq(fold_add(&fold, "\n", 1), OK);
    ck_assert_int_eq(fold_add(&fold, "", 0), OK);
    ck_assert_int_eq(fold_add(&fold, "路", 3), OK);
    ck_assert_str_eq(fold.text, "ab\n路");
    ck_assert_uint_eq(fold.bytes, 6);
    ck_assert_int_eq(fold_add(&fold, "x\xFF", 2), ERR_INTERNAL);
    fold_done(&fold);
}
END_TEST

START_TEST(words_are_parted_by_what_is_no_letter_digit_or_ideograph)
{
    static const uint32_t parting[] = {
        ' ', '-', '"', '\n', 0x3002, 0x2014, 0xB7, 0x25A0
    };
    static const uint32_t joining[] = { 'a', '9', 0x8DEF, 0x3005, 0x3007, 0x30AB, 0xE9 };

    for (size_t i = 0; i < sizeof parting / sizeof *parting; i++)
        ck_assert(fold_is_separator(parting[i]));
    for (size_t i = 0; i < sizeof joining / sizeof *joining; i++)
        ck_assert(!fold_is_separator(joining[i]));
}
END_TEST

Suite *
suite_fold(void)
{
    Suite *suite = suite_create("fold");
    TCase *tcase = tcase_create("fold");

    tcase_add_test(tcase, what_looks_the_same_folds_to_the_same);
    tcase_add_test(tcase,
                   every_character_folds_as_the_library_says_alone_and_between_others);
    tcase_add_test(tcase, random_texts_fold_as_the_library_says_and_only_once);
    tcase_add_test(tcase, pieces_are_appended_and_bad_bytes_refused);
    tcase_add_test(tcase, words_are_parted_by_what_is_no_letter_digit_or_ideograph);
    suite_add_tcase(suite, tcase);
    return suite;
}
