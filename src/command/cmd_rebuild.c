#include "command/cmd_rebuild.h"

#include "base/arena.h"
#include "command_internal.h"
#include "domain/access.h"
#include "store/assessments.h"
#include "store/callers.h"
#include "store/desks.h"
#include "store/summaries.h"
#include "store/tickets.h"
#include "store/writer.h"

/* cmd_rebuild.c - see the header. */

static enum err
sync_ticket(struct txn *txn, int64_t id)
{
    struct ticket_case ticket_case;

    TRY(tickets_case_by_id(txn->db, id, &ticket_case));
    TRY(desks_sync(txn, &ticket_case));
    return assessments_sync_case(txn, &ticket_case);
}

/* `txn` has an arena that is emptied after each ticket. */
static enum err
sync_tickets(struct txn *txn, int64_t *ret_tickets)
{
    for (int64_t id = 0, count = 0;; count++) {
        TRY(assessments_next_ticket(txn->db, id, &id));
        *ret_tickets = count;
        if (id == 0)
            return OK;
        TRY(sync_ticket(txn, id));
        arena_reset(txn->arena);
    }
}

static enum err
cmd_rebuild_run(struct txn *txn, struct job *job)
{
    struct cmd_rebuild *cmd = job_as(job, struct cmd_rebuild);
    const struct actor actor = { .kind = ACTOR_CLI };
    struct txn each = *txn;
    bool are_built = false;

    TRY(summaries_are_built(txn->db, &are_built));
    if (are_built && !cmd->is_asked)
        return OK;
    TRY(summaries_rebuild(txn));
    TRY(callers_rebuild(txn));
    /* The sums first: then what a ticket's facts take from them is there. */
    TRY(assessments_recount(txn));
    TRY(desks_clear(txn));
    each.arena = arena_new();
    if (each.arena == NULL)
        return ERR_NO_MEMORY;
    enum err err = sync_tickets(&each, &cmd->tickets);
    arena_free(each.arena);
    if (err != OK)
        return err;
    TRY(summaries_set_built(txn));
    TRY(assessments_set_built(txn));
    cmd->is_done = true;
    return cmd->is_asked ? command_tell(txn, &actor, cmd->now, "rebuilt", "") : OK;
}

void
cmd_rebuild_init(struct cmd_rebuild *cmd)
{
    *cmd = (struct cmd_rebuild){ .job = { .name = "rebuild", .run = cmd_rebuild_run } };
}
