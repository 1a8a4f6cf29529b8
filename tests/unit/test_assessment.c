/*
 * test_assessment.c - what a ticket contributes to the assessment, and the score;
 * the worked example is that of docs/ASSESSMENT.md.
 */
#include <check.h>
#include <string.h>

#include "base/timeutil.h"
#include "domain/assessment_score.h"
#include "domain/calendar.h"
#include "domain/settings.h"

Suite *suite_assessment(void);

#define DAY 20780 /* Monday 2026-11-23 */
#define AT(day, hour) (time_day_start(day) + (hour)*3600)
#define UNIT 7
#define MINE 31 /* the assignment */

static struct ticket_case the;
static struct assignment *mine;
static struct assessment_record records[8];
static size_t record_count;
static struct assessment_fact facts[ASSESSMENT_FACTS_MAX(2, 8)];
static size_t fact_count;
static struct calendar *calendar;

/* A ticket of the hotline, dispatched on Monday and due at the end of the next one. */
static void
set_up(void)
{
    int year = 2026;

    ck_assert_int_eq(calendar_new(&year, 1, NULL, 0, &calendar), OK);
    memset(&the, 0, sizeof the);
    record_count = 0;
    the.ticket = (struct ticket){
        .id = 1,
        .channel = "phone",
        .received_at = AT(DAY, 9),
        .state = TICKET_HANDLING,
        .version = 3,
        .round = 1,
        .has_phone = true,
        .lead_unit_id = UNIT,
        .first_dispatched_at = AT(DAY, 10),
        .satisfaction_first = CHOICE_NONE,
        .satisfaction_final = CHOICE_NONE,
    };
    the.assignment_count = 1;
    mine = &the.assignments[0];
    *mine = (struct assignment){
        .id = MINE,
        .round = 1,
        .unit_id = UNIT,
        .relation = RELATION_LEAD,
        .is_active = true,
        .is_visible = true,
        .is_counted = true,
        .dispatched_at = AT(DAY, 10),
        .effective_due_at = time_day_end(DAY + 7),
        .sign_due_at = time_day_end(DAY + 1),
    };
}

static void
tear_down(void)
{
    calendar_free(calendar);
}

static void
record(struct assessment_record one)
{
    records[record_count++] = one;
}

static void
derive(void)
{
    fact_count = assessment_facts(&the, records, record_count, calendar, facts);
    ck_assert_uint_le(fact_count,
                      ASSESSMENT_FACTS_MAX(the.assignment_count, record_count));
}

/* How often a measure is counted, and for the last time on which day. */
static int
count(int measure, int32_t *ret_day)
{
    int found = 0;

    for (size_t i = 0; i < fact_count; i++)
        if ((facts[i].measures & MEASURE_BIT(measure)) != 0) {
            found++;
            if (ret_day != NULL)
                *ret_day = facts[i].day;
        }
    return found;
}

static void
expect_on(int measure, int32_t wanted_day)
{
    int32_t day = 0;

    ck_assert_msg(count(measure, &day) == 1, "%s", choice_word(&words_measure, measure));
    ck_assert_int_eq(day, wanted_day);
}

static void
expect_none(int measure)
{
    ck_assert_msg(count(measure, NULL) == 0, "%s", choice_word(&words_measure, measure));
}

/* --- The tables ---------------------------------------------------------------------- */

START_TEST(every_measure_has_a_word_and_labels_of_its_own)
{
    for (size_t i = 0; i < words_measure.count; i++) {
        ck_assert_int_gt((int)strlen(words_measure.items[i].zh), 0);
        ck_assert_int_gt((int)strlen(words_measure.items[i].en), 0);
        ck_assert_int_eq(choice_find(&words_measure, words_measure.items[i].word),
                         (int)i);
    }
}
END_TEST

START_TEST(every_rate_has_its_formula_and_the_weights_are_a_hundred)
{
    struct settings settings = settings_defaults();
    struct assessment_terms terms = assessment_terms(&settings);
    int sum = 0;

    for (int i = 0; i < ASSESSMENT_RATE_COUNT; i++) {
        const struct assessment_rate_row *row = &assessment_rates[i];
        ck_assert_ptr_nonnull(strstr(row->formula_zh, "÷"));
        ck_assert_ptr_nonnull(strstr(row->formula_en, "÷"));
        ck_assert(row->numerator != 0 && row->denominator != 0);
        ck_assert_int_eq(terms.weights[i] != 0, assessment_is_weighed(i));
        sum += terms.weights[i];
        for (int k = 0; k < i; k++)
            ck_assert_str_ne(row->id, assessment_rates[k].id);
    }
    ck_assert_int_eq(sum, 100);
}
END_TEST

/* --- Facts ----------------------------------------------------------------------------- */

START_TEST(what_is_only_received_is_the_offices)
{
    the.assignment_count = 0;
    the.ticket.state = TICKET_RECEIVED;
    the.ticket.lead_unit_id = the.ticket.first_dispatched_at = 0;
    derive();
    ck_assert_uint_eq(fact_count, 1);
    ck_assert_int_eq(facts[0].unit_id, 0);
    ck_assert(facts[0].measures == MEASURE_BIT(MEASURE_RECEIVED));
}
END_TEST

START_TEST(web_and_upstream_tickets_are_to_be_dispatched_the_day_they_come_in)
{
    memcpy(the.ticket.channel, "web", 4);
    derive();
    expect_on(MEASURE_SAME_DAY_DUE, DAY);
    expect_on(MEASURE_SAME_DAY, DAY);
    the.ticket.first_dispatched_at = AT(DAY + 1, 0);
    derive();
    expect_on(MEASURE_SAME_DAY_DUE, DAY);
    expect_none(MEASURE_SAME_DAY);
    the.ticket.suspect = true;
    derive();
    expect_none(MEASURE_SAME_DAY_DUE);
    the.ticket.suspect = false;
    memcpy(the.ticket.channel, "sms", 4);
    derive();
    expect_none(MEASURE_SAME_DAY_DUE);
    memcpy(the.ticket.upstream, "city", 5);
    derive();
    expect_on(MEASURE_SAME_DAY_DUE, DAY);
}
END_TEST

START_TEST(an_assignment_is_on_time_late_or_not_decided_on_the_day_it_is_due)
{
    static const struct {
        int64_t overdue_at, replied_at;
        int wanted;
    } rows[] = {
        { 0, 0, MEASURE_UNDECIDED },
        { 0, 1, MEASURE_ON_TIME },
        { 1, 1, MEASURE_LATE_CLOSED },
        { 1, 0, MEASURE_LATE_OPEN },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        mine->overdue_at = rows[i].overdue_at;
        mine->replied_at = rows[i].replied_at;
        derive();
        for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
            ck_assert_int_eq(count(rows[k].wanted, NULL), k == i);
        expect_on(rows[i].wanted, DAY + 7);
        ck_assert_int_eq(count(MEASURE_DUE, NULL), i != 0);
    }
}
END_TEST

/* Nobody waits for the opinion of a co-unit any more. */
START_TEST(a_silent_co_unit_of_a_closed_ticket_is_not_due)
{
    mine->relation = RELATION_CO;
    mine->is_active = false;
    derive();
    expect_none(MEASURE_DUE);
    expect_none(MEASURE_UNDECIDED);
    expect_none(MEASURE_DISPATCHED);
    expect_on(MEASURE_CO_DISPATCHED, DAY);
}
END_TEST

START_TEST(what_is_recalled_merged_or_excluded_is_left_out_and_listed)
{
    static const int left[] = { MEASURE_LEFT_RECALLED, MEASURE_LEFT_MERGED,
                                MEASURE_LEFT_EXCLUDED };

    mine->signed_at = AT(DAY, 11);
    record((struct assessment_record){
        .kind = ASSESSMENT_RETURN, .id = 3, .unit_id = UNIT, .at = AT(DAY, 12) });
    for (int i = 0; i < 3; i++) {
        mine->is_counted = i != 0;
        the.ticket.state = i == 1 ? TICKET_MERGED : TICKET_HANDLING;
        memcpy(the.ticket.exclude_class, i == 2 ? "abuse" : "", i == 2 ? 6 : 1);
        derive();
        for (int k = 0; k < 3; k++)
            ck_assert_int_eq(count(left[k], NULL), k == i);
        expect_on(left[i], DAY + 7);
        expect_none(MEASURE_DISPATCHED);
        expect_none(MEASURE_SIGN_DUE);
        /* A return is of a round that need not count. */
        ck_assert_int_eq(count(MEASURE_RETURNS, NULL), i == 0);
        expect_on(MEASURE_RECEIVED, DAY);
    }
}
END_TEST

START_TEST(a_limit_is_reached_when_it_was_met_or_missed)
{
    derive();
    expect_none(MEASURE_SIGN_DUE);
    expect_none(MEASURE_CONTACT_DUE);
    mine->sign_late_at = AT(DAY + 2, 0);
    derive();
    expect_on(MEASURE_SIGN_DUE, DAY + 1);
    expect_none(MEASURE_SIGNED_ON_TIME);
    mine->signed_at = time_day_end(DAY + 1);
    mine->contact_due_at = time_day_end(DAY + 2);
    mine->contacted_at = mine->contact_due_at + 1; /* a second late */
    derive();
    expect_on(MEASURE_SIGNED_ON_TIME, DAY + 1);
    expect_on(MEASURE_CONTACT_DUE, DAY + 2);
    expect_none(MEASURE_CONTACT_ON_TIME);
    mine->contact_due_at = 0; /* before it signed */
    mine->contacted_at = AT(DAY, 11);
    derive();
    expect_on(MEASURE_CONTACT_ON_TIME, DAY);
    the.ticket.confidential = true; /* the clerk's */
    derive();
    expect_none(MEASURE_CONTACT_DUE);
}
END_TEST

START_TEST(a_reply_counts_on_the_day_of_the_first_and_of_the_first_accepted_one)
{
    struct assessment_record reply = { .kind = ASSESSMENT_REJECTION,
                                       .assignment_id = MINE,
                                       .at = AT(DAY + 1, 9) };

    record(reply);
    derive();
    expect_on(MEASURE_REPLIED, DAY + 1);
    expect_on(MEASURE_REWORKED, DAY + 1);
    expect_none(MEASURE_ACCEPTED);
    reply.kind = ASSESSMENT_REPLY;
    reply.is_good = true;
    reply.at = AT(DAY + 7, 9); /* the Monday after: five workdays */
    record(reply);
    reply.at = AT(DAY + 9, 9);
    record(reply);
    derive();
    expect_on(MEASURE_REPLIED, DAY + 1);
    expect_on(MEASURE_REWORKED, DAY + 1);
    expect_on(MEASURE_ACCEPTED, DAY + 7);
    for (size_t i = 0; i < fact_count; i++)
        ck_assert_int_eq(facts[i].workdays,
                         (facts[i].measures & MEASURE_BIT(MEASURE_ACCEPTED)) != 0 ? 5
                                                                                  : 0);
}
END_TEST

START_TEST(the_citizens_word_counts_on_the_day_of_the_answer)
{
    the.ticket.state = TICKET_FEEDBACK;
    the.ticket.answered_at = AT(DAY + 3, 9);
    mine->replied_at = AT(DAY + 2, 9);
    derive();
    expect_on(MEASURE_CALLBACK_SHOULD, DAY + 3);
    expect_none(MEASURE_CALLBACK_ATTEMPTED);
    record((struct assessment_record){ .kind = ASSESSMENT_CALLBACK });
    derive();
    expect_on(MEASURE_CALLBACK_ATTEMPTED, DAY + 3);
    expect_none(MEASURE_CALLBACK_REACHED);
    record((struct assessment_record){ .kind = ASSESSMENT_CALLBACK, .is_good = true });
    the.ticket.solved = 1;
    the.ticket.satisfaction_final = SATISFACTION_UNSATISFIED;
    derive();
    expect_on(MEASURE_CALLBACK_REACHED, DAY + 3);
    expect_on(MEASURE_SOLVED_ASKED, DAY + 3);
    expect_none(MEASURE_SOLVED);
    expect_on(MEASURE_UNSATISFIED, DAY + 3);
    expect_on(MEASURE_DISPATCHED_UNSATISFIED, DAY);
    /* Erased: what was called stays called. */
    the.ticket.has_phone = false;
    derive();
    expect_on(MEASURE_CALLBACK_SHOULD, DAY + 3);
    /* The answer before a new round is not what stands. */
    the.ticket.answered_at = 0;
    derive();
    expect_none(MEASURE_ANSWERED);
    expect_none(MEASURE_UNSATISFIED);
    expect_none(MEASURE_DISPATCHED_RATED);
}
END_TEST

START_TEST(records_count_on_their_own_days)
{
    record((struct assessment_record){ .kind = ASSESSMENT_PROMISE,
                                       .id = MINE, /* the number of another thing */
                                       .unit_id = UNIT,
                                       .day = DAY + 7,
                                       .is_good = true });
    record((struct assessment_record){ .kind = ASSESSMENT_SUPERVISION,
                                       .id = 1,
                                       .unit_id = UNIT,
                                       .at = time_day_end(DAY + 4) });
    record((struct assessment_record){
        .kind = ASSESSMENT_ACCOUNTABILITY, .id = 1, .unit_id = UNIT, .day = DAY + 9 });
    derive();
    expect_on(MEASURE_PROMISES_KEPT, DAY + 7);
    expect_on(MEASURE_UNDECIDED, DAY + 7);
    expect_on(MEASURE_SUPERVISIONS_DUE, DAY + 4);
    expect_none(MEASURE_SUPERVISIONS_IN_TIME);
    expect_on(MEASURE_ACCOUNTABILITIES, DAY + 9);
}
END_TEST

/* --- The score --------------------------------------------------------------------------- */

static struct assessment_result
result_of(const struct assessment_figures *figures, int32_t days)
{
    struct settings settings = settings_defaults();
    struct assessment_terms terms = assessment_terms(&settings);
    struct assessment_result result;

    assessment_result(figures, days, &terms, &result);
    return result;
}

/* docs/ASSESSMENT.md, "A worked example". */
START_TEST(the_worked_example_is_what_was_computed_by_hand)
{
    static const struct assessment_figures figures = {
        .counts = { [MEASURE_DISPATCHED] = 36,
                    [MEASURE_CO_DISPATCHED] = 4,
                    [MEASURE_DUE] = 40,
                    [MEASURE_ON_TIME] = 36,
                    [MEASURE_LATE_CLOSED] = 3,
                    [MEASURE_LATE_OPEN] = 1,
                    [MEASURE_SIGN_DUE] = 40,
                    [MEASURE_SIGNED_ON_TIME] = 38,
                    [MEASURE_CONTACT_DUE] = 36,
                    [MEASURE_CONTACT_ON_TIME] = 27,
                    [MEASURE_REPLIED] = 35,
                    [MEASURE_REWORKED] = 7,
                    [MEASURE_SATISFIED] = 18,
                    [MEASURE_BASIC] = 6,
                    [MEASURE_UNSATISFIED] = 6,
                    [MEASURE_SOLVED_ASKED] = 25,
                    [MEASURE_SOLVED] = 20,
                    [MEASURE_RETURNS] = 4,
                    [MEASURE_REFUSED_RETURNS] = 1,
                    [MEASURE_ACCEPTED] = 34 },
        .workdays = 119,
    };
    static const struct {
        int rate;
        double deduction;
    } wanted[] = {
        { RATE_ON_TIME, 3.0 },          { RATE_SIGN, 0.5 },        { RATE_CONTACT, 2.5 },
        { RATE_REWORK, 3.0 },           { RATE_SATISFIED, 3.0 },   { RATE_SOLVED, 2.0 },
        { RATE_REFUSED_RETURNS, 1.25 }, { RATE_SUPERVISION, 0.0 },
    };
    struct assessment_result result = result_of(&figures, 30);

    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        ck_assert_double_eq_tol(result.ratios[wanted[i].rate].deduction,
                                wanted[i].deduction, 1e-9);
    ck_assert(result.has_score);
    ck_assert_double_eq_tol(result.score, 84.75, 1e-9);
    ck_assert_double_eq_tol(result.mean_workdays, 3.5, 1e-9);
    ck_assert_int_eq(result.volume, 40);
    ck_assert_int_eq((int)result.group, VOLUME_LARGE);
}
END_TEST

START_TEST(an_empty_denominator_deducts_nothing)
{
    struct assessment_figures figures = { .workdays = 0 };
    struct assessment_result result = result_of(&figures, 30);

    ck_assert(!result.has_score);
    figures.counts[MEASURE_DUE] = 2;
    result = result_of(&figures, 30);
    ck_assert(result.has_score);
    ck_assert_double_eq_tol(result.score, 70.0, 1e-9);
}
END_TEST

START_TEST(a_volume_is_that_of_a_month_whatever_the_period)
{
    struct assessment_figures figures = { .workdays = 0 };
    static const struct {
        int volume, days, group;
    } rows[] = {
        { 30, 30, VOLUME_LARGE }, { 29, 30, VOLUME_MEDIUM }, { 10, 30, VOLUME_MEDIUM },
        { 9, 30, VOLUME_SMALL },  { 7, 7, VOLUME_LARGE },    { 6, 7, VOLUME_MEDIUM },
        { 90, 90, VOLUME_LARGE }, { 89, 90, VOLUME_MEDIUM }, { 0, 1, VOLUME_SMALL },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        figures.counts[MEASURE_DISPATCHED] = rows[i].volume;
        ck_assert_int_eq((int)result_of(&figures, rows[i].days).group, rows[i].group);
    }
}
END_TEST

Suite *
suite_assessment(void)
{
    Suite *suite = suite_create("assessment");
    TCase *tests = tcase_create("assessment");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, every_measure_has_a_word_and_labels_of_its_own);
    tcase_add_test(tests, every_rate_has_its_formula_and_the_weights_are_a_hundred);
    tcase_add_test(tests, what_is_only_received_is_the_offices);
    tcase_add_test(tests,
                   web_and_upstream_tickets_are_to_be_dispatched_the_day_they_come_in);
    tcase_add_test(tests,
                   an_assignment_is_on_time_late_or_not_decided_on_the_day_it_is_due);
    tcase_add_test(tests, a_silent_co_unit_of_a_closed_ticket_is_not_due);
    tcase_add_test(tests, what_is_recalled_merged_or_excluded_is_left_out_and_listed);
    tcase_add_test(tests, a_limit_is_reached_when_it_was_met_or_missed);
    tcase_add_test(tests,
                   a_reply_counts_on_the_day_of_the_first_and_of_the_first_accepted_one);
    tcase_add_test(tests, the_citizens_word_counts_on_the_day_of_the_answer);
    tcase_add_test(tests, records_count_on_their_own_days);
    tcase_add_test(tests, the_worked_example_is_what_was_computed_by_hand);
    tcase_add_test(tests, an_empty_denominator_deducts_nothing);
    tcase_add_test(tests, a_volume_is_that_of_a_month_whatever_the_period);
    suite_add_tcase(suite, tests);
    return suite;
}
