/*
 * test_ticket_rules.c - the table of actions: its shape, and what it means for
 * every action, state, role and relation (golden matrix).
 */
#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/timeutil.h"
#include "domain/calendar.h"
#include "domain/ticket.h"
#include "domain/ticket_words.h"
#include "support/golden.h"

#define LEAD_UNIT 10
#define CO_UNIT 20
#define OFFICE_UNIT 1
#define ACTOR_ID 7
#define TICKET_ID 100

static struct calendar *calendar;
static struct limits limits;
static int64_t now;

static void
set_up(void)
{
    static const int years[] = { 2026 };

    ck_assert_int_eq(calendar_new(years, 1, NULL, 0, &calendar), OK);
    limits = limits_defaults();
    now =
        time_day_start(time_day_of_date((struct civil_date){ 2026, 11, 23 })) + 10 * 3600;
}

static void
tear_down(void)
{
    calendar_free(calendar);
}

/* A case in `state` to which nothing is in the way of `action`. */
static struct ticket_case
make_case(int state, int action)
{
    struct ticket_case made = { .lead_sign_off = SIGN_OFF_RECORDED };
    struct ticket *ticket = &made.ticket;

    *ticket = (struct ticket){
        .id = TICKET_ID,
        .received_at = now - 3600,
        .kind = KIND_HELP,
        .state = state,
        .version = 3,
        .has_phone = true,
        .may_publish = true,
        .outcome = CHOICE_NONE,
        .told_way = CHOICE_NONE,
        .satisfaction_first = CHOICE_NONE,
        .satisfaction_final = CHOICE_NONE,
        .merged_from_state = CHOICE_NONE,
    };
    strcpy(ticket->channel, "phone");
    bool is_with_unit = state != TICKET_RECEIVED && state != TICKET_DECLINED;
    if (is_with_unit) {
        ticket->round = 1;
        ticket->lead_unit_id = LEAD_UNIT;
        ticket->first_dispatched_at = ticket->dispatched_at = now - 1800;
        ticket->due_at = ticket->effective_due_at = now + 5 * 86400;
        bool is_active = state != TICKET_CLOSED && state != TICKET_MERGED;
        made.assignments[0] = (struct assignment){
            .id = 1,
            .round = 1,
            .unit_id = LEAD_UNIT,
            .relation = RELATION_LEAD,
            .is_active = is_active,
            .is_visible = true,
            .is_counted = true,
            .dispatched_at = now - 1800,
            .effective_due_at = ticket->due_at,
        };
        made.assignments[1] = made.assignments[0];
        made.assignments[1].id = 2;
        made.assignments[1].unit_id = CO_UNIT;
        made.assignments[1].relation = RELATION_CO;
        made.assignment_count = 2;
        if (!is_active)
            for (int i = 0; i < 2; i++)
                strcpy(made.assignments[i].end_reason,
                       state == TICKET_CLOSED ? "closed" : "merged");
    }
    if (state == TICKET_CLOSED) {
        ticket->closed_at = now - 60;
        ticket->outcome = OUTCOME_SOLVED;
    }
    if (state == TICKET_MERGED) {
        ticket->merged_at = now - 60;
        ticket->merged_into = 5;
        ticket->merged_from_state = TICKET_HANDLING;
    }
    if (state == TICKET_REPLIED) {
        made.reply.id = 1;
        made.reply.outcome = OUTCOME_SOLVED;
        made.reply.told_at = now - 60;
    }
    switch (action) {
    case ACT_GRANT_EXTENSION:
    case ACT_REFUSE_EXTENSION:
        made.extension.id = 1;
        made.extension.promised_day = time_day(now) + 9;
        break;
    case ACT_PROPOSE_REPLY:
        made.lead_sign_off = SIGN_OFF_ONLINE;
        break;
    case ACT_HAND_BACK:
        made.lead_sign_off = SIGN_OFF_ONLINE;
        made.reply.id = 1;
        made.reply.is_proposed = true;
        break;
    case ACT_ANSWER_SUPERVISION:
    case ACT_SETTLE_SUPERVISION:
        made.supervisions[made.supervision_count++] =
            (struct open_supervision){ .id = 1, .answer_due_at = now + 60 };
        break;
    case ACT_KEEP_PROMISE:
        made.promises[made.promise_count++] =
            (struct open_promise){ .id = 1, .unit_id = LEAD_UNIT };
        break;
    case ACT_UNPUBLISH:
        ticket->published_at = now - 5;
        break;
    default:
        break;
    }
    return made;
}

/* A request that carries all that `action` must carry. */
static struct ticket_act
make_act(int action)
{
    struct ticket_act act;

    ticket_act_init(&act, (enum ticket_action)action);
    for (size_t i = 0; i < ticket_rule_count; i++)
        if ((int)ticket_rules[i].action == action)
            act.present |= ticket_rules[i].must;
    act.present |= FIELD_BIT(FIELD_VERSION);
    act.version = 3;
    act.channel_workdays = 5;
    act.lead_unit = "lead";
    act.lead_unit_id = 30;
    act.lead_is_complete = true;
    act.note = act.reason = act.text = act.guidance = act.basis = act.demand = "text";
    act.finding = act.measures = act.reply_text = act.evidence = act.public_text = "text";
    act.interim_reply = act.signed_off_by = act.co_waived_reason = "text";
    act.suggested_unit = "other";
    act.suggested_unit_id = 31;
    act.into = "20261123-R0001";
    act.into_id = 5;
    act.into_state = TICKET_RECEIVED;
    act.leader = "leader";
    act.leader_id = 9;
    act.told_at = act.at = now;
    act.told_way = act.way = WAY_PHONE;
    act.decline_reason = DECLINE_NOT_GOVERNMENT;
    act.return_reason = act.extend_reason = act.supervise_reason = 0;
    act.reason_codes = 1;
    act.exclude_class = 0;
    act.promised_day = time_day(now) + 7; /* a Monday */
    act.answer_due_day = time_day(now) + 2;
    act.contacted = TRISTATE_YES;
    act.outcome = OUTCOME_SOLVED;
    act.changes.title = "title";
    act.changes_present = ticket_draft_present(&act.changes);
    if (action == ACT_REPLY || action == ACT_PROPOSE_REPLY || action == ACT_DECLINE)
        act.present |= FIELD_BIT(FIELD_TOLD_AT) | FIELD_BIT(FIELD_TOLD_WAY);
    if (action == ACT_REPLY)
        act.present |= FIELD_BIT(FIELD_SIGNED_OFF_BY) | FIELD_BIT(FIELD_CO_WAIVED_REASON);
    if (action == ACT_AMEND)
        act.present |= FIELD_BIT(FIELD_REASON);
    if (action == ACT_RATE)
        act.satisfaction = SATISFACTION_SATISFIED;
    if (action == ACT_CALL_BACK) {
        act.connected = act.contacted_by_unit = act.solved = TRISTATE_YES;
        act.satisfaction = SATISFACTION_SATISFIED;
        act.present |= FIELD_BIT(FIELD_CONTACTED_BY_UNIT) | FIELD_BIT(FIELD_SOLVED) |
                       FIELD_BIT(FIELD_SATISFACTION);
    }
    return act;
}

static struct actor
make_actor(int role, int relation)
{
    return (struct actor){
        .kind = ACTOR_USER,
        .id = ACTOR_ID,
        .unit_id = relation == RELATION_LEAD ? LEAD_UNIT
                   : relation == RELATION_CO ? CO_UNIT
                                             : OFFICE_UNIT,
        .roles = ROLE_BIT(role),
    };
}

static enum err
decide(const struct ticket_case *ticket_case, const struct actor *actor,
       const struct ticket_act *act, struct ticket_change *ret_change,
       struct problem *ret_problem)
{
    *ret_problem = (struct problem){ .field_count = 0 };
    return ticket_decide(ticket_case, actor, act, calendar, &limits, now, ret_change,
                         ret_problem);
}

/* Two rules for the same move would make the answer depend on table order. */
START_TEST(each_move_has_one_rule)
{
    for (size_t i = 0; i < ticket_rule_count; i++)
        for (size_t k = i + 1; k < ticket_rule_count; k++)
            if (ticket_rules[i].action == ticket_rules[k].action)
                ck_assert_msg((ticket_rules[i].from & ticket_rules[k].from) == 0 ||
                                  (ticket_rules[i].who & ticket_rules[k].who) == 0,
                              "two rules for %s",
                              choice_word(&words_action, ticket_rules[i].action));
}
END_TEST

START_TEST(every_action_has_a_rule)
{
    for (int action = 0; action < TICKET_ACTION_COUNT; action++) {
        bool found = false;
        for (size_t i = 0; i < ticket_rule_count; i++)
            found = found || (int)ticket_rules[i].action == action;
        ck_assert_msg(found, "no rule for %s", choice_word(&words_action, action));
    }
}
END_TEST

/* Follow every rule from RECEIVED until nothing new turns up. */
START_TEST(every_state_is_reached_and_none_is_a_dead_end)
{
    bool reached[TICKET_STATE_COUNT] = { [TICKET_RECEIVED] = true };
    bool leaves[TICKET_STATE_COUNT] = { false };

    for (int pass = 0; pass < TICKET_STATE_COUNT; pass++)
        for (int state = 0; state < TICKET_STATE_COUNT; state++) {
            if (!reached[state])
                continue;
            for (int action = 0; action < TICKET_ACTION_COUNT; action++)
                for (int role = 0; role < ROLE_COUNT; role++)
                    for (int relation = 0; relation < RELATION_COUNT; relation++) {
                        struct ticket_case ticket_case = make_case(state, action);
                        struct actor actor = make_actor(role, relation);
                        struct ticket_act act = make_act(action);
                        struct ticket_change change;
                        struct problem problem;
                        if (decide(&ticket_case, &actor, &act, &change, &problem) != OK)
                            continue;
                        reached[change.after.ticket.state] = true;
                        leaves[state] =
                            leaves[state] || change.after.ticket.state != state;
                    }
        }
    for (int state = 0; state < TICKET_STATE_COUNT; state++) {
        ck_assert_msg(reached[state], "no way into %s", choice_word(&words_state, state));
        ck_assert_msg(leaves[state], "no way out of %s",
                      choice_word(&words_state, state));
    }
}
END_TEST

/* Invariant 3 of ticket_rules.c. */
START_TEST(an_action_without_version_changes_neither_state_nor_deadline_nor_version)
{
    for (size_t i = 0; i < ticket_rule_count; i++)
        if (!ticket_rules[i].is_versioned) {
            ck_assert_int_eq(ticket_rules[i].to, TICKET_SAME);
            ck_assert_int_eq(ticket_rules[i].clock, CLOCK_NONE);
        }
}
END_TEST

/* What one cell of the matrix says: the state after, or why not. */
static const char *
cell(int action, int state, int role, int relation)
{
    struct ticket_case ticket_case = make_case(state, action);
    struct actor actor = make_actor(role, relation);
    struct ticket_act act = make_act(action);
    struct ticket_change change;
    struct problem problem;
    enum err err = decide(&ticket_case, &actor, &act, &change, &problem);

    if (err == OK)
        return change.after.ticket.state == state
                   ? "="
                   : choice_word(&words_state, change.after.ticket.state);
    if (err == ERR_NOT_FOUND)
        return ".";
    if (err == ERR_FORBIDDEN)
        return "no";
    if (err == ERR_TICKET_WRONG_STATE)
        return "state";
    if (err == ERR_FIELDS)
        ck_abort_msg("%s from %s lacks %s: %s", choice_word(&words_action, action),
                     choice_word(&words_state, state), problem.fields[0].field,
                     err_code(problem.fields[0].code));
    return err_code(err);
}

START_TEST(every_action_state_role_and_relation_is_judged_as_the_golden_matrix_says)
{
    static char text[1 << 20];
    size_t bytes = 0;

#define PRINT(...)                                                                       \
    do {                                                                                 \
        bytes += (size_t)snprintf(text + bytes, sizeof text - bytes, __VA_ARGS__);       \
        ck_assert_uint_lt(bytes, sizeof text);                                           \
    } while (0)
    PRINT(
        "# What each action does from each state, by role and relation of the unit.\n"
        "# \"=\" stays, a state's name is the state after; \".\" is 404, \"no\" is 403,\n"
        "# \"state\" is ticket.wrong_state; anything else is the error's code.\n");
    for (int action = 0; action < TICKET_ACTION_COUNT; action++) {
        PRINT("\n%s\n", choice_word(&words_action, action));
        for (int state = 0; state < TICKET_STATE_COUNT; state++) {
            PRINT("  %-10s", choice_word(&words_state, state));
            for (int role = 0; role < ROLE_COUNT; role++) {
                PRINT(" %s:", choice_word(&words_role, role));
                for (int relation = 0; relation < RELATION_COUNT; relation++)
                    PRINT("%s%s", relation > 0 ? "/" : "",
                          cell(action, state, role, relation));
            }
            PRINT("\n");
        }
    }
#undef PRINT
    golden_check("ticket_matrix.txt", text);
}
END_TEST

/* --- The order of judgement --------------------------------------------------------- */

START_TEST(a_wrong_request_is_judged_visible_then_role_then_version_then_rule_then_carry)
{
    struct ticket_case ticket_case = make_case(TICKET_CLOSED, ACT_DISPATCH);
    struct ticket_act act = make_act(ACT_DISPATCH);
    struct ticket_change change;
    struct problem problem;
    struct actor stranger = make_actor(ROLE_HANDLER, RELATION_NONE);
    struct actor handler = make_actor(ROLE_HANDLER, RELATION_LEAD);
    struct actor clerk = make_actor(ROLE_CLERK, RELATION_NONE);

    act.version = 2;                            /* stale */
    act.present &= ~FIELD_BIT(FIELD_LEAD_UNIT); /* and incomplete */
    ck_assert_int_eq(decide(&ticket_case, &stranger, &act, &change, &problem),
                     ERR_NOT_FOUND);
    ck_assert_int_eq(decide(&ticket_case, &handler, &act, &change, &problem),
                     ERR_FORBIDDEN);
    ck_assert_int_eq(decide(&ticket_case, &clerk, &act, &change, &problem),
                     ERR_TICKET_VERSION_CONFLICT);
    ck_assert_str_eq(problem.value, "3");
    act.version = 3;
    ck_assert_int_eq(decide(&ticket_case, &clerk, &act, &change, &problem),
                     ERR_TICKET_WRONG_STATE);
    ticket_case = make_case(TICKET_RECEIVED, ACT_DISPATCH);
    ck_assert_int_eq(decide(&ticket_case, &clerk, &act, &change, &problem), ERR_FIELDS);
    ck_assert_str_eq(problem.fields[0].field, "lead_unit");
    act.present |= FIELD_BIT(FIELD_LEAD_UNIT);
    ck_assert_int_eq(decide(&ticket_case, &clerk, &act, &change, &problem), OK);
}
END_TEST

/* Each required member, left out, is named; each foreign one is unknown. */
START_TEST(every_missing_and_every_foreign_member_is_named)
{
    for (size_t i = 0; i < ticket_rule_count; i++) {
        const struct ticket_rule *rule = &ticket_rules[i];
        int state = __builtin_ctz(rule->from);
        for (int role = 0; role < ROLE_COUNT; role++)
            for (int relation = 0; relation < RELATION_COUNT; relation++) {
                struct ticket_case ticket_case = make_case(state, (int)rule->action);
                struct actor actor = make_actor(role, relation);
                struct ticket_act act = make_act((int)rule->action);
                struct ticket_change change;
                struct problem problem;
                if (decide(&ticket_case, &actor, &act, &change, &problem) != OK)
                    continue;
                for (int field = 0; field < TICKET_FIELD_COUNT; field++) {
                    struct ticket_act wrong = act;
                    bool is_must = (rule->must & FIELD_BIT(field)) != 0;
                    bool is_known = is_must || field == FIELD_VERSION ||
                                    (rule->may & FIELD_BIT(field)) != 0;
                    if (is_known && !is_must)
                        continue;
                    wrong.present ^= FIELD_BIT(field);
                    if (is_must != ((wrong.present & FIELD_BIT(field)) == 0))
                        continue;
                    enum err err =
                        decide(&ticket_case, &actor, &wrong, &change, &problem);
                    ck_assert_msg(err == ERR_FIELDS, "%s took a wrong %s",
                                  choice_word(&words_action, (int)rule->action),
                                  ticket_act_fields[field].name);
                    bool named = false;
                    for (size_t k = 0; k < problem.field_count; k++)
                        named = named ||
                                (strcmp(problem.fields[k].field,
                                        ticket_act_fields[field].name) == 0 &&
                                 problem.fields[k].code ==
                                     (is_must ? ERR_FIELD_MISSING : ERR_FIELD_UNKNOWN));
                    ck_assert_msg(named, "%s does not name %s",
                                  choice_word(&words_action, (int)rule->action),
                                  ticket_act_fields[field].name);
                }
            }
    }
}
END_TEST

Suite *
suite_ticket_rules(void)
{
    Suite *suite = suite_create("ticket_rules");
    TCase *tcase = tcase_create("table");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, each_move_has_one_rule);
    tcase_add_test(tcase, every_action_has_a_rule);
    tcase_add_test(tcase, every_state_is_reached_and_none_is_a_dead_end);
    tcase_add_test(
        tcase, an_action_without_version_changes_neither_state_nor_deadline_nor_version);
    tcase_add_test(
        tcase, every_action_state_role_and_relation_is_judged_as_the_golden_matrix_says);
    tcase_add_test(
        tcase,
        a_wrong_request_is_judged_visible_then_role_then_version_then_rule_then_carry);
    tcase_add_test(tcase, every_missing_and_every_foreign_member_is_named);
    suite_add_tcase(suite, tcase);
    return suite;
}
