#include "public_forms.h"

#include <string.h>

#include "api_internal.h"
#include "base/config.h"
#include "base/text.h"
#include "base/timeutil.h"
#include "list_cursor.h"
#include "store/reader.h"
#include "store/rulebook.h"
#include "store/store.h"

/* public_forms.c - see the header. */

#define CURSOR_REPLIES 'p'
#define REPLIES_BYTES_MAX ((size_t)256 * 1024) /* of texts on a page */

/* clang-format off */
#define M struct public_message
const struct json_field public_message_fields[] = {
    JSON_TEXT    ("token",        M, token,        1, FORM_TOKEN_BYTES - 1, JSON_REQUIRED),
    JSON_CHOICE  ("channel",      M, door,         &words_door,   JSON_REQUIRED),
    JSON_CHOICE  ("kind",         M, kind,         &words_kind,   JSON_OPTIONAL),
    JSON_TEXT    ("title",        M, title,        1, 60,         JSON_OPTIONAL),
    JSON_TEXT    ("content",      M, content,      1, 10000,      JSON_REQUIRED),
    JSON_TEXT    ("area",         M, area,         1, 20,         JSON_OPTIONAL),
    JSON_TEXT    ("address",      M, address,      1, 200,        JSON_OPTIONAL),
    JSON_TEXT    ("name",         M, name,         1, 60,         JSON_OPTIONAL),
    JSON_TEXT    ("phone",        M, phone,        3, 30,         JSON_OPTIONAL),
    JSON_TEXT    ("phone_seen",   M, phone_seen,   3, 30,         JSON_OPTIONAL),
    JSON_TRISTATE("may_publish",  M, may_publish,                 JSON_OPTIONAL),
    JSON_TRISTATE("confidential", M, confidential,                JSON_OPTIONAL),
    JSON_TEXT    ("answer",       M, answer,       1, 20,         JSON_OPTIONAL),
    JSON_TEXT    ("website",      M, website,      0, 200,        JSON_OPTIONAL),
    JSON_END
};
#undef M

#define P struct public_proof
#define KEY                                                                              \
    JSON_TEXT("no", P, no, 1, 40, JSON_REQUIRED),                                        \
    JSON_TEXT("code", P, code, 1, 40, JSON_REQUIRED)
const struct json_field public_lookup_fields[] = {
    KEY,
    JSON_END
};
const struct json_field public_urge_fields[] = {
    KEY,
    JSON_TEXT("note", P, note, 1, 500, JSON_OPTIONAL),
    JSON_END
};
const struct json_field public_rating_fields[] = {
    KEY,
    JSON_CHOICE("satisfaction", P, satisfaction, &words_satisfaction, JSON_REQUIRED),
    JSON_TEXT  ("comment",      P, comment,      1, 2000,             JSON_OPTIONAL),
    JSON_END
};
#undef P
/* clang-format on */

/* --- Messages ------------------------------------------------------------------------- */

void
public_message_clear(struct public_message *message)
{
    *message = (struct public_message){ .door = CHOICE_NONE, .kind = CHOICE_NONE };
}

static void
set_idempotency(const struct request *req, const struct form_token *token,
                struct idempotency *idempotency)
{
    struct hash_state state;

    *idempotency = (struct idempotency){ .actor = "citizen" };
    memcpy(idempotency->key, token->nonce, sizeof token->nonce);
    hash_init(&state);
    hash_add_part(&state, req->body, req->body_bytes);
    hash_done(&state, idempotency->body_hash);
}

/* Perhaps mistyped, and nobody has said that it is right: asked once, never refused. */
static bool
is_odd(const struct public_message *message, const char *phone)
{
    bool is_seen =
        message->phone_seen != NULL && strcmp(message->phone_seen, message->phone) == 0;

    return !is_seen && !text_phone_is_usual(phone);
}

enum err
public_message_begin(struct request *req, const struct public_message *message,
                     struct job **ret_job)
{
    struct cmd_public_message *cmd = arena_make(req->arena, struct cmd_public_message);
    const struct config *config = req->http->config;
    char *question = arena_alloc(req->arena, FORM_QUESTION_BYTES);
    char phone[PHONE_BYTES];
    struct form_token token;

    if (cmd == NULL || question == NULL)
        return ERR_NO_MEMORY;
    enum err err = form_token_read(req, message->token, &token);
    if (err != OK)
        return api_field(req, "token", err, NULL);
    if (message->phone != NULL && !text_phone(message->phone, config->area_code, phone))
        return api_field(req, "phone", ERR_FIELD_PHONE, NULL);
    if (message->phone != NULL && is_odd(message, phone))
        return api_field(req, "phone", ERR_FIELD_PHONE_ODD,
                         arena_printf(req->arena, "%zu", strlen(phone)));

    cmd_public_message_init(cmd, &req->rulebook->settings, store_keys(req->store),
                            req->address, message->phone != NULL ? phone : NULL);
    set_idempotency(req, &token, &cmd->create.idempotency);
    form_question(req, &token, req->language, question);
    cmd->question = question;
    cmd->is_answered = form_answer_is_right(req, &token, message->answer);
    cmd->looks_like_spam = message->website != NULL && message->website[0] != '\0';
    cmd->create.now = req->now;

    struct ticket_draft *draft = &cmd->create.draft;
    draft->channel = choice_word(&words_door, message->door);
    draft->kind = message->kind;
    draft->title = message->title;
    draft->content = message->content;
    draft->area = message->area;
    draft->address = message->address;
    draft->may_publish = message->may_publish;
    draft->confidential = message->confidential;
    draft->anonymous = message->name == NULL ? TRISTATE_YES : TRISTATE_ABSENT;
    draft->petitioner.name = message->name;
    draft->petitioner.phone = message->phone;
    *ret_job = &cmd->create.job;
    return OK;
}

enum err
public_message_end(struct request *req, struct job *job,
                   struct public_receipt *ret_receipt)
{
    const struct cmd_ticket_create *cmd = job_as(job, struct cmd_ticket_create);
    char code[QUERY_CODE_BYTES];
    char *token = arena_alloc(req->arena, UPLOAD_TOKEN_BYTES);
    struct public_view view;
    int64_t id;

    if (token == NULL)
        return ERR_NO_MEMORY;
    upload_token_make(req, cmd->no, token);
    TRY(citizens_key(req->reader->db, cmd->no, &id, code));
    TRY(public_view_load(req, id, &view));
    *ret_receipt = (struct public_receipt){
        .no = view.no,
        .query_code = arena_text(req->arena, view.query_code),
        .expected_day = view.expected_day,
        .upload_token = token,
    };
    return ret_receipt->query_code == NULL ? ERR_NO_MEMORY : OK;
}

/* --- Number and query code -------------------------------------------------------------- */

void
public_proof_clear(struct public_proof *proof)
{
    *proof = (struct public_proof){ .satisfaction = CHOICE_NONE };
}

enum err
public_lookup_begin(struct request *req, const struct public_proof *proof,
                    struct job **ret_job)
{
    struct cmd_public_lookup *cmd = arena_make(req->arena, struct cmd_public_lookup);

    if (cmd == NULL)
        return ERR_NO_MEMORY;
    cmd_public_lookup_init(cmd);
    citizen_key_init(&cmd->key, req->http->config, store_keys(req->store), proof->no,
                     proof->code, req->address);
    cmd->now = req->now;
    *ret_job = &cmd->job;
    return OK;
}

enum err
public_act_begin(struct request *req, enum ticket_action action,
                 const struct public_proof *proof, struct job **ret_job)
{
    struct cmd_public_act *cmd = arena_make(req->arena, struct cmd_public_act);

    if (cmd == NULL)
        return ERR_NO_MEMORY;
    cmd_public_act_init(cmd, action);
    citizen_key_init(&cmd->key, req->http->config, store_keys(req->store), proof->no,
                     proof->code, req->address);
    struct ticket_act *act = &cmd->ticket.act;
#define GIVE(field, member, value, is_given)                                             \
    if (is_given) {                                                                      \
        act->member = (value);                                                           \
        act->present |= FIELD_BIT(FIELD_##field);                                        \
    }
    GIVE(NOTE, note, proof->note, proof->note != NULL)
    GIVE(SATISFACTION, satisfaction, proof->satisfaction,
         proof->satisfaction != CHOICE_NONE)
    GIVE(COMMENT, comment, proof->comment, proof->comment != NULL)
#undef GIVE
    cmd->ticket.now = req->now;
    *ret_job = &cmd->ticket.job;
    return OK;
}

/* What the key has opened, or how it was refused. */
static enum err
tell(struct request *req, const struct job *job, enum err verdict, int64_t ticket_id,
     struct public_view *ret_view)
{
    if (verdict == OK)
        return public_view_load(req, ticket_id, ret_view);
    req->problem = job->problem;
    return verdict;
}

enum err
public_lookup_end(struct request *req, struct job *job, struct public_view *ret_view)
{
    const struct cmd_public_lookup *cmd = job_as(job, struct cmd_public_lookup);

    return tell(req, job, cmd->verdict, cmd->ticket_id, ret_view);
}

enum err
public_act_end(struct request *req, struct job *job, struct public_view *ret_view)
{
    const struct cmd_public_act *cmd =
        (const struct cmd_public_act *)(const void *)job_as(
            job, struct cmd_ticket_act); /* its first member */

    return tell(req, job, cmd->verdict, cmd->ticket_id, ret_view);
}

/* --- Published replies --------------------------------------------------------------------- */

enum err
public_replies_load(struct request *req, const struct public_replies_query *asked,
                    struct public_replies *ret_replies)
{
    int64_t before_at = INT64_MAX, before_id = INT64_MAX;
    int limit = asked->limit != 0 ? (int)asked->limit : LIST_LIMIT_DEFAULT;
    struct public_reply *items;
    size_t count, shown = 0, bytes = 0;

    if (asked->cursor != NULL)
        TRY(list_cursor_read(req, asked->cursor, CURSOR_REPLIES, &before_at, &before_id));
    /* One more than asked for tells whether there is a next page. */
    TRY(citizens_replies(req->reader->db, req->arena, asked->category, before_at,
                         before_id, limit + 1, &items, &count));
    /* Long texts make a short page. */
    while (shown < count && shown < (size_t)limit &&
           (shown == 0 || bytes + strlen(items[shown].text) <= REPLIES_BYTES_MAX))
        bytes += strlen(items[shown++].text);
    *ret_replies = (struct public_replies){ .items = items, .count = shown };
    if (shown == count)
        return OK;
    ret_replies->next = list_cursor_make(
        req->arena, CURSOR_REPLIES, items[shown - 1].published_at, items[shown - 1].id);
    return ret_replies->next == NULL ? ERR_NO_MEMORY : OK;
}
