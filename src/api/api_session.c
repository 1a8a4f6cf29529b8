#include "api_internal.h"
#include "base/config.h"
#include "base/text.h"
#include "base/totp.h"
#include "command/cmd_session.h"
#include "domain/access.h"
#include "store/live.h"
#include "store/reader.h"
#include "store/users.h"

/*
 * api_session.c - GET, POST, DELETE /session: who am I, sign in, sign out.
 *
 * The secret of the session is in the cookie alone; no body and no log has it.
 */

#define LOGIN_TYPED_MAX 64
#define PASSWORD_TYPED_MAX 128

struct sign_in_body {
    const char *login, *password, *totp;
};

static const struct json_field sign_in_fields[] = {
    JSON_TEXT("login", struct sign_in_body, login, 1, LOGIN_TYPED_MAX, JSON_REQUIRED),
    JSON_TEXT("password", struct sign_in_body, password, 1, PASSWORD_TYPED_MAX,
              JSON_REQUIRED),
    JSON_TEXT("totp", struct sign_in_body, totp, TOTP_DIGITS, TOTP_DIGITS, JSON_OPTIONAL),
    JSON_END
};

static enum err
reply_who(struct request *req, const struct api_actor *actor)
{
    struct json_out out;
    struct user user;
    int64_t head_seq = 0;

    TRY(users_by_id(req->reader->db, req->arena, actor->actor.id, &user));
    TRY(live_head(req->reader->db, &head_seq));
    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_object_open(&out, "user");
    json_text(&out, "login", actor->login);
    json_text(&out, "name", actor->name);
    json_object_open(&out, "unit");
    json_text(&out, "code", actor->unit_code);
    json_text(&out, "name", actor->unit_name);
    api_choice(&out, "sign_off", &words_sign_off, actor->unit_sign_off);
    json_object_close(&out);
    api_choices(&out, "roles", &words_role, actor->actor.roles);
    json_object_close(&out);
    json_text(&out, "csrf", actor->csrf);
    json_time(&out, "expires_at", actor->expires_at);
    json_bool(&out, "must_change_password", actor->must_change_password);
    json_bool(&out, "totp", user.has_totp);
    if ((actor->actor.roles & ROLES_STAFF) != 0)
        json_int(&out, "stream_after", head_seq);
    else
        json_null(&out, "stream_after");
    json_object_close(&out);
    return reply_json(req, 200, &out);
}

/* GET /session */
enum err
session_show(struct request *req)
{
    return reply_who(req, api_actor(req));
}

/* POST /session - the password is checked on a worker thread. */
enum err
session_create_begin(struct request *req, struct job **ret_job)
{
    struct cmd_sign_in *cmd = arena_make(req->arena, struct cmd_sign_in);
    struct sign_in_body body = { 0 };

    if (cmd == NULL)
        return ERR_NO_MEMORY;
    TRY(request_body(req, sign_in_fields, &body, NULL));
    TRY(cmd_sign_in_begin(cmd, req->reader->db, req->arena, body.login, body.password,
                          body.totp, req->address, req->now, &req->problem));
    *ret_job = &cmd->job;
    return OK;
}

/* An empty `token` takes the cookie away. */
static enum err
set_cookie(struct request *req, const char *token, int64_t seconds)
{
    const char *cookie = arena_printf(
        req->arena, "%s=%s; Path=/; Max-Age=%lld; HttpOnly; SameSite=Strict%s",
        api_session_cookie(req), token, (long long)seconds,
        req->http->config->secure_cookie != 0 ? "; Secure" : "");

    return cookie == NULL ? ERR_NO_MEMORY : reply_header(req, "Set-Cookie", cookie);
}

/* The session is on disk: read it back like any request would, and answer. */
enum err
session_create_end(struct request *req, struct job *job)
{
    const struct cmd_sign_in *cmd = job_as(job, struct cmd_sign_in);

    if (cmd->verdict != OK) {
        req->problem = job->problem;
        return cmd->verdict;
    }
    TRY(api_sign_in(req, cmd->token));
    TRY(reply_who(req, api_actor(req)));
    return set_cookie(req, cmd->token, req->http->config->session_max_s);
}

/* DELETE /session */
enum err
session_delete_begin(struct request *req, struct job **ret_job)
{
    struct cmd_sign_out *cmd = arena_make(req->arena, struct cmd_sign_out);
    const struct api_actor *actor = api_actor(req);

    if (cmd == NULL)
        return ERR_NO_MEMORY;
    cmd_sign_out_init(cmd, &actor->actor, actor->session_id, req->now);
    *ret_job = &cmd->job;
    return OK;
}

enum err
session_delete_end(struct request *req, struct job *job)
{
    (void)job; /* nothing to say about it */
    TRY(reply_empty(req, 204));
    return set_cookie(req, "", 0);
}
