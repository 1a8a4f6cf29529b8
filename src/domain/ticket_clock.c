/*
 * ticket_clock.c - rounds and their clocks: what each value of the rules' column
 * `clock` does to a ticket and its assignments.
 *
 * Source: product.md, section 2 "what follows from what" and section 4.
 */
#include <assert.h>
#include <string.h>

#include "domain_internal.h"

int64_t
work_deadline(const struct work *work, enum step step)
{
    return deadline_after(work->question->calendar, work->question->limits, step,
                          (enum urgency)work->ticket->urgency,
                          (int)work->act->channel_workdays, work->now, NULL);
}

/* web and upstream items: always the same calendar day. */
int64_t
work_dispatch_deadline(const struct work *work)
{
    const struct ticket *ticket = work->ticket;

    return deadline_dispatch(
        work->question->calendar, work->question->limits, (enum urgency)ticket->urgency,
        strcmp(ticket->channel, "web") == 0 || ticket->upstream[0] != '\0', work->now,
        NULL);
}

static void
end_assignment(struct assignment *assignment, const char *reason, int64_t now)
{
    assignment->is_active = false;
    assignment->ended_at = now;
    memcpy(assignment->end_reason, reason, strlen(reason) + 1);
}

void
round_end(struct work *work, const char *reason, bool stays_visible, bool counts)
{
    for (size_t i = 0; i < work->after->assignment_count; i++) {
        struct assignment *assignment = &work->after->assignments[i];
        if (!assignment->is_active)
            continue;
        end_assignment(assignment, reason, work->now);
        assignment->is_visible = stays_visible;
        if (!counts)
            assignment->is_counted = false;
    }
}

/* Assignments that ended for `reason` are active again (unmerge, reopen). */
void
round_resume(struct work *work, const char *reason)
{
    for (size_t i = 0; i < work->after->assignment_count; i++) {
        struct assignment *assignment = &work->after->assignments[i];
        if (assignment->round != work->ticket->round ||
            strcmp(assignment->end_reason, reason) != 0)
            continue;
        assignment->is_active = true;
        assignment->ended_at = 0;
        assignment->end_reason[0] = '\0';
    }
}

static struct assignment *
add_assignment(struct work *work, int64_t unit_id, enum relation relation)
{
    struct ticket_case *after = work->after;

    assert(after->assignment_count < ASSIGNMENTS_MAX); /* ticket_decide() has looked */
    struct assignment *assignment = &after->assignments[after->assignment_count++];
    *assignment = (struct assignment){
        .round = work->ticket->round,
        .unit_id = unit_id,
        .relation = (int)relation,
        .is_active = true,
        .is_visible = true,
        .is_counted = true,
        .dispatched_at = work->now,
        .sign_due_at = work_deadline(work, STEP_SIGN),
    };
    return assignment;
}

/* A new round: the lead gets the full limit, co-units one workday less. */
static void
start_round(struct work *work)
{
    struct ticket *ticket = work->ticket;
    const struct question *question = work->question;
    bool is_provisional = false, is_capped = false;

    ticket->round++;
    ticket->lead_unit_id = work->act->lead_unit_id;
    ticket->dispatched_at = work->now;
    if (ticket->first_dispatched_at == 0)
        ticket->first_dispatched_at = work->now;
    ticket->due_at =
        deadline_handle(question->calendar, question->limits,
                        (enum urgency)ticket->urgency, (int)work->act->channel_workdays,
                        work->now, ticket->upstream_due_at, &is_provisional, &is_capped);
    ticket->effective_due_at = ticket->due_at;
    ticket->clock_from_at = work->now;
    ticket->due_provisional = is_provisional;
    ticket->due_capped = is_capped;
    ticket->overdue_at = 0;
    ticket->state_due_at = 0;

    struct assignment *lead = add_assignment(work, ticket->lead_unit_id, RELATION_LEAD);
    lead->due_at = lead->effective_due_at = ticket->due_at;
    lead->is_designated = ticket->hard_case;
    work->after->lead_sign_off = work->act->lead_sign_off;
    for (size_t i = 0; i < work->act->co_units.count; i++) {
        struct assignment *co =
            add_assignment(work, work->act->co_unit_ids[i], RELATION_CO);
        co->due_at = co->effective_due_at = deadline_co(
            question->calendar, question->limits, work->now, ticket->effective_due_at);
    }
}

/* The round ends uncounted; the office has the ticket again. */
static void
drop_round(struct work *work)
{
    struct ticket *ticket = work->ticket;
    const char *reason = work->act->action == ACT_RECALL ? "recalled" : "returned";

    round_end(work, reason, false, false);
    ticket->lead_unit_id = 0;
    ticket->due_at = ticket->effective_due_at = ticket->clock_from_at = 0;
    ticket->due_provisional = ticket->due_capped = false;
    ticket->overdue_at = 0;
    ticket->state_due_at = work_dispatch_deadline(work);
    work->after->extension.id = 0;
    work->after->reply.id = 0;
    work->after->reply.is_proposed = false;
}

/* The rework limit runs from now; what was said before does not stand. */
static void
start_rework(struct work *work)
{
    struct ticket *ticket = work->ticket;
    struct assignment *lead = ticket_case_lead(work->after);
    bool is_provisional = false;

    if (ticket->lead_unit_id == 0)
        return; /* reopened without a lead: the office has it */
    ticket->rework_count++;
    ticket->effective_due_at =
        deadline_rework(work->question->calendar, work->question->limits,
                        (enum urgency)ticket->urgency, work->now, &is_provisional);
    ticket->clock_from_at = work->now;
    ticket->due_provisional = is_provisional;
    ticket->overdue_at = 0;
    ticket->replied_at = ticket->answered_at = 0;
    ticket->state_due_at = 0;
    ticket->outcome = CHOICE_NONE;
    ticket->told_at = 0;
    ticket->told_way = CHOICE_NONE;
    ticket->solved = 0;
    work->after->reply.id = 0;
    work->after->half_day_count = 0;
    if (lead != NULL) {
        lead->rework_count++;
        lead->effective_due_at = ticket->effective_due_at;
        lead->replied_at = 0;
    }
}

/* The unit's time is frozen at its reply. */
static void
stop_clock(struct work *work)
{
    struct ticket *ticket = work->ticket;
    struct assignment *lead = ticket_case_lead(work->after);

    ticket->replied_at = work->now;
    if (work->now > ticket->effective_due_at && ticket->overdue_at == 0)
        ticket->overdue_at = work->now; /* the timer had no chance to flag it */
    if (lead == NULL)
        return;
    lead->replied_at = work->now;
    if (ticket->overdue_at != 0 && lead->overdue_at == 0)
        lead->overdue_at = ticket->overdue_at;
}

/* The deadline moves to the end of the promised day. */
static void
extend_clock(struct work *work)
{
    struct ticket *ticket = work->ticket;
    struct assignment *lead = ticket_case_lead(work->after);

    ticket->effective_due_at =
        deadline_of_day(work->question->limits, work->after->extension.promised_day);
    ticket->clock_from_at = 0;
    if (lead != NULL)
        lead->effective_due_at = ticket->effective_due_at;
    if (ticket->overdue_at == 0 || ticket->effective_due_at < work->now)
        return;
    ticket->overdue_at = 0; /* asked in time, granted late */
    if (lead != NULL)
        lead->overdue_at = 0;
}

void
clock_apply(struct work *work, enum clock_effect effect)
{
    switch (effect) {
    case CLOCK_START:
        start_round(work);
        break;
    case CLOCK_STOP:
        stop_clock(work);
        break;
    case CLOCK_EXTEND:
        extend_clock(work);
        break;
    case CLOCK_REWORK:
        start_rework(work);
        break;
    case CLOCK_DROP:
        drop_round(work);
        break;
    case CLOCK_NONE:
        break;
    }
}
