#include "command/cmd_assessment.h"

#include "store/assessments.h"
#include "store/writer.h"

/* cmd_assessment.c - see the header. */

static enum err
cmd_assessment_rebuild_run(struct txn *txn, struct job *job)
{
    struct cmd_assessment_rebuild *cmd = job_as(job, struct cmd_assessment_rebuild);
    int64_t last = 0, done = 0;

    TRY(assessments_are_built(txn->db, &cmd->is_done));
    if (cmd->is_done)
        return OK;
    TRY(assessments_rebuild(txn, cmd->after, cmd->batch, &last, &done));
    cmd->tickets += done;
    cmd->after = last;
    if (last != 0)
        return OK;
    cmd->is_done = true;
    return assessments_set_built(txn);
}

void
cmd_assessment_rebuild_init(struct cmd_assessment_rebuild *cmd, int batch)
{
    *cmd = (struct cmd_assessment_rebuild){
        .job = { .name = "assessment_rebuild", .run = cmd_assessment_rebuild_run },
        .batch = batch,
    };
}
