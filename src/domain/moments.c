/*
 * moments.c - what lies ahead of a ticket, derived from its case.
 *
 * Source: product.md, section 4, "The timer".  Each line of that list is one
 * block here.  Nothing is remembered: after every change the command plans
 * anew, and what the timer has already done is known by its key.
 */
#include "domain/moments.h"

#include <string.h>

#include "base/timeutil.h"
#include "domain/calendar.h"

#define CLOSE_UNREACHABLE_WORKDAYS 3 /* section 2, "No phone" */

#define X(NAME, word_, zh_, en_) { .word = word_, .zh = zh_, .en = en_ },
static const struct choice moment_items[] = { MOMENTS(X) };
#undef X
const struct choices words_moment = { "moment", moment_items, MOMENT_KIND_COUNT };

struct plan {
    struct moment *moments;
    size_t count;
};

static void
add(struct plan *plan, enum moment_kind kind, int64_t subject, int64_t due_at)
{
    if (due_at != 0 && plan->count < MOMENTS_MAX)
        plan->moments[plan->count++] =
            (struct moment){ .kind = kind, .subject = subject, .due_at = due_at };
}

/* While the ticket is with a unit, or on its way back from it. */
static void
plan_assignment(struct plan *plan, const struct assignment *assignment,
                const struct calendar *calendar, const struct limits *limits)
{
    bool is_lead = assignment->relation == RELATION_LEAD;

    if (assignment->opened_at == 0)
        add(plan, MOMENT_UNOPENED, assignment->id,
            deadline_open(limits, assignment->dispatched_at));
    if (assignment->signed_at == 0)
        add(plan, MOMENT_SIGN_LATE, assignment->id, assignment->sign_due_at);
    if (is_lead && assignment->contacted_at == 0)
        add(plan, MOMENT_CONTACT_LATE, assignment->id, assignment->contact_due_at);
    if (is_lead || assignment->replied_at != 0)
        return;
    add(plan, MOMENT_CO_YELLOW, assignment->id,
        deadline_yellow_at(calendar, limits, assignment->dispatched_at,
                           assignment->effective_due_at) -
            1);
    add(plan, MOMENT_CO_RED, assignment->id, assignment->effective_due_at);
}

static void
plan_deadline(struct plan *plan, const struct ticket *ticket,
              const struct calendar *calendar, const struct limits *limits)
{
    int64_t due = ticket->effective_due_at;

    if (due == 0)
        return;
    add(plan, MOMENT_YELLOW, 0,
        deadline_yellow_at(calendar, limits, ticket->dispatched_at, due) - 1);
    add(plan, MOMENT_RED, 0, due);
    add(plan, MOMENT_NOTICE, 0,
        deadline_notice_at(calendar, limits, OVERDUE_NOTICE, due) - 1);
    add(plan, MOMENT_PREPARE_SUPERVISION, 0,
        deadline_notice_at(calendar, limits, OVERDUE_SUPERVISION, due) - 1);
    add(plan, MOMENT_CRITICISM, 0,
        deadline_notice_at(calendar, limits, OVERDUE_CIRCULAR, due) - 1);
}

size_t
moments_plan(const struct ticket_case *ticket_case, const struct calendar *calendar,
             const struct limits *limits, struct moment ret_moments[MOMENTS_MAX])
{
    const struct ticket *ticket = &ticket_case->ticket;
    struct plan plan = { .moments = ret_moments };

    switch ((enum ticket_state)ticket->state) {
    case TICKET_RECEIVED:
        if (!ticket->suspect)
            add(&plan, MOMENT_DISPATCH_LATE, 0, ticket->state_due_at);
        break;
    case TICKET_DISPATCHED:
    case TICKET_HANDLING:
    case TICKET_RETURNED: /* the flags go on, the urges go to the clerk */
        for (size_t i = 0; i < ticket_case->assignment_count; i++)
            if (ticket_case->assignments[i].is_active)
                plan_assignment(&plan, &ticket_case->assignments[i], calendar, limits);
        plan_deadline(&plan, ticket, calendar, limits);
        break;
    case TICKET_REPLIED:
        add(&plan, MOMENT_REVIEW_LATE, 0, ticket->state_due_at);
        break;
    case TICKET_FEEDBACK:
        if (ticket->has_phone || ticket->rated_at != 0)
            add(&plan, MOMENT_CALLBACK_LATE, 0, ticket->state_due_at);
        else
            add(&plan, MOMENT_CLOSE_UNREACHABLE, 0,
                calendar_add_workdays(calendar, ticket->answered_at,
                                      CLOSE_UNREACHABLE_WORKDAYS, NULL));
        break;
    case TICKET_CLOSED:
    case TICKET_DECLINED:
    case TICKET_MERGED:
    case TICKET_STATE_COUNT:
        break;
    }
    if (ticket_is_open(ticket)) {
        if ((ticket->sensitive || ticket->urgency == URGENCY_CRITICAL) &&
            !ticket_case->was_submitted && !ticket->suspect)
            add(&plan, MOMENT_SUBMIT_LATE, 0,
                deadline_submit(limits, ticket->received_at));
        for (size_t i = 0; i < ticket_case->supervision_count; i++)
            if (!ticket_case->supervisions[i].is_answered)
                add(&plan, MOMENT_SUPERVISION_LATE, ticket_case->supervisions[i].id,
                    ticket_case->supervisions[i].answer_due_at);
    }
    for (size_t i = 0; i < ticket_case->promise_count; i++)
        add(&plan, MOMENT_PROMISE_LATE, ticket_case->promises[i].id,
            deadline_of_day(limits, ticket_case->promises[i].promised_day));
    return plan.count;
}
