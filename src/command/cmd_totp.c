#include "command/cmd_totp.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "command_internal.h"
#include "store/logins.h"
#include "store/sessions.h"
#include "store/totps.h"
#include "store/writer.h"

/*
 * cmd_totp.c - the second factor.
 *
 * 1. A secret is in no event, log or reply but the one that made it.
 * 2. A code counts once, also for two requests at the same time: it is taken on
 *    the writer, in the transaction of what it allows.
 */

static enum err
tell(struct txn *txn, const struct actor *actor, int64_t now, const char *type,
     const char *login)
{
    return command_tell_named(
        txn, actor, now, type,
        arena_printf(txn->arena, "\"user\":%lld", (long long)actor->id), "login", login);
}

enum err
command_take_code(struct txn *txn, int64_t user_id, const struct totp *totp,
                  const char *code, int64_t now, bool *ret_is_good)
{
    int64_t step = 0;

    *ret_is_good = false;
    TRY(totp_match(totp->secret, code, now, totp->used_step, &step));
    if (step == 0)
        return OK;
    TRY(totps_use(txn, user_id, step, now));
    *ret_is_good = true;
    return OK;
}

/* Take a code, or count that it was wrong. */
static enum err
judge_code(struct txn *txn, const struct actor *actor, const struct totp *totp,
           const char *login, const char *network, const char *code, int64_t now,
           struct problem *problem, enum err *ret_verdict)
{
    bool is_good = false;

    TRY(command_take_code(txn, actor->id, totp, code, now, &is_good));
    if (is_good) {
        *ret_verdict = OK;
        return OK;
    }
    *ret_verdict = command_field(problem, "code", ERR_FIELD_CODE_WRONG, NULL);
    return command_count_failure(txn, login, network, actor->id, "totp", now);
}

/* The actor's own; ERR_TOTP_NONE when there is none. */
static enum err
find_own(struct txn *txn, int64_t user_id, struct totp *ret_totp)
{
    enum err err = totps_find(txn->store, txn->db, txn->arena, user_id, ret_totp);

    return err == ERR_NOT_FOUND ? ERR_TOTP_NONE : err;
}

enum err
command_judge_factor(struct txn *txn, const struct actor *actor,
                     const struct account_proof *proof, struct problem *problem,
                     enum err *ret_verdict)
{
    struct totp totp;
    enum err err = totps_find(txn->store, txn->db, txn->arena, proof->user_id, &totp);

    if (err == ERR_NOT_FOUND || (err == OK && totp.confirmed_at == 0))
        return OK;
    if (err != OK || *ret_verdict != OK)
        return err;
    if (proof->code == NULL) {
        *ret_verdict = command_field(problem, "code", ERR_FIELD_MISSING, NULL);
        return OK;
    }
    return judge_code(txn, actor, &totp, proof->login, proof->network, proof->code,
                      proof->now, problem, ret_verdict);
}

/* --- Asked for ----------------------------------------------------------------------- */

static enum err
begin_prepare(struct job *job)
{
    account_proof_verify(&job_as(job, struct cmd_totp_begin)->proof);
    return OK;
}

/* What a replay tells: the same secret, while it waits for its first code. */
static enum err
tell_again(struct txn *txn, struct cmd_totp_begin *cmd)
{
    struct totp totp;
    enum err err = totps_find(txn->store, txn->db, txn->arena, cmd->proof.user_id, &totp);

    if (err == ERR_NOT_FOUND || (err == OK && totp.confirmed_at != 0))
        return OK;
    if (err != OK)
        return err;
    return text_format(cmd->secret, sizeof cmd->secret, "%s", totp.secret) ? OK
                                                                           : ERR_INTERNAL;
}

static enum err
begin_run(struct txn *txn, struct job *job)
{
    struct cmd_totp_begin *cmd = job_as(job, struct cmd_totp_begin);
    const struct account_proof *proof = &cmd->proof;

    cmd->verdict = OK;
    TRY(idempotency_find(txn, &cmd->idempotency, proof->now));
    if (cmd->idempotency.is_replay)
        return tell_again(txn, cmd);
    TRY(account_proof_judge(txn, proof, &job->problem, &cmd->verdict));
    if (cmd->verdict != OK)
        return OK;
    TRY(totp_secret(cmd->secret));
    TRY(totps_put(txn, proof->user_id, cmd->secret));
    TRY(tell(txn, &cmd->actor, proof->now, "user_totp_begun", proof->login));
    return idempotency_save(txn, &cmd->idempotency, proof->login, proof->now);
}

void
cmd_totp_begin_init(struct cmd_totp_begin *cmd)
{
    *cmd = (struct cmd_totp_begin){
        .job = { .name = "totp_begin", .prepare = begin_prepare, .run = begin_run },
    };
}

/* --- Confirmed ------------------------------------------------------------------------ */

static enum err
confirm_run(struct txn *txn, struct job *job)
{
    struct cmd_totp_confirm *cmd = job_as(job, struct cmd_totp_confirm);
    struct totp totp;
    int64_t until = 0, ended = 0;

    cmd->verdict = OK;
    TRY(idempotency_find(txn, &cmd->idempotency, cmd->now));
    if (cmd->idempotency.is_replay)
        return OK;
    TRY(find_own(txn, cmd->actor.id, &totp));
    if (totp.confirmed_at != 0)
        return ERR_TOTP_ON;
    TRY(logins_locked_until(txn->db, cmd->login, cmd->network, cmd->now, &until));
    if (until != 0) {
        cmd->verdict = command_locked(&job->problem, until, cmd->now);
        return OK;
    }
    TRY(judge_code(txn, &cmd->actor, &totp, cmd->login, cmd->network, cmd->code, cmd->now,
                   &job->problem, &cmd->verdict));
    if (cmd->verdict != OK)
        return OK;
    /* The others were opened without a code. */
    TRY(sessions_delete_others(txn, cmd->actor.id, cmd->session_id, &ended));
    TRY(tell(txn, &cmd->actor, cmd->now, "user_totp_on", cmd->login));
    return idempotency_save(txn, &cmd->idempotency, cmd->login, cmd->now);
}

void
cmd_totp_confirm_init(struct cmd_totp_confirm *cmd)
{
    *cmd = (struct cmd_totp_confirm){
        .job = { .name = "totp_confirm", .run = confirm_run },
    };
}

/* --- Given up --------------------------------------------------------------------------- */

static enum err
remove_prepare(struct job *job)
{
    account_proof_verify(&job_as(job, struct cmd_totp_remove)->proof);
    return OK;
}

static enum err
remove_run(struct txn *txn, struct job *job)
{
    struct cmd_totp_remove *cmd = job_as(job, struct cmd_totp_remove);
    const struct account_proof *proof = &cmd->proof;
    struct totp totp;
    bool was_there = false;

    TRY(find_own(txn, proof->user_id, &totp));
    TRY(account_proof_judge(txn, proof, &job->problem, &cmd->verdict));
    TRY(command_judge_factor(txn, &cmd->actor, proof, &job->problem, &cmd->verdict));
    if (cmd->verdict != OK)
        return OK;
    TRY(totps_delete(txn, proof->user_id, &was_there));
    return tell(txn, &cmd->actor, proof->now, "user_totp_off", proof->login);
}

void
cmd_totp_remove_init(struct cmd_totp_remove *cmd)
{
    *cmd = (struct cmd_totp_remove){
        .job = { .name = "totp_remove", .prepare = remove_prepare, .run = remove_run },
    };
}
