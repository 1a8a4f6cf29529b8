#include <limits.h>
#include <string.h>
#include <time.h>

#include <check.h>

#include "base/timeutil.h"

Suite *suite_timeutil(void);

#define LAST_DAY 2932896 /* 9999-12-31 */

static int64_t
at_of(const char *text)
{
    int64_t at = 0;

    ck_assert_msg(time_parse(text, &at), "%s is a time", text);
    return at;
}

/* The C library's calendar, which shares nothing with ours, is the judge. */
START_TEST(every_day_until_9999_has_the_date_the_c_library_gives)
{
    for (int32_t day = 0; day <= LAST_DAY; day++) {
        time_t noon = (time_t)day * 86400 + 43200;
        struct tm tm;
        struct civil_date date = time_date_of_day(day);

        if (gmtime_r(&noon, &tm) == NULL || date.year != tm.tm_year + 1900 ||
            date.month != tm.tm_mon + 1 || date.mday != tm.tm_mday ||
            time_weekday(day) != (tm.tm_wday == 0 ? 7 : tm.tm_wday) ||
            time_day_of_date(date) != day)
            ck_abort_msg("day %d", day);
    }
}
END_TEST

START_TEST(days_begin_and_end_at_midnight_in_shanghai)
{
    ck_assert_int_eq(time_day_start(0), -8 * 3600);
    for (int32_t day = -1000; day < 100000; day += 997) {
        int64_t start = time_day_start(day);

        ck_assert_int_eq(time_day_end(day), start + 86399);
        ck_assert_int_eq(time_day_end(day) + 1, time_day_start(day + 1));
        ck_assert_int_eq(time_day(start), day);
        ck_assert_int_eq(time_day(start - 1), day - 1);
        ck_assert_int_eq(time_day(time_day_end(day)), day);
        ck_assert_int_eq(time_of_day(start), 0);
        ck_assert_int_eq(time_of_day(start - 1), 86399);
        ck_assert_int_eq(time_of_day(start + 3600), 3600);
    }
}
END_TEST

START_TEST(moments_beyond_all_days_are_moved_not_overflowed)
{
    char text[TIME_TEXT_BYTES];

    ck_assert_int_eq(time_day(INT64_MAX), INT32_MAX);
    ck_assert_int_eq(time_day(INT64_MIN), INT32_MIN);
    ck_assert_int_ge(time_of_day(INT64_MIN), 0);
    ck_assert_int_lt(time_of_day(INT64_MAX), 86400);
    time_format(INT64_MAX, text);
    ck_assert_str_eq(text, "9999-12-31T23:59:59+08:00");
    time_format(INT64_MIN, text);
    ck_assert_str_eq(text, "1970-01-01T00:00:00+08:00");
    time_format_day(INT32_MAX, text);
    ck_assert_str_eq(text, "9999-12-31");
    time_format_day(INT32_MIN, text);
    ck_assert_str_eq(text, "1970-01-01");
}
END_TEST

START_TEST(a_time_is_written_with_the_offset_of_the_service)
{
    char text[TIME_TEXT_BYTES];

    time_format(1795395600, text);
    ck_assert_str_eq(text, "2026-11-23T09:00:00+08:00");
    time_format(0, text);
    ck_assert_str_eq(text, "1970-01-01T08:00:00+08:00");
    time_format_day(time_day(1795395600), text);
    ck_assert_str_eq(text, "2026-11-23");
}
END_TEST

START_TEST(what_is_written_reads_back_the_same)
{
    char text[TIME_TEXT_BYTES];
    int32_t day = 0;

    for (int64_t at = time_day_start(0); at < time_day_end(LAST_DAY);
         at += 86400 * 13 + 7919) {
        int64_t again = 0;

        time_format(at, text);
        if (strlen(text) != 25 || !time_parse(text, &again) || again != at)
            ck_abort_msg("%s", text);
        time_format_day(time_day(at), text);
        if (!time_parse_day(text, &day) || day != time_day(at))
            ck_abort_msg("%s", text);
    }
}
END_TEST

START_TEST(one_moment_reads_the_same_in_every_offset)
{
    static const char *const same[] = {
        "2026-11-23T09:00:00+08:00",
        "2026-11-23T01:00:00Z",
        "2026-11-23t01:00:00z",
        "2026-11-23T01:00:00+00:00",
        "2026-11-23T01:00:00-00:00",
        "2026-11-22T20:00:00-05:00",
        "2026-11-23T06:45:00+05:45",
        "2026-11-24T00:59:00+23:59",
        "2026-11-22T01:01:00-23:59",
        "2026-11-23T09:00:00.5+08:00",
        "2026-11-23T09:00:00.999999999999+08:00",
    };

    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++)
        ck_assert_msg(at_of(same[i]) == 1795395600, "%s", same[i]);
}
END_TEST

static const char *const bad_times[] = {
    "",
    "2026",
    "2026-11-23",
    "2026-11-23T09:00:00",
    "2026-11-23 09:00:00+08:00",
    "2026-11-23T09:00+08:00",
    "2026-11-23T09:00:00+08",
    "2026-11-23T09:00:00+0800",
    "2026-11-23T09:00:00 +08:00",
    "2026-11-23T09:00:00+08:00 ",
    " 2026-11-23T09:00:00+08:00",
    "2026-11-23T09:00:00+08:000",
    "2026-11-23T09:00:00+08:60",
    "2026-11-23T09:00:00+24:00",
    "2026-11-23T09:00:00.+08:00",
    "2026-11-23T09:00:00,5+08:00",
    "2026-11-23T24:00:00+08:00",
    "2026-11-23T09:60:00+08:00",
    "2026-11-23T23:59:60Z",
    "2026-11-23T9:00:00+08:00",
    "2026-11-31T09:00:00+08:00",
    "2026-02-29T09:00:00+08:00",
    "2026-13-01T09:00:00+08:00",
    "2026-00-01T09:00:00+08:00",
    "2026-01-00T09:00:00+08:00",
    "2026-1-01T09:00:00+08:00",
    "02026-01-01T09:00:00+08:00",
    "-2026-01-01T09:00:00+08:00",
    "+2026-01-01T09:00:00+08:00",
    "1969-12-31T23:59:59+08:00",
    "1970-01-01T00:00:00+09:00", /* still 1969 in Shanghai */
    "9999-12-31T23:59:59Z",      /* already 10000 in Shanghai */
    "0000-01-01T00:00:00Z",
    "2026-11-23T09:00:00Zulu",
    "２０２６-11-23T09:00:00Z",
};

START_TEST(what_is_not_a_time_is_refused_and_the_result_untouched)
{
    int64_t at = 12345;

    ck_assert_msg(!time_parse(bad_times[_i], &at), "\"%s\"", bad_times[_i]);
    ck_assert_int_eq(at, 12345);
}
END_TEST

START_TEST(only_dates_that_exist_are_dates)
{
    static const char *const bad[] = {
        "",           "2026-11-2",   "2026-11-230", "2026/11/23",
        "20261123",   "2026-11-23 ", "2026-02-29",  "2100-02-29",
        "2026-04-31", "1969-12-31",  "2026-00-10",  "2026-13-10",
        "2026-10-00", "2026-10-32",  "2026-11-23T", "10000-01-01",
    };
    int32_t day = 4711;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        ck_assert_msg(!time_parse_day(bad[i], &day), "\"%s\"", bad[i]);
        ck_assert_int_eq(day, 4711);
    }
    ck_assert(time_parse_day("2028-02-29", &day));
    ck_assert(time_parse_day("2000-02-29", &day));
    ck_assert_int_eq(day, 11016);
    ck_assert(time_parse_day("1970-01-01", &day));
    ck_assert_int_eq(day, 0);
    ck_assert(time_parse_day("9999-12-31", &day));
    ck_assert_int_eq(day, LAST_DAY);
}
END_TEST

START_TEST(the_wall_clock_is_the_systems)
{
    time_t before = time(NULL);
    int64_t now = time_now();

    ck_assert_int_ge(now, before - 1); /* time() may read a clock one tick behind */
    ck_assert_int_le(now, time(NULL) + 1);
}
END_TEST

START_TEST(the_monotonic_clock_counts_milliseconds_and_never_goes_back)
{
    struct timespec now;
    int64_t last = time_monotonic_ms();

    for (int i = 0; i < 1000; i++) {
        int64_t next = time_monotonic_ms();

        ck_assert_int_ge(next, last);
        last = next;
    }
    ck_assert_int_eq(clock_gettime(CLOCK_MONOTONIC, &now), 0);
    ck_assert_int_le(last / 1000, now.tv_sec);
    ck_assert_int_ge(last / 1000, now.tv_sec - 60);
}
END_TEST

Suite *
suite_timeutil(void)
{
    Suite *suite = suite_create("timeutil");
    TCase *tcase = tcase_create("timeutil");

    tcase_set_timeout(tcase,
                      60); /* every day of eight thousand years, under sanitizers */
    tcase_add_test(tcase, every_day_until_9999_has_the_date_the_c_library_gives);
    tcase_add_test(tcase, days_begin_and_end_at_midnight_in_shanghai);
    tcase_add_test(tcase, moments_beyond_all_days_are_moved_not_overflowed);
    tcase_add_test(tcase, a_time_is_written_with_the_offset_of_the_service);
    tcase_add_test(tcase, what_is_written_reads_back_the_same);
    tcase_add_test(tcase, one_moment_reads_the_same_in_every_offset);
    tcase_add_loop_test(tcase, what_is_not_a_time_is_refused_and_the_result_untouched, 0,
                        (int)(sizeof bad_times / sizeof bad_times[0]));
    tcase_add_test(tcase, only_dates_that_exist_are_dates);
    tcase_add_test(tcase, the_wall_clock_is_the_systems);
    tcase_add_test(tcase, the_monotonic_clock_counts_milliseconds_and_never_goes_back);
    suite_add_tcase(suite, tcase);
    return suite;
}
