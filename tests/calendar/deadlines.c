#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/timeutil.h"
#include "domain/deadline.h"
#include "seed_calendar.h"

/*
 * deadlines.c - print what the program's own calendar computes, for
 *               independent.mjs to compare (product.md, section 4).
 *
 * deadlines grid FILE     one line per start day 2014-01-01 to 2026-12-31 and
 *                         1 to 30 workdays: date,workdays,due,provisional
 * deadlines moments FILE  for each line "dispatched replied" on standard input:
 *                         due as web, due as others, late as web, late as others
 *
 * FILE is the holidays; moments are RFC 3339.
 */

#define WEB_WORKDAYS 3
#define OTHER_WORKDAYS 5

static void
print_grid(const struct calendar *calendar)
{
    const int32_t first = time_day_of_date((struct civil_date){ 2014, 1, 1 });
    const int32_t last = time_day_of_date((struct civil_date){ 2026, 12, 31 });

    for (int32_t day = first; day <= last; day++)
        for (int workdays = 1; workdays <= 30; workdays++) {
            char start[TIME_TEXT_BYTES], due[TIME_TEXT_BYTES];
            bool is_provisional;
            /* Any second of the day must do; so take another one each time. */
            int64_t at = time_day_start(day) + (day * 31 + workdays) * 2879 % 86400;

            time_format_day(day, start);
            time_format(calendar_add_workdays(calendar, at, workdays, &is_provisional),
                        due);
            printf("%s,%d,%s,%d\n", start, workdays, due, is_provisional);
        }
}

static int
print_moments(const struct calendar *calendar)
{
    const struct limits limits = limits_defaults();
    char line[128];

    while (fgets(line, sizeof line, stdin) != NULL) {
        char *dispatched = strtok(line, " \n");
        char *replied = strtok(NULL, " \n");
        int64_t dispatched_at, replied_at, due_at[2];

        if (dispatched == NULL || replied == NULL ||
            !time_parse(dispatched, &dispatched_at) ||
            !time_parse(replied, &replied_at)) {
            fprintf(stderr, "not two moments: %s\n", line);
            return EXIT_FAILURE;
        }
        for (int column = 0; column < 2; column++) {
            char due[TIME_TEXT_BYTES];

            due_at[column] = deadline_handle(calendar, &limits, URGENCY_NORMAL,
                                             column == 0 ? WEB_WORKDAYS : OTHER_WORKDAYS,
                                             dispatched_at, 0, NULL, NULL);
            time_format(due_at[column], due);
            printf("%s,", due);
        }
        printf("%d,%d\n", replied_at > due_at[0], replied_at > due_at[1]);
    }
    return EXIT_SUCCESS;
}

int
main(int argc, char **argv)
{
    if (argc != 3 || (strcmp(argv[1], "grid") != 0 && strcmp(argv[1], "moments") != 0)) {
        fprintf(stderr, "usage: deadlines grid|moments FILE\n");
        return EXIT_FAILURE;
    }
    struct calendar_csv *csv = seed_csv_read(argv[2]);
    struct calendar *calendar = seed_calendar_make(csv);
    int status = EXIT_SUCCESS;

    if (strcmp(argv[1], "grid") == 0)
        print_grid(calendar);
    else
        status = print_moments(calendar);
    calendar_free(calendar);
    calendar_csv_free(csv);
    return fflush(stdout) == 0 ? status : EXIT_FAILURE;
}
