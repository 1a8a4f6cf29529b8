#include "api_internal.h"
#include "base/config.h"
#include "base/text.h"
#include "command/cmd_call.h"
#include "command/cmd_user.h"
#include "domain/call.h"
#include "store/calls.h"
#include "store/reader.h"
#include "store/users.h"

/*
 * api_calls.c - /calls: the switchboard tells, the clerk whose telephone it is reads.
 *
 * A caller is shown in clear to those alone whose telephone it was when the call came,
 * who had the number before them there too; the event of it is written then.
 */

#define CALL_ID_CHARACTERS 100
#define CALLS_SHOWN 20
#define CLOCK_SLACK_S 300 /* what a switchboard's clock may be ahead */

struct call_body {
    int event;
    const char *call_id, *caller, *extension;
    int64_t at;
};

#define B struct call_body
static const struct json_field call_fields[] = {
    JSON_CHOICE("event", B, event, &words_call_event, JSON_REQUIRED),
    JSON_TEXT("call_id", B, call_id, 1, CALL_ID_CHARACTERS, JSON_REQUIRED),
    JSON_TEXT("caller", B, caller, 1, 30, JSON_OPTIONAL),
    JSON_TEXT("extension", B, extension, 2, EXTENSION_DIGITS_MAX, JSON_REQUIRED),
    JSON_TIME("at", B, at, JSON_REQUIRED),
    JSON_END
};
#undef B

/* POST /calls */
enum err
call_tell_begin(struct request *req, struct job **ret_job)
{
    struct cmd_call *cmd = arena_make(req->arena, struct cmd_call);
    struct call_body body = { .event = CHOICE_NONE };
    char phone[PHONE_BYTES];

    if (cmd == NULL)
        return ERR_NO_MEMORY;
    TRY(request_body(req, call_fields, &body, NULL));
    if (!extension_is_valid(body.extension))
        return api_field(req, "extension", ERR_FIELD_INVALID, NULL);
    if (body.at > req->now + CLOCK_SLACK_S)
        return api_field(req, "at", ERR_FIELD_FUTURE, NULL);
    if (body.caller != NULL &&
        !text_phone(body.caller, req->http->config->area_code, phone))
        return api_field(req, "caller", ERR_FIELD_PHONE, NULL);
    cmd_call_init(cmd);
    cmd->actor = api_actor(req)->actor;
    cmd->event = body.event;
    cmd->call_id = body.call_id;
    cmd->extension = body.extension;
    cmd->at = body.at;
    cmd->now = req->now;
    if (body.caller != NULL) {
        cmd->caller = arena_text(req->arena, phone);
        if (cmd->caller == NULL)
            return ERR_NO_MEMORY;
    }
    *ret_job = &cmd->job;
    return OK;
}

enum err
call_tell_end(struct request *req, struct job *job)
{
    return api_gone(req, job); /* nothing to say: 204 */
}

/* GET /calls - the newest of the own extension that came for oneself. */
enum err
call_list(struct request *req)
{
    struct call *calls = NULL;
    struct json_out out;
    struct user user;
    size_t count = 0;

    TRY(users_by_id(req->reader->db, req->arena, api_actor(req)->actor.id, &user));
    if (user.extension != NULL)
        TRY(calls_list(req->store, req->reader->db, req->arena, user.extension, user.id,
                       CALLS_SHOWN, &calls, &count));
    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_text(&out, "extension", user.extension);
    json_list_open(&out, "items");
    for (size_t i = 0; i < count; i++) {
        json_object_open(&out, NULL);
        json_int(&out, "id", calls[i].id);
        api_choice(&out, "state", &words_call_state,
                   (int)call_state(calls[i].rang_at, calls[i].answered_at,
                                   calls[i].ended_at, req->now));
        json_text(&out, "caller", calls[i].caller);
        json_time(&out, "rang_at", calls[i].rang_at);
        json_time(&out, "answered_at", calls[i].answered_at);
        json_time(&out, "ended_at", calls[i].ended_at);
        json_text(&out, "ticket", calls[i].ticket);
        json_object_close(&out);
    }
    json_list_close(&out);
    json_null(&out, "next");
    json_object_close(&out);
    return reply_json(req, 200, &out);
}
