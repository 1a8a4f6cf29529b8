#include <check.h>

#include "command/cmd_unit.h"
#include "support/people.h"
#include "support/store_fixture.h"

/* Suite of src/command/cmd_unit.c and store/units.c. */

#define NOW INT64_C(1795400000)

static struct store_fixture fx;
static struct actor admin;

static void
open_people(void)
{
    store_fixture_open(&fx);
    people_fill(fx.writer, NOW);
    admin = people_actor(fx.writer, "admin");
}

static void
close_people(void)
{
    store_fixture_close(&fx);
}

static int64_t
count(const char *sql)
{
    return store_fixture_number(&fx.dir, sql);
}

static enum err
create(const char *code, const char *parent, const char *area,
       struct problem *ret_problem)
{
    struct cmd_unit_create cmd;

    cmd_unit_create_init(&cmd);
    cmd.actor = admin;
    cmd.now = NOW;
    cmd.draft.code = code;
    cmd.draft.name = "县水利局";
    cmd.draft.kind = UNIT_DEPARTMENT;
    cmd.draft.parent = parent;
    cmd.draft.areas = (struct text_list){ &area, area == NULL || area[0] == 0 ? 0 : 1 };
    enum err err = writer_run(fx.writer, &cmd.job);

    *ret_problem = cmd.job.problem;
    return err;
}

static enum err
change(const struct unit_draft *draft, struct problem *ret_problem)
{
    struct cmd_unit_change cmd;

    cmd_unit_change_init(&cmd);
    cmd.actor = admin;
    cmd.now = NOW;
    cmd.draft = *draft;
    enum err err = writer_run(fx.writer, &cmd.job);

    *ret_problem = cmd.job.problem;
    return err;
}

START_TEST(a_new_unit_has_its_name_as_short_name_and_is_told)
{
    struct problem problem;

    ck_assert_int_eq(create("water", "office", NULL, &problem), OK);
    ck_assert_int_eq(count("SELECT count(*) FROM unit WHERE code = 'water' AND "
                           "short_name = '县水利局' AND sign_off = 'recorded' AND "
                           "is_enabled = 1 AND version = 1 AND parent_id IS NOT NULL"),
                     1);
    ck_assert_int_eq(count("SELECT count(*) FROM event WHERE type = 'unit_created' AND "
                           "payload LIKE '%\"code\":\"water\"%'"),
                     1);
}
END_TEST

START_TEST(a_code_is_unique_and_plain)
{
    struct problem problem;

    ck_assert_int_eq(create("town", NULL, NULL, &problem), ERR_FIELDS);
    ck_assert_int_eq(problem.fields[0].code, ERR_FIELD_TAKEN);
    ck_assert_int_eq(create("a b", NULL, NULL, &problem), ERR_FIELDS);
    ck_assert_int_eq(problem.fields[0].code, ERR_FIELD_INVALID);
    ck_assert(!unit_code_is_valid(""));
    ck_assert(!unit_code_is_valid("水利局"));
    ck_assert(!unit_code_is_valid("abcdefghijklmnopqrstu"));
    ck_assert(unit_code_is_valid("abcdefghijklmnopqrst"));
}
END_TEST

START_TEST(a_parent_and_an_area_must_exist)
{
    struct problem problem;

    ck_assert_int_eq(create("water", "nowhere", NULL, &problem), ERR_FIELDS);
    ck_assert_str_eq(problem.fields[0].field, "parent");
    ck_assert_int_eq(create("water", NULL, "nowhere", &problem), ERR_FIELDS);
    ck_assert_str_eq(problem.fields[0].field, "areas[0]");
    ck_assert_int_eq(create("water", "", "", &problem), OK);
}
END_TEST

START_TEST(no_unit_is_above_itself)
{
    struct problem problem;
    struct unit_draft draft;

    ck_assert_int_eq(create("water", "office", NULL, &problem), OK);
    unit_draft_init(&draft);
    draft.code = "office";
    draft.parent = "water";
    ck_assert_int_eq(change(&draft, &problem), ERR_FIELDS);
    ck_assert_str_eq(problem.fields[0].field, "parent");
    draft.parent = "office";
    ck_assert_int_eq(change(&draft, &problem), ERR_FIELDS);
}
END_TEST

START_TEST(a_change_names_what_changed_and_takes_codes_away)
{
    struct problem problem;
    struct unit_draft draft;

    ck_assert_int_eq(create("water", "office", NULL, &problem), OK);
    unit_draft_init(&draft);
    draft.code = "water";
    draft.version = 1;
    draft.name = "县水务局";
    draft.parent = "";
    draft.sign_off = SIGN_OFF_ONLINE;
    draft.enabled = TRISTATE_NO;
    ck_assert_int_eq(change(&draft, &problem), OK);
    ck_assert_int_eq(
        count("SELECT count(*) FROM unit WHERE code = 'water' AND version = 2 AND "
              "parent_id IS NULL AND sign_off = 'online' AND is_enabled = 0"),
        1);
    ck_assert_int_eq(
        count("SELECT count(*) FROM event WHERE type = 'unit_changed' AND payload "
              "LIKE '%[\"name\",\"sign_off\",\"enabled\",\"parent\"]%'"),
        1);
}
END_TEST

START_TEST(a_stale_version_is_refused_with_the_present_one)
{
    struct problem problem;
    struct unit_draft draft;

    unit_draft_init(&draft);
    draft.code = "town";
    draft.version = 1;
    draft.head = "周镇长";
    ck_assert_int_eq(change(&draft, &problem), OK);
    draft.head = "吴镇长";
    ck_assert_int_eq(change(&draft, &problem), ERR_VERSION_CONFLICT);
    ck_assert_str_eq(problem.value, "2");
}
END_TEST

START_TEST(a_change_of_nothing_makes_no_version_and_no_event)
{
    struct problem problem;
    struct unit_draft draft;

    unit_draft_init(&draft);
    draft.code = "town";
    draft.version = 1;
    draft.name = "城关镇";
    draft.parent = "";
    ck_assert_int_eq(change(&draft, &problem), OK);
    ck_assert_int_eq(count("SELECT version FROM unit WHERE code = 'town'"), 1);
    ck_assert_int_eq(count("SELECT count(*) FROM event"), 0);
}
END_TEST

Suite *
suite_units(void)
{
    Suite *suite = suite_create("units");
    TCase *tests = tcase_create("units");

    tcase_add_checked_fixture(tests, open_people, close_people);
    tcase_add_test(tests, a_new_unit_has_its_name_as_short_name_and_is_told);
    tcase_add_test(tests, a_code_is_unique_and_plain);
    tcase_add_test(tests, a_parent_and_an_area_must_exist);
    tcase_add_test(tests, no_unit_is_above_itself);
    tcase_add_test(tests, a_change_names_what_changed_and_takes_codes_away);
    tcase_add_test(tests, a_stale_version_is_refused_with_the_present_one);
    tcase_add_test(tests, a_change_of_nothing_makes_no_version_and_no_event);
    suite_add_tcase(suite, tests);
    return suite;
}
