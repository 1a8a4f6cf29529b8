/*
 * test_desk.c - on which desk a ticket stands.
 */
#include <check.h>
#include <string.h>

#include "base/timeutil.h"
#include "domain/desk.h"

#define AT INT64_C(1780300000)

static struct ticket_case it;
static struct desk_facts facts;

/* With unit 7, green, signed. */
static void
set_up(void)
{
    it = (struct ticket_case){ .assignment_count = 1 };
    it.ticket = (struct ticket){ .id = 1,
                                 .state = TICKET_HANDLING,
                                 .light = LIGHT_GREEN,
                                 .lead_unit_id = 7,
                                 .has_phone = true,
                                 .effective_due_at = AT,
                                 .satisfaction_final = CHOICE_NONE };
    it.assignments[0] = (struct assignment){ .id = 3,
                                             .unit_id = 7,
                                             .relation = RELATION_LEAD,
                                             .is_active = true,
                                             .signed_at = 1 };
    facts = (struct desk_facts){ .urge_answered_at = 0 };
}

/* The day from which it stands on `desk`, -1: not at all. */
static int32_t
from_day(enum desk desk)
{
    struct desk_place places[DESK_COUNT];
    size_t count = desk_places(&it, &facts, places);

    for (size_t i = 0; i < count; i++)
        if (places[i].desk == desk)
            return places[i].from_day;
    return -1;
}

static int
how_many(void)
{
    struct desk_place places[DESK_COUNT];

    return (int)desk_places(&it, &facts, places);
}

START_TEST(what_goes_well_stands_nowhere)
{
    for (int state = 0; state < TICKET_STATE_COUNT; state++) {
        set_up();
        it.ticket.state = state;
        ck_assert_int_eq(how_many(), state == TICKET_FEEDBACK);
    }
}
END_TEST

/* The places with `facts`, when only what is asked is looked up. */
static size_t
places_as_asked(struct desk_place places[DESK_COUNT])
{
    struct desk_questions asks = desk_questions(&it);
    struct desk_facts all = facts;

    facts.is_dispatch_late = facts.is_dispatch_late && asks.dispatch_late;
    facts.is_unopened = facts.is_unopened && asks.unopened;
    facts.is_criticised = facts.is_criticised && asks.criticism;
    facts.has_instruction = facts.has_instruction && asks.instruction;
    facts.has_open_urge = facts.has_open_urge && asks.urge;
    facts.urge_answered_at = asks.urge ? facts.urge_answered_at : 0;
    facts.has_broken_promise = facts.has_broken_promise && asks.promise;
    size_t count = desk_places(&it, &facts, places);

    facts = all;
    return count;
}

START_TEST(what_is_not_asked_decides_nothing)
{
    struct desk_place all[DESK_COUNT], asked[DESK_COUNT];
    int moved = 0;

    for (int state = 0; state < TICKET_STATE_COUNT; state++)
        for (unsigned bits = 0; bits < 1U << 10; bits++) {
            set_up();
            it.ticket.state = state;
            it.ticket.light = (bits & 1) != 0 ? LIGHT_RED : LIGHT_GREEN;
            it.ticket.suspect = (bits & 2) != 0;
            it.assignments[0].is_active = (bits & 4) != 0;
            /* Where there is an urge or a broken promise, the case tells of it. */
            it.ticket.urge_count = (bits & 8) != 0;
            it.promise_count = (bits & 16) != 0;
            it.promises[0].promised_day = 20620;
            facts.is_dispatch_late = (bits & 32) != 0;
            facts.is_unopened = (bits & 64) != 0 && it.assignments[0].is_active;
            facts.is_criticised = (bits & 128) != 0;
            facts.has_instruction = (bits & 256) != 0;
            facts.has_open_urge = (bits & 512) != 0 && (bits & 8) != 0;
            facts.urge_answered_at = (bits & 64) != 0 && (bits & 8) != 0 ? AT : 0;
            facts.has_broken_promise = (bits & 128) != 0 && (bits & 16) != 0;
            size_t count = desk_places(&it, &facts, all);
            ck_assert_uint_eq(places_as_asked(asked), count);
            for (size_t i = 0; i < count; i++) {
                ck_assert_int_eq((int)asked[i].desk, (int)all[i].desk);
                ck_assert_int_eq(asked[i].from_day, all[i].from_day);
            }
            moved += count > 0;
        }
    ck_assert_int_gt(moved, 1000);
}
END_TEST

START_TEST(a_pressing_ticket_is_urged_then_waits_and_may_be_urged_again_a_day_later)
{
    it.ticket.light = LIGHT_YELLOW;
    ck_assert_int_eq(from_day(DESK_SHOULD_URGE), 0);
    facts.has_open_urge = true;
    ck_assert_int_eq(from_day(DESK_SHOULD_URGE), -1);
    ck_assert_int_eq(from_day(DESK_URGED), 0);
    facts.has_open_urge = false;
    facts.urge_answered_at = AT;
    ck_assert_int_eq(from_day(DESK_URGED), -1);
    ck_assert_int_eq(from_day(DESK_SHOULD_URGE), time_day(AT) + 1);
}
END_TEST

START_TEST(what_is_supervised_is_not_urged_on_top)
{
    it.ticket.light = LIGHT_RED;
    facts.has_open_urge = true;
    it.supervision_count = 1;
    ck_assert_int_eq(from_day(DESK_SUPERVISED), 0);
    ck_assert_int_eq(how_many(), 1);
    it.supervisions[0].is_answered = true;
    ck_assert_int_eq(from_day(DESK_SUPERVISED), -1);
    ck_assert_int_eq(from_day(DESK_URGED), 0);
}
END_TEST

START_TEST(who_did_not_sign_or_call_in_time_should_be_urged)
{
    it.assignments[0].signed_at = 0;
    it.assignments[0].sign_late_at = AT;
    ck_assert_int_eq(from_day(DESK_SIGN_LATE), 0);
    ck_assert_int_eq(from_day(DESK_SHOULD_URGE), 0);
    set_up();
    it.assignments[0].contact_late_at = AT;
    ck_assert_int_eq(from_day(DESK_SHOULD_URGE), 0);
    it.ticket.confidential = true; /* then the clerk calls */
    ck_assert_int_eq(from_day(DESK_SHOULD_URGE), -1);
}
END_TEST

START_TEST(a_co_unit_that_did_not_sign_is_late_too)
{
    it.assignments[1] = (struct assignment){ .id = 4,
                                             .unit_id = 8,
                                             .relation = RELATION_CO,
                                             .is_active = true,
                                             .sign_late_at = 1 };
    it.assignment_count = 2;
    ck_assert_int_eq(from_day(DESK_SIGN_LATE), 0);
    ck_assert_int_eq(from_day(DESK_SHOULD_URGE), -1); /* the urge goes to the lead */
    it.assignments[1].is_active = false;
    ck_assert_int_eq(from_day(DESK_SIGN_LATE), -1);
}
END_TEST

START_TEST(the_earliest_promise_is_due_from_the_day_before_even_when_closed)
{
    it.ticket.state = TICKET_CLOSED;
    it.promise_count = 2;
    it.promises[0].promised_day = 20620;
    it.promises[1].promised_day = 20610;
    ck_assert_int_eq(from_day(DESK_PROMISE), 20609);
    ck_assert_int_eq(from_day(DESK_PROMISE_BROKEN), -1);
    facts.has_broken_promise = true;
    ck_assert_int_eq(from_day(DESK_PROMISE_BROKEN), 0);
}
END_TEST

START_TEST(suspected_spam_waits_for_nobody_else)
{
    it.ticket.state = TICKET_RECEIVED;
    it.assignment_count = 0;
    facts.is_dispatch_late = true;
    ck_assert_int_eq(from_day(DESK_DISPATCH_LATE), 0);
    it.ticket.suspect = true;
    ck_assert_int_eq(from_day(DESK_DISPATCH_LATE), -1);
    ck_assert_int_eq(from_day(DESK_SUSPECT), 0);
}
END_TEST

START_TEST(a_leaders_word_stands_until_the_ticket_is_over)
{
    facts.has_instruction = true;
    it.submission_count = 1;
    ck_assert_int_eq(from_day(DESK_INSTRUCTION), 0);
    ck_assert_int_eq(from_day(DESK_SUBMISSION), 0);
    it.ticket.state = TICKET_CLOSED;
    it.submission_count = 0;
    ck_assert_int_eq(from_day(DESK_INSTRUCTION), -1);
}
END_TEST

START_TEST(nobody_is_called_back_without_a_phone_or_who_is_unsatisfied)
{
    it.ticket.state = TICKET_FEEDBACK;
    ck_assert_int_eq(from_day(DESK_CALLBACK), 0);
    it.ticket.has_phone = false;
    ck_assert_int_eq(from_day(DESK_CALLBACK), -1);
    it.ticket.rated_at = AT;
    it.ticket.satisfaction_final = SATISFACTION_BASIC;
    ck_assert_int_eq(from_day(DESK_CALLBACK), 0);
    it.ticket.satisfaction_final = SATISFACTION_UNSATISFIED;
    ck_assert_int_eq(from_day(DESK_CALLBACK), -1);
}
END_TEST

START_TEST(the_fifth_day_and_the_unopened_end_with_the_units_turn)
{
    facts.is_criticised = facts.is_unopened = true;
    ck_assert_int_eq(from_day(DESK_CRITICISM), 0);
    ck_assert_int_eq(from_day(DESK_UNOPENED), 0);
    it.ticket.state = TICKET_REPLIED;
    ck_assert_int_eq(how_many(), 0);
}
END_TEST

Suite *
suite_desk(void)
{
    Suite *suite = suite_create("desk");
    TCase *tcase = tcase_create("desk");

    tcase_add_checked_fixture(tcase, set_up, NULL);
    tcase_add_test(tcase, what_goes_well_stands_nowhere);
    tcase_add_test(tcase, what_is_not_asked_decides_nothing);
    tcase_add_test(
        tcase, a_pressing_ticket_is_urged_then_waits_and_may_be_urged_again_a_day_later);
    tcase_add_test(tcase, what_is_supervised_is_not_urged_on_top);
    tcase_add_test(tcase, who_did_not_sign_or_call_in_time_should_be_urged);
    tcase_add_test(tcase, a_co_unit_that_did_not_sign_is_late_too);
    tcase_add_test(tcase,
                   the_earliest_promise_is_due_from_the_day_before_even_when_closed);
    tcase_add_test(tcase, suspected_spam_waits_for_nobody_else);
    tcase_add_test(tcase, a_leaders_word_stands_until_the_ticket_is_over);
    tcase_add_test(tcase, nobody_is_called_back_without_a_phone_or_who_is_unsatisfied);
    tcase_add_test(tcase, the_fifth_day_and_the_unopened_end_with_the_units_turn);
    suite_add_tcase(suite, tcase);
    return suite;
}
