/*
 * ticket_effects.c - the records an action makes or moves, one function an
 * action.  What it does to state, assignments and clocks is the domain's
 * (ticket_apply.c), what it does to texts and people stands in ticket_amend.c.
 *
 * Source: product.md, section 2, "What follows from what", and section 5.
 */
#include "base/timeutil.h"
#include "domain/calendar.h"
#include "store/matters.h"
#include "store/records.h"
#include "ticket_internal.h"

static int64_t
ticket_id(const struct effect *effect)
{
    return effect->before->ticket.id;
}

static int64_t
user_id(const struct effect *effect)
{
    return effect->cmd->actor.kind == ACTOR_USER ? effect->cmd->actor.id : 0;
}

/* --- The office --------------------------------------------------------------- */

static enum err
effect_answer(struct effect *effect)
{
    TRY(replies_add(effect->txn, ticket_id(effect), 0, effect->cmd->actor.unit_id, "sent",
                    &effect->cmd->act, OUTCOME_ANSWERED, user_id(effect),
                    effect->cmd->now));
    return replies_review(effect->txn, ticket_id(effect), "sent", "approved", NULL, NULL,
                          user_id(effect), effect->cmd->now);
}

/* The petitioner joins the target, which counts one more citizen's urge. */
static enum err
effect_merge(struct effect *effect)
{
    struct txn *txn = effect->txn;
    const struct ticket_act *act = &effect->cmd->act;
    struct petitioner people[PETITIONERS_MAX];
    struct ticket into, counted;
    size_t count;

    TRY(tickets_petitioners(txn->db, txn->store, txn->arena, ticket_id(effect), people,
                            &count));
    for (size_t i = 0; i < count; i++)
        TRY(tickets_add_petitioner(txn, act->into_id, ticket_id(effect), people[i].kind,
                                   people[i].name, people[i].phone,
                                   people[i].contact_note));
    TRY(tickets_by_id(txn->db, act->into_id, &into));
    counted = into;
    counted.citizen_urge_count++;
    TRY(tickets_save(txn, &into, &counted));
    TRY(urges_add(txn, into.id, into.lead_unit_id, URGE_CITIZEN, 0, NULL,
                  effect->cmd->now, NULL));
    struct event event = {
        .ticket_id = into.id,
        .at = effect->cmd->now,
        .actor = &effect->cmd->actor,
        .type = "merged_in",
        .from_state = CHOICE_NONE,
        .to_state = CHOICE_NONE,
        .facts = arena_printf(txn->arena, "\"from\":\"%s\"", effect->before->ticket.no),
    };
    TRY(events_append(txn, &event, NULL));
    return moments_sync(txn, into.id); /* somebody waits for its unit's answer now */
}

static enum err
effect_unmerge(struct effect *effect)
{
    struct event event = {
        .ticket_id = effect->before->ticket.merged_into,
        .at = effect->cmd->now,
        .actor = &effect->cmd->actor,
        .type = "merged_out",
        .from_state = CHOICE_NONE,
        .to_state = CHOICE_NONE,
        .facts = arena_printf(effect->txn->arena, "\"from\":\"%s\"",
                              effect->before->ticket.no),
    };

    TRY(tickets_drop_petitioners(effect->txn, event.ticket_id, ticket_id(effect)));
    return events_append(effect->txn, &event, NULL);
}

static enum err
effect_dispatch(struct effect *effect)
{
    return supervisions_pass(effect->txn, ticket_id(effect),
                             effect->change->after.ticket.lead_unit_id);
}

/* Recall and accepted return: what was pending in that round ends. */
static enum err
end_round(struct effect *effect)
{
    TRY(extensions_decide(effect->txn, ticket_id(effect), "withdrawn", NULL,
                          user_id(effect), effect->cmd->now));
    TRY(replies_review(effect->txn, ticket_id(effect), "proposed", "withdrawn", NULL,
                       NULL, user_id(effect), effect->cmd->now));
    TRY(promises_drop(effect->txn, ticket_id(effect),
                      effect->before->ticket.lead_unit_id));
    return supervisions_pass(effect->txn, ticket_id(effect), 0);
}

static enum err
effect_accept_return(struct effect *effect)
{
    TRY(returns_decide(effect->txn, ticket_id(effect), "accepted", effect->cmd->act.note,
                       user_id(effect), effect->cmd->now));
    return end_round(effect);
}

static enum err
effect_refuse_return(struct effect *effect)
{
    return returns_decide(effect->txn, ticket_id(effect), "refused",
                          effect->cmd->act.reason, user_id(effect), effect->cmd->now);
}

static enum err
effect_submit(struct effect *effect)
{
    return submissions_add(effect->txn, ticket_id(effect), effect->cmd->act.leader_id,
                           effect->cmd->act.note, user_id(effect), effect->cmd->now);
}

static enum err
effect_approve_reply(struct effect *effect)
{
    const struct ticket_case *before = effect->before;

    TRY(replies_review(effect->txn, ticket_id(effect), "sent", "approved", NULL,
                       effect->cmd->act.note, user_id(effect), effect->cmd->now));
    if (before->reply.outcome != OUTCOME_PROMISED)
        return OK;
    return promises_add(effect->txn, ticket_id(effect), before->ticket.lead_unit_id,
                        "reply", before->reply.promised_day, effect->cmd->now);
}

static enum err
effect_reject_reply(struct effect *effect)
{
    const char *reasons = choice_list(effect->txn->arena, &words_reject_reason,
                                      effect->cmd->act.reason_codes);

    if (reasons == NULL)
        return ERR_NO_MEMORY;
    return replies_review(effect->txn, ticket_id(effect), "sent", "rejected", reasons,
                          effect->cmd->act.note, user_id(effect), effect->cmd->now);
}

static enum err
effect_call_back(struct effect *effect)
{
    return callbacks_add(effect->txn, ticket_id(effect),
                         effect->before->ticket.rework_count, &effect->cmd->act,
                         user_id(effect), effect->cmd->now);
}

/* The answer's one rating, made or changed; after closing it is the supervisor's to-do. */
static enum err
effect_rate(struct effect *effect)
{
    return ratings_put(effect->txn, ticket_id(effect), effect->before->ticket.answered_at,
                       &effect->cmd->act, effect->before->ticket.state == TICKET_CLOSED,
                       effect->cmd->now);
}

/*
 * A supervisor who reopens, excludes or says why not has dealt with the rating, and
 * with a matter that was repeated too often.
 */
static enum err
settle_waiting(struct effect *effect)
{
    if ((effect->cmd->actor.roles & ROLE_BIT(ROLE_SUPERVISOR)) == 0)
        return OK;
    TRY(matters_settle(effect->txn, ticket_id(effect), user_id(effect),
                       effect->cmd->now));
    return ratings_settle(effect->txn, ticket_id(effect), user_id(effect),
                          effect->cmd->now);
}

/* --- Leaders and supervisors --------------------------------------------------- */

/* The last moment at which a submission made then is a workday old at `now`. */
static int64_t
waivable_before(const struct effect *effect)
{
    int32_t today = time_day(effect->cmd->now);

    return time_day_start(calendar_previous_workday(effect->rulebook->calendar, today));
}

static enum err
effect_instruct(struct effect *effect)
{
    const struct ticket_act *act = &effect->cmd->act;
    struct txn *txn = effect->txn;
    int64_t supervision = 0;

    if (act->report_back == TRISTATE_YES)
        TRY(supervisions_issue(
            txn, ticket_id(effect), effect->before->ticket.lead_unit_id,
            SUPERVISE_LEADER_CONCERN, act->text, user_id(effect),
            deadline_of_day(&effect->rulebook->limits, act->report_day), effect->cmd->now,
            &supervision));
    TRY(instructions_add(txn, ticket_id(effect), user_id(effect), act->text,
                         act->report_back == TRISTATE_YES, act->waive == TRISTATE_YES,
                         supervision, effect->cmd->now));
    return submissions_close(txn, ticket_id(effect), user_id(effect),
                             act->waive == TRISTATE_YES, waivable_before(effect),
                             effect->cmd->now);
}

static enum err
effect_supervise(struct effect *effect)
{
    const struct ticket_act *act = &effect->cmd->act;

    if ((effect->cmd->actor.roles & ROLE_BIT(ROLE_SUPERVISOR)) != 0)
        TRY(matters_settle(effect->txn, ticket_id(effect), user_id(effect),
                           effect->cmd->now));
    return supervisions_issue(
        effect->txn, ticket_id(effect), effect->before->ticket.lead_unit_id,
        act->supervise_reason, act->demand, user_id(effect),
        deadline_of_day(&effect->rulebook->limits, act->answer_due_day), effect->cmd->now,
        NULL);
}

static enum err
effect_settle_supervision(struct effect *effect)
{
    return supervisions_settle(effect->txn, ticket_id(effect),
                               effect->cmd->act.supervision, effect->cmd->act.note,
                               user_id(effect), effect->cmd->now);
}

static enum err
effect_grant_extension(struct effect *effect)
{
    TRY(extensions_decide(effect->txn, ticket_id(effect), "granted",
                          effect->cmd->act.note, user_id(effect), effect->cmd->now));
    return promises_add(effect->txn, ticket_id(effect),
                        effect->before->ticket.lead_unit_id, "extension",
                        effect->before->extension.promised_day, effect->cmd->now);
}

static enum err
effect_refuse_extension(struct effect *effect)
{
    return extensions_decide(effect->txn, ticket_id(effect), "refused",
                             effect->cmd->act.note, user_id(effect), effect->cmd->now);
}

/* To whose turn it is: the unit, or the office before dispatch and after the reply. */
static enum err
effect_urge(struct effect *effect)
{
    const struct ticket *ticket = &effect->before->ticket;
    bool is_units_turn =
        ticket->state == TICKET_DISPATCHED || ticket->state == TICKET_HANDLING;

    return urges_add(effect->txn, ticket->id, is_units_turn ? ticket->lead_unit_id : 0,
                     effect->cmd->actor.kind == ACTOR_CITIZEN ? URGE_CITIZEN
                                                              : URGE_MANUAL,
                     user_id(effect), effect->cmd->act.note, effect->cmd->now, NULL);
}

/* --- Units ------------------------------------------------------------------------ */

static enum err
effect_return(struct effect *effect)
{
    return returns_add(effect->txn, ticket_id(effect), ticket_case_lead(effect->before),
                       choice_word(&words_state, effect->change->from_state),
                       &effect->cmd->act, user_id(effect), effect->cmd->now);
}

static enum err
effect_extend(struct effect *effect)
{
    const struct ticket *ticket = &effect->before->ticket;
    int32_t workdays = calendar_workdays_between(effect->rulebook->calendar,
                                                 time_day(ticket->effective_due_at),
                                                 effect->cmd->act.promised_day);
    int granted;

    TRY(extensions_granted(effect->txn->db, ticket->id,
                           ticket_case_lead(effect->before)->id, &granted));
    bool needs_leader = deadline_extension_needs_leader(
        &effect->rulebook->limits, (enum urgency)ticket->urgency, workdays, granted);

    return extensions_add(effect->txn, ticket->id, ticket_case_lead(effect->before),
                          &effect->cmd->act, needs_leader, user_id(effect),
                          effect->cmd->now);
}

static enum err
add_reply(struct effect *effect, const char *state)
{
    const struct assignment *lead = ticket_case_lead(effect->before);

    return replies_add(effect->txn, ticket_id(effect), lead->id, lead->unit_id, state,
                       &effect->cmd->act, effect->cmd->act.outcome, user_id(effect),
                       effect->cmd->now);
}

static enum err
effect_propose_reply(struct effect *effect)
{
    return add_reply(effect, "proposed");
}

static enum err
effect_hand_back(struct effect *effect)
{
    return replies_review(effect->txn, ticket_id(effect), "proposed", "handed_back", NULL,
                          effect->cmd->act.note, user_id(effect), effect->cmd->now);
}

static enum err
effect_reply(struct effect *effect)
{
    TRY(extensions_decide(effect->txn, ticket_id(effect), "withdrawn", NULL,
                          user_id(effect), effect->cmd->now));
    return add_reply(effect, "sent");
}

static enum err
effect_answer_supervision(struct effect *effect)
{
    return supervisions_answer(effect->txn, ticket_id(effect),
                               effect->cmd->act.supervision, effect->cmd->act.text,
                               user_id(effect), effect->cmd->now);
}

static enum err
effect_keep_promise(struct effect *effect)
{
    return promises_keep(effect->txn, ticket_id(effect), effect->cmd->actor.unit_id,
                         effect->cmd->act.promise, effect->cmd->act.evidence,
                         user_id(effect), effect->cmd->now);
}

/* Actions that are not here are told by state, clocks and event alone. */
static enum err (*const effects[TICKET_ACTION_COUNT])(struct effect *effect) = {
    [ACT_AMEND] = ticket_amend,
    [ACT_ANSWER] = effect_answer,
    [ACT_MERGE] = effect_merge,
    [ACT_UNMERGE] = effect_unmerge,
    [ACT_DISPATCH] = effect_dispatch,
    [ACT_RECALL] = end_round,
    [ACT_SUBMIT] = effect_submit,
    [ACT_INSTRUCT] = effect_instruct,
    [ACT_RETURN] = effect_return,
    [ACT_ACCEPT_RETURN] = effect_accept_return,
    [ACT_REFUSE_RETURN] = effect_refuse_return,
    [ACT_PROPOSE_REPLY] = effect_propose_reply,
    [ACT_HAND_BACK] = effect_hand_back,
    [ACT_EXTEND] = effect_extend,
    [ACT_GRANT_EXTENSION] = effect_grant_extension,
    [ACT_REFUSE_EXTENSION] = effect_refuse_extension,
    [ACT_REPLY] = effect_reply,
    [ACT_APPROVE_REPLY] = effect_approve_reply,
    [ACT_REJECT_REPLY] = effect_reject_reply,
    [ACT_CALL_BACK] = effect_call_back,
    [ACT_PUBLISH] = ticket_publish,
    [ACT_URGE] = effect_urge,
    [ACT_SUPERVISE] = effect_supervise,
    [ACT_ANSWER_SUPERVISION] = effect_answer_supervision,
    [ACT_SETTLE_SUPERVISION] = effect_settle_supervision,
    [ACT_KEEP_PROMISE] = effect_keep_promise,
    [ACT_RATE] = effect_rate,
    [ACT_REOPEN] = settle_waiting,
    [ACT_EXCLUDE] = settle_waiting,
    [ACT_NOTE] = settle_waiting,
};

/*
 * An urge is answered by what its receiver does next: a word to the citizen or the
 * office, or the turn passed on.  Notes and requests to others answer nothing.
 */
enum answers { ANSWERS_NOTHING, ANSWERS_FOR_UNIT, ANSWERS_FOR_OFFICE };

static const enum answers answers[TICKET_ACTION_COUNT] = {
    [ACT_CONTACT] = ANSWERS_FOR_UNIT,         [ACT_PROGRESS] = ANSWERS_FOR_UNIT,
    [ACT_CO_REPLY] = ANSWERS_FOR_UNIT,        [ACT_PROPOSE_REPLY] = ANSWERS_FOR_UNIT,
    [ACT_REPLY] = ANSWERS_FOR_UNIT,           [ACT_EXTEND] = ANSWERS_FOR_UNIT,
    [ACT_RETURN] = ANSWERS_FOR_UNIT,          [ACT_ANSWER_SUPERVISION] = ANSWERS_FOR_UNIT,
    [ACT_DISPATCH] = ANSWERS_FOR_OFFICE,      [ACT_ANSWER] = ANSWERS_FOR_OFFICE,
    [ACT_DECLINE] = ANSWERS_FOR_OFFICE,       [ACT_MERGE] = ANSWERS_FOR_OFFICE,
    [ACT_ACCEPT_RETURN] = ANSWERS_FOR_OFFICE, [ACT_REFUSE_RETURN] = ANSWERS_FOR_OFFICE,
    [ACT_APPROVE_REPLY] = ANSWERS_FOR_OFFICE, [ACT_REJECT_REPLY] = ANSWERS_FOR_OFFICE,
    [ACT_CALL_BACK] = ANSWERS_FOR_OFFICE,
};

static enum err
answer_urges(struct effect *effect)
{
    enum ticket_action action = (enum ticket_action)effect->cmd->act.action;
    int64_t unit_id = 0; /* the office */

    if (answers[action] == ANSWERS_NOTHING)
        return OK;
    /* The clerk who speaks with a confidential petitioner answers for the office. */
    if (answers[action] == ANSWERS_FOR_UNIT &&
        ticket_relation(effect->before, effect->cmd->actor.unit_id) != RELATION_NONE)
        unit_id = effect->cmd->actor.unit_id;
    return urges_answer(effect->txn, ticket_id(effect), unit_id,
                        choice_word(&words_action, (int)action), user_id(effect),
                        effect->cmd->now);
}

enum err
ticket_effects(struct effect *effect)
{
    enum err (*run)(struct effect * effect) = effects[effect->cmd->act.action];

    if (run != NULL)
        TRY(run(effect));
    return answer_urges(effect);
}
