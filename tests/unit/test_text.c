#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/text.h"

Suite *suite_text(void);

/* --- UTF-8 ----------------------------------------------------------------- */

/* The encoding of `character`, written apart from the code under test. */
static size_t
encode(uint32_t character, char bytes[4])
{
    if (character < 0x80) {
        bytes[0] = (char)character;
        return 1;
    }
    if (character < 0x800) {
        bytes[0] = (char)(0xC0 | character >> 6);
        bytes[1] = (char)(0x80 | (character & 0x3F));
        return 2;
    }
    if (character < 0x10000) {
        bytes[0] = (char)(0xE0 | character >> 12);
        bytes[1] = (char)(0x80 | (character >> 6 & 0x3F));
        bytes[2] = (char)(0x80 | (character & 0x3F));
        return 3;
    }
    bytes[0] = (char)(0xF0 | character >> 18);
    bytes[1] = (char)(0x80 | (character >> 12 & 0x3F));
    bytes[2] = (char)(0x80 | (character >> 6 & 0x3F));
    bytes[3] = (char)(0x80 | (character & 0x3F));
    return 4;
}

START_TEST(each_character_of_unicode_is_valid_but_nul_and_surrogates)
{
    for (uint32_t character = 0; character < 0x110800; character++) {
        char bytes[4];
        size_t length = encode(character, bytes);
        bool expected = character != 0 && character <= 0x10FFFF &&
                        !(character >= 0xD800 && character <= 0xDFFF);

        if (text_is_utf8(bytes, length) != expected)
            ck_abort_msg("U+%04X", character);
        if (length > 1 && text_is_utf8(bytes, length - 1))
            ck_abort_msg("U+%04X without its end", character);
    }
}
END_TEST

/* Valid sequences of two and three bytes, counted: nothing else gets through. */
START_TEST(exactly_the_right_short_sequences_are_valid)
{
    unsigned two = 0, three = 0;

    for (unsigned i = 0; i < 0x1000000; i++) {
        char bytes[3] = { (char)(i >> 16), (char)(i >> 8), (char)i };

        if (i < 0x10000)
            two += text_is_utf8(bytes + 1, 2);
        if ((i >> 16) >= 0x80)
            three += text_is_utf8(bytes, 3);
    }
    /* Two ASCII characters, or one of 0x80..0x7FF. */
    ck_assert_uint_eq(two, 127 * 127 + (0x800 - 0x80));
    /* Beginning beyond ASCII: a pair and an ASCII character, or one of three bytes. */
    ck_assert_uint_eq(three, (0x800 - 0x80) * 127 + (0x10000 - 0x800 - 0x800));
}
END_TEST

START_TEST(characters_are_counted_not_bytes)
{
    ck_assert_uint_eq(text_characters(""), 0);
    ck_assert_uint_eq(text_characters("abc"), 3);
    ck_assert_uint_eq(text_characters("一单"), 2);
    ck_assert_uint_eq(text_characters("é😀x"), 3);
    ck_assert_uint_eq(text_prefix_bytes("é😀x", 0), 0);
    ck_assert_uint_eq(text_prefix_bytes("é😀x", 1), 2);
    ck_assert_uint_eq(text_prefix_bytes("é😀x", 2), 6);
    ck_assert_uint_eq(text_prefix_bytes("é😀x", 3), 7);
    ck_assert_uint_eq(text_prefix_bytes("é😀x", 99), 7);
}
END_TEST

START_TEST(bad_bytes_never_lead_beyond_the_end)
{
    static const char *const broken[] = { "\xF0", "a\xE4\xBB", "\xC2", "\xFF\xFF",
                                          "\xF4\x90" };

    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        size_t bytes = strlen(broken[i]);
        char *exact = malloc(bytes + 1);

        ck_assert_ptr_nonnull(exact);
        memcpy(exact, broken[i], bytes + 1);
        ck_assert_uint_eq(text_characters(exact), bytes);
        ck_assert_uint_eq(text_prefix_bytes(exact, 99), bytes);
        ck_assert(!text_is_blank(exact));
        free(exact);
    }
}
END_TEST

START_TEST(blank_is_white_space_only)
{
    ck_assert(text_is_blank(""));
    ck_assert(text_is_blank(" \t\r\n\v\f"));
    ck_assert(text_is_blank("\xC2\xA0\xE3\x80\x80")); /* U+00A0, U+3000 */
    ck_assert(!text_is_blank(" . "));
    ck_assert(!text_is_blank("\xE3\x80\x81")); /* U+3001, a comma */
    ck_assert(!text_is_blank("\x1F"));
}
END_TEST

START_TEST(format_says_whether_it_fitted)
{
    char text[6];

    ck_assert(text_format(text, sizeof text, "%d", 12345));
    ck_assert_str_eq(text, "12345");
    ck_assert(!text_format(text, sizeof text, "%d", 123456));
    ck_assert_str_eq(text, "12345");
}
END_TEST

/* --- Phones ---------------------------------------------------------------- */

struct phone {
    const char *typed, *area_code, *phone; /* NULL: refused */
};
static const struct phone phones[] = {
    { "13812345678", "0576", "13812345678" },
    { "138 1234 5678", "", "13812345678" },
    { "138-1234-5678", "", "13812345678" },
    { "１３８１２３４５６７８", "", "13812345678" },
    { "+86 138 1234 5678", "", "13812345678" },
    { "＋86-13812345678", "", "13812345678" },
    { "(+86)13812345678", "", "13812345678" },
    { "（0086）138　1234　5678", "", "13812345678" },
    { "008613812345678", "", "13812345678" },
    { "1795113812345678", "", "13812345678" },
    { "17951 0086 13812345678", "", "13812345678" },
    { "+86 17951 13812345678", "", "13812345678" },
    { "\xC2\xA0"
      "138\xE2\x80\x93"
      "1234\xE2\x80\x94"
      "5678",
      "", "13812345678" },
    { "【138】12345678", "", "13812345678" },
    { "0576-88881234", "0576", "88881234" },
    { "(0576) 8888 1234", "0576", "88881234" },
    { "88881234", "0576", "88881234" },
    { "+86 576 88881234", "0576", "88881234" },
    { "0086-0576-88881234", "0576", "88881234" },
    { "0576-8888123", "0576", "8888123" },
    { "0576-88881234", "", "057688881234" },
    { "0571-88881234", "0576", "057188881234" },
    { "+86 571 88881234", "0576", "057188881234" },
    { "010-12345678", "0576", "01012345678" },
    { "+86 10 12345678", "0576", "01012345678" },
    { "+86 400 123 4567", "0576", "4001234567" },
    { "400-123-4567", "0576", "4001234567" },
    { "800-123-4567", "0576", "8001234567" },
    { "+86 800 123 4567", "0576", "8001234567" },
    { "12345", "0576", "12345" },
    { "110", "0576", "110" },
    { "0576110", "0576", "0576110" },     /* 3 digits are no landline */
    { "057612345", "0576", "057612345" }, /* nor are 5 */
    { "0576", "0576", "0576" },
    { "17951", "", "17951" },
    { "17951123456", "", "17951123456" }, /* too short to be a prefix and a number */
    { "+1 212 555 0100", "", "0012125550100" },
    { "001 212 555 0100", "", "0012125550100" },
    { "0086", "", "0086" },
    { "12345678901234567890", "", "12345678901234567890" },
    { "123456789012345678901", "", NULL },
    { "00861234567890123456789012345678901234567890", "", NULL },
    { "", "", NULL },
    { "   ", "0576", NULL },
    { "+", "", NULL },
    { "+8", "", "008" },
    { "12", "", NULL },
    { "+-()", "", NULL },
    { "abc", "", NULL },
    { "1381234567x", "", NULL },
    { "138+12345678", "", NULL },
    { "++8613812345678", "", NULL },
    { "13812345678;", "", NULL },
    { "13812345678\n", "", NULL },
    { "一三八", "", NULL },
    { "138\xFF"
      "12345678",
      "", NULL },
    { "138\xEF\xBC", "", NULL },
};

START_TEST(a_phone_has_one_spelling_however_typed)
{
    const struct phone *phone = &phones[_i];
    char ret_phone[PHONE_BYTES] = "untouched";
    bool is_phone = text_phone(phone->typed, phone->area_code, ret_phone);

    ck_assert_msg(is_phone == (phone->phone != NULL), "%s", phone->typed);
    ck_assert_str_eq(ret_phone, is_phone ? phone->phone : "untouched");
}
END_TEST

START_TEST(a_normalised_phone_stays_as_it_is)
{
    for (size_t i = 0; i < sizeof phones / sizeof phones[0]; i++) {
        char again[PHONE_BYTES];

        /* What stays with its prefix did so because nothing whole is behind it. */
        if (phones[i].phone == NULL)
            continue;
        ck_assert(text_phone(phones[i].phone, phones[i].area_code, again));
        ck_assert_str_eq(again, phones[i].phone);
    }
}
END_TEST

/* --- Masks ----------------------------------------------------------------- */

struct mask {
    const char *whole, *masked;
};

START_TEST(a_phone_that_looks_mistyped_is_told_from_one_that_does_not)
{
    static const char *const usual[] = { "13800001234",  "19912345678",   "8123456",
                                         "81234567",     "09318123456",   "01081234567",
                                         "0931812345",   "4001234567",    "8008101234",
                                         "008613800001", "09318123456801" };
    static const char *const odd[] = { "138000012",    "1380000123", "138000012345",
                                       "12800001234",  "12345",      "110",
                                       "23800001234",  "1380000",    "123456789",
                                       "931812345678", "093181234",  "5001234567" };

    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        ck_assert_msg(text_phone_is_usual(usual[i]), "%s", usual[i]);
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        ck_assert_msg(!text_phone_is_usual(odd[i]), "%s", odd[i]);
}
END_TEST

START_TEST(a_masked_phone_shows_only_its_ends)
{
    static const struct mask masks[] = {
        { "13812341234", "138****1234" },
        { "057188881234", "057*****1234" },
        { "88881234", "88****34" },
        { "8881234", "88***34" },
        { "4001234567", "40******67" },
        { "12345", "*****" },
        { "110", "***" },
        { "", "" },
        { "+8613812341234", "****" },
        { "电话", "****" },
    };
    char masked[32];

    for (size_t i = 0; i < sizeof masks / sizeof masks[0]; i++) {
        text_mask_phone(masks[i].whole, masked, sizeof masked);
        ck_assert_str_eq(masked, masks[i].masked);
    }
}
END_TEST

START_TEST(a_masked_name_shows_only_its_first_character)
{
    static const struct mask masks[] = {
        { "张三丰", "张**" },   { "张三", "张*" },       { "张", "*" },
        { "欧阳娜娜", "欧**" }, { "John Smith", "J**" }, { "", "" },
        { "😀ab", "😀**" },
    };
    char masked[32];

    for (size_t i = 0; i < sizeof masks / sizeof masks[0]; i++) {
        text_mask_name(masks[i].whole, masked, sizeof masked);
        ck_assert_str_eq(masked, masks[i].masked);
    }
}
END_TEST

START_TEST(masks_and_titles_stay_in_their_room_and_whole)
{
    for (size_t room = 0; room < 20; room++) {
        char *text = malloc(room + 1);

        ck_assert_ptr_nonnull(text);
        text[room] = '#';
        text_mask_phone("13812341234", text, room);
        ck_assert_int_eq(text[room], '#');
        ck_assert(room == 0 || strlen(text) < room);
        text_mask_name("张三丰", text, room);
        ck_assert_int_eq(text[room], '#');
        ck_assert(room == 0 || text_is_utf8(text, strlen(text)));
        text_title("路灯坏了a很久", 50, text, room);
        ck_assert_int_eq(text[room], '#');
        ck_assert(room == 0 || (strlen(text) < room && text_is_utf8(text, strlen(text))));
        free(text);
    }
}
END_TEST

/* --- Titles ---------------------------------------------------------------- */

struct title {
    const char *content;
    size_t characters;
    const char *title;
};
static const struct title titles[] = {
    { "路灯坏了。请来修。", 20, "路灯坏了" },
    { "路灯坏了", 20, "路灯坏了" },
    { "路灯何时修？急！", 20, "路灯何时修？" },
    { "快来！路灯坏了", 20, "快来！" },
    { "The lamp is 3.5 m high. Broken.", 40, "The lamp is 3.5 m high" },
    { "Broken.", 40, "Broken" },
    { "  一 \n\n 二\t三　四  ", 20, "一 二 三 四" },
    { "。。！路灯坏了。", 20, "路灯坏了" },
    { "一二三四五六", 6, "一二三四五六" },
    { "一二三四五六。", 6, "一二三四五六" },
    { "一二三四五六七", 6, "一二三四五…" },
    { "一二三四 五六七", 6, "一二三四…" },
    { "一二三四五六？", 6, "一二三四五…" },
    { "一二三四五   ", 5, "一二三四五" },
    { "abc", 1, "…" },
    { "a", 1, "a" },
    { "abc", 0, "" },
    { "", 10, "" },
    { " \n ", 10, "" },
    { "。！？", 10, "" },
    { "😀😀😀", 2, "😀…" },
};

START_TEST(a_title_is_the_first_sentence_cut_to_fit)
{
    char title[128];

    text_title(titles[_i].content, titles[_i].characters, title, sizeof title);
    ck_assert_str_eq(title, titles[_i].title);
    ck_assert_uint_le(text_characters(title), titles[_i].characters);
}
END_TEST

START_TEST(a_title_cut_by_its_room_ends_with_an_ellipsis_too)
{
    char title[13];

    text_title("一二三四五", 20, title, sizeof title);
    ck_assert_str_eq(title, "一二三…");
}
END_TEST

Suite *
suite_text(void)
{
    Suite *suite = suite_create("text");
    TCase *tcase = tcase_create("text");

    tcase_set_timeout(tcase, 60); /* all of Unicode, under sanitizers */
    tcase_add_test(tcase, each_character_of_unicode_is_valid_but_nul_and_surrogates);
    tcase_add_test(tcase, exactly_the_right_short_sequences_are_valid);
    tcase_add_test(tcase, characters_are_counted_not_bytes);
    tcase_add_test(tcase, bad_bytes_never_lead_beyond_the_end);
    tcase_add_test(tcase, blank_is_white_space_only);
    tcase_add_test(tcase, format_says_whether_it_fitted);
    tcase_add_loop_test(tcase, a_phone_has_one_spelling_however_typed, 0,
                        (int)(sizeof phones / sizeof phones[0]));
    tcase_add_test(tcase, a_normalised_phone_stays_as_it_is);
    tcase_add_test(tcase, a_phone_that_looks_mistyped_is_told_from_one_that_does_not);
    tcase_add_test(tcase, a_masked_phone_shows_only_its_ends);
    tcase_add_test(tcase, a_masked_name_shows_only_its_first_character);
    tcase_add_test(tcase, masks_and_titles_stay_in_their_room_and_whole);
    tcase_add_loop_test(tcase, a_title_is_the_first_sentence_cut_to_fit, 0,
                        (int)(sizeof titles / sizeof titles[0]));
    tcase_add_test(tcase, a_title_cut_by_its_room_ends_with_an_ellipsis_too);
    suite_add_tcase(suite, tcase);
    return suite;
}
