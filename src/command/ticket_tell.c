/*
 * ticket_tell.c - who is told of an action: rows of the outbox, in the same
 * transaction, so that nothing is announced that did not happen.
 *
 * Messages to staff keep quiet hours unless the ticket is urgent or critical
 * (product.md, section 4).
 */
#include "store/records.h"
#include "ticket_internal.h"

enum tell {
    TELL_OFFICE = 1,
    TELL_LEAD = 2,
    TELL_CO = 4,
    TELL_LEADER = 8,
    TELL_OLD_LEAD = 16
};

/* clang-format off */
static const unsigned told[TICKET_ACTION_COUNT] = {
    [ACT_AMEND]              = TELL_LEAD | TELL_CO,
    [ACT_MERGE]              = TELL_OLD_LEAD,
    [ACT_UNMERGE]            = TELL_LEAD | TELL_CO,
    [ACT_DISPATCH]           = TELL_LEAD | TELL_CO,
    [ACT_RECALL]             = TELL_OLD_LEAD,
    [ACT_SUBMIT]             = TELL_LEADER,
    [ACT_INSTRUCT]           = TELL_OFFICE | TELL_LEAD | TELL_CO,
    [ACT_RETURN]             = TELL_OFFICE,
    [ACT_ACCEPT_RETURN]      = TELL_OLD_LEAD,
    [ACT_REFUSE_RETURN]      = TELL_LEAD,
    [ACT_CO_REPLY]           = TELL_LEAD,
    [ACT_PROPOSE_REPLY]      = TELL_LEAD,
    [ACT_HAND_BACK]          = TELL_LEAD,
    [ACT_EXTEND]             = TELL_OFFICE,
    [ACT_GRANT_EXTENSION]    = TELL_LEAD | TELL_CO,
    [ACT_REFUSE_EXTENSION]   = TELL_LEAD,
    [ACT_REPLY]              = TELL_OFFICE,
    [ACT_REJECT_REPLY]       = TELL_LEAD,
    [ACT_CALL_BACK]          = TELL_LEAD,
    [ACT_REOPEN]             = TELL_LEAD | TELL_OFFICE,
    [ACT_URGE]               = TELL_LEAD,
    [ACT_SUPERVISE]          = TELL_LEAD | TELL_OFFICE,
    [ACT_ANSWER_SUPERVISION] = TELL_OFFICE,
    [ACT_SETTLE_SUPERVISION] = TELL_LEAD,
    [ACT_RATE]               = TELL_OFFICE,
};
/* clang-format on */

static enum err
post(struct effect *effect, int64_t unit_id, int64_t user_id)
{
    const struct ticket *ticket = &effect->change->after.ticket;
    int64_t now = effect->cmd->now;

    return outbox_post(effect->txn, effect->event->type, ticket->id, unit_id, user_id,
                       false, now,
                       deadline_quiet_until(&effect->rulebook->limits,
                                            (enum urgency)ticket->urgency, now));
}

enum err
ticket_tell(struct effect *effect)
{
    const struct ticket_case *after = &effect->change->after;
    unsigned who = told[effect->cmd->act.action];
    int64_t old_lead = effect->before->ticket.lead_unit_id;

    if ((who & TELL_OFFICE) != 0)
        TRY(post(effect, 0, 0));
    if ((who & TELL_LEADER) != 0)
        TRY(post(effect, 0, effect->cmd->act.leader_id));
    if ((who & TELL_LEAD) != 0 && after->ticket.lead_unit_id != 0)
        TRY(post(effect, after->ticket.lead_unit_id, 0));
    if ((who & TELL_OLD_LEAD) != 0 && old_lead != 0)
        TRY(post(effect, old_lead, 0));
    for (size_t i = 0; (who & TELL_CO) != 0 && i < after->assignment_count; i++)
        if (after->assignments[i].is_active &&
            after->assignments[i].relation == RELATION_CO)
            TRY(post(effect, after->assignments[i].unit_id, 0));
    return OK;
}
