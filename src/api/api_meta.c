#include "api_internal.h"
#include "base/sheet.h"
#include "export_lists.h"
#include "base/config.h"
#include "base/text.h"
#include "domain/attachment.h"
#include "domain/calendar_csv.h"
#include "domain/desk.h"
#include "domain/moments.h"
#include "domain/print_form.h"
#include "domain/urge_text.h"
#include "store/imports.h"
#include "store/reader.h"
#include "store/rulebook.h"
#include "store/ticket_lists.h"
#include "store/vocabulary.h"
#include "vocabulary_json.h"

/*
 * api_meta.c - GET /meta: what the front-end draws its forms and buttons from.
 *
 * Everything here is printed from the tables the server itself decides by.
 */

/* --- Vocabularies ------------------------------------------------------------------ */

static void
write_choices(struct json_out *out, const struct choices *choices)
{
    json_list_open(out, choices->name);
    for (size_t i = 0; i < choices->count; i++) {
        const struct choice *choice = &choices->items[i];

        if (choice->word == NULL)
            continue;
        json_object_open(out, NULL);
        json_text(out, "word", choice->word);
        json_text(out, "zh", choice->zh);
        json_text(out, "en", choice->en);
        json_object_close(out);
    }
    json_list_close(out);
}

static void
write_enumerations(struct json_out *out)
{
    const struct choices *const more[] = {
        &words_step,           &words_limit_unit,    &words_moment,
        &words_calendar_fault, &words_calendar_mark, &words_todo,
        &words_print_form,     &words_ledger_field,  &words_import_state,
        &words_charset,        &words_export_list,   &words_sheet_format,
        &words_export_state,   &words_desk,          &words_urge_word
    };

    json_object_open(out, "enumerations");
    for (size_t i = 0; i < words_all_count; i++)
        write_choices(out, words_all[i]);
    for (size_t i = 0; i < sizeof more / sizeof *more; i++)
        write_choices(out, more[i]);
    json_object_close(out);
}

static void
write_states(struct json_out *out)
{
    json_list_open(out, "states");
    for (int state = 0; state < TICKET_STATE_COUNT; state++) {
        const struct choice *choice = &words_state.items[state];
        struct ticket ticket = { .state = state };

        json_object_open(out, NULL);
        json_text(out, "word", choice->word);
        json_text(out, "zh", choice->zh);
        json_text(out, "en", choice->en);
        json_bool(out, "open", ticket_is_open(&ticket));
        json_object_close(out);
    }
    json_list_close(out);
}

/* --- Fields of a form ---------------------------------------------------------------- */

static const char *const kind_words[] = {
    [JSON_KIND_INT] = "int",         [JSON_KIND_BOOL] = "bool",
    [JSON_KIND_TRISTATE] = "bool",   [JSON_KIND_TEXT] = "text",
    [JSON_KIND_TEXT_LIST] = "texts", [JSON_KIND_CHOICE] = "choice",
    [JSON_KIND_CHOICES] = "choices", [JSON_KIND_DATE] = "date",
    [JSON_KIND_TIME] = "time",       [JSON_KIND_OBJECT] = "object",
};

static void write_fields(struct json_out *out, const char *key,
                         const struct json_field *fields);

static void
write_field(struct json_out *out, const struct json_field *field)
{
    json_object_open(out, NULL);
    json_text(out, "name", field->name);
    json_text(out, "kind", kind_words[field->kind]);
    if (field->required)
        json_bool(out, "required", true);
    switch (field->kind) {
    case JSON_KIND_TEXT_LIST:
        json_int(out, "item_max", field->item_max);
        json_int(out, "min", field->min);
        json_int(out, "max", field->max);
        break;
    case JSON_KIND_INT:
    case JSON_KIND_TEXT:
        json_int(out, "min", field->min);
        json_int(out, "max", field->max);
        break;
    case JSON_KIND_CHOICE:
        json_text(out, "choices", field->choices->name);
        break;
    case JSON_KIND_CHOICES:
        json_text(out, "choices", field->choices->name);
        json_int(out, "min", field->min);
        json_int(out, "max", field->max);
        break;
    case JSON_KIND_OBJECT:
        write_fields(out, "members", field->members);
        break;
    case JSON_KIND_BOOL:
    case JSON_KIND_TRISTATE:
    case JSON_KIND_DATE:
    case JSON_KIND_TIME:
        break;
    }
    json_object_close(out);
}

/* A row with an empty name only keeps a place; no body can have it. */
static void
write_fields(struct json_out *out, const char *key, const struct json_field *fields)
{
    json_list_open(out, key);
    for (; fields->name != NULL; fields++)
        if (fields->name[0] != '\0')
            write_field(out, fields);
    json_list_close(out);
}

/* --- The table of actions -------------------------------------------------------------- */

static const struct {
    uint32_t bit;
    const char *word;
} who_words[] = {
    { WHO_CLERK, "clerk" },
    { WHO_SUPERVISOR, "supervisor" },
    { WHO_LEADER, "leader" },
    { WHO_HANDLER, "lead_handler" },
    { WHO_HEAD, "lead_unit_head" },
    { WHO_CO_HANDLER, "co_handler" },
    { WHO_CO_HEAD, "co_unit_head" },
    { WHO_TIMER, "timer" },
    { WHO_CITIZEN, "citizen" },
    { WHO_STAFF, "staff" },
    { WHO_CONFIDENTIAL_CLERK, "clerk_if_confidential" },
};

static void
write_field_set(struct json_out *out, const char *key, uint64_t set)
{
    json_list_open(out, key);
    for (int field = 0; field < TICKET_FIELD_COUNT; field++)
        if ((set & FIELD_BIT(field)) != 0)
            write_field(out, &ticket_act_fields[field]);
    json_list_close(out);
}

/* In a path words are parted by hyphens: "accept-return". */
static void
write_path_word(struct json_out *out, const char *word)
{
    char path[48];

    if (!text_format(path, sizeof path, "%s", word))
        path[0] = '\0'; /* no word of ours is so long */
    for (char *at = path; *at != '\0'; at++)
        if (*at == '_')
            *at = '-';
    json_text(out, "path", path);
}

/* `to` is a state, "same", or "by_case" where the case decides. */
static void
write_rule(struct json_out *out, const struct ticket_rule *rule)
{
    const struct choice *action = &words_action.items[rule->action];

    json_object_open(out, NULL);
    json_text(out, "word", action->word);
    write_path_word(out, action->word);
    json_text(out, "zh", action->zh);
    json_text(out, "en", action->en);
    api_choices(out, "from", &words_state, rule->from);
    json_list_open(out, "who");
    for (size_t i = 0; i < sizeof who_words / sizeof *who_words; i++)
        if ((rule->who & who_words[i].bit) != 0)
            json_text(out, NULL, who_words[i].word);
    json_list_close(out);
    json_text(out, "to",
              rule->to == TICKET_SAME      ? "same"
              : rule->to == TICKET_BY_CASE ? "by_case"
                                           : choice_word(&words_state, rule->to));
    json_bool(out, "versioned", rule->is_versioned);
    write_field_set(out, "must", rule->must);
    write_field_set(out, "may", rule->may);
    json_object_close(out);
}

/* --- What the office has set ------------------------------------------------------------- */

static void
write_channels(struct json_out *out, const struct rulebook *rulebook)
{
    json_list_open(out, "channels");
    for (size_t i = 0; i < rulebook->channel_count; i++) {
        const struct channel *channel = &rulebook->channels[i];
        char letter[2] = { channel->letter, '\0' };

        json_object_open(out, NULL);
        json_text(out, "code", channel->code);
        json_text(out, "zh", channel->zh);
        json_text(out, "en", channel->en);
        json_text(out, "letter", letter);
        json_int(out, "workdays", channel->workdays);
        json_bool(out, "enabled", channel->is_enabled);
        json_object_close(out);
    }
    json_list_close(out);
}

static void
write_limits(struct json_out *out, const struct limits *limits)
{
    json_object_open(out, "limits");
    json_list_open(out, "steps");
    for (int step = 0; step < STEP_COUNT; step++)
        for (int urgency = 0; urgency < URGENCY_COUNT; urgency++) {
            const struct limit *limit = &limits->cell[step][urgency];

            json_object_open(out, NULL);
            api_choice(out, "step", &words_step, step);
            api_choice(out, "urgency", &words_urgency, urgency);
            json_int(out, "amount", limit->amount);
            api_choice(out, "unit", &words_limit_unit, (int)limit->unit);
            json_object_close(out);
        }
    json_list_close(out);
    json_object_open(out, "scalars");
    for (size_t i = 0; i < LIMIT_SCALAR_COUNT; i++) {
        const void *member = (const char *)limits + limit_scalars[i].offset;

        json_int(out, limit_scalars[i].name, *(const int32_t *)member);
    }
    json_object_close(out);
    json_object_close(out);
}

static enum err
write_trees(struct json_out *out, struct request *req)
{
    struct category *categories = NULL;
    struct area *areas = NULL;
    size_t category_count = 0, area_count = 0;

    TRY(categories_all(req->reader->db, req->arena, &categories, &category_count));
    TRY(areas_all(req->reader->db, req->arena, &areas, &area_count));
    json_list_open(out, "categories");
    for (size_t i = 0; i < category_count; i++)
        category_json(out, &categories[i]);
    json_list_close(out);
    json_list_open(out, "areas");
    for (size_t i = 0; i < area_count; i++)
        area_json(out, &areas[i]);
    json_list_close(out);
    return OK;
}

/* What the form for a file may offer: how large, how many, which extensions. */
static void
write_attachments(struct json_out *out, const struct config *config)
{
    json_object_open(out, "attachments");
    json_int(out, "bytes_max", config->upload_bytes_max);
    json_int(out, "per_ticket", config->attachments_per_ticket);
    json_list_open(out, "types");
    for (int type = 0; type < ATTACHMENT_TYPE_COUNT; type++) {
        json_object_open(out, NULL);
        json_text(out, "type", choice_word(&words_attachment_type, type));
        json_text(out, "extensions", attachment_rules[type].extensions);
        json_text(out, "media_type", attachment_rules[type].media_type);
        json_object_close(out);
    }
    json_list_close(out);
    json_object_close(out);
}

/* GET /meta */
enum err
meta_show(struct request *req)
{
    struct json_out out;

    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    write_states(&out);
    json_list_open(&out, "actions");
    for (size_t i = 0; i < ticket_rule_count; i++)
        write_rule(&out, &ticket_rules[i]);
    json_list_close(&out);
    write_fields(&out, "create", ticket_draft_fields);
    write_fields(&out, "amend", ticket_amend_fields);
    write_channels(&out, req->rulebook);
    TRY(write_trees(&out, req));
    write_enumerations(&out);
    write_limits(&out, &req->rulebook->limits);
    write_attachments(&out, req->http->config);
    json_object_close(&out);
    return reply_json(req, 200, &out);
}
