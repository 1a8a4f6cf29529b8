/*
 * cast.c - the tickets that every schedule of the clock begins with, each brought by the
 * product's own commands to a state of its own, so that what a clock alone can bring falls
 * due in all its kinds: on ordinary days, in the evening, over midnight, in and before
 * holidays, on a make-up Saturday, over the end of a year that is known and one that is not.
 *
 *     cast DIRECTORY
 *
 * For each scene and half of the cast DIRECTORY/<name> becomes a data directory, and a line
 * "name end" is printed: the second of its last action.  All happens in a quarter of an
 * hour, so that hardly anything is due before.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/timeutil.h"
#include "command/cmd_housekeeping.h"
#include "command/cmd_open.h"
#include "command/cmd_seed.h"
#include "command/cmd_ticket.h"
#include "domain/calendar.h"
#include "store/rulebook.h"
#include "support/office.h"

#define TURNS_MAX 10
#define TURN_S 7 /* between two actions */
#define EXTENDED_WORKDAYS 8
#define LATER_DAYS 14 /* longer than it takes to close without a call */

/* clang-format off */
static const struct scene {
    const char *name, *begin;
} scenes[] = {
    { "ordinary",        "2026-06-01T10:00:00+08:00" },
    { "evening",         "2026-06-17T17:24:00+08:00" }, /* over 17:30; a holiday on Friday */
    { "midnight",        "2026-11-19T23:54:00+08:00" }, /* and next year is missing */
    { "before-holiday",  "2026-09-30T09:00:00+08:00" },
    { "in-holiday",      "2026-10-03T15:00:00+08:00" },
    { "make-up-day",     "2026-10-10T16:00:00+08:00" },
    { "spring-festival", "2026-02-12T08:40:00+08:00" },
    { "year-end",        "2025-12-30T11:00:00+08:00" },
    { "new-year",        "2025-12-31T23:54:00+08:00" },
    { "unknown-year",    "2026-12-29T14:00:00+08:00" },
};

enum turn {
    THE_END, DISPATCH, DISPATCH_CO, OPEN, SIGN, SIGN_CO, CO_REPLY, CONTACT, REPLY, PROMISE, APPROVE,
    REJECT, RETURN, REFUSE_RETURN, ACCEPT_RETURN, RECALL, EXTEND, GRANT, SUPERVISE, SUPERVISE_LATER,
    ANSWER_SUPERVISION, SUBMIT, REPORT_BACK, CALL_BACK, SEND_BACK, RATE, REOPEN, MERGE, CLEAR, RAISE
};

#define HANDLED DISPATCH, SIGN, CONTACT
#define ANSWERED HANDLED, REPLY, APPROVE

static const struct life {
    const char *channel;
    int urgency;
    bool no_phone, sensitive, suspect, capped, confidential;
    enum turn turns[TURNS_MAX];
} lives[] = {
    /* The first one is what another is merged into. */
    { .channel = "phone", .turns = { DISPATCH } },
    { .channel = "phone" },
    { .channel = "web" },
    { .channel = "phone", .turns = { DISPATCH_CO } },
    { .channel = "web", .turns = { DISPATCH, OPEN } },
    { .channel = "visit", .turns = { DISPATCH, SIGN } },
    { .channel = "phone", .turns = { HANDLED } },
    { .channel = "web", .turns = { DISPATCH_CO, SIGN, SIGN_CO } },
    { .channel = "letter", .turns = { DISPATCH_CO, SIGN, CO_REPLY } },
    { .channel = "phone", .turns = { HANDLED, REPLY } },
    { .channel = "phone", .turns = { HANDLED, PROMISE, APPROVE } },
    { .channel = "phone", .turns = { HANDLED, PROMISE, APPROVE, CALL_BACK } },
    { .channel = "web", .no_phone = true, .turns = { ANSWERED } },
    { .channel = "web", .no_phone = true, .turns = { HANDLED, PROMISE, APPROVE } },
    { .channel = "web", .no_phone = true, .turns = { ANSWERED, SUPERVISE } },
    { .channel = "web", .no_phone = true, .turns = { ANSWERED, SUPERVISE_LATER } },
    { .channel = "web", .no_phone = true, .turns = { HANDLED, SUBMIT, REPLY, APPROVE } },
    { .channel = "web", .no_phone = true, .turns = { ANSWERED, RATE } },
    { .channel = "phone", .turns = { DISPATCH, RETURN } },
    { .channel = "phone", .turns = { DISPATCH, RETURN, REFUSE_RETURN } },
    { .channel = "phone", .turns = { DISPATCH_CO, RETURN, ACCEPT_RETURN } },
    { .channel = "web", .turns = { DISPATCH, SIGN, RECALL } },
    { .channel = "phone", .turns = { DISPATCH_CO, SIGN, EXTEND, GRANT } },
    { .channel = "phone", .turns = { HANDLED, EXTEND } },
    { .channel = "phone", .turns = { HANDLED, REPLY, REJECT } },
    { .channel = "phone", .turns = { ANSWERED, SEND_BACK } },
    { .channel = "phone", .turns = { ANSWERED, CALL_BACK, REOPEN } },
    { .channel = "phone", .turns = { DISPATCH, SIGN, SUPERVISE, REPORT_BACK } },
    { .channel = "phone", .turns = { HANDLED, SUPERVISE, ANSWER_SUPERVISION } },
    { .channel = "web", .suspect = true },
    { .channel = "web", .suspect = true, .turns = { CLEAR } },
    { .channel = "phone", .capped = true, .turns = { DISPATCH } },
    { .channel = "phone", .confidential = true, .turns = { DISPATCH, SIGN } },
    { .channel = "phone", .turns = { DISPATCH, MERGE } },
    { .channel = "sms", .urgency = URGENCY_URGENT, .turns = { ANSWERED } },
    { .channel = "sms", .urgency = URGENCY_URGENT, .turns = { HANDLED, REPLY, REJECT } },
    { .channel = "sms", .urgency = URGENCY_URGENT, .turns = { HANDLED, REPLY } },
    { .channel = "phone", .urgency = URGENCY_URGENT, .turns = { DISPATCH_CO, SIGN } },
    { .channel = "web", .urgency = URGENCY_URGENT, .turns = { DISPATCH } },
    { .channel = "web", .urgency = URGENCY_URGENT },
    { .channel = "phone", .sensitive = true, .turns = { SUBMIT } },
    { .channel = "phone", .sensitive = true, .turns = { DISPATCH } },
    { .channel = "phone", .turns = { DISPATCH, SIGN, RAISE } },
    { .channel = "phone", .urgency = URGENCY_CRITICAL, .turns = { ANSWERED } },
    { .channel = "web", .urgency = URGENCY_CRITICAL, .no_phone = true, .turns = { ANSWERED } },
    { .channel = "phone", .urgency = URGENCY_CRITICAL, .turns = { HANDLED, REPLY, REJECT } },
    { .channel = "phone", .urgency = URGENCY_CRITICAL, .turns = { DISPATCH_CO, SIGN } },
    { .channel = "phone", .urgency = URGENCY_CRITICAL, .turns = { DISPATCH } },
    { .channel = "phone", .urgency = URGENCY_CRITICAL },
};
/* clang-format on */

#define LIVES (sizeof lives / sizeof *lives)
#define HALVES 2 /* every other life, so that a schedule is short */

static const char *root;
static struct office office;
static char first_no[TICKET_NO_BYTES];

static int32_t
workday_from_now(int count)
{
    const struct rulebook *rulebook = rulebook_acquire(office.fixture.store);
    int32_t day =
        calendar_nth_workday(rulebook->calendar, time_day(office.now), count, NULL);

    rulebook_release(rulebook);
    return day;
}

/* --- Turns ------------------------------------------------------------------------- */

static void
receive(const struct life *life, char ret_no[TICKET_NO_BYTES])
{
    struct cmd_ticket_create cmd;

    cmd_ticket_create_init(&cmd);
    cmd.actor = office.clerk;
    cmd.now = office.now;
    cmd.draft.channel = life->channel;
    cmd.draft.content = "The well is dry. Please send somebody.";
    cmd.draft.urgency = life->urgency;
    cmd.draft.petitioner.name = "petitioner";
    if (!life->no_phone)
        cmd.draft.petitioner.phone = "13900001111";
    if (life->sensitive) {
        cmd.draft.sensitive = TRISTATE_YES;
        cmd.draft.sensitive_reason = "many people";
    }
    if (life->suspect)
        cmd.draft.suspect = TRISTATE_YES;
    if (life->confidential)
        cmd.draft.kind = KIND_REPORT;
    if (life->capped) {
        cmd.draft.upstream = "city";
        cmd.draft.upstream_no = "C-1";
        cmd.draft.upstream_due_at = office.now + 30 * 3600;
    }
    cmd.draft_present = ticket_draft_present(&cmd.draft);
    ck_assert_int_eq(writer_run(office.fixture.writer, &cmd.job), OK);
    memcpy(ret_no, cmd.no, TICKET_NO_BYTES);
}

/* What the members of the request are, beyond what every action carries. */
static const struct actor *
prepare(enum turn turn, struct ticket_act *act)
{
    static const struct actor citizen = { .kind = ACTOR_CITIZEN };
    static const char *co_units[2];

    switch (turn) {
    case DISPATCH_CO:
        co_units[0] = office_unit_codes[ROADS];
        co_units[1] = office_unit_codes[TOWN];
        act->co_units = (struct text_list){ co_units, 2 };
        act->present |= FIELD_BIT(FIELD_CO_UNITS);
        return &office.clerk;
    case SIGN_CO:
    case CO_REPLY:
        return &office.handlers[ROADS];
    case SIGN:
    case CONTACT:
    case REPLY:
    case RETURN:
    case ANSWER_SUPERVISION:
        return &office.handlers[WATER];
    case PROMISE:
        act->outcome = OUTCOME_PROMISED;
        act->present |= FIELD_BIT(FIELD_PROMISED_ON);
        return &office.handlers[WATER];
    case EXTEND:
        act->promised_day = workday_from_now(EXTENDED_WORKDAYS);
        return &office.handlers[WATER];
    case SUPERVISE_LATER:
        act->answer_due_day += LATER_DAYS;
        return &office.supervisor;
    case GRANT:
    case SUPERVISE:
    case REOPEN:
        return &office.supervisor;
    case REPORT_BACK:
        act->report_back = TRISTATE_YES;
        act->report_day = time_day(office.now) + 3;
        act->present |= FIELD_BIT(FIELD_REPORT_BACK) | FIELD_BIT(FIELD_REPORT_ON);
        return &office.leader;
    case SEND_BACK:
        act->rework = TRISTATE_YES;
        act->present |= FIELD_BIT(FIELD_REWORK);
        return &office.clerk;
    case RATE:
        act->satisfaction = SATISFACTION_UNSATISFIED;
        act->present |= FIELD_BIT(FIELD_COMMENT);
        return &citizen;
    case MERGE:
        act->into = first_no;
        return &office.clerk;
    case CLEAR:
    case RAISE:
        ticket_draft_init(&act->changes);
        if (turn == CLEAR)
            act->changes.suspect = TRISTATE_NO;
        else
            act->changes.urgency = URGENCY_URGENT;
        act->changes_present = FIELD_BIT(turn == CLEAR ? DRAFT_SUSPECT : DRAFT_URGENCY);
        return &office.clerk;
    default:
        return &office.clerk;
    }
}

static void
take_turn(const char *no, enum turn turn)
{
    static const enum ticket_action actions[] = {
        [DISPATCH] = ACT_DISPATCH,
        [DISPATCH_CO] = ACT_DISPATCH,
        [SIGN] = ACT_SIGN,
        [SIGN_CO] = ACT_SIGN,
        [CO_REPLY] = ACT_CO_REPLY,
        [CONTACT] = ACT_CONTACT,
        [REPLY] = ACT_REPLY,
        [PROMISE] = ACT_REPLY,
        [APPROVE] = ACT_APPROVE_REPLY,
        [REJECT] = ACT_REJECT_REPLY,
        [RETURN] = ACT_RETURN,
        [REFUSE_RETURN] = ACT_REFUSE_RETURN,
        [ACCEPT_RETURN] = ACT_ACCEPT_RETURN,
        [RECALL] = ACT_RECALL,
        [EXTEND] = ACT_EXTEND,
        [GRANT] = ACT_GRANT_EXTENSION,
        [SUPERVISE] = ACT_SUPERVISE,
        [SUPERVISE_LATER] = ACT_SUPERVISE,
        [ANSWER_SUPERVISION] = ACT_ANSWER_SUPERVISION,
        [SUBMIT] = ACT_SUBMIT,
        [REPORT_BACK] = ACT_INSTRUCT,
        [CALL_BACK] = ACT_CALL_BACK,
        [SEND_BACK] = ACT_CALL_BACK,
        [RATE] = ACT_RATE,
        [REOPEN] = ACT_REOPEN,
        [MERGE] = ACT_MERGE,
        [CLEAR] = ACT_AMEND,
        [RAISE] = ACT_AMEND,
    };

    if (turn == OPEN) {
        struct ticket_case now_is;

        office_case(&office, no, &now_is);
        ck_assert_int_eq(cmd_open_submit(office.fixture.writer, now_is.ticket.id,
                                         &office.handlers[WATER], office.now),
                         OK);
        return; /* what follows waits behind it */
    }
    struct ticket_act act = office_make_act(&office, actions[turn]);
    const struct actor *actor = prepare(turn, &act);
    enum err err = office_act(&office, actor, no, &act);
    ck_assert_msg(err == OK, "%s turn %d: %s", no, (int)turn, err_code(err));
}

/* --- Scenes ------------------------------------------------------------------------ */

static void
seed_calendar(void)
{
    struct cmd_seed seed;

    cmd_seed_init(&seed);
    seed.now = office.now - 86400;
    ck_assert_int_eq(writer_run(office.fixture.writer, &seed.job), OK);
}

/* So that the timers under test need not count the tables again and again. */
static void
keep_house(void)
{
    struct cmd_housekeeping cmd;

    cmd_housekeeping_init(&cmd, office.now, true);
    ck_assert_int_eq(writer_run(office.fixture.writer, &cmd.job), OK);
}

START_TEST(the_cast_takes_its_places)
{
    const struct scene *scene = &scenes[_i / HALVES];
    char no[TICKET_NO_BYTES], from[PATH_MAX], to[PATH_MAX];

    office_open(&office);
    ck_assert(time_parse(scene->begin, &office.now));
    seed_calendar();
    for (size_t life = 0; life < LIVES; life++) {
        if (life != 0 && life % HALVES != (size_t)(_i % HALVES))
            continue;
        office.now += TURN_S;
        receive(&lives[life], no);
        if (life == 0)
            memcpy(first_no, no, sizeof first_no);
        for (int i = 0; i < TURNS_MAX && lives[life].turns[i] != THE_END; i++) {
            office.now += TURN_S;
            take_turn(no, lives[life].turns[i]);
        }
    }
    keep_house();
    store_fixture_stop(&office.fixture);
    tempdir_path(&office.fixture.dir, "var", from, sizeof from);
    ck_assert_int_lt(
        snprintf(to, sizeof to, "%s/%s-%d", root, scene->name, _i % HALVES + 1),
        sizeof to);
    ck_assert_int_eq(rename(from, to), 0);
    tempdir_remove(&office.fixture.dir);
    printf("%s-%d %lld\n", scene->name, _i % HALVES + 1, (long long)office.now);
}
END_TEST

int
main(int argc, char **argv)
{
    if (argc != 2 || setenv("TMPDIR", argv[1], 1) != 0) { /* so that rename() will do */
        fprintf(stderr, "usage: cast DIRECTORY\n");
        return 2;
    }
    root = argv[1];
    Suite *suite = suite_create("cast");
    TCase *tcase = tcase_create("cast");
    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, the_cast_takes_its_places, 0,
                        HALVES * (int)(sizeof scenes / sizeof *scenes));
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_set_fork_status(runner, CK_NOFORK); /* it prints as it goes */
    srunner_run_all(runner, CK_SILENT);
    int failed = srunner_ntests_failed(runner);
    if (failed > 0)
        srunner_print(runner, CK_NORMAL);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
