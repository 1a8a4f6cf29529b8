#include "support/desk.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "base/timeutil.h"
#include "command/cmd_seed.h"
#include "command/cmd_sweep.h"
#include "command/cmd_ticket.h"

struct desk desk;

int64_t
desk_at(const char *local)
{
    char text[TIME_TEXT_BYTES];
    int64_t moment = 0;

    (void)snprintf(text, sizeof text, "%.10sT%s+08:00", local, local + 11);
    ck_assert_msg(time_parse(text, &moment), "%s", local);
    return moment;
}

void
desk_open(void)
{
    struct cmd_seed seed;

    office_open(&desk.office);
    desk.office.now = desk_at("2026-06-01 10:00:00");
    cmd_seed_init(&seed);
    seed.now = desk.office.now - 86400;
    ck_assert_int_eq(writer_run(desk.office.fixture.writer, &seed.job), OK);
    office_receive(&desk.office, "phone", desk.no);
}

void
desk_close(void)
{
    office_close(&desk.office);
}

/* --- Asking ------------------------------------------------------------------- */

int64_t
desk_number(const char *format, const char *word)
{
    char sql[400];

    ck_assert_uint_lt(strlen(format), sizeof sql - 64);
    (void)snprintf(sql, sizeof sql, format, word); /* a literal of this file, one %s */
    return store_fixture_number(&desk.office.fixture.dir, sql);
}

int64_t
desk_events(const char *kind)
{
    return desk_number("SELECT count(*) FROM event WHERE type = 'timer.%s'", kind);
}

int64_t
desk_told(const char *kind)
{
    return desk_number("SELECT count(*) FROM outbox WHERE kind = '%s'", kind);
}

int64_t
desk_alarmed(const char *kind, int64_t unit_id)
{
    char format[200];

    (void)snprintf(format, sizeof format,
                   "SELECT count(*) FROM outbox WHERE is_alarm = 1 AND unit_id = %d"
                   " AND kind = '%%s'",
                   (int)unit_id);
    return desk_number(format, kind);
}

int64_t
desk_urges(const char *kind, int64_t unit_id)
{
    char format[200];

    (void)snprintf(format, sizeof format,
                   "SELECT count(*) FROM urge WHERE unit_id = %d AND kind = '%%s'",
                   (int)unit_id);
    return desk_number(format, kind);
}

/* --- Doing -------------------------------------------------------------------- */

int
desk_sweep_batch(int64_t now, int batch, int64_t *ret_next_due_at)
{
    struct cmd_sweep cmd;

    cmd_sweep_init(&cmd, now, batch);
    ck_assert_int_eq(writer_run(desk.office.fixture.writer, &cmd.job), OK);
    if (ret_next_due_at != NULL)
        *ret_next_due_at = cmd.next_due_at;
    return cmd.handled;
}

int
desk_sweep(int64_t now)
{
    return desk_sweep_batch(now, 1000, NULL);
}

void
desk_expect_once(const char *kind, const char *due)
{
    int64_t due_at = desk_at(due), before = desk_events(kind);

    (void)desk_sweep(due_at);
    ck_assert_msg(desk_events(kind) == before, "%s is early", kind);
    (void)desk_sweep(due_at + 1);
    ck_assert_msg(desk_events(kind) == before + 1, "%s did not happen at %s", kind, due);
    (void)desk_sweep(due_at + 1);
    (void)desk_sweep(due_at - 3 * 3600);
    (void)desk_sweep(due_at + 600);
    ck_assert_msg(desk_events(kind) == before + 1, "%s happened twice", kind);
    office_case(&desk.office, desk.no, &desk.now_is);
}

void
desk_act(const struct actor *actor, const struct ticket_act *does)
{
    ck_assert_int_eq(office_act(&desk.office, actor, desk.no, does), OK);
    office_case(&desk.office, desk.no, &desk.now_is);
}

void
desk_must(const struct actor *actor, enum ticket_action action)
{
    struct ticket_act does = office_make_act(&desk.office, action);

    desk_act(actor, &does);
}

void
desk_dispatch(bool with_co)
{
    struct ticket_act does = office_make_act(&desk.office, ACT_DISPATCH);
    const char *items[1] = { office_unit_codes[ROADS] };

    if (with_co) {
        does.co_units = (struct text_list){ items, 1 };
        does.present |= FIELD_BIT(FIELD_CO_UNITS);
    }
    desk_act(&desk.office.clerk, &does);
}

void
desk_handling(void)
{
    desk_dispatch(false);
    desk_must(&desk.office.handlers[WATER], ACT_SIGN);
}

void
desk_replied(void)
{
    desk_handling();
    desk_must(&desk.office.handlers[WATER], ACT_CONTACT);
    desk_must(&desk.office.handlers[WATER], ACT_REPLY);
}

void
desk_receive(bool sensitive, enum urgency urgency, const char *phone)
{
    struct cmd_ticket_create cmd;

    cmd_ticket_create_init(&cmd);
    cmd.actor = desk.office.clerk;
    cmd.now = desk.office.now;
    cmd.draft.channel = "phone";
    cmd.draft.content = "The well is dry.";
    cmd.draft.petitioner.phone = phone;
    cmd.draft.urgency = (int)urgency;
    cmd.draft_present = FIELD_BIT(DRAFT_CHANNEL) | FIELD_BIT(DRAFT_CONTENT) |
                        FIELD_BIT(DRAFT_PETITIONER) | FIELD_BIT(DRAFT_URGENCY);
    if (sensitive) {
        cmd.draft.sensitive = TRISTATE_YES;
        cmd.draft.sensitive_reason = "many people";
        cmd.draft_present |=
            FIELD_BIT(DRAFT_SENSITIVE) | FIELD_BIT(DRAFT_SENSITIVE_REASON);
    }
    ck_assert_int_eq(writer_run(desk.office.fixture.writer, &cmd.job), OK);
    memcpy(desk.no, cmd.no, sizeof desk.no);
    office_case(&desk.office, desk.no, &desk.now_is);
}
