#include <string.h>

#include "api_internal.h"
#include "command/cmd_belongings.h"
#include "command/cmd_unit.h"
#include "store/belongings.h"
#include "store/reader.h"

/*
 * api_belongings.c - /drafts and /views: everybody's own.  What others have does
 * not exist, but for filters that colleagues of the unit share.
 */

#define DRAFT_BYTES ((size_t)64 * 1024)
#define DRAFT_CHARACTERS (64 * 1024)

/* --- Unsent forms ------------------------------------------------------------------ */

/* The two words of the path are plain, so that nothing a citizen said stands there. */
static enum err
read_key(struct request *req, struct draft_key *ret_key)
{
    *ret_key = (struct draft_key){
        .user_id = api_actor(req)->actor.id,
        .form = request_path(req, "form"),
        .subject = request_path(req, "subject"),
    };
    return unit_code_is_valid(ret_key->form) && unit_code_is_valid(ret_key->subject)
               ? OK
               : ERR_NOT_FOUND;
}

/* GET /drafts - without their contents. */
enum err
draft_list(struct request *req)
{
    struct draft_row *rows = NULL;
    struct json_out out;
    size_t count = 0;

    TRY(drafts_of_user(req->reader->db, req->arena, api_actor(req)->actor.id, &rows,
                       &count));
    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_list_open(&out, "items");
    for (size_t i = 0; i < count; i++) {
        json_object_open(&out, NULL);
        json_text(&out, "form", rows[i].form);
        json_text(&out, "subject", rows[i].subject);
        json_time(&out, "saved_at", rows[i].saved_at);
        json_object_close(&out);
    }
    json_list_close(&out);
    json_null(&out, "next");
    json_object_close(&out);
    return reply_json(req, 200, &out);
}

static enum err
reply_draft(struct request *req, const struct draft_key *key)
{
    const char *content = NULL;
    struct json_out out;
    int64_t saved_at = 0;

    TRY(drafts_open(req->store, req->reader->db, req->arena, key, &content, &saved_at));
    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_text(&out, "form", key->form);
    json_text(&out, "subject", key->subject);
    json_time(&out, "saved_at", saved_at);
    json_text(&out, "content", content);
    json_object_close(&out);
    return reply_json(req, 200, &out);
}

/* GET /drafts/{form}/{subject} */
enum err
draft_show(struct request *req)
{
    struct draft_key key;

    TRY(read_key(req, &key));
    return reply_draft(req, &key);
}

static const struct json_field draft_fields[] = {
    JSON_TEXT("content", struct cmd_draft, content, 1, DRAFT_CHARACTERS, JSON_REQUIRED),
    JSON_END
};

/* PUT /drafts/{form}/{subject} */
enum err
draft_put_begin(struct request *req, struct job **ret_job)
{
    struct cmd_draft *cmd = arena_make(req->arena, struct cmd_draft);

    if (cmd == NULL)
        return ERR_NO_MEMORY;
    cmd_draft_put_init(cmd);
    TRY(request_body(req, draft_fields, cmd, NULL));
    if (strlen(cmd->content) > DRAFT_BYTES)
        return api_field(req, "content", ERR_FIELD_TOO_LONG, "65536");
    TRY(read_key(req, &cmd->key));
    cmd->now = req->now;
    *ret_job = &cmd->job;
    return OK;
}

enum err
draft_put_end(struct request *req, struct job *job)
{
    return reply_draft(req, &job_as(job, struct cmd_draft)->key);
}

/* DELETE /drafts/{form}/{subject} */
enum err
draft_delete_begin(struct request *req, struct job **ret_job)
{
    struct cmd_draft *cmd = arena_make(req->arena, struct cmd_draft);

    if (cmd == NULL)
        return ERR_NO_MEMORY;
    cmd_draft_delete_init(cmd);
    TRY(read_key(req, &cmd->key));
    *ret_job = &cmd->job;
    return OK;
}

enum err
draft_delete_end(struct request *req, struct job *job)
{
    return api_gone(req, job);
}

/* --- Saved filters ------------------------------------------------------------------- */

static void
write_view(struct json_out *out, const struct saved_view *view)
{
    json_object_open(out, NULL);
    json_int(out, "id", view->id);
    json_text(out, "name", view->name);
    json_text(out, "list", view->list);
    json_text(out, "query", view->query);
    json_bool(out, "shared", view->is_shared);
    json_bool(out, "own", view->is_own);
    json_text(out, "owner", view->owner);
    json_object_close(out);
}

/* GET /views */
enum err
view_list(struct request *req)
{
    const struct actor *actor = &api_actor(req)->actor;
    struct saved_view *views = NULL;
    struct json_out out;
    size_t count = 0;

    TRY(views_of_user(req->reader->db, req->arena, actor->id, actor->unit_id, &views,
                      &count));
    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_list_open(&out, "items");
    for (size_t i = 0; i < count; i++)
        write_view(&out, &views[i]);
    json_list_close(&out);
    json_null(&out, "next");
    json_object_close(&out);
    return reply_json(req, 200, &out);
}

#define V struct saved_view
static const struct json_field view_fields[] = {
    JSON_TEXT("name", V, name, 1, 30, JSON_REQUIRED),
    JSON_TEXT("list", V, list, 1, 20, JSON_REQUIRED),
    JSON_TEXT("query", V, query, 0, 1000, JSON_REQUIRED),
    JSON_BOOL("shared", V, is_shared, JSON_OPTIONAL), JSON_END
};
#undef V

/* POST /views */
enum err
view_create_begin(struct request *req, struct job **ret_job)
{
    struct cmd_view *cmd = arena_make(req->arena, struct cmd_view);

    if (cmd == NULL)
        return ERR_NO_MEMORY;
    cmd_view_create_init(cmd);
    TRY(api_idempotency(req, &cmd->idempotency));
    TRY(request_body(req, view_fields, &cmd->view, NULL));
    cmd->user_id = api_actor(req)->actor.id;
    cmd->now = req->now;
    *ret_job = &cmd->job;
    return OK;
}

enum err
view_create_end(struct request *req, struct job *job)
{
    const struct cmd_view *cmd = job_as(job, struct cmd_view);
    struct saved_view view;
    struct json_out out;

    TRY(views_by_id(req->reader->db, req->arena, cmd->user_id, cmd->view.id, &view));
    json_out_init(&out, req->arena);
    write_view(&out, &view);
    return reply_json(req, 201, &out);
}

/* DELETE /views/{id} */
enum err
view_delete_begin(struct request *req, struct job **ret_job)
{
    struct cmd_view *cmd = arena_make(req->arena, struct cmd_view);

    if (cmd == NULL)
        return ERR_NO_MEMORY;
    cmd_view_delete_init(cmd);
    TRY(api_path_id(req, "id", &cmd->view.id));
    cmd->user_id = api_actor(req)->actor.id;
    *ret_job = &cmd->job;
    return OK;
}

enum err
view_delete_end(struct request *req, struct job *job)
{
    return api_gone(req, job);
}
