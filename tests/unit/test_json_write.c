#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/json.h"
#include "base/text.h"

Suite *suite_json_write(void);

static struct arena *arena;
static struct json_out out;

static void
setup(void)
{
    arena = arena_new();
    ck_assert_ptr_nonnull(arena);
    json_out_init(&out, arena);
}

static void
teardown(void)
{
    arena_free(arena);
}

static const char *
done(void)
{
    const char *text = NULL;
    size_t bytes = 0;

    ck_assert_int_eq(json_out_done(&out, &text, &bytes), OK);
    ck_assert_uint_eq(strlen(text), bytes);
    return text;
}

START_TEST(commas_stand_between_values_and_nowhere_else)
{
    json_object_open(&out, NULL);
    json_list_open(&out, "none");
    json_list_close(&out);
    json_object_open(&out, "empty");
    json_object_close(&out);
    json_list_open(&out, "items");
    json_int(&out, NULL, 1);
    json_text(&out, NULL, "a");
    json_object_open(&out, NULL);
    json_bool(&out, "yes", true);
    json_bool(&out, "no", false);
    json_object_close(&out);
    json_null(&out, NULL);
    json_list_open(&out, NULL);
    json_list_close(&out);
    json_list_close(&out);
    json_raw(&out, "raw", "{\"x\":[]}");
    json_null(&out, "last");
    json_object_close(&out);
    ck_assert_str_eq(done(), "{\"none\":[],\"empty\":{},\"items\":[1,\"a\",{\"yes\":true,"
                             "\"no\":false},null,[]],\"raw\":{\"x\":[]},\"last\":null}");
}
END_TEST

START_TEST(texts_are_escaped_as_json_wants)
{
    json_list_open(&out, NULL);
    json_text(&out, NULL, "");
    json_text(&out, NULL, NULL);
    json_text(&out, NULL, "\"\\/\n\r\t");
    json_text(&out, NULL, "a\x01\x08\x0c\x1f\x7f");
    json_text(&out, NULL, "一单😀</script>");
    json_list_close(&out);
    ck_assert_str_eq(done(), "[\"\",null,\"\\\"\\\\/\\n\\r\\t\",\"a\\u0001\\u0008\\u000c"
                             "\\u001f\x7f\",\"一单😀</script>\"]");
}
END_TEST

struct echo {
    const char *text;
};
static const struct json_field echo_fields[] = {
    JSON_TEXT("t", struct echo, text, 0, 1000, JSON_REQUIRED),
    JSON_END,
};

START_TEST(what_is_written_reads_back_the_same)
{
    static const char *const texts[] = { "",           "\"",  "\\\\\"", "\r\n\t",
                                         "件\"件\\件", "a/b", "😀",      "{\"t\":1}" };

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct echo echo = { NULL };

        json_out_init(&out, arena);
        json_object_open(&out, NULL);
        json_text(&out, "t", texts[i]);
        json_object_close(&out);
        const char *json = done();
        ck_assert_int_eq(
            json_read(arena, json, strlen(json), echo_fields, &echo, NULL, NULL), OK);
        ck_assert_str_eq(echo.text, texts[i]);
    }
}
END_TEST

START_TEST(integers_are_written_to_the_last_digit)
{
    static const int64_t numbers[] = { 0,
                                       1,
                                       -1,
                                       9,
                                       10,
                                       -10,
                                       INT32_MAX,
                                       INT32_MIN,
                                       INT64_MAX,
                                       INT64_MIN,
                                       INT64_C(9007199254740991) };
    char expected[32];

    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        json_out_init(&out, arena);
        json_int(&out, NULL, numbers[i]);
        ck_assert(text_format(expected, sizeof expected, "%lld", (long long)numbers[i]));
        ck_assert_str_eq(done(), expected);
    }
}
END_TEST

struct real {
    double value;
    const char *text;
};
static const struct real reals[] = {
    { 0, "0" },
    { -0.0, "0" },
    { 1, "1" },
    { -1, "-1" },
    { 0.5, "0.5" },
    { -0.25, "-0.25" },
    { 99.95, "99.95" },
    { 0.000001, "0.000001" },
    { 0.0000004, "0" },
    { -0.0000004, "0" },
    { 0.1234565, "0.123457" },
    { 0.9999999, "1" },
    { 100.000010, "100.00001" },
    { 1.0 / 3, "0.333333" },
    { 2.0 / 3, "0.666667" },
    { 8999999999999.5, "8999999999999.5" },
    { 9e12, "9000000000000" },
    { 4503599627370495.5, "4503599627370495.5" },
    { 9007199254740991.0, "9007199254740991" },
    { 9007199254740992.0, "9007199254740992" },
    { -9e15, "-9000000000000000" },
    { 1e22, "10000000000000000000000" },
};

START_TEST(reals_have_six_decimals_at_most_and_no_idle_zeros)
{
    json_real(&out, NULL, reals[_i].value);
    ck_assert_str_eq(done(), reals[_i].text);
}
END_TEST

START_TEST(what_is_no_number_is_null)
{
    json_list_open(&out, NULL);
    json_real(&out, NULL, (double)NAN);
    json_real(&out, NULL, (double)INFINITY);
    json_real(&out, NULL, -(double)INFINITY);
    json_list_close(&out);
    ck_assert_str_eq(done(), "[null,null,null]");
}
END_TEST

START_TEST(the_greatest_double_is_written_whole)
{
    json_real(&out, NULL, 1.7976931348623157e308);
    const char *text = done();
    ck_assert_uint_eq(strlen(text), 309);
    ck_assert(strtod(text, NULL) > 1.79e308);
}
END_TEST

START_TEST(times_and_dates_are_local_and_zero_is_null)
{
    json_object_open(&out, NULL);
    json_time(&out, "at", 1795395600);
    json_time(&out, "never", 0);
    json_date(&out, "day", 20780);
    json_date(&out, "no_day", 0);
    json_object_close(&out);
    ck_assert_str_eq(done(), "{\"at\":\"2026-11-23T09:00:00+08:00\",\"never\":null,"
                             "\"day\":\"2026-11-23\",\"no_day\":null}");
}
END_TEST

START_TEST(nothing_written_is_an_empty_text)
{
    ck_assert_str_eq(done(), "");
}
END_TEST

/* One value of each length, so that every write meets the end of the room once. */
START_TEST(a_text_grows_over_every_boundary_without_loss)
{
    static char piece[4200];

    memset(piece, 'x', sizeof piece - 1);
    for (size_t length = 1980; length < 4150; length++) {
        const char *tail = piece + (sizeof piece - 1 - length);

        json_out_init(&out, arena);
        json_list_open(&out, NULL);
        json_text(&out, NULL, tail);
        json_text(&out, "k", "\n");
        json_int(&out, NULL, -12345);
        json_list_close(&out);
        const char *text = done();
        if (strncmp(text + 2, tail, length) != 0 ||
            strcmp(text + 2 + length, "\",\"k\":\"\\n\",-12345]") != 0)
            ck_abort_msg("%zu bytes", length);
        arena_reset(arena);
    }
}
END_TEST

START_TEST(a_mebibyte_is_written_whole)
{
    size_t expected = 2;

    json_list_open(&out, NULL);
    for (int i = 0; i < 100000; i++) {
        json_text(&out, NULL, "0123456789");
        expected += 12 + (i > 0);
    }
    json_list_close(&out);
    ck_assert_uint_eq(strlen(done()), expected);
}
END_TEST

/* A size no memory has stands for an arena that has none left. */
START_TEST(out_of_memory_is_remembered_and_told_at_the_end)
{
    const char *text = "untouched";
    size_t bytes = 4711;

    json_object_open(&out, NULL);
    out.bytes = out.room = SIZE_MAX / 2;
    json_text(&out, "a", "b");
    json_int(&out, "c", 1);
    json_object_close(&out);
    ck_assert_int_eq(json_out_done(&out, &text, &bytes), ERR_NO_MEMORY);
    ck_assert_str_eq(text, "untouched");
    ck_assert_uint_eq(bytes, 4711);
}
END_TEST

Suite *
suite_json_write(void)
{
    Suite *suite = suite_create("json_write");
    TCase *tcase = tcase_create("json_write");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, commas_stand_between_values_and_nowhere_else);
    tcase_add_test(tcase, texts_are_escaped_as_json_wants);
    tcase_add_test(tcase, what_is_written_reads_back_the_same);
    tcase_add_test(tcase, integers_are_written_to_the_last_digit);
    tcase_add_loop_test(tcase, reals_have_six_decimals_at_most_and_no_idle_zeros, 0,
                        (int)(sizeof reals / sizeof reals[0]));
    tcase_add_test(tcase, what_is_no_number_is_null);
    tcase_add_test(tcase, the_greatest_double_is_written_whole);
    tcase_add_test(tcase, times_and_dates_are_local_and_zero_is_null);
    tcase_add_test(tcase, nothing_written_is_an_empty_text);
    tcase_add_test(tcase, a_text_grows_over_every_boundary_without_loss);
    tcase_add_test(tcase, a_mebibyte_is_written_whole);
    tcase_add_test(tcase, out_of_memory_is_remembered_and_told_at_the_end);
    suite_add_tcase(suite, tcase);
    return suite;
}
