#include "command/cmd_calendar.h"

#include <assert.h>
#include <string.h>

#include "base/text.h"
#include "base/timeutil.h"
#include "store/calendars.h"
#include "store/events.h"
#include "store/writer.h"

/*
 * cmd_calendar.c - a file of holidays takes effect.
 *
 * 1. After the import the days of a year the file enters are those of the file
 *    and no others; in other years the file adds (domain/calendar_csv.h).
 */

enum err
cmd_calendar_diff(struct db *db, struct arena *arena, const struct calendar_csv *csv,
                  struct calendar_change **ret_changes, size_t *ret_count)
{
    int32_t first = time_day_of_date((struct civil_date){ CALENDAR_YEAR_MIN, 1, 1 });
    int32_t last = time_day_of_date((struct civil_date){ CALENDAR_YEAR_MAX, 12, 31 });
    struct calendar_row *rows = NULL;
    size_t count = 0;

    TRY(calendars_days(db, arena, first, last, &rows, &count));
    struct calendar_exception *before =
        arena_array(arena, struct calendar_exception, count);
    struct calendar_exception *after =
        arena_array(arena, struct calendar_exception, csv->day_count);
    struct calendar_change *changes =
        arena_array(arena, struct calendar_change, count + csv->day_count);

    if (before == NULL || after == NULL || changes == NULL)
        return ERR_NO_MEMORY;
    for (size_t i = 0; i < count; i++)
        before[i] = (struct calendar_exception){ rows[i].day, rows[i].is_workday };
    for (size_t i = 0; i < csv->day_count; i++)
        after[i] =
            (struct calendar_exception){ csv->days[i].day, csv->days[i].is_workday };
    *ret_count = calendar_diff(before, count, after, csv->day_count, csv->years,
                               csv->year_count, changes);
    *ret_changes = changes;
    return OK;
}

/* The event says which years were entered, and how many days changed. */
static enum err
tell(struct txn *txn, const struct cmd_calendar_import *cmd)
{
    const char *years = "";

    for (size_t i = 0; i < cmd->csv->year_count; i++) {
        years = arena_printf(txn->arena, "%s%s%d", years, i == 0 ? "" : ",",
                             cmd->csv->years[i]);
        if (years == NULL)
            return ERR_NO_MEMORY;
    }
    const char *facts = arena_printf(txn->arena, "\"years\":[%s],\"changed_days\":%zu",
                                     years, cmd->change_count);
    struct event event = {
        .at = cmd->now,
        .actor = &cmd->actor,
        .type = "calendar_imported",
        .from_state = CHOICE_NONE,
        .to_state = CHOICE_NONE,
        .facts = facts,
    };

    if (facts == NULL)
        return ERR_NO_MEMORY;
    event_add_text(&event, "source", cmd->source);
    return events_append(txn, &event, NULL);
}

static enum err
import_run(struct txn *txn, struct job *job)
{
    struct cmd_calendar_import *cmd = job_as(job, struct cmd_calendar_import);
    const struct calendar_csv *csv = cmd->csv;
    struct calendar_change *changes = NULL;

    assert(csv->fault_count == 0);
    TRY(cmd_calendar_diff(txn->db, txn->arena, csv, &changes, &cmd->change_count));
    for (size_t i = 0; i < csv->year_count; i++)
        TRY(calendars_enter_year(txn, csv->years[i], cmd->source, cmd->now));
    for (size_t i = 0; i < csv->day_count; i++) {
        const struct calendar_csv_day *day = &csv->days[i];

        TRY(calendars_put_day(
            txn, &(struct calendar_row){ day->day, day->is_workday, day->name }));
    }
    TRY(tell(txn, cmd));
    job->changes_rulebook = true;
    return OK;
}

void
cmd_calendar_import_init(struct cmd_calendar_import *cmd)
{
    *cmd = (struct cmd_calendar_import){
        .job = { .name = "calendar_import", .run = import_run },
    };
}
