#ifndef YIDAN_TESTS_SEED_CALENDAR_H
#define YIDAN_TESTS_SEED_CALENDAR_H

#include <stdio.h>
#include <stdlib.h>

#include "domain/calendar.h"
#include "domain/calendar_csv.h"

/*
 * seed_calendar.h - the shipped holidays for a test, by the way an import goes.
 *
 * A file that cannot be used ends the test program: nothing it would say about
 * dates could be trusted.
 */

/* Relative to the top of the source tree, where the tests are run. */
#define SEED_CALENDAR_PATH "sql/seed/holidays.csv"

static inline struct calendar_csv *
seed_csv_read(const char *path)
{
    static char text[1 << 18];
    FILE *file = fopen(path, "rb");
    size_t bytes = file == NULL ? 0 : fread(text, 1, sizeof text, file);
    struct calendar_csv *csv = NULL;

    if (file != NULL)
        (void)fclose(file); /* it was only read */
    if (bytes == 0 || bytes == sizeof text ||
        calendar_csv_parse(text, bytes, &csv) != OK || csv->fault_count > 0) {
        fprintf(stderr, "%s cannot be used; are you in the top of the source tree?\n",
                path);
        exit(EXIT_FAILURE);
    }
    return csv;
}

static inline struct calendar *
seed_calendar_make(const struct calendar_csv *csv)
{
    struct calendar_exception *exceptions = calloc(csv->day_count, sizeof *exceptions);
    struct calendar *calendar = NULL;

    if (exceptions == NULL)
        exit(EXIT_FAILURE);
    for (size_t i = 0; i < csv->day_count; i++)
        exceptions[i] =
            (struct calendar_exception){ csv->days[i].day, csv->days[i].is_workday };
    if (calendar_new(csv->years, csv->year_count, exceptions, csv->day_count,
                     &calendar) != OK)
        exit(EXIT_FAILURE);
    free(exceptions);
    return calendar;
}

#endif
