#include <string.h>

#include "api_internal.h"
#include "base/config.h"
#include "base/crypt.h"
#include "base/template.h"
#include "base/text.h"
#include "base/timeutil.h"
#include "page_parts.h"
#include "public_forms.h"
#include "store/reader.h"
#include "store/rulebook.h"
#include "store/vocabulary.h"

/*
 * api_pages.c - /public/…: the citizens' pages, which work without a script.  What
 * they are made of is page_parts.c.
 *
 * 1. A page is a template of web/citizen filled with values; the filler escapes
 *    each of them.
 * 2. Number and query code come in bodies and go out in hidden fields, never in
 *    a URL.
 * 3. What is refused comes back as the page it was sent from, filled in, with
 *    the error at its field and in a summary, under the error's own status.
 */

/* --- Pages without a body -------------------------------------------------------------------- */

struct page_query {
    int language, door;
    const char *category, *cursor;
};

static enum err
read_query(struct request *req, const struct json_field *fields, struct page_query *asked)
{
    *asked = (struct page_query){ .language = CHOICE_NONE };
    TRY(request_query_read(req, fields, asked, NULL));
    if (asked->language != CHOICE_NONE)
        req->language = (enum language)asked->language;
    return OK;
}

#define LANGUAGE_FIELD                                                                   \
    JSON_CHOICE("lang", struct page_query, language, &page_languages, JSON_OPTIONAL)
static const struct json_field plain_fields[] = { LANGUAGE_FIELD, JSON_END };
static const struct json_field door_fields[] = {
    LANGUAGE_FIELD,
    JSON_CHOICE("door", struct page_query, door, &words_door, JSON_OPTIONAL), JSON_END
};
static const struct json_field reply_fields[] = {
    LANGUAGE_FIELD,
    JSON_TEXT("category", struct page_query, category, 0, 20, JSON_OPTIONAL),
    JSON_TEXT("cursor", struct page_query, cursor, 1, 40, JSON_OPTIONAL), JSON_END
};

static enum err
plain_page(struct request *req, const char *self, const char *name)
{
    struct page_query asked;
    struct fill *fill = NULL;

    TRY(read_query(req, plain_fields, &asked));
    TRY(page_new(req, self, &fill));
    page_doors(req, fill);
    page_choices(req, fill, "");
    return page_reply(req, 200, fill, name);
}

enum err
page_index(struct request *req)
{
    return plain_page(req, "/public/", "index");
}

enum err
page_help(struct request *req)
{
    return plain_page(req, "/public/help", "help");
}

enum err
page_progress(struct request *req)
{
    return plain_page(req, "/public/progress", "progress");
}

enum err
page_rate(struct request *req)
{
    return plain_page(req, "/public/rate", "rate");
}

static enum err
fill_categories(struct request *req, struct fill *fill, const char *chosen)
{
    struct category *categories = NULL;
    size_t count = 0;

    TRY(categories_all(req->reader->db, req->arena, &categories, &count));
    for (size_t i = 0; i < count; i++) {
        if (categories[i].level != 1)
            continue;
        struct fill *item = fill_item(fill, "categories");
        fill_text(item, "code", categories[i].code);
        fill_text(item, "label", categories[i].name);
        fill_flag(item, "selected", strcmp(categories[i].code, chosen) == 0);
    }
    return OK;
}

#define HEADING_CHARACTERS 30
#define HEADING_BYTES (HEADING_CHARACTERS * 4 + 8)

enum err
page_replies(struct request *req)
{
    struct page_query asked;
    struct public_replies replies;
    struct fill *fill = NULL;

    TRY(read_query(req, reply_fields, &asked));
    bool is_all = asked.category == NULL || asked.category[0] == '\0';
    struct public_replies_query wanted = {
        .category = is_all ? NULL : asked.category,
        .cursor = asked.cursor,
        .limit = 20,
    };
    TRY(public_replies_load(req, &wanted, &replies));
    TRY(page_new(req, "/public/replies", &fill));
    TRY(fill_categories(req, fill, is_all ? "" : asked.category));
    fill_text(fill, "chosen", wanted.category);
    fill_text(fill, "next", replies.next);
    for (size_t i = 0; i < replies.count; i++) {
        const struct public_reply *reply = &replies.items[i];
        struct fill *item = fill_item(fill, "replies");
        char *heading = arena_alloc(req->arena, HEADING_BYTES);

        if (heading == NULL)
            return ERR_NO_MEMORY;
        /* The heading is the text's own beginning: a citizen's title is not public. */
        text_title(reply->text, HEADING_CHARACTERS, heading, HEADING_BYTES);
        fill_text(item, "heading", heading);
        fill_text(item, "published", page_date(req, time_day(reply->published_at)));
        fill_text(item, "category", reply->category);
        fill_text(item, "unit", reply->unit);
        fill_text(item, "text", reply->text);
    }
    return page_reply(req, 200, fill, "replies");
}

/* GET /public/citizen.css - asked for again each time, 304 while it is the same. */
enum err
page_style(struct request *req)
{
    const struct embedded *css = page_file("citizen.css");
    const char *known = request_header(req, "If-None-Match");
    uint8_t hash[HASH_BYTES];
    char tag[40] = "\"";

    if (css == NULL)
        return ERR_INTERNAL;
    hash_once(css->bytes, css->size, hash);
    crypt_hex(hash, 16, tag + 1);
    tag[33] = '"';
    tag[34] = '\0';
    if (known != NULL && strcmp(known, tag) == 0)
        TRY(reply_empty(req, 304));
    else
        TRY(reply_static(req, 200, "text/css; charset=utf-8", css->bytes, css->size));
    TRY(reply_header(req, "ETag", tag));
    return reply_header(req, "Cache-Control", "public, no-cache");
}

/* --- A message -------------------------------------------------------------------------------- */

/* The form, empty or as it was sent. */
static enum err
message_page(struct request *req, int status, int door, enum err err)
{
    const struct config *config = req->http->config;
    struct form_token *token = arena_make(req->arena, struct form_token);
    char *question = arena_alloc(req->arena, FORM_QUESTION_BYTES);
    const char *sent = request_form_value(req, "token");
    struct fill *fill = NULL;
    bool asks = false, is_asked = false, is_odd = false;

    if (token == NULL || question == NULL)
        return ERR_NO_MEMORY;
    for (size_t i = 0; i < req->problem.field_count; i++) {
        is_asked = is_asked || req->problem.fields[i].code == ERR_PUBLIC_QUESTION;
        is_odd = is_odd || req->problem.fields[i].code == ERR_FIELD_PHONE_ODD;
    }
    /* The token that was sent stays, so that a question keeps its answer; a bad one goes. */
    enum err read = form_token_read(req, sent, token);
    bool is_kept = read == OK && err != ERR_IDEMPOTENCY_MISMATCH;
    if (read == ERR_PUBLIC_TOO_QUICK &&
        text_format(token->text, sizeof token->text, "%s", sent))
        is_kept = true;
    if (!is_kept)
        form_token_make(req, token);
    TRY(public_asks_question(req, &asks));
    if (read != ERR_PUBLIC_TOO_QUICK || !is_kept)
        form_question(req, token, req->language, question);
    TRY(page_new(req, err == OK ? "/public/message" : NULL, &fill));
    page_errors(req, fill, err);
    page_typed(req, fill);
    fill_text(fill, "token", token->text);
    if (config->public_files > 0)
        fill_text(fill, "files_most", page_number(req, config->public_files));
    fill_text(fill, "file_bytes", page_number(req, config->upload_bytes_max));
    fill_text(fill, "door_word", words_door.items[door].word);
    fill_text(fill, "door", words_door.items[door].word);
    fill_text(fill, "door_label", page_label(req, &words_door, door));
    fill_text(fill, "question", asks || is_asked ? question : NULL);
    /* Sent again as it is, it is meant; one that was meant stays so. */
    fill_text(fill, "phone_seen",
              request_form_value(req, is_odd ? "phone" : "phone_seen"));
    fill_text(fill, "v_confidential", request_form_value(req, "confidential"));
    fill_text(fill, "v_may_publish", request_form_value(req, "may_publish"));
    page_kinds(req, fill, choice_find(&words_kind, request_form_value(req, "kind")));
    TRY(page_areas(req, fill, request_form_value(req, "area")));
    return page_reply(req, status, fill, "message");
}

enum err
page_message(struct request *req)
{
    struct page_query asked;

    TRY(read_query(req, door_fields, &asked));
    return message_page(req, 200, asked.door, OK);
}

/* The members of a form: those of JSON, and the page's language. */
static enum err
read_form(struct request *req, const struct json_field *fields, void *into)
{
    enum err err = request_form(req, fields, "lang", into);

    page_set_language(req, request_form_value(req, "lang"));
    return err;
}

enum err
page_message_send_begin(struct request *req, struct job **ret_job)
{
    struct public_message message;

    public_message_clear(&message);
    TRY(read_form(req, public_message_fields, &message));
    return public_message_begin(req, &message, ret_job);
}

enum err
page_message_send_end(struct request *req, struct job *job)
{
    struct public_receipt receipt;
    struct fill *fill = NULL;

    TRY(public_message_end(req, job, &receipt));
    TRY(page_new(req, NULL, &fill));
    fill_text(fill, "no", receipt.no);
    fill_text(fill, "code", receipt.query_code);
    fill_text(fill, "expected", page_date(req, receipt.expected_day));
    fill_text(fill, "upload_token", receipt.upload_token);
    return page_reply(req, 200, fill, "done");
}

enum err
page_message_refused(struct request *req, enum err err)
{
    int door = choice_find(&words_door, request_form_value(req, "channel"));

    return message_page(req, err_status(err), door < 0 ? DOOR_WEB : door, err);
}

/* --- Where a ticket stands ---------------------------------------------------------------------- */

static void
fill_steps(struct request *req, struct fill *fill, const struct public_view *view)
{
    for (int step = 0; step < PROGRESS_STEP_COUNT; step++) {
        bool is_reached = step <= (int)view->progress.step;
        bool is_current = step == (int)view->progress.step;

        /* Declined or answered at once, a message was in nobody's hands: nothing says it was. */
        if (is_reached && !is_current && view->progress.at[step] == 0)
            continue;
        struct fill *item = fill_item(fill, "steps");
        fill_text(item, "label", page_label(req, &words_progress_step, step));
        fill_text(item, "mark", is_current ? "●" : is_reached ? "✓" : "○");
        fill_text(item, "class",
                  is_current   ? "current"
                  : is_reached ? "reached"
                               : "ahead");
        fill_flag(item, "current", is_current);
        fill_flag(item, "reached", is_reached);
        if (view->progress.at[step] != 0)
            fill_text(item, "at", page_date(req, time_day(view->progress.at[step])));
        if (step == PROGRESS_ASSIGNED && is_reached)
            fill_text(item, "unit", view->unit);
    }
}

static void
fill_answer(struct request *req, struct fill *fill, const struct public_view *view)
{
    bool is_zh = req->language == LANGUAGE_ZH;

    if (view->has_extension) {
        struct fill *item = fill_item(fill, "extension");

        fill_text(item, "reason",
                  page_label(req, &words_extend_reason, view->extension.reason));
        fill_text(item, "promised", page_date(req, view->extension.promised_day));
        fill_text(item, "interim", view->extension.interim_reply);
    }
    if (view->has_reply) {
        struct fill *item = fill_item(fill, "answer");

        fill_text(item, "answer_title",
                  view->progress.is_declined
                      ? (is_zh ? "不予受理，请向这里反映" : "Not taken; where to go")
                      : (is_zh ? "答复" : "The answer"));
        fill_text(item, "outcome", page_label(req, &words_outcome, view->reply.outcome));
        fill_text(item, "text", view->reply.text);
    }
    if (view->has_rating) {
        struct fill *item = fill_item(fill, "rated");

        fill_text(item, "rated_label",
                  page_label(req, &words_satisfaction, view->rating.satisfaction));
        fill_text(item, "rated_comment", view->rating.comment);
    }
}

static enum err
view_page(struct request *req, const struct public_view *view, const char *said)
{
    struct fill *fill = NULL;
    const char *code = arena_text(req->arena, view->query_code);

    TRY(page_new(req, NULL, &fill));
    fill_flag(fill, "steps_shown", true);
    fill_text(fill, "said", said);
    fill_text(fill, "no", view->no);
    fill_text(fill, "code", code);
    fill_flag(fill, "merged", view->is_merged);
    fill_text(fill, "expected", page_date(req, view->expected_day));
    fill_steps(req, fill, view);
    fill_answer(req, fill, view);
    fill_flag(fill, "may_rate", view->may_rate);
    fill_flag(fill, "may_urge", view->may_urge);
    page_choices(req, fill,
                 view->has_rating
                     ? choice_word(&words_satisfaction, view->rating.satisfaction)
                     : "");
    return page_reply(req, 200, fill, "progress");
}

/* What was sent and refused: the form it can be sent from again. */
static enum err
key_page(struct request *req, enum err err, const char *name)
{
    struct fill *fill = NULL;

    TRY(page_new(req, NULL, &fill));
    page_errors(req, fill, err);
    page_typed(req, fill);
    page_choices(req, fill, request_form_value(req, "satisfaction"));
    return page_reply(req, err_status(err), fill, name);
}

enum err
page_look_begin(struct request *req, struct job **ret_job)
{
    struct public_proof proof;

    public_proof_clear(&proof);
    TRY(read_form(req, public_lookup_fields, &proof));
    return public_lookup_begin(req, &proof, ret_job);
}

enum err
page_look_end(struct request *req, struct job *job)
{
    struct public_view view;

    TRY(public_lookup_end(req, job, &view));
    return view_page(req, &view, NULL);
}

enum err
page_look_refused(struct request *req, enum err err)
{
    return key_page(req, err, "progress");
}

enum err
page_urge_begin(struct request *req, struct job **ret_job)
{
    struct public_proof proof;

    public_proof_clear(&proof);
    TRY(read_form(req, public_urge_fields, &proof));
    return public_act_begin(req, ACT_URGE, &proof, ret_job);
}

enum err
page_urge_end(struct request *req, struct job *job)
{
    struct public_view view;

    TRY(public_act_end(req, job, &view));
    return view_page(req, &view,
                     req->language == LANGUAGE_ZH ? "已催办，我们会尽快办理。"
                                                  : "Urged. We will hurry.");
}

enum err
page_rate_send_begin(struct request *req, struct job **ret_job)
{
    struct public_proof proof;

    public_proof_clear(&proof);
    TRY(read_form(req, public_rating_fields, &proof));
    return public_act_begin(req, ACT_RATE, &proof, ret_job);
}

enum err
page_rate_send_end(struct request *req, struct job *job)
{
    struct public_view view;

    TRY(public_act_end(req, job, &view));
    return view_page(req, &view,
                     req->language == LANGUAGE_ZH ? "谢谢您的评价。"
                                                  : "Thank you for your rating.");
}

enum err
page_rate_refused(struct request *req, enum err err)
{
    return key_page(req, err, "rate");
}
