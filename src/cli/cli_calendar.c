#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/timeutil.h"
#include "cli_internal.h"
#include "command/cmd_calendar.h"
#include "store/calendars.h"
#include "store/reader.h"
#include "store/store.h"
#include "store/writer.h"

/*
 * cli_calendar.c - `yidan calendar`: holidays from a file, shown as a difference
 * before they take effect, and what a year looks like now.
 */

#define FILE_BYTES_MAX ((size_t)1024 * 1024)

/* --- Showing ------------------------------------------------------------------------- */

static void
print_changes(const struct calendar_change *changes, size_t count)
{
    char date[TIME_TEXT_BYTES];

    for (size_t i = 0; i < count; i++) {
        time_format_day(changes[i].day, date);
        (void)printf("%s  %s -> %s%s\n", date,
                     choice_word(&words_calendar_mark, changes[i].from),
                     choice_word(&words_calendar_mark, changes[i].to),
                     changes[i].moves_deadlines ? "  (moves deadlines)" : "");
    }
    (void)printf("%zu days change\n", count);
}

static int
print_faults(const struct calendar_csv *csv, const char *path)
{
    for (size_t i = 0; i < csv->fault_count; i++)
        (void)fprintf(stderr, "%s:%d: %s\n", path, (int)csv->faults[i].row,
                      words_calendar_fault.items[csv->faults[i].reason].en);
    (void)fprintf(stderr, "%zu bad rows; nothing was imported\n", csv->fault_count);
    return EXIT_FAILED;
}

/* --- Importing ------------------------------------------------------------------------- */

/* The whole file, NUL-terminated; free() it.  NULL when it cannot be read or is too large. */
static char *
read_file(const char *path, size_t *ret_bytes)
{
    FILE *file = fopen(path, "re");
    char *text = file == NULL ? NULL : malloc(FILE_BYTES_MAX + 1);
    size_t bytes = text == NULL ? 0 : fread(text, 1, FILE_BYTES_MAX + 1, file);
    bool is_good = text != NULL && ferror(file) == 0 && bytes <= FILE_BYTES_MAX;

    if (file != NULL)
        (void)fclose(file); /* read only, nothing to lose */
    if (!is_good) {
        free(text);
        return NULL;
    }
    text[bytes] = '\0';
    *ret_bytes = bytes;
    return text;
}

static void
print_tickets(const struct recomputed *tickets, size_t count)
{
    char before[TIME_TEXT_BYTES], after[TIME_TEXT_BYTES];

    for (size_t i = 0; i < count; i++) {
        time_format(tickets[i].due_before, before);
        time_format(tickets[i].due_after, after);
        (void)printf("%s  %s%s -> %s%s\n", tickets[i].no, before,
                     tickets[i].was_provisional ? " (provisional)" : "", after,
                     tickets[i].is_provisional ? " (provisional)" : "");
    }
    (void)printf("%zu open tickets are recomputed\n", count);
}

static int
import(const struct config *config, const struct calendar_csv *csv, const char *path,
       bool is_dry_run)
{
    const char *slash = strrchr(path, '/');
    struct problem problem = { .value = "" };
    struct arena *arena = arena_new();
    struct cmd_calendar cmd;
    struct cli_database database;
    enum err err =
        arena == NULL ? ERR_NO_MEMORY : cli_database_open(config, &database, &problem);

    if (err != OK) {
        arena_free(arena);
        return cli_fail(err, &problem);
    }
    cmd_calendar_import_init(&cmd);
    cmd.job.is_rehearsal = is_dry_run;
    cmd.actor = (struct actor){ .kind = ACTOR_CLI };
    cmd.csv = csv;
    cmd.source = slash == NULL ? path : slash + 1;
    cmd.now = time_now();
    cmd.arena = arena;
    err = writer_run(database.writer, &cmd.job);
    cli_database_close(&database);
    int code = err == OK ? EXIT_OK : cli_fail(err, &cmd.job.problem);

    if (err == OK) {
        print_changes(cmd.changes, cmd.change_count);
        print_tickets(cmd.tickets, cmd.ticket_count);
        if (is_dry_run)
            (void)printf("nothing was changed\n");
        else
            (void)printf("%zu years entered\n", csv->year_count);
    }
    arena_free(arena);
    return code;
}

static int
read_and_import(const struct config *config, const char *path, bool is_dry_run)
{
    struct calendar_csv *csv = NULL;
    size_t bytes = 0;
    char *text = read_file(path, &bytes);

    if (text == NULL) {
        (void)fprintf(stderr, "yidan: %s cannot be read, or is larger than 1 MiB\n",
                      path);
        return EXIT_FAILED;
    }
    int code = EXIT_OK;
    enum err err = calendar_csv_parse(text, bytes, &csv);
    if (err != OK)
        code = cli_fail(err, NULL);
    else if (csv->fault_count > 0)
        code = print_faults(csv, path);
    else
        code = import(config, csv, path, is_dry_run);
    calendar_csv_free(csv);
    free(text);
    return code;
}

static enum err
print_year(const struct cli_glance *glance, int year)
{
    struct calendar_row *rows = NULL;
    size_t count = 0, year_count = 0;
    int *years = NULL;
    bool is_entered = false;
    char date[TIME_TEXT_BYTES];

    TRY(calendars_years(glance->reader->db, glance->arena, &years, &year_count));
    for (size_t i = 0; i < year_count; i++)
        is_entered = is_entered || years[i] == year;
    TRY(calendars_days(glance->reader->db, glance->arena,
                       time_day_of_date((struct civil_date){ year, 1, 1 }),
                       time_day_of_date((struct civil_date){ year, 12, 31 }), &rows,
                       &count));
    for (size_t i = 0; i < count; i++) {
        time_format_day(rows[i].day, date);
        (void)printf("%s,%s,%s\n", date, rows[i].is_workday ? "workday" : "holiday",
                     rows[i].name == NULL ? "" : rows[i].name);
    }
    if (!is_entered)
        (void)fprintf(stderr, "%d has not been entered: only weekdays are known\n", year);
    return OK;
}

static int
show(const struct config *config, const char *word)
{
    struct problem problem = { .value = "" };
    struct cli_glance glance;
    char *end = NULL;
    long year = strtol(word, &end, 10);

    if (*end != '\0' || year < CALENDAR_YEAR_MIN || year > CALENDAR_YEAR_MAX)
        return cli_misuse("not a year: %s", word);
    enum err err = cli_glance_open(config, 0, &glance, &problem);
    if (err != OK)
        return cli_fail(err, &problem);
    err = print_year(&glance, (int)year);
    cli_glance_close(&glance);
    return err == OK ? EXIT_OK : cli_fail(err, NULL);
}

int
cli_calendar(int argc, char **argv)
{
    bool is_dry_run = false;
    const struct cli_option options[] = {
        { "dry-run", NULL, "only print what would change", NULL, &is_dry_run },
        { NULL, NULL, NULL, NULL, NULL },
    };
    struct cli_input input = {
        .usage = "yidan calendar import FILE [--dry-run] | show YEAR [options]",
        .summary =
            "import  enter the years of a CSV file: date,type,name; type is holiday or\n"
            "        workday. Bad rows are listed and nothing is imported then.\n"
            "show    print a year in that form",
        .options = options,
        .word_min = 2,
        .word_max = 2,
    };

    int code = cli_read(&input, argc, argv);
    if (code != CLI_GO_ON)
        return code;
    if (strcmp(input.words[0], "import") == 0)
        return read_and_import(&input.config, input.words[1], is_dry_run);
    if (strcmp(input.words[0], "show") == 0)
        return show(&input.config, input.words[1]);
    return cli_misuse("no such thing to do: calendar %s", input.words[0]);
}
