#include <check.h>
#include <string.h>

#include "base/timeutil.h"
#include "command/cmd_calendar.h"
#include "domain/recompute.h"
#include "support/desk.h"

/*
 * Suite of src/domain/recompute.c and of what src/command/cmd_calendar.c does to
 * open tickets (product.md, section 4).  A desk's office stands in June 2026.
 */

/* --- The pure part ---------------------------------------------------------------- */

static int32_t
day_of(const char *date)
{
    int32_t day = 0;

    ck_assert_msg(time_parse_day(date, &day), "%s", date);
    return day;
}

static struct calendar *
calendar_with(const struct calendar_exception *days, size_t count)
{
    static const int years[] = { 2026 };
    struct calendar *calendar = NULL;

    ck_assert_int_eq(calendar_new(years, 1, days, count, &calendar), OK);
    return calendar;
}

/* From Monday 2026-06-01 10:00, seen on the 3rd, when the 4th becomes a holiday. */
static int64_t
moved(const char *due, bool *ret_provisional)
{
    const struct calendar_exception off[] = { { day_of("2026-06-04"), false } };
    struct calendar *before = calendar_with(NULL, 0), *after = calendar_with(off, 1);
    struct limits limits = limits_defaults();
    struct recompute recompute = { before, after, &limits,
                                   desk_at("2026-06-03 09:00:00") };
    int64_t at = recompute_moment(&recompute, desk_at("2026-06-01 10:00:00"),
                                  desk_at(due), ret_provisional);

    calendar_free(before);
    calendar_free(after);
    return at;
}

START_TEST(a_limit_of_workdays_keeps_their_number)
{
    bool is_provisional = true;

    ck_assert_int_eq(moved("2026-06-04 23:59:59", &is_provisional),
                     desk_at("2026-06-05 23:59:59"));
    ck_assert(!is_provisional);
    ck_assert_int_eq(moved("2026-06-08 23:59:59", NULL), desk_at("2026-06-09 23:59:59"));
    ck_assert_int_eq(moved("2026-06-03 23:59:59", NULL), desk_at("2026-06-03 23:59:59"));
}
END_TEST

START_TEST(what_is_no_limit_of_workdays_stays)
{
    ck_assert_int_eq(moved("2026-06-01 23:59:59", NULL), desk_at("2026-06-01 23:59:59"));
    ck_assert_int_eq(moved("2026-06-08 12:00:00", NULL), desk_at("2026-06-08 12:00:00"));
    ck_assert_int_eq(moved("2026-06-07 23:59:59", NULL), /* a Sunday: upstream's */
                     desk_at("2026-06-07 23:59:59"));
}
END_TEST

START_TEST(a_moment_in_a_year_not_entered_is_provisional)
{
    bool is_provisional = false;

    ck_assert_int_eq(moved("2027-01-04 23:59:59", &is_provisional),
                     desk_at("2027-01-05 23:59:59"));
    ck_assert(is_provisional);
}
END_TEST

/* --- A changed calendar and an office's tickets -------------------------------------- */

static struct cmd_calendar cmd;
static struct arena *arena;

static void
open_desk(void)
{
    desk_open();
    arena = arena_new();
    ck_assert_ptr_nonnull(arena);
}

static void
close_desk(void)
{
    arena_free(arena);
    desk_close();
}

static void
run(bool is_rehearsal)
{
    cmd.job.is_rehearsal = is_rehearsal;
    cmd.actor = (struct actor){ .kind = ACTOR_CLI };
    cmd.now = desk.office.now;
    cmd.arena = arena;
    ck_assert_int_eq(writer_run(desk.office.fixture.writer, &cmd.job), OK);
    office_case(&desk.office, desk.no, &desk.now_is);
}

static void
put_day(const char *date, enum calendar_mark mark, bool is_rehearsal)
{
    cmd_calendar_put_init(&cmd);
    cmd.day.day = day_of(date);
    cmd.day.mark = mark;
    cmd.day.name = "typhoon";
    run(is_rehearsal);
}

static void
import(const char *text)
{
    struct calendar_csv *csv = NULL;

    ck_assert_int_eq(calendar_csv_parse(text, strlen(text), &csv), OK);
    ck_assert_uint_eq(csv->fault_count, 0);
    cmd_calendar_import_init(&cmd);
    cmd.csv = csv;
    cmd.source = "test";
    run(false);
    calendar_csv_free(csv);
}

static int64_t
recomputed(void)
{
    return desk_number("SELECT count(*) FROM event WHERE type = '%s'",
                       "deadline_recomputed");
}

START_TEST(a_new_holiday_moves_an_open_deadline_with_one_event_and_one_notice_a_unit)
{
    desk_dispatch(true);
    office_case(&desk.office, desk.no, &desk.now_is);
    int64_t version = desk.now_is.ticket.version;

    put_day("2026-06-05", CALENDAR_HOLIDAY, false);
    ck_assert_uint_eq(cmd.change_count, 1);
    ck_assert_uint_eq(cmd.ticket_count, 1);
    ck_assert_str_eq(cmd.tickets[0].no, desk.no);
    ck_assert_int_eq(cmd.tickets[0].due_before, desk_at("2026-06-08 23:59:59"));
    ck_assert_int_eq(cmd.tickets[0].due_after, desk_at("2026-06-09 23:59:59"));
    ck_assert_int_eq(desk.now_is.ticket.due_at, desk_at("2026-06-09 23:59:59"));
    ck_assert_int_eq(desk.now_is.ticket.effective_due_at, desk.now_is.ticket.due_at);
    ck_assert_int_eq(desk.now_is.assignments[0].effective_due_at,
                     desk.now_is.ticket.due_at);
    ck_assert_int_eq(desk.now_is.assignments[1].effective_due_at,
                     desk_at("2026-06-08 23:59:59"));
    ck_assert_int_eq(desk.now_is.ticket.version, version + 1);
    ck_assert_int_eq(recomputed(), 1);
    ck_assert_int_eq(desk_told("deadline_recomputed"), 2);
}
END_TEST

START_TEST(the_timer_follows_the_new_deadline)
{
    desk_handling();
    put_day("2026-06-05", CALENDAR_HOLIDAY, false);
    desk_expect_once("red", "2026-06-09 23:59:59");
}
END_TEST

START_TEST(a_rehearsal_finds_the_same_and_changes_nothing)
{
    desk_handling();
    int64_t version = desk.now_is.ticket.version;

    put_day("2026-06-05", CALENDAR_HOLIDAY, true);
    ck_assert_uint_eq(cmd.ticket_count, 1);
    ck_assert_int_eq(cmd.tickets[0].due_after, desk_at("2026-06-09 23:59:59"));
    ck_assert_int_eq(desk.now_is.ticket.version, version);
    ck_assert_int_eq(desk.now_is.ticket.due_at, desk_at("2026-06-08 23:59:59"));
    ck_assert_int_eq(recomputed(), 0);
    ck_assert_int_eq(
        desk_number("SELECT count(*) FROM calendar_day WHERE name = '%s'", "typhoon"), 0);
    desk_expect_once("red", "2026-06-08 23:59:59");
}
END_TEST

START_TEST(the_first_workday_of_a_day_taken_back_restores_the_deadline)
{
    desk_handling();
    put_day("2026-06-05", CALENDAR_HOLIDAY, false);
    put_day("2026-06-05", CALENDAR_PLAIN, false);
    ck_assert_int_eq(desk.now_is.ticket.due_at, desk_at("2026-06-08 23:59:59"));
    ck_assert_int_eq(recomputed(), 2);
    put_day("2026-06-05", CALENDAR_PLAIN, false);
    ck_assert_uint_eq(cmd.change_count, 0);
    ck_assert_int_eq(recomputed(), 2);
}
END_TEST

START_TEST(a_flag_late_is_taken_off_when_the_day_it_passed_becomes_a_holiday)
{
    desk_handling();
    (void)desk_sweep(desk_at("2026-06-09 00:00:00"));
    desk.office.now = desk_at("2026-06-09 08:00:00");
    put_day("2026-06-08", CALENDAR_HOLIDAY, false);
    ck_assert_int_eq(desk.now_is.ticket.effective_due_at, desk_at("2026-06-09 23:59:59"));
    ck_assert_int_eq(desk.now_is.ticket.overdue_at, 0);
    ck_assert_int_eq(desk.now_is.assignments[0].overdue_at, 0);
    ck_assert_int_eq(desk.now_is.ticket.light, LIGHT_YELLOW);
    ck_assert_int_eq(desk_events("red"), 1); /* the flag's event stays */
    desk_expect_once("red", "2026-06-09 23:59:59");
}
END_TEST

START_TEST(a_promised_day_of_an_extension_stays)
{
    desk_handling();
    desk_must(&desk.office.handlers[WATER], ACT_EXTEND);
    desk_must(&desk.office.supervisor, ACT_GRANT_EXTENSION);
    ck_assert_int_eq(desk.now_is.ticket.effective_due_at, desk_at("2026-06-15 23:59:59"));
    put_day("2026-06-05", CALENDAR_HOLIDAY, false);
    ck_assert_int_eq(desk.now_is.ticket.effective_due_at, desk_at("2026-06-15 23:59:59"));
    ck_assert_int_eq(desk.now_is.ticket.due_at, desk_at("2026-06-09 23:59:59"));
}
END_TEST

START_TEST(a_rework_is_counted_from_its_rejection)
{
    desk_replied();
    desk.office.now = desk_at("2026-06-05 10:00:00");
    desk_must(&desk.office.clerk, ACT_REJECT_REPLY);
    ck_assert_int_eq(desk.now_is.ticket.effective_due_at, desk_at("2026-06-10 23:59:59"));
    put_day("2026-06-02", CALENDAR_HOLIDAY, false); /* before the rejection */
    ck_assert_int_eq(desk.now_is.ticket.effective_due_at, desk_at("2026-06-10 23:59:59"));
    put_day("2026-06-09", CALENDAR_HOLIDAY, false);
    ck_assert_int_eq(desk.now_is.ticket.effective_due_at, desk_at("2026-06-11 23:59:59"));
}
END_TEST

START_TEST(a_closed_ticket_is_never_recomputed)
{
    desk_replied();
    desk_must(&desk.office.clerk, ACT_APPROVE_REPLY);
    desk_must(&desk.office.clerk, ACT_CALL_BACK);
    ck_assert_int_eq(desk.now_is.ticket.state, TICKET_CLOSED);
    int64_t version = desk.now_is.ticket.version;

    put_day("2026-06-05", CALENDAR_HOLIDAY, false);
    ck_assert_uint_eq(cmd.ticket_count, 0);
    ck_assert_int_eq(desk.now_is.ticket.version, version);
}
END_TEST

START_TEST(a_new_year_settles_what_was_provisional_and_may_change_the_december_before)
{
    desk.office.now = desk_at("2026-12-29 10:00:00");
    office_receive(&desk.office, "phone", desk.no);
    desk_dispatch(false);
    office_case(&desk.office, desk.no, &desk.now_is);
    ck_assert(desk.now_is.ticket.due_provisional);
    ck_assert_int_eq(desk.now_is.ticket.due_at, desk_at("2027-01-05 23:59:59"));

    import("2026-12-31,holiday,made up\n2027-01-01,holiday,made up\n"
           "2027-01-02,workday,made up\n2027-01-03,holiday,made up\n");
    ck_assert_uint_eq(cmd.ticket_count, 1);
    ck_assert(cmd.tickets[0].was_provisional);
    ck_assert(!cmd.tickets[0].is_provisional);
    ck_assert(!desk.now_is.ticket.due_provisional);
    /* 30th, (31st and 1st off), 2nd worked, 4th, 5th, 6th */
    ck_assert_int_eq(desk.now_is.ticket.due_at, desk_at("2027-01-06 23:59:59"));
    ck_assert_int_eq(recomputed(), 1);
    ck_assert_int_eq(desk_told("deadline_recomputed"), 1);
}
END_TEST

START_TEST(a_year_that_moves_no_day_still_settles_what_was_provisional)
{
    desk.office.now = desk_at("2026-12-29 10:00:00");
    office_receive(&desk.office, "phone", desk.no);
    desk_dispatch(false);
    import("2027-10-01,holiday,made up\n");
    ck_assert_uint_eq(cmd.ticket_count, 1);
    ck_assert(!desk.now_is.ticket.due_provisional);
    ck_assert_int_eq(desk.now_is.ticket.due_at, desk_at("2027-01-05 23:59:59"));
    ck_assert_int_eq(recomputed(), 1);
}
END_TEST

START_TEST(a_raised_urgency_is_counted_from_when_it_was_raised)
{
    desk_handling();
    desk.office.now = desk_at("2026-06-02 10:00:00");
    struct ticket_act act = office_make_act(&desk.office, ACT_AMEND);

    act.changes.title = NULL;
    act.changes.urgency = URGENCY_URGENT;
    act.changes_present = ticket_draft_present(&act.changes);
    desk_act(&desk.office.clerk, &act);
    ck_assert_int_eq(desk.now_is.ticket.effective_due_at, desk_at("2026-06-05 23:59:59"));
    put_day("2026-06-02", CALENDAR_HOLIDAY, false);
    ck_assert_int_eq(desk.now_is.ticket.effective_due_at, desk_at("2026-06-05 23:59:59"));
    put_day("2026-06-04", CALENDAR_HOLIDAY, false);
    ck_assert_int_eq(desk.now_is.ticket.effective_due_at, desk_at("2026-06-08 23:59:59"));
}
END_TEST

Suite *
suite_recompute(void)
{
    Suite *suite = suite_create("recompute");
    TCase *pure = tcase_create("pure"), *office = tcase_create("office");

    tcase_add_test(pure, a_limit_of_workdays_keeps_their_number);
    tcase_add_test(pure, what_is_no_limit_of_workdays_stays);
    tcase_add_test(pure, a_moment_in_a_year_not_entered_is_provisional);
    suite_add_tcase(suite, pure);
    tcase_add_checked_fixture(office, open_desk, close_desk);
    tcase_add_test(
        office,
        a_new_holiday_moves_an_open_deadline_with_one_event_and_one_notice_a_unit);
    tcase_add_test(office, the_timer_follows_the_new_deadline);
    tcase_add_test(office, a_rehearsal_finds_the_same_and_changes_nothing);
    tcase_add_test(office, the_first_workday_of_a_day_taken_back_restores_the_deadline);
    tcase_add_test(office,
                   a_flag_late_is_taken_off_when_the_day_it_passed_becomes_a_holiday);
    tcase_add_test(office, a_promised_day_of_an_extension_stays);
    tcase_add_test(office, a_rework_is_counted_from_its_rejection);
    tcase_add_test(office, a_closed_ticket_is_never_recomputed);
    tcase_add_test(
        office,
        a_new_year_settles_what_was_provisional_and_may_change_the_december_before);
    tcase_add_test(office, a_year_that_moves_no_day_still_settles_what_was_provisional);
    tcase_add_test(office, a_raised_urgency_is_counted_from_when_it_was_raised);
    suite_add_tcase(suite, office);
    return suite;
}
