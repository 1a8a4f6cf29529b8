/*
 * ledger_case.c - what happened to a ticket before it came here, told again by
 * the rules of THE table (ticket_rules.c, ticket_apply.c).
 *
 * 1. No state is set by hand but "handling", where a ledger names the reply and
 *    not the signing before it.
 * 2. The times are the ledger's, the deadline is our calendar's.
 */
#include <assert.h>
#include <string.h>

#include "domain/ledger.h"
#include "domain_internal.h"

struct history {
    struct ticket_case *now; /* as told so far */
    struct actor actor;      /* of the unit, where the unit acts */
    const struct calendar *calendar;
    const struct limits *limits;
};

/* Do what `act` says at `at`, as somebody who may. */
static void
tell(struct history *history, uint32_t who, const struct ticket_act *act, int64_t at)
{
    const struct ticket_rule *rule =
        ticket_rule_find(history->now->ticket.state, act->action, who);
    struct question question = { history->now,      &history->actor, act,
                                 history->calendar, history->limits, at };

    assert(rule != NULL);
    struct ticket_change change = {
        .rule = rule,
        .from_state = history->now->ticket.state,
        .after = *history->now,
    };
    ticket_apply(rule, &question, &change);
    *history->now = change.after;
}

/* Sections 2 and 4: received, dispatched, signed for. */
static void
tell_dispatch(struct history *history, const struct ledger_row *row)
{
    struct ticket_act act;

    ticket_act_init(&act, ACT_DISPATCH);
    act.lead_unit_id = row->lead_unit_id;
    act.channel_workdays = row->channel_workdays;
    tell(history, WHO_CLERK, &act, row->times[LEDGER_DISPATCHED_AT]);
    history->actor.unit_id = row->lead_unit_id;
    if (row->texts[LEDGER_SIGNED_AT] != NULL) {
        ticket_act_init(&act, ACT_SIGN);
        act.channel_workdays = row->channel_workdays;
        tell(history, WHO_HANDLER, &act, row->times[LEDGER_SIGNED_AT]);
    }
}

/* The unit replied, the office agreed, and the ticket was closed. */
static void
tell_reply(struct history *history, const struct ledger_row *row)
{
    struct ticket *ticket = &history->now->ticket;
    int64_t closed_at = row->texts[LEDGER_CLOSED_AT] != NULL
                            ? row->times[LEDGER_CLOSED_AT]
                            : row->times[LEDGER_REPLIED_AT];
    struct ticket_act act;

    if (ticket->state == TICKET_DISPATCHED)
        ticket->state = TICKET_HANDLING; /* somebody signed; nobody wrote down when */
    ticket_act_init(&act, ACT_REPLY);
    act.channel_workdays = row->channel_workdays;
    act.outcome = row->outcome == CHOICE_NONE ? OUTCOME_ANSWERED : row->outcome;
    tell(history, WHO_HANDLER, &act, row->times[LEDGER_REPLIED_AT]);
    ticket_act_init(&act, ACT_APPROVE_REPLY);
    tell(history, WHO_CLERK, &act, row->times[LEDGER_REPLIED_AT]);

    ticket_act_init(&act, ACT_CALL_BACK);
    act.connected = TRISTATE_YES;
    act.satisfaction = row->satisfaction;
    tell(history, WHO_CLERK, &act, closed_at);
    ticket->solved = 0; /* nobody wrote down whether it was asked */
    ticket->closed_unreachable = row->satisfaction == SATISFACTION_UNREACHABLE;
}

/* Answered by the office itself. */
static void
tell_answer(struct history *history, const struct ledger_row *row)
{
    struct ticket *ticket = &history->now->ticket;
    struct ticket_act act;

    if (row->outcome != CHOICE_NONE)
        ticket->outcome = row->outcome;
    ticket_act_init(&act, ACT_ANSWER);
    tell(history, WHO_CLERK, &act, row->times[LEDGER_REPLIED_AT]);
    ticket->replied_at = row->times[LEDGER_REPLIED_AT];
    if (row->texts[LEDGER_CLOSED_AT] != NULL)
        ticket->closed_at = row->times[LEDGER_CLOSED_AT];
    ticket->satisfaction_first = ticket->satisfaction_final = row->satisfaction;
}

/* What the timer would have found: a deadline that has passed while the clock runs. */
static void
judge(struct history *history, const struct ledger_row *row, int64_t now)
{
    struct ticket *ticket = &history->now->ticket;
    struct assignment *lead = ticket_case_lead(history->now);

    ticket->light = (int)ticket_light(ticket, history->calendar, history->limits, now);
    if (lead != NULL && ticket->light == LIGHT_RED && ticket->overdue_at == 0)
        ticket->overdue_at = lead->overdue_at = ticket->effective_due_at + 1;
    for (size_t i = 0; i < history->now->assignment_count; i++) {
        struct assignment *part = &history->now->assignments[i];
        if (row->texts[LEDGER_SIGNED_AT] == NULL && !ticket_is_open(ticket))
            part->sign_due_at = 0;
        if (!ticket_is_open(ticket))
            part->contact_due_at = 0;
    }
}

void
ledger_case(const struct ledger_row *row, const struct actor *actor,
            const struct calendar *calendar, const struct limits *limits, int64_t now,
            struct ticket_case *ret_case)
{
    struct history history = { ret_case, *actor, calendar, limits };
    struct problem problem = { .field_count = 0 };
    struct ticket_draft draft;

    assert(row->fault_count == 0);
    ticket_draft_init(&draft);
    draft.channel = row->channel;
    draft.area = row->area;
    draft.category = row->category;
    draft.upstream = row->texts[LEDGER_UPSTREAM];
    draft.upstream_no = row->texts[LEDGER_UPSTREAM_NO];
    draft.kind = row->kind;
    draft.urgency = row->urgency;
    draft.petitioner.phone = row->texts[LEDGER_PETITIONER_PHONE];

    memset(ret_case, 0, sizeof *ret_case);
    ret_case->lead_sign_off = SIGN_OFF_RECORDED;
    /* It refuses only what ledger_read() has refused before. */
    enum err err =
        ticket_receive(&draft, actor, calendar, limits, row->times[LEDGER_RECEIVED_AT],
                       &ret_case->ticket, &problem);
    assert(err == OK);
    (void)err; /* without asserts nobody looks */
    if (row->lead_unit_id != 0)
        tell_dispatch(&history, row);
    if (row->texts[LEDGER_REPLIED_AT] != NULL) {
        if (row->lead_unit_id != 0)
            tell_reply(&history, row);
        else
            tell_answer(&history, row);
    }
    judge(&history, row, now);
    if (ret_case->ticket.version > TICKET_FIRST_VERSION)
        ret_case->ticket.version = LEDGER_VERSION;
}
