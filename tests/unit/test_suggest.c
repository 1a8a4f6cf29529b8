/*
 * test_suggest.c - which unit a ticket may belong to: each reason's points, their
 * sum, and an order that is always the same.
 */
#include <check.h>
#include <string.h>

#include "base/arena.h"
#include "domain/suggest.h"

Suite *suite_suggest(void);

enum { LAMPS, WATER, EAST, WEST, COUNT };

static struct arena *arena;
static struct suggest_unit units[COUNT];

static void
set_up(void)
{
    static const struct suggest_unit made_up[COUNT] = {
        [LAMPS] = { .id = 1, .code = "LAMPS", .duty_keywords = "路灯 井盖  ＡＢＣ 灯" },
        [WATER] = { .id = 2, .code = "WATER", .duty_keywords = " 水压 停水\t水表 水质 " },
        [EAST] = { .id = 3, .code = "EAST", .duty_keywords = "" },
        [WEST] = { .id = 4, .code = "WEST", .duty_keywords = "" },
    };

    arena = arena_new();
    memcpy(units, made_up, sizeof units);
}

static void
tear_down(void)
{
    arena_free(arena);
}

static const struct suggest_unit *
unit(const char *code)
{
    for (size_t i = 0; i < COUNT; i++)
        if (strcmp(units[i].code, code) == 0)
            return &units[i];
    ck_abort_msg("no unit %s", code);
}

START_TEST(a_category_names_its_unit_once)
{
    suggest_category(units, COUNT, "WATER", "供水");
    suggest_category(units, COUNT, "WATER", "供水");
    suggest_category(units, COUNT, "NOBODY", "供水");
    ck_assert_uint_eq(suggest_rank(units, COUNT), 1);
    ck_assert_str_eq(units[0].code, "WATER");
    ck_assert_int_eq(units[0].points, 50);
    ck_assert_int_eq(units[0].reasons[SUGGEST_CATEGORY].points, 50);
    ck_assert_uint_eq(units[0].reasons[SUGGEST_CATEGORY].shown_count, 1);
    ck_assert_str_eq(units[0].reasons[SUGGEST_CATEGORY].shown[0], "供水");
}
END_TEST

START_TEST(an_area_counts_once_however_many_of_a_unit_are_named)
{
    suggest_area(units, COUNT, "EAST", "东村");
    suggest_area(units, COUNT, "EAST", "东镇");
    suggest_area(units, COUNT, "NOBODY", "东镇");
    ck_assert_int_eq(unit("EAST")->points, 25);
    ck_assert_uint_eq(unit("EAST")->reasons[SUGGEST_AREA].shown_count, 2);
}
END_TEST

START_TEST(keywords_are_found_folded_of_two_characters_and_up_to_three)
{
    ck_assert_int_eq(suggest_duties(arena, units, COUNT, "路灯和abc公司的灯"), OK);
    ck_assert_int_eq(unit("LAMPS")->points, 30); /* the single character is no word */
    ck_assert_str_eq(unit("LAMPS")->reasons[SUGGEST_DUTY].shown[1], "ＡＢＣ");
    ck_assert_int_eq(unit("WATER")->points, 0);
    ck_assert_int_eq(suggest_duties(arena, units, COUNT, "停水后水表、水压、水质"), OK);
    ck_assert_int_eq(unit("WATER")->points, 45);
    ck_assert_uint_eq(unit("WATER")->reasons[SUGGEST_DUTY].shown_count, 3);
    ck_assert_int_eq(unit("LAMPS")->points, 30);
}
END_TEST

START_TEST(a_categorys_keywords_are_its_units)
{
    ck_assert_int_eq(
        suggest_keywords(arena, units, COUNT, "EAST", "占道 摆摊", "占道经营"), OK);
    ck_assert_int_eq(
        suggest_keywords(arena, units, COUNT, "NOBODY", "占道 摆摊", "占道经营"), OK);
    ck_assert_int_eq(unit("EAST")->points, 15);
    ck_assert_str_eq(unit("EAST")->reasons[SUGGEST_DUTY].shown[0], "占道");
}
END_TEST

START_TEST(similar_tickets_share_their_points_by_likeness)
{
    static const struct suggest_ticket tickets[] = {
        { "A", 1, 60 }, { "B", 2, 20 }, { "C", 1, 20 }, { "D", 99, 100 }
    };

    suggest_similar(units, COUNT, tickets, 0);
    ck_assert_uint_eq(suggest_rank(units, COUNT), 0);
    suggest_similar(units, COUNT, tickets, 3);
    ck_assert_int_eq(unit("LAMPS")->points, 32); /* 80 of 100 */
    ck_assert_int_eq(unit("WATER")->points, 8);
    ck_assert_uint_eq(unit("LAMPS")->reasons[SUGGEST_SIMILAR].shown_count, 2);
    ck_assert_str_eq(unit("LAMPS")->reasons[SUGGEST_SIMILAR].shown[1], "C");
    tear_down();
    set_up();
    suggest_similar(units, COUNT, tickets, 4); /* one of a unit that is no more */
    ck_assert_int_eq(unit("LAMPS")->points, 16);
}
END_TEST

START_TEST(reasons_add_up_and_equals_stand_by_code)
{
    suggest_category(units, COUNT, "LAMPS", "照明");
    suggest_area(units, COUNT, "WEST", "西镇");
    suggest_area(units, COUNT, "EAST", "东镇");
    suggest_area(units, COUNT, "WATER", "东镇");
    ck_assert_int_eq(suggest_duties(arena, units, COUNT, "水表"), OK);
    ck_assert_uint_eq(suggest_rank(units, COUNT), SUGGEST_MAX);
    ck_assert_str_eq(units[0].code, "LAMPS");
    ck_assert_str_eq(units[1].code, "WATER");
    ck_assert_int_eq(units[1].points, 40);
    ck_assert_str_eq(units[2].code, "EAST"); /* before WEST */
}
END_TEST

Suite *
suite_suggest(void)
{
    Suite *suite = suite_create("suggest");
    TCase *tcase = tcase_create("suggest");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, a_category_names_its_unit_once);
    tcase_add_test(tcase, an_area_counts_once_however_many_of_a_unit_are_named);
    tcase_add_test(tcase, keywords_are_found_folded_of_two_characters_and_up_to_three);
    tcase_add_test(tcase, a_categorys_keywords_are_its_units);
    tcase_add_test(tcase, similar_tickets_share_their_points_by_likeness);
    tcase_add_test(tcase, reasons_add_up_and_equals_stand_by_code);
    suite_add_tcase(suite, tcase);
    return suite;
}
