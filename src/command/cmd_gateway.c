/*
 * cmd_gateway.c - tickets that other systems bring; see the header.
 *
 * 1. One message, one ticket, however often the other system sends it: it is
 *    looked for on the writer, in the transaction that makes it.
 */
#include "command/cmd_gateway.h"

#include <string.h>

#include "store/gateways.h"
#include "store/writer.h"
#include "ticket_internal.h"

/* ERR_NOT_FOUND is an answer here, anything else an error. */
static enum err
maybe(enum err err, bool *ret_found)
{
    *ret_found = err == OK;
    return err == ERR_NOT_FOUND ? OK : err;
}

/* --- SMS -------------------------------------------------------------------------- */

static enum err
sms_run(struct txn *txn, struct job *job)
{
    struct cmd_sms *cmd = (struct cmd_sms *)(void *)job_as(
        job, struct cmd_ticket_create); /* its first member */
    struct cmd_ticket_create *create = &cmd->create;
    int64_t token_id = create->actor.id;
    bool is_known = false;

    TRY(maybe(sms_find(txn->db, token_id, cmd->message_id, create->no), &is_known));
    if (is_known)
        return OK;
    TRY(maybe(
        sms_find_same(txn->db, token_id, cmd->content_index, cmd->same_since, create->no),
        &is_known));
    if (!is_known)
        TRY(ticket_create_run(txn, create));
    return sms_insert(txn, token_id, cmd->message_id, cmd->content_index, create->no,
                      create->now);
}

void
cmd_sms_init(struct cmd_sms *cmd, const struct keys *keys, const char *phone,
             const char *content)
{
    struct hash_state state;
    uint8_t hash[HASH_BYTES];
    char hex[2 * HASH_BYTES + 1];

    *cmd = (struct cmd_sms){ .message_id = "" };
    cmd_ticket_create_init(&cmd->create);
    cmd->create.job.name = "sms";
    cmd->create.job.run = sms_run;
    hash_init(&state);
    hash_add_part(&state, phone, strlen(phone));
    hash_add_part(&state, content, strlen(content));
    hash_done(&state, hash);
    crypt_hex(hash, sizeof hash, hex);
    crypt_index(keys, hex, cmd->content_index);
}

/* --- Platforms ---------------------------------------------------------------------- */

static enum err
upstream_run(struct txn *txn, struct job *job)
{
    struct cmd_upstream *cmd = (struct cmd_upstream *)(void *)job_as(
        job, struct cmd_ticket_create); /* its first member */
    struct cmd_ticket_create *create = &cmd->create;

    TRY(maybe(upstream_ticket(txn->db, create->draft.upstream, create->draft.upstream_no,
                              create->no),
              &cmd->was_known));
    return cmd->was_known ? OK : ticket_create_run(txn, create);
}

void
cmd_upstream_init(struct cmd_upstream *cmd)
{
    *cmd = (struct cmd_upstream){ .was_known = false };
    cmd_ticket_create_init(&cmd->create);
    cmd->create.job.name = "upstream";
    cmd->create.job.run = upstream_run;
}
