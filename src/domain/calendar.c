#include "domain/calendar.h"

#include <assert.h>
#include <stdlib.h>

#include "base/timeutil.h"

/*
 * calendar.c - workdays as bits (product.md, section 4).
 *
 * 1. Two bits per day, from the first to the last day about which anything was
 *    said: is it a workday, and is its year entered.
 * 2. A day outside that range is a workday from Monday to Friday and its year
 *    is not entered.  So every walk below ends: seven days beyond the range
 *    hold five workdays.
 * 3. Nothing changes after calendar_new(): a calendar is shared without a lock.
 */

#define WORD_BITS 64
#define WORKDAYS_A_WEEK 5
#define WARNING_MONTH 11 /* the State Council tells next year's days about then */

struct calendar {
    int32_t first_day;
    int32_t day_count;
    uint64_t *workday; /* day_count bits each, in `bits` */
    uint64_t *known;
    uint64_t bits[];
};

static bool
bit(const uint64_t *bits, int32_t i)
{
    return (bits[i / WORD_BITS] >> (i % WORD_BITS) & 1) != 0;
}

static void
bit_put(uint64_t *bits, int32_t i, bool is_set)
{
    uint64_t mask = UINT64_C(1) << (i % WORD_BITS);

    if (is_set)
        bits[i / WORD_BITS] |= mask;
    else
        bits[i / WORD_BITS] &= ~mask;
}

static int32_t
year_start(int year)
{
    return time_day_of_date((struct civil_date){ year, 1, 1 });
}

static bool
is_weekday(int32_t day)
{
    return time_weekday(day) <= WORKDAYS_A_WEEK;
}

/* Find the range of invariant 1, empty when nothing was said.  False: not acceptable. */
static bool
find_range(const int *years, size_t year_count,
           const struct calendar_exception *exceptions, size_t exception_count,
           int32_t *ret_first_day, int32_t *ret_end_day)
{
    const int32_t least = year_start(CALENDAR_YEAR_MIN);
    const int32_t end = year_start(CALENDAR_YEAR_MAX + 1);
    int32_t first_day = end, end_day = least;

    for (size_t i = 0; i < year_count; i++) {
        if (years[i] < CALENDAR_YEAR_MIN || years[i] > CALENDAR_YEAR_MAX)
            return false;
        if (year_start(years[i]) < first_day)
            first_day = year_start(years[i]);
        if (year_start(years[i] + 1) > end_day)
            end_day = year_start(years[i] + 1);
    }
    for (size_t i = 0; i < exception_count; i++) {
        int32_t day = exceptions[i].day;

        if (day < least || day >= end)
            return false;
        if (i > 0 && day <= exceptions[i - 1].day)
            return false;
        if (day < first_day)
            first_day = day;
        if (day >= end_day)
            end_day = day + 1;
    }
    *ret_first_day = first_day;
    *ret_end_day = first_day < end_day ? end_day : first_day;
    return true;
}

enum err
calendar_new(const int *years, size_t year_count,
             const struct calendar_exception *exceptions, size_t exception_count,
             struct calendar **ret_calendar)
{
    int32_t first_day, end_day;

    if (!find_range(years, year_count, exceptions, exception_count, &first_day, &end_day))
        return ERR_FIELD_INVALID;

    int32_t day_count = end_day - first_day;
    size_t word_count = ((size_t)day_count + WORD_BITS - 1) / WORD_BITS;
    struct calendar *calendar =
        calloc(1, sizeof *calendar + 2 * word_count * sizeof calendar->bits[0]);

    if (calendar == NULL)
        return ERR_NO_MEMORY;
    calendar->first_day = first_day;
    calendar->day_count = day_count;
    calendar->workday = calendar->bits;
    calendar->known = calendar->bits + word_count;

    for (int32_t i = 0; i < day_count; i++)
        bit_put(calendar->workday, i, is_weekday(first_day + i));
    for (size_t y = 0; y < year_count; y++)
        for (int32_t day = year_start(years[y]); day < year_start(years[y] + 1); day++)
            bit_put(calendar->known, day - first_day, true);
    for (size_t e = 0; e < exception_count; e++)
        bit_put(calendar->workday, exceptions[e].day - first_day,
                exceptions[e].is_workday);
    *ret_calendar = calendar;
    return OK;
}

void
calendar_free(struct calendar *calendar)
{
    free(calendar);
}

bool
calendar_is_workday(const struct calendar *calendar, int32_t day, bool *ret_known)
{
    bool is_inside = day >= calendar->first_day &&
                     (int64_t)day - calendar->first_day < calendar->day_count;

    if (ret_known != NULL)
        *ret_known = is_inside && bit(calendar->known, day - calendar->first_day);
    return is_inside ? bit(calendar->workday, day - calendar->first_day)
                     : is_weekday(day);
}

bool
calendar_covers_year(const struct calendar *calendar, int year)
{
    bool known = false;

    if (year >= CALENDAR_YEAR_MIN && year <= CALENDAR_YEAR_MAX)
        (void)calendar_is_workday(calendar, year_start(year), &known); /* only `known` */
    return known;
}

int32_t
calendar_nth_workday(const struct calendar *calendar, int32_t day, int workdays,
                     bool *ret_provisional)
{
    bool is_provisional = false;

    assert(workdays >= 1 && workdays <= CALENDAR_WORKDAYS_MAX);
    while (workdays > 0) {
        bool known;

        day++;
        if (calendar_is_workday(calendar, day, &known))
            workdays--;
        if (!known)
            is_provisional = true;
    }
    if (ret_provisional != NULL)
        *ret_provisional = is_provisional;
    return day;
}

int
calendar_missing_year(const struct calendar *calendar, int32_t day)
{
    struct civil_date date = time_date_of_day(day);

    if (!calendar_covers_year(calendar, date.year))
        return date.year;
    return date.month >= WARNING_MONTH && !calendar_covers_year(calendar, date.year + 1)
               ? date.year + 1
               : 0;
}

int64_t
calendar_add_workdays(const struct calendar *calendar, int64_t at, int workdays,
                      bool *ret_provisional)
{
    return time_day_end(
        calendar_nth_workday(calendar, time_day(at), workdays, ret_provisional));
}

int32_t
calendar_workdays_between(const struct calendar *calendar, int32_t from_day,
                          int32_t to_day)
{
    if (to_day < from_day)
        return -calendar_workdays_between(calendar, to_day, from_day);

    int32_t count = 0;

    for (int32_t day = from_day; day < to_day; day++)
        count += calendar_is_workday(calendar, day + 1, NULL);
    return count;
}

int32_t
calendar_next_workday(const struct calendar *calendar, int32_t day)
{
    return calendar_nth_workday(calendar, day, 1, NULL);
}

int32_t
calendar_previous_workday(const struct calendar *calendar, int32_t day)
{
    do
        day--;
    while (!calendar_is_workday(calendar, day, NULL));
    return day;
}
