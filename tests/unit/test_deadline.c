#include <check.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/timeutil.h"
#include "domain/deadline.h"
#include "calendar/seed_calendar.h"

/* test_deadline.c - limits and due moments (product.md, section 4). */

#define WEB 3
#define OTHERS 5

static struct calendar_csv *csv;
static struct calendar *calendar; /* 2014 to 2026 */
static struct limits limits;
static bool provisional, capped;

static void
set_up(void)
{
    csv = seed_csv_read(SEED_CALENDAR_PATH);
    calendar = seed_calendar_make(csv);
    limits = limits_defaults();
}

static void
tear_down(void)
{
    calendar_free(calendar);
    calendar_csv_free(csv);
}

/* "2026-11-23T09:00:00" in the service's zone. */
static int64_t
at(const char *local)
{
    char text[TIME_TEXT_BYTES];
    int64_t moment = 0;

    snprintf(text, sizeof text, "%s+08:00", local);
    ck_assert_msg(time_parse(text, &moment), "%s", local);
    return moment;
}

#define ck_assert_at(moment, local)                                                      \
    do {                                                                                 \
        char shown[TIME_TEXT_BYTES];                                                     \
        time_format((moment), shown);                                                    \
        ck_assert_str_eq(shown, local "+08:00");                                         \
    } while (0)

static int64_t
after(enum step step, enum urgency urgency, const char *local)
{
    return deadline_after(calendar, &limits, step, urgency, OTHERS, at(local),
                          &provisional);
}

static int64_t
handle(enum urgency urgency, int channel_workdays, const char *local)
{
    return deadline_handle(calendar, &limits, urgency, channel_workdays, at(local), 0,
                           &provisional, &capped);
}

static int64_t
dispatch(enum urgency urgency, bool always_same_day, const char *local)
{
    return deadline_dispatch(calendar, &limits, urgency, always_same_day, at(local),
                             &provisional);
}

/* --- The defaults ---------------------------------------------------------------- */

/* clang-format off */
#define W(amount_) { (amount_), LIMIT_WORKDAYS }
#define M(amount_) { (amount_), LIMIT_MINUTES }
#define D { 0, LIMIT_SAME_DAY }
/* clang-format on */

START_TEST(the_defaults_are_the_table)
{
    static const struct limit table[STEP_COUNT][URGENCY_COUNT] = {
        [STEP_DISPATCH] = { D, M(120), M(30) },
        [STEP_SIGN] = { W(1), M(120), M(30) },
        [STEP_FIRST_CONTACT] = { W(1), D, M(30) },
        [STEP_HANDLE] = { W(0), W(3), D },
        [STEP_EXTENSION_MAX] = { W(10), W(0), W(0) },
        [STEP_REVIEW] = { W(1), D, D },
        [STEP_CALLBACK] = { W(3), W(1), D },
        [STEP_REWORK] = { W(3), W(1), D },
    };

    for (int step = 0; step < STEP_COUNT; step++)
        for (int urgency = 0; urgency < URGENCY_COUNT; urgency++) {
            ck_assert_int_eq(limits.cell[step][urgency].amount,
                             table[step][urgency].amount);
            ck_assert_int_eq(limits.cell[step][urgency].unit, table[step][urgency].unit);
        }
    ck_assert_int_eq(limits.close_of_intake_s, 17 * 3600 + 30 * 60);
    ck_assert_int_eq(limits.next_morning_s, 9 * 3600);
    ck_assert_int_eq(limits.quiet_from_s, 20 * 3600);
    ck_assert_int_eq(limits.quiet_until_s, 8 * 3600);
    ck_assert(limits_are_valid(&limits));
}
END_TEST

START_TEST(steps_and_units_have_words)
{
    ck_assert_int_eq(choice_find(&words_step, "handle"), STEP_HANDLE);
    ck_assert_int_eq(choice_find(&words_step, "rework"), STEP_REWORK);
    ck_assert_int_eq(choice_find(&words_limit_unit, "workdays"), LIMIT_WORKDAYS);
    ck_assert_int_eq(choice_find(&words_limit_unit, "minutes"), LIMIT_MINUTES);
    ck_assert_int_eq(choice_find(&words_limit_unit, "same_day"), LIMIT_SAME_DAY);
}
END_TEST

START_TEST(each_scalar_has_its_default_and_bounds_that_hold)
{
    for (size_t i = 0; i < LIMIT_SCALAR_COUNT; i++) {
        const struct limit_scalar *scalar = &limit_scalars[i];
        int32_t value;

        memcpy(&value, (const char *)&limits + scalar->offset, sizeof value);
        ck_assert_msg(value == scalar->fallback, "%s", scalar->name);

        if (strstr(scalar->en, "overdue") == NULL) { /* those bind each other */
            int32_t right[2] = { scalar->min, scalar->max };

            for (int r = 0; r < 2; r++) {
                struct limits changed = limits;

                memcpy((char *)&changed + scalar->offset, &right[r], sizeof right[r]);
                ck_assert_msg(limits_are_valid(&changed), "%s = %d", scalar->name,
                              (int)right[r]);
            }
        }
        int32_t wrong[2] = { scalar->min - 1, scalar->max + 1 };
        for (int w = 0; w < 2; w++) {
            struct limits changed = limits;

            memcpy((char *)&changed + scalar->offset, &wrong[w], sizeof wrong[w]);
            ck_assert_msg(!limits_are_valid(&changed), "%s = %d", scalar->name,
                          (int)wrong[w]);
        }
    }
}
END_TEST

static bool
is_valid(enum step step, int32_t amount, int unit)
{
    struct limits changed = limits;

    changed.cell[step][URGENCY_URGENT].amount = amount;
    changed.cell[step][URGENCY_URGENT].unit = (enum limit_unit)unit;
    return limits_are_valid(&changed);
}

START_TEST(a_cell_outside_its_bounds_is_not_valid)
{
    ck_assert(is_valid(STEP_SIGN, 1, LIMIT_WORKDAYS));
    ck_assert(is_valid(STEP_SIGN, 250, LIMIT_WORKDAYS));
    ck_assert(!is_valid(STEP_SIGN, 0, LIMIT_WORKDAYS));
    ck_assert(!is_valid(STEP_SIGN, 251, LIMIT_WORKDAYS));
    ck_assert(is_valid(STEP_HANDLE, 0, LIMIT_WORKDAYS));
    ck_assert(!is_valid(STEP_HANDLE, -1, LIMIT_WORKDAYS));
    ck_assert(is_valid(STEP_SIGN, 1, LIMIT_MINUTES));
    ck_assert(is_valid(STEP_SIGN, LIMIT_MINUTES_MAX, LIMIT_MINUTES));
    ck_assert(!is_valid(STEP_SIGN, LIMIT_MINUTES_MAX + 1, LIMIT_MINUTES));
    ck_assert(!is_valid(STEP_SIGN, 0, LIMIT_MINUTES));
    ck_assert(is_valid(STEP_SIGN, 0, LIMIT_SAME_DAY));
    ck_assert(!is_valid(STEP_SIGN, 1, LIMIT_SAME_DAY));
    ck_assert(!is_valid(STEP_SIGN, 0, LIMIT_UNIT_COUNT));
    ck_assert(is_valid(STEP_EXTENSION_MAX, 0, LIMIT_WORKDAYS));
    ck_assert(!is_valid(STEP_EXTENSION_MAX, 30, LIMIT_MINUTES));
    ck_assert(!is_valid(STEP_EXTENSION_MAX, 0, LIMIT_SAME_DAY));
}
END_TEST

START_TEST(no_cell_may_be_out_of_bounds)
{
    for (int step = 0; step < STEP_COUNT; step++)
        for (int urgency = 0; urgency < URGENCY_COUNT; urgency++) {
            struct limits changed = limits;

            changed.cell[step][urgency].amount = -1;
            ck_assert(!limits_are_valid(&changed));
        }
}
END_TEST

START_TEST(overdue_stages_out_of_order_are_not_valid)
{
    limits.supervision_workdays = limits.notice_workdays;
    ck_assert(!limits_are_valid(&limits));
    limits = limits_defaults();
    limits.circular_workdays = limits.supervision_workdays;
    ck_assert(!limits_are_valid(&limits));
}
END_TEST

/* --- Handling -------------------------------------------------------------------- */

START_TEST(the_test_vectors_of_the_plan_hold)
{
    static const struct {
        const char *dispatched, *web, *others;
    } vectors[] = {
        { "2014-05-30", "2014-06-05", "2014-06-09" },
        { "2014-09-26", "2014-09-30", "2014-10-09" },
        { "2015-09-01", "2015-09-07", "2015-09-09" },
        { "2020-01-22", "2020-02-04", "2020-02-06" },
        { "2023-09-28", "2023-10-09", "2023-10-11" },
        { "2024-02-08", "2024-02-19", "2024-02-21" },
        { "2026-02-12", "2026-02-24", "2026-02-26" },
        { "2026-02-16", "2026-02-26", "2026-02-28" },
        { "2026-09-30", "2026-10-10", "2026-10-13" },
    };
    static const char *const times[] = { "T00:00:00", "T08:59:59", "T17:30:01",
                                         "T23:59:59" };

    for (size_t v = 0; v < sizeof vectors / sizeof *vectors; v++)
        for (size_t t = 0; t < 4; t++)
            for (int column = 0; column < 2; column++) {
                char local[TIME_TEXT_BYTES], due[TIME_TEXT_BYTES], shown[TIME_TEXT_BYTES];

                snprintf(local, sizeof local, "%.10s%.9s", vectors[v].dispatched,
                         times[t]);
                snprintf(due, sizeof due, "%.10sT23:59:59+08:00",
                         column == 0 ? vectors[v].web : vectors[v].others);
                time_format(handle(URGENCY_NORMAL, column == 0 ? WEB : OTHERS, local),
                            shown);
                ck_assert_str_eq(shown, due);
                ck_assert(!provisional);
                ck_assert(!capped);
            }
}
END_TEST

START_TEST(a_due_date_in_a_year_not_entered_is_provisional)
{
    ck_assert_at(handle(URGENCY_NORMAL, WEB, "2026-12-29T10:00:00"),
                 "2027-01-01T23:59:59");
    ck_assert(provisional);
    ck_assert_at(handle(URGENCY_NORMAL, OTHERS, "2026-12-29T10:00:00"),
                 "2027-01-05T23:59:59");
    ck_assert(provisional);
    /* What needs no calendar is certain in any year. */
    ck_assert_at(handle(URGENCY_CRITICAL, WEB, "2030-01-01T10:00:00"),
                 "2030-01-01T23:59:59");
    ck_assert(!provisional);
}
END_TEST

START_TEST(urgent_is_at_most_three_workdays_and_critical_the_same_day)
{
    ck_assert_at(handle(URGENCY_URGENT, OTHERS, "2026-11-23T10:00:00"),
                 "2026-11-26T23:59:59");
    ck_assert_at(handle(URGENCY_URGENT, WEB, "2026-11-23T10:00:00"),
                 "2026-11-26T23:59:59");
    ck_assert_at(handle(URGENCY_URGENT, 2, "2026-11-23T10:00:00"), "2026-11-25T23:59:59");
    ck_assert_at(handle(URGENCY_CRITICAL, OTHERS, "2026-11-23T10:00:00"),
                 "2026-11-23T23:59:59");
}
END_TEST

START_TEST(handling_may_be_limited_in_minutes)
{
    limits.cell[STEP_HANDLE][URGENCY_CRITICAL] = (struct limit){ 240, LIMIT_MINUTES };
    ck_assert_at(handle(URGENCY_CRITICAL, OTHERS, "2026-11-22T22:00:00"),
                 "2026-11-23T02:00:00");
}
END_TEST

static int64_t
with_upstream(enum urgency urgency, const char *dispatched, const char *upstream)
{
    return deadline_handle(calendar, &limits, urgency, OTHERS, at(dispatched),
                           at(upstream), &provisional, &capped);
}

START_TEST(the_earlier_of_ours_and_upstreams_counts)
{
    ck_assert_at(
        with_upstream(URGENCY_NORMAL, "2026-11-23T10:00:00", "2026-11-25T12:00:00"),
        "2026-11-25T12:00:00");
    ck_assert(capped);
    ck_assert_at(
        with_upstream(URGENCY_NORMAL, "2026-11-23T10:00:00", "2026-12-25T12:00:00"),
        "2026-11-30T23:59:59");
    ck_assert(!capped);
    /* The same moment is no conflict. */
    ck_assert_at(
        with_upstream(URGENCY_NORMAL, "2026-11-23T10:00:00", "2026-11-30T23:59:59"),
        "2026-11-30T23:59:59");
    ck_assert(!capped);
}
END_TEST

START_TEST(upstream_never_shortens_below_the_end_of_the_dispatch_day)
{
    ck_assert_at(
        with_upstream(URGENCY_NORMAL, "2026-11-23T10:00:00", "2026-11-20T12:00:00"),
        "2026-11-23T23:59:59");
    ck_assert(capped);
    ck_assert_at(
        with_upstream(URGENCY_CRITICAL, "2026-11-23T10:00:00", "2026-11-23T12:00:00"),
        "2026-11-23T23:59:59");
    ck_assert(capped);
    /* But it does not lengthen our own limit either. */
    limits.cell[STEP_HANDLE][URGENCY_CRITICAL] = (struct limit){ 240, LIMIT_MINUTES };
    ck_assert_at(
        with_upstream(URGENCY_CRITICAL, "2026-11-23T10:00:00", "2026-11-23T12:00:00"),
        "2026-11-23T14:00:00");
    ck_assert(capped);
}
END_TEST

START_TEST(a_capped_limit_stays_provisional_where_the_full_one_is)
{
    (void)with_upstream(URGENCY_NORMAL, "2026-12-29T10:00:00", "2026-12-30T12:00:00");
    ck_assert(capped);
    ck_assert(provisional);
}
END_TEST

START_TEST(closing_time_ends_workday_limits_only)
{
    limits.due_at_closing_time = 1;
    ck_assert_at(handle(URGENCY_NORMAL, WEB, "2026-11-23T10:00:00"),
                 "2026-11-26T17:30:00");
    ck_assert_at(handle(URGENCY_CRITICAL, WEB, "2026-11-23T20:00:00"),
                 "2026-11-23T23:59:59");
    ck_assert_at(deadline_of_day(&limits, time_day(at("2026-11-27T00:00:00"))),
                 "2026-11-27T17:30:00");
    limits.due_at_closing_time = 0;
    ck_assert_at(deadline_of_day(&limits, time_day(at("2026-11-27T00:00:00"))),
                 "2026-11-27T23:59:59");
}
END_TEST

START_TEST(every_start_day_agrees_with_walking_day_by_day)
{
    int32_t last = time_day(at("2026-12-31T00:00:00"));
    int differences = 0;

    for (int32_t start = time_day(at("2014-01-01T00:00:00")); start <= last; start++)
        for (int column = 0; column < 2; column++) {
            int32_t day = start;
            int left = column == 0 ? WEB : OTHERS;
            int64_t due_at = deadline_handle(calendar, &limits, URGENCY_NORMAL, left,
                                             time_day_start(start) + start % 86400, 0,
                                             &provisional, NULL);

            while (left > 0)
                left -= calendar_is_workday(calendar, ++day, NULL);
            differences += due_at != time_day_end(day);
            differences += provisional != (day > last);
        }
    ck_assert_int_eq(differences, 0);
}
END_TEST

/* --- Dispatch -------------------------------------------------------------------- */

START_TEST(dispatch_is_due_the_same_day_until_half_past_five)
{
    ck_assert_at(dispatch(URGENCY_NORMAL, false, "2026-11-23T00:00:00"),
                 "2026-11-23T23:59:59");
    ck_assert_at(dispatch(URGENCY_NORMAL, false, "2026-11-23T17:30:00"),
                 "2026-11-23T23:59:59");
    ck_assert_at(dispatch(URGENCY_NORMAL, false, "2026-11-23T17:30:01"),
                 "2026-11-24T09:00:00");
    ck_assert_at(dispatch(URGENCY_NORMAL, false, "2026-11-23T23:59:59"),
                 "2026-11-24T09:00:00");
    ck_assert(!provisional);
}
END_TEST

START_TEST(dispatch_knows_no_weekend)
{
    /* Friday evening, Saturday, Saturday evening; the first days of a holiday. */
    for (int always_same_day = 0; always_same_day < 2; always_same_day++) {
        bool always = always_same_day != 0;

        ck_assert_at(dispatch(URGENCY_NORMAL, always, "2026-11-27T18:00:00"),
                     "2026-11-28T09:00:00");
        ck_assert_at(dispatch(URGENCY_NORMAL, always, "2026-11-28T10:00:00"),
                     "2026-11-28T23:59:59");
        ck_assert_at(dispatch(URGENCY_NORMAL, always, "2026-11-28T18:00:00"),
                     "2026-11-29T09:00:00");
        ck_assert_at(dispatch(URGENCY_NORMAL, always, "2026-10-01T10:00:00"),
                     "2026-10-01T23:59:59");
    }
}
END_TEST

START_TEST(urgent_dispatch_has_two_hours_and_critical_half_an_hour)
{
    ck_assert_at(dispatch(URGENCY_URGENT, false, "2026-11-28T23:00:00"),
                 "2026-11-29T01:00:00");
    ck_assert_at(dispatch(URGENCY_URGENT, true, "2026-11-28T23:00:00"),
                 "2026-11-29T01:00:00");
    ck_assert_at(dispatch(URGENCY_CRITICAL, true, "2026-11-28T10:00:00"),
                 "2026-11-28T10:30:00");
}
END_TEST

START_TEST(no_setting_lengthens_the_dispatch_of_web_and_upstream)
{
    limits.cell[STEP_DISPATCH][URGENCY_NORMAL] = (struct limit){ 1, LIMIT_WORKDAYS };
    ck_assert_at(dispatch(URGENCY_NORMAL, false, "2026-12-31T10:00:00"),
                 "2027-01-01T23:59:59");
    ck_assert(provisional);
    ck_assert_at(dispatch(URGENCY_NORMAL, true, "2026-12-31T10:00:00"),
                 "2026-12-31T23:59:59");
    ck_assert(!provisional);
    ck_assert_at(dispatch(URGENCY_NORMAL, true, "2026-12-31T18:00:00"),
                 "2027-01-01T09:00:00");
}
END_TEST

/* --- The other steps ------------------------------------------------------------- */

START_TEST(one_workday_means_the_end_of_the_next_workday)
{
    ck_assert_at(after(STEP_SIGN, URGENCY_NORMAL, "2026-11-27T08:00:00"),
                 "2026-11-30T23:59:59");
    ck_assert_at(after(STEP_FIRST_CONTACT, URGENCY_NORMAL, "2026-11-27T08:00:00"),
                 "2026-11-30T23:59:59");
    ck_assert_at(after(STEP_REVIEW, URGENCY_NORMAL, "2026-11-27T23:59:59"),
                 "2026-11-30T23:59:59");
    ck_assert_at(after(STEP_CALLBACK, URGENCY_URGENT, "2026-11-27T08:00:00"),
                 "2026-11-30T23:59:59");
}
END_TEST

START_TEST(signing_runs_round_the_clock_when_urgent_or_critical)
{
    ck_assert_at(after(STEP_SIGN, URGENCY_URGENT, "2026-11-28T23:30:00"),
                 "2026-11-29T01:30:00");
    ck_assert_at(after(STEP_SIGN, URGENCY_CRITICAL, "2026-11-28T23:50:00"),
                 "2026-11-29T00:20:00");
}
END_TEST

START_TEST(the_same_day_ends_at_midnight_however_late_it_began)
{
    ck_assert_at(after(STEP_FIRST_CONTACT, URGENCY_URGENT, "2026-11-28T18:00:00"),
                 "2026-11-28T23:59:59");
    ck_assert_at(after(STEP_REVIEW, URGENCY_URGENT, "2026-11-28T23:59:59"),
                 "2026-11-28T23:59:59");
    ck_assert_at(after(STEP_REVIEW, URGENCY_CRITICAL, "2026-11-28T00:00:00"),
                 "2026-11-28T23:59:59");
    ck_assert_at(after(STEP_CALLBACK, URGENCY_CRITICAL, "2026-11-28T00:00:00"),
                 "2026-11-28T23:59:59");
}
END_TEST

START_TEST(at_once_is_half_an_hour)
{
    ck_assert_at(after(STEP_FIRST_CONTACT, URGENCY_CRITICAL, "2026-11-28T03:00:00"),
                 "2026-11-28T03:30:00");
}
END_TEST

START_TEST(callback_and_rework_have_their_limits)
{
    ck_assert_at(after(STEP_CALLBACK, URGENCY_NORMAL, "2026-09-30T10:00:00"),
                 "2026-10-10T23:59:59");
    ck_assert_at(deadline_rework(calendar, &limits, URGENCY_NORMAL,
                                 at("2026-11-27T10:00:00"), NULL),
                 "2026-12-02T23:59:59");
    ck_assert_at(deadline_rework(calendar, &limits, URGENCY_URGENT,
                                 at("2026-11-27T10:00:00"), NULL),
                 "2026-11-30T23:59:59");
    ck_assert_at(deadline_rework(calendar, &limits, URGENCY_CRITICAL,
                                 at("2026-11-27T10:00:00"), &provisional),
                 "2026-11-27T23:59:59");
    ck_assert(!provisional);
}
END_TEST

START_TEST(a_unit_may_return_until_the_end_of_the_next_workday)
{
    ck_assert_at(deadline_return(calendar, &limits, at("2026-11-27T10:00:00")),
                 "2026-11-30T23:59:59");
}
END_TEST

START_TEST(opening_has_two_hours_and_submitting_half_an_hour)
{
    ck_assert_at(deadline_open(&limits, at("2026-11-28T23:00:00")),
                 "2026-11-29T01:00:00");
    ck_assert_at(deadline_submit(&limits, at("2026-11-28T23:00:00")),
                 "2026-11-28T23:30:00");
}
END_TEST

START_TEST(a_leader_decides_long_second_urgent_and_critical_extensions)
{
    ck_assert(!deadline_extension_needs_leader(&limits, URGENCY_NORMAL, 10, 0));
    ck_assert(deadline_extension_needs_leader(&limits, URGENCY_NORMAL, 11, 0));
    ck_assert(deadline_extension_needs_leader(&limits, URGENCY_NORMAL, 1, 1));
    ck_assert(deadline_extension_needs_leader(&limits, URGENCY_URGENT, 1, 0));
    ck_assert(deadline_extension_needs_leader(&limits, URGENCY_CRITICAL, 1, 0));
}
END_TEST

/* --- Co-units, raised urgency ----------------------------------------------------- */

static int64_t
co(const char *dispatched, const char *lead_due)
{
    return deadline_co(calendar, &limits, at(dispatched), at(lead_due));
}

START_TEST(a_co_unit_is_due_one_workday_before_the_lead)
{
    ck_assert_at(co("2026-11-23T10:00:00", "2026-11-30T23:59:59"), "2026-11-27T23:59:59");
    ck_assert_at(co("2026-09-24T10:00:00", "2026-10-08T23:59:59"), "2026-09-30T23:59:59");
    /* Upstream wants it on a Sunday: Friday is the lead's last workday. */
    ck_assert_at(co("2026-11-23T10:00:00", "2026-11-29T12:00:00"), "2026-11-26T23:59:59");
}
END_TEST

START_TEST(a_co_unit_has_the_dispatch_day_but_never_longer_than_the_lead)
{
    ck_assert_at(co("2026-11-23T10:00:00", "2026-11-24T23:59:59"), "2026-11-23T23:59:59");
    ck_assert_at(co("2026-11-23T10:00:00", "2026-11-23T23:59:59"), "2026-11-23T23:59:59");
    ck_assert_at(co("2026-11-23T10:00:00", "2026-11-23T14:00:00"), "2026-11-23T14:00:00");
    ck_assert_at(co("2026-11-28T10:00:00", "2026-11-30T23:59:59"), "2026-11-28T23:59:59");
    limits.due_at_closing_time = 1;
    ck_assert_at(co("2026-11-23T10:00:00", "2026-11-30T17:30:00"), "2026-11-27T17:30:00");
}
END_TEST

static int64_t
raise_to(enum urgency urgency, const char *old_due, bool old_is_provisional,
         const char *now)
{
    return deadline_raise(calendar, &limits, STEP_HANDLE, urgency, OTHERS, at(old_due),
                          old_is_provisional, at(now), &provisional);
}

START_TEST(raised_urgency_takes_the_earlier_of_the_old_and_the_new_from_now)
{
    ck_assert_at(
        raise_to(URGENCY_URGENT, "2026-11-30T23:59:59", false, "2026-11-23T15:00:00"),
        "2026-11-26T23:59:59");
    ck_assert_at(
        raise_to(URGENCY_URGENT, "2026-11-30T23:59:59", false, "2026-11-27T15:00:00"),
        "2026-11-30T23:59:59");
    ck_assert_at(
        raise_to(URGENCY_CRITICAL, "2026-11-30T23:59:59", true, "2026-11-27T15:00:00"),
        "2026-11-27T23:59:59");
    ck_assert(!provisional);
    ck_assert_at(
        raise_to(URGENCY_URGENT, "2027-01-04T23:59:59", true, "2026-12-31T15:00:00"),
        "2027-01-04T23:59:59");
    ck_assert(provisional);
    ck_assert_at(
        raise_to(URGENCY_URGENT, "2027-01-08T23:59:59", false, "2026-12-31T15:00:00"),
        "2027-01-05T23:59:59");
    ck_assert(provisional);
}
END_TEST

/* --- Lights and the timer ---------------------------------------------------------- */

static int64_t
yellow(const char *start, const char *due)
{
    return deadline_yellow_at(calendar, &limits, at(start), at(due));
}

START_TEST(yellow_begins_when_the_workday_before_the_due_date_has_ended)
{
    ck_assert_at(yellow("2026-11-23T10:00:00", "2026-11-26T23:59:59"),
                 "2026-11-26T00:00:00");
    ck_assert_at(yellow("2026-11-23T10:00:00", "2026-11-30T23:59:59"),
                 "2026-11-28T00:00:00"); /* due on Monday */
    ck_assert_at(yellow("2026-11-23T10:00:00", "2026-11-29T12:00:00"),
                 "2026-11-27T00:00:00"); /* due on Sunday: Friday is the last workday */
    ck_assert_at(yellow("2026-09-24T10:00:00", "2026-10-08T23:59:59"),
                 "2026-10-01T00:00:00");
}
END_TEST

START_TEST(what_is_due_within_a_day_is_yellow_from_its_start)
{
    ck_assert_at(yellow("2026-11-23T10:00:00", "2026-11-23T23:59:59"),
                 "2026-11-23T10:00:00");
    ck_assert_at(yellow("2026-11-28T10:00:00", "2026-11-30T23:59:59"),
                 "2026-11-28T10:00:00");
}
END_TEST

START_TEST(more_workdays_may_be_yellow)
{
    limits.yellow_workdays = 2;
    ck_assert_at(yellow("2026-11-23T10:00:00", "2026-11-30T23:59:59"),
                 "2026-11-27T00:00:00");
}
END_TEST

START_TEST(the_light_changes_at_the_second)
{
    const int64_t yellow_at = 1000, due_at = 2000;

    ck_assert_int_eq(deadline_light(999, due_at, yellow_at, 0), LIGHT_GREEN);
    ck_assert_int_eq(deadline_light(1000, due_at, yellow_at, 0), LIGHT_YELLOW);
    ck_assert_int_eq(deadline_light(2000, due_at, yellow_at, 0), LIGHT_YELLOW);
    ck_assert_int_eq(deadline_light(2001, due_at, yellow_at, 0), LIGHT_RED);
    ck_assert_int_eq(deadline_light(2001, 0, 0, 0), LIGHT_NONE);
}
END_TEST

START_TEST(a_reply_freezes_the_light)
{
    ck_assert_int_eq(deadline_light(9999, 2000, 1000, 2000), LIGHT_GREEN);
    ck_assert_int_eq(deadline_light(9999, 2000, 1000, 2001), LIGHT_RED);
}
END_TEST

START_TEST(overdue_stages_come_on_the_first_third_and_fifth_workday)
{
    int64_t due_at = at("2026-09-29T23:59:59"); /* Tuesday before the holiday */

    ck_assert_at(deadline_notice_at(calendar, &limits, OVERDUE_NOTICE, due_at),
                 "2026-09-30T09:00:00");
    ck_assert_at(deadline_notice_at(calendar, &limits, OVERDUE_SUPERVISION, due_at),
                 "2026-10-09T09:00:00");
    ck_assert_at(deadline_notice_at(calendar, &limits, OVERDUE_CIRCULAR, due_at),
                 "2026-10-12T09:00:00");
}
END_TEST

static int64_t
quiet(enum urgency urgency, const char *now)
{
    return deadline_quiet_until(&limits, urgency, at(now));
}

START_TEST(quiet_hours_last_from_eight_to_eight)
{
    ck_assert_at(quiet(URGENCY_NORMAL, "2026-11-27T19:59:59"), "2026-11-27T19:59:59");
    ck_assert_at(quiet(URGENCY_NORMAL, "2026-11-27T20:00:00"), "2026-11-28T08:00:00");
    ck_assert_at(quiet(URGENCY_NORMAL, "2026-11-28T00:00:00"), "2026-11-28T08:00:00");
    ck_assert_at(quiet(URGENCY_NORMAL, "2026-11-28T07:59:59"), "2026-11-28T08:00:00");
    ck_assert_at(quiet(URGENCY_NORMAL, "2026-11-28T08:00:00"), "2026-11-28T08:00:00");
}
END_TEST

START_TEST(urgent_messages_do_not_wait)
{
    ck_assert_at(quiet(URGENCY_URGENT, "2026-11-27T23:00:00"), "2026-11-27T23:00:00");
    ck_assert_at(quiet(URGENCY_CRITICAL, "2026-11-27T03:00:00"), "2026-11-27T03:00:00");
}
END_TEST

START_TEST(quiet_hours_may_lie_within_a_day_or_be_none)
{
    limits.quiet_from_s = 12 * 3600;
    limits.quiet_until_s = 14 * 3600;
    ck_assert_at(quiet(URGENCY_NORMAL, "2026-11-27T11:59:59"), "2026-11-27T11:59:59");
    ck_assert_at(quiet(URGENCY_NORMAL, "2026-11-27T12:00:00"), "2026-11-27T14:00:00");
    ck_assert_at(quiet(URGENCY_NORMAL, "2026-11-27T14:00:00"), "2026-11-27T14:00:00");
    limits.quiet_until_s = limits.quiet_from_s;
    ck_assert_at(quiet(URGENCY_NORMAL, "2026-11-27T12:00:00"), "2026-11-27T12:00:00");
}
END_TEST

START_TEST(each_half_day_has_its_own_number)
{
    int32_t morning = deadline_half_day(at("2026-11-27T00:00:00"));

    ck_assert_int_eq(deadline_half_day(at("2026-11-27T11:59:59")), morning);
    ck_assert_int_eq(deadline_half_day(at("2026-11-27T12:00:00")), morning + 1);
    ck_assert_int_eq(deadline_half_day(at("2026-11-27T23:59:59")), morning + 1);
    ck_assert_int_eq(deadline_half_day(at("2026-11-28T00:00:00")), morning + 2);
}
END_TEST

START_TEST(who_does_not_ask_is_not_told)
{
    (void)deadline_handle(calendar, &limits, URGENCY_CRITICAL, WEB,
                          at("2026-11-27T11:59:59"), 0, NULL, NULL);
    (void)deadline_dispatch(calendar, &limits, URGENCY_NORMAL, true,
                            at("2026-11-27T11:59:59"), NULL);
}
END_TEST

/* For every day and urgency: the clock starts, turns yellow, ends; in that order. */
START_TEST(a_clock_starts_turns_yellow_and_ends_in_that_order)
{
    int32_t last = time_day(at("2026-12-31T00:00:00"));
    int wrong = 0;

    for (int32_t day = time_day(at("2014-01-01T00:00:00")); day <= last; day++)
        for (int step = 0; step < STEP_COUNT; step++)
            for (int urgency = 0; urgency < URGENCY_COUNT; urgency++) {
                int64_t start_at = time_day_start(day) + (int64_t)day * 7919 % 86400;

                if (step == STEP_EXTENSION_MAX)
                    continue;
                int64_t due_at =
                    deadline_after(calendar, &limits, (enum step)step,
                                   (enum urgency)urgency, OTHERS, start_at, NULL);
                int64_t yellow_at =
                    deadline_yellow_at(calendar, &limits, start_at, due_at);
                int64_t co_due_at = deadline_co(calendar, &limits, start_at, due_at);

                wrong += start_at > yellow_at || yellow_at > due_at;
                wrong += start_at > co_due_at || co_due_at > due_at;
                wrong += deadline_notice_at(calendar, &limits, OVERDUE_NOTICE, due_at) <=
                         due_at;
            }
    ck_assert_int_eq(wrong, 0);
}
END_TEST

Suite *
suite_deadline(void)
{
    Suite *suite = suite_create("deadline");
    TCase *tcase = tcase_create("deadline");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, the_defaults_are_the_table);
    tcase_add_test(tcase, steps_and_units_have_words);
    tcase_add_test(tcase, each_scalar_has_its_default_and_bounds_that_hold);
    tcase_add_test(tcase, a_cell_outside_its_bounds_is_not_valid);
    tcase_add_test(tcase, no_cell_may_be_out_of_bounds);
    tcase_add_test(tcase, overdue_stages_out_of_order_are_not_valid);
    tcase_add_test(tcase, the_test_vectors_of_the_plan_hold);
    tcase_add_test(tcase, a_due_date_in_a_year_not_entered_is_provisional);
    tcase_add_test(tcase, urgent_is_at_most_three_workdays_and_critical_the_same_day);
    tcase_add_test(tcase, handling_may_be_limited_in_minutes);
    tcase_add_test(tcase, the_earlier_of_ours_and_upstreams_counts);
    tcase_add_test(tcase, upstream_never_shortens_below_the_end_of_the_dispatch_day);
    tcase_add_test(tcase, a_capped_limit_stays_provisional_where_the_full_one_is);
    tcase_add_test(tcase, closing_time_ends_workday_limits_only);
    tcase_add_test(tcase, every_start_day_agrees_with_walking_day_by_day);
    tcase_add_test(tcase, dispatch_is_due_the_same_day_until_half_past_five);
    tcase_add_test(tcase, dispatch_knows_no_weekend);
    tcase_add_test(tcase, urgent_dispatch_has_two_hours_and_critical_half_an_hour);
    tcase_add_test(tcase, no_setting_lengthens_the_dispatch_of_web_and_upstream);
    tcase_add_test(tcase, one_workday_means_the_end_of_the_next_workday);
    tcase_add_test(tcase, signing_runs_round_the_clock_when_urgent_or_critical);
    tcase_add_test(tcase, the_same_day_ends_at_midnight_however_late_it_began);
    tcase_add_test(tcase, at_once_is_half_an_hour);
    tcase_add_test(tcase, callback_and_rework_have_their_limits);
    tcase_add_test(tcase, a_unit_may_return_until_the_end_of_the_next_workday);
    tcase_add_test(tcase, opening_has_two_hours_and_submitting_half_an_hour);
    tcase_add_test(tcase, a_leader_decides_long_second_urgent_and_critical_extensions);
    tcase_add_test(tcase, a_co_unit_is_due_one_workday_before_the_lead);
    tcase_add_test(tcase, a_co_unit_has_the_dispatch_day_but_never_longer_than_the_lead);
    tcase_add_test(tcase,
                   raised_urgency_takes_the_earlier_of_the_old_and_the_new_from_now);
    tcase_add_test(tcase, yellow_begins_when_the_workday_before_the_due_date_has_ended);
    tcase_add_test(tcase, what_is_due_within_a_day_is_yellow_from_its_start);
    tcase_add_test(tcase, more_workdays_may_be_yellow);
    tcase_add_test(tcase, the_light_changes_at_the_second);
    tcase_add_test(tcase, a_reply_freezes_the_light);
    tcase_add_test(tcase, overdue_stages_come_on_the_first_third_and_fifth_workday);
    tcase_add_test(tcase, quiet_hours_last_from_eight_to_eight);
    tcase_add_test(tcase, urgent_messages_do_not_wait);
    tcase_add_test(tcase, quiet_hours_may_lie_within_a_day_or_be_none);
    tcase_add_test(tcase, each_half_day_has_its_own_number);
    tcase_add_test(tcase, who_does_not_ask_is_not_told);
    tcase_add_test(tcase, a_clock_starts_turns_yellow_and_ends_in_that_order);
    suite_add_tcase(suite, tcase);
    return suite;
}
