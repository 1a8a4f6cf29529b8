#include "command/cmd_accountability.h"

#include <stdlib.h>

#include "base/timeutil.h"
#include "command_internal.h"
#include "store/accountabilities.h"
#include "store/assessments.h"
#include "store/events.h"
#include "store/tickets.h"
#include "store/units.h"
#include "store/writer.h"

/* cmd_accountability.c - laying accountability on a unit's part in a ticket. */

/* What the request names: the ticket, and a unit that had a part in it. */
static enum err
look_up(struct txn *txn, struct cmd_accountability *cmd, struct accountability *record)
{
    struct ticket ticket;
    struct unit unit;
    enum err err = tickets_by_no(txn->db, cmd->ticket, &ticket);

    if (err == ERR_NOT_FOUND)
        return command_field(&cmd->job.problem, "ticket", ERR_FIELD_NOT_FOUND,
                             cmd->ticket);
    TRY(err);
    err = units_by_code(txn->db, txn->arena, cmd->unit, &unit);
    if (err == OK)
        err = accountabilities_check_unit(txn->db, ticket.id, unit.id);
    if (err == ERR_NOT_FOUND)
        return command_field(&cmd->job.problem, "unit", ERR_FIELD_NOT_FOUND, cmd->unit);
    TRY(err);
    record->ticket_id = ticket.id;
    record->unit_id = unit.id;
    return OK;
}

static enum err
tell(struct txn *txn, const struct cmd_accountability *cmd,
     const struct accountability *record)
{
    struct event event = {
        .ticket_id = record->ticket_id,
        .at = cmd->now,
        .actor = &cmd->actor,
        .type = "accountability",
        .from_state = CHOICE_NONE,
        .to_state = CHOICE_NONE,
        .facts = arena_printf(
            txn->arena, "\"accountability\":%lld,\"unit\":%lld,\"decided_day\":%d",
            (long long)cmd->id, (long long)record->unit_id, (int)record->decided_day),
    };

    if (event.facts == NULL)
        return ERR_NO_MEMORY;
    event_add_commitment(&event, "person", record->person);
    event_add_commitment(&event, "finding", record->finding);
    event_add_commitment(&event, "measure", record->measure);
    return events_append(txn, &event, NULL);
}

static enum err
accountability_run(struct txn *txn, struct job *job)
{
    struct cmd_accountability *cmd = job_as(job, struct cmd_accountability);
    struct accountability record = {
        .person = cmd->person,
        .finding = cmd->finding,
        .measure = cmd->measure,
        .decided_day = cmd->decided_on,
        .laid_at = cmd->now,
        .laid_by = cmd->actor.id,
    };

    TRY(idempotency_find(txn, &cmd->idempotency, cmd->now));
    if (cmd->idempotency.is_replay) {
        cmd->id = strtoll(cmd->idempotency.result, NULL, 10);
        return OK;
    }
    if (cmd->decided_on > time_day(cmd->now))
        return command_field(&job->problem, "decided_on", ERR_FIELD_FUTURE, NULL);
    TRY(look_up(txn, cmd, &record));
    TRY(accountabilities_insert(txn, &record, &cmd->id));
    TRY(tell(txn, cmd, &record));
    TRY(assessments_sync(txn, record.ticket_id));
    const char *id = arena_printf(txn->arena, "%lld", (long long)cmd->id);
    return id == NULL ? ERR_NO_MEMORY
                      : idempotency_save(txn, &cmd->idempotency, id, cmd->now);
}

void
cmd_accountability_init(struct cmd_accountability *cmd)
{
    *cmd = (struct cmd_accountability){
        .job = { .name = "accountability", .run = accountability_run },
    };
}
