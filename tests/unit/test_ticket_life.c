/*
 * test_ticket_life.c - tickets through the real commands on a real store:
 * "what follows from what", and random walks that keep the invariants.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/timeutil.h"
#include "domain/moments.h"
#include "store/assessments.h"
#include "store/events.h"
#include "store/query.h"
#include "store/records.h"
#include "store/rulebook.h"
#include "store/summaries.h"
#include "store/tickets.h"
#include "support/office.h"

static struct office office;
static char no[TICKET_NO_BYTES];
static struct ticket_case now_is;

static void
set_up(void)
{
    office_open(&office);
    office_receive(&office, "phone", no);
}

/* All that is done is undone once and done again, as behind a refusal in the same batch. */
static void
set_up_twice(void)
{
    office_open(&office);
    office.runs_twice = true;
    office_receive(&office, "phone", no);
}

static void
tear_down(void)
{
    office_close(&office);
}

static enum err
try(const struct actor *actor, enum ticket_action action)
{
    struct ticket_act act = office_make_act(&office, action);

    return office_act(&office, actor, no, &act);
}

static void
must(const struct actor *actor, enum ticket_action action)
{
    ck_assert_msg(try(actor, action) == OK, "%s failed",
                  choice_word(&words_action, (int)action));
    office_case(&office, no, &now_is);
}

static void
dispatch_to(int lead, int co)
{
    struct ticket_act act = office_make_act(&office, ACT_DISPATCH);
    const char *items[1];

    act.lead_unit = office_unit_codes[lead];
    if (co >= 0) {
        items[0] = office_unit_codes[co];
        act.co_units = (struct text_list){ items, 1 };
        act.present |= FIELD_BIT(FIELD_CO_UNITS);
    }
    ck_assert_int_eq(office_act(&office, &office.clerk, no, &act), OK);
    office_case(&office, no, &now_is);
}

/* 10:00 of the day `days` after the Monday the office opens on. */
static void
day(int days)
{
    office.now =
        time_day_start(time_day_of_date((struct civil_date){ 2026, 11, 23 }) + days) +
        10 * 3600;
}

START_TEST(a_ticket_travels_from_receipt_to_closing)
{
    dispatch_to(WATER, -1);
    ck_assert_int_eq(now_is.ticket.state, TICKET_DISPATCHED);
    ck_assert_int_eq(now_is.ticket.due_at, time_day_end(time_day(office.now) + 7));
    must(&office.handlers[WATER], ACT_SIGN);
    ck_assert_int_eq(now_is.ticket.state, TICKET_HANDLING);
    must(&office.handlers[WATER], ACT_CONTACT);
    must(&office.handlers[WATER], ACT_REPLY);
    ck_assert_int_eq(now_is.ticket.light, LIGHT_NONE);
    must(&office.clerk, ACT_APPROVE_REPLY);
    must(&office.clerk, ACT_CALL_BACK);
    ck_assert_int_eq(now_is.ticket.state, TICKET_CLOSED);
    ck_assert_int_eq(now_is.ticket.outcome, OUTCOME_SOLVED);
    ck_assert_int_eq(now_is.ticket.satisfaction_final, SATISFACTION_SATISFIED);
    ck_assert_int_eq(now_is.ticket.version, 6); /* contact has none */
}
END_TEST

START_TEST(a_recall_ends_the_round_uncounted_and_the_next_unit_gets_its_full_limit)
{
    dispatch_to(WATER, ROADS);
    int64_t first_due = now_is.ticket.due_at;
    must(&office.handlers[WATER], ACT_SIGN);
    must(&office.handlers[WATER], ACT_EXTEND);
    day(1);
    must(&office.clerk, ACT_RECALL);
    ck_assert_int_eq(now_is.ticket.state, TICKET_RECEIVED);
    ck_assert_int_eq(now_is.ticket.lead_unit_id, 0);
    ck_assert_int_eq(now_is.extension.id, 0);
    for (size_t i = 0; i < now_is.assignment_count; i++) {
        ck_assert(!now_is.assignments[i].is_active);
        ck_assert(!now_is.assignments[i].is_visible);
        ck_assert(!now_is.assignments[i].is_counted);
        ck_assert_str_eq(now_is.assignments[i].end_reason, "recalled");
    }
    dispatch_to(ROADS, -1);
    ck_assert_int_gt(now_is.ticket.due_at, first_due);
    ck_assert_int_eq(try(&office.handlers[WATER], ACT_NOTE), ERR_NOT_FOUND);
}
END_TEST

START_TEST(after_two_accepted_returns_a_designated_lead_cannot_return)
{
    static const int leads[] = { WATER, ROADS };

    for (int i = 0; i < 2; i++) {
        dispatch_to(leads[i], -1);
        struct ticket_act act = office_make_act(&office, ACT_RETURN);
        act.suggested_unit = office_unit_codes[TOWN];
        ck_assert_int_eq(office_act(&office, &office.handlers[leads[i]], no, &act), OK);
        must(&office.clerk, ACT_ACCEPT_RETURN);
    }
    ck_assert(now_is.ticket.hard_case);
    dispatch_to(TOWN, -1);
    ck_assert_int_eq(try(&office.handlers[TOWN], ACT_RETURN), ERR_TICKET_DESIGNATED);
}
END_TEST

START_TEST(a_unit_returns_within_one_workday_and_only_once)
{
    dispatch_to(WATER, -1);
    must(&office.handlers[WATER], ACT_RETURN);
    must(&office.clerk, ACT_REFUSE_RETURN);
    ck_assert_int_eq(now_is.ticket.state, TICKET_HANDLING);
    ck_assert_int_eq(try(&office.handlers[WATER], ACT_RETURN), ERR_TICKET_RETURN_TWICE);
    must(&office.clerk, ACT_RECALL);
    dispatch_to(ROADS, -1);
    day(2);
    struct ticket_act act = office_make_act(&office, ACT_RETURN);
    act.suggested_unit = office_unit_codes[TOWN];
    ck_assert_int_eq(office_act(&office, &office.handlers[ROADS], no, &act),
                     ERR_TICKET_RETURN_LATE);
}
END_TEST

START_TEST(an_unmerged_ticket_is_exactly_as_before)
{
    char target[TICKET_NO_BYTES];

    office_receive(&office, "web", target);
    dispatch_to(WATER, ROADS);
    must(&office.handlers[WATER], ACT_SIGN);
    struct ticket_case before = now_is;
    struct ticket_act merge = office_make_act(&office, ACT_MERGE);
    merge.into = target;
    ck_assert_int_eq(office_act(&office, &office.clerk, no, &merge), OK);
    office_case(&office, no, &now_is);
    ck_assert_int_eq(now_is.ticket.state, TICKET_MERGED);
    ck_assert_int_eq(now_is.ticket.light, LIGHT_NONE);
    must(&office.clerk, ACT_UNMERGE);
    before.ticket.version = now_is.ticket.version;
    ck_assert_int_eq(memcmp(&before.ticket, &now_is.ticket, sizeof before.ticket), 0);
    ck_assert_uint_eq(before.assignment_count, now_is.assignment_count);
    for (size_t i = 0; i < before.assignment_count; i++)
        ck_assert_int_eq(memcmp(&before.assignments[i], &now_is.assignments[i],
                                sizeof before.assignments[i]),
                         0);
}
END_TEST

START_TEST(no_way_of_closing_while_a_supervision_is_unanswered_or_a_leader_silent)
{
    must(&office.clerk, ACT_SUBMIT);
    ck_assert_int_eq(try(&office.clerk, ACT_ANSWER), ERR_TICKET_SUBMITTED);
    must(&office.leader, ACT_INSTRUCT);
    must(&office.supervisor, ACT_SUPERVISE);
    ck_assert_int_eq(try(&office.clerk, ACT_ANSWER), ERR_TICKET_SUPERVISED);
    dispatch_to(WATER, -1);
    must(&office.handlers[WATER], ACT_SIGN);
    must(&office.handlers[WATER], ACT_ANSWER_SUPERVISION);
    must(&office.handlers[WATER], ACT_REPLY);
    must(&office.clerk, ACT_APPROVE_REPLY);
    must(&office.clerk, ACT_CALL_BACK);
    ck_assert_int_eq(now_is.ticket.state, TICKET_CLOSED);
}
END_TEST

START_TEST(only_the_named_leader_waives_or_another_one_after_a_workday)
{
    struct ticket_act waive = office_make_act(&office, ACT_INSTRUCT);
    struct actor other = office.leader;

    other.id = 99;
    waive.waive = TRISTATE_YES;
    waive.present |= FIELD_BIT(FIELD_WAIVE);
    must(&office.clerk, ACT_SUBMIT);
    ck_assert_int_eq(office_act(&office, &other, no, &waive),
                     ERR_TICKET_NOT_NAMED_LEADER);
    day(2);
    ck_assert_int_eq(
        store_fixture_write(
            &office.fixture,
            "INSERT INTO user (id, login, name, unit_id, roles, password_hash,"
            " created_at) VALUES (99, 'other', 'other', 1, 16, '', 0)"),
        OK);
    ck_assert_int_eq(office_act(&office, &other, no, &waive), OK);
    office_case(&office, no, &now_is);
    ck_assert_uint_eq(now_is.submission_count, 0);
}
END_TEST

START_TEST(an_extension_granted_moves_the_deadline_and_makes_a_promise)
{
    dispatch_to(WATER, -1);
    must(&office.handlers[WATER], ACT_SIGN);
    must(&office.handlers[WATER], ACT_EXTEND);
    ck_assert_int_eq(try(&office.handlers[WATER], ACT_EXTEND),
                     ERR_TICKET_EXTENSION_PENDING);
    ck_assert_int_eq(try(&office.leader, ACT_GRANT_EXTENSION),
                     ERR_TICKET_NEEDS_SUPERVISOR);
    must(&office.supervisor, ACT_GRANT_EXTENSION);
    ck_assert_int_eq(now_is.ticket.effective_due_at,
                     time_day_end(time_day(office.now) + 14));
    ck_assert_int_ne(now_is.ticket.due_at, now_is.ticket.effective_due_at);
    ck_assert_uint_eq(now_is.promise_count, 1);
    must(&office.handlers[WATER], ACT_KEEP_PROMISE);
    ck_assert_uint_eq(now_is.promise_count, 0);
    ck_assert_int_eq(try(&office.handlers[WATER], ACT_KEEP_PROMISE),
                     ERR_TICKET_NO_PROMISE);
}
END_TEST

START_TEST(a_second_extension_and_one_of_an_urgent_ticket_need_a_leader)
{
    dispatch_to(WATER, -1);
    must(&office.handlers[WATER], ACT_SIGN);
    must(&office.handlers[WATER], ACT_EXTEND);
    must(&office.supervisor, ACT_GRANT_EXTENSION);
    struct ticket_act again = office_make_act(&office, ACT_EXTEND);
    again.promised_day += 7;
    ck_assert_int_eq(office_act(&office, &office.handlers[WATER], no, &again), OK);
    ck_assert_int_eq(try(&office.supervisor, ACT_GRANT_EXTENSION),
                     ERR_TICKET_NEEDS_LEADER);
    must(&office.leader, ACT_GRANT_EXTENSION);
    ck_assert_int_eq(now_is.ticket.extension_count, 2);
}
END_TEST

START_TEST(an_online_unit_replies_through_its_head_only)
{
    dispatch_to(HOUSING, -1);
    must(&office.handlers[HOUSING], ACT_SIGN);
    ck_assert_int_eq(try(&office.handlers[HOUSING], ACT_REPLY),
                     ERR_TICKET_SIGN_OFF_ONLINE);
    ck_assert_int_eq(try(&office.heads[HOUSING], ACT_HAND_BACK), ERR_TICKET_NO_DRAFT);
    must(&office.handlers[HOUSING], ACT_PROPOSE_REPLY);
    must(&office.heads[HOUSING], ACT_HAND_BACK);
    must(&office.handlers[HOUSING], ACT_PROPOSE_REPLY);
    must(&office.heads[HOUSING], ACT_REPLY);
    ck_assert_int_eq(now_is.ticket.state, TICKET_REPLIED);
}
END_TEST

START_TEST(a_rejected_reply_gets_the_rework_limit_and_no_extension)
{
    dispatch_to(WATER, -1);
    must(&office.handlers[WATER], ACT_SIGN);
    must(&office.handlers[WATER], ACT_REPLY);
    must(&office.clerk, ACT_REJECT_REPLY);
    ck_assert_int_eq(now_is.ticket.state, TICKET_HANDLING);
    ck_assert_int_eq(now_is.ticket.rework_count, 1);
    ck_assert_int_eq(now_is.ticket.effective_due_at,
                     time_day_end(time_day(office.now) + 3));
    ck_assert_int_eq(try(&office.handlers[WATER], ACT_EXTEND), ERR_TICKET_IN_REWORK);
}
END_TEST

START_TEST(three_attempts_in_different_half_days_close_as_unreachable)
{
    struct ticket_act call = office_make_act(&office, ACT_CALL_BACK);

    call.connected = TRISTATE_NO;
    call.present &= ~(FIELD_BIT(FIELD_CONTACTED_BY_UNIT) | FIELD_BIT(FIELD_SOLVED) |
                      FIELD_BIT(FIELD_SATISFACTION));
    call.satisfaction = CHOICE_NONE;
    call.contacted_by_unit = call.solved = TRISTATE_ABSENT;
    dispatch_to(WATER, -1);
    must(&office.handlers[WATER], ACT_SIGN);
    must(&office.handlers[WATER], ACT_REPLY);
    must(&office.clerk, ACT_APPROVE_REPLY);
    for (int attempt = 0; attempt < 4; attempt++) {
        if (attempt == 2)
            office.now += 5 * 3600; /* the afternoon */
        if (attempt == 3)
            day(1);
        ck_assert_int_eq(office_act(&office, &office.clerk, no, &call), OK);
        office_case(&office, no, &now_is);
        ck_assert_int_eq(now_is.ticket.state,
                         attempt < 3 ? TICKET_FEEDBACK : TICKET_CLOSED);
    }
    ck_assert(now_is.ticket.closed_unreachable);
    ck_assert_int_eq(now_is.ticket.satisfaction_final, SATISFACTION_UNREACHABLE);
}
END_TEST

/* --- The citizen ------------------------------------------------------------------- */

static const struct actor citizen = { .kind = ACTOR_CITIZEN };

static enum err
rate(int satisfaction, const char *comment)
{
    struct ticket_act act;

    ticket_act_init(&act, ACT_RATE);
    act.satisfaction = satisfaction;
    act.comment = comment;
    act.present =
        FIELD_BIT(FIELD_SATISFACTION) | (comment != NULL ? FIELD_BIT(FIELD_COMMENT) : 0);
    enum err err = office_act(&office, &citizen, no, &act);
    office_case(&office, no, &now_is);
    return err;
}

static void
answered(void)
{
    dispatch_to(WATER, -1);
    must(&office.handlers[WATER], ACT_SIGN);
    must(&office.handlers[WATER], ACT_REPLY);
    must(&office.clerk, ACT_APPROVE_REPLY);
}

static int64_t
waiting_ratings(void)
{
    return store_fixture_number(&office.fixture.dir,
                                "SELECT count(*) FROM rating WHERE waits = 1");
}

START_TEST(a_citizen_urges_once_a_workday)
{
    struct ticket_act act;

    office_case(&office, no, &now_is);
    int64_t version = now_is.ticket.version;
    ticket_act_init(&act, ACT_URGE);
    ck_assert_int_eq(office_act(&office, &citizen, no, &act), OK);
    ck_assert_int_eq(office_act(&office, &citizen, no, &act), ERR_TICKET_URGED_TODAY);
    day(1);
    ck_assert_int_eq(office_act(&office, &citizen, no, &act), OK);
    day(4); /* a Friday */
    ck_assert_int_eq(office_act(&office, &citizen, no, &act), OK);
    day(6); /* the Sunday after */
    ck_assert_int_eq(office_act(&office, &citizen, no, &act), ERR_TICKET_URGED_TODAY);
    day(7);
    ck_assert_int_eq(office_act(&office, &citizen, no, &act), OK);
    office_case(&office, no, &now_is);
    ck_assert_int_eq(now_is.ticket.citizen_urge_count, 4);
    ck_assert_int_eq(now_is.ticket.urge_count, 0);
    ck_assert_int_eq(now_is.ticket.version, version);
}
END_TEST

START_TEST(a_satisfied_rating_counts_as_the_callback_and_closes)
{
    ck_assert_int_eq(rate(SATISFACTION_BASIC, NULL), ERR_TICKET_WRONG_STATE);
    answered();
    ck_assert_int_eq(rate(SATISFACTION_NO_OPINION, NULL), ERR_FIELDS);
    ck_assert_int_eq(rate(SATISFACTION_UNREACHABLE, NULL), ERR_FIELDS);
    ck_assert_int_eq(rate(SATISFACTION_BASIC, NULL), OK);
    ck_assert_int_eq(now_is.ticket.state, TICKET_CLOSED);
    ck_assert_int_eq(now_is.ticket.satisfaction_first, SATISFACTION_BASIC);
    ck_assert_int_eq(now_is.ticket.satisfaction_final, SATISFACTION_BASIC);
}
END_TEST

START_TEST(an_unsatisfied_rating_needs_a_reason_and_is_the_clerks)
{
    answered();
    ck_assert_int_eq(rate(SATISFACTION_UNSATISFIED, NULL), ERR_FIELDS);
    ck_assert_int_eq(rate(SATISFACTION_UNSATISFIED, "没有修好"), OK);
    ck_assert_int_eq(now_is.ticket.state, TICKET_FEEDBACK);
    ck_assert_int_eq(waiting_ratings(), 0);
    /* Closed all the same: with a reason. */
    ck_assert_int_eq(try(&office.clerk, ACT_CALL_BACK), ERR_FIELDS);
    struct ticket_act act = office_make_act(&office, ACT_CALL_BACK);
    act.present |= FIELD_BIT(FIELD_COMMENT);
    ck_assert_int_eq(office_act(&office, &office.clerk, no, &act), OK);
    office_case(&office, no, &now_is);
    ck_assert_int_eq(now_is.ticket.state, TICKET_CLOSED);
    ck_assert_int_eq(now_is.ticket.satisfaction_first, SATISFACTION_UNSATISFIED);
    ck_assert_int_eq(now_is.ticket.satisfaction_final, SATISFACTION_SATISFIED);
}
END_TEST

START_TEST(a_rating_changes_for_a_day_and_after_closing_waits_for_the_supervisor)
{
    answered();
    ck_assert_int_eq(rate(SATISFACTION_SATISFIED, NULL), OK);
    office.now += 86400;
    ck_assert_int_eq(rate(SATISFACTION_UNSATISFIED, "又坏了"), OK);
    ck_assert_int_eq(now_is.ticket.state, TICKET_CLOSED);
    ck_assert_int_eq(now_is.ticket.satisfaction_first, SATISFACTION_SATISFIED);
    ck_assert_int_eq(now_is.ticket.satisfaction_final, SATISFACTION_UNSATISFIED);
    ck_assert_int_eq(waiting_ratings(), 1);
    office.now += 1;
    ck_assert_int_eq(rate(SATISFACTION_SATISFIED, NULL), ERR_TICKET_RATED);
    must(&office.clerk, ACT_NOTE);
    ck_assert_int_eq(waiting_ratings(), 1);
    must(&office.supervisor, ACT_REOPEN);
    ck_assert_int_eq(waiting_ratings(), 0);
    /* A new answer is rated anew. */
    must(&office.handlers[WATER], ACT_REPLY);
    must(&office.clerk, ACT_APPROVE_REPLY);
    ck_assert_int_eq(rate(SATISFACTION_SATISFIED, NULL), OK);
    ck_assert_int_eq(now_is.ticket.state, TICKET_CLOSED);
}
END_TEST

START_TEST(a_rating_does_not_close_what_is_supervised)
{
    answered();
    must(&office.supervisor, ACT_SUPERVISE);
    ck_assert_int_eq(rate(SATISFACTION_SATISFIED, NULL), OK);
    ck_assert_int_eq(now_is.ticket.state, TICKET_FEEDBACK);
    must(&office.handlers[WATER], ACT_ANSWER_SUPERVISION);
    must(&office.clerk, ACT_CALL_BACK);
    ck_assert_int_eq(now_is.ticket.state, TICKET_CLOSED);
}
END_TEST

START_TEST(a_citizen_does_nothing_else)
{
    for (int action = 0; action < TICKET_ACTION_COUNT; action++) {
        struct ticket_act act = office_make_act(&office, (enum ticket_action)action);
        bool is_theirs = action == ACT_URGE || action == ACT_RATE;

        if (!is_theirs)
            ck_assert_int_eq(office_act(&office, &citizen, no, &act), ERR_FORBIDDEN);
    }
    ck_assert_int_eq(try(&office.clerk, ACT_RATE), ERR_FORBIDDEN);
}
END_TEST

START_TEST(raising_the_urgency_takes_the_earlier_deadline_and_lowering_none)
{
    struct ticket_act amend = office_make_act(&office, ACT_AMEND);

    dispatch_to(WATER, -1);
    int64_t due = now_is.ticket.effective_due_at;
    ticket_draft_init(&amend.changes);
    amend.changes.urgency = URGENCY_CRITICAL;
    amend.changes_present = ticket_draft_present(&amend.changes);
    ck_assert_int_eq(office_act(&office, &office.clerk, no, &amend), OK);
    office_case(&office, no, &now_is);
    ck_assert_int_eq(now_is.ticket.effective_due_at, time_day_end(time_day(office.now)));
    ck_assert_int_eq(now_is.ticket.due_at, due); /* belongs to the round */
    amend.changes.urgency = URGENCY_NORMAL;
    ck_assert_int_eq(office_act(&office, &office.clerk, no, &amend), OK);
    office_case(&office, no, &now_is);
    ck_assert_int_eq(now_is.ticket.effective_due_at, time_day_end(time_day(office.now)));
}
END_TEST

START_TEST(a_text_with_personal_data_is_not_published)
{
    static const char *const bad[] = {
        "请联系13812345678",    "身份证620802199001011234", "甘L12345 占道",
        "来信人petitioner反映", "电话0933-2521234",
    };
    struct ticket_act publish = office_make_act(&office, ACT_PUBLISH);

    dispatch_to(WATER, -1);
    must(&office.handlers[WATER], ACT_SIGN);
    must(&office.handlers[WATER], ACT_REPLY);
    must(&office.clerk, ACT_APPROVE_REPLY);
    must(&office.clerk, ACT_CALL_BACK);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        publish.public_text = bad[i];
        ck_assert_msg(office_act(&office, &office.clerk, no, &publish) == ERR_FIELDS,
                      "%s", bad[i]);
    }
    publish.public_text = "工单20261123-R0042已办结，共投入1200000元，2026年11月完成。";
    ck_assert_int_eq(office_act(&office, &office.clerk, no, &publish), OK);
}
END_TEST

/* --- Random walks ------------------------------------------------------------------------ */

#ifndef WALK_STEPS
#define WALK_STEPS 10000
#endif
#define WALK_TICKETS 24

struct audit {
    const char *no;
    int64_t versions;
};

static enum err
count_versions(struct txn *txn, struct ticket_case *ticket_case, int64_t *ret_versions)
{
    struct event_row *rows;
    size_t count;
    int64_t after = 0;

    *ret_versions = 0;
    do {
        TRY(events_of_ticket(txn->db, txn->arena, ticket_case->ticket.id, after, 200,
                             &rows, &count));
        for (size_t i = 0; i < count; i++) {
            *ret_versions += rows[i].version != 0;
            after = rows[i].seq;
        }
    } while (count == 200);
    return OK;
}

/* The invariants that hold for a ticket at any time. */
static enum err
check_ticket(struct txn *txn, void *context)
{
    struct audit *audit = context;
    struct ticket_case ticket_case;
    size_t leads = 0;

    TRY(tickets_case_by_no(txn->db, audit->no, &ticket_case));
    const struct ticket *ticket = &ticket_case.ticket;
    TRY(count_versions(txn, &ticket_case, &audit->versions));
    ck_assert_int_eq(ticket->version, audit->versions);
    for (size_t i = 0; i < ticket_case.assignment_count; i++)
        leads += ticket_case.assignments[i].is_active &&
                 ticket_case.assignments[i].relation == RELATION_LEAD;
    bool is_with_unit =
        ticket->state == TICKET_DISPATCHED || ticket->state == TICKET_HANDLING ||
        ticket->state == TICKET_RETURNED || ticket->state == TICKET_REPLIED ||
        ticket->state == TICKET_FEEDBACK;
    ck_assert_uint_eq(leads, is_with_unit ? 1 : 0);
    ck_assert_int_eq(ticket->state == TICKET_CLOSED, ticket->closed_at != 0);
    if (ticket->state == TICKET_CLOSED) {
        ck_assert_int_ne(ticket->outcome, CHOICE_NONE);
        ck_assert_int_eq(ticket->light, LIGHT_NONE);
        for (size_t i = 0; i < ticket_case.supervision_count; i++)
            ck_assert(ticket_case.supervisions[i].is_answered);
        ck_assert_uint_eq(ticket_case.submission_count, 0);
    }
    const struct rulebook *rulebook = rulebook_acquire(txn->store);
    bool fit = false;
    enum err err =
        assessments_fit(txn->db, txn->arena, ticket->id, rulebook->calendar, &fit);
    rulebook_release(rulebook);
    ck_assert(err != OK || fit);
    return err;
}

static enum err
check_whole(struct txn *txn, void *context)
{
    int64_t count, bad_seq;
    const char *wrong = NULL;
    bool agree = false;

    (void)context;
    TRY(events_verify_chain(txn->db, &count, &bad_seq));
    ck_assert_int_gt(count, 0);
    ck_assert_int_eq(bad_seq, 0);
    TRY(summaries_agree(txn->db, &wrong));
    ck_assert_ptr_null(wrong);
    TRY(assessments_agree(txn->db, &agree));
    ck_assert(agree);
    return OK;
}

START_TEST(random_walks_keep_the_invariants)
{
    static char nos[WALK_TICKETS][TICKET_NO_BYTES];
    unsigned seed = 20261123u + (unsigned)_i;
    int done = 0;

    office.runs_twice = _i % 2 == 1;
    for (int i = 0; i < WALK_TICKETS; i++)
        office_receive(&office, i % 3 == 0 ? "web" : "phone", nos[i]);
    for (int step = 0; step < WALK_STEPS; step++) {
        int ticket = rand_r(&seed) % WALK_TICKETS;
        struct ticket_act act = office_make_act(
            &office, (enum ticket_action)(rand_r(&seed) % TICKET_ACTION_COUNT));
        int unit = rand_r(&seed) % OFFICE_UNIT_COUNT;
        const struct actor *actors[] = {
            &office.clerk,  &office.clerk,          &office.supervisor,
            &office.leader, &office.handlers[unit], &office.heads[unit],
            &citizen
        };
        act.lead_unit = office_unit_codes[1 + rand_r(&seed) % (OFFICE_UNIT_COUNT - 1)];
        act.into = nos[rand_r(&seed) % WALK_TICKETS];
        if (act.action == ACT_CALL_BACK && rand_r(&seed) % 2 == 0) {
            act.rework = TRISTATE_YES;
            act.present |= FIELD_BIT(FIELD_REWORK);
        }
        office.now += rand_r(&seed) % 1800;
        enum err err = office_act(&office, actors[rand_r(&seed) % 7], nos[ticket], &act);
        ck_assert_msg(err == OK || err_status(err) < 500, "%s: %s",
                      choice_word(&words_action, act.action), err_code(err));
        done += err == OK;
        if (err == OK && step % 50 == 0) {
            struct audit audit = { .no = nos[ticket] };
            ck_assert_int_eq(office_inside(&office, check_ticket, &audit), OK);
        }
    }
    ck_assert_int_gt(done, WALK_STEPS / 40); /* it does something */
    for (int i = 0; i < WALK_TICKETS; i++) {
        struct audit audit = { .no = nos[i] };
        ck_assert_int_eq(office_inside(&office, check_ticket, &audit), OK);
    }
    ck_assert_int_eq(office_inside(&office, check_whole, NULL), OK);
}
END_TEST

/* More of them on demand: YIDAN_WALKS=100 build/run_tests ticket_life */
static int
walk_count(void)
{
    const char *wanted = getenv("YIDAN_WALKS");

    return wanted == NULL ? 1 : atoi(wanted);
}

static void
add_life(Suite *suite, const char *name, void (*begin)(void))
{
    TCase *life = tcase_create(name);

    tcase_add_checked_fixture(life, begin, tear_down);
    tcase_add_test(life, a_ticket_travels_from_receipt_to_closing);
    tcase_add_test(
        life, a_recall_ends_the_round_uncounted_and_the_next_unit_gets_its_full_limit);
    tcase_add_test(life, after_two_accepted_returns_a_designated_lead_cannot_return);
    tcase_add_test(life, a_unit_returns_within_one_workday_and_only_once);
    tcase_add_test(life, an_unmerged_ticket_is_exactly_as_before);
    tcase_add_test(
        life, no_way_of_closing_while_a_supervision_is_unanswered_or_a_leader_silent);
    tcase_add_test(life, only_the_named_leader_waives_or_another_one_after_a_workday);
    tcase_add_test(life, an_extension_granted_moves_the_deadline_and_makes_a_promise);
    tcase_add_test(life, a_second_extension_and_one_of_an_urgent_ticket_need_a_leader);
    tcase_add_test(life, an_online_unit_replies_through_its_head_only);
    tcase_add_test(life, a_rejected_reply_gets_the_rework_limit_and_no_extension);
    tcase_add_test(life, three_attempts_in_different_half_days_close_as_unreachable);
    tcase_add_test(life,
                   raising_the_urgency_takes_the_earlier_deadline_and_lowering_none);
    tcase_add_test(life, a_text_with_personal_data_is_not_published);
    tcase_add_test(life, a_citizen_urges_once_a_workday);
    tcase_add_test(life, a_satisfied_rating_counts_as_the_callback_and_closes);
    tcase_add_test(life, an_unsatisfied_rating_needs_a_reason_and_is_the_clerks);
    tcase_add_test(life,
                   a_rating_changes_for_a_day_and_after_closing_waits_for_the_supervisor);
    tcase_add_test(life, a_rating_does_not_close_what_is_supervised);
    tcase_add_test(life, a_citizen_does_nothing_else);
    suite_add_tcase(suite, life);
}

Suite *
suite_ticket_life(void)
{
    Suite *suite = suite_create("ticket_life");
    TCase *walks = tcase_create("random walks");

    add_life(suite, "what follows from what", set_up);
    add_life(suite, "what follows from what, done again", set_up_twice);
    tcase_add_checked_fixture(walks, set_up, tear_down);
    tcase_set_timeout(walks, 120);
    tcase_add_loop_test(walks, random_walks_keep_the_invariants, 0, walk_count());
    suite_add_tcase(suite, walks);
    return suite;
}
