/*
 * test_demo.c - the made-up county: it is whole, and it shows everything.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "base/timeutil.h"
#include "cli/demo.h"
#include "domain/moments.h"
#include "store/events.h"
#include "store/summaries.h"
#include "support/store_fixture.h"

static struct store_fixture fixture;
static struct demo_result result;
static char printed[32768];

/* Monday 2026-11-23 10:20: some desks are full, some tickets are late. */
static const struct demo_options options = {
    .now = INT64_C(1795400400), .seed = 20261123, .tickets = 400, .days = 60
};

/* The same, small: for what has to be made twice. */
static const struct demo_options small = {
    .now = INT64_C(1795400400), .seed = 7, .tickets = 60, .days = 12
};

static void
fill(const struct demo_options *wanted)
{
    FILE *out = fmemopen(printed, sizeof printed, "w");

    ck_assert_ptr_nonnull(out);
    store_fixture_start(&fixture);
    ck_assert_int_eq(demo_fill(fixture.store, fixture.writer, wanted, out, &result), OK);
    ck_assert_int_eq(fclose(out), 0);
}

static void
set_up(void)
{
    store_fixture_prepare(&fixture); /* fill() opens it */
}

static void
tear_down(void)
{
    store_fixture_close(&fixture);
}

static int64_t
count(const char *sql)
{
    return store_fixture_number(&fixture.dir, sql);
}

static int64_t
count_word(const char *format, const char *word)
{
    char sql[300];

    (void)snprintf(sql, sizeof sql, format, word); /* a literal of this file, one %s */
    return count(sql);
}

struct look {
    struct job job;
    int64_t events, bad_seq;
    const char *wrong; /* a table that the recount contradicts */
};

static enum err
look_run(struct txn *txn, struct job *job)
{
    struct look *look = job_as(job, struct look);

    TRY(events_verify_chain(txn->db, &look->events, &look->bad_seq));
    return summaries_agree(txn->db, &look->wrong);
}

static void
expect_size(void)
{
    ck_assert_msg(result.refused == 0, "refused: %d, first %s", result.refused,
                  result.first_refusal);
    ck_assert_int_ge(count("SELECT count(*) FROM ticket"), options.tickets);
    ck_assert_int_eq(count("SELECT count(*) FROM ticket"), result.tickets);
    ck_assert_int_eq(count("SELECT count(*) FROM unit WHERE kind = 'township'"), 20);
    ck_assert_int_eq(count("SELECT count(*) FROM unit WHERE kind = 'department'"), 30);
    ck_assert_int_eq(count("SELECT count(*) FROM unit WHERE kind = 'stationed'"), 5);
    ck_assert_int_eq(count("SELECT count(*) FROM unit WHERE kind = 'office'"), 1);
    ck_assert_int_ge(count("SELECT count(*) FROM category"), 60);
    ck_assert_int_eq(count("SELECT count(DISTINCT level) FROM category"), 3);
    ck_assert_int_eq(count("SELECT count(*) FROM area WHERE parent IS NULL"), 20);
    for (int role = 0; role < ROLE_COUNT; role++) {
        char sql[100];
        (void)snprintf(sql, sizeof sql, "SELECT count(*) FROM user WHERE roles = %d",
                       1 << role);
        ck_assert_msg(count(sql) > 0, "nobody is %s", choice_word(&words_role, role));
    }
}

static void
expect_everything_occurs(void)
{
    for (int state = 0; state < TICKET_STATE_COUNT; state++)
        ck_assert_msg(count_word("SELECT count(*) FROM ticket WHERE state = '%s'",
                                 choice_word(&words_state, state)) > 0,
                      "no ticket is %s", choice_word(&words_state, state));
    for (int action = 0; action < TICKET_ACTION_COUNT; action++)
        ck_assert_msg(count_word("SELECT count(*) FROM event WHERE type = '%s'",
                                 choice_word(&words_action, action)) > 0,
                      "nobody does %s", choice_word(&words_action, action));
    for (int kind = 0; kind < MOMENT_KIND_COUNT; kind++)
        ck_assert_msg(count_word("SELECT count(*) FROM event WHERE type = 'timer.%s'",
                                 choice_word(&words_moment, kind)) > 0,
                      "the timer never does %s", choice_word(&words_moment, kind));
    for (int kind = 0; kind < URGE_KIND_COUNT; kind++)
        ck_assert_msg(count_word("SELECT count(*) FROM urge WHERE kind = '%s'",
                                 choice_word(&words_urge_kind, kind)) > 0,
                      "no urge is %s", choice_word(&words_urge_kind, kind));
}

static void
expect_whole(void)
{
    struct look look = { .job = { .name = "look", .run = look_run } };

    ck_assert_int_eq(writer_run(fixture.writer, &look.job), OK);
    ck_assert_int_eq(look.bad_seq, 0);
    ck_assert_ptr_null(look.wrong);
    ck_assert_int_eq(look.events, count("SELECT count(*) FROM event"));
    /* It was lived through: nothing lies ahead of now or before its cause. */
    ck_assert_int_eq(count("SELECT count(*) FROM event WHERE at > 1795400400"), 0);
    ck_assert_int_eq(count("SELECT count(DISTINCT at / 86400) > 55 FROM event"), 1);
    ck_assert_int_eq(count("SELECT count(*) FROM moment WHERE due_at < 1795400400"), 0);
    ck_assert_int_eq(count("SELECT count(*) FROM moment_fired WHERE fired_at <= due_at"),
                     0);
    ck_assert_int_eq(
        count("SELECT count(*) FROM ticket WHERE version <>"
              " (SELECT max(version) FROM event WHERE ticket_id = ticket.id)"),
        0);
    ck_assert_int_eq(count("SELECT count(*) FROM pragma_foreign_key_check"), 0);
}

/* One database serves all the questions: it takes seconds to make. */
START_TEST(the_county_is_whole_and_shows_every_state_action_and_moment)
{
    fill(&options);
    expect_size();
    expect_everything_occurs();
    expect_whole();
    ck_assert_ptr_nonnull(strstr(printed, DEMO_PASSWORD));
    ck_assert_ptr_nonnull(strstr(printed, "clerk1"));
    ck_assert_ptr_nonnull(strstr(printed, "t01-head"));
}
END_TEST

/* What differs between two fillings is random only: query codes and salts. */
static void
fingerprint(char *text, size_t room)
{
    (void)snprintf(
        text, room, "%lld %lld %lld %lld",
        (long long)count("SELECT sum(seq * (at % 100003)) FROM event"),
        (long long)count("SELECT sum(id * (version + 7 * length(no))) FROM ticket"),
        (long long)count("SELECT sum(length(content)) FROM ticket_text"),
        (long long)count("SELECT sum(seq * length(type)) FROM event"));
}

START_TEST(the_same_seed_and_now_make_the_same_county)
{
    char first[200], second[200];

    fill(&small);
    fingerprint(first, sizeof first);
    store_fixture_close(&fixture);
    store_fixture_prepare(&fixture);
    fill(&small);
    fingerprint(second, sizeof second);
    ck_assert_str_eq(first, second);
}
END_TEST

Suite *
suite_demo(void)
{
    Suite *suite = suite_create("demo");
    TCase *tcase = tcase_create("demo");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, the_county_is_whole_and_shows_every_state_action_and_moment);
    tcase_add_test(tcase, the_same_seed_and_now_make_the_same_county);
    suite_add_tcase(suite, tcase);
    return suite;
}
