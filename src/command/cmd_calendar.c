#include "command/cmd_calendar.h"

#include <assert.h>
#include <string.h>

#include "base/text.h"
#include "base/timeutil.h"
#include "domain/recompute.h"
#include "store/assessments.h"
#include "store/calendars.h"
#include "store/events.h"
#include "store/records.h"
#include "store/rulebook.h"
#include "store/tickets.h"
#include "store/writer.h"

/*
 * cmd_calendar.c - the calendar changes, and open tickets with it.
 *
 * 1. After an import the days of a year the file enters are those of the file
 *    and no others; in other years the file adds (domain/calendar_csv.h).
 * 2. Days, deadlines, agenda, events and notices are one transaction: no
 *    deadline ever rests on a calendar that is not the one in force.
 */

/* --- What changes ------------------------------------------------------------- */

static enum err
load_marks(struct txn *txn, int32_t first, int32_t last,
           struct calendar_exception **ret_marks, size_t *ret_count)
{
    struct calendar_row *rows = NULL;

    TRY(calendars_days(txn->db, txn->arena, first, last, &rows, ret_count));
    struct calendar_exception *marks =
        arena_array(txn->arena, struct calendar_exception, *ret_count);

    if (marks == NULL)
        return ERR_NO_MEMORY;
    for (size_t i = 0; i < *ret_count; i++)
        marks[i] = (struct calendar_exception){ rows[i].day, rows[i].is_workday };
    *ret_marks = marks;
    return OK;
}

static enum err
diff_file(struct txn *txn, struct cmd_calendar *cmd)
{
    const struct calendar_csv *csv = cmd->csv;
    struct calendar_exception *before = NULL;
    size_t count = 0;

    TRY(load_marks(txn, time_day_of_date((struct civil_date){ CALENDAR_YEAR_MIN, 1, 1 }),
                   time_day_of_date((struct civil_date){ CALENDAR_YEAR_MAX, 12, 31 }),
                   &before, &count));
    struct calendar_exception *after =
        arena_array(txn->arena, struct calendar_exception, csv->day_count);

    cmd->changes =
        arena_array(cmd->arena, struct calendar_change, count + csv->day_count);
    if (after == NULL || cmd->changes == NULL)
        return ERR_NO_MEMORY;
    for (size_t i = 0; i < csv->day_count; i++)
        after[i] =
            (struct calendar_exception){ csv->days[i].day, csv->days[i].is_workday };
    cmd->change_count = calendar_diff(before, count, after, csv->day_count, csv->years,
                                      csv->year_count, cmd->changes);
    return OK;
}

static enum err
diff_day(struct txn *txn, struct cmd_calendar *cmd)
{
    struct calendar_exception *before = NULL;
    int32_t day = cmd->day.day;
    size_t count = 0;

    TRY(load_marks(txn, day, day, &before, &count));
    enum calendar_mark from = count == 0 ? CALENDAR_PLAIN : calendar_mark_of(before);

    if (from == cmd->day.mark)
        return OK;
    cmd->changes = arena_make(cmd->arena, struct calendar_change);
    if (cmd->changes == NULL)
        return ERR_NO_MEMORY;
    cmd->changes[0] = (struct calendar_change){
        .day = day,
        .from = from,
        .to = cmd->day.mark,
        .moves_deadlines = calendar_mark_is_workday(day, from) !=
                           calendar_mark_is_workday(day, cmd->day.mark),
    };
    cmd->change_count = 1;
    return OK;
}

static enum err
put_file(struct txn *txn, const struct cmd_calendar *cmd)
{
    const struct calendar_csv *csv = cmd->csv;

    assert(csv->fault_count == 0);
    for (size_t i = 0; i < csv->year_count; i++)
        TRY(calendars_enter_year(txn, csv->years[i], cmd->source, cmd->now));
    for (size_t i = 0; i < csv->day_count; i++) {
        const struct calendar_csv_day *day = &csv->days[i];

        TRY(calendars_put_day(
            txn, &(struct calendar_row){ day->day, day->is_workday, day->name }));
    }
    return OK;
}

static enum err
put_day(struct txn *txn, const struct cmd_calendar *cmd)
{
    if (cmd->day.mark == CALENDAR_PLAIN)
        return calendars_drop_day(txn, cmd->day.day);
    return calendars_put_day(
        txn, &(struct calendar_row){ cmd->day.day, cmd->day.mark == CALENDAR_MAKE_UP,
                                     cmd->day.name == NULL ? "" : cmd->day.name });
}

/* An entered year also settles what was provisional. */
static bool
may_move_deadlines(const struct cmd_calendar *cmd)
{
    for (size_t i = 0; i < cmd->change_count; i++)
        if (cmd->changes[i].moves_deadlines)
            return true;
    return cmd->csv != NULL && cmd->csv->year_count > 0;
}

/* --- Open tickets ---------------------------------------------------------------- */

static enum err
record_ticket(struct txn *txn, const struct cmd_calendar *cmd,
              const struct ticket_case *before, const struct ticket *after)
{
    char was[TIME_TEXT_BYTES], is[TIME_TEXT_BYTES], due[TIME_TEXT_BYTES], facts[256];

    time_format(before->ticket.effective_due_at, was);
    time_format(after->effective_due_at, is);
    time_format(after->due_at, due);
    if (!text_format(facts, sizeof facts,
                     "\"due_before\":\"%s\",\"due_after\":\"%s\",\"due_provisional\":%s,"
                     "\"due_at\":\"%s\",\"effective_due_at\":\"%s\"",
                     was, is, after->due_provisional ? "true" : "false", due, is))
        return ERR_INTERNAL;
    struct event event = {
        .ticket_id = after->id,
        .at = cmd->now,
        .actor = &cmd->actor,
        .type = "deadline_recomputed",
        .from_state = CHOICE_NONE,
        .to_state = CHOICE_NONE,
        .version = after->version,
        .facts = facts,
    };
    return events_append(txn, &event, NULL);
}

/* Every unit on the ticket learns of it; whoever of the office has it sees the event. */
static enum err
tell_units(struct txn *txn, const struct cmd_calendar *cmd,
           const struct rulebook *rulebook, const struct ticket_case *after)
{
    int64_t not_before = deadline_quiet_until(
        &rulebook->limits, (enum urgency)after->ticket.urgency, cmd->now);

    for (size_t i = 0; i < after->assignment_count; i++)
        if (after->assignments[i].is_active)
            TRY(outbox_post(txn, "deadline_recomputed", after->ticket.id,
                            after->assignments[i].unit_id, 0, false, cmd->now,
                            not_before));
    return OK;
}

static enum err
recompute_one(struct txn *txn, struct cmd_calendar *cmd,
              const struct recompute *recompute, const struct rulebook *rulebook,
              int64_t id)
{
    struct ticket_case before, after;

    TRY(tickets_case_by_id(txn->db, id, &before));
    after = before;
    const struct channel *channel = rulebook_channel(rulebook, before.ticket.channel);
    bool has_moved =
        recompute_ticket(recompute, channel != NULL ? channel->workdays : 1, &after);

    after.ticket.light =
        (int)ticket_light(&after.ticket, rulebook->calendar, &rulebook->limits, cmd->now);
    if (!tickets_equal(&before.ticket, &after.ticket))
        TRY(tickets_save(txn, &before.ticket, &after.ticket));
    TRY(moments_sync_under(txn, &after, rulebook));
    if (!has_moved)
        return OK;
    TRY(tickets_save_assignments(txn, &before, &after));
    TRY(assessments_sync(txn, id));
    TRY(record_ticket(txn, cmd, &before, &after.ticket));
    TRY(tell_units(txn, cmd, rulebook, &after));

    struct recomputed *line = &cmd->tickets[cmd->ticket_count++];
    *line = (struct recomputed){
        .lead_unit_id = after.ticket.lead_unit_id,
        .due_before = before.ticket.effective_due_at,
        .due_after = after.ticket.effective_due_at,
        .was_provisional = before.ticket.due_provisional,
        .is_provisional = after.ticket.due_provisional,
    };
    memcpy(line->no, after.ticket.no, sizeof line->no);
    return OK;
}

static enum err
recompute_all(struct txn *txn, struct cmd_calendar *cmd, const struct rulebook *before,
              const struct rulebook *after)
{
    const struct recompute recompute = {
        .before = before->calendar,
        .after = after->calendar,
        .limits = &after->limits,
        .now = cmd->now,
    };
    int64_t *ids = NULL;
    size_t count = 0;

    TRY(calendars_running_tickets(txn->db, txn->arena, &ids, &count));
    cmd->tickets = arena_array(cmd->arena, struct recomputed, count);
    if (cmd->tickets == NULL)
        return ERR_NO_MEMORY;
    for (size_t i = 0; i < count; i++)
        TRY(recompute_one(txn, cmd, &recompute, after, ids[i]));
    return OK;
}

/* --- The job ------------------------------------------------------------------------ */

/* The event says which years were entered, which days changed, how many tickets moved. */
static enum err
tell(struct txn *txn, const struct cmd_calendar *cmd)
{
    struct json_out out;
    const char *facts;
    size_t bytes;

    json_out_init(&out, txn->arena);
    json_object_open(&out, NULL);
    if (cmd->csv != NULL) {
        json_list_open(&out, "years");
        for (size_t i = 0; i < cmd->csv->year_count; i++)
            json_int(&out, NULL, cmd->csv->years[i]);
        json_list_close(&out);
    }
    json_int(&out, "changed_days", (int64_t)cmd->change_count);
    json_list_open(&out, "changes");
    for (size_t i = 0; i < cmd->change_count; i++) {
        json_object_open(&out, NULL);
        json_date(&out, "date", cmd->changes[i].day);
        json_text(&out, "from", choice_word(&words_calendar_mark, cmd->changes[i].from));
        json_text(&out, "to", choice_word(&words_calendar_mark, cmd->changes[i].to));
        json_object_close(&out);
    }
    json_list_close(&out);
    json_int(&out, "moved_tickets", (int64_t)cmd->ticket_count);
    json_object_close(&out);
    TRY(json_out_done(&out, &facts, &bytes));
    /* Facts stand without their braces. */
    facts = arena_printf(txn->arena, "%.*s", (int)bytes - 2, facts + 1);
    if (facts == NULL)
        return ERR_NO_MEMORY;
    struct event event = {
        .at = cmd->now,
        .actor = &cmd->actor,
        .type = cmd->csv != NULL ? "calendar_imported" : "calendar_changed",
        .from_state = CHOICE_NONE,
        .to_state = CHOICE_NONE,
        .facts = facts,
    };

    event_add_text(&event, "source", cmd->csv != NULL ? cmd->source : cmd->day.name);
    return events_append(txn, &event, NULL);
}

static enum err
change(struct txn *txn, struct cmd_calendar *cmd, const struct rulebook *before)
{
    const struct rulebook *after = NULL;

    cmd->change_count = cmd->ticket_count = 0;
    TRY(cmd->csv != NULL ? diff_file(txn, cmd) : diff_day(txn, cmd));
    TRY(cmd->csv != NULL ? put_file(txn, cmd) : put_day(txn, cmd));
    if (may_move_deadlines(cmd)) {
        TRY(rulebook_read(txn->db, &after));
        enum err err = recompute_all(txn, cmd, before, after);

        rulebook_release(after);
        TRY(err);
    }
    TRY(tell(txn, cmd));
    cmd->job.changes_rulebook = true;
    char result[sizeof cmd->idempotency.result];

    if (!text_format(result, sizeof result, "%zu %zu", cmd->change_count,
                     cmd->ticket_count))
        return ERR_INTERNAL;
    return idempotency_save(txn, &cmd->idempotency, result, cmd->now);
}

static enum err
cmd_calendar_run(struct txn *txn, struct job *job)
{
    struct cmd_calendar *cmd = job_as(job, struct cmd_calendar);

    TRY(idempotency_find(txn, &cmd->idempotency, cmd->now));
    if (cmd->idempotency.is_replay)
        return OK;
    const struct rulebook *before = rulebook_acquire(txn->store);
    enum err err = change(txn, cmd, before);

    rulebook_release(before);
    return err;
}

void
cmd_calendar_import_init(struct cmd_calendar *cmd)
{
    *cmd = (struct cmd_calendar){
        .job = { .name = "calendar_import", .run = cmd_calendar_run },
    };
}

void
cmd_calendar_put_init(struct cmd_calendar *cmd)
{
    *cmd = (struct cmd_calendar){
        .job = { .name = "calendar_put", .run = cmd_calendar_run },
    };
}
