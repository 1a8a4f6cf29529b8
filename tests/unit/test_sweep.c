/*
 * test_sweep.c - the timer's work, kind by kind: each moment exactly once, at
 * the right second, never early (product.md, section 4).
 */
#include <check.h>

#include "base/timeutil.h"
#include "support/desk.h"

START_TEST(a_ticket_not_dispatched_the_same_day_is_flagged_once_and_the_office_alarmed)
{
    office_case(&desk.office, desk.no, &desk.now_is);
    int64_t version = desk.now_is.ticket.version;
    desk_expect_once("dispatch_late", "2026-06-01 23:59:59");
    ck_assert_int_eq(desk_alarmed("dispatch_late", 0), 1);
    ck_assert_int_eq(desk.now_is.ticket.version, version);
}
END_TEST

START_TEST(a_ticket_nobody_opens_in_two_hours_alarms_unit_and_office)
{
    desk_dispatch(false);
    desk_expect_once("unopened", "2026-06-01 12:00:00");
    ck_assert_int_eq(desk_alarmed("unopened", desk.office.unit_ids[WATER]), 1);
    ck_assert_int_eq(desk_alarmed("unopened", 0), 1);
}
END_TEST

START_TEST(a_ticket_not_signed_by_the_end_of_the_next_workday_is_flagged)
{
    desk_dispatch(false);
    desk_expect_once("sign_late", "2026-06-02 23:59:59");
    ck_assert_int_eq(desk.now_is.assignments[0].sign_late_at,
                     desk_at("2026-06-03 00:00:00"));
    ck_assert_int_eq(desk_alarmed("sign_late", desk.office.unit_ids[WATER]), 1);
    ck_assert_int_eq(desk_alarmed("sign_late", 0), 1);
}
END_TEST

START_TEST(a_citizen_not_contacted_a_workday_after_signing_is_flagged)
{
    desk_handling();
    desk_expect_once("contact_late", "2026-06-02 23:59:59");
    ck_assert_int_eq(desk.now_is.assignments[0].contact_late_at,
                     desk_at("2026-06-03 00:00:00"));
    ck_assert_int_eq(desk_alarmed("contact_late", desk.office.unit_ids[WATER]), 1);
}
END_TEST

START_TEST(a_sensitive_ticket_not_submitted_in_half_an_hour_is_flagged)
{
    desk_receive(true, URGENCY_NORMAL, "13900001111");
    desk_expect_once("submit_late", "2026-06-01 10:30:00");
    ck_assert_int_eq(desk_alarmed("submit_late", 0), 1);
}
END_TEST

START_TEST(a_submitted_ticket_is_not_flagged_for_it)
{
    desk_receive(true, URGENCY_NORMAL, "13900001111");
    desk_must(&desk.office.clerk, ACT_SUBMIT);
    (void)desk_sweep(desk_at("2026-06-01 11:00:00"));
    ck_assert_int_eq(desk_events("submit_late"), 0);
}
END_TEST

START_TEST(one_workday_left_is_yellow_with_an_urge_and_no_new_version)
{
    desk_handling();
    int64_t version = desk.now_is.ticket.version;
    desk_expect_once("yellow", "2026-06-05 23:59:59");
    ck_assert_int_eq(desk.now_is.ticket.light, LIGHT_YELLOW);
    ck_assert_int_eq(desk_urges("auto_before", desk.office.unit_ids[WATER]), 1);
    ck_assert_int_eq(desk.now_is.ticket.urge_count, 1);
    ck_assert_int_eq(desk.now_is.ticket.version, version);
}
END_TEST

START_TEST(a_deadline_that_passed_is_red_flagged_and_urged)
{
    desk_handling();
    desk_expect_once("red", "2026-06-08 23:59:59");
    ck_assert_int_eq(desk.now_is.ticket.light, LIGHT_RED);
    ck_assert_int_eq(desk.now_is.ticket.overdue_at, desk_at("2026-06-09 00:00:00"));
    ck_assert_int_eq(desk.now_is.assignments[0].overdue_at,
                     desk.now_is.ticket.overdue_at);
    ck_assert_int_eq(desk_urges("auto_overdue", desk.office.unit_ids[WATER]), 1);
}
END_TEST

START_TEST(the_overdue_stages_come_at_nine_of_the_first_third_and_fifth_workday)
{
    desk_handling();
    desk_expect_once("notice", "2026-06-09 08:59:59");
    ck_assert_int_eq(desk_urges("notice", desk.office.unit_ids[WATER]), 1);
    ck_assert_int_eq(
        desk_number("SELECT count(*) FROM urge WHERE number = '2026-1' AND kind = '%s'",
                    "notice"),
        1);
    ck_assert_int_eq(desk_told("notice"), 2); /* the unit, and the copy */
    ck_assert_int_eq(desk_alarmed("notice", desk.office.unit_ids[WATER]), 1);
    desk_expect_once("prepare_supervision", "2026-06-11 08:59:59");
    ck_assert_int_eq(
        desk_number("SELECT count(*) FROM supervision WHERE state = '%s'", "prepared"),
        1);
    ck_assert_int_eq(desk.now_is.supervision_count, 0); /* nobody has issued it */
    desk_expect_once("criticism", "2026-06-15 08:59:59");
    ck_assert_int_eq(desk_alarmed("criticism", 0), 1);
}
END_TEST

START_TEST(the_copy_of_a_notice_goes_to_the_account_of_the_deputy_head)
{
    ck_assert_int_eq(
        store_fixture_write(
            &desk.office.fixture,
            "INSERT INTO user (id, login, name, unit_id, roles, password_hash,"
            " created_at) VALUES (77, 'deputy', 'd', 3, 4, '', 0)"),
        OK);
    ck_assert_int_eq(ROLE_BIT(ROLE_UNIT_HEAD), 4);
    desk_handling();
    (void)desk_sweep(desk_at("2026-06-09 09:00:00"));
    ck_assert_int_eq(
        desk_number("SELECT count(*) FROM outbox WHERE kind = '%s' AND user_id = 77"
                    " AND is_alarm = 0",
                    "notice"),
        1);
}
END_TEST

START_TEST(co_units_are_flagged_and_urged_on_their_own)
{
    desk_dispatch(true);
    desk_must(&desk.office.handlers[WATER], ACT_SIGN);
    desk_expect_once("co_yellow", "2026-06-04 23:59:59");
    ck_assert_int_eq(desk_urges("auto_before", desk.office.unit_ids[ROADS]), 1);
    desk_expect_once("co_red", "2026-06-05 23:59:59");
    ck_assert_int_eq(desk_urges("auto_overdue", desk.office.unit_ids[ROADS]), 1);
    ck_assert_int_eq(desk.now_is.assignments[1].overdue_at,
                     desk_at("2026-06-06 00:00:00"));
    ck_assert_int_eq(desk.now_is.assignments[0].overdue_at, 0);
    ck_assert_int_eq(desk.now_is.ticket.overdue_at, 0);
    ck_assert_int_eq(desk_urges("auto_overdue", desk.office.unit_ids[WATER]), 0);
}
END_TEST

START_TEST(a_late_review_and_a_late_callback_alarm_the_office)
{
    desk_replied();
    desk_expect_once("review_late", "2026-06-02 23:59:59");
    desk.office.now = desk_at("2026-06-03 10:00:00");
    desk_must(&desk.office.clerk, ACT_APPROVE_REPLY);
    desk_expect_once("callback_late", "2026-06-08 23:59:59");
    ck_assert_int_eq(desk_alarmed("review_late", 0), 1);
    ck_assert_int_eq(desk_alarmed("callback_late", 0), 1);
}
END_TEST

START_TEST(a_promise_is_broken_at_the_end_of_its_day_even_after_closing)
{
    struct ticket_act reply;

    desk_handling();
    desk_must(&desk.office.handlers[WATER], ACT_CONTACT);
    reply = office_make_act(&desk.office, ACT_REPLY);
    reply.outcome = OUTCOME_PROMISED;
    reply.promised_day = time_day(desk_at("2026-06-10 00:00:00"));
    reply.present |= FIELD_BIT(FIELD_PROMISED_ON);
    desk_act(&desk.office.handlers[WATER], &reply);
    desk_must(&desk.office.clerk, ACT_APPROVE_REPLY);
    desk_must(&desk.office.clerk, ACT_CALL_BACK);
    ck_assert_int_eq(desk.now_is.ticket.state, TICKET_CLOSED);
    desk_expect_once("promise_late", "2026-06-10 23:59:59");
    ck_assert_int_eq(
        desk_number("SELECT count(*) FROM promise WHERE broken_at > 0 AND state = '%s'",
                    "open"),
        1);
    ck_assert_int_eq(desk_alarmed("promise_late", desk.office.unit_ids[WATER]), 1);
}
END_TEST

START_TEST(an_unanswered_supervision_is_flagged_after_its_day)
{
    desk_handling();
    desk_must(&desk.office.supervisor, ACT_SUPERVISE); /* to be answered in two days */
    desk_expect_once("supervision_late", "2026-06-03 23:59:59");
    ck_assert_int_eq(
        desk_number("SELECT count(*) FROM supervision WHERE late_at > 0 AND state = '%s'",
                    "issued"),
        1);
    ck_assert_int_eq(desk_alarmed("supervision_late", desk.office.unit_ids[WATER]), 1);
    ck_assert_int_eq(desk_alarmed("supervision_late", 0), 1);
}
END_TEST

START_TEST(without_a_phone_the_ticket_closes_three_workdays_after_the_answer)
{
    desk_receive(false, URGENCY_NORMAL, NULL);
    desk_replied();
    desk_must(&desk.office.clerk, ACT_APPROVE_REPLY);
    int64_t version = desk.now_is.ticket.version;
    desk_expect_once("close_unreachable", "2026-06-04 23:59:59");
    ck_assert_int_eq(desk.now_is.ticket.state, TICKET_CLOSED);
    ck_assert_int_eq(desk.now_is.ticket.version, version + 1);
    ck_assert_int_eq(desk.now_is.ticket.outcome, OUTCOME_SOLVED);
    ck_assert_int_eq(desk.now_is.ticket.satisfaction_first, SATISFACTION_UNREACHABLE);
    ck_assert_int_eq(desk.now_is.ticket.satisfaction_final, SATISFACTION_UNREACHABLE);
    ck_assert(desk.now_is.ticket.closed_unreachable);
    ck_assert_int_eq(desk.now_is.ticket.closed_at, desk_at("2026-06-05 00:00:00"));
    for (size_t i = 0; i < desk.now_is.assignment_count; i++)
        ck_assert(!desk.now_is.assignments[i].is_active);
}
END_TEST

START_TEST(a_closing_waits_for_the_answer_to_a_supervision_and_is_flagged_once)
{
    desk_receive(false, URGENCY_NORMAL, NULL);
    desk_replied();
    desk_must(&desk.office.clerk, ACT_APPROVE_REPLY);
    desk_must(&desk.office.supervisor, ACT_SUPERVISE);
    for (int i = 0; i < 3; i++)
        (void)desk_sweep(desk_at("2026-06-05 00:00:00") + i * 3600);
    office_case(&desk.office, desk.no, &desk.now_is);
    ck_assert_int_eq(desk.now_is.ticket.state, TICKET_FEEDBACK);
    ck_assert_int_eq(desk_events("close_unreachable"), 1); /* that it waits */
    ck_assert_int_eq(desk_alarmed("close_unreachable", 0), 1);

    desk.office.now = desk_at("2026-06-08 10:00:00");
    desk_must(&desk.office.handlers[WATER], ACT_ANSWER_SUPERVISION);
    (void)desk_sweep(desk.office.now);
    (void)desk_sweep(desk.office.now + 1);
    office_case(&desk.office, desk.no, &desk.now_is);
    ck_assert_int_eq(desk.now_is.ticket.state, TICKET_CLOSED);
    ck_assert_int_eq(desk_events("close_unreachable"), 2);
}
END_TEST

START_TEST(from_november_a_missing_year_is_told_every_morning_once)
{
    ck_assert_int_eq(desk_sweep(desk_at("2026-10-31 12:00:00")) >= 0, 1);
    (void)desk_sweep(desk_at("2026-11-01 08:59:59"));
    ck_assert_int_eq(desk_events("calendar_missing"), 0);
    (void)desk_sweep(desk_at("2026-11-01 09:00:00"));
    (void)desk_sweep(desk_at("2026-11-01 09:00:01"));
    (void)desk_sweep(desk_at("2026-11-01 23:00:00"));
    (void)desk_sweep(desk_at("2026-11-01 06:00:00"));
    (void)desk_sweep(desk_at("2026-11-02 08:59:59"));
    ck_assert_int_eq(desk_events("calendar_missing"), 1);
    int64_t next;
    (void)desk_sweep_batch(desk_at("2026-11-02 08:00:00"), 10, &next);
    ck_assert_int_le(next, desk_at("2026-11-02 08:59:59"));
    (void)desk_sweep(desk_at("2026-11-02 09:00:00"));
    ck_assert_int_eq(desk_events("calendar_missing"), 2);
    ck_assert_int_eq(desk_alarmed("calendar_missing", 0), 2);
    (void)desk_sweep(desk_at("2026-12-31 20:00:00"));
    (void)desk_sweep(desk_at("2027-01-01 09:00:00")); /* still missing, and now in use */
    ck_assert_int_eq(desk_events("calendar_missing"), 4);
}
END_TEST

Suite *
suite_sweep(void)
{
    Suite *suite = suite_create("sweep");
    TCase *tcase = tcase_create("sweep");

    tcase_add_checked_fixture(tcase, desk_open, desk_close);
    tcase_set_timeout(tcase, 120);
    tcase_add_test(
        tcase,
        a_ticket_not_dispatched_the_same_day_is_flagged_once_and_the_office_alarmed);
    tcase_add_test(tcase, a_ticket_nobody_opens_in_two_hours_alarms_unit_and_office);
    tcase_add_test(tcase, a_ticket_not_signed_by_the_end_of_the_next_workday_is_flagged);
    tcase_add_test(tcase, a_citizen_not_contacted_a_workday_after_signing_is_flagged);
    tcase_add_test(tcase, a_sensitive_ticket_not_submitted_in_half_an_hour_is_flagged);
    tcase_add_test(tcase, a_submitted_ticket_is_not_flagged_for_it);
    tcase_add_test(tcase, one_workday_left_is_yellow_with_an_urge_and_no_new_version);
    tcase_add_test(tcase, a_deadline_that_passed_is_red_flagged_and_urged);
    tcase_add_test(tcase,
                   the_overdue_stages_come_at_nine_of_the_first_third_and_fifth_workday);
    tcase_add_test(tcase, the_copy_of_a_notice_goes_to_the_account_of_the_deputy_head);
    tcase_add_test(tcase, co_units_are_flagged_and_urged_on_their_own);
    tcase_add_test(tcase, a_late_review_and_a_late_callback_alarm_the_office);
    tcase_add_test(tcase, a_promise_is_broken_at_the_end_of_its_day_even_after_closing);
    tcase_add_test(tcase, an_unanswered_supervision_is_flagged_after_its_day);
    tcase_add_test(tcase,
                   without_a_phone_the_ticket_closes_three_workdays_after_the_answer);
    tcase_add_test(tcase,
                   a_closing_waits_for_the_answer_to_a_supervision_and_is_flagged_once);
    tcase_add_test(tcase, from_november_a_missing_year_is_told_every_morning_once);
    suite_add_tcase(suite, tcase);
    return suite;
}
