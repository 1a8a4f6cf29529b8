/*
 * test_repeats.c - the third repeat of one matter is a supervisor's to-do, once.
 */
#include <check.h>
#include <string.h>

#include "command/cmd_settings.h"
#include "command/cmd_ticket.h"
#include "store/writer.h"
#include "support/office.h"

Suite *suite_repeats(void);

#define DAY_S 86400

static struct office office;

static void
set_up(void)
{
    office_open(&office);
}

static void
tear_down(void)
{
    office_close(&office);
}

/* A ticket that repeats `earlier` (NULL: none). */
static void
receive(const char *earlier, char ret_no[TICKET_NO_BYTES])
{
    struct cmd_ticket_create cmd;

    cmd_ticket_create_init(&cmd);
    cmd.actor = office.clerk;
    cmd.now = office.now;
    cmd.draft.channel = "phone";
    cmd.draft.content = "The lamp again.";
    cmd.draft.repeat_of = earlier;
    cmd.draft_present = ticket_draft_present(&cmd.draft);
    ck_assert_int_eq(writer_run(office.fixture.writer, &cmd.job), OK);
    memcpy(ret_no, cmd.no, TICKET_NO_BYTES);
}

static void
act(const struct actor *actor, const char *no, enum ticket_action action,
    const char *other)
{
    struct ticket_act does = office_make_act(&office, action);

    if (action == ACT_MERGE)
        does.into = other;
    if (action == ACT_AMEND) {
        ticket_draft_init(&does.changes);
        does.changes.repeat_of = other;
        does.changes_present = ticket_draft_present(&does.changes);
    }
    ck_assert_int_eq(office_act(&office, actor, no, &does), OK);
}

static int64_t
number(const char *sql)
{
    return store_fixture_number(&office.fixture.dir, sql);
}

static void
expect(int64_t noticed, int64_t waiting)
{
    ck_assert_int_eq(number("SELECT count(*) FROM repeated_matter"), noticed);
    ck_assert_int_eq(number("SELECT count(*) FROM repeated_matter WHERE waits = 1"),
                     waiting);
    ck_assert_int_eq(number("SELECT count(*) FROM event WHERE type = 'matter_repeated'"),
                     noticed);
}

START_TEST(the_third_repeat_is_noticed_and_no_later_one)
{
    char first[TICKET_NO_BYTES], second[TICKET_NO_BYTES], no[TICKET_NO_BYTES];

    receive(NULL, first);
    receive(first, second);
    receive(second, no); /* a repeat of a repeat is one of the same matter */
    expect(0, 0);
    receive(first, no);
    expect(1, 1);
    ck_assert_int_eq(number("SELECT first_id FROM repeated_matter"), 1);
    ck_assert_int_eq(number("SELECT ticket_id FROM repeated_matter"), 4);
    receive(no, no);
    receive(first, no);
    expect(1, 1);
}
END_TEST

START_TEST(merged_tickets_and_amended_ones_are_repeats_too)
{
    char first[TICKET_NO_BYTES], one[TICKET_NO_BYTES], two[TICKET_NO_BYTES],
        three[TICKET_NO_BYTES];

    receive(NULL, first);
    receive(NULL, one);
    receive(NULL, two);
    receive(NULL, three);
    act(&office.clerk, one, ACT_MERGE, first);
    act(&office.clerk, two, ACT_AMEND, first);
    expect(0, 0);
    act(&office.clerk, three, ACT_MERGE, first);
    expect(1, 1);
    ck_assert_int_eq(number("SELECT ticket_id FROM repeated_matter"),
                     1); /* what it went into */
}
END_TEST

START_TEST(repeats_before_the_setting_s_days_do_not_count)
{
    char first[TICKET_NO_BYTES], no[TICKET_NO_BYTES];

    receive(NULL, first);
    receive(first, no);
    office.now += 181 * (int64_t)DAY_S;
    receive(first, no);
    receive(first, no);
    expect(0, 0);
    receive(first, no);
    expect(1, 1);
}
END_TEST

START_TEST(how_many_is_a_setting)
{
    struct cmd_settings_change cmd;
    char first[TICKET_NO_BYTES], no[TICKET_NO_BYTES];

    cmd_settings_change_init(&cmd);
    cmd.actor = office.clerk;
    cmd.now = office.now;
    cmd.draft.version = 1;
    cmd.draft.number[SETTING_repeat_count] = 1;
    ck_assert_int_eq(writer_run(office.fixture.writer, &cmd.job), OK);
    receive(NULL, first);
    receive(first, no);
    expect(1, 1);
}
END_TEST

START_TEST(two_matters_that_turn_out_to_be_one_are_not_noticed_twice)
{
    char old[TICKET_NO_BYTES], first[TICKET_NO_BYTES], no[TICKET_NO_BYTES];

    receive(NULL, old);
    receive(NULL, first);
    for (int i = 0; i < 3; i++)
        receive(first, no);
    expect(1, 1);
    act(&office.clerk, first, ACT_AMEND, old);
    receive(old, no);
    expect(1, 1);
}
END_TEST

START_TEST(a_circle_of_repeats_ends)
{
    char first[TICKET_NO_BYTES], second[TICKET_NO_BYTES];

    receive(NULL, first);
    receive(first, second);
    act(&office.clerk, first, ACT_AMEND, second);
    expect(0, 0);
}
END_TEST

START_TEST(a_supervisor_ends_it_and_nobody_else)
{
    static const enum ticket_action ends[] = { ACT_NOTE, ACT_SUPERVISE };
    char first[TICKET_NO_BYTES], no[TICKET_NO_BYTES];

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        receive(NULL, first);
        for (int repeat = 0; repeat < 3; repeat++)
            receive(first, no);
        expect((int64_t)i + 1, 1);
        act(&office.clerk, no, ACT_NOTE, NULL);
        act(&office.supervisor, first, ACT_NOTE, NULL); /* another ticket */
        expect((int64_t)i + 1, 1);
        act(&office.supervisor, no, ends[i], NULL);
        expect((int64_t)i + 1, 0);
    }
}
END_TEST

Suite *
suite_repeats(void)
{
    Suite *suite = suite_create("repeats");
    TCase *tcase = tcase_create("repeats");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, the_third_repeat_is_noticed_and_no_later_one);
    tcase_add_test(tcase, merged_tickets_and_amended_ones_are_repeats_too);
    tcase_add_test(tcase, repeats_before_the_setting_s_days_do_not_count);
    tcase_add_test(tcase, how_many_is_a_setting);
    tcase_add_test(tcase, two_matters_that_turn_out_to_be_one_are_not_noticed_twice);
    tcase_add_test(tcase, a_circle_of_repeats_ends);
    tcase_add_test(tcase, a_supervisor_ends_it_and_nobody_else);
    suite_add_tcase(suite, tcase);
    return suite;
}
