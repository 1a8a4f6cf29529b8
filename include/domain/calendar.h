#ifndef YIDAN_DOMAIN_CALENDAR_H
#define YIDAN_DOMAIN_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/*
 * calendar.h - which days are workdays, and when "in 5 workdays" is.
 *
 * Layer    domain: no I/O, no clock, no globals.
 * Threads  a calendar never changes after calendar_new(); share it freely.
 * Units    `day`  days since 1970-01-01 in the service's time zone
 *          `at`   seconds since 1970-01-01T00:00Z
 *          Both within the years 1970 to 9999.
 *
 * A year is entered or it is not (product.md, section 4).  In a year that is
 * not, Monday to Friday are taken for workdays and every answer that rests on
 * it is called provisional.  In all functions a `ret_` pointer to bool may be
 * NULL: not wanted.
 */

#define CALENDAR_YEAR_MIN 1970
#define CALENDAR_YEAR_MAX 9999
#define CALENDAR_WORKDAYS_MAX 250

struct calendar; /* opaque */

/* One day that breaks the Monday-to-Friday rule. */
struct calendar_exception {
    int32_t day;
    bool is_workday; /* true: make-up workday (调休); false: holiday */
};

/*
 * Make a calendar in which the `year_count` years `years` are entered, in any
 * order and with gaps.
 *
 * `exceptions` is sorted by day, without doubles.  One may lie in a year that
 * is not entered, because a year's notice also changes days of the December
 * before: it counts, but that year stays not entered.  Both arrays are read
 * only during the call.  On OK `*ret_calendar` belongs to the caller:
 * calendar_free() it.
 *
 * Errors   ERR_NO_MEMORY
 *          ERR_FIELD_INVALID  exceptions unsorted or doubled; a year or an
 *                             exception outside CALENDAR_YEAR_MIN..MAX
 */
MUST_CHECK enum err calendar_new(const int *years, size_t year_count,
                                 const struct calendar_exception *exceptions,
                                 size_t exception_count, struct calendar **ret_calendar);

/* Free `calendar`; NULL does nothing. */
void calendar_free(struct calendar *calendar);

/* Is `day` a workday?  `*ret_known`: its year is entered. */
bool calendar_is_workday(const struct calendar *calendar, int32_t day, bool *ret_known);

/* Is `year` entered? */
bool calendar_covers_year(const struct calendar *calendar, int year);

/*
 * The year whose days the office must enter, seen from `day`: its own, or from
 * 1 November the next one (product.md, section 4).  0: none is missing.
 */
int calendar_missing_year(const struct calendar *calendar, int32_t day);

/*
 * The last second (23:59:59) of the `workdays`-th workday after the local date
 * of `at`; that date itself does not count (product.md, section 4).
 * `workdays` is 1..CALENDAR_WORKDAYS_MAX.
 *
 * `*ret_provisional`: some day stepped over, the due date included, lies in a
 * year that is not entered.
 */
int64_t calendar_add_workdays(const struct calendar *calendar, int64_t at, int workdays,
                              bool *ret_provisional);

/* The same for days: the `workdays`-th workday strictly after `day`. */
int32_t calendar_nth_workday(const struct calendar *calendar, int32_t day, int workdays,
                             bool *ret_provisional);

/*
 * How many workdays lie after `from_day` up to and including `to_day`; when
 * `to_day` is the earlier one, minus the count the other way round.
 */
int32_t calendar_workdays_between(const struct calendar *calendar, int32_t from_day,
                                  int32_t to_day);

/* The nearest workday strictly after, and strictly before, `day`. */
int32_t calendar_next_workday(const struct calendar *calendar, int32_t day);
int32_t calendar_previous_workday(const struct calendar *calendar, int32_t day);

#endif
