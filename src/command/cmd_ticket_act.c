/*
 * cmd_ticket_act.c - do one action on one ticket: load, decide, save, record,
 * tell.
 *
 * Nothing to clean up on the way out: the writer's savepoint undoes the rows
 * and the arena frees the memory.
 */
#include <string.h>

#include "base/text.h"
#include "command/cmd_ticket.h"
#include "store/assessments.h"
#include "store/gateways.h"
#include "store/records.h"
#include "store/units.h"
#include "store/users.h"
#include "store/vocabulary.h"
#include "ticket_internal.h"

static enum err
find_unit(struct txn *txn, const char *code, struct unit *ret_unit, bool *ret_found)
{
    enum err err = units_by_code(txn->db, txn->arena, code, ret_unit);

    *ret_found = err == OK && ret_unit->is_enabled;
    return err == ERR_NOT_FOUND ? OK : err;
}

/* A report may not go to the unit it is about: the respondent names it. */
static enum err
is_respondent(struct txn *txn, const struct ticket *ticket, const struct unit *unit,
              bool *ret_is_respondent)
{
    struct ticket_text text;

    *ret_is_respondent = false;
    if (ticket->kind != KIND_REPORT)
        return OK;
    TRY(tickets_text(txn->db, txn->arena, ticket->id, &text));
    if (text.respondent != NULL)
        *ret_is_respondent = strstr(text.respondent, unit->name) != NULL ||
                             (unit->short_name[0] != '\0' &&
                              strstr(text.respondent, unit->short_name) != NULL);
    return OK;
}

static enum err
look_up_units(struct txn *txn, const struct ticket *ticket, struct ticket_act *act)
{
    struct unit unit;
    bool found;

    if (act->lead_unit != NULL) {
        TRY(find_unit(txn, act->lead_unit, &unit, &found));
        if (found) {
            act->lead_unit_id = unit.id;
            act->lead_is_complete = unit_is_complete(&unit);
            act->lead_sign_off = unit.sign_off;
            TRY(is_respondent(txn, ticket, &unit, &act->lead_is_respondent));
        }
    }
    for (size_t i = 0; i < act->co_units.count && i < CO_UNITS_MAX; i++) {
        TRY(find_unit(txn, act->co_units.items[i], &unit, &found));
        act->co_unit_ids[i] = found ? unit.id : 0;
    }
    if (act->suggested_unit != NULL) {
        TRY(find_unit(txn, act->suggested_unit, &unit, &found));
        act->suggested_unit_id = found ? unit.id : 0;
    }
    return OK;
}

enum err
ticket_look_up(struct txn *txn, const struct rulebook *rulebook,
               const struct ticket_case *ticket_case, struct ticket_act *act)
{
    const struct ticket *ticket = &ticket_case->ticket;

    TRY(vocabulary_workdays(txn->db, txn->arena, rulebook, ticket->channel,
                            ticket->category, &act->channel_workdays));
    TRY(look_up_units(txn, ticket, act));
    if (act->leader != NULL) {
        struct user user;
        enum err err = users_by_login(txn->db, txn->arena, act->leader, &user);
        if (err == OK && user.is_enabled && (user.roles & ROLE_BIT(ROLE_LEADER)) != 0)
            act->leader_id = user.id;
        else if (err != OK && err != ERR_NOT_FOUND)
            return err;
    }
    if (act->into != NULL) {
        struct ticket into;
        enum err err = tickets_by_no(txn->db, act->into, &into);
        if (err == OK) {
            act->into_id = into.id;
            act->into_state = into.state;
        } else if (err != ERR_NOT_FOUND)
            return err;
        TRY(tickets_has_merged(txn->db, ticket->id, &act->has_merged));
    }
    return OK;
}

/* Tickets of platforms that have an answer now (product.md, section 12: 报送). */
static enum err
tell_platforms(const struct effect *effect)
{
    int64_t ticket_id = effect->before->ticket.id;

    switch (effect->cmd->act.action) {
    case ACT_APPROVE_REPLY:
    case ACT_ANSWER:
    case ACT_DECLINE:
        return upstream_answered(effect->txn, ticket_id, effect->cmd->now);
    case ACT_MERGE:
        return upstream_merged(effect->txn, ticket_id, effect->cmd->now);
    default:
        return OK;
    }
}

static enum err
act(struct txn *txn, struct cmd_ticket_act *cmd, const struct rulebook *rulebook)
{
    struct draft_found found = { .repeat_of = 0 };
    struct ticket_case before, present;
    struct ticket_change change;

    TRY(tickets_case_by_no(txn->db, cmd->no, &before));
    TRY(ticket_look_up(txn, rulebook, &before, &cmd->act));
    TRY(ticket_decide(&before, &cmd->actor, &cmd->act, rulebook->calendar,
                      &rulebook->limits, cmd->now, &change, &cmd->job.problem));
    if (cmd->act.action == ACT_AMEND) {
        found.repeat_of = change.after.ticket.repeat_of;
        TRY(draft_check(txn, rulebook, &cmd->act.changes, cmd->act.changes_present,
                        "changes.", &found, &cmd->job.problem));
        change.after.ticket.repeat_of = found.repeat_of;
    }

    struct event event = {
        .ticket_id = before.ticket.id,
        .at = cmd->now,
        .actor = &cmd->actor,
        .type = choice_word(&words_action, cmd->act.action),
        .from_state = change.from_state,
        .to_state = change.after.ticket.state,
        .version = change.rule->is_versioned ? change.after.ticket.version : 0,
    };
    struct effect effect = { txn, cmd, rulebook, &before, &change, &event };
    TRY(ticket_event_carry(&effect, &event.facts));
    TRY(ticket_effects(&effect));
    if (ticket_is_open(&before.ticket) && !ticket_is_open(&change.after.ticket) &&
        change.after.ticket.state != TICKET_MERGED)
        TRY(supervisions_close(txn, before.ticket.id, cmd->now));
    TRY(tickets_save(txn, &before.ticket, &change.after.ticket));
    TRY(tickets_save_assignments(txn, &before, &change.after));
    TRY(tell_platforms(&effect));
    TRY(events_append(txn, &event, NULL));
    if (cmd->act.action == ACT_MERGE)
        TRY(ticket_note_repeat(txn, rulebook, cmd->act.into_id, &cmd->actor, cmd->now));
    else if (found.repeat_of != before.ticket.repeat_of && found.repeat_of != 0)
        TRY(ticket_note_repeat(txn, rulebook, before.ticket.id, &cmd->actor, cmd->now));
    TRY(ticket_tell(&effect));
    /* With the records that the effects made. */
    TRY(tickets_case_by_id(txn->db, before.ticket.id, &present));
    TRY(moments_sync_case(txn, &present));
    TRY(assessments_sync_case(txn, &present));
    return idempotency_save(txn, &cmd->idempotency, cmd->no, cmd->now);
}

enum err
ticket_act_run(struct txn *txn, struct cmd_ticket_act *cmd)
{
    TRY(idempotency_find(txn, &cmd->idempotency, cmd->now));
    if (cmd->idempotency.is_replay)
        return OK;
    const struct rulebook *rulebook = rulebook_acquire(txn->store);
    enum err err = act(txn, cmd, rulebook);
    rulebook_release(rulebook);
    return err;
}

static enum err
cmd_ticket_act_run(struct txn *txn, struct job *job)
{
    return ticket_act_run(txn, job_as(job, struct cmd_ticket_act));
}

void
cmd_ticket_act_init(struct cmd_ticket_act *cmd, enum ticket_action action)
{
    *cmd = (struct cmd_ticket_act){
        .job = { .name = "ticket_act", .run = cmd_ticket_act_run, .is_repeatable = true },
    };
    ticket_act_init(&cmd->act, action);
}
