#include <string.h>

#include "api_internal.h"
#include "command/cmd_attachment.h"
#include "form_token.h"

/*
 * api_public_files.c - POST /public/attachments: what a citizen adds to a message
 * that has just arrived.
 *
 * 1. The message's upload token says which ticket, before a byte is taken; no
 *    number and no query code is asked for, so there is nothing to guess.
 * 2. A file goes in and never out here: only staff fetch it (api_attachments.c).
 */

struct file_query {
    const char *name;
};
static const struct json_field file_fields[] = {
    JSON_TEXT("name", struct file_query, name, 1, ATTACHMENT_NAME_CHARACTERS,
              JSON_REQUIRED),
    JSON_END,
};

/* Which file of which ticket. */
static enum err
read_file(struct request *req, struct file_query *ret_asked, char ret_no[TICKET_NO_BYTES])
{
    const char *token = request_header(req, "X-Upload-Token");

    *ret_asked = (struct file_query){ .name = NULL };
    TRY(request_query_read(req, file_fields, ret_asked, NULL));
    if (ret_asked->name == NULL || !attachment_name_is_valid(ret_asked->name))
        return problem_value(&req->problem, ERR_HTTP_QUERY, "name");
    return upload_token_read(req, token == NULL ? "" : token, ret_no);
}

enum err
public_file_add_admit(struct request *req)
{
    char no[TICKET_NO_BYTES];
    struct file_query asked;

    return read_file(req, &asked, no);
}

/* The key's hash is over method, path, ticket and name here; the command adds the file's. */
static enum err
read_idempotency(struct request *req, const char *no, const char *name,
                 struct idempotency *ret_idempotency)
{
    struct hash_state state;

    TRY(api_idempotency_of(req, "citizen_file", ret_idempotency));
    hash_init(&state);
    hash_add_part(&state, ret_idempotency->body_hash, HASH_BYTES);
    hash_add_part(&state, no, strlen(no));
    hash_add_part(&state, name, strlen(name));
    hash_done(&state, ret_idempotency->body_hash);
    return OK;
}

enum err
public_file_add_begin(struct request *req, struct job **ret_job)
{
    struct cmd_attach *cmd = arena_make(req->arena, struct cmd_attach);
    struct file_query asked;

    if (cmd == NULL)
        return ERR_NO_MEMORY;
    cmd_attach_init(cmd);
    TRY(read_file(req, &asked, cmd->no));
    TRY(read_idempotency(req, cmd->no, asked.name, &cmd->idempotency));
    cmd->actor = (struct actor){ .kind = ACTOR_CITIZEN };
    cmd->now = req->now;
    cmd->kind = ATTACHMENT_CITIZEN;
    cmd->name = asked.name;
    cmd->upload = req->upload;
    *ret_job = &cmd->job;
    return OK;
}

enum err
public_file_add_end(struct request *req, struct job *job)
{
    const struct cmd_attach *cmd = job_as(job, struct cmd_attach);
    struct json_out out;

    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_text(&out, "name", cmd->name);
    json_int(&out, "bytes", cmd->upload->bytes);
    json_object_close(&out);
    return reply_json(req, 201, &out);
}
