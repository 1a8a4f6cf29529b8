#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/timeutil.h"

/*
 * Any text as a time and as a date, and any number as a moment.  What is
 * accepted is what the C library calculates, and survives writing and reading.
 */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool is_true)
{
    if (!is_true)
        abort();
}

static void
check_moment(int64_t at)
{
    char text[TIME_TEXT_BYTES];
    int64_t again = 0;

    time_format(at, text);
    must(strlen(text) == 25);
    must(time_parse(text, &again));
    if (at >= time_day_start(0) && at < INT64_C(253402271999))
        must(again == at);
    must(time_of_day(at) >= 0 && time_of_day(at) < 86400);
}

/* The moment without its fraction and offset, as the C library has it. */
static void
check_time(const char *text, int64_t at)
{
    struct tm tm = { 0 };
    const char *rest = strptime(text, "%Y-%m-%d", &tm);

    must(rest != NULL && (*rest == 'T' || *rest == 't'));
    rest = strptime(rest + 1, "%H:%M:%S", &tm);
    must(rest != NULL);
    int64_t local = timegm(&tm);
    must(local - at < 86400 && at - local < 86400);
    if (strpbrk(rest, "Zz") != NULL)
        must(local == at);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    int64_t at = 0;
    int32_t day = 0;

    if (text == NULL)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    if (time_parse(text, &at)) {
        check_moment(at);
        check_time(text, at);
    }
    if (time_parse_day(text, &day)) {
        char again[TIME_TEXT_BYTES];

        time_format_day(day, again);
        must(strcmp(text, again) == 0);
        must(time_day_of_date(time_date_of_day(day)) == day);
    }
    if (size >= sizeof at) {
        memcpy(&at, data, sizeof at);
        check_moment(at);
        must(time_day(at) >= time_day(at - (at > INT64_MIN)));
    }
    free(text);
    return 0;
}
