#include "page_parts.h"

#include <string.h>

#include "api_internal.h"
#include "base/template.h"
#include "base/text.h"
#include "base/timeutil.h"
#include "domain/settings.h"
#include "public_forms.h"
#include "store/reader.h"
#include "store/rulebook.h"
#include "store/vocabulary.h"

/* page_parts.c - see the header. */

#define CSS_PATH "/public/citizen.css"
#define SCRIPT_HEAD "/assets/citizen-" /* then a hash; web/vite.config.ts */
#define DATE_BYTES 16

static const struct choice language_items[LANGUAGE_COUNT] = {
    [LANGUAGE_ZH] = { "zh", "中文", "Chinese" },
    [LANGUAGE_EN] = { "en", "英文", "English" },
};
const struct choices page_languages = { "language", language_items, LANGUAGE_COUNT };

/* --- Templates --------------------------------------------------------------------------- */

const struct embedded *
page_file(const char *name)
{
    for (size_t i = 0; i < embedded_file_count; i++)
        if (strncmp(embedded_files[i].name, "citizen/", 8) == 0 &&
            strcmp(embedded_files[i].name + 8, name) == 0)
            return &embedded_files[i];
    return NULL;
}

/* "top" is citizen/top.html. */
static const char *
find_template(const char *name)
{
    char file[48];
    const struct embedded *found = NULL;

    if (text_format(file, sizeof file, "%s.html", name))
        found = page_file(file);
    return found == NULL ? NULL : (const char *)found->bytes;
}

const char *
page_label(const struct request *req, const struct choices *choices, int index)
{
    if (index < 0 || (size_t)index >= choices->count)
        return NULL;
    return req->language == LANGUAGE_ZH ? choices->items[index].zh
                                        : choices->items[index].en;
}

const char *
page_date(struct request *req, int32_t day)
{
    char *text = arena_alloc(req->arena, DATE_BYTES);

    if (text != NULL && day != 0)
        time_format_day(day, text);
    return text;
}

const char *
page_number(struct request *req, int64_t number)
{
    return arena_printf(req->arena, "%lld", (long long)number);
}

/* The script of these pages, which work without; NULL when the program has none. */
static const char *
script_path(const struct request *req)
{
    const struct asset_table *assets = &req->http->assets;

    for (size_t i = 0; i < assets->count; i++) {
        const char *path = assets->items[i].path, *end = strrchr(path, '.');

        if (strncmp(path, SCRIPT_HEAD, sizeof SCRIPT_HEAD - 1) == 0 && end != NULL &&
            strcmp(end, ".js") == 0)
            return path;
    }
    return NULL;
}

enum err
page_new(struct request *req, const char *self, struct fill **ret_fill)
{
    struct fill *fill = fill_new(req->arena);
    char *office = arena_alloc(req->arena, SETTING_OFFICE_BYTES);

    if (fill == NULL || office == NULL)
        return ERR_NO_MEMORY;
    setting_office(&req->rulebook->settings, office);
    fill_text(fill, "css", CSS_PATH);
    fill_text(fill, "script", script_path(req));
    fill_text(fill, "office", office);
    fill_text(fill, "hotline", req->rulebook->settings.hotline);
    fill_text(fill, "lang", req->language == LANGUAGE_ZH ? "zh-CN" : "en");
    fill_text(fill, "l", page_languages.items[req->language].word);
    fill_text(
        fill, "other",
        page_languages.items[req->language == LANGUAGE_ZH ? LANGUAGE_EN : LANGUAGE_ZH]
            .word);
    fill_text(fill, "self", self);
    *ret_fill = fill;
    return OK;
}

enum err
page_reply(struct request *req, int status, const struct fill *fill, const char *name)
{
    const char *text = NULL;
    size_t bytes = 0;

    TRY(template_fill(fill, req->language, find_template, name, &text, &bytes));
    return reply_text(req, status, "text/html; charset=utf-8", text, bytes);
}

/* --- What is wrong ----------------------------------------------------------------------- */

/* Names of fields as the pages call them; what is not here has no place on a page. */
static const struct choice field_items[] = {
    { "title", "标题", "Title" },
    { "content", "详细情况", "Details" },
    { "kind", "类型", "Kind" },
    { "area", "乡镇、村", "Township, village" },
    { "address", "详细地址", "Address" },
    { "name", "姓名", "Name" },
    { "phone", "电话", "Phone" },
    { "answer", "回答", "Answer" },
    { "no", "编号", "Number" },
    { "code", "查询码", "Query code" },
    { "satisfaction", "满意度", "Satisfaction" },
    { "comment", "意见", "Comment" },
};
static const struct choices words_field = { "field", field_items,
                                            sizeof field_items / sizeof *field_items };

static const char *
error_text(struct request *req, enum err err, const char *value)
{
    const char *text = err_text(err, req->language);
    const char *gap = strstr(text, "{}");

    if (gap == NULL)
        return text;
    return arena_printf(req->arena, "%.*s%s%s", (int)(gap - text), text, value, gap + 2);
}

void
page_errors(struct request *req, struct fill *fill, enum err err)
{
    const struct problem *problem = &req->problem;

    fill_flag(fill, "has_errors", err != OK);
    if (err == OK)
        return;
    if (problem->field_count == 0)
        fill_text(fill_item(fill, "errors"), "message",
                  error_text(req, err, problem->value));
    for (size_t i = 0; i < problem->field_count; i++) {
        const struct problem_field *field = &problem->fields[i];
        const char *message = error_text(req, field->code, field->value);
        struct fill *item = fill_item(fill, "errors");
        int index = choice_find(&words_field, field->field);

        fill_text(item, "message", message);
        if (index < 0)
            continue;
        const char *anchor = field->field;
        if (strcmp(anchor, "satisfaction") == 0)
            anchor = "satisfaction-satisfied";
        fill_text(item, "anchor", anchor);
        fill_text(item, "label", page_label(req, &words_field, index));
        const char *name = arena_printf(req->arena, "e_%s", field->field);
        if (name != NULL)
            fill_text(fill, name, message);
    }
}

void
page_typed(struct request *req, struct fill *fill)
{
    for (size_t i = 0; i < words_field.count; i++) {
        const char *field = words_field.items[i].word;
        const char *name = arena_printf(req->arena, "v_%s", field);

        if (name != NULL)
            fill_text(fill, name, request_form_value(req, field));
    }
}

void
page_set_language(struct request *req, const char *word)
{
    int language = choice_find(&page_languages, word);

    if (language >= 0)
        req->language = (enum language)language;
}

/* --- Parts --------------------------------------------------------------------------------- */

static int
default_kind(int kind)
{
    return kind == CHOICE_NONE ? KIND_OTHER : kind;
}

void
page_doors(struct request *req, struct fill *fill)
{
    for (int door = 0; door < DOOR_COUNT; door++) {
        const char *word = words_door.items[door].word;
        const struct channel *channel = rulebook_channel(req->rulebook, word);

        if (channel == NULL || !channel->is_enabled)
            continue;
        struct fill *item = fill_item(fill, "doors");
        fill_text(item, "channel", word);
        fill_text(item, "label", page_label(req, &words_door, door));
        fill_text(item, "workdays", page_number(req, channel->workdays));
    }
}

void
page_kinds(struct request *req, struct fill *fill, int chosen)
{
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        struct fill *item = fill_item(fill, "kinds");

        fill_text(item, "word", choice_word(&words_kind, kind));
        fill_text(item, "label", page_label(req, &words_kind, kind));
        fill_flag(item, "selected", kind == default_kind(chosen));
    }
}

enum err
page_areas(struct request *req, struct fill *fill, const char *chosen)
{
    struct area *areas = NULL;
    size_t count = 0;

    TRY(areas_all(req->reader->db, req->arena, &areas, &count));
    for (size_t i = 0; i < count; i++) {
        if (!areas[i].is_enabled)
            continue;
        struct fill *item = fill_item(fill, "areas");
        fill_text(item, "code", areas[i].code);
        fill_text(item, "label", areas[i].name);
        fill_flag(item, "below", areas[i].parent != NULL);
        fill_flag(item, "selected", strcmp(areas[i].code, chosen) == 0);
    }
    return OK;
}

void
page_choices(struct request *req, struct fill *fill, const char *chosen)
{
    for (int word = SATISFACTION_SATISFIED; word <= SATISFACTION_UNSATISFIED; word++) {
        struct fill *item = fill_item(fill, "choices");
        const char *text = choice_word(&words_satisfaction, word);

        fill_text(item, "word", text);
        fill_text(item, "label", page_label(req, &words_satisfaction, word));
        fill_flag(item, "selected", strcmp(text, chosen) == 0);
    }
}
