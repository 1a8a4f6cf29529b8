/*
 * test_assessment_store.c - facts and sums follow what happens to tickets, and are
 * derived anew when another version of the program wrote them.
 */
#include <check.h>
#include <stdio.h>

#include "command/cmd_accountability.h"
#include "command/cmd_assessment.h"
#include "store/assessments.h"
#include "store/rulebook.h"
#include "support/office.h"

Suite *suite_assessment_store(void);

static struct office office;
static char no[TICKET_NO_BYTES];

static void
act(const struct actor *actor, enum ticket_action action)
{
    struct ticket_act does = office_make_act(&office, action);

    office.now += 60;
    ck_assert_msg(office_act(&office, actor, no, &does) == OK, "%s failed",
                  choice_word(&words_action, (int)action));
}

static void
set_up(void)
{
    office_open(&office);
    office_receive(&office, "web", no);
    act(&office.clerk, ACT_DISPATCH);
    act(&office.handlers[WATER], ACT_SIGN);
}

static void
tear_down(void)
{
    office_close(&office);
}

/* How often a measure is counted, all units and days together. */
static int64_t
sum(int measure)
{
    char sql[120];

    (void)snprintf(sql, sizeof sql,
                   "SELECT ifnull(sum(facts), 0) FROM assessment_day WHERE measure = %d",
                   measure);
    return store_fixture_number(&office.fixture.dir, sql);
}

static enum err
expect_whole(struct txn *txn, void *context)
{
    const struct rulebook *rulebook = rulebook_acquire(txn->store);
    bool is_good = false;
    int64_t id = 0;
    enum err err;

    (void)context;
    do {
        err = assessments_next_ticket(txn->db, id, &id);
        ck_assert_int_eq(err, OK);
        if (id == 0)
            break;
        err = assessments_fit(txn->db, txn->arena, id, rulebook->calendar, &is_good);
        ck_assert(is_good);
    } while (err == OK);
    rulebook_release(rulebook);
    TRY(assessments_agree(txn->db, &is_good));
    ck_assert(is_good);
    return err;
}

static void
must_be_whole(void)
{
    ck_assert_int_eq(office_inside(&office, expect_whole, NULL), OK);
}

START_TEST(figures_follow_each_action)
{
    ck_assert_int_eq(sum(MEASURE_RECEIVED), 1);
    ck_assert_int_eq(sum(MEASURE_SAME_DAY), 1);
    ck_assert_int_eq(sum(MEASURE_SIGNED_ON_TIME), 1);
    ck_assert_int_eq(sum(MEASURE_UNDECIDED), 1);
    act(&office.handlers[WATER], ACT_REPLY);
    ck_assert_int_eq(sum(MEASURE_UNDECIDED), 0);
    ck_assert_int_eq(sum(MEASURE_ON_TIME), 1);
    ck_assert_int_eq(sum(MEASURE_DISPATCHED_ON_TIME), 1);
    act(&office.clerk, ACT_REJECT_REPLY);
    ck_assert_int_eq(sum(MEASURE_ON_TIME), 0);
    ck_assert_int_eq(sum(MEASURE_REWORKED), 1);
    act(&office.handlers[WATER], ACT_REPLY);
    act(&office.clerk, ACT_APPROVE_REPLY);
    ck_assert_int_eq(sum(MEASURE_ACCEPTED), 1);
    act(&office.clerk, ACT_CALL_BACK);
    ck_assert_int_eq(sum(MEASURE_SATISFIED), 1);
    ck_assert_int_eq(sum(MEASURE_CLOSED), 1);
    must_be_whole();
    act(&office.supervisor, ACT_EXCLUDE);
    ck_assert_int_eq(sum(MEASURE_SATISFIED), 0);
    ck_assert_int_eq(sum(MEASURE_LEFT_EXCLUDED), 1);
    ck_assert_int_eq(sum(MEASURE_RECEIVED), 1);
    must_be_whole();
}
END_TEST

START_TEST(a_recalled_round_counts_for_nobody_and_is_listed)
{
    act(&office.clerk, ACT_RECALL);
    ck_assert_int_eq(sum(MEASURE_DISPATCHED), 0);
    ck_assert_int_eq(sum(MEASURE_SIGN_DUE), 0);
    ck_assert_int_eq(sum(MEASURE_LEFT_RECALLED), 1);
    act(&office.clerk, ACT_DISPATCH);
    ck_assert_int_eq(sum(MEASURE_DISPATCHED), 1);
    must_be_whole();
}
END_TEST

START_TEST(accountability_counts_on_the_day_it_was_decided)
{
    struct cmd_accountability cmd;

    cmd_accountability_init(&cmd);
    cmd.actor = office.supervisor;
    cmd.ticket = no;
    cmd.unit = office_unit_codes[WATER];
    cmd.person = "post";
    cmd.finding = "finding";
    cmd.measure = "measure";
    cmd.decided_on = 20779;
    cmd.now = office.now;
    ck_assert_int_eq(writer_run(office.fixture.writer, &cmd.job), OK);
    ck_assert_int_eq(sum(MEASURE_ACCOUNTABILITIES), 1);
    must_be_whole();
}
END_TEST

START_TEST(what_another_version_derived_is_derived_anew_in_small_writes)
{
    struct cmd_assessment_rebuild cmd;
    int writes = 0;

    for (int i = 0; i < 4; i++)
        office_receive(&office, "phone", no);
    int64_t before = store_fixture_number(&office.fixture.dir,
                                          "SELECT sum(facts * (measure + 1) * day)"
                                          " FROM assessment_day");
    ck_assert_int_eq(
        store_fixture_write(&office.fixture,
                            "DELETE FROM assessment_day; DELETE FROM assessment_fact;"
                            "DELETE FROM meta WHERE key = 'assessment_facts'"),
        OK);
    cmd_assessment_rebuild_init(&cmd, 2);
    for (; !cmd.is_done; writes++)
        ck_assert_int_eq(writer_run(office.fixture.writer, &cmd.job), OK);
    ck_assert_int_eq(writes, 4); /* 2 + 2 + 1 tickets, and the end */
    ck_assert_int_eq(cmd.tickets, 5);
    must_be_whole();
    ck_assert_int_eq(store_fixture_number(&office.fixture.dir,
                                          "SELECT sum(facts * (measure + 1) * day)"
                                          " FROM assessment_day"),
                     before);
    /* Nothing is left to do. */
    cmd_assessment_rebuild_init(&cmd, 2);
    ck_assert_int_eq(writer_run(office.fixture.writer, &cmd.job), OK);
    ck_assert(cmd.is_done);
    ck_assert_int_eq(cmd.tickets, 0);
}
END_TEST

Suite *
suite_assessment_store(void)
{
    Suite *suite = suite_create("assessment_store");
    TCase *tests = tcase_create("assessment_store");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, figures_follow_each_action);
    tcase_add_test(tests, a_recalled_round_counts_for_nobody_and_is_listed);
    tcase_add_test(tests, accountability_counts_on_the_day_it_was_decided);
    tcase_add_test(tests, what_another_version_derived_is_derived_anew_in_small_writes);
    suite_add_tcase(suite, tests);
    return suite;
}
