#include "command/cmd_account.h"

#include <string.h>

#include "base/arena.h"
#include "command_internal.h"
#include "domain/password.h"
#include "store/logins.h"
#include "store/sessions.h"
#include "store/users.h"
#include "store/writer.h"

/*
 * cmd_account.c - what people do with their own account.
 *
 * 1. Whoever sits at a session that was left open learns no password by trying:
 *    wrong ones count against the same lock as at sign-in.
 * 2. After another password only the session that set it goes on.
 */

static const char *
facts_of(struct txn *txn, int64_t user_id, int64_t ended)
{
    return arena_printf(txn->arena, "\"user\":%lld,\"ended\":%lld", (long long)user_id,
                        (long long)ended);
}

/* --- Another password ------------------------------------------------------------- */

static enum err
password_prepare(struct job *job)
{
    struct cmd_password *cmd = job_as(job, struct cmd_password);

    cmd->is_verified = password_verify(cmd->hash, cmd->password);
    return cmd->is_verified ? password_hash(cmd->new_password, cmd->new_hash) : OK;
}

static enum err
set_password(struct txn *txn, struct cmd_password *cmd)
{
    int64_t ended = 0;

    TRY(users_set_own_password(txn, cmd->actor.id, cmd->new_hash));
    TRY(sessions_delete_others(txn, cmd->actor.id, cmd->session_id, &ended));
    TRY(sessions_renew_epoch(txn, cmd->session_id));
    TRY(logins_clear(txn, cmd->login, cmd->network));
    TRY(command_tell_login(txn, &cmd->actor, cmd->now, "user_password_changed",
                           facts_of(txn, cmd->actor.id, ended), cmd->login));
    return idempotency_save(txn, &cmd->idempotency, cmd->login, cmd->now);
}

static enum err
password_run(struct txn *txn, struct job *job)
{
    struct cmd_password *cmd = job_as(job, struct cmd_password);
    struct user user;
    int64_t until = 0;

    cmd->verdict = OK;
    TRY(idempotency_find(txn, &cmd->idempotency, cmd->now));
    if (cmd->idempotency.is_replay)
        return OK;
    TRY(logins_locked_until(txn->db, cmd->login, cmd->network, cmd->now, &until));
    if (until != 0) {
        cmd->verdict = command_locked(&job->problem, until, cmd->now);
        return OK;
    }
    TRY(users_by_id(txn->db, txn->arena, cmd->actor.id, &user));
    if (user.epoch != cmd->epoch || !user.is_enabled) {
        cmd->verdict = ERR_SESSION_REQUIRED; /* it was changed meanwhile: signed out */
        return OK;
    }
    if (cmd->is_verified)
        return set_password(txn, cmd);
    cmd->verdict =
        command_field(&job->problem, "password", ERR_FIELD_PASSWORD_WRONG, NULL);
    return command_count_failure(txn, cmd->login, cmd->network, cmd->actor.id, cmd->now);
}

enum err
cmd_password_begin(struct cmd_password *cmd, struct db *db, struct arena *arena,
                   const char *address, struct problem *reterr_problem)
{
    struct user user;
    int64_t until = 0;

    cmd->job = (struct job){ .name = "password",
                             .prepare = password_prepare,
                             .run = password_run };
    network_of_address(address, cmd->network);
    TRY(logins_locked_until(db, cmd->login, cmd->network, cmd->now, &until));
    if (until != 0)
        return command_locked(reterr_problem, until, cmd->now);
    if (strcmp(cmd->new_password, cmd->password) == 0)
        return command_field(reterr_problem, "new_password", ERR_FIELD_PASSWORD_SAME,
                             NULL);
    if (password_is_weak(cmd->new_password, cmd->login))
        return command_field(reterr_problem, "new_password", ERR_FIELD_PASSWORD_WEAK,
                             NULL);
    TRY(users_by_id(db, arena, cmd->actor.id, &user));
    cmd->epoch = user.epoch;
    return users_password(db, cmd->actor.id, cmd->hash);
}

/* --- The end of sessions ------------------------------------------------------------ */

static enum err
end_run(struct txn *txn, struct job *job)
{
    struct cmd_sessions_end *cmd = job_as(job, struct cmd_sessions_end);
    int64_t ended = 1;

    if (cmd->id != 0)
        TRY(sessions_delete_one_of_user(txn, cmd->actor.id, cmd->id));
    else
        TRY(sessions_delete_others(txn, cmd->actor.id, cmd->session_id, &ended));
    if (ended == 0)
        return OK; /* there was no other: nothing happened */
    return command_tell_login(txn, &cmd->actor, cmd->now, "user_sessions_ended",
                              facts_of(txn, cmd->actor.id, ended), cmd->login);
}

void
cmd_sessions_end_init(struct cmd_sessions_end *cmd)
{
    *cmd = (struct cmd_sessions_end){
        .job = { .name = "sessions_end", .run = end_run },
    };
}
