#include "api_internal.h"
#include "base/config.h"
#include "command/cmd_account.h"
#include "command/cmd_totp.h"
#include "domain/password.h"
#include "store/reader.h"
#include "store/rulebook.h"
#include "store/sessions.h"

/*
 * api_account.c - /me/…: everybody's own account.  It is named by the session
 * alone, so there is no way to another one.
 */

#define PASSWORD_TYPED_MAX 128
#define SESSIONS_SHOWN 50

/* Whose password it is to be. */
static void
name_owner(const struct request *req, struct account_proof *proof)
{
    proof->user_id = api_actor(req)->actor.id;
    proof->login = api_actor(req)->login;
    proof->now = req->now;
}

/* What came of a proof or a code. */
static enum err
told(struct request *req, const struct job *job, enum err verdict)
{
    if (verdict != OK)
        req->problem = job->problem;
    return verdict;
}

/* --- Another password -------------------------------------------------------------- */

#define B struct cmd_password
static const struct json_field password_fields[] = {
    JSON_TEXT("password", B, proof.password, 1, PASSWORD_TYPED_MAX, JSON_REQUIRED),
    JSON_TEXT("new_password", B, new_password, PASSWORD_CHARACTERS_MIN,
              PASSWORD_CHARACTERS_MAX, JSON_REQUIRED),
    JSON_TEXT("code", B, proof.code, TOTP_DIGITS, TOTP_DIGITS, JSON_OPTIONAL), JSON_END
};
#undef B

/* POST /me/password - the passwords are checked and hashed on a worker thread. */
enum err
own_password_begin(struct request *req, struct job **ret_job)
{
    struct cmd_password *cmd = arena_make(req->arena, struct cmd_password);
    const struct api_actor *actor = api_actor(req);

    if (cmd == NULL)
        return ERR_NO_MEMORY;
    TRY(api_idempotency(req, &cmd->idempotency));
    TRY(request_body(req, password_fields, cmd, NULL));
    cmd->actor = actor->actor;
    cmd->session_id = actor->session_id;
    name_owner(req, &cmd->proof);
    TRY(cmd_password_begin(cmd, req->reader->db, req->arena, req->address,
                           &req->problem));
    *ret_job = &cmd->job;
    return OK;
}

enum err
own_password_end(struct request *req, struct job *job)
{
    TRY(told(req, job, job_as(job, struct cmd_password)->verdict));
    return reply_empty(req, 204);
}

/* --- The second factor --------------------------------------------------------------- */

#define B struct cmd_totp_begin
static const struct json_field totp_begin_fields[] = {
    JSON_TEXT("password", B, proof.password, 1, PASSWORD_TYPED_MAX, JSON_REQUIRED),
    JSON_END
};
#undef B
#define C struct cmd_totp_confirm
static const struct json_field totp_confirm_fields[] = {
    JSON_TEXT("code", C, code, TOTP_DIGITS, TOTP_DIGITS, JSON_REQUIRED), JSON_END
};
#undef C
#define R struct cmd_totp_remove
static const struct json_field totp_remove_fields[] = {
    JSON_TEXT("password", R, proof.password, 1, PASSWORD_TYPED_MAX, JSON_REQUIRED),
    JSON_TEXT("code", R, proof.code, TOTP_DIGITS, TOTP_DIGITS, JSON_OPTIONAL), JSON_END
};
#undef R

/* POST /me/totp */
enum err
own_totp_begin(struct request *req, struct job **ret_job)
{
    struct cmd_totp_begin *cmd = arena_make(req->arena, struct cmd_totp_begin);

    if (cmd == NULL)
        return ERR_NO_MEMORY;
    cmd_totp_begin_init(cmd);
    TRY(api_idempotency(req, &cmd->idempotency));
    TRY(request_body(req, totp_begin_fields, cmd, NULL));
    cmd->actor = api_actor(req)->actor;
    name_owner(req, &cmd->proof);
    TRY(account_proof_begin(&cmd->proof, req->reader->db, req->arena, req->address,
                            &req->problem));
    *ret_job = &cmd->job;
    return OK;
}

/* The secret as text and as what a QR code shows; told once. */
enum err
own_totp_end(struct request *req, struct job *job)
{
    const struct cmd_totp_begin *cmd = job_as(job, struct cmd_totp_begin);
    const char *secret = cmd->secret[0] == '\0' ? NULL : cmd->secret, *uri = NULL;
    struct json_out out;

    TRY(told(req, job, cmd->verdict));
    if (secret != NULL) {
        uri = totp_uri(req->arena, secret, req->rulebook->settings.office_name,
                       api_actor(req)->login);
        if (uri == NULL)
            return ERR_NO_MEMORY;
    }
    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_text(&out, "secret", secret);
    json_text(&out, "uri", uri);
    json_object_close(&out);
    return reply_json(req, 201, &out);
}

/* POST /me/totp/confirm */
enum err
own_totp_confirm_begin(struct request *req, struct job **ret_job)
{
    struct cmd_totp_confirm *cmd = arena_make(req->arena, struct cmd_totp_confirm);

    if (cmd == NULL)
        return ERR_NO_MEMORY;
    cmd_totp_confirm_init(cmd);
    TRY(api_idempotency(req, &cmd->idempotency));
    TRY(request_body(req, totp_confirm_fields, cmd, NULL));
    cmd->actor = api_actor(req)->actor;
    cmd->session_id = api_actor(req)->session_id;
    cmd->login = api_actor(req)->login;
    cmd->now = req->now;
    network_of_address(req->address, cmd->network);
    *ret_job = &cmd->job;
    return OK;
}

enum err
own_totp_confirm_end(struct request *req, struct job *job)
{
    TRY(told(req, job, job_as(job, struct cmd_totp_confirm)->verdict));
    return reply_empty(req, 204);
}

/* DELETE /me/totp */
enum err
own_totp_remove_begin(struct request *req, struct job **ret_job)
{
    struct cmd_totp_remove *cmd = arena_make(req->arena, struct cmd_totp_remove);

    if (cmd == NULL)
        return ERR_NO_MEMORY;
    cmd_totp_remove_init(cmd);
    TRY(request_body(req, totp_remove_fields, cmd, NULL));
    cmd->actor = api_actor(req)->actor;
    name_owner(req, &cmd->proof);
    TRY(account_proof_begin(&cmd->proof, req->reader->db, req->arena, req->address,
                            &req->problem));
    *ret_job = &cmd->job;
    return OK;
}

enum err
own_totp_remove_end(struct request *req, struct job *job)
{
    TRY(told(req, job, job_as(job, struct cmd_totp_remove)->verdict));
    return reply_empty(req, 204);
}

/* --- Sessions ------------------------------------------------------------------------ */

/* GET /me/sessions - those that are still good, newest first. */
enum err
own_session_list(struct request *req)
{
    const struct api_services *services = req->http->services;
    const struct api_actor *actor = api_actor(req);
    struct session_row *rows = NULL;
    struct json_out out;
    size_t count = 0;

    TRY(sessions_of_user(req->reader->db, req->arena, actor->actor.id, req->now,
                         SESSIONS_SHOWN, &rows, &count));
    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_list_open(&out, "items");
    for (size_t i = 0; i < count; i++) {
        int64_t seen_at =
            last_seen_get(services->last_seen, rows[i].id, rows[i].last_seen_at);

        if (req->now >= seen_at + req->http->config->session_idle_s)
            continue;
        json_object_open(&out, NULL);
        json_int(&out, "id", rows[i].id);
        json_bool(&out, "current", rows[i].id == actor->session_id);
        json_text(&out, "address", rows[i].address);
        json_time(&out, "created_at", rows[i].created_at);
        json_time(&out, "last_seen_at", seen_at);
        json_time(&out, "expires_at", rows[i].expires_at);
        json_object_close(&out);
    }
    json_list_close(&out);
    json_null(&out, "next");
    json_object_close(&out);
    return reply_json(req, 200, &out);
}

static enum err
begin_end(struct request *req, int64_t id, struct job **ret_job)
{
    struct cmd_sessions_end *cmd = arena_make(req->arena, struct cmd_sessions_end);
    const struct api_actor *actor = api_actor(req);

    if (cmd == NULL)
        return ERR_NO_MEMORY;
    cmd_sessions_end_init(cmd);
    cmd->actor = actor->actor;
    cmd->login = actor->login;
    cmd->session_id = actor->session_id;
    cmd->id = id;
    cmd->now = req->now;
    *ret_job = &cmd->job;
    return OK;
}

/* DELETE /me/sessions/{id} - also the own one, which is signing out elsewhere. */
enum err
own_session_end_begin(struct request *req, struct job **ret_job)
{
    int64_t id = 0;

    TRY(api_path_id(req, "id", &id));
    return id == 0 ? ERR_NOT_FOUND : begin_end(req, id, ret_job);
}

enum err
own_session_end_end(struct request *req, struct job *job)
{
    return api_gone(req, job);
}

/* DELETE /me/sessions - all but the one that asks. */
enum err
own_sessions_end_begin(struct request *req, struct job **ret_job)
{
    return begin_end(req, 0, ret_job);
}

enum err
own_sessions_end_end(struct request *req, struct job *job)
{
    return api_gone(req, job);
}
