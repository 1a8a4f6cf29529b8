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
 * 2. Whoever has learnt the password and found a session cannot lock its owner out:
 *    another password takes a code as well, where there is a second factor.
 * 3. After another password only the session that set it goes on.
 * 4. A right password clears no failures here: wrong codes of the second factor are
 *    counted by the same lock, and whoever has the one must not try the other freely.
 */

static const char *
facts_of(struct txn *txn, int64_t user_id, int64_t ended)
{
    return arena_printf(txn->arena, "\"user\":%lld,\"ended\":%lld", (long long)user_id,
                        (long long)ended);
}

/* --- Who is at this session? -------------------------------------------------------- */

enum err
account_proof_begin(struct account_proof *proof, struct db *db, struct arena *arena,
                    const char *address, struct problem *reterr_problem)
{
    struct user user;
    int64_t until = 0;

    network_of_address(address, proof->network);
    TRY(logins_locked_until(db, proof->login, proof->network, proof->now, &until));
    if (until != 0)
        return command_locked(reterr_problem, until, proof->now);
    TRY(users_by_id(db, arena, proof->user_id, &user));
    proof->epoch = user.epoch;
    return users_password(db, proof->user_id, proof->hash);
}

void
account_proof_verify(struct account_proof *proof)
{
    proof->is_verified = password_verify(proof->hash, proof->password);
}

enum err
account_proof_judge(struct txn *txn, const struct account_proof *proof,
                    struct problem *problem, enum err *ret_verdict)
{
    struct user user;
    int64_t until = 0;

    TRY(logins_locked_until(txn->db, proof->login, proof->network, proof->now, &until));
    if (until != 0) {
        *ret_verdict = command_locked(problem, until, proof->now);
        return OK;
    }
    TRY(users_by_id(txn->db, txn->arena, proof->user_id, &user));
    if (user.epoch != proof->epoch || !user.is_enabled) {
        *ret_verdict = ERR_SESSION_REQUIRED; /* it was changed meanwhile: signed out */
        return OK;
    }
    if (proof->is_verified) {
        *ret_verdict = OK;
        return OK;
    }
    *ret_verdict = command_field(problem, "password", ERR_FIELD_PASSWORD_WRONG, NULL);
    return command_count_failure(txn, proof->login, proof->network, proof->user_id,
                                 "password", proof->now);
}

/* --- Another password ------------------------------------------------------------------ */

static enum err
password_prepare(struct job *job)
{
    struct cmd_password *cmd = job_as(job, struct cmd_password);

    account_proof_verify(&cmd->proof);
    return cmd->proof.is_verified ? password_hash(cmd->new_password, cmd->hash) : OK;
}

static enum err
password_run(struct txn *txn, struct job *job)
{
    struct cmd_password *cmd = job_as(job, struct cmd_password);
    const struct account_proof *proof = &cmd->proof;
    int64_t ended = 0;

    cmd->verdict = OK;
    TRY(idempotency_find(txn, &cmd->idempotency, proof->now));
    if (cmd->idempotency.is_replay)
        return OK;
    TRY(account_proof_judge(txn, proof, &job->problem, &cmd->verdict));
    TRY(command_judge_factor(txn, &cmd->actor, proof, &job->problem, &cmd->verdict));
    if (cmd->verdict != OK)
        return OK;

    TRY(users_set_own_password(txn, proof->user_id, cmd->hash));
    TRY(sessions_delete_others(txn, proof->user_id, cmd->session_id, &ended));
    TRY(sessions_renew_epoch(txn, cmd->session_id));
    TRY(command_tell_named(txn, &cmd->actor, proof->now, "user_password_changed",
                           facts_of(txn, proof->user_id, ended), "login", proof->login));
    return idempotency_save(txn, &cmd->idempotency, proof->login, proof->now);
}

enum err
cmd_password_begin(struct cmd_password *cmd, struct db *db, struct arena *arena,
                   const char *address, struct problem *reterr_problem)
{
    const struct account_proof *proof = &cmd->proof;

    cmd->job = (struct job){ .name = "password",
                             .prepare = password_prepare,
                             .run = password_run };
    TRY(account_proof_begin(&cmd->proof, db, arena, address, reterr_problem));
    if (strcmp(cmd->new_password, proof->password) == 0)
        return command_field(reterr_problem, "new_password", ERR_FIELD_PASSWORD_SAME,
                             NULL);
    if (password_is_weak(cmd->new_password, proof->login))
        return command_field(reterr_problem, "new_password", ERR_FIELD_PASSWORD_WEAK,
                             NULL);
    return OK;
}

/* --- The end of sessions ----------------------------------------------------------------- */

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
    return command_tell_named(txn, &cmd->actor, cmd->now, "user_sessions_ended",
                              facts_of(txn, cmd->actor.id, ended), "login", cmd->login);
}

void
cmd_sessions_end_init(struct cmd_sessions_end *cmd)
{
    *cmd = (struct cmd_sessions_end){
        .job = { .name = "sessions_end", .run = end_run },
    };
}
