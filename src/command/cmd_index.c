#include "command/cmd_index.h"

#include "store/search.h"

/* cmd_index.c - see the header. */

static enum err
cmd_index_run(struct txn *txn, struct job *job)
{
    struct cmd_index *cmd = job_as(job, struct cmd_index);

    return search_index(txn, cmd->batch, &cmd->indexed);
}

void
cmd_index_init(struct cmd_index *cmd, int batch)
{
    *cmd = (struct cmd_index){
        .job = { .name = "index", .run = cmd_index_run, .is_repeatable = true },
        .batch = batch,
    };
}
