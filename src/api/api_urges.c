#include <string.h>

#include "api_internal.h"
#include "command/cmd_urge.h"
#include "store/reader.h"
#include "store/rulebook.h"
#include "store/urge_values.h"

/*
 * api_urges.c - POST /urges: one text to many tickets; POST /urges/preview: what each
 * of them would get.
 */

#define C struct cmd_urge
static const struct json_field urge_fields[] = {
    JSON_TEXT_LIST("tickets", C, tickets, 1, URGE_TICKETS_MAX, TICKET_NO_BYTES - 1,
                   JSON_REQUIRED),
    JSON_TEXT("note", C, note, 1, 2000, JSON_REQUIRED), JSON_END
};
#undef C

/* None twice, and of the note every word in braces is known. */
static enum err
check(struct request *req, const struct text_list *tickets, const char *note)
{
    const char *word = NULL;

    for (size_t i = 0; i < tickets->count; i++)
        for (size_t k = 0; k < i; k++)
            if (strcmp(tickets->items[i], tickets->items[k]) == 0)
                return api_field(req, arena_printf(req->arena, "tickets[%zu]", i),
                                 ERR_FIELD_DUPLICATE, tickets->items[i]);
    if (!urge_text_is_good(req->arena, note, &word))
        return api_field(req, "note", ERR_FIELD_INVALID, word);
    return OK;
}

enum err
urges_create_begin(struct request *req, struct job **ret_job)
{
    struct cmd_urge *cmd = arena_make(req->arena, struct cmd_urge);

    if (cmd == NULL)
        return ERR_NO_MEMORY;
    cmd_urge_init(cmd);
    TRY(api_idempotency(req, &cmd->idempotency));
    TRY(request_body(req, urge_fields, cmd, NULL));
    TRY(check(req, &cmd->tickets, cmd->note));
    cmd->actor = api_actor(req)->actor;
    cmd->now = req->now;
    *ret_job = &cmd->job;
    return OK;
}

/* Each ticket in the order asked: urged, or with the error that a single urge gives. */
enum err
urges_create_end(struct request *req, struct job *job)
{
    const struct cmd_urge *cmd = job_as(job, struct cmd_urge);
    struct json_out out;
    int64_t urged = 0;

    for (size_t i = 0; i < cmd->tickets.count; i++)
        urged += cmd->refusals[i] == OK;
    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_int(&out, "urged", urged);
    json_list_open(&out, "items");
    for (size_t i = 0; i < cmd->tickets.count; i++) {
        enum err refusal = cmd->refusals[i];

        json_object_open(&out, NULL);
        json_text(&out, "ticket", cmd->tickets.items[i]);
        json_bool(&out, "urged", refusal == OK);
        json_text(&out, "code", refusal == OK ? NULL : err_code(refusal));
        json_object_close(&out);
    }
    json_list_close(&out);
    json_object_close(&out);
    return reply_json(req, 200, &out);
}

/* --- What each would get ------------------------------------------------------------------ */

struct preview {
    struct text_list tickets;
    const char *note;
};
#define P struct preview
static const struct json_field preview_fields[] = {
    JSON_TEXT_LIST("tickets", P, tickets, 1, URGE_TICKETS_MAX, TICKET_NO_BYTES - 1,
                   JSON_REQUIRED),
    JSON_TEXT("note", P, note, 1, 2000, JSON_REQUIRED), JSON_END
};
#undef P

/* POST /urges/preview */
enum err
urges_preview(struct request *req)
{
    struct preview asked = { .note = NULL };
    struct json_out out;

    TRY(request_body(req, preview_fields, &asked, NULL));
    TRY(check(req, &asked.tickets, asked.note));
    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_list_open(&out, "items");
    for (size_t i = 0; i < asked.tickets.count; i++) {
        const char *no = asked.tickets.items[i];
        struct urge_values values;
        enum err err =
            urge_values_read(req->reader->db, req->arena, req->rulebook, no, &values);
        if (err != OK && err != ERR_NOT_FOUND)
            return err;
        json_object_open(&out, NULL);
        json_text(&out, "ticket", no);
        json_text(&out, "text",
                  err == OK ? urge_text_fill(req->arena, asked.note, &values) : NULL);
        json_object_close(&out);
    }
    json_list_close(&out);
    json_object_close(&out);
    return reply_json(req, 200, &out);
}
