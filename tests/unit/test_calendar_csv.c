#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/timeutil.h"
#include "domain/calendar_csv.h"
#include "calendar/seed_calendar.h"

/* test_calendar_csv.c - reading a file of holidays (product.md, section 4). */

static int32_t
day_of(const char *text)
{
    int32_t day = 0;

    ck_assert_msg(time_parse_day(text, &day), "%s", text);
    return day;
}

static struct calendar_csv *
parse_bytes(const char *text, size_t bytes)
{
    struct calendar_csv *csv = NULL;
    char *exact = malloc(bytes > 0 ? bytes : 1); /* a sanitizer sees an overrun */

    ck_assert_ptr_nonnull(exact);
    memcpy(exact, text, bytes);
    ck_assert_int_eq(calendar_csv_parse(exact, bytes, &csv), OK);
    free(exact);
    return csv;
}

static struct calendar_csv *
parse(const char *text)
{
    return parse_bytes(text, strlen(text));
}

static void
assert_days(const char *text, const char *expected)
{
    struct calendar_csv *csv = parse(text);
    char shown[1024] = "";

    for (size_t i = 0; i < csv->day_count; i++) {
        char date[TIME_TEXT_BYTES];
        size_t used = strlen(shown);

        time_format_day(csv->days[i].day, date);
        snprintf(shown + used, sizeof shown - used, "%d %s %s %s;", (int)csv->days[i].row,
                 date, csv->days[i].is_workday ? "work" : "off", csv->days[i].name);
    }
    ck_assert_uint_eq(csv->fault_count, 0);
    ck_assert_str_eq(shown, expected);
    calendar_csv_free(csv);
}

static void
assert_faults(const char *text, const char *expected)
{
    struct calendar_csv *csv = parse(text);
    char shown[1024] = "";

    for (size_t i = 0; i < csv->fault_count; i++) {
        size_t used = strlen(shown);

        snprintf(shown + used, sizeof shown - used, "%d %s;", (int)csv->faults[i].row,
                 choice_word(&words_calendar_fault, (int)csv->faults[i].reason));
    }
    ck_assert_str_eq(shown, expected);
    calendar_csv_free(csv);
}

START_TEST(header_bom_line_ends_and_quotes_do_not_matter)
{
    const char *expected = "2 2027-01-01 off 元旦;3 2027-01-03 work 元旦;";

    assert_days("date,type,name\n2027-01-01,holiday,元旦\n2027-01-03,workday,元旦\n",
                expected);
    assert_days("日期,类型,名称\r\n2027-01-01,holiday,元旦\r\n2027-01-03,workday,元旦",
                expected);
    assert_days("\xef\xbb\xbf"
                "date,type,name\r2027-01-01,holiday,元旦\r2027-01-03,workday,元旦\r",
                expected);
    assert_days("\xef\xbb\xbf\"date\",\"type\",\"name\"\n"
                "\"2027-01-01\",\"holiday\",\"元旦\"\n"
                " 2027-01-03 ,\tworkday\t, \"元旦\" ",
                expected);
    assert_days("\n2027-01-01,holiday,元旦\n2027-01-03,workday,元旦\n", expected);
}
END_TEST

START_TEST(blank_rows_count_but_say_nothing)
{
    assert_days("2027-01-01,holiday,\n\n , ,\n,,,,\n\"\"\r\n2027-01-02,holiday,a\n",
                "1 2027-01-01 off ;6 2027-01-02 off a;");
}
END_TEST

START_TEST(a_quoted_name_may_hold_commas_and_quotes)
{
    assert_days("2027-01-01,holiday,\"a, \"\"b\"\"\"\n", "1 2027-01-01 off a, \"b\";");
    assert_days("2027-01-01,holiday,\"\"", "1 2027-01-01 off ;");
}
END_TEST

START_TEST(days_come_out_sorted)
{
    assert_days("2027-05-01,holiday,b\n2027-01-01,holiday,a\n2026-12-31,holiday,c\n",
                "3 2026-12-31 off c;2 2027-01-01 off a;1 2027-05-01 off b;");
}
END_TEST

START_TEST(each_bad_row_is_named_with_its_reason)
{
    assert_faults(
        "date,type,name\n"
        "2027-02-30,holiday,a\n"                /* 2 */
        "2027/01/01,holiday,a\n"                /* 3 */
        "2027-01-01,Holiday,a\n"                /* 4 */
        "2027-01-01,holiday\n"                  /* 5 */
        "2027-01-01,holiday,a,b\n"              /* 6 */
        "2027-01-01,workday,a\n"                /* 7: a Friday */
        "2027-01-01,holiday,a\tb\x01\n"         /* 8 */
        "2027-01-01,holiday,\xd4\xaa\xb5\xa9\n" /* 9: GB18030 */
        "2027-01-01,holiday,\"a\"b\n"           /* 10 */
        "2027-01-01,holiday,a\"b\n"             /* 11 */
        "2027-01-01,holiday,\x7f\n"             /* 12 */
        ",holiday,a\n"                          /* 13 */
        "2027-01-01,,a\n"                       /* 14 */
        "date,type,name\n"                      /* 15: a header only at the top */
        "2027-01-01,holiday,a\n",
        "2 date;3 date;4 type;5 columns;6 columns;7 pointless;8 name;9 encoding;"
        "10 quotes;11 quotes;12 name;13 date;14 type;15 date;");
}
END_TEST

START_TEST(a_date_given_twice_is_refused_at_its_later_rows)
{
    assert_faults("2027-01-02,holiday,a\n2027-01-01,holiday,a\n2027-01-02,workday,a\n"
                  "2027-01-02,holiday,a\nx,holiday,a\n",
                  "3 duplicate;4 duplicate;5 date;");
}
END_TEST

START_TEST(the_first_day_may_be_the_double)
{
    assert_faults("2027-01-01,holiday,a\n2027-01-01,holiday,a\n", "2 duplicate;");
}
END_TEST

START_TEST(an_open_quote_ends_the_reading)
{
    assert_faults("2027-01-01,holiday,a\n2027-01-02,holiday,\"a\n2027-01-02,holiday,a\n",
                  "2 quotes;");
    assert_faults("\"", "1 quotes;");
    assert_faults("2027-01-01,holiday,\"a\"\"", "1 quotes;");
}
END_TEST

START_TEST(a_name_of_63_bytes_fits_and_one_more_does_not)
{
    char row[128];

    snprintf(row, sizeof row, "2027-01-01,holiday,%063d", 0);
    struct calendar_csv *csv = parse(row);
    ck_assert_uint_eq(csv->fault_count, 0);
    ck_assert_uint_eq(strlen(csv->days[0].name), 63);
    calendar_csv_free(csv);

    snprintf(row, sizeof row, "2027-01-01,holiday,%064d", 0);
    assert_faults(row, "1 name;");
}
END_TEST

START_TEST(a_file_without_a_day_is_refused)
{
    assert_faults("", "1 empty;");
    assert_faults("\xef\xbb\xbf", "1 empty;");
    assert_faults("date,type,name\r\n", "1 empty;");
}
END_TEST

START_TEST(a_nul_is_not_text)
{
    struct calendar_csv *csv = parse_bytes("2027-01-01,holiday,a\0b\n", 23);

    ck_assert_uint_eq(csv->fault_count, 1);
    ck_assert_int_eq(csv->faults[0].reason, CALENDAR_FAULT_ENCODING);
    calendar_csv_free(csv);
}
END_TEST

/* Rows for so many days from 1970 on. */
static char *
many_rows(int count)
{
    char *text = malloc((size_t)count * 32 + 1);
    size_t used = 0;

    ck_assert_ptr_nonnull(text);
    for (int32_t day = 0; count > 0; day++) {
        char date[TIME_TEXT_BYTES];

        time_format_day(day, date);
        used += (size_t)sprintf(text + used, "%s,holiday,\n", date);
        count--;
    }
    return text;
}

START_TEST(five_thousand_rows_are_read_and_no_more)
{
    char *text = many_rows(CALENDAR_CSV_ROWS_MAX);
    struct calendar_csv *csv = parse(text);

    ck_assert_uint_eq(csv->fault_count, 0);
    ck_assert_uint_eq(csv->day_count, CALENDAR_CSV_ROWS_MAX);
    ck_assert_uint_eq(csv->year_count, 14);
    calendar_csv_free(csv);
    free(text);

    text = many_rows(CALENDAR_CSV_ROWS_MAX + 2);
    assert_faults(text, "5001 too_many;");
    free(text);
}
END_TEST

START_TEST(the_most_faults_there_can_be_fit)
{
    char *text = malloc(2 * CALENDAR_CSV_ROWS_MAX + 5);

    ck_assert_ptr_nonnull(text);
    for (size_t i = 0; i < CALENDAR_CSV_ROWS_MAX + 2; i++)
        memcpy(text + 2 * i, "x\n", 2);
    struct calendar_csv *csv = parse_bytes(text, 2 * CALENDAR_CSV_ROWS_MAX + 4);
    ck_assert_uint_eq(csv->fault_count, CALENDAR_CSV_ROWS_MAX + 1);
    ck_assert_int_eq(csv->faults[0].row, 1);
    ck_assert_int_eq(csv->faults[CALENDAR_CSV_ROWS_MAX].reason, CALENDAR_FAULT_TOO_MANY);
    calendar_csv_free(csv);
    free(text);
}
END_TEST

START_TEST(a_year_with_only_december_days_is_not_entered)
{
    struct calendar_csv *csv =
        parse("2026-12-31,holiday,a\n2027-01-01,holiday,a\n2027-12-31,holiday,a\n");

    ck_assert_uint_eq(csv->year_count, 1);
    ck_assert_int_eq(csv->years[0], 2027);
    calendar_csv_free(csv);

    csv = parse("2027-01-01,holiday,a\n");
    ck_assert_uint_eq(csv->year_count, 1);
    calendar_csv_free(csv);
}
END_TEST

START_TEST(the_shipped_file_enters_2014_to_2026)
{
    struct calendar_csv *csv = seed_csv_read(SEED_CALENDAR_PATH);

    ck_assert_uint_eq(csv->year_count, 13);
    for (size_t i = 0; i < csv->year_count; i++)
        ck_assert_int_eq(csv->years[i], 2014 + (int)i);
    ck_assert_uint_eq(csv->day_count, 431);
    calendar_csv_free(csv);
}
END_TEST

START_TEST(every_fault_has_a_word_and_two_texts)
{
    for (size_t i = 0; i < words_calendar_fault.count; i++) {
        ck_assert_ptr_nonnull(words_calendar_fault.items[i].word);
        ck_assert_ptr_nonnull(words_calendar_fault.items[i].zh);
        ck_assert_ptr_nonnull(words_calendar_fault.items[i].en);
    }
}
END_TEST

START_TEST(freeing_no_file_does_nothing)
{
    calendar_csv_free(NULL);
}
END_TEST

/* --- The difference -------------------------------------------------------------- */

static void
assert_change(const struct calendar_change *change, const char *day,
              enum calendar_mark from, enum calendar_mark to, bool moves_deadlines)
{
    ck_assert_int_eq(change->day, day_of(day));
    ck_assert_int_eq(change->from, from);
    ck_assert_int_eq(change->to, to);
    ck_assert_int_eq(change->moves_deadlines, moves_deadlines);
}

START_TEST(the_difference_is_complete_in_entered_years_and_adds_elsewhere)
{
    static const int years[] = { 2025, 2027 };
    const struct calendar_exception before[] = {
        { day_of("2026-10-01"), false }, /* not entered and not named: stays */
        { day_of("2026-12-26"), true },  /* Saturday, becomes off */
        { day_of("2027-01-01"), false }, /* the same */
        { day_of("2027-01-02"), true },  /* Saturday, no longer named */
        { day_of("2027-01-03"), false }, /* Sunday, no longer named: off all the same */
    };
    const struct calendar_exception after[] = {
        { day_of("2026-12-26"), false }, { day_of("2026-12-31"), false },
        { day_of("2027-01-01"), false }, { day_of("2027-02-06"), false }, /* Saturday */
        { day_of("2027-02-07"), true },
    };
    struct calendar_change changes[10];

    ck_assert_uint_eq(calendar_diff(before, 5, after, 5, years, 2, changes), 6);
    assert_change(&changes[0], "2026-12-26", CALENDAR_MAKE_UP, CALENDAR_HOLIDAY, true);
    assert_change(&changes[1], "2026-12-31", CALENDAR_PLAIN, CALENDAR_HOLIDAY, true);
    assert_change(&changes[2], "2027-01-02", CALENDAR_MAKE_UP, CALENDAR_PLAIN, true);
    assert_change(&changes[3], "2027-01-03", CALENDAR_HOLIDAY, CALENDAR_PLAIN, false);
    assert_change(&changes[4], "2027-02-06", CALENDAR_PLAIN, CALENDAR_HOLIDAY, false);
    assert_change(&changes[5], "2027-02-07", CALENDAR_PLAIN, CALENDAR_MAKE_UP, true);
}
END_TEST

START_TEST(a_change_says_whether_it_moves_deadlines)
{
    struct calendar_change change;

    /* 2026-11-23 is a Monday. */
    for (int32_t day = day_of("2026-11-23"), i = 0; i < 7; day++, i++) {
        const struct calendar_exception off = { day, false }, work = { day, true };

        ck_assert_uint_eq(calendar_diff(NULL, 0, &off, 1, NULL, 0, &change), 1);
        ck_assert(change.moves_deadlines == (i < 5));
        ck_assert_uint_eq(calendar_diff(NULL, 0, &work, 1, NULL, 0, &change), 1);
        ck_assert(change.moves_deadlines == (i >= 5));
    }
}
END_TEST

START_TEST(nothing_against_nothing_is_no_difference)
{
    const struct calendar_exception one[] = { { 20500, false } };
    struct calendar_change changes[2];

    ck_assert_uint_eq(calendar_diff(NULL, 0, NULL, 0, NULL, 0, changes), 0);
    ck_assert_uint_eq(calendar_diff(one, 1, one, 1, NULL, 0, changes), 0);
    ck_assert_uint_eq(calendar_diff(one, 1, NULL, 0, NULL, 0, changes), 0);
    ck_assert_uint_eq(calendar_diff(NULL, 0, one, 1, NULL, 0, changes), 1);
}
END_TEST

/* Two random Decembers and Januaries: the change must lead from one to the other. */
START_TEST(a_difference_applied_gives_the_new_calendar)
{
    enum { DAYS = 60 };
    int32_t first = day_of("2026-12-01");
    static const int years[] = { 2027 };

    int wrong = 0;

    srandom(1);
    for (int round = 0; round < 2000; round++) {
        struct calendar_exception before[DAYS], after[DAYS];
        struct calendar_change changes[2 * DAYS];
        size_t before_count = 0, after_count = 0;
        int said_before[DAYS], said_after[DAYS]; /* enum calendar_mark */

        for (int i = 0; i < DAYS; i++) {
            said_before[i] = (int)(random() % CALENDAR_MARK_COUNT);
            said_after[i] = (int)(random() % CALENDAR_MARK_COUNT);
            if (said_before[i] != CALENDAR_PLAIN)
                before[before_count++] =
                    (struct calendar_exception){ first + i,
                                                 said_before[i] == CALENDAR_MAKE_UP };
            if (said_after[i] != CALENDAR_PLAIN)
                after[after_count++] =
                    (struct calendar_exception){ first + i,
                                                 said_after[i] == CALENDAR_MAKE_UP };
        }
        size_t change_count =
            calendar_diff(before, before_count, after, after_count, years, 1, changes);
        int result[DAYS];

        for (int i = 0; i < DAYS; i++)
            result[i] = said_before[i];
        for (size_t c = 0; c < change_count; c++) {
            int *said = &result[changes[c].day - first];

            wrong += *said != (int)changes[c].from || changes[c].from == changes[c].to;
            *said = (int)changes[c].to;
        }
        for (int i = 0; i < DAYS; i++) {
            bool is_entered = i >= 31;

            wrong += result[i] != (said_after[i] != CALENDAR_PLAIN || is_entered
                                       ? said_after[i]
                                       : said_before[i]);
        }
    }
    ck_assert_int_eq(wrong, 0);
}
END_TEST

Suite *
suite_calendar_csv(void)
{
    Suite *suite = suite_create("calendar_csv");
    TCase *tcase = tcase_create("calendar_csv");

    tcase_add_test(tcase, header_bom_line_ends_and_quotes_do_not_matter);
    tcase_add_test(tcase, blank_rows_count_but_say_nothing);
    tcase_add_test(tcase, a_quoted_name_may_hold_commas_and_quotes);
    tcase_add_test(tcase, days_come_out_sorted);
    tcase_add_test(tcase, each_bad_row_is_named_with_its_reason);
    tcase_add_test(tcase, a_date_given_twice_is_refused_at_its_later_rows);
    tcase_add_test(tcase, the_first_day_may_be_the_double);
    tcase_add_test(tcase, an_open_quote_ends_the_reading);
    tcase_add_test(tcase, a_name_of_63_bytes_fits_and_one_more_does_not);
    tcase_add_test(tcase, a_file_without_a_day_is_refused);
    tcase_add_test(tcase, a_nul_is_not_text);
    tcase_add_test(tcase, five_thousand_rows_are_read_and_no_more);
    tcase_add_test(tcase, the_most_faults_there_can_be_fit);
    tcase_add_test(tcase, a_year_with_only_december_days_is_not_entered);
    tcase_add_test(tcase, the_shipped_file_enters_2014_to_2026);
    tcase_add_test(tcase, every_fault_has_a_word_and_two_texts);
    tcase_add_test(tcase, freeing_no_file_does_nothing);
    tcase_add_test(tcase, the_difference_is_complete_in_entered_years_and_adds_elsewhere);
    tcase_add_test(tcase, a_change_says_whether_it_moves_deadlines);
    tcase_add_test(tcase, nothing_against_nothing_is_no_difference);
    tcase_add_test(tcase, a_difference_applied_gives_the_new_calendar);
    suite_add_tcase(suite, tcase);
    return suite;
}
