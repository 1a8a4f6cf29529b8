#include "support/office.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "base/timeutil.h"
#include "command/cmd_ticket.h"
#include "store/tickets.h"

const char *const office_unit_codes[OFFICE_UNIT_COUNT] = { "ZFB", "CGZ", "SWJ", "JTJ",
                                                           "ZJJ" };

#define CLERK_ID 1
#define SUPERVISOR_ID 2
#define LEADER_ID 3

void
office_open(struct office *office)
{
    char sql[512];

    *office = (struct office){ .now = time_day_start(time_day_of_date(
                                          (struct civil_date){ 2026, 11, 23 })) +
                                      10 * 3600 };
    store_fixture_open(&office->fixture);
    for (int unit = 0; unit < OFFICE_UNIT_COUNT; unit++) {
        office->unit_ids[unit] = unit + 1;
        snprintf(sql, sizeof sql,
                 "INSERT INTO unit (id, code, name, short_name, kind, head, deputy, "
                 "contact, sign_off)"
                 " VALUES (%d, '%s', 'unit %s', '%s', '%s', 'h', 'd', 'c', '%s')",
                 unit + 1, office_unit_codes[unit], office_unit_codes[unit],
                 office_unit_codes[unit], unit == OFFICE ? "office" : "department",
                 unit == HOUSING ? "online" : "recorded");
        ck_assert_int_eq(store_fixture_write(&office->fixture, sql), OK);
        office->handlers[unit] =
            (struct actor){ ACTOR_USER, 10 + unit, unit + 1, ROLE_BIT(ROLE_HANDLER) };
        office->heads[unit] =
            (struct actor){ ACTOR_USER, 20 + unit, unit + 1, ROLE_BIT(ROLE_UNIT_HEAD) };
    }
    office->clerk = (struct actor){ ACTOR_USER, CLERK_ID, 1, ROLE_BIT(ROLE_CLERK) };
    office->supervisor =
        (struct actor){ ACTOR_USER, SUPERVISOR_ID, 1, ROLE_BIT(ROLE_SUPERVISOR) };
    office->leader = (struct actor){ ACTOR_USER, LEADER_ID, 1, ROLE_BIT(ROLE_LEADER) };
    snprintf(
        sql, sizeof sql,
        "INSERT INTO user (id, login, name, unit_id, roles, password_hash, created_at)"
        " VALUES (1, 'clerk', 'clerk', 1, %u, '', 0), (2, 'supervisor', 'supervisor', 1, "
        "%u, '', 0),"
        " (3, 'leader', 'leader', 1, %u, '', 0)",
        office->clerk.roles, office->supervisor.roles, office->leader.roles);
    ck_assert_int_eq(store_fixture_write(&office->fixture, sql), OK);
}

void
office_close(struct office *office)
{
    store_fixture_close(&office->fixture);
}

static enum err
run(struct office *office, struct job *job)
{
    return office->runs_twice ? store_fixture_run_twice(&office->fixture, job)
                              : writer_run(office->fixture.writer, job);
}

void
office_receive(struct office *office, const char *channel, char ret_no[TICKET_NO_BYTES])
{
    struct cmd_ticket_create cmd;

    cmd_ticket_create_init(&cmd);
    cmd.actor = office->clerk;
    cmd.now = office->now;
    cmd.draft.channel = channel;
    cmd.draft.content = "The street lamp has been out for a week. Please mend it.";
    cmd.draft.petitioner.phone = "13900001111";
    cmd.draft.petitioner.name = "petitioner";
    cmd.draft.may_publish = TRISTATE_YES;
    cmd.draft_present = ticket_draft_present(&cmd.draft);
    ck_assert_int_eq(run(office, &cmd.job), OK);
    memcpy(ret_no, cmd.no, TICKET_NO_BYTES);
}

struct ticket_act
office_make_act(const struct office *office, enum ticket_action action)
{
    struct ticket_act act;

    ticket_act_init(&act, action);
    for (size_t i = 0; i < ticket_rule_count; i++)
        if (ticket_rules[i].action == action)
            act.present |= ticket_rules[i].must;
    act.lead_unit = office_unit_codes[WATER];
    act.note = act.reason = act.text = act.guidance = act.basis = act.demand = "text";
    act.finding = act.measures = act.reply_text = act.evidence = act.public_text = "text";
    act.interim_reply = act.signed_off_by = act.co_waived_reason = act.comment = "text";
    act.suggested_unit = office_unit_codes[ROADS];
    act.leader = "leader";
    act.told_at = act.at = office->now;
    act.told_way = act.way = WAY_PHONE;
    act.decline_reason = DECLINE_NOT_GOVERNMENT;
    act.return_reason = act.extend_reason = act.supervise_reason = 0;
    act.reason_codes = 1;
    act.exclude_class = 0;
    act.promised_day = time_day(office->now) + 14;
    act.answer_due_day = time_day(office->now) + 2;
    act.contacted = TRISTATE_YES;
    act.outcome = OUTCOME_SOLVED;
    act.connected = act.contacted_by_unit = act.solved = TRISTATE_YES;
    act.satisfaction = SATISFACTION_SATISFIED;
    act.changes.title = "title";
    act.changes_present = ticket_draft_present(&act.changes);
    uint64_t told = FIELD_BIT(FIELD_TOLD_AT) | FIELD_BIT(FIELD_TOLD_WAY);
    if (action == ACT_REPLY || action == ACT_PROPOSE_REPLY || action == ACT_DECLINE)
        act.present |= told;
    if (action == ACT_REPLY)
        act.present |= FIELD_BIT(FIELD_SIGNED_OFF_BY) | FIELD_BIT(FIELD_CO_WAIVED_REASON);
    if (action == ACT_AMEND)
        act.present |= FIELD_BIT(FIELD_REASON);
    if (action == ACT_CALL_BACK)
        act.present |= FIELD_BIT(FIELD_CONTACTED_BY_UNIT) | FIELD_BIT(FIELD_SOLVED) |
                       FIELD_BIT(FIELD_SATISFACTION);
    return act;
}

/* --- Jobs that look inside -------------------------------------------------------- */

struct inside {
    struct job job;
    enum err (*check)(struct txn *txn, void *context);
    void *context;
};

static enum err
run_inside(struct txn *txn, struct job *job)
{
    struct inside *inside = job_as(job, struct inside);

    return inside->check(txn, inside->context);
}

enum err
office_inside(struct office *office, enum err (*check)(struct txn *txn, void *context),
              void *context)
{
    struct inside inside = {
        .job = { .name = "inside", .run = run_inside },
        .check = check,
        .context = context,
    };

    return writer_run(office->fixture.writer, &inside.job);
}

struct load {
    const char *no;
    struct ticket_case *ret_case;
};

static enum err
load_case(struct txn *txn, void *context)
{
    struct load *load = context;

    return tickets_case_by_no(txn->db, load->no, load->ret_case);
}

void
office_case(struct office *office, const char *no, struct ticket_case *ret_case)
{
    struct load load = { no, ret_case };

    ck_assert_int_eq(office_inside(office, load_case, &load), OK);
}

enum err
office_act(struct office *office, const struct actor *actor, const char *no,
           const struct ticket_act *act)
{
    struct cmd_ticket_act cmd;
    struct ticket_case present;

    cmd_ticket_act_init(&cmd, (enum ticket_action)act->action);
    cmd.actor = *actor;
    cmd.now = office->now;
    cmd.act = *act;
    memcpy(cmd.no, no, sizeof cmd.no);
    if ((act->present & FIELD_BIT(FIELD_VERSION)) == 0) {
        office_case(office, no, &present);
        cmd.act.version = present.ticket.version;
        cmd.act.present |= FIELD_BIT(FIELD_VERSION);
    }
    return run(office, &cmd.job);
}
