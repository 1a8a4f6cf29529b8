/*
 * cmd_open.c - see the header.
 */
#include "command/cmd_open.h"

#include "base/arena.h"
#include "domain/access.h"
#include "store/events.h"
#include "store/job.h"
#include "store/records.h"
#include "store/tickets.h"
#include "store/writer.h"

/* Lives in its own arena: the request that asked is over before it runs. */
struct cmd_open {
    struct job job;
    struct arena *arena;
    int64_t ticket_id, now;
    struct actor actor;
    struct ticket_case before, after;
};

#define OFFICE 0 /* receiver of urges and alarms for the office */
#define OFFICE_ROLES (ROLE_BIT(ROLE_CLERK) | ROLE_BIT(ROLE_SUPERVISOR))

static enum err
mark_read(struct txn *txn, const struct cmd_open *cmd, int64_t unit_id)
{
    TRY(urges_mark_read(txn, cmd->ticket_id, unit_id, cmd->actor.id, cmd->now));
    TRY(supervisions_mark_read(txn, cmd->ticket_id, unit_id, cmd->actor.id, cmd->now));
    return outbox_mark_seen(txn, cmd->ticket_id, unit_id, cmd->now);
}

/* The first one of the unit to look: this stops the clock of "not opened". */
static enum err
open_assignment(struct txn *txn, struct cmd_open *cmd, struct assignment *mine)
{
    struct event event = {
        .ticket_id = cmd->ticket_id,
        .at = cmd->now,
        .actor = &cmd->actor,
        .type = "opened",
        .from_state = CHOICE_NONE,
        .to_state = CHOICE_NONE,
        .facts = "",
    };

    mine->opened_at = cmd->now;
    TRY(tickets_save_assignments(txn, &cmd->before, &cmd->after));
    TRY(events_append(txn, &event, NULL));
    return moments_sync(txn, cmd->ticket_id);
}

static enum err
cmd_open_run(struct txn *txn, struct job *job)
{
    struct cmd_open *cmd = job_as(job, struct cmd_open);

    TRY(tickets_case_by_id(txn->db, cmd->ticket_id, &cmd->before));
    if (!access_ticket(&cmd->before, &cmd->actor))
        return ERR_NOT_FOUND;
    if ((cmd->actor.roles & OFFICE_ROLES) != 0)
        TRY(mark_read(txn, cmd, OFFICE));
    if ((cmd->actor.roles & ROLES_UNIT_TICKETS) == 0)
        return OK; /* a clerk's look is not a unit's, though the office may lead too */

    TRY(mark_read(txn, cmd, cmd->actor.unit_id));
    cmd->after = cmd->before;
    struct assignment *mine = ticket_case_active(&cmd->after, cmd->actor.unit_id);
    if (mine == NULL || mine->opened_at != 0)
        return OK;
    return open_assignment(txn, cmd, mine);
}

static void
cmd_open_done(struct job *job)
{
    arena_free(job_as(job, struct cmd_open)->arena); /* the job lies in it */
}

enum err
cmd_open_submit(struct writer *writer, int64_t ticket_id, const struct actor *actor,
                int64_t now)
{
    if (actor->kind != ACTOR_USER)
        return OK;
    struct arena *arena = arena_new();
    struct cmd_open *cmd = arena == NULL ? NULL : arena_make(arena, struct cmd_open);

    if (cmd == NULL) {
        arena_free(arena);
        return ERR_NO_MEMORY;
    }
    cmd->job.name = "open";
    cmd->job.run = cmd_open_run;
    cmd->job.done = cmd_open_done;
    cmd->arena = arena;
    cmd->ticket_id = ticket_id;
    cmd->now = now;
    cmd->actor = *actor;
    enum err err = writer_reserve(writer);
    if (err != OK) {
        arena_free(arena);
        return err;
    }
    writer_submit(writer, &cmd->job);
    return OK;
}
