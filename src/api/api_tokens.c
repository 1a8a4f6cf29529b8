#include "api_internal.h"
#include "command/cmd_token.h"
#include "list_cursor.h"
#include "store/reader.h"
#include "store/tokens.h"

/*
 * api_tokens.c - /tokens: which other systems may sign in, for what.
 *
 * The answer that makes a token is the only one that holds its secret.
 */

#define CURSOR_TOKENS 't'

static void
write_token(struct json_out *out, const struct token *token)
{
    json_int(out, "id", token->id);
    json_text(out, "name", token->name);
    api_choices(out, "scopes", &words_scope, token->scopes);
    json_text(out, "platform", token->platform);
    json_time(out, "created_at", token->created_at);
    json_time(out, "expires_at", token->expires_at);
    json_time(out, "last_used_at", token->last_used_at);
}

struct list_query {
    const char *cursor;
    int64_t limit;
};
static const struct json_field list_fields[] = {
    JSON_TEXT("cursor", struct list_query, cursor, 1, LIST_CURSOR_CHARACTERS,
              JSON_OPTIONAL),
    JSON_INT("limit", struct list_query, limit, 1, LIST_LIMIT_MAX, JSON_OPTIONAL),
    JSON_END,
};

/* GET /tokens */
enum err
token_list(struct request *req)
{
    struct list_query asked = { .limit = LIST_LIMIT_DEFAULT };
    struct token *tokens = NULL;
    size_t count = 0;
    int64_t order = 0, after = 0;
    struct json_out out;

    TRY(request_query_read(req, list_fields, &asked, NULL));
    if (asked.cursor != NULL)
        TRY(list_cursor_read(req, asked.cursor, CURSOR_TOKENS, &order, &after));
    /* One more than asked for tells whether there is a next page. */
    TRY(tokens_list(req->reader->db, req->arena, after, (int)asked.limit + 1, &tokens,
                    &count));
    size_t shown = count > (size_t)asked.limit ? (size_t)asked.limit : count;

    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_list_open(&out, "items");
    for (size_t i = 0; i < shown; i++) {
        json_object_open(&out, NULL);
        write_token(&out, &tokens[i]);
        json_object_close(&out);
    }
    json_list_close(&out);
    TRY(list_cursor_write(req, &out, count > shown, CURSOR_TOKENS, 0,
                          shown > 0 ? tokens[shown - 1].id : 0));
    json_object_close(&out);
    return reply_json(req, 200, &out);
}

#define D struct token_draft
static const struct json_field create_fields[] = {
    JSON_TEXT("name", D, name, 1, TOKEN_NAME_CHARACTERS, JSON_REQUIRED),
    JSON_CHOICES("scopes", D, scopes, &words_scope, 1, SCOPE_COUNT, JSON_REQUIRED),
    JSON_TEXT("platform", D, platform, 1, TOKEN_PLATFORM_CHARACTERS, JSON_OPTIONAL),
    JSON_TIME("expires_at", D, expires_at, JSON_OPTIONAL),
    JSON_END,
};
#undef D

/* POST /tokens */
enum err
token_create_begin(struct request *req, struct job **ret_job)
{
    struct cmd_token_create *cmd = arena_make(req->arena, struct cmd_token_create);

    if (cmd == NULL)
        return ERR_NO_MEMORY;
    cmd_token_create_init(cmd);
    TRY(api_idempotency(req, &cmd->idempotency));
    TRY(request_body(req, create_fields, &cmd->draft, NULL));
    cmd->actor = api_actor(req)->actor;
    cmd->now = req->now;
    *ret_job = &cmd->job;
    return OK;
}

enum err
token_create_end(struct request *req, struct job *job)
{
    const struct cmd_token_create *cmd = job_as(job, struct cmd_token_create);
    uint8_t hash[HASH_BYTES];
    struct token token;
    struct json_out out;

    TRY(tokens_by_id(req->reader->db, req->arena, cmd->id, &token, hash));
    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    write_token(&out, &token);
    json_text(&out, "token", cmd->text[0] == '\0' ? NULL : cmd->text);
    json_object_close(&out);
    return reply_json(req, 201, &out);
}

/* DELETE /tokens/{id} */
enum err
token_remove_begin(struct request *req, struct job **ret_job)
{
    struct cmd_token_remove *cmd = arena_make(req->arena, struct cmd_token_remove);

    if (cmd == NULL)
        return ERR_NO_MEMORY;
    cmd_token_remove_init(cmd);
    TRY(api_path_id(req, "id", &cmd->id));
    cmd->actor = api_actor(req)->actor;
    cmd->now = req->now;
    *ret_job = &cmd->job;
    return OK;
}

enum err
token_remove_end(struct request *req, struct job *job)
{
    return api_gone(req, job);
}
