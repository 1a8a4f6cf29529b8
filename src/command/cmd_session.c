#include "command/cmd_session.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "command_internal.h"
#include "store/events.h"
#include "store/logins.h"
#include "store/sessions.h"
#include "store/store.h"
#include "store/totps.h"
#include "store/users.h"
#include "store/writer.h"

/*
 * cmd_session.c - signing in and out.
 *
 * 1. Whoever does not get in learns the same in the same time, whether the
 *    account is unknown, disabled or the password wrong.
 * 2. A login as typed is in no event unless it is an account's: people type passwords
 *    there, and strangers anything.
 */

/* Argon2id with the parameters of crypt.c; the password is nobody's. */
#define DUMMY_HASH                                                                       \
    "$argon2id$v=19$m=32768,t=2,p=1$GUkAYO9n/J3ShBWEMYmYLw$"                             \
    "y+aKujJJqxvT5HAT5sQr58zbnKKKNa5QdyyhQQhe6R0"

#define SESSIONS_PER_USER 10
#define SWEEP_ROWS 50

void
network_of_address(const char *address, char ret_network[NETWORK_BYTES])
{
    struct in6_addr six;
    struct in_addr four;
    char text[INET6_ADDRSTRLEN];

    if (inet_pton(AF_INET6, address, &six) == 1) {
        if (!IN6_IS_ADDR_V4MAPPED(&six)) {
            memset(six.s6_addr + 8, 0, 8);
            (void)inet_ntop(AF_INET6, &six, text, sizeof text); /* it has room */
            (void)text_format(ret_network, NETWORK_BYTES, "%s/64", text);
            return;
        }
        memcpy(&four, six.s6_addr + 12, sizeof four);
    } else if (inet_pton(AF_INET, address, &four) != 1) {
        (void)text_format(ret_network, NETWORK_BYTES, "%s", address);
        return;
    }
    four.s_addr &= htonl(UINT32_C(0xffffff00));
    (void)inet_ntop(AF_INET, &four, text, sizeof text);
    (void)text_format(ret_network, NETWORK_BYTES, "%s/24", text);
}

/* --- Signing in --------------------------------------------------------------- */

static enum err
sign_in_prepare(struct job *job)
{
    struct cmd_sign_in *cmd = job_as(job, struct cmd_sign_in);
    bool is_right = password_verify(cmd->hash, cmd->password);

    cmd->is_verified = is_right && cmd->user_id != 0;
    return OK;
}

static enum err
refuse(struct txn *txn, struct cmd_sign_in *cmd)
{
    cmd->verdict = ERR_SESSION_CREDENTIALS;
    return command_count_failure(txn, cmd->login, cmd->network, cmd->user_id, "password",
                                 cmd->now);
}

/* The right password alone is not enough for who has a second factor. */
static enum err
judge_totp(struct txn *txn, struct cmd_sign_in *cmd, enum err *ret_verdict)
{
    struct totp totp;
    bool is_good = false;
    enum err err = totps_find(txn->store, txn->db, txn->arena, cmd->user_id, &totp);

    *ret_verdict = OK;
    if (err == ERR_NOT_FOUND || (err == OK && totp.confirmed_at == 0))
        return OK;
    if (err != OK)
        return err;
    if (cmd->totp == NULL) {
        *ret_verdict = ERR_SESSION_TOTP_REQUIRED;
        return OK;
    }
    TRY(command_take_code(txn, cmd->user_id, &totp, cmd->totp, cmd->now, &is_good));
    if (is_good)
        return OK;
    *ret_verdict = ERR_SESSION_TOTP_WRONG;
    return command_count_failure(txn, cmd->login, cmd->network, cmd->user_id, "totp",
                                 cmd->now);
}

static enum err
start_session(struct txn *txn, struct cmd_sign_in *cmd, const struct user *user)
{
    struct session_draft draft = {
        .user_id = user->id,
        .epoch = user->epoch,
        .csrf = cmd->csrf,
        .address = cmd->address,
        .now = cmd->now,
        .expires_at = cmd->now + store_config(txn->store)->session_max_s,
    };
    struct actor actor = {
        .kind = ACTOR_USER, .id = user->id, .unit_id = user->unit_id, .roles = user->roles
    };
    struct event event = {
        .at = cmd->now,
        .actor = &actor,
        .type = "signed_in",
        .from_state = CHOICE_NONE,
        .to_state = CHOICE_NONE,
        .facts = "",
    };

    ident_secret(cmd->token);
    ident_secret(cmd->csrf);
    hash_once(cmd->token, strlen(cmd->token), draft.token_hash);
    TRY(logins_clear(txn, cmd->login, cmd->network));
    TRY(sessions_insert(txn, &draft, &cmd->session_id));
    TRY(sessions_trim(txn, user->id, SESSIONS_PER_USER));
    return events_append(txn, &event, NULL);
}

static enum err
sign_in_run(struct txn *txn, struct job *job)
{
    struct cmd_sign_in *cmd = job_as(job, struct cmd_sign_in);
    const struct config *config = store_config(txn->store);
    struct user user;
    int64_t until = 0;

    TRY(sessions_sweep(txn, cmd->now, SWEEP_ROWS));
    TRY(logins_sweep(txn, cmd->now - 2 * config->login_lock_s, SWEEP_ROWS));

    TRY(logins_locked_until(txn->db, cmd->login, cmd->network, cmd->now, &until));
    if (until != 0) {
        cmd->verdict = command_locked(&job->problem, until, cmd->now);
        return OK;
    }
    if (!cmd->is_verified)
        return refuse(txn, cmd);
    TRY(users_by_id(txn->db, txn->arena, cmd->user_id, &user));
    if (user.epoch != cmd->epoch || !user.is_enabled)
        return refuse(txn, cmd); /* it was changed while the password was checked */
    TRY(judge_totp(txn, cmd, &cmd->verdict));
    return cmd->verdict == OK ? start_session(txn, cmd, &user) : OK;
}

enum err
cmd_sign_in_begin(struct cmd_sign_in *cmd, struct db *db, struct arena *arena,
                  const char *login, const char *password, const char *totp,
                  const char *address, int64_t now, struct problem *reterr_problem)
{
    struct user user;
    int64_t until = 0;

    *cmd = (struct cmd_sign_in){
        .job = { .name = "sign_in", .prepare = sign_in_prepare, .run = sign_in_run },
        .login = login,
        .password = password,
        .totp = totp,
        .address = address,
        .now = now,
        .hash = DUMMY_HASH,
        .verdict = ERR_SESSION_CREDENTIALS,
    };
    network_of_address(address, cmd->network);
    TRY(logins_locked_until(db, login, cmd->network, now, &until));
    if (until != 0)
        return command_locked(reterr_problem, until, now);

    enum err err = users_by_login(db, arena, login, &user);
    if (err == ERR_NOT_FOUND || (err == OK && !user.is_enabled))
        return OK;
    if (err != OK)
        return err;
    TRY(users_password(db, user.id, cmd->hash));
    cmd->user_id = user.id;
    cmd->epoch = user.epoch;
    return OK;
}

/* --- Signing out, being seen ---------------------------------------------------- */

static enum err
sign_out_run(struct txn *txn, struct job *job)
{
    struct cmd_sign_out *cmd = job_as(job, struct cmd_sign_out);
    struct event event = {
        .at = cmd->now,
        .actor = &cmd->actor,
        .type = "signed_out",
        .from_state = CHOICE_NONE,
        .to_state = CHOICE_NONE,
        .facts = "",
    };

    TRY(sessions_delete(txn, cmd->session_id));
    return events_append(txn, &event, NULL);
}

void
cmd_sign_out_init(struct cmd_sign_out *cmd, const struct actor *actor, int64_t session_id,
                  int64_t now)
{
    *cmd = (struct cmd_sign_out){
        .job = { .name = "sign_out", .run = sign_out_run },
        .actor = *actor,
        .session_id = session_id,
        .now = now,
    };
}

static enum err
touch_run(struct txn *txn, struct job *job)
{
    struct cmd_session_touch *cmd = job_as(job, struct cmd_session_touch);

    return sessions_touch(txn, cmd->session_id, cmd->at);
}

static void
touch_done(struct job *job)
{
    free(job_as(job, struct cmd_session_touch));
}

struct cmd_session_touch *
cmd_session_touch_new(int64_t session_id, int64_t at)
{
    struct cmd_session_touch *cmd = calloc(1, sizeof *cmd);

    if (cmd == NULL)
        return NULL;
    cmd->job.name = "session_touch";
    cmd->job.run = touch_run;
    cmd->job.done = touch_done;
    cmd->session_id = session_id;
    cmd->at = at;
    return cmd;
}
