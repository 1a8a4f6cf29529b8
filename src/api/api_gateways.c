#include <string.h>

#include "api_internal.h"
#include "base/config.h"
#include "base/text.h"
#include "command/cmd_gateway.h"
#include "list_cursor.h"
#include "public_view.h"
#include "store/gateways.h"
#include "store/reader.h"
#include "store/rulebook.h"
#include "store/store.h"
#include "store/tickets.h"
#include "ticket_json.h"

/*
 * api_gateways.c - /sms and /upstream/{platform}/…: tickets that other systems
 * bring, and what a platform is told of its own.
 *
 * 1. A system sees no ticket; a platform is told the answers to what it brought,
 *    as the citizen reads them, and nothing of people.
 * 2. A platform that is not the token's own does not exist.
 */

#define MESSAGE_ID_CHARACTERS 100
#define SMS_CHARACTERS_MAX 2000
#define ANSWERS_BYTES ((size_t)512 * 1024) /* then the page ends: replies may be long */
#define CURSOR_ANSWERS 'p'

/* --- SMS -------------------------------------------------------------------------- */

struct sms_body {
    const char *message_id, *phone, *content;
};

static const struct json_field sms_fields[] = {
    JSON_TEXT("message_id", struct sms_body, message_id, 1, MESSAGE_ID_CHARACTERS,
              JSON_REQUIRED),
    JSON_TEXT("phone", struct sms_body, phone, 1, 30, JSON_REQUIRED),
    JSON_TEXT("content", struct sms_body, content, 1, SMS_CHARACTERS_MAX, JSON_REQUIRED),
    JSON_END
};

/* POST /sms */
enum err
sms_create_begin(struct request *req, struct job **ret_job)
{
    struct cmd_sms *cmd = arena_make(req->arena, struct cmd_sms);
    struct sms_body body = { 0 };
    char phone[PHONE_BYTES];

    if (cmd == NULL)
        return ERR_NO_MEMORY;
    TRY(request_body(req, sms_fields, &body, NULL));
    if (!text_phone(body.phone, req->http->config->area_code, phone))
        return api_field(req, "phone", ERR_FIELD_PHONE, NULL);
    cmd_sms_init(cmd, store_keys(req->store), phone, body.content);
    cmd->message_id = body.message_id;
    cmd->same_since = req->now - (int64_t)60 * req->rulebook->settings.sms_repeat_minutes;
    cmd->create.actor = api_actor(req)->actor;
    cmd->create.now = req->now;
    cmd->create.draft.channel = "sms";
    cmd->create.draft.content = body.content;
    cmd->create.draft.petitioner.phone = body.phone;
    cmd->create.draft_present = ticket_draft_present(&cmd->create.draft);
    *ret_job = &cmd->create.job;
    return OK;
}

enum err
sms_create_end(struct request *req, struct job *job)
{
    return ticket_reply_receipt(req, 201, job_as(job, struct cmd_ticket_create)->no);
}

/* --- Platforms ---------------------------------------------------------------------- */

static enum err
check_platform(const struct request *req)
{
    const char *platform = api_actor(req)->platform;

    return platform != NULL && strcmp(platform, request_path(req, "platform")) == 0
               ? OK
               : ERR_NOT_FOUND;
}

/* POST /upstream/{platform}/tickets */
enum err
upstream_create_begin(struct request *req, struct job **ret_job)
{
    struct cmd_upstream *cmd = arena_make(req->arena, struct cmd_upstream);

    if (cmd == NULL)
        return ERR_NO_MEMORY;
    TRY(check_platform(req));
    cmd_upstream_init(cmd);
    struct cmd_ticket_create *create = &cmd->create;
    TRY(request_body(req, ticket_draft_fields, &create->draft, NULL));
    if (create->draft.repeat_of != NULL)
        return api_field(req, "repeat_of", ERR_FIELD_UNKNOWN, NULL);
    if (create->draft.upstream != NULL)
        return api_field(req, "upstream", ERR_FIELD_UNKNOWN, NULL);
    if (create->draft.upstream_no == NULL)
        return api_field(req, "upstream_no", ERR_FIELD_MISSING, NULL);
    create->draft.upstream = api_actor(req)->platform;
    create->draft_present = ticket_draft_present(&create->draft);
    create->actor = api_actor(req)->actor;
    create->now = req->now;
    *ret_job = &create->job;
    return OK;
}

enum err
upstream_create_end(struct request *req, struct job *job)
{
    const struct cmd_upstream *cmd = (const struct cmd_upstream *)(const void *)job_as(
        job, struct cmd_ticket_create); /* its first member */

    return ticket_reply_receipt(req, cmd->was_known ? 200 : 201, cmd->create.no);
}

struct answers_query {
    const char *cursor;
    int64_t limit;
};

static const struct json_field answers_fields[] = {
    JSON_INT("limit", struct answers_query, limit, 1, LIST_LIMIT_MAX, JSON_OPTIONAL),
    JSON_TEXT("cursor", struct answers_query, cursor, 1, LIST_CURSOR_CHARACTERS,
              JSON_OPTIONAL),
    JSON_END
};

/* As it is now: who has reopened the ticket since has no answer to tell. */
static enum err
write_answer(struct request *req, struct json_out *out,
             const struct upstream_answer *answer)
{
    struct public_view view;

    TRY(public_view_load(req, answer->ticket_id, &view));
    bool is_over = view.progress.is_declined || view.progress.is_answer_visible;

    json_object_open(out, NULL);
    json_text(out, "upstream_no", answer->upstream_no);
    json_text(out, "no", view.no);
    json_time(out, "answered_at", answer->at);
    json_text(out, "result",
              !is_over                    ? "reopened"
              : view.progress.is_declined ? "declined"
                                          : "answered");
    json_text(out, "unit", view.unit);
    api_choice(out, "outcome", &words_outcome,
               is_over ? view.reply.outcome : CHOICE_NONE);
    json_text(out, "reply_text", is_over ? view.reply.text : NULL);
    json_object_close(out);
    return OK;
}

/* GET /upstream/{platform}/answered */
enum err
upstream_answered_list(struct request *req)
{
    struct answers_query asked = { .limit = LIST_LIMIT_DEFAULT };
    struct upstream_answer *answers = NULL;
    int64_t after = 0, ignored = 0;
    struct json_out out;
    size_t count = 0;

    TRY(check_platform(req));
    TRY(request_query_read(req, answers_fields, &asked, NULL));
    if (asked.cursor != NULL)
        TRY(list_cursor_read(req, asked.cursor, CURSOR_ANSWERS, &ignored, &after));
    TRY(upstream_answers(req->reader->db, req->arena, api_actor(req)->platform, after,
                         (int)asked.limit + 1, &answers, &count));
    size_t most = count > (size_t)asked.limit ? (size_t)asked.limit : count;
    size_t shown = 0;

    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_list_open(&out, "items");
    while (shown < most && out.bytes < ANSWERS_BYTES)
        TRY(write_answer(req, &out, &answers[shown++]));
    json_list_close(&out);
    int64_t last = shown > 0 ? answers[shown - 1].id : after;
    json_text(&out, "last", list_cursor_make(req->arena, CURSOR_ANSWERS, 0, last));
    TRY(list_cursor_write(req, &out, count > shown, CURSOR_ANSWERS, 0, last));
    json_object_close(&out);
    return reply_json(req, 200, &out);
}
