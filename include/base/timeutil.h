#ifndef YIDAN_BASE_TIMEUTIL_H
#define YIDAN_BASE_TIMEUTIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * timeutil.h - days and seconds of the service's zone, Asia/Shanghai.
 *
 * Layer    base.
 * Threads  pure functions, but for time_now().
 * Units    `at`  seconds since 1970-01-01T00:00Z
 *          `day` days since 1970-01-01 in the service's zone, which is +08:00
 *                without daylight saving (product.md, section 4)
 */

#define TIME_ZONE_SECONDS (8 * 3600)
#define TIME_TEXT_BYTES 32

struct civil_date {
    int year;  /* 1970..9999 */
    int month; /* 1..12 */
    int mday;  /* 1..31 */
};

/* The wall clock. Only http, background and cli call it; below them `now` is a parameter. */
int64_t time_now(void);

/* CLOCK_MONOTONIC in milliseconds, for waits and durations only. */
int64_t time_monotonic_ms(void);

/* The local day of a moment, and the first and last second of a day. */
int32_t time_day(int64_t at);
int64_t time_day_start(int32_t day);
int64_t time_day_end(int32_t day); /* 23:59:59 */

/* Seconds since local midnight, 0..86399. */
int32_t time_of_day(int64_t at);

int32_t time_day_of_date(struct civil_date date);
struct civil_date time_date_of_day(int32_t day);

/* 1 = Monday .. 7 = Sunday. */
int time_weekday(int32_t day);

/* "2026-11-23T09:00:00+08:00" and "2026-11-23" into `text` of TIME_TEXT_BYTES. */
void time_format(int64_t at, char *text);
void time_format_day(int32_t day, char *text);

/* Read RFC 3339 with a mandatory offset, years 1970-9999; fractions are cut off. False: not one. */
bool time_parse(const char *text, int64_t *ret_at);

/* Read "YYYY-MM-DD", a date that exists. */
bool time_parse_day(const char *text, int32_t *ret_day);

#endif
