#include <check.h>
#include <stdio.h>
#include <string.h>

#include "base/timeutil.h"
#include "calendar/seed_calendar.h"
#include "domain/calendar.h"
#include "domain/ledger.h"

/* test_ledger.c - rows of an old ledger and the tickets they stand for. */

#define NOW 1798000000 /* December 2026 */

static struct ledger_row
read_row(const char *const texts[LEDGER_FIELD_COUNT])
{
    static struct ledger_row row;

    ledger_read(texts, 2, "0576", NOW, &row);
    return row;
}

/* "received_at field.time;" for each fault. */
static void
assert_faults(const char *const texts[LEDGER_FIELD_COUNT], const char *expected)
{
    struct ledger_row row = read_row(texts);
    char shown[512] = "";

    for (size_t i = 0; i < row.fault_count; i++) {
        size_t used = strlen(shown);
        snprintf(shown + used, sizeof shown - used, "%s %s;",
                 choice_word(&words_ledger_field, row.faults[i].field),
                 err_code(row.faults[i].code));
    }
    ck_assert_str_eq(shown, expected);
}

static int64_t
at(const char *text)
{
    int64_t moment = 0;
    ck_assert_msg(time_parse(text, &moment), "%s", text);
    return moment;
}

START_TEST(a_header_is_known_by_its_word_and_its_usual_names)
{
    ck_assert_int_eq(ledger_field_of("received_at"), LEDGER_RECEIVED_AT);
    ck_assert_int_eq(ledger_field_of("受理时间"), LEDGER_RECEIVED_AT);
    ck_assert_int_eq(ledger_field_of("来电时间"), LEDGER_RECEIVED_AT);
    ck_assert_int_eq(ledger_field_of("时间"), -1);
    ck_assert_int_eq(ledger_field_of(""), -1);
}
END_TEST

/* No name may mean two columns, or a header would be read by chance. */
START_TEST(no_two_fields_share_a_name)
{
    for (int i = 0; i < LEDGER_FIELD_COUNT; i++) {
        ck_assert_int_eq(ledger_field_of(words_ledger_field.items[i].zh), i);
        ck_assert_int_eq(ledger_field_of(words_ledger_field.items[i].word), i);
    }
}
END_TEST

START_TEST(a_time_is_read_in_the_usual_spellings)
{
    static const struct {
        const char *text, *expected;
    } cases[] = {
        { "2019-04-25 09:32:09", "2019-04-25T09:32:09+08:00" },
        { "2019/4/25 9:32", "2019-04-25T09:32:00+08:00" },
        { "2019.4.25", "2019-04-25T00:00:00+08:00" },
        { "2019年4月25日", "2019-04-25T00:00:00+08:00" },
        { "2019年4月25日9时32分", "2019-04-25T09:32:00+08:00" },
        { "2019-04-25T01:32:09Z", "2019-04-25T09:32:09+08:00" },
        { "2019-02-29", NULL },
        { "2019-04-25 24:00", NULL },
        { "2019-04-25 9", NULL },
        { "2019-04-25 09:32:09x", NULL },
        { "25/4/2019", NULL },
        { "43580", NULL },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *texts[LEDGER_FIELD_COUNT] = {
            [LEDGER_CHANNEL] = "web", [LEDGER_CONTENT] = "路灯不亮"
        };
        texts[LEDGER_RECEIVED_AT] = cases[i].text;
        struct ledger_row row = read_row(texts);
        if (cases[i].expected == NULL) {
            ck_assert_msg(row.fault_count == 1, "%s", cases[i].text);
            ck_assert_int_eq(row.faults[0].code, ERR_FIELD_TIME);
        } else
            ck_assert_msg(row.fault_count == 0 &&
                              row.times[LEDGER_RECEIVED_AT] == at(cases[i].expected),
                          "%s", cases[i].text);
    }
}
END_TEST

START_TEST(every_fault_of_a_row_is_found)
{
    const char *texts[LEDGER_FIELD_COUNT] = {
        [LEDGER_NO] = "a/b",
        [LEDGER_UPSTREAM_NO] = "1",
        [LEDGER_KIND] = "诉说",
        [LEDGER_PETITIONER_PHONE] = "无",
        [LEDGER_DISPATCHED_AT] = "2019-04-25",
        [LEDGER_SATISFACTION] = "满意",
        [LEDGER_RECEIVED_AT] = "2039-04-25",
    };

    assert_faults(texts, "no field.invalid;kind field.choice;"
                         "petitioner_phone field.phone;channel field.missing;"
                         "content field.missing;upstream field.missing;"
                         "lead_unit field.missing;replied_at field.missing;"
                         "reply_text field.missing;received_at field.future;"
                         "dispatched_at field.order;");
}
END_TEST

START_TEST(a_day_is_as_late_as_the_step_before_it)
{
    const char *texts[LEDGER_FIELD_COUNT] = {
        [LEDGER_CHANNEL] = "phone",
        [LEDGER_CONTENT] = "路灯不亮",
        [LEDGER_RECEIVED_AT] = "2019-04-25 10:00",
        [LEDGER_LEAD_UNIT] = "城管局",
        [LEDGER_DISPATCHED_AT] = "2019-04-25",
        [LEDGER_REPLIED_AT] = "2019-04-24",
        [LEDGER_REPLY_TEXT] = "已修好",
    };
    struct ledger_row row = read_row(texts);

    ck_assert_int_eq(row.times[LEDGER_DISPATCHED_AT], row.times[LEDGER_RECEIVED_AT]);
    assert_faults(texts, "replied_at field.order;");
}
END_TEST

/* --- The ticket ------------------------------------------------------------------- */

static struct ticket_case
case_of(const char *dispatched, const char *replied, int channel_workdays,
        int satisfaction)
{
    static struct ticket_case made;
    static const struct actor clerk = { .kind = ACTOR_USER, .id = 3, .unit_id = 1 };
    struct limits limits = limits_defaults();
    struct calendar_csv *csv = seed_csv_read(SEED_CALENDAR_PATH);
    struct calendar *calendar = seed_calendar_make(csv);
    const char *texts[LEDGER_FIELD_COUNT] = {
        [LEDGER_CHANNEL] = "web",
        [LEDGER_CONTENT] = "路灯不亮",
        [LEDGER_LEAD_UNIT] = dispatched != NULL ? "城管局" : NULL,
        [LEDGER_RECEIVED_AT] = dispatched != NULL ? dispatched : "2019-04-25 09:00",
        [LEDGER_DISPATCHED_AT] = dispatched,
        [LEDGER_REPLIED_AT] = replied,
        [LEDGER_REPLY_TEXT] = replied != NULL ? "已修好" : NULL,
    };
    struct ledger_row row = read_row(texts);

    ck_assert_uint_eq(row.fault_count, 0);
    row.channel = channel_workdays == 3 ? "web" : "phone";
    row.channel_workdays = channel_workdays;
    row.lead_unit_id = dispatched != NULL ? 7 : 0;
    row.satisfaction = satisfaction;
    ledger_case(&row, &clerk, calendar, &limits, NOW, &made);
    calendar_free(calendar);
    calendar_csv_free(csv);
    return made;
}

/* product.md, section 4: the test vectors. */
START_TEST(the_deadline_is_that_of_our_calendar)
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

    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++)
        for (int web = 0; web < 2; web++) {
            const char *due = web ? vectors[i].web : vectors[i].others;
            char last[48], after[48];
            int32_t day;

            ck_assert(time_parse_day(due, &day));
            snprintf(last, sizeof last, "%s 23:59:59", due);
            time_format_day(day + 1, after);
            struct ticket_case timely =
                case_of(vectors[i].dispatched, last, web ? 3 : 5, CHOICE_NONE);
            ck_assert_int_eq(timely.ticket.due_at, time_day_end(day));
            ck_assert_int_eq(timely.ticket.overdue_at, 0);
            ck_assert_int_eq(timely.assignments[0].overdue_at, 0);
            struct ticket_case late =
                case_of(vectors[i].dispatched, after, web ? 3 : 5, CHOICE_NONE);
            ck_assert_int_eq(late.ticket.overdue_at, time_day_start(day + 1));
            ck_assert_int_eq(late.assignments[0].overdue_at, late.ticket.overdue_at);
        }
}
END_TEST

START_TEST(a_reply_closes_the_ticket_with_what_the_ledger_says)
{
    struct ticket_case told =
        case_of("2019-04-25 09:00", "2019-04-26 10:00", 5, SATISFACTION_BASIC);
    const struct ticket *ticket = &told.ticket;

    ck_assert_int_eq(ticket->state, TICKET_CLOSED);
    ck_assert_int_eq(ticket->version, LEDGER_VERSION);
    ck_assert_int_eq(ticket->received_at, at("2019-04-25T09:00:00+08:00"));
    ck_assert_int_eq(ticket->replied_at, at("2019-04-26T10:00:00+08:00"));
    ck_assert_int_eq(ticket->closed_at, ticket->replied_at);
    ck_assert_int_eq(ticket->outcome, OUTCOME_ANSWERED);
    ck_assert_int_eq(ticket->satisfaction_first, SATISFACTION_BASIC);
    ck_assert_int_eq(ticket->satisfaction_final, SATISFACTION_BASIC);
    ck_assert_int_eq(ticket->light, LIGHT_NONE);
    ck_assert_int_eq(ticket->lead_unit_id, 7);
    ck_assert_uint_eq(told.assignment_count, 1);
    ck_assert(!told.assignments[0].is_active && told.assignments[0].is_visible);
    ck_assert_int_eq(told.assignments[0].sign_due_at, 0);
    ck_assert_str_eq(told.assignments[0].end_reason, "closed");
}
END_TEST

START_TEST(without_a_unit_the_office_answered)
{
    struct ticket_case told = case_of(NULL, "2019-04-26 10:00", 5, CHOICE_NONE);

    ck_assert_int_eq(told.ticket.state, TICKET_CLOSED);
    ck_assert_int_eq(told.ticket.lead_unit_id, 0);
    ck_assert_uint_eq(told.assignment_count, 0);
    ck_assert_int_eq(told.ticket.due_at, 0);
}
END_TEST

START_TEST(what_is_not_over_stays_open_and_is_late_when_it_is)
{
    struct ticket_case dispatched = case_of("2019-04-25 09:00", NULL, 5, CHOICE_NONE);
    struct ticket_case received = case_of(NULL, NULL, 5, CHOICE_NONE);

    ck_assert_int_eq(dispatched.ticket.state, TICKET_DISPATCHED);
    ck_assert_int_eq(dispatched.ticket.light, LIGHT_RED);
    ck_assert_int_eq(dispatched.ticket.overdue_at, dispatched.ticket.due_at + 1);
    ck_assert_int_eq(received.ticket.state, TICKET_RECEIVED);
    ck_assert_int_eq(received.ticket.light, LIGHT_NONE);
}
END_TEST

Suite *
suite_ledger(void)
{
    Suite *suite = suite_create("ledger");
    TCase *rows = tcase_create("rows");
    TCase *tickets = tcase_create("tickets");

    tcase_add_test(rows, a_header_is_known_by_its_word_and_its_usual_names);
    tcase_add_test(rows, no_two_fields_share_a_name);
    tcase_add_test(rows, a_time_is_read_in_the_usual_spellings);
    tcase_add_test(rows, every_fault_of_a_row_is_found);
    tcase_add_test(rows, a_day_is_as_late_as_the_step_before_it);
    tcase_add_test(tickets, the_deadline_is_that_of_our_calendar);
    tcase_add_test(tickets, a_reply_closes_the_ticket_with_what_the_ledger_says);
    tcase_add_test(tickets, without_a_unit_the_office_answered);
    tcase_add_test(tickets, what_is_not_over_stays_open_and_is_late_when_it_is);
    suite_add_tcase(suite, rows);
    suite_add_tcase(suite, tickets);
    return suite;
}
