#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/json.h"

/* What is JSON at all, to the letter; test_json_fields.c has what its members may be. */

Suite *suite_json(void);

struct body {
    int64_t count;
    bool is_urgent;
    const char *note;
    struct text_list units;
};
static const struct json_field body_fields[] = {
    JSON_INT("count", struct body, count, -3, 10, JSON_OPTIONAL),
    JSON_BOOL("is_urgent", struct body, is_urgent, JSON_OPTIONAL),
    JSON_TEXT("note", struct body, note, 0, 100, JSON_OPTIONAL),
    JSON_TEXT_LIST("units", struct body, units, 1, 3, 4, JSON_OPTIONAL),
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

/* --- What is not JSON at all ----------------------------------------------- */

struct bad_text {
    const char *json;
    size_t bytes;
    const char *reason; /* stands in the value of the problem */
};
#define BAD(json_, reason_)                                                              \
    {                                                                                    \
        json_, sizeof(json_) - 1, reason_                                                \
    }

static const struct bad_text bad_texts[] = {
    /* not one object */
    BAD(" ", "not an object"),
    BAD("\n\t\r ", "not an object"),
    BAD("[]", "not an object"),
    BAD("[{}]", "not an object"),
    BAD("null", "not an object"),
    BAD("true", "not an object"),
    BAD("1", "not an object"),
    BAD("\"{}\"", "not an object"),
    BAD("\xEF\xBB\xBF{}", "not an object"),
    BAD("/**/{}", "not an object"),
    BAD("\v{}", "not an object"),
    BAD("\xC2\xA0{}", "not an object"),
    BAD("{}{}", "after the object"),
    BAD("{} x", "after the object"),
    BAD("{},", "after the object"),
    BAD("{}\xEF\xBB\xBF", "after the object"),
    BAD("{}//", "after the object"),
    BAD("{}]", "after the object"),
    /* NUL and bad UTF-8 */
    BAD("\0", "UTF-8"),
    BAD("{}\0", "UTF-8"),
    BAD("{\"note\":\"a\0b\"}", "UTF-8"),
    BAD("{\"note\":\"\x80\"}", "UTF-8"),
    BAD("{\"note\":\"\xC0\x80\"}", "UTF-8"),
    BAD("{\"note\":\"\xC1\xBF\"}", "UTF-8"),
    BAD("{\"note\":\"\xE0\x80\xAF\"}", "UTF-8"),
    BAD("{\"note\":\"\xED\xA0\x80\"}", "UTF-8"),
    BAD("{\"note\":\"\xED\xBF\xBF\"}", "UTF-8"),
    BAD("{\"note\":\"\xF0\x8F\xBF\xBF\"}", "UTF-8"),
    BAD("{\"note\":\"\xF4\x90\x80\x80\"}", "UTF-8"),
    BAD("{\"note\":\"\xF5\x80\x80\x80\"}", "UTF-8"),
    BAD("{\"note\":\"\xFF\"}", "UTF-8"),
    BAD("{\"note\":\"\xE4\xBB\"}", "UTF-8"),
    BAD("{\"note\":\"\xE4\xBB", "UTF-8"),
    BAD("{\"note\":\"\xBC\xFE\"}", "UTF-8"), /* GB18030 */
    /* strings */
    BAD("{\"note\":\"\\u0000\"}", "\\u0000"),
    BAD("{\"\\u0000\":1}", "\\u0000"),
    BAD("{\"note\":\"\\ud800\"}", "surrogate"),
    BAD("{\"note\":\"\\ud83d\\u0041\"}", "surrogate"),
    BAD("{\"note\":\"\\ud83dx\"}", "surrogate"),
    BAD("{\"note\":\"\\ud83d\\n\"}", "surrogate"),
    BAD("{\"note\":\"\\ud83d\\ud83d\"}", "surrogate"),
    BAD("{\"note\":\"\\ude00\"}", "surrogate"),
    BAD("{\"note\":\"\\uDE00\\uD83D\"}", "surrogate"),
    BAD("{\"note\":\"\\ud83d\\u\"}", "surrogate"),
    BAD("{\"note\":\"\\u12\"}", "hexadecimal"),
    BAD("{\"note\":\"\\u12G4\"}", "hexadecimal"),
    BAD("{\"note\":\"\\u+123\"}", "hexadecimal"),
    BAD("{\"note\":\"\\u 123\"}", "hexadecimal"),
    BAD("{\"note\":\"\\u123", "hexadecimal"),
    BAD("{\"note\":\"\\x41\"}", "escape"),
    BAD("{\"note\":\"\\'\"}", "escape"),
    BAD("{\"note\":\"\\U0041\"}", "escape"),
    BAD("{\"note\":\"\\0\"}", "escape"),
    BAD("{\"note\":\"\\a\"}", "escape"),
    BAD("{\"note\":\"\\\n\"}", "escape"),
    BAD("{\"note\":\"\\", "escape"),
    BAD("{\"note\":\"a\nb\"}", "control byte"),
    BAD("{\"note\":\"a\tb\"}", "control byte"),
    BAD("{\"note\":\"\x01\"}", "control byte"),
    BAD("{\"note\":\"\x1F\"}", "control byte"),
    BAD("{\"no\nte\":\"\"}", "control byte"),
    BAD("{\"note\":\"abc}", "without an end"),
    BAD("{\"note\":\"abc\\\"}", "without an end"),
    BAD("{\"", "without an end"),
    BAD("{'note':1}", "string is missing"),
    BAD("{note:1}", "string is missing"),
    BAD("{1:1}", "string is missing"),
    BAD("{null:1}", "string is missing"),
    /* numbers */
    BAD("{\"count\":01}", "begins with 0"),
    BAD("{\"count\":-01}", "begins with 0"),
    BAD("{\"count\":00}", "begins with 0"),
    BAD("{\"count\":-}", "digit is missing"),
    BAD("{\"count\":1.}", "digit is missing"),
    BAD("{\"count\":1.e2}", "digit is missing"),
    BAD("{\"count\":1e}", "digit is missing"),
    BAD("{\"count\":1e+}", "digit is missing"),
    BAD("{\"count\":1E-}", "digit is missing"),
    BAD("{\"count\":-.5}", "digit is missing"),
    BAD("{\"count\":--1}", "digit is missing"),
    BAD("{\"count\":-Infinity}", "digit is missing"),
    BAD("{\"count\":.5}", "not a value"),
    BAD("{\"count\":+1}", "not a value"),
    BAD("{\"count\":NaN}", "not a value"),
    BAD("{\"count\":Infinity}", "not a value"),
    BAD("{\"count\":\xEF\xBC\x91}", "not a value"), /* full-width 1 */
    BAD("{\"count\":0x10}", "closing bracket"),
    BAD("{\"count\":1_0}", "closing bracket"),
    BAD("{\"count\":1 0}", "closing bracket"),
    BAD("{\"count\":1e+-2}", "digit is missing"),
    BAD("{\"count\":1.2.3}", "closing bracket"),
    BAD("{\"count\":11111111111111111111111111111111111111111}", "too long"),
    BAD("{\"count\":0.0000000000000000000000000000000000000000}", "too long"),
    /* words and brackets */
    BAD("{\"is_urgent\":True}", "not a value"),
    BAD("{\"is_urgent\":tru}", "not a value"),
    BAD("{\"is_urgent\":truee}", "closing bracket"),
    BAD("{\"is_urgent\":nul", "not a value"),
    BAD("{\"is_urgent\":undefined}", "not a value"),
    BAD("{", "string is missing"),
    BAD("{ ", "string is missing"),
    BAD("}", "not an object"),
    BAD("{,}", "string is missing"),
    BAD("{\"count\":1,}", "string is missing"),
    BAD("{\"count\":1,,\"note\":\"\"}", "string is missing"),
    BAD("{\"count\":1 \"note\":\"\"}", "closing bracket"),
    BAD("{\"count\":1;\"note\":\"\"}", "closing bracket"),
    BAD("{\"count\"}", "':' is missing"),
    BAD("{\"count\" 1}", "':' is missing"),
    BAD("{\"count\"=1}", "':' is missing"),
    BAD("{\"count\":}", "not a value"),
    BAD("{\"count\":", "not a value"),
    BAD("{\"count\"", "':' is missing"),
    BAD("{\"count\":1", "closing bracket"),
    BAD("{\"count\":1]", "closing bracket"),
    BAD("{\"units\":[1,]}", "not a value"),
    BAD("{\"units\":[,1]}", "not a value"),
    BAD("{\"units\":[1 2]}", "closing bracket"),
    BAD("{\"units\":[", "not a value"),
    BAD("{\"units\":[1", "closing bracket"),
    BAD("{\"units\":[1}", "closing bracket"),
    BAD("{\"count\":1/*x*/}", "closing bracket"),
    BAD("{\"count\":1,#\n}", "string is missing"),
    /* keys given twice */
    BAD("{\"count\":1,\"count\":1}", "twice"),
    BAD("{\"count\":1,\"note\":\"\",\"count\":2}", "twice"),
    BAD("{\"count\":1,\"\\u0063ount\":2}", "twice"),
    BAD("{\"x\":{\"a\":1,\"a\":2}}", "twice"),
    BAD("{\"x\":[[{\"a\":1,\"b\":2,\"a\":3}]]}", "twice"),
    BAD("{\"\":1,\"\":2}", "twice"),
    BAD("{\"\xE4\xBB\xB6\":1,\"\\u4ef6\":2}", "twice"),
    BAD("{\"\xF0\x9F\x98\x80\":1,\"\\ud83d\\ude00\":2}", "twice"),
    BAD("{\"a/\":1,\"a\\/\":2}", "twice"),
};

START_TEST(what_is_not_strict_json_is_malformed_and_told_why)
{
    const struct bad_text *bad = &bad_texts[_i];
    struct body body = { 0 };
    uint64_t present = 77;

    ck_assert_msg(read_exact(bad->json, bad->bytes, body_fields, &body, &present) ==
                      ERR_JSON_MALFORMED,
                  "accepted: %s", bad->json);
    ck_assert_msg(strstr(problem.value, bad->reason) != NULL, "%s: \"%s\", not \"%s\"",
                  bad->json, problem.value, bad->reason);
    ck_assert_uint_eq(problem.field_count, 0);
    ck_assert_uint_eq(present, 77);
}
END_TEST

START_TEST(the_place_of_a_fault_is_counted_in_bytes)
{
    struct body body = { 0 };

    ck_assert_int_eq(read_body("{\"note\":\"件\",\"count\":x}", &body),
                     ERR_JSON_MALFORMED);
    ck_assert_str_eq(problem.value, "byte 22: not a value");
}
END_TEST

/* Every proper beginning of a body is what a broken connection leaves. */
START_TEST(no_beginning_of_a_body_passes_for_the_whole)
{
    static const char whole[] = "{\"count\":-1.0e0,\"is_urgent\":true,\"note\":\"\\ud83d"
                                "\\ude00\\n件\",\"units\":[\"a\",\"b\"]}";
    struct body body = { 0 };

    ck_assert_int_eq(read_body(whole, &body), OK);
    for (size_t bytes = 1; bytes < sizeof whole - 1; bytes++)
        ck_assert_msg(read_exact(whole, bytes, body_fields, &body, NULL) ==
                          ERR_JSON_MALFORMED,
                      "%.*s", (int)bytes, whole);
}
END_TEST

/* --- Limits ---------------------------------------------------------------- */

static enum err
read_unknown(const char *json, size_t bytes)
{
    int nothing = 0;

    return read_exact(json, bytes, no_fields, &nothing, NULL);
}

/* {"x":[[[...]]]} with `depth` brackets in all. */
static enum err
read_nested(size_t depth, char opening, char closing)
{
    char json[512] = "{\"x\":";
    size_t used = strlen(json);

    for (size_t i = 1; i < depth; i++) {
        json[used++] = opening;
        if (opening == '{' && i + 1 < depth) {
            memcpy(json + used, "\"x\":", 4);
            used += 4;
        }
    }
    for (size_t i = 1; i < depth; i++)
        json[used++] = closing;
    json[used++] = '}';
    return read_unknown(json, used);
}

START_TEST(sixteen_levels_pass_and_seventeen_do_not)
{
    ck_assert_int_eq(read_nested(16, '[', ']'), ERR_FIELDS);
    ck_assert_int_eq(read_nested(16, '{', '}'), ERR_FIELDS);
    ck_assert_int_eq(read_nested(17, '[', ']'), ERR_JSON_MALFORMED);
    ck_assert_ptr_nonnull(strstr(problem.value, "too deep"));
    ck_assert_int_eq(read_nested(17, '{', '}'), ERR_JSON_MALFORMED);
}
END_TEST

START_TEST(levels_are_counted_down_again_where_a_bracket_closes)
{
    char json[400] = "{\"x\":[";

    for (int i = 0; i < 50; i++)
        strcat(json, "[],{},");
    strcat(json, "[]]}");
    ck_assert_int_eq(read_unknown(json, strlen(json)), ERR_FIELDS);
}
END_TEST

START_TEST(a_hundred_thousand_open_brackets_do_no_harm)
{
    static char json[100005] = "{\"x\":";

    memset(json + 5, '[', sizeof json - 5);
    ck_assert_int_eq(read_unknown(json, sizeof json), ERR_JSON_MALFORMED);
    ck_assert_ptr_nonnull(strstr(problem.value, "too deep"));
}
END_TEST

/* A list of `count` zeros: with the object and the list, count + 2 values. */
static enum err
read_zeros(size_t count)
{
    static char json[64 * 1024] = "{\"x\":[";
    size_t used = 6;

    for (size_t i = 0; i < count; i++) {
        json[used++] = '0';
        json[used++] = ',';
    }
    used--;
    json[used++] = ']';
    json[used++] = '}';
    return read_unknown(json, used);
}

START_TEST(twenty_thousand_values_pass_and_one_more_does_not)
{
    ck_assert_int_eq(read_zeros(19998), ERR_FIELDS);
    ck_assert_int_eq(read_zeros(19999), ERR_JSON_MALFORMED);
    ck_assert_ptr_nonnull(strstr(problem.value, "too many"));
}
END_TEST

START_TEST(a_quarter_mebibyte_passes_and_one_byte_more_does_not)
{
    static char json[256 * 1024 + 1] = "{}";

    memset(json + 2, ' ', sizeof json - 2);
    ck_assert_int_eq(read_unknown(json, sizeof json - 1), OK);
    ck_assert_int_eq(read_unknown(json, sizeof json), ERR_JSON_MALFORMED);
    ck_assert_ptr_nonnull(strstr(problem.value, "too large"));
}
END_TEST

/* Sixteen thousand keys and one again: found, and without comparing all pairs. */
START_TEST(a_double_key_is_found_among_thousands)
{
    static char json[256 * 1024];
    size_t used = 0;

    json[used++] = '{';
    for (unsigned i = 0; i < 16000; i++)
        used += (size_t)snprintf(json + used, sizeof json - used, "\"k%05u\":0,", i);
    size_t without = used - 1;
    char kept = json[without];

    json[without] = '}';
    ck_assert_int_eq(read_unknown(json, without + 1), ERR_FIELDS);
    json[without] = kept;
    used += (size_t)snprintf(json + used, sizeof json - used, "\"k00000\":0}");
    ck_assert_int_eq(read_unknown(json, used), ERR_JSON_MALFORMED);
    ck_assert_ptr_nonnull(strstr(problem.value, "twice"));
}
END_TEST

START_TEST(equal_keys_in_different_objects_are_no_doubles)
{
    const char *json = "{\"x\":{\"a\":1},\"y\":{\"a\":1},\"z\":[{\"a\":1},{\"a\":1}],"
                       "\"a\":1,\"A\":1}";

    ck_assert_int_eq(read_unknown(json, strlen(json)), ERR_FIELDS);
}
END_TEST

Suite *
suite_json(void)
{
    Suite *suite = suite_create("json");
    TCase *tcase = tcase_create("json");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, what_is_not_strict_json_is_malformed_and_told_why, 0,
                        (int)(sizeof bad_texts / sizeof bad_texts[0]));
    tcase_add_test(tcase, the_place_of_a_fault_is_counted_in_bytes);
    tcase_add_test(tcase, no_beginning_of_a_body_passes_for_the_whole);
    tcase_add_test(tcase, sixteen_levels_pass_and_seventeen_do_not);
    tcase_add_test(tcase, levels_are_counted_down_again_where_a_bracket_closes);
    tcase_add_test(tcase, a_hundred_thousand_open_brackets_do_no_harm);
    tcase_add_test(tcase, twenty_thousand_values_pass_and_one_more_does_not);
    tcase_add_test(tcase, a_quarter_mebibyte_passes_and_one_byte_more_does_not);
    tcase_add_test(tcase, a_double_key_is_found_among_thousands);
    tcase_add_test(tcase, equal_keys_in_different_objects_are_no_doubles);
    suite_add_tcase(suite, tcase);
    return suite;
}
