#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/json.h"
#include "base/text.h"

/* What becomes of the members of well-formed JSON; test_json.c has what is not JSON. */

Suite *suite_json_fields(void);

/* --- A table with a field of each kind ------------------------------------- */

static const struct choice color_items[] = { { "red", "红", "red" },
                                             { NULL, NULL, NULL },
                                             { "blue", "蓝", "blue" } };
static const struct choices colors = { "color", color_items, 3 };

struct person {
    const char *phone;
    int64_t age;
};
static const struct json_field person_fields[] = {
    JSON_TEXT("phone", struct person, phone, 1, 5, JSON_REQUIRED),
    JSON_INT("age", struct person, age, 0, 150, JSON_OPTIONAL),
    JSON_END,
};

struct body {
    int64_t count;
    bool is_urgent;
    enum tristate is_solved;
    const char *title;
    struct text_list units;
    int color;
    uint64_t palette;
    int32_t day;
    int64_t at;
    struct person person;
    const char *note;
};
static const struct json_field body_fields[] = {
    JSON_INT("count", struct body, count, -3, 10, JSON_OPTIONAL),
    JSON_BOOL("is_urgent", struct body, is_urgent, JSON_OPTIONAL),
    JSON_TRISTATE("is_solved", struct body, is_solved, JSON_OPTIONAL),
    JSON_TEXT("title", struct body, title, 2, 4, JSON_OPTIONAL),
    JSON_TEXT_LIST("units", struct body, units, 1, 3, 4, JSON_OPTIONAL),
    JSON_CHOICE("color", struct body, color, &colors, JSON_OPTIONAL),
    JSON_CHOICES("palette", struct body, palette, &colors, 1, 2, JSON_OPTIONAL),
    JSON_DATE("day", struct body, day, JSON_OPTIONAL),
    JSON_TIME("at", struct body, at, JSON_OPTIONAL),
    JSON_OBJECT("person", struct body, person, person_fields, JSON_OPTIONAL),
    JSON_TEXT("note", struct body, note, 0, 100, JSON_OPTIONAL),
    JSON_END,
};

struct required {
    int64_t a, b;
    struct person person;
};
static const struct json_field required_fields[] = {
    JSON_INT("a", struct required, a, 0, 9, JSON_REQUIRED),
    JSON_INT("b", struct required, b, 0, 9, JSON_REQUIRED),
    JSON_OBJECT("person", struct required, person, person_fields, JSON_REQUIRED),
    JSON_END,
};

/* 2^53 - 1 is the last integer a double holds alone. */
struct wide {
    int64_t n;
};
static const struct json_field wide_fields[] = {
    JSON_INT("n", struct wide, n, INT64_MIN, INT64_MAX, JSON_OPTIONAL),
    JSON_END,
};

static const struct json_field no_fields[] = { JSON_END };

static struct arena *arena;
static struct problem problem;

static void
setup(void)
{
    arena = arena_new();
    ck_assert_ptr_nonnull(arena);
    memset(&problem, 0, sizeof problem);
}

static void
teardown(void)
{
    arena_free(arena);
}

/* From a block of just the right size, so that the sanitizer sees each byte beyond. */
static enum err
read_exact(const char *json, size_t bytes, const struct json_field *fields, void *into,
           uint64_t *present)
{
    char *exact = malloc(bytes == 0 ? 1 : bytes);

    ck_assert_ptr_nonnull(exact);
    memcpy(exact, json, bytes);
    enum err error = json_read(arena, exact, bytes, fields, into, present, &problem);
    free(exact);
    return error;
}

static enum err
read_body(const char *json, struct body *into)
{
    return read_exact(json, strlen(json), body_fields, into, NULL);
}

/* --- JSON with wrong members ----------------------------------------------- */

struct bad_field {
    const char *json;
    const char *field;
    enum err code;
    const char *value;
};

static const struct bad_field bad_fields[] = {
    /* names */
    { "{\"x\":1}", "x", ERR_FIELD_UNKNOWN, "" },
    { "{\"Count\":1}", "Count", ERR_FIELD_UNKNOWN, "" },
    { "{\"count \":1}", "count ", ERR_FIELD_UNKNOWN, "" },
    { "{\"\":1}", "", ERR_FIELD_UNKNOWN, "" },
    { "{\"x\":null}", "x", ERR_FIELD_UNKNOWN, "" },
    { "{\"person.phone\":\"1\"}", "person.phone", ERR_FIELD_UNKNOWN, "" },
    { "{\"__proto__\":{}}", "__proto__", ERR_FIELD_UNKNOWN, "" },
    { "{\"person\":{\"phone\":\"1\",\"x\":1}}", "person.x", ERR_FIELD_UNKNOWN, "" },
    { "{\"person\":{}}", "person.phone", ERR_FIELD_MISSING, "" },
    { "{\"person\":{\"phone\":null}}", "person.phone", ERR_FIELD_MISSING, "" },
    /* integers */
    { "{\"count\":\"1\"}", "count", ERR_FIELD_TYPE, "" },
    { "{\"count\":true}", "count", ERR_FIELD_TYPE, "" },
    { "{\"count\":[1]}", "count", ERR_FIELD_TYPE, "" },
    { "{\"count\":{}}", "count", ERR_FIELD_TYPE, "" },
    { "{\"count\":1.5}", "count", ERR_FIELD_TYPE, "" },
    { "{\"count\":1e-1}", "count", ERR_FIELD_TYPE, "" },
    { "{\"count\":11}", "count", ERR_FIELD_RANGE, "-3–10" },
    { "{\"count\":-4}", "count", ERR_FIELD_RANGE, "-3–10" },
    { "{\"count\":9007199254740992}", "count", ERR_FIELD_RANGE, "-3–10" },
    { "{\"count\":18446744073709551617}", "count", ERR_FIELD_RANGE, "-3–10" },
    { "{\"count\":-1e308}", "count", ERR_FIELD_RANGE, "-3–10" },
    { "{\"count\":1e999}", "count", ERR_FIELD_RANGE, "-3–10" },
    { "{\"count\":-1e999}", "count", ERR_FIELD_RANGE, "-3–10" },
    /* booleans */
    { "{\"is_urgent\":1}", "is_urgent", ERR_FIELD_TYPE, "" },
    { "{\"is_urgent\":\"true\"}", "is_urgent", ERR_FIELD_TYPE, "" },
    { "{\"is_solved\":0}", "is_solved", ERR_FIELD_TYPE, "" },
    { "{\"is_solved\":\"no\"}", "is_solved", ERR_FIELD_TYPE, "" },
    /* texts */
    { "{\"title\":7}", "title", ERR_FIELD_TYPE, "" },
    { "{\"title\":[\"ab\"]}", "title", ERR_FIELD_TYPE, "" },
    { "{\"title\":\"\"}", "title", ERR_FIELD_TOO_SHORT, "2" },
    { "{\"title\":\"a\"}", "title", ERR_FIELD_TOO_SHORT, "2" },
    { "{\"title\":\"件\"}", "title", ERR_FIELD_TOO_SHORT, "2" },
    { "{\"title\":\"   \"}", "title", ERR_FIELD_TOO_SHORT, "2" },
    { "{\"title\":\"\xE3\x80\x80\xC2\xA0\\t\"}", "title", ERR_FIELD_TOO_SHORT, "2" },
    { "{\"title\":\"abcde\"}", "title", ERR_FIELD_TOO_LONG, "4" },
    { "{\"title\":\"一二三四五\"}", "title", ERR_FIELD_TOO_LONG, "4" },
    { "{\"title\":\"ab\\u0001\"}", "title", ERR_FIELD_INVALID, "" },
    { "{\"title\":\"ab\\b\"}", "title", ERR_FIELD_INVALID, "" },
    { "{\"title\":\"ab\\u001b\"}", "title", ERR_FIELD_INVALID, "" },
    { "{\"title\":\"ab\\u007f\"}", "title", ERR_FIELD_INVALID, "" },
    { "{\"title\":\"ab\x7F\"}", "title", ERR_FIELD_INVALID, "" },
    { "{\"title\":\"ab\xC2\x85\"}", "title", ERR_FIELD_INVALID, "" },
    { "{\"person\":{\"phone\":\"123456\"}}", "person.phone", ERR_FIELD_TOO_LONG, "5" },
    { "{\"person\":{\"phone\":\"1\",\"age\":151}}", "person.age", ERR_FIELD_RANGE,
      "0–150" },
    /* lists */
    { "{\"units\":\"a\"}", "units", ERR_FIELD_TYPE, "" },
    { "{\"units\":{\"0\":\"a\"}}", "units", ERR_FIELD_TYPE, "" },
    { "{\"units\":[]}", "units", ERR_FIELD_RANGE, "1–3" },
    { "{\"units\":[\"a\",\"b\",\"c\",\"d\"]}", "units", ERR_FIELD_RANGE, "1–3" },
    { "{\"units\":[\"a\",7]}", "units[1]", ERR_FIELD_TYPE, "" },
    { "{\"units\":[null]}", "units[0]", ERR_FIELD_TYPE, "" },
    { "{\"units\":[\"a\",\"\"]}", "units[1]", ERR_FIELD_TOO_SHORT, "1" },
    { "{\"units\":[\"a\",\" \",\"c\"]}", "units[1]", ERR_FIELD_TOO_SHORT, "1" },
    { "{\"units\":[\"abcde\"]}", "units[0]", ERR_FIELD_TOO_LONG, "4" },
    { "{\"units\":[\"a\\u0002\"]}", "units[0]", ERR_FIELD_INVALID, "" },
    /* choices */
    { "{\"color\":\"green\"}", "color", ERR_FIELD_CHOICE, "" },
    { "{\"color\":\"Red\"}", "color", ERR_FIELD_CHOICE, "" },
    { "{\"color\":\"\"}", "color", ERR_FIELD_CHOICE, "" },
    { "{\"color\":0}", "color", ERR_FIELD_TYPE, "" },
    { "{\"palette\":\"red\"}", "palette", ERR_FIELD_TYPE, "" },
    { "{\"palette\":[]}", "palette", ERR_FIELD_RANGE, "1–2" },
    { "{\"palette\":[\"red\",\"blue\",\"red\"]}", "palette", ERR_FIELD_RANGE, "1–2" },
    { "{\"palette\":[\"red\",\"red\"]}", "palette[1]", ERR_FIELD_DUPLICATE, "red" },
    { "{\"palette\":[\"red\",\"x\"]}", "palette[1]", ERR_FIELD_CHOICE, "" },
    { "{\"palette\":[2]}", "palette[0]", ERR_FIELD_TYPE, "" },
    /* dates and times */
    { "{\"day\":20261123}", "day", ERR_FIELD_TYPE, "" },
    { "{\"day\":\"2026-02-30\"}", "day", ERR_FIELD_DATE, "" },
    { "{\"day\":\"23.11.2026\"}", "day", ERR_FIELD_DATE, "" },
    { "{\"day\":\"\"}", "day", ERR_FIELD_DATE, "" },
    { "{\"at\":1795395600}", "at", ERR_FIELD_TYPE, "" },
    { "{\"at\":\"2026-11-23T09:00:00\"}", "at", ERR_FIELD_TIME, "" },
    { "{\"at\":\"2026-11-23\"}", "at", ERR_FIELD_TIME, "" },
    /* objects */
    { "{\"person\":\"x\"}", "person", ERR_FIELD_TYPE, "" },
    { "{\"person\":[]}", "person", ERR_FIELD_TYPE, "" },
    { "{\"person\":[{\"phone\":\"1\"}]}", "person", ERR_FIELD_TYPE, "" },
};

START_TEST(each_wrong_member_is_named_with_its_reason)
{
    const struct bad_field *bad = &bad_fields[_i];
    struct body body = { 0 };
    uint64_t present = 77;

    ck_assert_msg(read_exact(bad->json, strlen(bad->json), body_fields, &body,
                             &present) == ERR_FIELDS,
                  "accepted: %s", bad->json);
    ck_assert_str_eq(problem.value, "1");
    ck_assert_uint_eq(problem.field_count, 1);
    ck_assert_str_eq(problem.fields[0].field, bad->field);
    ck_assert_msg(problem.fields[0].code == bad->code, "%s: %s", bad->json,
                  err_code(problem.fields[0].code));
    ck_assert_str_eq(problem.fields[0].value, bad->value);
    ck_assert_uint_eq(present, 77);
}
END_TEST

START_TEST(all_wrong_members_are_told_at_once_in_the_order_of_the_form)
{
    struct body body = { 0 };

    ck_assert_int_eq(read_body("{\"zzz\":1,\"units\":[\"\",\"a\",5],\"title\":\"a\","
                               "\"count\":99,\"person\":{\"age\":-1}}",
                               &body),
                     ERR_FIELDS);
    ck_assert_str_eq(problem.value, "7");
    ck_assert_uint_eq(problem.field_count, 7);
    ck_assert_str_eq(problem.fields[0].field, "count");
    ck_assert_str_eq(problem.fields[1].field, "title");
    ck_assert_str_eq(problem.fields[2].field, "units[0]");
    ck_assert_str_eq(problem.fields[3].field, "units[2]");
    ck_assert_str_eq(problem.fields[4].field, "person.phone");
    ck_assert_str_eq(problem.fields[5].field, "person.age");
    ck_assert_str_eq(problem.fields[6].field, "zzz");
}
END_TEST

START_TEST(more_wrong_members_than_the_list_holds_are_counted_all_the_same)
{
    char json[512] = "{";
    int nothing = 0;

    for (int i = 0; i < 20; i++)
        snprintf(json + strlen(json), sizeof json - strlen(json), "%s\"u%d\":0",
                 i == 0 ? "" : ",", i);
    strcat(json, "}");
    ck_assert_int_eq(read_exact(json, strlen(json), no_fields, &nothing, NULL),
                     ERR_FIELDS);
    ck_assert_str_eq(problem.value, "20");
    ck_assert_uint_eq(problem.field_count, PROBLEM_FIELDS_MAX);
}
END_TEST

START_TEST(a_long_unknown_name_is_cut_between_characters)
{
    char json[1024] = "{\"person\":{\"phone\":\"1\",\"";
    struct body body = { 0 };

    for (int i = 0; i < 100; i++)
        strcat(json, "件");
    strcat(json, "\":1}}");
    ck_assert_int_eq(read_body(json, &body), ERR_FIELDS);
    ck_assert(text_is_utf8(problem.fields[0].field, strlen(problem.fields[0].field)));
    ck_assert_int_eq(strncmp(problem.fields[0].field, "person.件", 10), 0);
}
END_TEST

START_TEST(required_members_are_missed_when_absent_or_null)
{
    struct required into = { 0 };
    const char *json = "{\"b\":null}";

    ck_assert_int_eq(read_exact(json, strlen(json), required_fields, &into, NULL),
                     ERR_FIELDS);
    ck_assert_str_eq(problem.value, "3");
    for (size_t i = 0; i < 3; i++) {
        ck_assert_str_eq(problem.fields[i].field, required_fields[i].name);
        ck_assert_int_eq(problem.fields[i].code, ERR_FIELD_MISSING);
    }
}
END_TEST

START_TEST(an_empty_body_reads_as_an_empty_object)
{
    struct body body = { 0 };
    struct required into = { 0 };
    uint64_t present = 77;

    ck_assert_int_eq(json_read(arena, NULL, 0, body_fields, &body, &present, &problem),
                     OK);
    ck_assert_uint_eq(present, 0);
    ck_assert_int_eq(json_read(arena, "", 0, required_fields, &into, NULL, &problem),
                     ERR_FIELDS);
}
END_TEST

START_TEST(nobody_has_to_want_the_problem)
{
    struct body body = { 0 };

    ck_assert_int_eq(json_read(arena, "{\"x\":1}", 7, body_fields, &body, NULL, NULL),
                     ERR_FIELDS);
    ck_assert_int_eq(json_read(arena, "{", 1, body_fields, &body, NULL, NULL),
                     ERR_JSON_MALFORMED);
    ck_assert_int_eq(
        json_read(arena, "{\"a\":1,\"a\":1}", 13, body_fields, &body, NULL, NULL),
        ERR_JSON_MALFORMED);
}
END_TEST

/* --- What passes ----------------------------------------------------------- */

START_TEST(every_kind_is_read_to_its_member)
{
    static const char json[] =
        " {\"count\" : -3 , \"is_urgent\":true,\"is_solved\":false,\r\n"
        "\"title\":\"一\\u4e8c\\ud83d\\ude00\\n\",\"units\":[\"甲乙丙丁\",\"b\"],"
        "\"color\":\"blue\",\"palette\":[\"blue\",\"red\"],\"day\":\"2026-11-23\","
        "\"at\":\"2026-11-23T01:00:00Z\",\"person\":{\"phone\":\"12345\",\"age\":150},"
        "\"note\":\"\\\"\\\\\\/\\t\"}\n";
    struct body body = { 0 };
    uint64_t present = 0;

    ck_assert_int_eq(read_exact(json, sizeof json - 1, body_fields, &body, &present), OK);
    ck_assert_uint_eq(present, 0x7FF);
    ck_assert_int_eq(body.count, -3);
    ck_assert(body.is_urgent);
    ck_assert_int_eq(body.is_solved, TRISTATE_NO);
    ck_assert_str_eq(body.title, "一二😀\n");
    ck_assert_uint_eq(body.units.count, 2);
    ck_assert_str_eq(body.units.items[0], "甲乙丙丁");
    ck_assert_str_eq(body.units.items[1], "b");
    ck_assert_int_eq(body.color, 2);
    ck_assert_uint_eq(body.palette, 5);
    ck_assert_int_eq(body.day, 20780);
    ck_assert_int_eq(body.at, 1795395600);
    ck_assert_str_eq(body.person.phone, "12345");
    ck_assert_int_eq(body.person.age, 150);
    ck_assert_str_eq(body.note, "\"\\/\t");
}
END_TEST

START_TEST(members_absent_or_null_leave_the_struct_as_it_is)
{
    struct body body = { .count = 5,
                         .is_solved = TRISTATE_YES,
                         .color = 2,
                         .title = "old",
                         .person = { "p", 7 } };
    uint64_t present = 0;
    const char *json = "{\"count\":null,\"title\":null,\"color\":null,\"person\":null,"
                       "\"note\":\"\"}";

    ck_assert_int_eq(read_exact(json, strlen(json), body_fields, &body, &present), OK);
    ck_assert_uint_eq(present, UINT64_C(1) << 10);
    ck_assert_int_eq(body.count, 5);
    ck_assert_int_eq(body.is_solved, TRISTATE_YES);
    ck_assert_int_eq(body.color, 2);
    ck_assert_str_eq(body.title, "old");
    ck_assert_str_eq(body.person.phone, "p");
    ck_assert_str_eq(body.note, "");
}
END_TEST

START_TEST(a_tristate_tells_yes_from_no)
{
    struct body body = { 0 };

    ck_assert_int_eq(read_body("{\"is_solved\":true}", &body), OK);
    ck_assert_int_eq(body.is_solved, TRISTATE_YES);
    ck_assert_int_eq(read_body("{\"is_solved\":false}", &body), OK);
    ck_assert_int_eq(body.is_solved, TRISTATE_NO);
}
END_TEST

struct number {
    const char *text;
    int64_t value;
};

static const struct number numbers[] = {
    { "0", 0 },
    { "-0", 0 },
    { "1.0", 1 },
    { "1e2", 100 },
    { "1.5E+1", 15 },
    { "120e-1", 12 },
    { "-7", -7 },
    { "2147483648", INT64_C(2147483648) },
    { "9007199254740991", INT64_C(9007199254740991) },
    { "-9007199254740991", -INT64_C(9007199254740991) },
};

START_TEST(integers_are_read_exactly)
{
    char json[64];
    struct wide into = { 99 };

    ck_assert(text_format(json, sizeof json, "{\"n\":%s}", numbers[_i].text));
    ck_assert_int_eq(read_exact(json, strlen(json), wide_fields, &into, NULL), OK);
    ck_assert_int_eq(into.n, numbers[_i].value);
}
END_TEST

START_TEST(integers_that_a_double_cannot_tell_apart_are_refused)
{
    static const char *const beyond[] = { "9007199254740992",
                                          "9007199254740993",
                                          "-9007199254740992",
                                          "9223372036854775807",
                                          "-9223372036854775808",
                                          "1e300",
                                          "1e400" };

    for (size_t i = 0; i < sizeof beyond / sizeof beyond[0]; i++) {
        char json[64];
        struct wide into = { 99 };

        ck_assert(text_format(json, sizeof json, "{\"n\":%s}", beyond[i]));
        ck_assert_int_eq(read_exact(json, strlen(json), wide_fields, &into, NULL),
                         ERR_FIELDS);
        ck_assert_int_eq(problem.fields[0].code, ERR_FIELD_RANGE);
        ck_assert_int_eq(into.n, 99);
    }
}
END_TEST

START_TEST(texts_may_hold_line_ends_and_tabs_and_every_plane)
{
    struct body body = { 0 };

    ck_assert_int_eq(read_body("{\"note\":\"a\\r\\n\\tb\\u00a0\\uffff\\udbff\\udfff"
                               "\xF4\x8F\xBF\xBF\xEF\xBB\xBF\"}",
                               &body),
                     OK);
    ck_assert_str_eq(body.note, "a\r\n\tb\xC2\xA0\xEF\xBF\xBF\xF4\x8F\xBF\xBF"
                                "\xF4\x8F\xBF\xBF\xEF\xBB\xBF");
}
END_TEST

/* --- Choices --------------------------------------------------------------- */

START_TEST(a_word_and_its_number_find_each_other)
{
    ck_assert_int_eq(choice_find(&colors, "red"), 0);
    ck_assert_int_eq(choice_find(&colors, "blue"), 2);
    ck_assert_int_eq(choice_find(&colors, "BLUE"), -1);
    ck_assert_int_eq(choice_find(&colors, ""), -1);
    ck_assert_str_eq(choice_word(&colors, 0), "red");
    ck_assert_str_eq(choice_word(&colors, 2), "blue");
}
END_TEST

START_TEST(gaps_and_numbers_out_of_range_have_no_word)
{
    ck_assert_ptr_null(choice_word(&colors, 1));
    ck_assert_ptr_null(choice_word(&colors, 3));
    ck_assert_ptr_null(choice_word(&colors, -1));
    ck_assert_ptr_null(choice_word(&colors, INT_MAX));
    ck_assert_ptr_null(choice_word(&colors, INT_MIN));
}
END_TEST

static TCase *
case_refused(void)
{
    TCase *tcase = tcase_create("refused");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, each_wrong_member_is_named_with_its_reason, 0,
                        (int)(sizeof bad_fields / sizeof bad_fields[0]));
    tcase_add_test(tcase, all_wrong_members_are_told_at_once_in_the_order_of_the_form);
    tcase_add_test(tcase,
                   more_wrong_members_than_the_list_holds_are_counted_all_the_same);
    tcase_add_test(tcase, a_long_unknown_name_is_cut_between_characters);
    tcase_add_test(tcase, required_members_are_missed_when_absent_or_null);
    tcase_add_test(tcase, nobody_has_to_want_the_problem);
    return tcase;
}

static TCase *
case_read(void)
{
    TCase *tcase = tcase_create("read");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, an_empty_body_reads_as_an_empty_object);
    tcase_add_test(tcase, every_kind_is_read_to_its_member);
    tcase_add_test(tcase, members_absent_or_null_leave_the_struct_as_it_is);
    tcase_add_test(tcase, a_tristate_tells_yes_from_no);
    tcase_add_loop_test(tcase, integers_are_read_exactly, 0,
                        (int)(sizeof numbers / sizeof numbers[0]));
    tcase_add_test(tcase, integers_that_a_double_cannot_tell_apart_are_refused);
    tcase_add_test(tcase, texts_may_hold_line_ends_and_tabs_and_every_plane);
    tcase_add_test(tcase, a_word_and_its_number_find_each_other);
    tcase_add_test(tcase, gaps_and_numbers_out_of_range_have_no_word);
    return tcase;
}

Suite *
suite_json_fields(void)
{
    Suite *suite = suite_create("json_fields");

    suite_add_tcase(suite, case_refused());
    suite_add_tcase(suite, case_read());
    return suite;
}
