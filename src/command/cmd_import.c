/*
 * cmd_import.c - the writes of an import.
 *
 * Invariants
 *  1. Until cmd_import_finish has committed as "done" no list shows anything of
 *     it; after it, everything.
 *  2. A stage job settles rows up to `rows_read` in one transaction, so a
 *     restart goes on behind it and stages no row twice.
 *  3. One event for each import that begins, ends or is cancelled, and one for
 *     each ticket it makes.
 */
#include "command/cmd_import.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "store/events.h"
#include "store/upload.h"
#include "store/writer.h"

static enum err
record(struct txn *txn, const char *type, const struct actor *actor, int64_t now,
       const char *facts)
{
    struct event event = {
        .at = now,
        .actor = actor,
        .type = type,
        .from_state = CHOICE_NONE,
        .to_state = CHOICE_NONE,
        .facts = facts,
    };

    return facts == NULL ? ERR_NO_MEMORY : events_append(txn, &event, NULL);
}

/* --- Create ------------------------------------------------------------------------- */

static enum err
answer_same(struct txn *txn, struct cmd_import_create *cmd, bool *ret_is_same)
{
    *ret_is_same = false;
    if (cmd->import.dry_run)
        return OK;
    enum err err = imports_same_file(txn->db, cmd->import.file_hash, &cmd->id);
    *ret_is_same = err == OK;
    return err == ERR_NOT_FOUND ? OK : err;
}

static enum err
cmd_import_create_run(struct txn *txn, struct job *job)
{
    struct cmd_import_create *cmd = job_as(job, struct cmd_import_create);
    char result[32];

    TRY(idempotency_find(txn, &cmd->idempotency, cmd->now));
    if (cmd->idempotency.is_replay) {
        cmd->id = strtoll(cmd->idempotency.result, NULL, 10);
        return OK;
    }
    cmd->import.file = cmd->upload->id;
    cmd->import.file_bytes = cmd->upload->bytes;
    cmd->import.created_at = cmd->now;
    memcpy(cmd->import.file_hash, cmd->upload->hash, HASH_BYTES);
    TRY(answer_same(txn, cmd, &cmd->is_the_same));
    if (!cmd->is_the_same) {
        TRY(imports_insert(txn, &cmd->import, &cmd->id));
        TRY(record(
            txn, "import_started", &cmd->import.actor, cmd->now,
            arena_printf(txn->arena, "\"import\":%lld,\"dry_run\":%s,\"bytes\":%lld",
                         (long long)cmd->id, cmd->import.dry_run ? "true" : "false",
                         (long long)cmd->import.file_bytes)));
        cmd->upload->is_kept = true;
    }
    if (!text_format(result, sizeof result, "%lld", (long long)cmd->id))
        return ERR_INTERNAL;
    return idempotency_save(txn, &cmd->idempotency, result, cmd->now);
}

static enum err
cmd_import_create_prepare(struct job *job)
{
    struct cmd_import_create *cmd = job_as(job, struct cmd_import_create);
    uint8_t *body_hash = cmd->idempotency.body_hash;
    struct hash_state state;

    hash_init(&state);
    hash_add_part(&state, body_hash, HASH_BYTES);
    hash_add_part(&state, cmd->upload->hash, HASH_BYTES);
    hash_done(&state, body_hash);
    return upload_place(cmd->upload);
}

void
cmd_import_create_init(struct cmd_import_create *cmd)
{
    *cmd = (struct cmd_import_create){
        .job = { .name = "import_create",
                 .prepare = cmd_import_create_prepare,
                 .run = cmd_import_create_run },
        .import = { .charset = CHOICE_NONE },
    };
}

/* --- Stage -------------------------------------------------------------------------- */

static enum err
cmd_import_stage_run(struct txn *txn, struct job *job)
{
    struct cmd_import_stage *cmd = job_as(job, struct cmd_import_stage);
    int64_t bad = 0, good = 0, faults = 0;
    struct import import;

    TRY(imports_by_id(txn->db, txn->arena, cmd->import_id, &import));
    cmd->is_over = import.state != IMPORT_READING;
    if (cmd->is_over)
        return OK;
    if (cmd->charset != CHOICE_NONE)
        TRY(imports_set_charset(txn, cmd->import_id, (enum charset)cmd->charset));
    for (size_t i = 0; i < cmd->count; i++) {
        struct ledger_row *row = &cmd->checked[i];

        if (row->fault_count == 0)
            TRY(imports_stage(txn, cmd->import_id, &cmd->rows[i], cmd->is_dry, row));
        for (size_t k = 0; k < row->fault_count; k++)
            TRY(imports_add_fault(txn, cmd->import_id, row->number, (int64_t)k,
                                  &row->faults[k]));
        faults += (int64_t)row->fault_count;
        bad += row->fault_count > 0;
        good += row->fault_count == 0;
    }
    return imports_progress(txn, cmd->import_id, cmd->rows_read, bad, good, faults);
}

void
cmd_import_stage_init(struct cmd_import_stage *cmd)
{
    *cmd = (struct cmd_import_stage){
        .job = { .name = "import_stage", .run = cmd_import_stage_run },
        .charset = CHOICE_NONE,
    };
}

/* --- Finish ------------------------------------------------------------------------- */

static enum err
take_effect(struct txn *txn, const struct import *import, struct cmd_import_finish *cmd)
{
    int64_t conflicts;

    TRY(imports_move(txn, import, cmd->now, &cmd->tickets, &conflicts));
    if (conflicts == 0) {
        cmd->state = IMPORT_DONE;
        return OK;
    }
    cmd->state = IMPORT_REFUSED;
    return imports_progress(txn, import->id, import->rows_read, conflicts, -conflicts,
                            conflicts);
}

static enum err
cmd_import_finish_run(struct txn *txn, struct job *job)
{
    struct cmd_import_finish *cmd = job_as(job, struct cmd_import_finish);
    struct import import;

    TRY(imports_by_id(txn->db, txn->arena, cmd->import_id, &import));
    cmd->state = import.state;
    if (import.state != IMPORT_READING)
        return OK; /* cancelled meanwhile */
    if (cmd->reason != NULL)
        cmd->state = IMPORT_FAILED;
    else if (import.dry_run)
        cmd->state = IMPORT_CHECKED;
    else if (import.rows_good == 0 || (import.rows_bad > 0 && !import.skip_bad))
        cmd->state = IMPORT_REFUSED;
    else
        TRY(take_effect(txn, &import, cmd));
    TRY(imports_end(txn, import.id, (enum import_state)cmd->state, cmd->tickets,
                    cmd->reason, cmd->now));
    return record(txn, "import_finished", &import.actor, cmd->now,
                  arena_printf(txn->arena,
                               "\"import\":%lld,\"state\":\"%s\",\"tickets\":%lld,"
                               "\"rows_read\":%lld,\"rows_bad\":%lld",
                               (long long)import.id,
                               choice_word(&words_import_state, cmd->state),
                               (long long)cmd->tickets, (long long)import.rows_read,
                               (long long)import.rows_bad));
}

void
cmd_import_finish_init(struct cmd_import_finish *cmd, int64_t import_id, int64_t now)
{
    *cmd = (struct cmd_import_finish){
        .job = { .name = "import_finish", .run = cmd_import_finish_run },
        .import_id = import_id,
        .now = now,
    };
}

/* --- Cancel, clean ------------------------------------------------------------------- */

static enum err
cmd_import_cancel_run(struct txn *txn, struct job *job)
{
    struct cmd_import_cancel *cmd = job_as(job, struct cmd_import_cancel);
    struct import import;

    TRY(imports_by_id(txn->db, txn->arena, cmd->import_id, &import));
    if (import.state == IMPORT_CANCELLED)
        return OK; /* said before */
    if (import.state == IMPORT_DONE)
        return ERR_IMPORT_OVER;
    TRY(imports_end(txn, import.id, IMPORT_CANCELLED, 0, import.reason, cmd->now));
    return record(txn, "import_cancelled", &cmd->actor, cmd->now,
                  arena_printf(txn->arena, "\"import\":%lld", (long long)import.id));
}

void
cmd_import_cancel_init(struct cmd_import_cancel *cmd)
{
    *cmd = (struct cmd_import_cancel){
        .job = { .name = "import_cancel", .run = cmd_import_cancel_run },
    };
}

static enum err
cmd_import_clean_run(struct txn *txn, struct job *job)
{
    struct cmd_import_clean *cmd = job_as(job, struct cmd_import_clean);

    return imports_clean(txn, cmd->import_id, cmd->batch, &cmd->has_more);
}

void
cmd_import_clean_init(struct cmd_import_clean *cmd, int64_t import_id, int batch)
{
    *cmd = (struct cmd_import_clean){
        .job = { .name = "import_clean", .run = cmd_import_clean_run },
        .import_id = import_id,
        .batch = batch,
    };
}
