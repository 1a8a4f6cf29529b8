#include "command/cmd_rekey.h"

#include "command_internal.h"
#include "domain/ticket.h"
#include "store/writer.h"

/* cmd_rekey.c - new keys for what is sealed, and the event that tells of it. */

static enum err
cmd_rekey_run(struct txn *txn, struct job *job)
{
    struct cmd_rekey *cmd = job_as(job, struct cmd_rekey);
    const struct actor actor = { .kind = ACTOR_CLI };

    /* The event first: the very first one of a database writes the mark of its keys. */
    TRY(command_tell(txn, &actor, cmd->now, "rekeyed", ""));
    return rekeys_run(txn, cmd->fresh, &cmd->counts);
}

void
cmd_rekey_init(struct cmd_rekey *cmd, const struct keys *fresh, int64_t now)
{
    *cmd = (struct cmd_rekey){ .job = { .name = "rekey", .run = cmd_rekey_run },
                               .fresh = fresh,
                               .now = now };
}
