#include "command/cmd_token.h"

#include <stdlib.h>
#include <string.h>

#include "base/crypt.h"
#include "base/text.h"
#include "command/cmd_session.h"
#include "command_internal.h"
#include "store/events.h"
#include "store/logins.h"
#include "store/store.h"
#include "store/tokens.h"
#include "store/writer.h"

/*
 * cmd_token.c - API tokens: made, used, removed.
 *
 * 1. A secret is in no row, event or log: what is kept is its hash.
 */

/* --- Made ---------------------------------------------------------------------- */

static bool
platform_is_valid(const char *platform)
{
    size_t length = strspn(
        platform, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");

    return length > 0 && length <= TOKEN_PLATFORM_CHARACTERS && platform[length] == '\0';
}

/* Scope upstream speaks for one platform, and nothing else speaks for any. */
static enum err
check_draft(struct txn *txn, const struct token_draft *draft, int64_t now,
            struct problem *problem)
{
    bool is_upstream = (draft->scopes & SCOPE_BIT(SCOPE_UPSTREAM)) != 0;

    if (is_upstream && draft->platform == NULL)
        return command_field(problem, "platform", ERR_FIELD_MISSING, NULL);
    if (draft->platform != NULL && (!is_upstream || !platform_is_valid(draft->platform)))
        return command_field(problem, "platform", ERR_FIELD_INVALID, NULL);
    if (draft->expires_at != 0 && draft->expires_at <= now)
        return command_field(problem, "expires_at", ERR_FIELD_PAST, NULL);

    enum err err = tokens_check_name(txn->db, draft->name);
    if (err == OK)
        return command_field(problem, "name", ERR_FIELD_TAKEN, draft->name);
    return err == ERR_NOT_FOUND ? OK : err;
}

static enum err
create_run(struct txn *txn, struct job *job)
{
    struct cmd_token_create *cmd = job_as(job, struct cmd_token_create);
    const struct token_draft *draft = &cmd->draft;
    char secret[IDENT_SECRET_BYTES], id[24];
    uint8_t hash[HASH_BYTES];

    cmd->text[0] = '\0';
    TRY(idempotency_find(txn, &cmd->idempotency, cmd->now));
    if (cmd->idempotency.is_replay) {
        cmd->id = strtoll(cmd->idempotency.result, NULL, 10);
        return OK;
    }
    TRY(check_draft(txn, draft, cmd->now, &job->problem));

    struct token token = {
        .name = draft->name,
        .scopes = (uint32_t)draft->scopes,
        .platform = draft->platform,
        .created_at = cmd->now,
        .expires_at = draft->expires_at,
    };
    ident_secret(secret);
    hash_once(secret, strlen(secret), hash);
    TRY(tokens_insert(txn, &token, hash, &cmd->id));
    TRY(command_tell_named(txn, &cmd->actor, cmd->now, "token_created",
                           arena_printf(txn->arena, "\"token\":%lld,\"scopes\":%u",
                                        (long long)cmd->id, token.scopes),
                           "name", draft->name));
    if (!text_format(cmd->text, sizeof cmd->text, "yidan_%lld_%s", (long long)cmd->id,
                     secret) ||
        !text_format(id, sizeof id, "%lld", (long long)cmd->id))
        return ERR_INTERNAL;
    return idempotency_save(txn, &cmd->idempotency, id, cmd->now);
}

void
cmd_token_create_init(struct cmd_token_create *cmd)
{
    *cmd =
        (struct cmd_token_create){ .job = { .name = "token_create", .run = create_run } };
}

/* --- Removed ------------------------------------------------------------------- */

static enum err
remove_run(struct txn *txn, struct job *job)
{
    struct cmd_token_remove *cmd = job_as(job, struct cmd_token_remove);

    TRY(tokens_remove(txn, cmd->id, cmd->now));
    return command_tell(txn, &cmd->actor, cmd->now, "token_removed",
                        arena_printf(txn->arena, "\"token\":%lld", (long long)cmd->id));
}

void
cmd_token_remove_init(struct cmd_token_remove *cmd)
{
    *cmd =
        (struct cmd_token_remove){ .job = { .name = "token_remove", .run = remove_run } };
}

/* --- Used, or misused ------------------------------------------------------------ */

void
token_login(int64_t id, char ret_login[TOKEN_LOGIN_BYTES])
{
    /* No account has a colon in its login. */
    (void)text_format(ret_login, TOKEN_LOGIN_BYTES, "token:%lld",
                      (long long)id); /* it has room */
}

#define SWEEP_ROWS 50 /* more than one attempt adds */

/* A lock of a token that exists is worth an event. */
static enum err
count_wrong(struct txn *txn, const struct cmd_token_note *cmd)
{
    const struct config *config = store_config(txn->store);
    char login[TOKEN_LOGIN_BYTES], network[NETWORK_BYTES];
    struct actor nobody = { .kind = ACTOR_CITIZEN };
    uint8_t hash[HASH_BYTES];
    struct token token;
    int64_t until = 0;

    TRY(logins_sweep(txn, cmd->now - 2 * config->login_lock_s, SWEEP_ROWS));
    token_login(cmd->id, login);
    network_of_address(cmd->address, network);
    /* One that was on its way when the lock fell: counted, it would lift the lock. */
    TRY(logins_locked_until(txn->db, login, network, cmd->now, &until));
    if (until != 0)
        return OK;
    TRY(logins_fail(txn, login, network, cmd->now, config->login_failures,
                    config->login_lock_s, &until));
    if (until == 0)
        return OK;
    enum err err = tokens_by_id(txn->db, txn->arena, cmd->id, &token, hash);
    if (err != OK)
        return err == ERR_NOT_FOUND ? OK : err;
    return command_tell(txn, &nobody, cmd->now, "token_locked",
                        arena_printf(txn->arena, "\"token\":%lld", (long long)cmd->id));
}

static enum err
note_run(struct txn *txn, struct job *job)
{
    const struct cmd_token_note *cmd = job_as(job, struct cmd_token_note);

    return cmd->is_wrong ? count_wrong(txn, cmd) : tokens_touch(txn, cmd->id, cmd->now);
}

static void
note_done(struct job *job)
{
    free(job_as(job, struct cmd_token_note));
}

struct cmd_token_note *
cmd_token_note_new(int64_t id, bool is_wrong, const char *address, int64_t now)
{
    struct cmd_token_note *cmd = calloc(1, sizeof *cmd);

    if (cmd == NULL)
        return NULL;
    cmd->job.name = "token_note";
    cmd->job.run = note_run;
    cmd->job.done = note_done;
    cmd->id = id;
    cmd->now = now;
    cmd->is_wrong = is_wrong;
    (void)text_format(cmd->address, sizeof cmd->address, "%s", address); /* as long */
    return cmd;
}
