/*
 * api_attachments.c - files of a ticket: add, list, fetch.
 *
 * 1. A file is handed out for saving, never for showing: as an attachment, with
 *    a policy that lets nothing in it run, and not sniffed (reliability.md 18).
 * 2. An attachment that one may not read answers like one that does not exist.
 */
#include <string.h>

#include "api_internal.h"
#include "base/text.h"
#include "command/cmd_attachment.h"
#include "domain/access.h"
#include "domain/attachment.h"
#include "store/attachments.h"
#include "store/reader.h"
#include "store/tickets.h"
#include "ticket_json.h"

static enum err
load_case(struct request *req, int64_t id, struct ticket_case **ret_case)
{
    /* Large, and emptied by who fills it. */
    struct ticket_case *ticket_case = arena_alloc_raw(req->arena, sizeof *ticket_case);

    if (ticket_case == NULL)
        return ERR_NO_MEMORY;
    if (id != 0)
        TRY(tickets_case_by_id(req->reader->db, id, ticket_case));
    else
        TRY(tickets_case_at_hand(req->reader, request_path(req, "no"), ticket_case));
    if (!access_ticket(ticket_case, &api_actor(req)->actor))
        return ERR_NOT_FOUND;
    *ret_case = ticket_case;
    return OK;
}

static void
write_attachment(struct json_out *out, const struct attachment *attachment)
{
    char hash[HASH_BYTES * 2 + 1];

    crypt_hex(attachment->hash, HASH_BYTES, hash);
    json_object_open(out, NULL);
    json_text(out, "id", attachment->id);
    api_choice(out, "kind", &words_attachment_kind, attachment->kind);
    api_choice(out, "type", &words_attachment_type, attachment->type);
    json_text(out, "name", attachment->name);
    json_int(out, "bytes", attachment->bytes);
    json_text(out, "hash", hash);
    json_time(out, "added_at", attachment->added_at);
    json_text(out, "added_by", attachment->added_by);
    unit_json(out, "unit", attachment->unit_code, attachment->unit_name,
              attachment->unit_short_name);
    json_object_close(out);
}

/* --- GET /tickets/{no}/attachments ---------------------------------------------------- */

enum err
attachment_list(struct request *req)
{
    struct attachment *attachments = NULL;
    struct ticket_case *ticket_case;
    struct json_out out;
    size_t count = 0;

    TRY(request_query_read(req, (const struct json_field[]){ JSON_END }, NULL, NULL));
    TRY(load_case(req, 0, &ticket_case));
    TRY(attachments_of_ticket(req->reader->db, req->arena, ticket_case->ticket.id,
                              &attachments, &count));
    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_list_open(&out, "items");
    for (size_t i = 0; i < count; i++)
        if (access_attachment(ticket_case, &api_actor(req)->actor, attachments[i].kind))
            write_attachment(&out, &attachments[i]);
    json_list_close(&out);
    json_null(&out, "next"); /* all of them, always */
    json_object_close(&out);
    return reply_json(req, 200, &out);
}

/* --- POST /tickets/{no}/attachments ---------------------------------------------------- */

struct add_query {
    const char *name;
    int kind;
};
static const struct json_field add_fields[] = {
    JSON_TEXT("name", struct add_query, name, 1, ATTACHMENT_NAME_CHARACTERS,
              JSON_REQUIRED),
    JSON_CHOICE("kind", struct add_query, kind, &words_attachment_kind, JSON_REQUIRED),
    JSON_END,
};

static enum err
read_add(struct request *req, struct add_query *ret_asked)
{
    *ret_asked = (struct add_query){ .kind = CHOICE_NONE };
    TRY(request_query_read(req, add_fields, ret_asked, NULL));
    if (ret_asked->name == NULL || !attachment_name_is_valid(ret_asked->name))
        return problem_value(&req->problem, ERR_HTTP_QUERY, "name");
    if (ret_asked->kind == CHOICE_NONE)
        return problem_value(&req->problem, ERR_HTTP_QUERY, "kind");
    return OK;
}

enum err
attachment_add_admit(struct request *req)
{
    struct ticket_case *ticket_case;
    struct add_query asked;

    TRY(read_add(req, &asked));
    TRY(load_case(req, 0, &ticket_case));
    return access_attach(ticket_case, &api_actor(req)->actor, asked.kind) ? OK
                                                                          : ERR_FORBIDDEN;
}

/* The key's hash is over method, path and query here; the command adds the file's. */
static enum err
read_idempotency(struct request *req, const struct add_query *asked,
                 struct idempotency *ret_idempotency)
{
    const char *kind = choice_word(&words_attachment_kind, asked->kind);
    struct hash_state state;

    TRY(api_idempotency(req, ret_idempotency));
    hash_init(&state);
    hash_add_part(&state, ret_idempotency->body_hash, HASH_BYTES);
    hash_add_part(&state, asked->name, strlen(asked->name));
    hash_add_part(&state, kind, strlen(kind));
    hash_done(&state, ret_idempotency->body_hash);
    return OK;
}

enum err
attachment_add_begin(struct request *req, struct job **ret_job)
{
    struct cmd_attach *cmd = arena_make(req->arena, struct cmd_attach);
    struct add_query asked;

    if (cmd == NULL)
        return ERR_NO_MEMORY;
    cmd_attach_init(cmd);
    TRY(read_add(req, &asked));
    TRY(read_idempotency(req, &asked, &cmd->idempotency));
    if (!text_format(cmd->no, sizeof cmd->no, "%s", request_path(req, "no")))
        return ERR_NOT_FOUND;
    cmd->actor = api_actor(req)->actor;
    cmd->now = req->now;
    cmd->kind = asked.kind;
    cmd->name = asked.name;
    cmd->upload = req->upload;
    *ret_job = &cmd->job;
    return OK;
}

/* The attachment and its ticket, when the actor may read it. */
static enum err
load_attachment(struct request *req, const char *id, struct attachment *ret_attachment)
{
    struct ticket_case *ticket_case;

    TRY(attachments_by_id(req->reader->db, req->arena, id, ret_attachment));
    TRY(load_case(req, ret_attachment->ticket_id, &ticket_case));
    return access_attachment(ticket_case, &api_actor(req)->actor, ret_attachment->kind)
               ? OK
               : ERR_NOT_FOUND;
}

enum err
attachment_add_end(struct request *req, struct job *job)
{
    const struct cmd_attach *cmd = job_as(job, struct cmd_attach);
    const char *location = arena_printf(req->arena, "/api/v1/attachments/%s", cmd->id);
    struct attachment attachment;
    struct json_out out;

    if (location == NULL)
        return ERR_NO_MEMORY;
    TRY(load_attachment(req, cmd->id, &attachment));
    json_out_init(&out, req->arena);
    write_attachment(&out, &attachment);
    TRY(reply_json(req, 201, &out));
    return reply_header(req, "Location", location);
}

/* --- GET /attachments/{id} ------------------------------------------------------------- */

enum err
attachment_show(struct request *req)
{
    struct attachment attachment;
    int fd = -1;

    TRY(request_query_read(req, (const struct json_field[]){ JSON_END }, NULL, NULL));
    TRY(load_attachment(req, request_path(req, "id"), &attachment));
    const char *saving = api_saving(req, attachment.name);
    if (saving == NULL)
        return ERR_NO_MEMORY;
    TRY(attachments_open_file(req->store, &attachment, &fd));
    TRY(reply_file_take(req, 200, attachment_rules[attachment.type].media_type, fd,
                        attachment.bytes));
    TRY(reply_header(req, "Content-Disposition", saving));
    return reply_header(req, "Content-Security-Policy", "sandbox; default-src 'none'");
}
