/*
 * ticket_apply.c - what follows from an action: state, assignments, clocks.
 *
 * Works on `change->after`, a copy of the case.  Records (urges, extensions,
 * replies ...) are the command's to write; what they do to the ticket is here.
 *
 * Source: product.md, section 2 "what follows from what" and section 4.
 *
 * Invariants, asserted by ticket_decide():
 *  1. A ticket that is not in dispatched, handling or returned has no running
 *     clock: its light is "none".
 *  2. At most one active lead; none when lead_unit_id is 0.
 *  3. closed_at is set exactly when closed; a closed ticket has an outcome.
 */
#include <string.h>

#include "domain_internal.h"

#define HARD_CASE_RETURNS 2 /* after two accepted returns */
#define UNREACHABLE_HALF_DAYS 3

static void
sign(struct work *work, struct assignment *assignment)
{
    if (assignment->signed_at != 0)
        return;
    assignment->signed_at = work->now;
    if (assignment->opened_at == 0)
        assignment->opened_at = work->now;
    if (assignment->relation == RELATION_LEAD && assignment->contacted_at == 0)
        assignment->contact_due_at = work_deadline(work, STEP_FIRST_CONTACT);
}

static void
close_ticket(struct work *work, enum outcome outcome)
{
    struct ticket *ticket = work->ticket;

    ticket->state = TICKET_CLOSED;
    ticket->closed_at = work->now;
    ticket->state_due_at = 0;
    if (ticket->outcome == CHOICE_NONE)
        ticket->outcome = (int)outcome;
    round_end(work, "closed", true, true);
}

static void
set_told(struct work *work)
{
    if (work->act->told_at == 0)
        return;
    work->ticket->told_at = work->act->told_at;
    work->ticket->told_way = work->act->told_way;
}

static void
apply_reply(struct work *work)
{
    const struct ticket_act *act = work->act;

    work->ticket->state_due_at = work_deadline(work, STEP_REVIEW);
    set_told(work);
    work->after->extension.id = 0;
    work->after->reply.is_proposed = false;
    work->after->reply.office_tells = act->office_tells == TRISTATE_YES;
    work->after->reply.told_at = act->told_at;
    work->after->reply.outcome = act->outcome;
    work->after->reply.promised_day = act->promised_day;
}

static void
apply_callback(struct work *work)
{
    struct ticket *ticket = work->ticket;
    const struct ticket_act *act = work->act;

    if (act->connected == TRISTATE_YES) {
        ticket->solved = act->solved == TRISTATE_YES ? 2 : 1;
        if (ticket->satisfaction_first == CHOICE_NONE)
            ticket->satisfaction_first = act->satisfaction;
        ticket->satisfaction_final = act->satisfaction;
        if (act->rework == TRISTATE_YES) {
            ticket->state = TICKET_HANDLING;
            clock_apply(work, CLOCK_REWORK);
        } else
            close_ticket(work, OUTCOME_ANSWERED);
        return;
    }

    int32_t half_day = deadline_half_day(work->now);
    struct ticket_case *after = work->after;
    bool is_new = true;
    for (size_t i = 0; i < after->half_day_count; i++)
        is_new = is_new && after->half_days[i] != half_day;
    if (is_new && after->half_day_count < OPEN_RECORDS_MAX)
        after->half_days[after->half_day_count++] = half_day;
    if (after->half_day_count < UNREACHABLE_HALF_DAYS)
        return;
    if (ticket->satisfaction_first == CHOICE_NONE)
        ticket->satisfaction_first = SATISFACTION_UNREACHABLE;
    ticket->satisfaction_final = SATISFACTION_UNREACHABLE;
    ticket->closed_unreachable = true;
    close_ticket(work, OUTCOME_ANSWERED);
}

/*
 * Section 2, "Rating by the citizen": in feedback satisfied or basic counts as
 * the callback and closes, unless something must be settled first; unsatisfied
 * is the clerk's.  What was said first stays first when it is changed.
 */
static void
apply_rating(struct work *work)
{
    struct ticket *ticket = work->ticket;
    const struct ticket_case *before = work->question->ticket_case;
    bool may_close = before->submission_count == 0;

    if (ticket->rated_at == 0)
        ticket->rated_at = work->now;
    if (ticket->satisfaction_first == CHOICE_NONE)
        ticket->satisfaction_first = work->act->satisfaction;
    ticket->satisfaction_final = work->act->satisfaction;
    for (size_t i = 0; i < before->supervision_count; i++)
        may_close = may_close && before->supervisions[i].is_answered;
    if (ticket->state == TICKET_FEEDBACK && may_close &&
        work->act->satisfaction != SATISFACTION_UNSATISFIED)
        close_ticket(work, OUTCOME_ANSWERED);
}

static void
apply_reopen(struct work *work)
{
    struct ticket *ticket = work->ticket;

    ticket->closed_at = 0;
    ticket->closed_unreachable = false;
    ticket->satisfaction_final = CHOICE_NONE;
    ticket->published_at = 0;
    ticket->rated_at = 0;
    if (ticket->lead_unit_id != 0) {
        ticket->state = TICKET_HANDLING;
        round_resume(work, "closed");
        return;
    }
    ticket->state = TICKET_RECEIVED;
    ticket->outcome = CHOICE_NONE;
    ticket->answered_at = 0;
    ticket->told_at = 0;
    ticket->told_way = CHOICE_NONE;
    ticket->state_due_at = work_dispatch_deadline(work);
}

/* "Urgency raised recomputes the due moment as the earlier of the old and the new from now." */
static void
raise_urgency(struct work *work, enum urgency urgency)
{
    struct ticket *ticket = work->ticket;
    const struct question *question = work->question;
    bool is_raised = (int)urgency > ticket->urgency;

    ticket->urgency = (int)urgency;
    if (!is_raised)
        return;
    if (ticket->state == TICKET_RECEIVED) {
        int64_t from_now = work_dispatch_deadline(work);
        if (from_now < ticket->state_due_at)
            ticket->state_due_at = from_now;
    }
    if (ticket->effective_due_at == 0 || ticket->replied_at != 0)
        return;
    struct assignment *lead = ticket_case_lead(work->after);
    bool is_rework = lead != NULL && lead->rework_count > 0;
    bool is_provisional = ticket->due_provisional;
    int64_t due_at = deadline_raise(
        question->calendar, question->limits, is_rework ? STEP_REWORK : STEP_HANDLE,
        urgency, (int)work->act->channel_workdays, ticket->effective_due_at,
        ticket->due_provisional, work->now, &is_provisional);
    if (due_at < ticket->effective_due_at)
        ticket->clock_from_at = work->now;
    ticket->effective_due_at = due_at;
    ticket->due_provisional = is_provisional;
    if (lead != NULL)
        lead->effective_due_at = ticket->effective_due_at;
}

static void
apply_amend(struct work *work)
{
    struct ticket *ticket = work->ticket;
    const struct ticket_draft *changes = &work->act->changes;
    uint64_t present = work->act->changes_present;

#define GIVEN(field) ((present & FIELD_BIT(DRAFT_##field)) != 0)
    if (GIVEN(KIND))
        ticket->kind = changes->kind;
    if (GIVEN(AREA))
        (void)strncpy(ticket->area, changes->area, sizeof ticket->area - 1);
    if (GIVEN(CATEGORY))
        (void)strncpy(ticket->category, changes->category, sizeof ticket->category - 1);
    if (GIVEN(SENSITIVE))
        ticket->sensitive = changes->sensitive == TRISTATE_YES;
    if (GIVEN(ANONYMOUS))
        ticket->anonymous = changes->anonymous == TRISTATE_YES;
    if (GIVEN(CONFIDENTIAL))
        ticket->confidential = changes->confidential == TRISTATE_YES;
    if (ticket->kind == KIND_REPORT)
        ticket->confidential = true;
    if (GIVEN(MAY_PUBLISH))
        ticket->may_publish = changes->may_publish == TRISTATE_YES;
    if (GIVEN(OCCURRED_AT))
        ticket->occurred_at = changes->occurred_at;
    if (GIVEN(SUSPECT)) {
        bool was_suspect = ticket->suspect;
        ticket->suspect = changes->suspect == TRISTATE_YES;
        if (was_suspect && !ticket->suspect) /* its clock begins now */
            ticket->state_due_at = work_dispatch_deadline(work);
        if (ticket->suspect)
            ticket->state_due_at = 0;
    }
    if (GIVEN(PETITIONER) && changes->petitioner.phone != NULL)
        ticket->has_phone = true;
    if (GIVEN(URGENCY))
        raise_urgency(work, (enum urgency)changes->urgency);
#undef GIVEN
}

static void
apply_own(struct work *work)
{
    struct ticket *ticket = work->ticket;
    const struct ticket_act *act = work->act;
    struct ticket_case *after = work->after;
    struct assignment *lead = ticket_case_lead(after);
    struct assignment *mine = ticket_case_active(after, work->question->actor->unit_id);

    switch ((enum ticket_action)act->action) {
    case ACT_AMEND:
        apply_amend(work);
        break;
    case ACT_ANSWER:
        set_told(work);
        ticket->answered_at = work->now;
        ticket->rated_at = 0;
        close_ticket(work, OUTCOME_ANSWERED);
        break;
    case ACT_DECLINE:
        set_told(work);
        ticket->state_due_at = 0;
        break;
    case ACT_MERGE:
        ticket->merged_into = act->into_id;
        ticket->merged_at = work->now;
        round_end(work, "merged", true, true);
        break;
    case ACT_UNMERGE:
        ticket->state = ticket->merged_from_state;
        ticket->merged_into = ticket->merged_at = 0;
        ticket->merged_from_state = CHOICE_NONE;
        round_resume(work, "merged");
        break;
    case ACT_SIGN:
        if (mine != NULL)
            sign(work, mine);
        break;
    case ACT_RETURN:
        after->return_request.from_state = ticket->state;
        break;
    case ACT_ACCEPT_RETURN:
        ticket->return_count++;
        ticket->hard_case = ticket->return_count >= HARD_CASE_RETURNS;
        break;
    case ACT_REFUSE_RETURN:
        if (lead != NULL) {
            lead->return_refused = true;
            sign(work, lead);
        }
        break;
    case ACT_CONTACT:
        if (lead != NULL && lead->contacted_at == 0)
            lead->contacted_at = work->now;
        break;
    case ACT_CO_REPLY:
        if (mine != NULL) {
            sign(work, mine);
            mine->replied_at = work->now;
        }
        break;
    case ACT_GRANT_EXTENSION:
        ticket->extension_count++;
        after->extension.id = 0;
        break;
    case ACT_REFUSE_EXTENSION:
        after->extension.id = 0;
        break;
    case ACT_HAND_BACK:
        after->reply.id = 0;
        after->reply.is_proposed = false;
        break;
    case ACT_REPLY:
        apply_reply(work);
        break;
    case ACT_APPROVE_REPLY:
        set_told(work);
        ticket->outcome = after->reply.outcome;
        ticket->answered_at = work->now;
        ticket->rated_at = 0;
        ticket->state_due_at = work_deadline(work, STEP_CALLBACK);
        break;
    case ACT_CALL_BACK:
        apply_callback(work);
        break;
    case ACT_EXCLUDE:
        (void)strncpy(ticket->exclude_class,
                      choice_word(&words_exclude_class, act->exclude_class),
                      sizeof ticket->exclude_class - 1);
        break;
    case ACT_REOPEN:
        apply_reopen(work);
        break;
    case ACT_URGE:
        if (work->question->actor->kind == ACTOR_CITIZEN) {
            ticket->citizen_urge_count++;
            ticket->citizen_urged_at = work->now;
        } else
            ticket->urge_count++;
        break;
    case ACT_RATE:
        apply_rating(work);
        break;
    case ACT_SUPERVISE:
        ticket->supervision_count++;
        break;
    case ACT_INSTRUCT:
        if (act->report_back == TRISTATE_YES)
            ticket->supervision_count++;
        break;
    case ACT_PUBLISH:
        ticket->published_at = work->now;
        break;
    case ACT_UNPUBLISH:
        ticket->published_at = 0;
        break;
    case ACT_DISPATCH:
    case ACT_RECALL:
    case ACT_REJECT_REPLY:
    case ACT_SUBMIT:
    case ACT_PROGRESS:
    case ACT_PROPOSE_REPLY:
    case ACT_EXTEND:
    case ACT_ANSWER_SUPERVISION:
    case ACT_SETTLE_SUPERVISION:
    case ACT_NOTE:
    case ACT_KEEP_PROMISE:
    case TICKET_ACTION_COUNT:
        break; /* the clock or records say it all */
    }
}

void
ticket_apply(const struct ticket_rule *rule, const struct question *question,
             struct ticket_change *change)
{
    struct work work = {
        .question = question,
        .act = question->act,
        .after = &change->after,
        .ticket = &change->after.ticket,
        .now = question->now,
    };

    if (rule->action == ACT_MERGE)
        work.ticket->merged_from_state = work.ticket->state;
    if (rule->to >= 0)
        work.ticket->state = rule->to;
    apply_own(&work);
    clock_apply(&work, rule->clock);
    if (rule->is_versioned)
        work.ticket->version++;
    work.ticket->light = (int)ticket_light(work.ticket, question->calendar,
                                           question->limits, question->now);
}
