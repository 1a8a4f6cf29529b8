#include <check.h>

#include "base/arena.h"
#include "base/timeutil.h"
#include "domain/urge_text.h"

/* test_urge_text.c - words in braces: which are known, and what stands there then. */

Suite *suite_urge_text(void);

static struct arena *arena;

static void
setup(void)
{
    arena = arena_new();
    ck_assert_ptr_nonnull(arena);
}

static void
teardown(void)
{
    arena_free(arena);
}

static const char *
filled(const char *text)
{
    struct urge_values values = {
        .no = "20261127-R0001",
        .title = "路灯{编号}不亮",
        .unit = "县住建局",
        .due_day = time_day_of_date((struct civil_date){ 2026, 12, 1 }),
        .count = 3,
    };

    return urge_text_fill(arena, text, &values);
}

START_TEST(each_word_stands_for_its_value)
{
    static const struct {
        const char *text, *wanted;
    } cases[] = {
        { "请办理。", "请办理。" },
        { "{编号}", "20261127-R0001" },
        { "{no}、{unit}。", "20261127-R0001、县住建局。" },
        { "{单位}：第{次数}次，{期限}前。", "县住建局：第3次，2026年12月1日前。" },
        /* A value is not looked through again. */
        { "“{标题}”{编号}", "“路灯{编号}不亮”20261127-R0001" },
        { "{ {编号} {", "{ 20261127-R0001 {" },
        { "}{编号}}", "}20261127-R0001}" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *word = NULL;
        ck_assert(urge_text_is_good(arena, cases[i].text, &word));
        ck_assert_str_eq(filled(cases[i].text), cases[i].wanted);
    }
}
END_TEST

START_TEST(without_a_deadline_the_text_says_so)
{
    struct urge_values values = { .no = "n", .title = "t", .unit = "u" };

    ck_assert_str_eq(urge_text_fill(arena, "{期限}", &values), "（未定）");
}
END_TEST

START_TEST(what_is_not_known_is_named)
{
    static const struct {
        const char *text, *word;
    } cases[] = {
        { "请{电话}办理", "{电话}" },
        { "{编号}{}", "{}" },
        { "{编号 }", "{编号 }" },
        { "{编{号}", "{号}" },
    };
    const char *word = NULL;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ck_assert(urge_text_has_words(cases[i].text));
        ck_assert(!urge_text_is_good(arena, cases[i].text, &word));
        ck_assert_str_eq(word, cases[i].word);
    }
    ck_assert(!urge_text_has_words("没有{闭合"));
}
END_TEST

START_TEST(not_more_than_a_person_reads)
{
    const char *text = "", *word = NULL;

    for (int i = 0; i < URGE_WORDS_MAX; i++)
        text = arena_printf(arena, "%s{no}", text);
    ck_assert(urge_text_is_good(arena, text, &word));
    ck_assert(!urge_text_is_good(arena, arena_printf(arena, "%s{no}", text), &word));
}
END_TEST

Suite *
suite_urge_text(void)
{
    Suite *suite = suite_create("urge_text");
    TCase *tcase = tcase_create("core");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, each_word_stands_for_its_value);
    tcase_add_test(tcase, without_a_deadline_the_text_says_so);
    tcase_add_test(tcase, what_is_not_known_is_named);
    tcase_add_test(tcase, not_more_than_a_person_reads);
    suite_add_tcase(suite, tcase);
    return suite;
}
