/*
 * sweep_kinds.c - what each of the timer's moments means (product.md, sections
 * 4 and 5): flags, urges, and who is told.
 */
#include <string.h>

#include "base/text.h"
#include "base/timeutil.h"
#include "store/units.h"
#include "store/users.h"
#include "sweep_internal.h"

#define NOBODY 0

/* --- Telling ----------------------------------------------------------------- */

static enum err
tell_user(struct sweep *sweep, int64_t unit_id, int64_t user_id, bool is_alarm)
{
    return outbox_post(sweep->txn, choice_word(&words_moment, sweep->moment.kind),
                       sweep->moment.ticket_id, unit_id, user_id, is_alarm, sweep->now,
                       deadline_quiet_until(&sweep->rulebook->limits,
                                            (enum urgency)sweep->ticket->urgency,
                                            sweep->now));
}

enum err
sweep_tell(struct sweep *sweep, int64_t unit_id)
{
    return tell_user(sweep, unit_id, NOBODY, true);
}

/* A returned ticket is the clerk's turn: what would go to a unit goes to the office. */
static int64_t
turn_of(const struct sweep *sweep, int64_t unit_id)
{
    return sweep->ticket->state == TICKET_RETURNED ? OFFICE : unit_id;
}

/* To the unit whose turn it is and to the office, once when that is the same. */
static enum err
tell_both(struct sweep *sweep, int64_t unit_id)
{
    if (turn_of(sweep, unit_id) != OFFICE)
        TRY(sweep_tell(sweep, unit_id));
    return sweep_tell(sweep, OFFICE);
}

/*
 * The words of an urge name the limit and stay true however late the timer
 * comes to it.  They hold no one's name, so they need no sealing.
 */
static enum err
urge(struct sweep *sweep, int64_t unit_id, enum urge_kind kind, int64_t due_at)
{
    static const char *const demands[URGE_KIND_COUNT] = {
        [URGE_AUTO_BEFORE] = "临近时限，请抓紧办理并按期回复。",
        [URGE_AUTO_OVERDUE] = "已超过时限尚未回复，请立即办理并说明原因。",
        [URGE_NOTICE] =
            "逾期至今未回复，请于收到本通知之日办结回复，并书面说明逾期原因。",
    };
    const char *demand =
        unit_id == OFFICE ? "退单待审，请尽快审核退单并改派。" : demands[kind];
    char due[TIME_TEXT_BYTES], text[256];

    time_format(due_at, due);
    due[strlen("2026-10-10T23:59")] = '\0';
    due[strlen("2026-10-10")] = ' ';
    if (!text_format(text, sizeof text, "本件办理时限为%s，%s", due, demand))
        return ERR_INTERNAL;
    TRY(urges_add(sweep->txn, sweep->ticket->id, unit_id, kind, NOBODY, text, sweep->now,
                  NULL));
    sweep->ticket->urge_count++;
    return sweep_tell(sweep, unit_id);
}

/* --- The kinds --------------------------------------------------------------- */

static enum err
tell_office(struct sweep *sweep)
{
    return sweep_tell(sweep, OFFICE);
}

static enum err
tell_unit_and_office(struct sweep *sweep)
{
    return tell_both(sweep, sweep->unit_id);
}

static enum err
sign_late(struct sweep *sweep)
{
    sweep->mine->sign_late_at = sweep->now;
    return tell_both(sweep, sweep->unit_id);
}

static enum err
contact_late(struct sweep *sweep)
{
    sweep->mine->contact_late_at = sweep->now;
    /* On a confidential ticket the first contact is the clerk's. */
    return sweep_tell(
        sweep, sweep->ticket->confidential ? OFFICE : turn_of(sweep, sweep->unit_id));
}

static enum err
yellow(struct sweep *sweep)
{
    return urge(sweep, turn_of(sweep, sweep->unit_id), URGE_AUTO_BEFORE,
                sweep->ticket->effective_due_at);
}

static enum err
red(struct sweep *sweep)
{
    if (sweep->ticket->overdue_at == 0)
        sweep->ticket->overdue_at = sweep->now;
    if (sweep->lead != NULL && sweep->lead->overdue_at == 0)
        sweep->lead->overdue_at = sweep->now;
    return urge(sweep, turn_of(sweep, sweep->unit_id), URGE_AUTO_OVERDUE,
                sweep->ticket->effective_due_at);
}

/* The account of the unit's deputy head, by the name in the unit's card; NOBODY without one. */
static enum err
deputy_of(struct sweep *sweep, int64_t unit_id, int64_t *ret_user_id)
{
    struct arena *arena = sweep->txn->arena;
    struct unit unit;
    struct user *heads;
    size_t count;

    *ret_user_id = NOBODY;
    TRY(units_by_id(sweep->txn->db, arena, unit_id, &unit));
    if (unit.deputy[0] == '\0')
        return OK;
    struct users_filter filter = { .roles = ROLE_BIT(ROLE_UNIT_HEAD),
                                   .unit = unit.code,
                                   .has_enabled = true,
                                   .is_enabled = true };
    TRY(users_list(sweep->txn->db, arena, &filter, 0, 50, &heads, &count));
    for (size_t i = 0; i < count; i++)
        if (strcmp(heads[i].name, unit.deputy) == 0) {
            *ret_user_id = heads[i].id;
            return OK;
        }
    return OK;
}

static enum err
notice(struct sweep *sweep)
{
    int64_t unit_id = turn_of(sweep, sweep->unit_id), deputy_id;

    TRY(urge(sweep, unit_id, URGE_NOTICE, sweep->ticket->effective_due_at));
    if (unit_id == OFFICE)
        return OK;
    TRY(deputy_of(sweep, unit_id, &deputy_id));
    return tell_user(sweep, unit_id, deputy_id, false); /* the copy */
}

static enum err
prepare_supervision(struct sweep *sweep)
{
    TRY(supervisions_prepare(sweep->txn, sweep->ticket->id, sweep->unit_id, sweep->now,
                             NULL));
    return sweep_tell(sweep, OFFICE);
}

static enum err
co_yellow(struct sweep *sweep)
{
    return urge(sweep, turn_of(sweep, sweep->unit_id), URGE_AUTO_BEFORE,
                sweep->mine->effective_due_at);
}

static enum err
co_red(struct sweep *sweep)
{
    sweep->mine->overdue_at = sweep->now;
    return urge(sweep, turn_of(sweep, sweep->unit_id), URGE_AUTO_OVERDUE,
                sweep->mine->effective_due_at);
}

static enum err
promise_late(struct sweep *sweep)
{
    sweep->has_changed_records = true;
    TRY(promises_mark_broken(sweep->txn, sweep->moment.subject, sweep->now));
    return sweep_tell(sweep, sweep->unit_id);
}

static enum err
supervision_late(struct sweep *sweep)
{
    TRY(supervisions_mark_late(sweep->txn, sweep->moment.subject, sweep->now));
    return tell_both(sweep, sweep->unit_id); /* who answers, and who asked */
}

/* Section 2, "No phone" and "no way of closing while one is unanswered". */
static enum err
close_unreachable(struct sweep *sweep)
{
    struct ticket *ticket = sweep->ticket;

    ticket->state = TICKET_CLOSED;
    ticket->version++;
    ticket->closed_at = sweep->now;
    ticket->closed_unreachable = true;
    ticket->state_due_at = 0;
    if (ticket->outcome == CHOICE_NONE)
        ticket->outcome = OUTCOME_ANSWERED;
    if (ticket->satisfaction_first == CHOICE_NONE)
        ticket->satisfaction_first = SATISFACTION_UNREACHABLE;
    if (ticket->satisfaction_final == CHOICE_NONE)
        ticket->satisfaction_final = SATISFACTION_UNREACHABLE;
    for (size_t i = 0; i < sweep->after.assignment_count; i++) {
        struct assignment *assignment = &sweep->after.assignments[i];
        if (!assignment->is_active)
            continue;
        assignment->is_active = false;
        assignment->ended_at = sweep->now;
        memcpy(assignment->end_reason, "closed", sizeof "closed");
    }
    sweep->has_changed_records = true;
    return supervisions_close(sweep->txn, ticket->id, sweep->now);
}

enum err (*const sweep_kinds[MOMENT_KIND_COUNT])(struct sweep *sweep) = {
    [MOMENT_DISPATCH_LATE] = tell_office,
    [MOMENT_UNOPENED] = tell_unit_and_office,
    [MOMENT_SIGN_LATE] = sign_late,
    [MOMENT_SUBMIT_LATE] = tell_office,
    [MOMENT_CONTACT_LATE] = contact_late,
    [MOMENT_YELLOW] = yellow,
    [MOMENT_RED] = red,
    [MOMENT_NOTICE] = notice,
    [MOMENT_PREPARE_SUPERVISION] = prepare_supervision,
    [MOMENT_CRITICISM] = tell_office,
    [MOMENT_CO_YELLOW] = co_yellow,
    [MOMENT_CO_RED] = co_red,
    [MOMENT_REVIEW_LATE] = tell_office,
    [MOMENT_CALLBACK_LATE] = tell_office,
    [MOMENT_PROMISE_LATE] = promise_late,
    [MOMENT_SUPERVISION_LATE] = supervision_late,
    [MOMENT_CLOSE_UNREACHABLE] = close_unreachable,
};
