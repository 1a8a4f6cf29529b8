#include <check.h>
#include <string.h>

#include "base/template.h"

/* test_template.c - pages filled with values. */

static struct arena *arena;
static const char *source;

static void
open_arena(void)
{
    arena = arena_new();
}

static void
close_arena(void)
{
    arena_free(arena);
}

static const char *
find(const char *name)
{
    if (strcmp(name, "part") == 0)
        return "<{{x}}>";
    if (strcmp(name, "itself") == 0)
        return "{{>itself}}";
    return strcmp(name, "page") == 0 ? source : NULL;
}

static void
expect(const struct fill *fill, enum language language, const char *text,
       const char *wanted)
{
    const char *page = NULL;
    size_t bytes = 0;

    source = text;
    ck_assert_int_eq(template_fill(fill, language, find, "page", &page, &bytes), OK);
    ck_assert_str_eq(page, wanted);
    ck_assert_uint_eq(bytes, strlen(wanted));
}

START_TEST(every_value_is_escaped)
{
    struct fill *fill = fill_new(arena);

    fill_text(fill, "x", "<script>\"a\" & 'b'</script>{{y}}[[z|z]]");
    fill_text(fill, "y", "never");
    expect(fill, LANGUAGE_ZH, "{{x}}",
           "&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/script&gt;{{y}}[[z|z]]");
    expect(fill, LANGUAGE_ZH, "{{none}}.", ".");
    expect(fill, LANGUAGE_ZH, "", "");
}
END_TEST

START_TEST(sections_repeat_and_answer_what_is_there)
{
    struct fill *fill = fill_new(arena);

    fill_text(fill, "x", "out");
    fill_flag(fill, "no", false);
    fill_flag(fill, "yes", true);
    for (int i = 0; i < 3; i++) {
        struct fill *item = fill_item(fill, "list");
        fill_text(item, i == 1 ? "x" : "y", "in");
    }
    expect(fill, LANGUAGE_ZH, "{{#list}}{{x}},{{/list}}", "out,in,out,");
    expect(fill, LANGUAGE_ZH, "{{#yes}}a{{/yes}}{{^yes}}b{{/yes}}", "a");
    expect(fill, LANGUAGE_ZH, "{{#no}}a{{/no}}{{^no}}b{{/no}}{{^list}}c{{/list}}", "b");
    expect(fill, LANGUAGE_ZH, "{{#list}}{{#x}}{{#y}}!{{/y}}{{/x}}{{/list}}", "!!");
    expect(fill, LANGUAGE_ZH, "{{>part}}{{#list}}{{>part}}{{/list}}",
           "<out><out><in><out>");
}
END_TEST

START_TEST(words_are_those_of_the_language)
{
    struct fill *fill = fill_new(arena);

    fill_text(fill, "x", "5");
    expect(fill, LANGUAGE_ZH, "[[{{x}} 天|{{x}} days]].", "5 天.");
    expect(fill, LANGUAGE_EN, "[[{{x}} 天|{{x}} days]].", "5 days.");
}
END_TEST

START_TEST(a_template_with_a_mistake_is_none)
{
    static const char *const wrong[] = {
        "{{x",         "{{}}",         "{{/x}}",
        "{{#x}}",      "{{#x}}{{/y}}", "{{#x}}{{#x}}{{/x}}",
        "[[a",         "[[a]]",        "{{>nothing}}",
        "{{>itself}}",
    };
    const char *page = NULL;
    size_t bytes = 0;

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct fill *fill = fill_new(arena);

        fill_text(fill, "x", "1");
        source = wrong[i];
        ck_assert_msg(template_fill(fill, LANGUAGE_ZH, find, "page", &page, &bytes) ==
                          ERR_INTERNAL,
                      "%s", wrong[i]);
    }
}
END_TEST

Suite *
suite_template(void)
{
    Suite *suite = suite_create("template");
    TCase *tcase = tcase_create("template");

    tcase_add_checked_fixture(tcase, open_arena, close_arena);
    tcase_add_test(tcase, every_value_is_escaped);
    tcase_add_test(tcase, sections_repeat_and_answer_what_is_there);
    tcase_add_test(tcase, words_are_those_of_the_language);
    tcase_add_test(tcase, a_template_with_a_mistake_is_none);
    suite_add_tcase(suite, tcase);
    return suite;
}
