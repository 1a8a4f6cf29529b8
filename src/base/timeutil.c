#include "base/timeutil.h"

#include <string.h>
#include <time.h>

/*
 * Days are counted with Howard Hinnant's civil calendar algorithms: a year
 * begins in March there, so that the leap day is the last of its year.
 *
 * 1. Nothing here asks the C library for a zone: the service's is +08:00.
 * 2. What cannot be written as a year of four digits, 1970 to 9999, is moved
 *    to the nearest moment that can.
 */

#define DAY_SECONDS 86400
#define ZONE_SECONDS ((int64_t)TIME_ZONE_SECONDS)
#define LAST_DAY 2932896 /* 9999-12-31 */

/* Quotient rounded towards minus infinity; C rounds towards zero. */
static int64_t
floor_div(int64_t dividend, int64_t divisor)
{
    return dividend / divisor - (dividend % divisor < 0);
}

int64_t
time_now(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_REALTIME, &now); /* cannot fail for this clock */
    return now.tv_sec;
}

int64_t
time_monotonic_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail for this clock */
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* `at` moved into the range that invariant 2 names. */
static int64_t
clamped(int64_t at)
{
    if (at < time_day_start(0))
        return time_day_start(0);
    if (at > time_day_end(LAST_DAY))
        return time_day_end(LAST_DAY);
    return at;
}

int32_t
time_day(int64_t at)
{
    /* Outside these bounds, millions of years away, no day fits its type. */
    if (at <= time_day_start(INT32_MIN))
        return INT32_MIN;
    if (at >= time_day_end(INT32_MAX))
        return INT32_MAX;
    return (int32_t)floor_div(at + ZONE_SECONDS, DAY_SECONDS);
}

int64_t
time_day_start(int32_t day)
{
    return (int64_t)day * DAY_SECONDS - ZONE_SECONDS;
}

int64_t
time_day_end(int32_t day)
{
    return time_day_start(day) + DAY_SECONDS - 1;
}

int32_t
time_of_day(int64_t at)
{
    /* Adding the zone after the division cannot overflow, whatever `at` is. */
    int64_t second = at % DAY_SECONDS + ZONE_SECONDS;

    return (int32_t)((second + DAY_SECONDS) % DAY_SECONDS);
}

int32_t
time_day_of_date(struct civil_date date)
{
    int64_t year = date.month <= 2 ? (int64_t)date.year - 1 : date.year;
    int64_t era = floor_div(year, 400);
    int64_t year_of_era = year - era * 400;
    int64_t month_from_march = (date.month + 9) % 12;
    int64_t day_of_year = (153 * month_from_march + 2) / 5 + date.mday - 1;
    int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

    return (int32_t)(era * 146097 + day_of_era - 719468);
}

struct civil_date
time_date_of_day(int32_t day)
{
    int64_t shifted = (int64_t)day + 719468;
    int64_t era = floor_div(shifted, 146097);
    int64_t day_of_era = shifted - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month_from_march = (5 * day_of_year + 2) / 153;
    struct civil_date date;

    date.mday = (int)(day_of_year - (153 * month_from_march + 2) / 5 + 1);
    date.month =
        (int)(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
    date.year = (int)(year_of_era + era * 400 + (date.month <= 2));
    return date;
}

int
time_weekday(int32_t day)
{
    /* Day 0 was a Thursday, 4. */
    return (int)((((int64_t)day + 3) % 7 + 7) % 7) + 1;
}

/* --- Text ------------------------------------------------------------------ */

static char *
put_two(char *text, int number)
{
    text[0] = (char)('0' + number / 10);
    text[1] = (char)('0' + number % 10);
    return text + 2;
}

static char *
put_date(char *text, int32_t day)
{
    struct civil_date date = time_date_of_day(day);

    text = put_two(text, date.year / 100);
    text = put_two(text, date.year % 100);
    *text++ = '-';
    text = put_two(text, date.month);
    *text++ = '-';
    return put_two(text, date.mday);
}

void
time_format(int64_t at, char *text)
{
    /* Never negative, so one plain division does. */
    uint64_t local = (uint64_t)(clamped(at) + ZONE_SECONDS);
    int second = (int)(local % DAY_SECONDS);

    text = put_date(text, (int32_t)(local / DAY_SECONDS));
    *text++ = 'T';
    text = put_two(text, second / 3600);
    *text++ = ':';
    text = put_two(text, second / 60 % 60);
    *text++ = ':';
    text = put_two(text, second % 60);
    memcpy(text, "+08:00", sizeof "+08:00");
}

void
time_format_day(int32_t day, char *text)
{
    day = day < 0 ? 0 : day > LAST_DAY ? LAST_DAY : day;
    *put_date(text, day) = '\0';
}

/* Read exactly `digits` digits at `*text` and move on. */
static bool
take_number(const char **text, int digits, int *ret_number)
{
    int number = 0;

    for (int i = 0; i < digits; i++) {
        char digit = (*text)[i];

        if (digit < '0' || digit > '9')
            return false; /* also at the NUL, so nothing beyond it is read */
        number = number * 10 + (digit - '0');
    }
    *text += digits;
    *ret_number = number;
    return true;
}

static bool
take_byte(const char **text, char byte)
{
    if (**text != byte)
        return false;
    (*text)++;
    return true;
}

static bool
take_date(const char **text, int32_t *ret_day)
{
    struct civil_date date;

    if (!take_number(text, 4, &date.year) || !take_byte(text, '-') ||
        !take_number(text, 2, &date.month) || !take_byte(text, '-') ||
        !take_number(text, 2, &date.mday))
        return false;
    if (date.year < 1970 || date.month < 1 || date.month > 12 || date.mday < 1 ||
        date.mday > 31)
        return false;

    /* A date that does not exist, such as 30 February, comes back as another one. */
    int32_t day = time_day_of_date(date);
    if (time_date_of_day(day).mday != date.mday)
        return false;
    *ret_day = day;
    return true;
}

static bool
take_time_of_day(const char **text, int *ret_second)
{
    int hour = 0, minute = 0, second = 0;

    /* A 60th second has no number in POSIX time, so it is no time for us. */
    if (!take_number(text, 2, &hour) || !take_byte(text, ':') ||
        !take_number(text, 2, &minute) || !take_byte(text, ':') ||
        !take_number(text, 2, &second) || hour > 23 || minute > 59 || second > 59)
        return false;
    if (take_byte(text, '.')) {
        if (**text < '0' || **text > '9')
            return false;
        while (**text >= '0' && **text <= '9')
            (*text)++;
    }
    *ret_second = hour * 3600 + minute * 60 + second;
    return true;
}

static bool
take_offset(const char **text, int *ret_second)
{
    if (take_byte(text, 'Z') || take_byte(text, 'z')) {
        *ret_second = 0;
        return true;
    }
    int sign = 0, hour = 0, minute = 0;

    if (take_byte(text, '+'))
        sign = 1;
    else if (take_byte(text, '-'))
        sign = -1;
    else
        return false;
    if (!take_number(text, 2, &hour) || !take_byte(text, ':') ||
        !take_number(text, 2, &minute) || hour > 23 || minute > 59)
        return false;
    *ret_second = sign * (hour * 3600 + minute * 60);
    return true;
}

bool
time_parse(const char *text, int64_t *ret_at)
{
    int32_t day = 0;
    int second = 0, offset = 0;

    if (!take_date(&text, &day) || !(take_byte(&text, 'T') || take_byte(&text, 't')) ||
        !take_time_of_day(&text, &second) || !take_offset(&text, &offset) ||
        *text != '\0')
        return false;
    int64_t at = (int64_t)day * DAY_SECONDS + second - offset;

    /* Its year in the service's zone must be one that time_format() can write. */
    if (at != clamped(at))
        return false;
    *ret_at = at;
    return true;
}

bool
time_parse_day(const char *text, int32_t *ret_day)
{
    int32_t day = 0;

    if (!take_date(&text, &day) || *text != '\0')
        return false;
    *ret_day = day;
    return true;
}
