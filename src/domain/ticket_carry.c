/*
 * ticket_carry.c - does a request carry what its action must carry?
 *
 * The plain part ("must be there") is the rule's `must`; here stand the
 * conditions that depend on the request or the case.  All wrong fields are
 * named at once.
 *
 * Source: product.md, section 2, the table and "what follows from what".
 */
#include "domain_internal.h"

#include "base/timeutil.h"
#include "domain/calendar.h"

/* A clock that runs a little ahead of the server's is not a lie. */
#define CLOCK_SLACK_S 120

struct carry {
    const struct question *question;
    struct problem *problem;
    bool is_wrong;
};

static void
wrong(struct carry *carry, enum ticket_field field, enum err code, const char *value)
{
    carry->is_wrong = true;
    (void)problem_add(carry->problem, ticket_act_fields[field].name, code, value);
}

static bool
has(const struct carry *carry, enum ticket_field field)
{
    return (carry->question->act->present & FIELD_BIT(field)) != 0;
}

static void
need(struct carry *carry, enum ticket_field field)
{
    if (!has(carry, field))
        wrong(carry, field, ERR_FIELD_MISSING, NULL);
}

static void
not_future(struct carry *carry, enum ticket_field field, int64_t at)
{
    if (has(carry, field) && at > carry->question->now + CLOCK_SLACK_S)
        wrong(carry, field, ERR_FIELD_FUTURE, NULL);
}

static void
not_past(struct carry *carry, enum ticket_field field, int32_t day)
{
    if (has(carry, field) && day < time_day(carry->question->now))
        wrong(carry, field, ERR_FIELD_PAST, NULL);
}

/* product.md, section 8 and "a report cannot be dispatched to the unit it is about". */
static void
carry_dispatch(struct carry *carry)
{
    const struct ticket_act *act = carry->question->act;

    if (has(carry, FIELD_LEAD_UNIT) && act->lead_unit_id == 0)
        wrong(carry, FIELD_LEAD_UNIT, ERR_FIELD_NOT_FOUND, act->lead_unit);
    else if (!has(carry, FIELD_OVERRIDE_REASON) && act->lead_unit_id != 0) {
        if (act->lead_is_respondent)
            wrong(carry, FIELD_OVERRIDE_REASON, ERR_TICKET_UNIT_IS_RESPONDENT, NULL);
        else if (!act->lead_is_complete)
            wrong(carry, FIELD_OVERRIDE_REASON, ERR_TICKET_UNIT_INCOMPLETE, NULL);
    }
    for (size_t i = 0; i < act->co_units.count; i++) {
        if (act->co_unit_ids[i] == 0)
            wrong(carry, FIELD_CO_UNITS, ERR_FIELD_NOT_FOUND, act->co_units.items[i]);
        else if (act->co_unit_ids[i] == act->lead_unit_id)
            wrong(carry, FIELD_CO_UNITS, ERR_FIELD_DUPLICATE, act->co_units.items[i]);
        for (size_t k = 0; k < i; k++)
            if (act->co_unit_ids[i] != 0 && act->co_unit_ids[k] == act->co_unit_ids[i])
                wrong(carry, FIELD_CO_UNITS, ERR_FIELD_DUPLICATE, act->co_units.items[i]);
    }
}

static void
carry_extend(struct carry *carry)
{
    const struct question *question = carry->question;
    const struct ticket_act *act = question->act;

    not_future(carry, FIELD_TOLD_AT, act->told_at);
    if (!has(carry, FIELD_PROMISED_ON))
        return;
    if (!calendar_is_workday(question->calendar, act->promised_day, NULL))
        wrong(carry, FIELD_PROMISED_ON, ERR_FIELD_NOT_WORKDAY, NULL);
    else if (act->promised_day <=
             time_day(question->ticket_case->ticket.effective_due_at))
        wrong(carry, FIELD_PROMISED_ON, ERR_FIELD_AFTER_DUE, NULL);
}

/* Does some co-unit of this round still owe its opinion? */
static bool
co_is_silent(const struct ticket_case *ticket_case)
{
    for (size_t i = 0; i < ticket_case->assignment_count; i++) {
        const struct assignment *co = &ticket_case->assignments[i];
        if (co->is_active && co->relation == RELATION_CO && co->replied_at == 0)
            return true;
    }
    return false;
}

static void
carry_reply(struct carry *carry)
{
    const struct question *question = carry->question;
    const struct ticket_act *act = question->act;
    const struct ticket_case *ticket_case = question->ticket_case;
    bool office_tells = act->office_tells == TRISTATE_YES;

    if (act->contacted == TRISTATE_NO)
        need(carry, FIELD_NO_CONTACT_REASON);
    if (act->outcome == OUTCOME_PROMISED) {
        need(carry, FIELD_PROMISED_ON);
        not_past(carry, FIELD_PROMISED_ON, act->promised_day);
    } else if (has(carry, FIELD_PROMISED_ON))
        wrong(carry, FIELD_PROMISED_ON, ERR_FIELD_INVALID,
              NULL); /* nothing is promised */
    if (ticket_case->ticket.confidential && !office_tells)
        wrong(carry, FIELD_OFFICE_TELLS, ERR_FIELD_MISSING, NULL);
    if (!office_tells) {
        need(carry, FIELD_TOLD_AT);
        need(carry, FIELD_TOLD_WAY);
    }
    not_future(carry, FIELD_TOLD_AT, act->told_at);
    if (act->action == ACT_REPLY && ticket_case->lead_sign_off == SIGN_OFF_RECORDED)
        need(carry, FIELD_SIGNED_OFF_BY);
    if (act->action == ACT_REPLY && co_is_silent(ticket_case))
        need(carry, FIELD_CO_WAIVED_REASON);
}

static void
carry_instruct(struct carry *carry)
{
    const struct ticket_act *act = carry->question->act;

    if (act->report_back == TRISTATE_YES)
        need(carry, FIELD_REPORT_ON);
    not_past(carry, FIELD_REPORT_ON, act->report_day);
}

static bool
is_rated_unsatisfied(const struct ticket *ticket)
{
    return ticket->rated_at != 0 &&
           ticket->satisfaction_final == SATISFACTION_UNSATISFIED;
}

/* Section 10; a citizen says how satisfied, nothing else. */
static void
carry_rating(struct carry *carry)
{
    int satisfaction = carry->question->act->satisfaction;

    if (satisfaction == SATISFACTION_UNSATISFIED)
        need(carry, FIELD_COMMENT);
    else if (has(carry, FIELD_SATISFACTION) && satisfaction != SATISFACTION_SATISFIED &&
             satisfaction != SATISFACTION_BASIC)
        wrong(carry, FIELD_SATISFACTION, ERR_FIELD_CHOICE, NULL);
}

static void
carry_callback(struct carry *carry)
{
    const struct ticket_act *act = carry->question->act;

    if (act->connected == TRISTATE_YES) {
        need(carry, FIELD_CONTACTED_BY_UNIT);
        need(carry, FIELD_SOLVED);
        need(carry, FIELD_SATISFACTION);
        if (act->satisfaction == SATISFACTION_UNREACHABLE)
            wrong(carry, FIELD_SATISFACTION, ERR_FIELD_CHOICE, NULL);
        /* An unsatisfied rating means rework, or a reason to close all the same. */
        if (is_rated_unsatisfied(&carry->question->ticket_case->ticket) &&
            act->rework != TRISTATE_YES)
            need(carry, FIELD_COMMENT);
    } else if (act->rework == TRISTATE_YES)
        wrong(carry, FIELD_REWORK, ERR_FIELD_INVALID, NULL);
}

static void
carry_decline(struct carry *carry)
{
    const struct ticket_act *act = carry->question->act;

    /* Nobody is told that a message was spam or abuse; everybody else is. */
    if (act->decline_reason != DECLINE_SPAM && act->decline_reason != DECLINE_ABUSIVE) {
        need(carry, FIELD_TOLD_AT);
        need(carry, FIELD_TOLD_WAY);
    }
    not_future(carry, FIELD_TOLD_AT, act->told_at);
}

static void
carry_amend(struct carry *carry)
{
    const struct ticket_act *act = carry->question->act;

    if (has(carry, FIELD_CHANGES) && act->changes_present == 0)
        wrong(carry, FIELD_CHANGES, ERR_FIELD_MISSING, NULL);
    if (carry->question->ticket_case->ticket.first_dispatched_at != 0)
        need(carry, FIELD_REASON);
    if (act->changes.suspect == TRISTATE_YES &&
        carry->question->ticket_case->ticket.state != TICKET_RECEIVED)
        wrong(carry, FIELD_CHANGES, ERR_FIELD_INVALID, "suspect");
    if ((act->changes_present & FIELD_BIT(DRAFT_OCCURRED_AT)) != 0 &&
        act->changes.occurred_at > carry->question->now + CLOCK_SLACK_S)
        wrong(carry, FIELD_CHANGES, ERR_FIELD_FUTURE, "occurred_at");
}

/* The part of the checks that only this action has. */
static void
carry_own(struct carry *carry)
{
    const struct ticket_act *act = carry->question->act;

    switch ((enum ticket_action)act->action) {
    case ACT_DISPATCH:
        carry_dispatch(carry);
        break;
    case ACT_EXTEND:
        carry_extend(carry);
        break;
    case ACT_REPLY:
    case ACT_PROPOSE_REPLY:
        carry_reply(carry);
        break;
    case ACT_INSTRUCT:
        carry_instruct(carry);
        break;
    case ACT_CALL_BACK:
        carry_callback(carry);
        break;
    case ACT_RATE:
        carry_rating(carry);
        break;
    case ACT_DECLINE:
        carry_decline(carry);
        break;
    case ACT_AMEND:
        carry_amend(carry);
        break;
    case ACT_ANSWER:
        not_future(carry, FIELD_TOLD_AT, act->told_at);
        break;
    case ACT_CONTACT:
        not_future(carry, FIELD_AT, act->at);
        break;
    case ACT_SUPERVISE:
        not_past(carry, FIELD_ANSWER_DUE_ON, act->answer_due_day);
        break;
    case ACT_APPROVE_REPLY:
        not_future(carry, FIELD_TOLD_AT, act->told_at);
        if (carry->question->ticket_case->reply.told_at == 0 &&
            !(has(carry, FIELD_TOLD_AT) && has(carry, FIELD_TOLD_WAY)))
            wrong(carry, FIELD_TOLD_AT, ERR_TICKET_NOT_TOLD, NULL);
        break;
    case ACT_RETURN:
        if (has(carry, FIELD_SUGGESTED_UNIT) && act->suggested_unit_id == 0)
            wrong(carry, FIELD_SUGGESTED_UNIT, ERR_FIELD_NOT_FOUND, act->suggested_unit);
        else if (has(carry, FIELD_SUGGESTED_UNIT) &&
                 act->suggested_unit_id == carry->question->actor->unit_id)
            wrong(carry, FIELD_SUGGESTED_UNIT, ERR_FIELD_INVALID, NULL);
        break;
    case ACT_SUBMIT:
        if (has(carry, FIELD_LEADER) && act->leader_id == 0)
            wrong(carry, FIELD_LEADER, ERR_FIELD_NOT_FOUND, act->leader);
        break;
    case ACT_MERGE:
        if (has(carry, FIELD_INTO) && act->into_id == 0)
            wrong(carry, FIELD_INTO, ERR_FIELD_NOT_FOUND, act->into);
        else if (has(carry, FIELD_INTO) &&
                 act->into_id == carry->question->ticket_case->ticket.id)
            wrong(carry, FIELD_INTO, ERR_FIELD_INVALID, NULL);
        else if (has(carry, FIELD_INTO) && act->has_merged)
            wrong(carry, FIELD_INTO, ERR_TICKET_HAS_MERGED, NULL);
        else if (has(carry, FIELD_INTO) &&
                 (act->into_state == TICKET_CLOSED ||
                  act->into_state == TICKET_DECLINED || act->into_state == TICKET_MERGED))
            wrong(carry, FIELD_INTO, ERR_TICKET_MERGE_TARGET, NULL);
        break;
    default:
        break;
    }
}

/*
 * What was found in a reply is a warning: it is sent all the same with a reason
 * (product.md, section 6).  Asked when nothing else is wrong.
 */
static enum err
carry_quality(const struct question *question, struct problem *reterr_problem)
{
    const struct ticket_act *act = question->act;
    bool has_reason = (act->present & FIELD_BIT(FIELD_OVERRIDE_REASON)) != 0;

    return act->quality.findings == 0 || has_reason
               ? OK
               : quality_problem(&act->quality, reterr_problem);
}

enum err
ticket_carry(const struct ticket_rule *rule, const struct question *question,
             struct problem *reterr_problem)
{
    struct carry carry = { .question = question, .problem = reterr_problem };

    for (int field = 0; field < TICKET_FIELD_COUNT; field++) {
        if ((rule->must & FIELD_BIT(field)) != 0)
            need(&carry, (enum ticket_field)field);
        else if (((rule->may | FIELD_BIT(FIELD_VERSION)) & FIELD_BIT(field)) == 0 &&
                 has(&carry, (enum ticket_field)field))
            wrong(&carry, (enum ticket_field)field, ERR_FIELD_UNKNOWN, NULL);
    }
    carry_own(&carry);
    if (!carry.is_wrong)
        return carry_quality(question, reterr_problem);
    return problem_value(reterr_problem, ERR_FIELDS, "%zu", reterr_problem->field_count);
}
