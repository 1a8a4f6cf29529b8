/*
 * api_ticket_write.c - the writes of a ticket: create, every action, reveal.
 *
 * An action's body is read by a table made from its rules, so that a member
 * the action does not know is refused by name.
 */
#include <string.h>

#include "api_internal.h"
#include "base/text.h"
#include "command/cmd_ticket.h"
#include "domain/access.h"
#include "http/http.h"
#include "reply_check.h"
#include "store/reader.h"
#include "store/tickets.h"
#include "ticket_json.h"

/* The ticket as the actor may see it now, from committed state. */
static enum err
reply_ticket(struct request *req, int status, const char *no)
{
    struct json_out out;

    json_out_init(&out, req->arena);
    TRY(ticket_json_full(req, no, &out));
    return reply_json(req, status, &out);
}

enum err
ticket_reply_receipt(struct request *req, int status, const char *no)
{
    struct json_out out;
    struct ticket ticket;

    TRY(tickets_by_no(req->reader->db, no, &ticket));
    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_text(&out, "no", ticket.no);
    json_text(&out, "query_code", ticket.query_code);
    json_time(&out, "received_at", ticket.received_at);
    json_object_close(&out);
    return reply_json(req, status, &out);
}

static bool
copy_no(struct request *req, char no[TICKET_NO_BYTES])
{
    return text_format(no, TICKET_NO_BYTES, "%s", request_path(req, "no"));
}

/*
 * Members that tell what exists: another system brings something new, and what
 * comes from a platform comes through /upstream.
 */
static enum err
check_token_draft(struct request *req, const struct cmd_ticket_create *cmd)
{
    static const struct {
        enum draft_field field;
        const char *name;
    } closed[] = {
        { DRAFT_REPEAT_OF, "repeat_of" },
        { DRAFT_UPSTREAM, "upstream" },
        { DRAFT_UPSTREAM_NO, "upstream_no" },
    };

    for (size_t i = 0; i < sizeof closed / sizeof *closed; i++)
        if ((cmd->draft_present & FIELD_BIT(closed[i].field)) != 0)
            return api_field(req, closed[i].name, ERR_FIELD_UNKNOWN, NULL);
    return OK;
}

/* POST /api/v1/tickets */
enum err
ticket_create_begin(struct request *req, struct job **ret_job)
{
    struct cmd_ticket_create *cmd = arena_make(req->arena, struct cmd_ticket_create);

    if (cmd == NULL)
        return ERR_NO_MEMORY;
    cmd_ticket_create_init(cmd);
    TRY(api_idempotency(req, &cmd->idempotency));
    TRY(request_body(req, ticket_draft_fields, &cmd->draft, NULL));
    cmd->draft_present = ticket_draft_present(&cmd->draft);
    cmd->actor = api_actor(req)->actor;
    if (cmd->actor.kind == ACTOR_TOKEN)
        TRY(check_token_draft(req, cmd));
    else
        cmd->arena = req->arena;
    cmd->now = req->now;
    *ret_job = &cmd->job;
    return OK;
}

static enum err
reply_received(struct request *req, const struct cmd_ticket_create *cmd)
{
    struct json_out out;

    json_out_init(&out, req->arena);
    TRY(ticket_json_received(req, cmd->received, &cmd->draft.petitioner, &out));
    return reply_json(req, 201, &out);
}

enum err
ticket_create_end(struct request *req, struct job *job)
{
    const struct cmd_ticket_create *cmd = job_as(job, struct cmd_ticket_create);
    const char *location = arena_printf(req->arena, "/api/v1/tickets/%s", cmd->no);
    bool is_token = api_actor(req)->actor.kind == ACTOR_TOKEN;

    if (location == NULL)
        return ERR_NO_MEMORY;
    if (is_token)
        TRY(ticket_reply_receipt(req, 201, cmd->no));
    else
        TRY(cmd->received == NULL ? reply_ticket(req, 201, cmd->no)
                                  : reply_received(req, cmd));
    return reply_header(req, "Location", location);
}

/* "accept-return" in a path is accept_return everywhere else. */
static int
action_of_path(const char *segment)
{
    char word[32];

    if (!text_format(word, sizeof word, "%s", segment) || strchr(word, '_') != NULL)
        return CHOICE_NONE;
    for (char *c = word; *c != '\0'; c++)
        if (*c == '-')
            *c = '_';
    return choice_find(&words_action, word);
}

static enum err
read_act(struct request *req, struct ticket_act *act)
{
    struct json_field fields[TICKET_FIELD_COUNT + 1];
    enum ticket_field index[TICKET_FIELD_COUNT];
    uint64_t known = ticket_action_fields((enum ticket_action)act->action);
    uint64_t present;
    size_t count = 0;

    for (int field = 0; field < TICKET_FIELD_COUNT; field++)
        if ((known & FIELD_BIT(field)) != 0) {
            index[count] = (enum ticket_field)field;
            fields[count++] = ticket_act_fields[field];
        }
    fields[count] = (struct json_field)JSON_END;
    TRY(request_body(req, fields, act, &present));
    for (size_t i = 0; i < count; i++)
        if ((present & (UINT64_C(1) << i)) != 0)
            act->present |= FIELD_BIT(index[i]);
    act->changes_present = ticket_draft_present(&act->changes);
    return OK;
}

/* POST /api/v1/tickets/{no}/{action} */
enum err
ticket_act_begin(struct request *req, struct job **ret_job)
{
    struct cmd_ticket_act *cmd = arena_make(req->arena, struct cmd_ticket_act);
    int action = action_of_path(request_path(req, "action"));

    if (cmd == NULL)
        return ERR_NO_MEMORY;
    if (action == CHOICE_NONE)
        return ERR_ACTION_UNKNOWN;
    cmd_ticket_act_init(cmd, (enum ticket_action)action);
    if (!copy_no(req, cmd->no))
        return ERR_NOT_FOUND;
    TRY(api_idempotency(req, &cmd->idempotency));
    TRY(read_act(req, &cmd->act));
    if (action == ACT_REPLY || action == ACT_PROPOSE_REPLY)
        TRY(reply_check_act(req, cmd->no, &cmd->act));
    cmd->actor = api_actor(req)->actor;
    cmd->now = req->now;
    *ret_job = &cmd->job;
    return OK;
}

enum err
ticket_act_end(struct request *req, struct job *job)
{
    return reply_ticket(req, 200, job_as(job, struct cmd_ticket_act)->no);
}

struct reveal_body {
    const char *reason;
};
static const struct json_field reveal_fields[] = {
    JSON_TEXT("reason", struct reveal_body, reason, 2, 200, JSON_REQUIRED),
    JSON_END,
};

/* POST /api/v1/tickets/{no}/reveal */
enum err
ticket_reveal_begin(struct request *req, struct job **ret_job)
{
    struct cmd_ticket_reveal *cmd = arena_make(req->arena, struct cmd_ticket_reveal);
    struct reveal_body body = { NULL };

    if (cmd == NULL)
        return ERR_NO_MEMORY;
    cmd_ticket_reveal_init(cmd);
    if (!copy_no(req, cmd->no))
        return ERR_NOT_FOUND;
    TRY(request_body(req, reveal_fields, &body, NULL));
    cmd->reason = body.reason;
    cmd->actor = api_actor(req)->actor;
    cmd->now = req->now;
    *ret_job = &cmd->job;
    return OK;
}

enum err
ticket_reveal_end(struct request *req, struct job *job)
{
    const struct cmd_ticket_reveal *cmd = job_as(job, struct cmd_ticket_reveal);
    struct petitioner people[PETITIONERS_MAX];
    struct json_out out;
    struct ticket ticket;
    size_t count;

    TRY(tickets_by_no(req->reader->db, cmd->no, &ticket));
    TRY(tickets_petitioners(req->reader->db, req->store, req->arena, ticket.id, people,
                            &count));
    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_list_open(&out, "petitioners");
    for (size_t i = 0; i < count; i++) {
        if (!access_petitioner(&api_actor(req)->actor, people[i].from_confidential))
            continue;
        json_object_open(&out, NULL);
        json_text(&out, "kind", choice_word(&words_petitioner_kind, people[i].kind));
        json_text(&out, "name", people[i].name);
        json_text(&out, "phone", people[i].phone);
        json_text(&out, "contact_note", people[i].contact_note);
        json_object_close(&out);
    }
    json_list_close(&out);
    json_object_close(&out);
    return reply_json(req, 200, &out);
}
