#include "api_internal.h"
#include "base/config.h"
#include "base/timeutil.h"
#include "public_forms.h"
#include "store/reader.h"
#include "store/rulebook.h"
#include "store/vocabulary.h"

/*
 * api_public.c - /public: what a citizen does, as JSON.
 *
 * Nobody is signed in here.  Number and query code come in bodies only; a
 * message carries the token of its form.
 */

static void
write_words(struct json_out *out, const char *key, const struct choices *choices)
{
    json_list_open(out, key);
    for (size_t i = 0; i < choices->count; i++) {
        json_object_open(out, NULL);
        json_text(out, "word", choices->items[i].word);
        json_text(out, "zh", choices->items[i].zh);
        json_text(out, "en", choices->items[i].en);
        json_object_close(out);
    }
    json_list_close(out);
}

/* --- GET /public/meta -------------------------------------------------------------------- */

static void
write_doors(struct json_out *out, const struct rulebook *rulebook)
{
    json_list_open(out, "doors");
    for (int door = 0; door < DOOR_COUNT; door++) {
        const struct choice *words = &words_door.items[door];
        const struct channel *channel = rulebook_channel(rulebook, words->word);

        if (channel == NULL || !channel->is_enabled)
            continue;
        json_object_open(out, NULL);
        json_text(out, "channel", words->word);
        json_text(out, "zh", words->zh);
        json_text(out, "en", words->en);
        json_int(out, "workdays", channel->workdays);
        json_object_close(out);
    }
    json_list_close(out);
}

/* The longest each text may be, from the table that reads it. */
static void
write_limits(struct json_out *out)
{
    const struct json_field *const forms[] = { public_message_fields,
                                               public_rating_fields };

    json_object_open(out, "limits");
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        for (const struct json_field *field = forms[i]; field->name != NULL; field++) {
            bool is_ours = field->offset == offsetof(struct public_message, token) ||
                           field->offset == offsetof(struct public_message, website);
            bool is_key = i == 1 && field->offset < offsetof(struct public_proof, note);
            if (field->kind == JSON_KIND_TEXT && !(i == 0 && is_ours) && !is_key)
                json_int(out, field->name, field->max);
        }
    json_object_close(out);
}

static enum err
write_areas(struct json_out *out, struct request *req)
{
    struct area *areas = NULL;
    size_t count = 0;

    TRY(areas_all(req->reader->db, req->arena, &areas, &count));
    json_list_open(out, "areas");
    for (size_t i = 0; i < count; i++) {
        if (!areas[i].is_enabled)
            continue;
        json_object_open(out, NULL);
        json_text(out, "code", areas[i].code);
        json_text(out, "parent", areas[i].parent);
        json_text(out, "name", areas[i].name);
        json_object_close(out);
    }
    json_list_close(out);
    return OK;
}

static enum err
write_form(struct json_out *out, struct request *req)
{
    const struct config *config = req->http->config;
    char question[FORM_QUESTION_BYTES];
    struct form_token token;
    bool asks = false;

    TRY(public_asks_question(req, &asks));
    form_token_make(req, &token);
    form_question(req, &token, req->language, question);
    json_object_open(out, "form");
    json_text(out, "token", token.text);
    json_time(out, "expires_at", token.made_at + config->public_form_max_s);
    json_int(out, "min_seconds", config->public_form_min_s);
    json_text(out, "question", asks ? question : NULL);
    json_object_close(out);
    return OK;
}

enum err
public_meta_show(struct request *req)
{
    char office[SETTING_OFFICE_BYTES];
    struct json_out out;

    setting_office(&req->rulebook->settings, office);
    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_text(&out, "county", req->rulebook->settings.county_name);
    json_text(&out, "office", office);
    json_text(&out, "hotline", req->rulebook->settings.hotline);
    write_doors(&out, req->rulebook);
    write_words(&out, "kinds", &words_kind);
    write_words(&out, "steps", &words_progress_step);
    write_words(&out, "outcomes", &words_outcome);
    write_words(&out, "extension_reasons", &words_extend_reason);
    write_words(&out, "texts", &public_texts);
    write_limits(&out);
    TRY(write_areas(&out, req));
    TRY(write_form(&out, req));
    json_object_close(&out);
    return reply_json(req, 200, &out);
}

/* --- POST /public/messages ----------------------------------------------------------------- */

enum err
public_message_create_begin(struct request *req, struct job **ret_job)
{
    struct public_message message;

    public_message_clear(&message);
    TRY(request_body(req, public_message_fields, &message, NULL));
    return public_message_begin(req, &message, ret_job);
}

enum err
public_message_create_end(struct request *req, struct job *job)
{
    struct public_receipt receipt;
    struct json_out out;

    TRY(public_message_end(req, job, &receipt));
    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_text(&out, "no", receipt.no);
    json_text(&out, "query_code", receipt.query_code);
    if (receipt.expected_day == 0)
        json_null(&out, "expected_on");
    else
        json_date(&out, "expected_on", receipt.expected_day);
    json_text(&out, "upload_token", receipt.upload_token);
    json_object_close(&out);
    return reply_json(req, 201, &out);
}

/* --- POST /public/lookup, /urge, /rating --------------------------------------------------- */

static void
date_or_null(struct json_out *out, const char *key, int32_t day)
{
    if (day == 0)
        json_null(out, key);
    else
        json_date(out, key, day);
}

static void
write_steps(struct json_out *out, const struct progress *progress)
{
    json_list_open(out, "steps");
    for (int step = 0; step < PROGRESS_STEP_COUNT; step++) {
        json_object_open(out, NULL);
        api_choice(out, "step", &words_progress_step, step);
        json_bool(out, "reached", step <= (int)progress->step);
        json_time(out, "at", progress->at[step]);
        json_object_close(out);
    }
    json_list_close(out);
}

static void
write_extension(struct json_out *out, const struct public_view *view)
{
    if (!view->has_extension) {
        json_null(out, "extension");
        return;
    }
    json_object_open(out, "extension");
    json_date(out, "promised_on", view->extension.promised_day);
    api_choice(out, "reason_code", &words_extend_reason, view->extension.reason);
    json_text(out, "interim_reply", view->extension.interim_reply);
    json_object_close(out);
}

static void
write_reply(struct json_out *out, const struct public_view *view)
{
    if (!view->has_reply) {
        json_null(out, "reply");
        return;
    }
    json_object_open(out, "reply");
    json_text(out, "text", view->reply.text);
    api_choice(out, "outcome", &words_outcome, view->reply.outcome);
    json_object_close(out);
}

static void
write_rating(struct json_out *out, const struct public_view *view)
{
    if (!view->has_rating) {
        json_null(out, "rating");
        return;
    }
    json_object_open(out, "rating");
    api_choice(out, "satisfaction", &words_satisfaction, view->rating.satisfaction);
    json_text(out, "comment", view->rating.comment);
    json_time(out, "rated_at", view->rating.rated_at);
    json_time(out, "changes_until", view->rating_changes_until);
    json_object_close(out);
}

static enum err
reply_view(struct request *req, const struct public_view *view)
{
    struct json_out out;

    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_text(&out, "no", view->no);
    json_text(&out, "channel", view->channel);
    api_choice(&out, "step", &words_progress_step, (int)view->progress.step);
    write_steps(&out, &view->progress);
    date_or_null(&out, "expected_on", view->expected_day);
    json_text(&out, "unit", view->unit);
    json_bool(&out, "merged", view->is_merged);
    json_bool(&out, "declined", view->progress.is_declined);
    write_extension(&out, view);
    write_reply(&out, view);
    write_rating(&out, view);
    json_bool(&out, "may_urge", view->may_urge);
    json_bool(&out, "may_rate", view->may_rate);
    json_object_close(&out);
    return reply_json(req, 200, &out);
}

enum err
public_lookup_find_begin(struct request *req, struct job **ret_job)
{
    struct public_proof proof;

    public_proof_clear(&proof);
    TRY(request_body(req, public_lookup_fields, &proof, NULL));
    return public_lookup_begin(req, &proof, ret_job);
}

enum err
public_lookup_find_end(struct request *req, struct job *job)
{
    struct public_view view;

    TRY(public_lookup_end(req, job, &view));
    return reply_view(req, &view);
}

static enum err
act_begin(struct request *req, enum ticket_action action, const struct json_field *fields,
          struct job **ret_job)
{
    struct public_proof proof;

    public_proof_clear(&proof);
    TRY(request_body(req, fields, &proof, NULL));
    return public_act_begin(req, action, &proof, ret_job);
}

static enum err
act_end(struct request *req, struct job *job)
{
    struct public_view view;

    TRY(public_act_end(req, job, &view));
    return reply_view(req, &view);
}

enum err
public_urge_create_begin(struct request *req, struct job **ret_job)
{
    return act_begin(req, ACT_URGE, public_urge_fields, ret_job);
}

enum err
public_urge_create_end(struct request *req, struct job *job)
{
    return act_end(req, job);
}

enum err
public_rating_create_begin(struct request *req, struct job **ret_job)
{
    return act_begin(req, ACT_RATE, public_rating_fields, ret_job);
}

enum err
public_rating_create_end(struct request *req, struct job *job)
{
    return act_end(req, job);
}

/* --- GET /public/replies --------------------------------------------------------------------- */

static const struct json_field replies_fields[] = {
    JSON_TEXT("category", struct public_replies_query, category, 1, 20, JSON_OPTIONAL),
    JSON_TEXT("cursor", struct public_replies_query, cursor, 1, 40, JSON_OPTIONAL),
    JSON_INT("limit", struct public_replies_query, limit, 1, LIST_LIMIT_MAX,
             JSON_OPTIONAL),
    JSON_END
};

enum err
public_replies_list(struct request *req)
{
    struct public_replies_query asked = { .limit = 0 };
    struct public_replies replies;
    struct json_out out;

    TRY(request_query_read(req, replies_fields, &asked, NULL));
    TRY(public_replies_load(req, &asked, &replies));
    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_list_open(&out, "items");
    for (size_t i = 0; i < replies.count; i++) {
        const struct public_reply *reply = &replies.items[i];

        json_object_open(&out, NULL);
        json_date(&out, "published_on", time_day(reply->published_at));
        api_choice(&out, "kind", &words_kind, reply->kind);
        json_text(&out, "category", reply->category);
        json_text(&out, "unit", reply->unit);
        json_text(&out, "text", reply->text);
        json_object_close(&out);
    }
    json_list_close(&out);
    json_text(&out, "next", replies.next);
    json_object_close(&out);
    return reply_json(req, 200, &out);
}
