/*
 * api_suggest.c - POST /tickets/suggest-unit: who a new ticket may belong to.
 *
 * Nothing is decided here: what is known is looked up, and the domain weighs it.
 */
#include <string.h>

#include "api_internal.h"
#include "base/fold.h"
#include "domain/suggest.h"
#include "store/reader.h"
#include "store/rulebook.h"
#include "store/similar.h"
#include "store/units.h"
#include "store/vocabulary.h"
#include "ticket_json.h"

#define UNITS_MAX 500 /* a county has fewer */

struct suggest_body {
    const char *category, *area, *title, *content, *address;
};

/* clang-format off */
static const struct json_field suggest_fields[] = {
    JSON_TEXT("category", struct suggest_body, category, 1, 20,    JSON_OPTIONAL),
    JSON_TEXT("area",     struct suggest_body, area,     1, 20,    JSON_OPTIONAL),
    JSON_TEXT("title",    struct suggest_body, title,    1, 60,    JSON_OPTIONAL),
    JSON_TEXT("content",  struct suggest_body, content,  1, 10000, JSON_OPTIONAL),
    JSON_TEXT("address",  struct suggest_body, address,  1, 200,   JSON_OPTIONAL),
    JSON_END
};
/* clang-format on */

struct asking {
    struct request *req;
    const struct suggest_body *body;
    const struct unit *rows;
    struct suggest_unit *units;
    size_t count;
    const char *folded; /* title, content and address; "" when there are none */
};

static enum err
load_units(struct asking *asking)
{
    const struct units_filter filter = { .kind = CHOICE_NONE,
                                         .has_enabled = true,
                                         .is_enabled = true };
    struct unit *rows = NULL;

    TRY(units_list(asking->req->reader->db, asking->req->arena, &filter, "", UNITS_MAX,
                   &rows, &asking->count));
    asking->rows = rows;
    asking->units = arena_array(asking->req->arena, struct suggest_unit, asking->count);
    if (asking->units == NULL)
        return ERR_NO_MEMORY;
    for (size_t i = 0; i < asking->count; i++)
        asking->units[i] = (struct suggest_unit){
            .id = rows[i].id,
            .code = rows[i].code,
            .duty_keywords = rows[i].duty_keywords,
        };
    return OK;
}

static enum err
fold_texts(struct asking *asking)
{
    const char *texts[] = { asking->body->title, asking->body->content,
                            asking->body->address };
    struct fold fold = { .text = NULL };
    enum err err = OK;

    for (size_t i = 0; i < sizeof texts / sizeof *texts && err == OK; i++)
        if (texts[i] != NULL) {
            err = fold_add(&fold, texts[i], strlen(texts[i]));
            if (err == OK)
                err = fold_add(&fold, "\n", 1);
        }
    asking->folded =
        fold.text == NULL ? "" : arena_copy(asking->req->arena, fold.text, fold.bytes);
    fold_done(&fold);
    return err != OK ? err : asking->folded == NULL ? ERR_NO_MEMORY : OK;
}

/* The usual unit of the category, or of the nearest above it. */
static enum err
ask_category(struct asking *asking)
{
    const char *code = asking->body->category;

    while (code != NULL) {
        struct category category;
        enum err err = categories_by_code(asking->req->reader->db, asking->req->arena,
                                          code, &category);
        if (err == ERR_NOT_FOUND && code == asking->body->category)
            return api_field(asking->req, "category", ERR_FIELD_NOT_FOUND, code);
        TRY(err);
        if (category.unit != NULL) {
            suggest_category(asking->units, asking->count, category.unit, category.name);
            return OK;
        }
        code = category.parent;
    }
    return OK;
}

/* Those responsible for an area: codes, parted by commas. */
static enum err
ask_those_of(struct asking *asking, const struct area *area)
{
    for (const char *at = area->units; at != NULL && *at != '\0';) {
        size_t bytes = strcspn(at, ",");
        const char *code = arena_copy(asking->req->arena, at, bytes);
        if (code == NULL)
            return ERR_NO_MEMORY;
        suggest_area(asking->units, asking->count, code, area->name);
        at += bytes + (at[bytes] == ',');
    }
    return OK;
}

/* The area and what it lies in; or, when none is given, each that the texts name. */
static enum err
ask_area(struct asking *asking)
{
    struct db *db = asking->req->reader->db;
    const char *code = asking->body->area;
    struct area *areas = NULL;
    size_t count = 0;

    while (code != NULL) {
        struct area area;
        enum err err = areas_by_code(db, asking->req->arena, code, &area);
        if (err == ERR_NOT_FOUND && code == asking->body->area)
            return api_field(asking->req, "area", ERR_FIELD_NOT_FOUND, code);
        TRY(err);
        TRY(ask_those_of(asking, &area));
        code = area.parent;
    }
    if (asking->body->area != NULL)
        return OK;
    TRY(areas_all(db, asking->req->arena, &areas, &count));
    for (size_t i = 0; i < count; i++)
        if (areas[i].is_enabled && strstr(asking->folded, areas[i].name) != NULL)
            TRY(ask_those_of(asking, &areas[i]));
    return OK;
}

static enum err
ask_duties(struct asking *asking)
{
    struct arena *arena = asking->req->arena;
    struct category *categories = NULL;
    size_t count = 0;

    TRY(suggest_duties(arena, asking->units, asking->count, asking->folded));
    TRY(categories_all(asking->req->reader->db, arena, &categories, &count));
    for (size_t i = 0; i < count; i++)
        if (categories[i].is_enabled && categories[i].unit != NULL)
            TRY(suggest_keywords(arena, asking->units, asking->count, categories[i].unit,
                                 categories[i].keywords, asking->folded));
    return OK;
}

static enum err
ask_similar(struct asking *asking)
{
    const struct similar_draft draft = { .title = asking->body->title,
                                         .content = asking->body->content };
    struct similar_closed found[SIMILAR_CLOSED_MAX];
    struct suggest_ticket *tickets =
        arena_array(asking->req->arena, struct suggest_ticket, SIMILAR_CLOSED_MAX);
    size_t count = 0;

    if (tickets == NULL)
        return ERR_NO_MEMORY;
    TRY(similar_find_closed(asking->req->reader->db, asking->req->arena, &draft, found,
                            &count));
    for (size_t i = 0; i < count; i++)
        tickets[i] =
            (struct suggest_ticket){ found[i].no, found[i].unit_id, found[i].score };
    suggest_similar(asking->units, asking->count, tickets, count);
    return OK;
}

static bool
is_complete(const struct asking *asking, int64_t unit_id)
{
    for (size_t i = 0; i < asking->count; i++)
        if (asking->rows[i].id == unit_id)
            return unit_is_complete(&asking->rows[i]);
    return false;
}

static void
write_unit(struct json_out *out, const struct asking *asking,
           const struct suggest_unit *unit)
{
    json_object_open(out, NULL);
    unit_names_json(out, "unit", asking->req->rulebook, unit->id);
    json_bool(out, "complete", is_complete(asking, unit->id));
    json_int(out, "points", unit->points);
    json_list_open(out, "reasons");
    for (int why = 0; why < SUGGEST_WHY_COUNT; why++) {
        const struct suggest_reason *reason = &unit->reasons[why];
        if (reason->points == 0)
            continue;
        json_object_open(out, NULL);
        api_choice(out, "why", &words_suggest_reason, why);
        json_int(out, "points", reason->points);
        json_list_open(out, "shown");
        for (size_t i = 0; i < reason->shown_count; i++)
            json_text(out, NULL, reason->shown[i]);
        json_list_close(out);
        json_object_close(out);
    }
    json_list_close(out);
    json_object_close(out);
}

/* POST /tickets/suggest-unit */
enum err
ticket_suggest_unit(struct request *req)
{
    struct suggest_body body = { .category = NULL };
    struct asking asking = { .req = req, .body = &body };
    struct json_out out;

    TRY(request_body(req, suggest_fields, &body, NULL));
    TRY(load_units(&asking));
    TRY(fold_texts(&asking));
    TRY(ask_category(&asking));
    TRY(ask_area(&asking));
    TRY(ask_duties(&asking));
    TRY(ask_similar(&asking));
    size_t best = suggest_rank(asking.units, asking.count);
    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_list_open(&out, "units");
    for (size_t i = 0; i < best; i++)
        write_unit(&out, &asking, &asking.units[i]);
    json_list_close(&out);
    json_object_close(&out);
    return reply_json(req, 200, &out);
}
