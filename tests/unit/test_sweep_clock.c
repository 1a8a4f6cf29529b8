/*
 * test_sweep_clock.c - the timer's work under any clock: days off, quiet hours,
 * moved deadlines, a clock set back, and clocks that wander.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/timeutil.h"
#include "store/events.h"
#include "store/summaries.h"
#include "support/desk.h"

START_TEST(while_returned_the_flags_go_on_and_the_urges_go_to_the_clerk)
{
    desk_dispatch(false);
    desk_must(&desk.office.handlers[WATER], ACT_RETURN);
    (void)desk_sweep(desk_at("2026-06-09 09:00:00"));
    office_case(&desk.office, desk.no, &desk.now_is);
    ck_assert_int_eq(desk.now_is.ticket.state, TICKET_RETURNED);
    ck_assert_int_ne(desk.now_is.ticket.overdue_at, 0);
    ck_assert_int_ne(desk.now_is.assignments[0].sign_late_at, 0);
    ck_assert_int_eq(desk.now_is.ticket.light, LIGHT_RED);
    ck_assert_int_eq(desk_urges("auto_before", 0), 1);
    ck_assert_int_eq(desk_urges("auto_overdue", 0), 1);
    ck_assert_int_eq(desk_urges("notice", 0), 1);
    ck_assert_int_eq(desk_urges("auto_overdue", desk.office.unit_ids[WATER]), 0);
    ck_assert_int_eq(desk_alarmed("sign_late", desk.office.unit_ids[WATER]), 0);
}
END_TEST

START_TEST(messages_at_night_wait_for_eight_unless_urgent)
{
    desk_dispatch(false);
    (void)desk_sweep(desk_at("2026-06-03 00:00:00")); /* sign_late */
    ck_assert_int_eq(
        desk_number("SELECT not_before FROM outbox WHERE kind = '%s' LIMIT 1",
                    "sign_late"),
        desk_at("2026-06-03 08:00:00"));
    desk_receive(false, URGENCY_URGENT, "13900001111");
    desk_dispatch(false);
    (void)desk_sweep(desk_at("2026-06-03 00:00:00"));
    ck_assert_int_eq(desk_number("SELECT max(not_before) = min(at) FROM outbox"
                                 " WHERE kind = '%s' AND ticket_id = 2",
                                 "sign_late"),
                     1);
}
END_TEST

START_TEST(an_unread_ticket_alarms_on_a_day_off_too)
{
    desk.office.now = desk_at("2026-06-06 09:00:00"); /* a Saturday */
    desk_dispatch(false);
    desk_expect_once("unopened", "2026-06-06 11:00:00");
    ck_assert_int_eq(
        desk_number("SELECT min(not_before) FROM outbox WHERE kind = '%s'", "unopened"),
        desk_at("2026-06-06 11:00:01"));
}
END_TEST

START_TEST(a_moment_that_no_longer_fits_is_dropped_in_silence)
{
    desk_dispatch(false);
    ck_assert_int_eq(
        store_fixture_write(&desk.office.fixture,
                            "INSERT INTO moment VALUES (1, 'callback_late', 0, 5)"),
        OK);
    ck_assert_int_eq(desk_sweep(desk.office.now), 1);
    ck_assert_int_eq(desk_events("callback_late"), 0);
    ck_assert_int_eq(
        desk_number("SELECT count(*) FROM moment WHERE kind = '%s'", "callback_late"), 0);
}
END_TEST

START_TEST(a_moved_deadline_has_moments_of_its_own)
{
    struct ticket_act extend;

    desk_handling();
    desk.office.now = desk_at("2026-06-08 10:00:00");
    (void)desk_sweep(desk.office.now);
    ck_assert_int_eq(desk_events("yellow"), 1);
    extend = office_make_act(&desk.office, ACT_EXTEND);
    extend.promised_day = time_day(desk_at("2026-06-12 00:00:00"));
    desk_act(&desk.office.handlers[WATER], &extend);
    desk_must(&desk.office.supervisor, ACT_GRANT_EXTENSION);
    ck_assert_int_eq(desk.now_is.ticket.light, LIGHT_GREEN);
    desk_expect_once("yellow", "2026-06-11 23:59:59");
    ck_assert_int_eq(desk.now_is.ticket.light, LIGHT_YELLOW);
    ck_assert_int_eq(desk_events("red"), 0);
    desk_expect_once("red", "2026-06-12 23:59:59");
}
END_TEST

START_TEST(a_clock_set_back_does_nothing_twice)
{
    desk_handling();
    (void)desk_sweep(desk_at("2026-06-20 12:00:00"));
    int64_t fired =
        desk_number("SELECT count(*) FROM moment_fired WHERE kind <> '%s'", "");
    for (int hours = 0; hours < 400; hours += 3)
        (void)desk_sweep(desk_at("2026-06-20 12:00:00") - hours * 3600);
    (void)desk_sweep(desk_at("2026-06-20 12:00:00"));
    ck_assert_int_eq(
        desk_number("SELECT count(*) FROM moment_fired WHERE kind <> '%s'", ""), fired);
    ck_assert_int_eq(
        desk_number("SELECT count(*) FROM event WHERE type LIKE 'timer.%%' AND '%s' = ''",
                    ""),
        fired);
}
END_TEST

START_TEST(a_batch_takes_no_more_than_it_may_and_says_what_is_left)
{
    int64_t next;

    desk_handling();
    int64_t now = desk_at("2026-06-20 12:00:00");
    ck_assert_int_eq(desk_sweep_batch(now, 2, &next), 2);
    ck_assert_int_lt(next, now);
    while (desk_sweep_batch(now, 2, &next) > 0)
        ;
    ck_assert_int_eq(next, 0);
}
END_TEST

/* Looked at every ten minutes for five weeks, with nobody doing anything. */
START_TEST(over_a_month_each_grade_of_urging_comes_once_and_never_at_night)
{
    static const char *const kinds[] = { "unopened", "sign_late", "yellow",
                                         "red",      "notice",    "prepare_supervision",
                                         "criticism" };
    int64_t now = desk.office.now, water = desk.office.unit_ids[WATER];

    desk_dispatch(false);
    for (int64_t end = now + 35 * 86400; now < end; now += 600)
        (void)desk_sweep(now);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        ck_assert_msg(desk_events(kinds[i]) == 1, "%s: %d", kinds[i],
                      (int)desk_events(kinds[i]));
    ck_assert_int_eq(desk_urges("auto_before", water), 1);
    ck_assert_int_eq(desk_urges("auto_overdue", water), 1);
    ck_assert_int_eq(desk_urges("notice", water), 1);
    ck_assert_int_eq(desk_urges("manual", water), 0);
    ck_assert_int_eq(
        desk_number("SELECT count(*) FROM supervision WHERE state = '%s'", "prepared"),
        1);
    /* Quiet from 20:00 to 08:00 of the service's zone. */
    ck_assert_int_eq(desk_number("SELECT count(*) FROM outbox WHERE length('%s') = 0 AND"
                                 " (not_before + 28800) %% 86400 NOT BETWEEN 28800 AND"
                                 " 71999",
                                 ""),
                     0);
    ck_assert_int_ge(desk_number("SELECT count(*) FROM outbox WHERE kind <> '%s'", ""),
                     10);
    ck_assert_int_eq(
        desk_number("SELECT count(*) FROM desk_ticket WHERE desk IN ('%s', 'unopened',"
                    " 'sign_late', 'should_urge', 'urged')",
                    "criticism"),
        4); /* the notice waits for an answer: it is urged, and should not be again */
}
END_TEST

/* --- Any clock --------------------------------------------------------------------- */

static uint64_t seed_state;

static uint32_t
any(uint32_t below)
{
    seed_state =
        seed_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(seed_state >> 33) % below;
}

static enum err
chain_is_whole(struct txn *txn, void *context)
{
    int64_t count = 0, bad = -1;
    const char *wrong = NULL;

    (void)context; /* nothing is passed */
    enum err err = events_verify_chain(txn->db, &count, &bad);
    ck_assert_int_eq(bad, 0);
    if (err == OK)
        err = summaries_agree(txn->db, &wrong);
    ck_assert_ptr_null(wrong);
    return err;
}

/* The action that would come next in a life without accidents. */
static void
live_on(const char *of)
{
    const struct actor *unit = &desk.office.handlers[WATER];

    memcpy(desk.no, of, sizeof desk.no);
    office_case(&desk.office, desk.no, &desk.now_is);
    switch ((enum ticket_state)desk.now_is.ticket.state) {
    case TICKET_RECEIVED:
        desk_dispatch(any(3) == 0);
        break;
    case TICKET_DISPATCHED:
        desk_must(unit, ACT_SIGN);
        break;
    case TICKET_HANDLING:
        desk_must(unit, any(2) == 0 ? ACT_CONTACT : ACT_REPLY);
        break;
    case TICKET_REPLIED:
        desk_must(&desk.office.clerk, any(3) == 0 ? ACT_REJECT_REPLY : ACT_APPROVE_REPLY);
        break;
    default:
        break;
    }
}

START_TEST(any_clock_does_each_thing_once_and_none_early)
{
    char tickets[12][TICKET_NO_BYTES];
    int64_t now = desk.office.now, latest = now;

    seed_state = (uint64_t)_i + 1;
    for (int i = 0; i < 12; i++) {
        desk_receive(any(4) == 0, (enum urgency)any(3),
                     any(4) == 0 ? NULL : "13900001111");
        memcpy(tickets[i], desk.no, TICKET_NO_BYTES);
    }
    for (int step = 0; step < 400; step++) {
        static const int64_t moves[] = { 1,     -1,     600,    3600, 7200,
                                         86400, 172800, -10800, -30,  0 };
        now += moves[any(10)];
        if (now > latest)
            latest = now;
        (void)desk_sweep_batch(now, 1 + (int)any(40), NULL);
        if (any(6) == 0) {
            desk.office.now = now;
            live_on(tickets[any(12)]);
        }
    }
    (void)desk_sweep(latest);
    /* Fired rows are unique by key, so as many events are one for each. */
    ck_assert_int_eq(
        desk_number("SELECT count(*) FROM moment_fired WHERE fired_at <= due_at"
                    " AND '%s' = ''",
                    ""),
        0);
    char sql[200];
    (void)snprintf(sql, sizeof sql, "SELECT count(*) FROM moment WHERE due_at < %lld",
                   (long long)latest);
    ck_assert_int_eq(store_fixture_number(&desk.office.fixture.dir, sql), 0);
    ck_assert_int_eq(
        desk_number("SELECT (SELECT count(*) FROM event WHERE type LIKE 'timer.%%')"
                    " - (SELECT count(*) FROM moment_fired) + length('%s')",
                    ""),
        0);
    ck_assert_int_eq(office_inside(&desk.office, chain_is_whole, NULL), OK);
}
END_TEST

/* More of them on demand: YIDAN_SCHEDULES=1000 build/run_tests sweep_clock */
static int
schedules(void)
{
    const char *wanted = getenv("YIDAN_SCHEDULES");

    return wanted == NULL ? 4 : atoi(wanted);
}

Suite *
suite_sweep_clock(void)
{
    Suite *suite = suite_create("sweep_clock");
    TCase *tcase = tcase_create("sweep_clock");

    tcase_add_checked_fixture(tcase, desk_open, desk_close);
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, while_returned_the_flags_go_on_and_the_urges_go_to_the_clerk);
    tcase_add_test(tcase, messages_at_night_wait_for_eight_unless_urgent);
    tcase_add_test(tcase, an_unread_ticket_alarms_on_a_day_off_too);
    tcase_add_test(tcase, a_moment_that_no_longer_fits_is_dropped_in_silence);
    tcase_add_test(tcase, a_moved_deadline_has_moments_of_its_own);
    tcase_add_test(tcase, a_clock_set_back_does_nothing_twice);
    tcase_add_test(tcase, a_batch_takes_no_more_than_it_may_and_says_what_is_left);
    tcase_add_test(tcase,
                   over_a_month_each_grade_of_urging_comes_once_and_never_at_night);
    tcase_add_loop_test(tcase, any_clock_does_each_thing_once_and_none_early, 0,
                        schedules());
    suite_add_tcase(suite, tcase);
    return suite;
}
