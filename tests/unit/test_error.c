#include <limits.h>
#include <string.h>

#include <check.h>

#include "base/error.h"
#include "base/text.h"

Suite *suite_error(void);

START_TEST(each_error_has_a_word_a_status_and_two_texts)
{
    for (int i = 0; i < ERR_COUNT; i++) {
        enum err err = (enum err)i;
        int status = err_status(err);

        ck_assert_msg(strlen(err_code(err)) > 0, "error %d has no word", i);
        ck_assert_msg(status >= 200 && status <= 599, "%s: status %d", err_code(err),
                      status);
        ck_assert_msg((status < 300) == (err == OK), "%s: status %d", err_code(err),
                      status);
        for (int l = 0; l < LANGUAGE_COUNT; l++) {
            const char *text = err_text(err, (enum language)l);

            ck_assert_msg(strlen(text) > 0, "%s has no text %d", err_code(err), l);
            ck_assert(text_is_utf8(text, strlen(text)));
        }
    }
}
END_TEST

START_TEST(each_word_stands_for_one_error)
{
    for (int i = 0; i < ERR_COUNT; i++)
        for (int j = 0; j < i; j++)
            ck_assert_str_ne(err_code((enum err)i), err_code((enum err)j));
}
END_TEST

START_TEST(known_errors_read_as_the_registry_says)
{
    ck_assert_str_eq(err_code(OK), "ok");
    ck_assert_int_eq(err_status(OK), 200);
    ck_assert_str_eq(err_code(ERR_TICKET_VERSION_CONFLICT), "ticket.version_conflict");
    ck_assert_int_eq(err_status(ERR_TICKET_VERSION_CONFLICT), 409);
    ck_assert_str_eq(err_text(ERR_BUSY, LANGUAGE_EN), "busy; please try again shortly");
    ck_assert_str_eq(err_text(ERR_BUSY, LANGUAGE_ZH), "系统繁忙，请稍后重试");
}
END_TEST

START_TEST(a_number_that_is_no_error_reads_as_internal)
{
    static const int numbers[] = { -1, ERR_COUNT, ERR_COUNT + 1, INT_MAX, INT_MIN };

    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        enum err err = (enum err)numbers[i];

        ck_assert_str_eq(err_code(err), "internal");
        ck_assert_int_eq(err_status(err), 500);
        ck_assert_str_eq(err_text(err, LANGUAGE_EN), err_text(ERR_INTERNAL, LANGUAGE_EN));
    }
}
END_TEST

START_TEST(problems_are_listed_in_order_and_a_full_list_stays_as_it_is)
{
    struct problem problem = { 0 };

    for (size_t i = 0; i < PROBLEM_FIELDS_MAX + 3; i++) {
        char name[8];

        ck_assert(text_format(name, sizeof name, "f%zu", i));
        ck_assert_int_eq(problem_add(&problem, name, ERR_FIELD_RANGE, "1–3"),
                         ERR_FIELD_RANGE);
    }
    ck_assert_uint_eq(problem.field_count, PROBLEM_FIELDS_MAX);
    ck_assert_str_eq(problem.fields[0].field, "f0");
    ck_assert_str_eq(problem.fields[0].value, "1–3");
    ck_assert_int_eq(problem.fields[0].code, ERR_FIELD_RANGE);
    ck_assert_str_eq(problem.fields[PROBLEM_FIELDS_MAX - 1].field, "f15");
}
END_TEST

START_TEST(nobody_has_to_want_the_reason)
{
    struct problem problem = { 0 };

    ck_assert_int_eq(problem_add(NULL, "a", ERR_FIELD_TYPE, NULL), ERR_FIELD_TYPE);
    ck_assert_int_eq(problem_value(NULL, ERR_BUSY, "%d", 1), ERR_BUSY);
    ck_assert_int_eq(problem_add(&problem, "a", ERR_FIELD_TYPE, NULL), ERR_FIELD_TYPE);
    ck_assert_str_eq(problem.fields[0].value, "");
}
END_TEST

/* What a client named is told back to it; half a character would break the reply. */
START_TEST(long_names_and_values_are_cut_between_characters)
{
    for (size_t shift = 0; shift < 4; shift++) {
        struct problem problem = { 0 };
        char text[512] = "";

        memset(text, 'x', shift);
        while (strlen(text) < 500)
            strcat(text, "件");
        (void)problem_add(&problem, text, ERR_FIELD_UNKNOWN, text);
        (void)problem_value(&problem, ERR_FIELDS, "%s", text);

        const struct problem_field *row = &problem.fields[0];
        ck_assert(text_is_utf8(row->field, strlen(row->field)));
        ck_assert(text_is_utf8(row->value, strlen(row->value)));
        ck_assert(text_is_utf8(problem.value, strlen(problem.value)));
        ck_assert_uint_ge(strlen(row->field), sizeof row->field - 3);
        ck_assert_uint_ge(strlen(problem.value), sizeof problem.value - 3);
    }
}
END_TEST

START_TEST(a_value_is_formatted)
{
    struct problem problem = { 0 };

    ck_assert_int_eq(problem_value(&problem, ERR_TICKET_VERSION_CONFLICT, "%d", 7),
                     ERR_TICKET_VERSION_CONFLICT);
    ck_assert_str_eq(problem.value, "7");
}
END_TEST

Suite *
suite_error(void)
{
    Suite *suite = suite_create("error");
    TCase *tcase = tcase_create("error");

    tcase_add_test(tcase, each_error_has_a_word_a_status_and_two_texts);
    tcase_add_test(tcase, each_word_stands_for_one_error);
    tcase_add_test(tcase, known_errors_read_as_the_registry_says);
    tcase_add_test(tcase, a_number_that_is_no_error_reads_as_internal);
    tcase_add_test(tcase, problems_are_listed_in_order_and_a_full_list_stays_as_it_is);
    tcase_add_test(tcase, nobody_has_to_want_the_reason);
    tcase_add_test(tcase, long_names_and_values_are_cut_between_characters);
    tcase_add_test(tcase, a_value_is_formatted);
    suite_add_tcase(suite, tcase);
    return suite;
}
