/*
 * cmd_sweep.c - do what is due (product.md, section 4, "The timer").
 *
 * Invariants
 *  1. A moment is done in the transaction that records it as fired, so it
 *     happens exactly once per ticket, kind, subject and due moment.
 *  2. It is done only while the plan of the ticket's present case still holds
 *     it; otherwise it is fired and nothing else happens.
 *  3. Flags change no version; closing does.
 */
#include "command/cmd_sweep.h"

#include "base/text.h"
#include "base/timeutil.h"
#include "domain/calendar.h"
#include "store/assessments.h"
#include "store/events.h"
#include "store/tickets.h"
#include "sweep_internal.h"

/* CALENDAR_MISSING: every day at 09:00. */
#define WARNING_SECOND (9 * 3600)

/* A closing that waits is told once; its key differs in the subject. */
#define SUBJECT_WAITS 1

/* So many moments, half a millisecond, between two chances for whoever waits. */
#define STEPS_A_TURN 8

static const struct actor timer_actor = { .kind = ACTOR_TIMER };

/* --- One moment -------------------------------------------------------------- */

static enum err
record(struct sweep *sweep)
{
    bool is_closed = sweep->before.ticket.state != sweep->ticket->state;
    char facts[160];
    struct event event = {
        .ticket_id = sweep->moment.ticket_id,
        .at = sweep->now,
        .actor = &timer_actor,
        .from_state = is_closed ? sweep->before.ticket.state : CHOICE_NONE,
        .to_state = is_closed ? sweep->ticket->state : CHOICE_NONE,
        .version = is_closed ? sweep->ticket->version : 0,
        .facts = facts,
    };
    char type[48], due_at[TIME_TEXT_BYTES];

    time_format(sweep->moment.due_at, due_at);
    if (!text_format(type, sizeof type, "timer.%s",
                     choice_word(&words_moment, sweep->moment.kind)) ||
        !text_format(facts, sizeof facts,
                     "\"due_at\":\"%s\",\"subject\":%lld,\"unit_id\":%lld,\"waits\":%s",
                     due_at, (long long)sweep->moment.subject, (long long)sweep->unit_id,
                     sweep->waits ? "true" : "false"))
        return ERR_INTERNAL;
    event.type = type;
    return events_append(sweep->txn, &event, NULL);
}

/* Is the moment still what the ticket's present case asks for? */
static bool
still_fits(const struct sweep *sweep)
{
    struct moment plan[MOMENTS_MAX];
    size_t count = moments_plan(&sweep->before, sweep->rulebook->calendar,
                                &sweep->rulebook->limits, plan);

    for (size_t i = 0; i < count; i++)
        if ((int)plan[i].kind == sweep->moment.kind &&
            plan[i].subject == sweep->moment.subject &&
            plan[i].due_at == sweep->moment.due_at)
            return true;
    return false;
}

/* Whom is it about? */
static void
find_unit(struct sweep *sweep)
{
    const struct ticket_case *after = &sweep->after;
    int64_t subject = sweep->moment.subject;

    sweep->lead = ticket_case_lead(after);
    sweep->unit_id = sweep->ticket->lead_unit_id;
    switch ((enum moment_kind)sweep->moment.kind) {
    case MOMENT_UNOPENED:
    case MOMENT_SIGN_LATE:
    case MOMENT_CONTACT_LATE:
    case MOMENT_CO_YELLOW:
    case MOMENT_CO_RED:
        for (size_t i = 0; i < after->assignment_count; i++)
            if (after->assignments[i].id == subject)
                sweep->mine = &sweep->after.assignments[i];
        if (sweep->mine != NULL)
            sweep->unit_id = sweep->mine->unit_id;
        break;
    case MOMENT_PROMISE_LATE:
        for (size_t i = 0; i < after->promise_count; i++)
            if (after->promises[i].id == subject)
                sweep->unit_id = after->promises[i].unit_id;
        break;
    default:
        break;
    }
}

/* Closing waits for the leader's word and for the answer to a supervision. */
static bool
must_wait(const struct sweep *sweep)
{
    if (sweep->moment.kind != MOMENT_CLOSE_UNREACHABLE)
        return false;
    for (size_t i = 0; i < sweep->before.supervision_count; i++)
        if (!sweep->before.supervisions[i].is_answered)
            return true;
    return sweep->before.submission_count > 0;
}

/*
 * Flag the wait once and take the moment off the list unfired: the answer or
 * the instruction it waits for plans anew and so brings it back.
 */
static enum err
wait_for_others(struct sweep *sweep)
{
    struct due_moment flag = sweep->moment;
    bool is_first;

    flag.subject = SUBJECT_WAITS;
    TRY(moments_fire(sweep->txn, &flag, sweep->now, &is_first));
    if (is_first) {
        sweep->waits = true;
        TRY(record(sweep));
        TRY(sweep_tell(sweep, OFFICE));
    }
    return sweeps_hold(sweep->txn, &sweep->moment);
}

static enum err
do_moment(struct sweep *sweep)
{
    bool is_first;

    TRY(tickets_case_by_id(sweep->txn->db, sweep->moment.ticket_id, &sweep->before));
    sweep->after = sweep->before;
    find_unit(sweep);
    bool fits = still_fits(sweep);
    if (fits && must_wait(sweep))
        return wait_for_others(sweep);

    TRY(moments_fire(sweep->txn, &sweep->moment, sweep->now, &is_first));
    if (fits && is_first) {
        TRY(sweep_kinds[sweep->moment.kind](sweep));
        sweep->ticket->light = (int)ticket_light(sweep->ticket, sweep->rulebook->calendar,
                                                 &sweep->rulebook->limits, sweep->now);
        if (!tickets_equal(sweep->ticket, &sweep->before.ticket))
            TRY(tickets_save(sweep->txn, &sweep->before.ticket, sweep->ticket));
        TRY(tickets_save_assignments(sweep->txn, &sweep->before, &sweep->after));
        TRY(record(sweep));
    }
    if (sweep->has_changed_records)
        TRY(tickets_case_by_id(sweep->txn->db, sweep->moment.ticket_id, &sweep->after));
    TRY(moments_sync_under(sweep->txn, &sweep->after, sweep->rulebook));
    return assessments_sync_case(sweep->txn, &sweep->after);
}

/* --- The calendar's warning --------------------------------------------------- */

/*
 * Warn for the latest day that is due; days on which nobody was warned because
 * the server was off are over.  No row plans it, so the day is worked out here.
 */
static enum err
warn(struct sweep *sweep, struct cmd_sweep *cmd)
{
    const struct calendar *calendar = sweep->rulebook->calendar;
    int32_t today = time_day(cmd->now);
    int32_t day = time_of_day(cmd->now) >= WARNING_SECOND ? today : today - 1;
    int year = calendar_missing_year(calendar, day);
    struct due_moment moment = {
        .kind = MOMENT_CALENDAR_MISSING,
        .subject = year,
        .due_at = time_day_start(day) + WARNING_SECOND - 1,
    };
    bool is_first;

    if (calendar_missing_year(calendar, day + 1) != 0)
        cmd->next_due_at = time_day_start(day + 1) + WARNING_SECOND - 1;
    if (year == 0)
        return OK;
    TRY(moments_fire(sweep->txn, &moment, cmd->now, &is_first));
    if (!is_first)
        return OK;
    cmd->handled++;
    sweep->moment = moment;
    TRY(sweep_tell(sweep, OFFICE));
    return record(sweep);
}

/* --- The jobs ----------------------------------------------------------------- */

static void
sweep_init(struct sweep *sweep, struct txn *txn, const struct rulebook *rulebook,
           int64_t now)
{
    *sweep = (struct sweep){ .txn = txn, .rulebook = rulebook, .now = now };
    sweep->ticket = &sweep->after.ticket;
}

static enum err
sweep_all(struct txn *txn, const struct rulebook *rulebook, struct cmd_sweep *cmd)
{
    struct sweep *sweep = arena_make(txn->arena, struct sweep);
    int64_t earliest;

    if (sweep == NULL)
        return ERR_NO_MEMORY;
    sweep_init(sweep, txn, rulebook, cmd->now);
    TRY(warn(sweep, cmd));
    while (cmd->handled < cmd->batch) {
        bool is_found;

        sweep_init(sweep, txn, rulebook, cmd->now);
        TRY(moments_next(txn, cmd->now, &sweep->moment, &is_found));
        if (!is_found)
            break;
        TRY(do_moment(sweep));
        cmd->handled++;
        if (cmd->handled % STEPS_A_TURN == 0)
            writer_give_way();
    }
    TRY(moments_earliest(txn->db, &earliest));
    if (earliest != 0 && (cmd->next_due_at == 0 || earliest < cmd->next_due_at))
        cmd->next_due_at = earliest;
    return sweeps_chain_head(txn->db, &cmd->head);
}

static enum err
cmd_sweep_run(struct txn *txn, struct job *job)
{
    struct cmd_sweep *cmd = job_as(job, struct cmd_sweep);
    const struct rulebook *rulebook = rulebook_acquire(txn->store);

    cmd->handled = 0;
    cmd->next_due_at = 0;
    enum err err = sweep_all(txn, rulebook, cmd);
    rulebook_release(rulebook);
    return err;
}

void
cmd_sweep_init(struct cmd_sweep *cmd, int64_t now, int batch)
{
    *cmd = (struct cmd_sweep){ .job = { .name = "sweep", .run = cmd_sweep_run },
                               .now = now,
                               .batch = batch };
}
