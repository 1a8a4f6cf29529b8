#include "command/cmd_export.h"

#include "base/sheet.h"
#include "base/text.h"
#include "command_internal.h"
#include "store/rulebook.h"
#include "store/writer.h"

/*
 * cmd_export.c - the writes of an export.
 *
 * One event when it is asked for and one when it has ended; neither holds what
 * the list was filtered by, only the names of the filters.
 */

#define HOUR_SECONDS 3600
#define UNFINISHED_MAX 1 /* of a user */

static enum err
check_quota(struct txn *txn, struct cmd_export_create *cmd, struct problem *problem)
{
    int64_t unfinished = 0;

    TRY(exports_count_unfinished(txn->db, cmd->export.user_id, &unfinished));
    return unfinished < UNFINISHED_MAX
               ? OK
               : problem_value(problem, ERR_QUOTA, "%d", UNFINISHED_MAX);
}

static enum err
cmd_export_create_run(struct txn *txn, struct job *job)
{
    struct cmd_export_create *cmd = job_as(job, struct cmd_export_create);
    struct export *export = &cmd->export;

    TRY(idempotency_find(txn, &cmd->idempotency, cmd->now));
    if (cmd->idempotency.is_replay)
        return text_format(export->id, sizeof export->id, "%s", cmd->idempotency.result)
                   ? OK
                   : ERR_INTERNAL;
    TRY(check_quota(txn, cmd, &job->problem));
    const struct rulebook *rulebook = rulebook_acquire(txn->store);
    int64_t most = rulebook->settings.exports_per_user;

    rulebook_release(rulebook);
    TRY(exports_trim(txn, export->user_id, most - 1));
    ident_uuid(export->id);
    export->created_at = cmd->now;
    TRY(exports_insert(txn, export));
    TRY(command_tell(
        txn, &cmd->actor, cmd->now, "export_asked",
        arena_printf(txn->arena,
                     "\"export\":\"%s\",\"list\":\"%s\",\"format\":\"%s\",\"filters\":%s",
                     export->id, export->list,
                     choice_word(&words_sheet_format, export->format), cmd->filters)));
    return idempotency_save(txn, &cmd->idempotency, export->id, cmd->now);
}

void
cmd_export_create_init(struct cmd_export_create *cmd)
{
    *cmd = (struct cmd_export_create){ .job = { .name = "export_create",
                                                .run = cmd_export_create_run } };
}

static enum err
cmd_export_begin_run(struct txn *txn, struct job *job)
{
    return exports_begin(txn, job_as(job, struct cmd_export_begin)->id);
}

void
cmd_export_begin_init(struct cmd_export_begin *cmd, const char *id)
{
    *cmd = (struct cmd_export_begin){
        .job = { .name = "export_begin", .run = cmd_export_begin_run }, .id = id
    };
}

static enum err
cmd_export_end_run(struct txn *txn, struct job *job)
{
    struct cmd_export_end *cmd = job_as(job, struct cmd_export_end);
    struct export *export = &cmd->export;
    const struct rulebook *rulebook = rulebook_acquire(txn->store);
    int64_t hours = rulebook->settings.export_hours;
    struct actor actor = { .kind = ACTOR_USER,
                           .id = export->user_id,
                           .unit_id = export->unit_id };

    rulebook_release(rulebook);
    export->finished_at = cmd->now;
    export->expires_at = cmd->now + hours * HOUR_SECONDS;
    TRY(exports_end(txn, export));
    return command_tell(
        txn, &actor, cmd->now,
        export->state == EXPORT_READY ? "export_ready" : "export_failed",
        arena_printf(txn->arena, "\"export\":\"%s\",\"rows\":%lld,\"bytes\":%lld",
                     export->id, (long long)export->rows, (long long)export->bytes));
}

void
cmd_export_end_init(struct cmd_export_end *cmd, const struct export *export, int64_t now)
{
    *cmd = (struct cmd_export_end){ .job = { .name = "export_end",
                                             .run = cmd_export_end_run },
                                    .export = *export,
                                    .now = now };
}

static enum err
cmd_export_expire_run(struct txn *txn, struct job *job)
{
    return exports_expire(txn, job_as(job, struct cmd_export_expire)->now);
}

void
cmd_export_expire_init(struct cmd_export_expire *cmd, int64_t now)
{
    *cmd = (struct cmd_export_expire){
        .job = { .name = "export_expire", .run = cmd_export_expire_run }, .now = now
    };
}
