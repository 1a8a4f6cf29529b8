#include <string.h>

#include "api_internal.h"
#include "command/cmd_urge.h"

/*
 * api_urges.c - POST /urges: one text to many tickets.
 */

#define C struct cmd_urge
static const struct json_field urge_fields[] = {
    JSON_TEXT_LIST("tickets", C, tickets, 1, URGE_TICKETS_MAX, TICKET_NO_BYTES - 1,
                   JSON_REQUIRED),
    JSON_TEXT("note", C, note, 1, 2000, JSON_REQUIRED), JSON_END
};
#undef C

enum err
urges_create_begin(struct request *req, struct job **ret_job)
{
    struct cmd_urge *cmd = arena_make(req->arena, struct cmd_urge);

    if (cmd == NULL)
        return ERR_NO_MEMORY;
    cmd_urge_init(cmd);
    TRY(api_idempotency(req, &cmd->idempotency));
    TRY(request_body(req, urge_fields, cmd, NULL));
    for (size_t i = 0; i < cmd->tickets.count; i++)
        for (size_t k = 0; k < i; k++)
            if (strcmp(cmd->tickets.items[i], cmd->tickets.items[k]) == 0)
                return api_field(req, arena_printf(req->arena, "tickets[%zu]", i),
                                 ERR_FIELD_DUPLICATE, cmd->tickets.items[i]);
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
