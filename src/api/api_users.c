#include <errno.h>
#include <stdlib.h>

#include "api_internal.h"
#include "command/cmd_user.h"
#include "store/reader.h"
#include "store/users.h"

/*
 * api_users.c - /users: accounts for the administrator, and for other staff the
 * few names that forms need.
 */

/* Whom forms name: a leader to submit to, who signs off, who handles. */
#define ROLES_IN_FORMS                                                                   \
    (ROLE_BIT(ROLE_LEADER) | ROLE_BIT(ROLE_UNIT_HEAD) | ROLE_BIT(ROLE_HANDLER))

static void
write_user(struct json_out *out, const struct user *user)
{
    json_object_open(out, NULL);
    json_text(out, "login", user->login);
    json_text(out, "name", user->name);
    json_object_open(out, "unit");
    json_text(out, "code", user->unit_code);
    json_text(out, "name", user->unit_name);
    json_object_close(out);
    api_choices(out, "roles", &words_role, user->roles);
    json_text(out, "extension", user->extension);
    json_bool(out, "enabled", user->is_enabled);
    json_bool(out, "must_change_password", user->must_change_password);
    json_bool(out, "totp", user->has_totp);
    json_time(out, "created_at", user->created_at);
    json_int(out, "version", user->version);
    json_object_close(out);
}

/* What staff may know of each other. */
static void
write_name(struct json_out *out, const struct user *user)
{
    json_object_open(out, NULL);
    json_text(out, "login", user->login);
    json_text(out, "name", user->name);
    json_object_open(out, "unit");
    json_text(out, "code", user->unit_code);
    json_text(out, "name", user->unit_name);
    json_object_close(out);
    json_object_close(out);
}

/* --- Lists --------------------------------------------------------------------- */

struct list_query {
    int role;
    const char *unit, *cursor;
    bool enabled;
    int64_t limit;
};

enum { LIST_ROLE, LIST_UNIT, LIST_ENABLED, LIST_LIMIT, LIST_CURSOR };

static const struct json_field list_fields[] = {
    [LIST_ROLE] =
        JSON_CHOICE("role", struct list_query, role, &words_role, JSON_OPTIONAL),
    [LIST_UNIT] = JSON_TEXT("unit", struct list_query, unit, 1, 20, JSON_OPTIONAL),
    [LIST_ENABLED] = JSON_BOOL("enabled", struct list_query, enabled, JSON_OPTIONAL),
    [LIST_LIMIT] =
        JSON_INT("limit", struct list_query, limit, 1, LIST_LIMIT_MAX, JSON_OPTIONAL),
    [LIST_CURSOR] = JSON_TEXT("cursor", struct list_query, cursor, 1, 20, JSON_OPTIONAL),
    JSON_END
};

/* The cursor of this list is the id of the last user on the page before. */
static enum err
read_cursor(struct request *req, const char *text, int64_t *ret_id)
{
    char *end = NULL;

    if (text == NULL) {
        *ret_id = 0;
        return OK;
    }
    errno = 0;
    long long id = strtoll(text, &end, 10);
    if (errno != 0 || *end != '\0' || id < 0 || text[0] < '0' || text[0] > '9')
        return problem_value(&req->problem, ERR_HTTP_QUERY, "cursor");
    *ret_id = id;
    return OK;
}

/* GET /users */
enum err
user_list(struct request *req)
{
    struct list_query asked = { .role = CHOICE_NONE, .limit = LIST_LIMIT_DEFAULT };
    struct users_filter filter = { 0 };
    struct user *users = NULL;
    uint64_t present = 0;
    size_t count = 0;
    int64_t after = 0;
    struct json_out out;

    TRY(request_query_read(req, list_fields, &asked, &present));
    TRY(read_cursor(req, asked.cursor, &after));
    bool is_admin = (api_actor(req)->actor.roles & ROLE_BIT(ROLE_ADMIN)) != 0;
    if (asked.role != CHOICE_NONE)
        filter.roles = ROLE_BIT(asked.role);
    filter.unit = asked.unit;
    filter.has_enabled = (present & (UINT64_C(1) << LIST_ENABLED)) != 0;
    filter.is_enabled = asked.enabled;
    if (!is_admin) {
        if ((filter.roles & ROLES_IN_FORMS) == 0)
            return ERR_FORBIDDEN;
        filter.has_enabled = true;
        filter.is_enabled = true;
    }

    /* One more than asked for tells whether there is a next page. */
    TRY(users_list(req->reader->db, req->arena, &filter, after, (int)asked.limit + 1,
                   &users, &count));
    size_t shown = count > (size_t)asked.limit ? (size_t)asked.limit : count;
    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_list_open(&out, "items");
    for (size_t i = 0; i < shown; i++)
        (is_admin ? write_user : write_name)(&out, &users[i]);
    json_list_close(&out);
    json_text(&out, "next",
              count > shown
                  ? arena_printf(req->arena, "%lld", (long long)users[shown - 1].id)
                  : NULL);
    json_object_close(&out);
    return reply_json(req, 200, &out);
}

static enum err
reply_user(struct request *req, int status, const char *login)
{
    struct json_out out;
    struct user user;

    TRY(users_by_login(req->reader->db, req->arena, login, &user));
    json_out_init(&out, req->arena);
    write_user(&out, &user);
    return reply_json(req, status, &out);
}

/* GET /users/{login} */
enum err
user_show(struct request *req)
{
    return reply_user(req, 200, request_path(req, "login"));
}

/* --- Writes -------------------------------------------------------------------- */

#define D struct user_draft
static const struct json_field create_fields[] = {
    JSON_TEXT("login", D, login, 1, LOGIN_CHARACTERS_MAX, JSON_REQUIRED),
    JSON_TEXT("name", D, name, 1, USER_NAME_CHARACTERS_MAX, JSON_REQUIRED),
    JSON_TEXT("unit", D, unit, 1, 20, JSON_REQUIRED),
    JSON_CHOICES("roles", D, roles, &words_role, 1, ROLE_COUNT, JSON_REQUIRED),
    JSON_TEXT("password", D, password, PASSWORD_CHARACTERS_MIN, PASSWORD_CHARACTERS_MAX,
              JSON_REQUIRED),
    JSON_TEXT("extension", D, extension, 2, EXTENSION_DIGITS_MAX, JSON_OPTIONAL),
    JSON_END
};
static const struct json_field change_fields[] = {
    JSON_INT("version", D, version, 1, INT32_MAX, JSON_REQUIRED),
    JSON_TEXT("name", D, name, 1, USER_NAME_CHARACTERS_MAX, JSON_OPTIONAL),
    JSON_TEXT("unit", D, unit, 1, 20, JSON_OPTIONAL),
    JSON_CHOICES("roles", D, roles, &words_role, 1, ROLE_COUNT, JSON_OPTIONAL),
    JSON_TRISTATE("enabled", D, enabled, JSON_OPTIONAL),
    JSON_TEXT("password", D, password, PASSWORD_CHARACTERS_MIN, PASSWORD_CHARACTERS_MAX,
              JSON_OPTIONAL),
    JSON_TEXT("extension", D, extension, 0, EXTENSION_DIGITS_MAX, JSON_OPTIONAL),
    JSON_BOOL("reset_totp", D, reset_totp, JSON_OPTIONAL),
    JSON_END
};
#undef D

/* POST /users */
enum err
user_create_begin(struct request *req, struct job **ret_job)
{
    struct cmd_user_create *cmd = arena_make(req->arena, struct cmd_user_create);

    if (cmd == NULL)
        return ERR_NO_MEMORY;
    cmd_user_create_init(cmd);
    TRY(api_idempotency(req, &cmd->idempotency));
    TRY(request_body(req, create_fields, &cmd->draft, NULL));
    if (!login_is_valid(cmd->draft.login))
        return api_field(req, "login", ERR_FIELD_INVALID, NULL);
    if (cmd->draft.extension != NULL && !extension_is_valid(cmd->draft.extension))
        return api_field(req, "extension", ERR_FIELD_INVALID, NULL);
    cmd->draft.must_change_password = true;
    cmd->actor = api_actor(req)->actor;
    cmd->now = req->now;
    *ret_job = &cmd->job;
    return OK;
}

enum err
user_create_end(struct request *req, struct job *job)
{
    const char *login = job_as(job, struct cmd_user_create)->idempotency.result;
    const char *location = arena_printf(req->arena, "/api/v1/users/%s", login);

    if (location == NULL)
        return ERR_NO_MEMORY;
    TRY(reply_user(req, 201, login));
    return reply_header(req, "Location", location);
}

/* PATCH /users/{login} */
enum err
user_change_begin(struct request *req, struct job **ret_job)
{
    struct cmd_user_change *cmd = arena_make(req->arena, struct cmd_user_change);

    if (cmd == NULL)
        return ERR_NO_MEMORY;
    cmd_user_change_init(cmd);
    TRY(request_body(req, change_fields, &cmd->draft, NULL));
    if (cmd->draft.extension != NULL && cmd->draft.extension[0] != '\0' &&
        !extension_is_valid(cmd->draft.extension))
        return api_field(req, "extension", ERR_FIELD_INVALID, NULL);
    cmd->draft.login = request_path(req, "login");
    cmd->draft.must_change_password = true; /* counts with a password only */
    cmd->actor = api_actor(req)->actor;
    cmd->now = req->now;
    *ret_job = &cmd->job;
    return OK;
}

enum err
user_change_end(struct request *req, struct job *job)
{
    return reply_user(req, 200, job_as(job, struct cmd_user_change)->draft.login);
}

/* DELETE /users/{login} */
enum err
user_delete_begin(struct request *req, struct job **ret_job)
{
    struct cmd_user_delete *cmd = arena_make(req->arena, struct cmd_user_delete);

    if (cmd == NULL)
        return ERR_NO_MEMORY;
    cmd_user_delete_init(cmd);
    cmd->login = request_path(req, "login");
    cmd->actor = api_actor(req)->actor;
    cmd->now = req->now;
    *ret_job = &cmd->job;
    return OK;
}

enum err
user_delete_end(struct request *req, struct job *job)
{
    return api_gone(req, job);
}
