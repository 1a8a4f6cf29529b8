/*
 * cmd_attachment.c - see the header.
 */
#include "command/cmd_attachment.h"

#include "base/text.h"
#include "command_internal.h"
#include "domain/access.h"
#include "domain/attachment.h"
#include "store/attachments.h"
#include "store/events.h"
#include "store/store.h"
#include "store/tickets.h"
#include "store/writer.h"

static enum err
cmd_attach_prepare(struct job *job)
{
    struct cmd_attach *cmd = job_as(job, struct cmd_attach);
    uint8_t *body_hash = cmd->idempotency.body_hash;
    struct hash_state state;

    cmd->type = attachment_judge(cmd->name, &cmd->upload->look);
    if (cmd->type == CHOICE_NONE)
        return command_field(&job->problem, "name", ERR_ATTACHMENT_TYPE, "");
    hash_init(&state);
    hash_add_part(&state, body_hash, HASH_BYTES);
    hash_add_part(&state, cmd->upload->hash, HASH_BYTES);
    hash_done(&state, body_hash);
    return upload_place(cmd->upload);
}

/* The hash of the file is in the payload, and so in the chain; its name is a text. */
static enum err
append_event(struct txn *txn, const struct cmd_attach *cmd, int64_t ticket_id,
             int64_t *ret_seq)
{
    char hash[HASH_BYTES * 2 + 1];
    struct event event = {
        .ticket_id = ticket_id,
        .at = cmd->now,
        .actor = &cmd->actor,
        .type = "attached",
        .from_state = CHOICE_NONE,
        .to_state = CHOICE_NONE,
    };

    crypt_hex(cmd->upload->hash, HASH_BYTES, hash);
    event.facts = arena_printf(
        txn->arena,
        "\"attachment\":\"%s\",\"kind\":\"%s\",\"file_type\":\"%s\",\"bytes\":%lld,"
        "\"hash\":\"%s\"",
        cmd->upload->id, choice_word(&words_attachment_kind, cmd->kind),
        choice_word(&words_attachment_type, cmd->type), (long long)cmd->upload->bytes,
        hash);
    if (event.facts == NULL)
        return ERR_NO_MEMORY;
    event_add_commitment(&event, "name", cmd->name);
    return events_append(txn, &event, ret_seq);
}

/* Is there room for one more, of a citizen's too? */
static enum err
check_room(struct txn *txn, struct cmd_attach *cmd, int64_t ticket_id)
{
    const struct config *config = store_config(txn->store);
    int64_t count = 0, max = config->attachments_per_ticket;

    TRY(attachments_count(txn->db, ticket_id, &count));
    if (count < max && cmd->actor.kind == ACTOR_CITIZEN) {
        max = config->public_files;
        TRY(attachments_count_citizens(txn->db, ticket_id, &count));
    }
    return count < max ? OK
                       : problem_value(&cmd->job.problem, ERR_ATTACHMENT_TOO_MANY, "%lld",
                                       (long long)max);
}

static enum err
cmd_attach_run(struct txn *txn, struct job *job)
{
    struct cmd_attach *cmd = job_as(job, struct cmd_attach);
    struct ticket_case ticket_case;
    int64_t seq = 0;

    TRY(idempotency_find(txn, &cmd->idempotency, cmd->now));
    if (cmd->idempotency.is_replay)
        return text_format(cmd->id, sizeof cmd->id, "%s", cmd->idempotency.result)
                   ? OK
                   : ERR_INTERNAL;
    TRY(tickets_case_by_no(txn->db, cmd->no, &ticket_case));
    if (cmd->actor.kind != ACTOR_CITIZEN && !access_ticket(&ticket_case, &cmd->actor))
        return ERR_NOT_FOUND;
    if (!access_attach(&ticket_case, &cmd->actor, cmd->kind))
        return ERR_FORBIDDEN;
    TRY(check_room(txn, cmd, ticket_case.ticket.id));
    TRY(append_event(txn, cmd, ticket_case.ticket.id, &seq));
    TRY(attachments_insert(
        txn, ticket_case.ticket.id, seq, cmd->kind, cmd->type, cmd->upload, cmd->name,
        cmd->actor.kind == ACTOR_USER ? cmd->actor.id : 0, cmd->actor.unit_id, cmd->now));
    TRY(idempotency_save(txn, &cmd->idempotency, cmd->upload->id, cmd->now));
    if (!text_format(cmd->id, sizeof cmd->id, "%s", cmd->upload->id))
        return ERR_INTERNAL;
    cmd->upload->is_kept = true;
    return OK;
}

void
cmd_attach_init(struct cmd_attach *cmd)
{
    *cmd = (struct cmd_attach){
        .job = { .name = "attach", .prepare = cmd_attach_prepare, .run = cmd_attach_run },
        .kind = CHOICE_NONE,
        .type = CHOICE_NONE,
    };
}
