#include <check.h>
#include <string.h>

#include "base/text.h"
#include "domain/personal.h"

/* test_personal.c - what is found in a text that is about to become public. */

static enum personal
found_in(const char *text)
{
    static const char *const names[] = { "刘一", "Ａｄａｍ", "买买提·艾力", "王", NULL };
    char folded[1024];

    ck_assert_uint_lt(strlen(text), sizeof folded);
    personal_fold(text, false, folded);
    ck_assert(text_is_utf8(folded, strlen(folded)));
    enum personal found = personal_find(folded);
    if (found == PERSONAL_NONE) {
        personal_fold_numerals(text, folded);
        ck_assert(text_is_utf8(folded, strlen(folded)));
        found = personal_find(folded);
    }
    if (found == PERSONAL_NONE) {
        personal_fold(text, true, folded);
        found = personal_find_name(folded, names);
    }
    return found;
}

static const struct {
    enum personal kind;
    const char *text;
} cases[] = {
    { PERSONAL_PHONE, "请致电13800001234联系。" },
    { PERSONAL_PHONE, "１３８００００１２３４" },
    { PERSONAL_PHONE, "1 3 8 0 0 0 0 1 2 3 4" },
    { PERSONAL_PHONE, "138  0000  1234" },
    { PERSONAL_PHONE, "138-0000-1234" },
    { PERSONAL_PHONE, "138.0000.1234" },
    { PERSONAL_PHONE, "138　0000　1234" },
    { PERSONAL_PHONE, "138\u200b0000\u200b1234" },
    { PERSONAL_PHONE, "138·0000·1234" },
    { PERSONAL_PHONE, "13800001234 2026-11-23" },
    { PERSONAL_PHONE, "2026-11-23 13800001234" },
    { PERSONAL_PHONE, "一三八零零零零一二三四" },
    { PERSONAL_PHONE, "壹叁捌〇〇〇〇壹贰叁肆" },
    { PERSONAL_PHONE, "①③⑧０００0①②③④" },
    { PERSONAL_PHONE, "+86 138 0000 1234" },
    { PERSONAL_PHONE, "(0939) 8211234" },
    { PERSONAL_PHONE, "0939-8211234" },
    { PERSONAL_ID_CARD, "62262119900307123X" },
    { PERSONAL_ID_CARD, "622621199003071234" },
    { PERSONAL_ID_CARD, "６２２６２１１９９００３０７１２３ｘ" },
    { PERSONAL_ID_CARD, "622621 19900307 1234" },
    { PERSONAL_ID_CARD, "622621900307123" },
    { PERSONAL_PLATE, "车牌甘K12345停放" },
    { PERSONAL_PLATE, "甘k·12345" },
    { PERSONAL_PLATE, "甘 Ｋ １２３４５" },
    { PERSONAL_PLATE, "甘K D12345" },
    { PERSONAL_PLATE, "甘K-1 2 3 4 5" },
    { PERSONAL_PLATE, "甘K1234学" },
    { PERSONAL_NAME, "刘一反映的问题" },
    { PERSONAL_NAME, "刘 一反映的问题" },
    { PERSONAL_NAME, "刘\u200b一反映的问题" },
    { PERSONAL_NAME, "Adam said" },
    { PERSONAL_NAME, "买买提·艾力反映" },
    { PERSONAL_NONE, "您反映的道路积水已处理，2026年11月23日10:30完工。" },
    { PERSONAL_NONE, "工单20261123-R0042已办结，投入1234567.89元。" },
    { PERSONAL_NONE, "请拨打12345热线，或于2026.11.23-2026.11.27到窗口办理。" },
    { PERSONAL_NONE, "二〇二六年十一月二十三日，共三百一十五户。" },
    { PERSONAL_NONE, "川A区共有 2026 户，王姓居民较多。" },
    { PERSONAL_NONE, "" },
};

START_TEST(personal_data_is_found_however_it_is_written)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ck_assert_msg(found_in(cases[i].text) == cases[i].kind, "%s: %s", cases[i].text,
                      personal_word(found_in(cases[i].text)));
}
END_TEST

START_TEST(a_number_at_any_place_of_a_text_is_found)
{
    char text[300];

    for (int before = 0; before < 40; before++) {
        ck_assert(text_format(text, sizeof text, "%.*s13800001234字", before,
                              "........................................"));
        ck_assert_int_eq(found_in(text), PERSONAL_PHONE);
        ck_assert(text_format(text, sizeof text, "%.*s1 3 8 0 0 0 0 1 2 3 4", 2 * before,
                              "5 5 5 5 5 5 5 5 5 5 5 5 5 5 5 5 5 5 5 5 5 5 5 5 5 5 5 5 5 "
                              "5 5 5 5 5 5 5 5 5 5 5 "));
        ck_assert_int_eq(found_in(text), PERSONAL_PHONE);
    }
}
END_TEST

Suite *
suite_personal(void)
{
    Suite *suite = suite_create("personal");
    TCase *tcase = tcase_create("personal");

    tcase_add_test(tcase, personal_data_is_found_however_it_is_written);
    tcase_add_test(tcase, a_number_at_any_place_of_a_text_is_found);
    suite_add_tcase(suite, tcase);
    return suite;
}
