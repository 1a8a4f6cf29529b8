#include "command/cmd_belongings.h"

#include <stdlib.h>

#include "command/cmd_unit.h"
#include "command_internal.h"
#include "store/rulebook.h"
#include "store/writer.h"

/* cmd_belongings.c - keeping and dropping unsent forms and saved filters. */

static enum err
quota(struct problem *problem, enum err err, int64_t most)
{
    return err == ERR_QUOTA ? problem_value(problem, err, "%lld", (long long)most) : err;
}

/* --- Unsent forms ------------------------------------------------------------------ */

static enum err
draft_put_run(struct txn *txn, struct job *job)
{
    struct cmd_draft *cmd = job_as(job, struct cmd_draft);
    const struct rulebook *rulebook = rulebook_acquire(txn->store);
    int64_t most = rulebook->settings.drafts_per_user;

    rulebook_release(rulebook);
    return quota(&job->problem, drafts_put(txn, &cmd->key, cmd->content, cmd->now, most),
                 most);
}

static enum err
draft_delete_run(struct txn *txn, struct job *job)
{
    return drafts_delete(txn, &job_as(job, struct cmd_draft)->key);
}

void
cmd_draft_put_init(struct cmd_draft *cmd)
{
    *cmd = (struct cmd_draft){ .job = { .name = "draft_put", .run = draft_put_run } };
}

void
cmd_draft_delete_init(struct cmd_draft *cmd)
{
    *cmd =
        (struct cmd_draft){ .job = { .name = "draft_delete", .run = draft_delete_run } };
}

/* --- Saved filters ------------------------------------------------------------------- */

static enum err
view_create_run(struct txn *txn, struct job *job)
{
    struct cmd_view *cmd = job_as(job, struct cmd_view);

    TRY(idempotency_find(txn, &cmd->idempotency, cmd->now));
    if (cmd->idempotency.is_replay) {
        cmd->view.id = strtoll(cmd->idempotency.result, NULL, 10);
        return OK;
    }
    if (!unit_code_is_valid(cmd->view.list))
        return command_field(&job->problem, "list", ERR_FIELD_INVALID, NULL);
    const struct rulebook *rulebook = rulebook_acquire(txn->store);
    int64_t most = rulebook->settings.views_per_user;

    rulebook_release(rulebook);
    enum err err = views_insert(txn, cmd->user_id, &cmd->view, most, &cmd->view.id);
    if (err == ERR_FIELD_TAKEN)
        return command_field(&job->problem, "name", err, NULL);
    TRY(quota(&job->problem, err, most));
    const char *id = arena_printf(txn->arena, "%lld", (long long)cmd->view.id);
    return id == NULL ? ERR_NO_MEMORY
                      : idempotency_save(txn, &cmd->idempotency, id, cmd->now);
}

static enum err
view_delete_run(struct txn *txn, struct job *job)
{
    struct cmd_view *cmd = job_as(job, struct cmd_view);

    return views_delete(txn, cmd->user_id, cmd->view.id);
}

void
cmd_view_create_init(struct cmd_view *cmd)
{
    *cmd = (struct cmd_view){ .job = { .name = "view_create", .run = view_create_run } };
}

void
cmd_view_delete_init(struct cmd_view *cmd)
{
    *cmd = (struct cmd_view){ .job = { .name = "view_delete", .run = view_delete_run } };
}
