/*
 * test_open.c - what looking at a ticket notes, and what housekeeping forgets.
 */
#include <check.h>

#include "command/cmd_housekeeping.h"
#include "command/cmd_open.h"
#include "support/desk.h"

/* A detached job: it is done when a later one is. */
static void
open_by(const struct actor *actor, int64_t now)
{
    office_case(&desk.office, desk.no, &desk.now_is);
    ck_assert_int_eq(
        cmd_open_submit(desk.office.fixture.writer, desk.now_is.ticket.id, actor, now),
        OK);
    office_case(&desk.office, desk.no, &desk.now_is);
}

START_TEST(the_first_look_of_a_unit_opens_its_assignment_once)
{
    desk_dispatch(true);
    int64_t first = desk.office.now + 600;
    open_by(&desk.office.handlers[WATER], first);
    open_by(&desk.office.heads[WATER], first + 60);
    ck_assert_int_eq(desk.now_is.assignments[0].opened_at, first);
    ck_assert_int_eq(desk.now_is.assignments[1].opened_at, 0);
    ck_assert_int_eq(
        desk_number("SELECT count(*) FROM event WHERE type = '%s'", "opened"), 1);
    (void)desk_sweep(desk_at("2026-06-01 12:00:01"));
    ck_assert_int_eq(desk_events("unopened"), 1); /* the co-unit's */
}
END_TEST

START_TEST(a_look_reads_urges_and_sees_alarms)
{
    desk_handling();
    (void)desk_sweep(desk_at("2026-06-09 09:00:00"));
    ck_assert_int_gt(
        desk_number("SELECT count(*) FROM urge WHERE read_at = 0 AND '%s' = ''", ""), 0);
    open_by(&desk.office.heads[WATER], desk_at("2026-06-09 09:30:00"));
    ck_assert_int_eq(
        desk_number("SELECT count(*) FROM urge WHERE read_at = 0 AND '%s' = ''", ""), 0);
    ck_assert_int_eq(
        desk_number("SELECT count(*) FROM outbox WHERE is_alarm = 1 AND seen_at = 0"
                    " AND unit_id = 3 AND '%s' = ''",
                    ""),
        0);
    ck_assert_int_gt(desk_alarmed("contact_late", 3) + desk_alarmed("dispatch_late", 0) +
                         desk_alarmed("unopened", 0),
                     0);
}
END_TEST

START_TEST(a_clerks_look_opens_nothing_and_a_stranger_sees_nothing)
{
    desk_dispatch(false);
    open_by(&desk.office.clerk, desk.office.now + 60);
    open_by(&desk.office.handlers[TOWN], desk.office.now + 60);
    ck_assert_int_eq(desk.now_is.assignments[0].opened_at, 0);
    ck_assert_int_eq(
        desk_number("SELECT count(*) FROM event WHERE type = '%s'", "opened"), 0);
}
END_TEST

/* --- Housekeeping ------------------------------------------------------------------ */

START_TEST(housekeeping_forgets_what_is_over_and_keeps_the_rest)
{
    struct cmd_housekeeping cmd;

    ck_assert_int_eq(
        store_fixture_write(
            &desk.office.fixture,
            "INSERT INTO session (token_hash, user_id, epoch, csrf, address, created_at,"
            " last_seen_at, expires_at) VALUES (x'01', 1, 1, '', '', 0, 0, 1000),"
            " (x'02', 1, 1, '', '', 0, 0, 9000000000)"),
        OK);
    cmd_housekeeping_init(&cmd, desk.office.now, false);
    ck_assert_int_eq(writer_run(desk.office.fixture.writer, &cmd.job), OK);
    ck_assert_int_eq(desk_number("SELECT count(*) FROM session WHERE '%s' = ''", ""), 1);
}
END_TEST

/* Statistics appear, statements that are prepared go on, and only this may make them. */
START_TEST(once_a_day_the_indexes_are_looked_at_anew)
{
    struct store_fixture *fixture = &desk.office.fixture;
    struct cmd_housekeeping cmd;

    cmd_housekeeping_init(&cmd, desk.office.now, false);
    ck_assert_int_eq(writer_run(fixture->writer, &cmd.job), OK);
    ck_assert_int_eq(desk_number("SELECT count(*) FROM sqlite_schema WHERE name = '%s'",
                                 "sqlite_stat1"),
                     0);
    cmd_housekeeping_init(&cmd, desk.office.now, true);
    ck_assert_int_eq(writer_run(fixture->writer, &cmd.job), OK);
    ck_assert_int_gt(
        desk_number("SELECT count(*) FROM sqlite_stat1 WHERE tbl <> '%s'", ""), 0);
    cmd_housekeeping_init(&cmd, desk.office.now, false);
    ck_assert_int_eq(writer_run(fixture->writer, &cmd.job), OK);
    ck_assert_int_eq(store_fixture_write(fixture, "ANALYZE"), ERR_STORE);
    ck_assert_int_eq(store_fixture_write(fixture, "PRAGMA optimize"), ERR_STORE);
}
END_TEST

Suite *
suite_open(void)
{
    Suite *suite = suite_create("open");
    TCase *tcase = tcase_create("open");

    tcase_add_checked_fixture(tcase, desk_open, desk_close);
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, the_first_look_of_a_unit_opens_its_assignment_once);
    tcase_add_test(tcase, a_look_reads_urges_and_sees_alarms);
    tcase_add_test(tcase, a_clerks_look_opens_nothing_and_a_stranger_sees_nothing);
    tcase_add_test(tcase, housekeeping_forgets_what_is_over_and_keeps_the_rest);
    tcase_add_test(tcase, once_a_day_the_indexes_are_looked_at_anew);
    suite_add_tcase(suite, tcase);
    return suite;
}
