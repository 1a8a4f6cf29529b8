/*
 * ticket_decide.c - the only reader of the rules' meaning: may this actor do
 * this now, and what follows?
 *
 * The order of the questions is product.md's and never changes: visible ->
 * role and relation -> version -> rule -> what it must carry -> clock.
 */
#include <assert.h>
#include <string.h>

#include "base/timeutil.h"
#include "domain/access.h"
#include "domain/calendar.h"
#include "domain_internal.h"

struct assignment *
ticket_case_lead(const struct ticket_case *ticket_case)
{
    for (size_t i = 0; i < ticket_case->assignment_count; i++)
        if (ticket_case->assignments[i].is_active &&
            ticket_case->assignments[i].relation == RELATION_LEAD)
            return (struct assignment *)&ticket_case->assignments[i];
    return NULL;
}

struct assignment *
ticket_case_active(const struct ticket_case *ticket_case, int64_t unit_id)
{
    for (size_t i = 0; i < ticket_case->assignment_count; i++)
        if (ticket_case->assignments[i].is_active &&
            ticket_case->assignments[i].unit_id == unit_id)
            return (struct assignment *)&ticket_case->assignments[i];
    return NULL;
}

bool
ticket_is_open(const struct ticket *ticket)
{
    return ticket->state != TICKET_CLOSED && ticket->state != TICKET_DECLINED &&
           ticket->state != TICKET_MERGED;
}

const char *
actor_kind_word(enum actor_kind kind)
{
    static const char *const words[ACTOR_KIND_COUNT] = {
        [ACTOR_USER] = "user",   [ACTOR_TOKEN] = "token", [ACTOR_CITIZEN] = "citizen",
        [ACTOR_TIMER] = "timer", [ACTOR_CLI] = "cli",
    };
    return words[kind];
}

enum light
ticket_light(const struct ticket *ticket, const struct calendar *calendar,
             const struct limits *limits, int64_t now)
{
    bool is_running = ticket->state == TICKET_DISPATCHED ||
                      ticket->state == TICKET_HANDLING ||
                      ticket->state == TICKET_RETURNED;

    if (!is_running || ticket->effective_due_at == 0)
        return LIGHT_NONE;
    int64_t yellow_at = deadline_yellow_at(calendar, limits, ticket->dispatched_at,
                                           ticket->effective_due_at);
    return deadline_light(now, ticket->effective_due_at, yellow_at, 0);
}

enum relation
ticket_relation(const struct ticket_case *ticket_case, int64_t unit_id)
{
    if (unit_id == 0)
        return RELATION_NONE;
    if (ticket_case->ticket.lead_unit_id == unit_id)
        return RELATION_LEAD;
    const struct assignment *mine = ticket_case_active(ticket_case, unit_id);
    return mine != NULL && mine->relation == RELATION_CO ? RELATION_CO : RELATION_NONE;
}

uint32_t
ticket_who(const struct ticket_case *ticket_case, const struct actor *actor)
{
    static const struct {
        enum role role;
        uint32_t office, lead, co;
    } bits[] = {
        { ROLE_CLERK, WHO_CLERK, WHO_CLERK, WHO_CLERK },
        { ROLE_SUPERVISOR, WHO_SUPERVISOR, WHO_SUPERVISOR, WHO_SUPERVISOR },
        { ROLE_LEADER, WHO_LEADER, WHO_LEADER, WHO_LEADER },
        { ROLE_HANDLER, 0, WHO_HANDLER, WHO_CO_HANDLER },
        { ROLE_UNIT_HEAD, 0, WHO_HEAD, WHO_CO_HEAD },
    };
    uint32_t who = 0;

    if (actor->kind == ACTOR_TIMER)
        return WHO_TIMER;
    if (actor->kind == ACTOR_CITIZEN)
        return WHO_CITIZEN;
    if (actor->kind != ACTOR_USER)
        return 0;
    enum relation relation = ticket_relation(ticket_case, actor->unit_id);
    for (size_t i = 0; i < sizeof bits / sizeof *bits; i++)
        if ((actor->roles & ROLE_BIT(bits[i].role)) != 0)
            who |= relation == RELATION_LEAD ? bits[i].lead
                   : relation == RELATION_CO ? bits[i].co
                                             : bits[i].office;
    if (access_ticket(ticket_case, actor))
        who |= WHO_STAFF;
    /* Confidential: the clerk speaks with the citizen, the unit does not. */
    if (ticket_case->ticket.confidential && (who & WHO_CLERK) != 0)
        who |= WHO_CONFIDENTIAL_CLERK;
    return who;
}

/* The `who` that counts for this action: on a confidential ticket the unit makes no contact. */
static uint32_t
who_for(const struct ticket_case *ticket_case, int action, uint32_t who)
{
    if (action == ACT_CONTACT && ticket_case->ticket.confidential)
        return who & WHO_CONFIDENTIAL_CLERK;
    return who;
}

/* Has any rule of this action room for somebody like that, whatever the state? */
static const struct ticket_rule *
rule_for_who(int action, uint32_t who)
{
    for (size_t i = 0; i < ticket_rule_count; i++)
        if ((int)ticket_rules[i].action == action && (ticket_rules[i].who & who) != 0)
            return &ticket_rules[i];
    return NULL;
}

/* Waiving is for the leader named in the submission, or after a workday for another one. */
static enum err
may_waive(const struct question *question)
{
    const struct ticket_case *ticket_case = question->ticket_case;

    if (question->act->waive != TRISTATE_YES)
        return OK;
    for (size_t i = 0; i < ticket_case->submission_count; i++) {
        const struct open_submission *submission = &ticket_case->submissions[i];
        if (submission->leader_id == question->actor->id ||
            question->now > calendar_add_workdays(question->calendar,
                                                  submission->submitted_at, 1, NULL))
            return OK;
    }
    return ERR_TICKET_NOT_NAMED_LEADER;
}

/* No way of closing while a supervision is unanswered or a leader has not spoken. */
static enum err
may_close(const struct ticket_case *before, const struct ticket *after)
{
    if (!ticket_is_open(&before->ticket) || ticket_is_open(after))
        return OK;
    for (size_t i = 0; i < before->supervision_count; i++)
        if (!before->supervisions[i].is_answered)
            return ERR_TICKET_SUPERVISED;
    return before->submission_count > 0 ? ERR_TICKET_SUBMITTED : OK;
}

static void
assert_case(const struct ticket_case *ticket_case)
{
    const struct ticket *ticket = &ticket_case->ticket;
    size_t leads = 0;

    for (size_t i = 0; i < ticket_case->assignment_count; i++)
        leads += ticket_case->assignments[i].is_active &&
                 ticket_case->assignments[i].relation == RELATION_LEAD;
    assert(leads <= 1);
    assert(ticket->lead_unit_id != 0 || leads == 0);
    assert((ticket->state == TICKET_CLOSED) == (ticket->closed_at != 0));
    assert(ticket->state != TICKET_CLOSED || ticket->outcome != CHOICE_NONE);
    (void)ticket;
    (void)leads;
}

enum err
ticket_decide(const struct ticket_case *ticket_case, const struct actor *actor,
              const struct ticket_act *act, const struct calendar *calendar,
              const struct limits *limits, int64_t now, struct ticket_change *ret_change,
              struct problem *reterr_problem)
{
    const struct ticket *ticket = &ticket_case->ticket;
    struct question question = { ticket_case, actor, act, calendar, limits, now };

    if (!access_ticket(ticket_case, actor) && actor->kind != ACTOR_CITIZEN)
        return ERR_NOT_FOUND;

    uint32_t who = who_for(ticket_case, act->action, ticket_who(ticket_case, actor));
    const struct ticket_rule *any = rule_for_who(act->action, who);
    if (any == NULL)
        return ERR_FORBIDDEN;

    bool has_version = (act->present & FIELD_BIT(FIELD_VERSION)) != 0;
    /* A citizen sees no version: what they say does not depend on one. */
    if (any->is_versioned && !has_version && actor->kind != ACTOR_CITIZEN) {
        (void)problem_add(reterr_problem, "version", ERR_FIELD_MISSING, NULL);
        return problem_value(reterr_problem, ERR_FIELDS, "1");
    }
    if (has_version && act->version != ticket->version)
        return problem_value(reterr_problem, ERR_TICKET_VERSION_CONFLICT, "%lld",
                             (long long)ticket->version);

    const struct ticket_rule *rule = ticket_rule_find(ticket->state, act->action, who);
    if (rule == NULL)
        return problem_value(reterr_problem, ERR_TICKET_WRONG_STATE, "%s",
                             choice_word(&words_state, ticket->state));
    TRY(ticket_guard(rule->guards, false, &question));
    if (act->action == ACT_INSTRUCT)
        TRY(may_waive(&question));
    if (ticket_case->assignment_count + CO_UNITS_MAX + 1 > ASSIGNMENTS_MAX &&
        act->action == ACT_DISPATCH)
        return ERR_TICKET_FULL;
    if ((act->action == ACT_SUPERVISE || act->action == ACT_INSTRUCT) &&
        ticket_case->supervision_count >= OPEN_RECORDS_MAX)
        return ERR_TICKET_FULL;
    if (act->action == ACT_SUBMIT && ticket_case->submission_count >= OPEN_RECORDS_MAX)
        return ERR_TICKET_FULL;

    TRY(ticket_carry(rule, &question, reterr_problem));
    TRY(ticket_guard(rule->guards, true, &question));

    struct ticket_change change = {
        .rule = rule,
        .from_state = ticket->state,
        .after = *ticket_case,
    };
    ticket_apply(rule, &question, &change);
    TRY(may_close(ticket_case, &change.after.ticket));
    assert_case(&change.after);
    *ret_change = change;
    return OK;
}

size_t
ticket_possible(const struct ticket_case *ticket_case, const struct actor *actor,
                const struct calendar *calendar, const struct limits *limits, int64_t now,
                const struct ticket_rule **ret_rules)
{
    struct question question = { ticket_case, actor, NULL, calendar, limits, now };
    uint32_t who = ticket_who(ticket_case, actor);
    size_t count = 0;
    int seen = CHOICE_NONE;

    if (!access_ticket(ticket_case, actor) && actor->kind != ACTOR_CITIZEN)
        return 0;
    for (size_t i = 0; i < ticket_rule_count; i++) {
        const struct ticket_rule *rule = &ticket_rules[i];
        int action = (int)rule->action;
        if ((rule->from & STATE_BIT(ticket_case->ticket.state)) == 0 ||
            (rule->who & who_for(ticket_case, action, who)) == 0 || action == seen)
            continue;
        seen = action; /* its rows stand together, and the first that fits counts */
        if (ticket_guard(rule->guards, false, &question) == OK &&
            ticket_guard(rule->guards, true, &question) == OK)
            ret_rules[count++] = rule;
    }
    return count;
}

enum err
ticket_receive(const struct ticket_draft *draft, const struct actor *actor,
               const struct calendar *calendar, const struct limits *limits, int64_t now,
               struct ticket *ret_ticket, struct problem *reterr_problem)
{
    size_t wrong_before = reterr_problem->field_count;

    if (draft->occurred_at > now)
        (void)problem_add(reterr_problem, "occurred_at", ERR_FIELD_FUTURE, NULL);
    if (draft->upstream != NULL && draft->upstream_no == NULL)
        (void)problem_add(reterr_problem, "upstream_no", ERR_FIELD_MISSING, NULL);
    if (draft->upstream == NULL &&
        (draft->upstream_no != NULL || draft->upstream_due_at != 0 ||
         draft->upstream_received_at != 0))
        (void)problem_add(reterr_problem, "upstream", ERR_FIELD_MISSING, NULL);
    if (draft->sensitive == TRISTATE_YES && draft->sensitive_reason == NULL)
        (void)problem_add(reterr_problem, "sensitive_reason", ERR_FIELD_MISSING, NULL);
    if (draft->repeat_of == NULL && draft->repeat_relation != NULL)
        (void)problem_add(reterr_problem, "repeat_of", ERR_FIELD_MISSING, NULL);
    if (reterr_problem->field_count != wrong_before)
        return problem_value(reterr_problem, ERR_FIELDS, "%zu",
                             reterr_problem->field_count);

    struct ticket ticket = {
        .received_at = now,
        .received_by = actor->kind == ACTOR_USER ? actor->id : 0,
        .occurred_at = draft->occurred_at,
        .upstream_received_at = draft->upstream_received_at,
        .upstream_due_at = draft->upstream_due_at,
        .kind = draft->kind == CHOICE_NONE ? KIND_OTHER : draft->kind,
        .urgency = draft->urgency == CHOICE_NONE ? URGENCY_NORMAL : draft->urgency,
        .sensitive = draft->sensitive == TRISTATE_YES,
        .anonymous = draft->anonymous == TRISTATE_YES,
        .confidential = draft->confidential == TRISTATE_YES,
        .may_publish = draft->may_publish == TRISTATE_YES,
        .suspect = draft->suspect == TRISTATE_YES,
        .has_phone = draft->petitioner.phone != NULL,
        .state = TICKET_RECEIVED,
        .version = TICKET_FIRST_VERSION,
        .light = LIGHT_NONE,
        .outcome = CHOICE_NONE,
        .told_way = CHOICE_NONE,
        .satisfaction_first = CHOICE_NONE,
        .satisfaction_final = CHOICE_NONE,
        .merged_from_state = CHOICE_NONE,
    };
#define COPY(member)                                                                     \
    if (draft->member != NULL)                                                           \
    (void)strncpy(ticket.member, draft->member, sizeof ticket.member - 1)
    COPY(channel);
    COPY(area);
    COPY(category);
    COPY(upstream);
    COPY(upstream_no);
#undef COPY
    if (ticket.kind == KIND_REPORT)
        ticket.confidential = true; /* always on for a report */
    if (!ticket.suspect)
        ticket.state_due_at = deadline_dispatch(
            calendar, limits, (enum urgency)ticket.urgency,
            strcmp(ticket.channel, "web") == 0 || ticket.upstream[0] != '\0', now, NULL);
    *ret_ticket = ticket;
    return OK;
}
