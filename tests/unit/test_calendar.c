#include <check.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/timeutil.h"
#include "domain/calendar.h"
#include "calendar/seed_calendar.h"

/*
 * test_calendar.c - workdays (product.md, section 4).
 *
 * The properties compare with `naive`, one bool per day, filled from the list
 * of exceptions and walked day by day.
 */

static struct calendar_csv *csv;
static struct calendar *shipped; /* 2014 to 2026 */

static void
set_up(void)
{
    csv = seed_csv_read(SEED_CALENDAR_PATH);
    shipped = seed_calendar_make(csv);
}

static void
tear_down(void)
{
    calendar_free(shipped);
    calendar_csv_free(csv);
}

static int32_t
day_of(const char *text)
{
    int32_t day = 0;

    ck_assert_msg(time_parse_day(text, &day), "%s", text);
    return day;
}

#define ck_assert_day(day, text)                                                         \
    do {                                                                                 \
        char shown[TIME_TEXT_BYTES];                                                     \
        time_format_day((day), shown);                                                   \
        ck_assert_str_eq(shown, (text));                                                 \
    } while (0)

static struct calendar *
make(const int *years, size_t year_count, const struct calendar_exception *exceptions,
     size_t exception_count)
{
    struct calendar *calendar = NULL;

    ck_assert_int_eq(
        calendar_new(years, year_count, exceptions, exception_count, &calendar), OK);
    return calendar;
}

/* Is each day from 2013 to 2029 a workday? */
#define NAIVE_FIRST "2013-01-01"
#define NAIVE_DAYS (17 * 366)

static void
fill_naive(bool naive[NAIVE_DAYS])
{
    int32_t first = day_of(NAIVE_FIRST);

    for (int i = 0; i < NAIVE_DAYS; i++)
        naive[i] = time_weekday(first + i) <= 5;
    for (size_t i = 0; i < csv->day_count; i++)
        naive[csv->days[i].day - first] = csv->days[i].is_workday;
}

START_TEST(a_holiday_is_off_and_a_make_up_day_is_work)
{
    bool known = false;

    ck_assert(!calendar_is_workday(shipped, day_of("2026-10-01"), &known));
    ck_assert(known);
    ck_assert(calendar_is_workday(shipped, day_of("2026-10-10"), &known)); /* Saturday */
    ck_assert(calendar_is_workday(shipped, day_of("2026-10-09"), NULL));
    ck_assert(!calendar_is_workday(shipped, day_of("2026-10-11"), NULL)); /* Sunday */
}
END_TEST

START_TEST(the_shipped_years_are_entered_and_no_others)
{
    for (int year = 2014; year <= 2026; year++)
        ck_assert(calendar_covers_year(shipped, year));
    ck_assert(!calendar_covers_year(shipped, 2013));
    ck_assert(!calendar_covers_year(shipped, 2027));
    ck_assert(!calendar_covers_year(shipped, CALENDAR_YEAR_MIN - 1));
    ck_assert(!calendar_covers_year(shipped, CALENDAR_YEAR_MAX + 1));
}
END_TEST

START_TEST(a_year_not_entered_knows_only_weekdays)
{
    bool known = true;

    ck_assert(calendar_is_workday(shipped, day_of("2027-01-01"), &known)); /* Friday */
    ck_assert(!known);
    ck_assert(!calendar_is_workday(shipped, day_of("2027-01-02"), &known));
    known = true;
    ck_assert(calendar_is_workday(shipped, day_of("2013-12-31"), &known));
    ck_assert(!known);
    ck_assert(calendar_is_workday(shipped, INT32_MAX - 3, NULL) ==
              (time_weekday(INT32_MAX - 3) <= 5));
}
END_TEST

START_TEST(without_any_year_there_are_still_weekdays)
{
    struct calendar *empty = make(NULL, 0, NULL, 0);
    bool provisional = false;

    ck_assert_day(calendar_nth_workday(empty, day_of("2026-09-30"), 3, &provisional),
                  "2026-10-05");
    ck_assert(provisional);
    ck_assert(!calendar_covers_year(empty, 2026));
    calendar_free(empty);
}
END_TEST

START_TEST(a_gap_between_years_stays_unknown)
{
    static const int years[] = { 2026, 2024 };
    struct calendar *calendar = make(years, 2, NULL, 0);
    bool provisional;

    ck_assert(calendar_covers_year(calendar, 2024));
    ck_assert(!calendar_covers_year(calendar, 2025));
    ck_assert(calendar_covers_year(calendar, 2026));
    (void)calendar_nth_workday(calendar, day_of("2025-12-30"), 1, &provisional);
    ck_assert(provisional); /* 2025-12-31 */
    (void)calendar_nth_workday(calendar, day_of("2025-12-31"), 1, &provisional);
    ck_assert(!provisional);
    calendar_free(calendar);
}
END_TEST

START_TEST(the_december_before_is_changed_but_its_year_is_not_entered)
{
    static const int years[] = { 2019 };
    struct calendar_exception notice[] = {
        { day_of("2018-12-29"), true },
        { day_of("2018-12-31"), false },
        { day_of("2019-01-01"), false },
    };
    struct calendar *calendar = make(years, 1, notice, 3);
    bool known = true;

    ck_assert(calendar_is_workday(calendar, day_of("2018-12-29"), &known));
    ck_assert(!known);
    ck_assert(!calendar_is_workday(calendar, day_of("2018-12-31"), NULL));
    ck_assert(!calendar_covers_year(calendar, 2018));
    ck_assert(calendar_covers_year(calendar, 2019));
    calendar_free(calendar);
}
END_TEST

START_TEST(an_exception_after_the_last_year_counts)
{
    static const int years[] = { 2026 };
    struct calendar_exception later[] = { { day_of("2027-01-01"), false } };
    struct calendar *calendar = make(years, 1, later, 1);

    ck_assert(!calendar_is_workday(calendar, day_of("2027-01-01"), NULL));
    ck_assert(calendar_is_workday(calendar, day_of("2027-01-04"), NULL));
    calendar_free(calendar);
}
END_TEST

START_TEST(the_first_and_last_year_that_can_be_written_can_be_entered)
{
    static const int years[] = { CALENDAR_YEAR_MIN, CALENDAR_YEAR_MAX };
    struct calendar *calendar = make(years, 2, NULL, 0);

    ck_assert(calendar_covers_year(calendar, CALENDAR_YEAR_MIN));
    ck_assert(!calendar_covers_year(calendar, 2026));
    ck_assert(calendar_covers_year(calendar, CALENDAR_YEAR_MAX));
    calendar_free(calendar);
}
END_TEST

START_TEST(the_first_and_last_day_that_can_be_written_can_be_exceptions)
{
    struct calendar_exception edges[] = { { day_of("1970-01-01"), false },
                                          { day_of("9999-12-31"), false } };
    struct calendar *calendar = make(NULL, 0, edges, 2);

    ck_assert(!calendar_is_workday(calendar, day_of("1970-01-01"), NULL)); /* Thursday */
    ck_assert(!calendar_is_workday(calendar, day_of("9999-12-31"), NULL)); /* Friday */
    calendar_free(calendar);
}
END_TEST

START_TEST(an_entered_year_without_exceptions_works_monday_to_friday)
{
    for (int year = 2014; year <= 2020; year++) { /* begins on each day of the week */
        struct calendar *calendar = make(&year, 1, NULL, 0);
        int32_t first = time_day_of_date((struct civil_date){ year, 1, 1 });

        for (int32_t day = first - 9; day < first + 375; day++)
            ck_assert(calendar_is_workday(calendar, day, NULL) ==
                      (time_weekday(day) <= 5));
        calendar_free(calendar);
    }
}
END_TEST

START_TEST(exceptions_must_be_sorted_single_and_in_range)
{
    static const int years[] = { 2026 };
    static const int too_early[] = { CALENDAR_YEAR_MIN - 1 };
    static const int too_late[] = { 2026, CALENDAR_YEAR_MAX + 1 };
    const struct calendar_exception unsorted[] = { { 20500, false }, { 20499, false } };
    const struct calendar_exception doubled[] = { { 20500, false }, { 20500, true } };
    const struct calendar_exception before[] = { { -1, false } };
    const struct calendar_exception after[] = { { day_of("9999-12-31") + 1, false } };
    struct calendar *untouched = NULL;

    ck_assert_int_eq(calendar_new(years, 1, unsorted, 2, &untouched), ERR_FIELD_INVALID);
    ck_assert_int_eq(calendar_new(years, 1, doubled, 2, &untouched), ERR_FIELD_INVALID);
    ck_assert_int_eq(calendar_new(years, 1, before, 1, &untouched), ERR_FIELD_INVALID);
    ck_assert_int_eq(calendar_new(years, 1, after, 1, &untouched), ERR_FIELD_INVALID);
    ck_assert_int_eq(calendar_new(too_early, 1, NULL, 0, &untouched), ERR_FIELD_INVALID);
    ck_assert_int_eq(calendar_new(too_late, 2, NULL, 0, &untouched), ERR_FIELD_INVALID);
    ck_assert_ptr_null(untouched);
}
END_TEST

START_TEST(the_date_itself_does_not_count_and_it_ends_with_the_day)
{
    int64_t first = time_day_start(day_of("2026-11-23")); /* a Monday */
    bool provisional = true;

    ck_assert_int_eq(calendar_add_workdays(shipped, first, 1, &provisional),
                     time_day_end(day_of("2026-11-24")));
    ck_assert(!provisional);
    ck_assert_int_eq(calendar_add_workdays(shipped, first + 86399, 1, NULL),
                     time_day_end(day_of("2026-11-24")));
    ck_assert_int_eq(calendar_add_workdays(shipped, first + 86400, 1, NULL),
                     time_day_end(day_of("2026-11-25")));
}
END_TEST

START_TEST(only_a_walk_into_a_year_not_entered_is_provisional)
{
    bool provisional = true;

    ck_assert_day(calendar_nth_workday(shipped, day_of("2026-12-29"), 2, &provisional),
                  "2026-12-31");
    ck_assert(!provisional);
    ck_assert_day(calendar_nth_workday(shipped, day_of("2026-12-29"), 3, &provisional),
                  "2027-01-01");
    ck_assert(provisional);
}
END_TEST

START_TEST(neighbours_are_strictly_before_and_after)
{
    ck_assert_day(calendar_next_workday(shipped, day_of("2026-09-30")), "2026-10-08");
    ck_assert_day(calendar_next_workday(shipped, day_of("2026-10-08")), "2026-10-09");
    ck_assert_day(calendar_next_workday(shipped, day_of("2026-10-09")), "2026-10-10");
    ck_assert_day(calendar_previous_workday(shipped, day_of("2026-10-08")), "2026-09-30");
    ck_assert_day(calendar_previous_workday(shipped, day_of("2026-10-12")), "2026-10-10");
}
END_TEST

START_TEST(between_counts_the_end_but_not_the_beginning)
{
    int32_t monday = day_of("2026-11-23");

    ck_assert_int_eq(calendar_workdays_between(shipped, monday, monday), 0);
    ck_assert_int_eq(calendar_workdays_between(shipped, monday, monday + 1), 1);
    ck_assert_int_eq(calendar_workdays_between(shipped, monday, monday + 7), 5);
    ck_assert_int_eq(calendar_workdays_between(shipped, monday + 7, monday), -5);
    ck_assert_int_eq(
        calendar_workdays_between(shipped, day_of("2026-02-12"), day_of("2026-02-28")),
        7);
}
END_TEST

/* Every start day of the shipped years and limits of 1 to 30 workdays. */
START_TEST(adding_workdays_agrees_with_walking_day_by_day)
{
    bool naive[NAIVE_DAYS];
    int32_t first = day_of(NAIVE_FIRST), last = day_of("2026-12-31");
    int differences = 0;

    fill_naive(naive);
    for (int32_t start = day_of("2014-01-01"); start <= last; start++) {
        int32_t day = start;

        for (int n = 1; n <= 30; n++) {
            bool provisional;

            do
                day++;
            while (!naive[day - first]);
            differences += calendar_nth_workday(shipped, start, n, &provisional) != day;
            differences += provisional != (day > last);
            differences += calendar_workdays_between(shipped, start, day) != n;
        }
    }
    ck_assert_int_eq(differences, 0);
}
END_TEST

START_TEST(neighbours_agree_with_walking_day_by_day)
{
    bool naive[NAIVE_DAYS];
    int32_t first = day_of(NAIVE_FIRST), last = day_of("2026-12-31");
    int differences = 0;

    fill_naive(naive);
    for (int32_t start = day_of("2014-01-01"); start <= last; start++) {
        int32_t next = start + 1, previous = start - 1;

        while (!naive[next - first])
            next++;
        while (!naive[previous - first])
            previous--;
        differences += calendar_next_workday(shipped, start) != next;
        differences += calendar_previous_workday(shipped, start) != previous;
        differences += calendar_is_workday(shipped, start, NULL) != naive[start - first];
    }
    ck_assert_int_eq(differences, 0);
}
END_TEST

START_TEST(freeing_no_calendar_does_nothing)
{
    calendar_free(NULL);
}
END_TEST

Suite *
suite_calendar(void)
{
    Suite *suite = suite_create("calendar");
    TCase *tcase = tcase_create("calendar");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, a_holiday_is_off_and_a_make_up_day_is_work);
    tcase_add_test(tcase, the_shipped_years_are_entered_and_no_others);
    tcase_add_test(tcase, a_year_not_entered_knows_only_weekdays);
    tcase_add_test(tcase, without_any_year_there_are_still_weekdays);
    tcase_add_test(tcase, a_gap_between_years_stays_unknown);
    tcase_add_test(tcase, the_december_before_is_changed_but_its_year_is_not_entered);
    tcase_add_test(tcase, an_exception_after_the_last_year_counts);
    tcase_add_test(tcase, the_first_and_last_year_that_can_be_written_can_be_entered);
    tcase_add_test(tcase, the_first_and_last_day_that_can_be_written_can_be_exceptions);
    tcase_add_test(tcase, an_entered_year_without_exceptions_works_monday_to_friday);
    tcase_add_test(tcase, exceptions_must_be_sorted_single_and_in_range);
    tcase_add_test(tcase, the_date_itself_does_not_count_and_it_ends_with_the_day);
    tcase_add_test(tcase, only_a_walk_into_a_year_not_entered_is_provisional);
    tcase_add_test(tcase, neighbours_are_strictly_before_and_after);
    tcase_add_test(tcase, between_counts_the_end_but_not_the_beginning);
    tcase_add_test(tcase, adding_workdays_agrees_with_walking_day_by_day);
    tcase_add_test(tcase, neighbours_agree_with_walking_day_by_day);
    tcase_add_test(tcase, freeing_no_calendar_does_nothing);
    suite_add_tcase(suite, tcase);
    return suite;
}
