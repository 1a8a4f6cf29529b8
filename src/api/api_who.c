#include <string.h>

#include "api_internal.h"
#include "base/config.h"
#include "base/ident.h"
#include "command/cmd_session.h"
#include "store/reader.h"
#include "store/sessions.h"
#include "store/writer.h"

/*
 * api_who.c - who is asking, and may they call this route at all?
 *
 * 1. Default deny: a route without roles and scopes is open to all, every other
 *    one only to a good session of a user with one of its roles, or to an API
 *    token with one of its scopes.
 * 2. User, unit and roles are read anew on each request, so that a change acts
 *    at once.
 * 3. Whatever is wrong with a session, the answer is the same.
 * 4. Who has a password that somebody else has set reaches only the routes of the
 *    own account (ROUTE_OWN_ACCOUNT).
 * 5. A session ends when nobody has been there for session_idle_s; polls and
 *    streams are nobody.
 * 6. A request with a token is the token's alone: its cookies count for nothing.
 *    No browser sends one by itself, so it needs no CSRF token.
 */

#define WRITE_SEEN_EVERY_S 300

static bool
is_unsafe(enum http_method method)
{
    return method != METHOD_GET;
}

/*
 * A browser says where a request comes from.  Another site is refused even
 * when it got hold of a cookie and a token.  The scheme is not compared: behind
 * a proxy that ends TLS only the proxy knows it.
 */
static enum err
check_origin(const struct request *req)
{
    const char *site = request_header(req, "Sec-Fetch-Site");
    const char *origin = request_header(req, "Origin");
    const char *host = request_header(req, "Host");

    if (site != NULL && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0)
        return ERR_SESSION_CSRF;
    if (origin == NULL)
        return OK;
    const char *authority = strstr(origin, "://");
    if (authority == NULL || host == NULL || strcmp(authority + 3, host) != 0)
        return ERR_SESSION_CSRF;
    return OK;
}

enum err
api_session_by_hash(const struct http_config *http, struct reader *reader,
                    const uint8_t hash[HASH_BYTES], int64_t now,
                    struct session *ret_session)
{
    const struct api_services *services = http->services;
    enum err err = sessions_by_token(reader, hash, ret_session);

    if (err == ERR_NOT_FOUND)
        return ERR_SESSION_REQUIRED;
    if (err != OK)
        return err;
    int64_t seen_at =
        last_seen_get(services->last_seen, ret_session->id, ret_session->last_seen_at);
    bool is_good =
        ret_session->user_is_enabled && ret_session->epoch == ret_session->user_epoch &&
        now < ret_session->expires_at && now < seen_at + http->config->session_idle_s;
    return is_good ? OK : ERR_SESSION_REQUIRED;
}

/* The session with the secret `token`, if it is still good. */
static enum err
find_session(const struct request *req, const char *token, struct session *ret_session,
             uint8_t ret_hash[HASH_BYTES])
{
    if (token == NULL || strlen(token) != IDENT_SECRET_BYTES - 1)
        return ERR_SESSION_REQUIRED;
    hash_once(token, strlen(token), ret_hash);
    return api_session_by_hash(req->http, req->reader, ret_hash, req->now, ret_session);
}

static enum err
check_csrf(const struct request *req, const struct session *session)
{
    const char *token = request_header(req, "X-CSRF-Token");
    size_t bytes = strlen(session->csrf);

    if (token == NULL || strlen(token) != bytes ||
        !crypt_equal(token, session->csrf, bytes))
        return ERR_SESSION_CSRF;
    return OK;
}

/* The actor's texts are the session's own, which is in the request's arena. */
static enum err
set_actor(struct request *req, const struct session *session,
          const uint8_t hash[HASH_BYTES])
{
    struct api_actor *actor = arena_make(req->arena, struct api_actor);

    if (actor == NULL)
        return ERR_NO_MEMORY;
    actor->actor = (struct actor){
        .kind = ACTOR_USER,
        .id = session->user_id,
        .unit_id = session->unit_id,
        .roles = session->roles,
    };
    actor->session_id = session->id;
    memcpy(actor->session_hash, hash, HASH_BYTES);
    actor->expires_at = session->expires_at;
    actor->unit_sign_off = session->unit_sign_off;
    actor->must_change_password = session->must_change_password;
    actor->login = session->login;
    actor->name = session->name;
    actor->unit_code = session->unit_code;
    actor->unit_name = session->unit_name;
    actor->csrf = session->csrf;
    req->actor = actor;
    return OK;
}

/*
 * Is this no sign of a person?  What a page asks by itself says so, by its route
 * or by a field; that only ever shortens the caller's own session.
 */
static bool
is_unattended(const struct request *req)
{
    return req->route->is_quiet || request_header(req, "X-Unattended") != NULL;
}

/* Nobody waits for this write; when the writer is full, the next request tries again. */
static void
see(struct request *req, const struct session *session)
{
    const struct api_services *services = req->http->services;

    if (!last_seen_put(services->last_seen, session->id, session->last_seen_at, req->now,
                       WRITE_SEEN_EVERY_S))
        return;
    struct cmd_session_touch *cmd = cmd_session_touch_new(session->id, req->now);
    if (cmd == NULL)
        return;
    if (writer_reserve(req->writer) == OK)
        writer_submit(req->writer, &cmd->job);
    else
        cmd->job.done(&cmd->job);
}

enum err
api_sign_in(struct request *req, const char *token)
{
    struct session *session = arena_make(req->arena, struct session);
    uint8_t hash[HASH_BYTES];

    if (session == NULL)
        return ERR_NO_MEMORY;
    TRY(find_session(req, token, session, hash));
    return set_actor(req, session, hash);
}

enum err
api_who(struct request *req)
{
    const struct route *route = req->route;
    uint8_t hash[HASH_BYTES];

    if (is_unsafe(req->method))
        TRY(check_origin(req));
    if (route->roles == 0 && route->scopes == 0)
        return OK;
    const char *token = bearer_text(req);

    if (token != NULL)
        return bearer_who(req, token);
    struct session *session = arena_make(req->arena, struct session);

    if (session == NULL)
        return ERR_NO_MEMORY;
    TRY(find_session(req, request_cookie(req, api_session_cookie(req)), session, hash));
    if (is_unsafe(req->method) && !route->no_csrf)
        TRY(check_csrf(req, session));
    if ((session->roles & route->roles) == 0)
        return ERR_FORBIDDEN;
    if (session->must_change_password && (route->roles & ROUTE_OWN_ACCOUNT) == 0)
        return ERR_SESSION_MUST_CHANGE_PASSWORD;
    TRY(set_actor(req, session, hash));
    if (!is_unattended(req))
        see(req, session);
    return OK;
}
