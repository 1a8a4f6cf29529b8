/*
 * api_calendar.c - /calendar: the days of a year, and how they are changed.
 *
 * Every change can be asked for with dry_run=true: the same job, undone, says
 * which days and which open tickets would move.
 */
#include <stdlib.h>
#include <string.h>

#include "api_internal.h"
#include "base/text.h"
#include "base/timeutil.h"
#include "command/cmd_calendar.h"
#include "domain/calendar.h"
#include "store/calendars.h"
#include "store/reader.h"
#include "store/rulebook.h"
#include "store/units.h"

#define FILE_CHARACTERS_MAX 80000
#define SHOWN_TICKETS 200

/* --- A year ------------------------------------------------------------------------ */

struct year_query {
    int64_t year;
};
static const struct json_field year_fields[] = {
    JSON_INT("year", struct year_query, year, CALENDAR_YEAR_MIN, CALENDAR_YEAR_MAX,
             JSON_OPTIONAL),
    JSON_END,
};

static void
write_day(struct json_out *out, const struct calendar_row *row)
{
    const struct calendar_exception said = { row->day, row->is_workday };

    json_object_open(out, NULL);
    json_date(out, "date", row->day);
    api_choice(out, "mark", &words_calendar_mark, (int)calendar_mark_of(&said));
    json_text(out, "name", row->name);
    json_object_close(out);
}

/* GET /calendar?year= - this year when none is said. */
enum err
calendar_show(struct request *req)
{
    int32_t today = time_day(req->now);
    struct year_query asked = { .year = time_date_of_day(today).year };
    struct calendar_row *rows = NULL;
    size_t count = 0, year_count = 0;
    int *years = NULL, missing;
    struct json_out out;

    TRY(request_query_read(req, year_fields, &asked, NULL));
    int year = (int)asked.year;

    TRY(calendars_years(req->reader->db, req->arena, &years, &year_count));
    TRY(calendars_days(
        req->reader->db, req->arena, time_day_of_date((struct civil_date){ year, 1, 1 }),
        time_day_of_date((struct civil_date){ year, 12, 31 }), &rows, &count));
    missing = calendar_missing_year(req->rulebook->calendar, today);
    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_int(&out, "year", year);
    json_bool(&out, "entered", calendar_covers_year(req->rulebook->calendar, year));
    json_list_open(&out, "years");
    for (size_t i = 0; i < year_count; i++)
        json_int(&out, NULL, years[i]);
    json_list_close(&out);
    if (missing == 0)
        json_null(&out, "missing_year");
    else
        json_int(&out, "missing_year", missing);
    json_list_open(&out, "days");
    for (size_t i = 0; i < count; i++)
        write_day(&out, &rows[i]);
    json_list_close(&out);
    json_object_close(&out);
    return reply_json(req, 200, &out);
}

/* --- A change ------------------------------------------------------------------------ */

struct change_query {
    bool dry_run;
};
static const struct json_field change_query_fields[] = {
    JSON_BOOL("dry_run", struct change_query, dry_run, JSON_OPTIONAL),
    JSON_END,
};

static enum err
begin(struct request *req, struct cmd_calendar *cmd)
{
    struct change_query asked = { .dry_run = false };

    TRY(request_query_read(req, change_query_fields, &asked, NULL));
    cmd->job.is_rehearsal = asked.dry_run;
    cmd->actor = api_actor(req)->actor;
    cmd->now = req->now;
    cmd->arena = req->arena;
    return OK;
}

static void
write_changes(struct json_out *out, const struct cmd_calendar *cmd)
{
    json_list_open(out, "changes");
    for (size_t i = 0; i < cmd->change_count; i++) {
        const struct calendar_change *change = &cmd->changes[i];

        json_object_open(out, NULL);
        json_date(out, "date", change->day);
        api_choice(out, "from", &words_calendar_mark, (int)change->from);
        api_choice(out, "to", &words_calendar_mark, (int)change->to);
        json_bool(out, "moves_deadlines", change->moves_deadlines);
        json_object_close(out);
    }
    json_list_close(out);
}

static enum err
write_tickets(struct request *req, struct json_out *out, const struct cmd_calendar *cmd)
{
    json_list_open(out, "tickets");
    for (size_t i = 0; i < cmd->ticket_count && i < SHOWN_TICKETS; i++) {
        const struct recomputed *ticket = &cmd->tickets[i];
        struct unit unit = { .code = "" };

        TRY(units_by_id(req->reader->db, req->arena, ticket->lead_unit_id, &unit));
        json_object_open(out, NULL);
        json_text(out, "no", ticket->no);
        json_text(out, "lead_unit", unit.code);
        json_time(out, "due_before", ticket->due_before);
        json_time(out, "due_after", ticket->due_after);
        json_bool(out, "was_provisional", ticket->was_provisional);
        json_bool(out, "due_provisional", ticket->is_provisional);
        json_object_close(out);
    }
    json_list_close(out);
    return OK;
}

/*
 * What changed.  The lists are a preview's: what was done is told by its events,
 * and a repeated key knows only how much it was.
 */
static enum err
reply_change(struct request *req, const struct cmd_calendar *cmd)
{
    bool is_preview = cmd->job.is_rehearsal;
    int64_t days = (int64_t)cmd->change_count, tickets = (int64_t)cmd->ticket_count;
    struct json_out out;

    if (cmd->idempotency.is_replay) {
        char *rest = NULL;

        days = strtoll(cmd->idempotency.result, &rest, 10);
        tickets = strtoll(rest, NULL, 10);
    }
    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_bool(&out, "dry_run", is_preview);
    json_int(&out, "changed_days", days);
    json_int(&out, "moved_tickets", tickets);
    if (is_preview) {
        write_changes(&out, cmd);
        TRY(write_tickets(req, &out, cmd));
    }
    json_object_close(&out);
    return reply_json(req, 200, &out);
}

/* One more fault, with its reason in the reader's language. */
static enum err
refuse(struct request *req, const char *field, enum calendar_fault_reason reason)
{
    const struct choice *word = &words_calendar_fault.items[reason];

    return api_field(req, field, ERR_CALENDAR_ROW,
                     req->language == LANGUAGE_EN ? word->en : word->zh);
}

struct day_body {
    int mark;
    const char *name;
};
static const struct json_field day_fields[] = {
    JSON_CHOICE("mark", struct day_body, mark, &words_calendar_mark, JSON_REQUIRED),
    JSON_TEXT("name", struct day_body, name, 0, CALENDAR_NAME_BYTES / 3, JSON_OPTIONAL),
    JSON_END,
};

/* PUT /calendar/{date}?dry_run= - a weekday is a workday anyway. */
enum err
calendar_day_begin(struct request *req, struct job **ret_job)
{
    struct cmd_calendar *cmd = arena_make(req->arena, struct cmd_calendar);
    struct day_body body = { .mark = CHOICE_NONE, .name = NULL };
    int32_t day;

    if (cmd == NULL)
        return ERR_NO_MEMORY;
    cmd_calendar_put_init(cmd);
    TRY(begin(req, cmd));
    TRY(request_body(req, day_fields, &body, NULL));
    if (!time_parse_day(request_path(req, "date"), &day))
        return ERR_NOT_FOUND;
    if (body.mark == CALENDAR_MAKE_UP && calendar_mark_is_workday(day, CALENDAR_PLAIN))
        return refuse(req, "mark", CALENDAR_FAULT_POINTLESS);
    cmd->day.day = day;
    cmd->day.mark = (enum calendar_mark)body.mark;
    cmd->day.name = body.name;
    *ret_job = &cmd->job;
    return OK;
}

enum err
calendar_day_end(struct request *req, struct job *job)
{
    return reply_change(req, job_as(job, struct cmd_calendar));
}

/* --- A file ---------------------------------------------------------------------------- */

struct file_body {
    const char *source, *csv;
};
static const struct json_field file_fields[] = {
    JSON_TEXT("source", struct file_body, source, 1, 100, JSON_REQUIRED),
    JSON_TEXT("csv", struct file_body, csv, 1, FILE_CHARACTERS_MAX, JSON_REQUIRED),
    JSON_END,
};

/* Every bad row is named as "csv.<row>", as far as a problem has room. */
static enum err
refuse_rows(struct request *req, const struct calendar_csv *csv)
{
    enum err err = OK;
    char field[24];

    for (size_t i = 0; i < csv->fault_count && i < PROBLEM_FIELDS_MAX; i++) {
        if (!text_format(field, sizeof field, "csv.%d", (int)csv->faults[i].row))
            return ERR_INTERNAL;
        err = refuse(req, field, csv->faults[i].reason);
    }
    if (err != OK)
        err = problem_value(&req->problem, err, "%zu", csv->fault_count);
    return err;
}

/* What the file says, in the request's arena. */
static enum err
keep(struct request *req, const struct calendar_csv *csv,
     const struct calendar_csv **ret_kept)
{
    struct calendar_csv *kept = arena_make(req->arena, struct calendar_csv);

    if (kept == NULL)
        return ERR_NO_MEMORY;
    *kept = (struct calendar_csv){
        .days = arena_array(req->arena, struct calendar_csv_day, csv->day_count),
        .day_count = csv->day_count,
        .years = arena_array(req->arena, int, csv->year_count),
        .year_count = csv->year_count,
    };
    if (kept->days == NULL || kept->years == NULL)
        return ERR_NO_MEMORY;
    for (size_t i = 0; i < csv->day_count; i++)
        kept->days[i] = csv->days[i];
    for (size_t i = 0; i < csv->year_count; i++)
        kept->years[i] = csv->years[i];
    *ret_kept = kept;
    return OK;
}

/* POST /calendar/import?dry_run= - a preview needs no key. */
enum err
calendar_import_begin(struct request *req, struct job **ret_job)
{
    struct cmd_calendar *cmd = arena_make(req->arena, struct cmd_calendar);
    struct calendar_csv *csv = NULL;
    struct file_body body = { NULL, NULL };

    if (cmd == NULL)
        return ERR_NO_MEMORY;
    cmd_calendar_import_init(cmd);
    TRY(begin(req, cmd));
    if (!cmd->job.is_rehearsal)
        TRY(api_idempotency(req, &cmd->idempotency));
    TRY(request_body(req, file_fields, &body, NULL));
    TRY(calendar_csv_parse(body.csv, strlen(body.csv), &csv));
    enum err err =
        csv->fault_count > 0 ? refuse_rows(req, csv) : keep(req, csv, &cmd->csv);

    calendar_csv_free(csv);
    TRY(err);
    cmd->source = body.source;
    *ret_job = &cmd->job;
    return OK;
}

enum err
calendar_import_end(struct request *req, struct job *job)
{
    return reply_change(req, job_as(job, struct cmd_calendar));
}
