#include "api_internal.h"
#include "command/cmd_vocabulary.h"
#include "store/reader.h"
#include "store/units.h"
#include "store/vocabulary.h"
#include "vocabulary_json.h"

/*
 * api_vocabulary.c - /categories and /areas: staff read them, the administrator
 * writes.  A cursor is the last code of the page before.
 */

void
category_json(struct json_out *out, const struct category *category)
{
    json_object_open(out, NULL);
    json_text(out, "code", category->code);
    json_text(out, "parent", category->parent);
    json_int(out, "level", category->level);
    json_text(out, "name", category->name);
    json_bool(out, "enabled", category->is_enabled);
    json_int(out, "position", category->position);
    json_text(out, "search_key", category->search_key);
    json_text(out, "keywords", category->keywords);
    json_text(out, "unit", category->unit);
    json_int(out, "workdays", category->workdays);
    json_int(out, "version", category->version);
    json_object_close(out);
}

void
area_json(struct json_out *out, const struct area *area)
{
    json_object_open(out, NULL);
    json_text(out, "code", area->code);
    json_text(out, "parent", area->parent);
    json_text(out, "name", area->name);
    json_bool(out, "enabled", area->is_enabled);
    json_int(out, "position", area->position);
    json_text(out, "search_key", area->search_key);
    api_words(out, "units", area->units);
    json_int(out, "version", area->version);
    json_object_close(out);
}

/* --- Reads --------------------------------------------------------------------- */

struct list_query {
    const char *parent, *q, *cursor;
    bool enabled;
    int64_t limit;
};

enum { LIST_ENABLED, LIST_PARENT, LIST_Q, LIST_LIMIT, LIST_CURSOR };

#define Q struct list_query
static const struct json_field list_fields[] = {
    [LIST_ENABLED] = JSON_BOOL("enabled", Q, enabled, JSON_OPTIONAL),
    [LIST_PARENT] =
        JSON_TEXT("parent", Q, parent, 1, VOCABULARY_CODE_CHARACTERS, JSON_OPTIONAL),
    [LIST_Q] = JSON_TEXT("q", Q, q, 1, 40, JSON_OPTIONAL),
    [LIST_LIMIT] = JSON_INT("limit", Q, limit, 1, LIST_LIMIT_MAX, JSON_OPTIONAL),
    [LIST_CURSOR] =
        JSON_TEXT("cursor", Q, cursor, 1, VOCABULARY_CODE_CHARACTERS, JSON_OPTIONAL),
    JSON_END
};
#undef Q

static enum err
read_filter(struct request *req, struct vocabulary_filter *ret_filter, size_t *ret_limit)
{
    struct list_query asked = { .cursor = "", .limit = LIST_LIMIT_DEFAULT };
    uint64_t present = 0;

    TRY(request_query_read(req, list_fields, &asked, &present));
    *ret_filter = (struct vocabulary_filter){
        .has_enabled = (present & (UINT64_C(1) << LIST_ENABLED)) != 0,
        .is_enabled = asked.enabled,
        .parent = asked.parent,
        .q = asked.q,
        .after = asked.cursor,
    };
    *ret_limit = (size_t)asked.limit;
    return OK;
}

/* GET /categories */
enum err
category_list(struct request *req)
{
    struct vocabulary_filter filter;
    struct category *items = NULL;
    size_t count = 0, limit = 0;
    struct json_out out;

    TRY(read_filter(req, &filter, &limit));
    /* One more than asked for tells whether there is a next page. */
    TRY(categories_page(req->reader->db, req->arena, &filter, (int)limit + 1, &items,
                        &count));
    size_t shown = count > limit ? limit : count;
    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_list_open(&out, "items");
    for (size_t i = 0; i < shown; i++)
        category_json(&out, &items[i]);
    json_list_close(&out);
    json_text(&out, "next", count > shown ? items[shown - 1].code : NULL);
    json_object_close(&out);
    return reply_json(req, 200, &out);
}

/* GET /areas */
enum err
area_list(struct request *req)
{
    struct vocabulary_filter filter;
    size_t count = 0, limit = 0;
    struct area *items = NULL;
    struct json_out out;

    TRY(read_filter(req, &filter, &limit));
    TRY(areas_page(req->reader->db, req->arena, &filter, (int)limit + 1, &items, &count));
    size_t shown = count > limit ? limit : count;
    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_list_open(&out, "items");
    for (size_t i = 0; i < shown; i++)
        area_json(&out, &items[i]);
    json_list_close(&out);
    json_text(&out, "next", count > shown ? items[shown - 1].code : NULL);
    json_object_close(&out);
    return reply_json(req, 200, &out);
}

static enum err
reply_category(struct request *req, int status, const char *code)
{
    struct category category;
    struct json_out out;

    TRY(categories_by_code(req->reader->db, req->arena, code, &category));
    json_out_init(&out, req->arena);
    category_json(&out, &category);
    return reply_json(req, status, &out);
}

static enum err
reply_area(struct request *req, int status, const char *code)
{
    struct json_out out;
    struct area area;

    TRY(areas_by_code(req->reader->db, req->arena, code, &area));
    json_out_init(&out, req->arena);
    area_json(&out, &area);
    return reply_json(req, status, &out);
}

/* GET /categories/{code} */
enum err
category_show(struct request *req)
{
    return reply_category(req, 200, request_path(req, "code"));
}

/* GET /areas/{code} */
enum err
area_show(struct request *req)
{
    return reply_area(req, 200, request_path(req, "code"));
}

/* --- Writes -------------------------------------------------------------------- */

#define D struct vocabulary_draft
#define NEW_ROWS                                                                         \
    JSON_TEXT("code", D, code, 1, VOCABULARY_CODE_CHARACTERS, JSON_REQUIRED),            \
        JSON_TEXT("parent", D, parent, 1, VOCABULARY_CODE_CHARACTERS, JSON_OPTIONAL)
#define VERSION_ROW JSON_INT("version", D, version, 1, INT32_MAX, JSON_REQUIRED)
#define COMMON_ROWS(need)                                                                \
    JSON_TEXT("name", D, name, 1, 40, need),                                             \
        JSON_TRISTATE("enabled", D, enabled, JSON_OPTIONAL),                             \
        JSON_INT("position", D, position, 0, 100000, JSON_OPTIONAL),                     \
        JSON_TEXT("search_key", D, search_key, 0, 200, JSON_OPTIONAL)
#define CATEGORY_ROWS                                                                    \
    JSON_TEXT("keywords", D, keywords, 0, 500, JSON_OPTIONAL),                           \
        JSON_TEXT("unit", D, unit, 0, UNIT_CODE_CHARACTERS, JSON_OPTIONAL),              \
        JSON_INT("workdays", D, workdays, 0, 250, JSON_OPTIONAL)

static const struct json_field category_create_fields[] = { NEW_ROWS,
                                                            COMMON_ROWS(JSON_REQUIRED),
                                                            CATEGORY_ROWS, JSON_END };
static const struct json_field category_change_fields[] = { VERSION_ROW,
                                                            COMMON_ROWS(JSON_OPTIONAL),
                                                            CATEGORY_ROWS, JSON_END };
static const struct json_field area_create_fields[] = { NEW_ROWS,
                                                        COMMON_ROWS(JSON_REQUIRED),
                                                        JSON_END };
static const struct json_field area_change_fields[] = { VERSION_ROW,
                                                        COMMON_ROWS(JSON_OPTIONAL),
                                                        JSON_END };
#undef D

/* What the six have in common; `fields` NULL: nothing is read. */
static enum err
begin(struct request *req, void (*init)(struct cmd_vocabulary *cmd),
      const struct json_field *fields, struct job **ret_job)
{
    struct cmd_vocabulary *cmd = arena_make(req->arena, struct cmd_vocabulary);

    if (cmd == NULL)
        return ERR_NO_MEMORY;
    init(cmd);
    if (req->method == METHOD_POST)
        TRY(api_idempotency(req, &cmd->idempotency));
    if (fields != NULL)
        TRY(request_body(req, fields, &cmd->draft, NULL));
    if (req->method != METHOD_POST)
        cmd->draft.code = request_path(req, "code");
    cmd->actor = api_actor(req)->actor;
    cmd->now = req->now;
    *ret_job = &cmd->job;
    return OK;
}

/* POST /categories */
enum err
category_create_begin(struct request *req, struct job **ret_job)
{
    return begin(req, cmd_category_create_init, category_create_fields, ret_job);
}

enum err
category_create_end(struct request *req, struct job *job)
{
    const char *code = job_as(job, struct cmd_vocabulary)->draft.code;

    TRY(reply_category(req, 201, code));
    return api_location(req, "categories", code);
}

/* PATCH /categories/{code} */
enum err
category_change_begin(struct request *req, struct job **ret_job)
{
    return begin(req, cmd_category_change_init, category_change_fields, ret_job);
}

enum err
category_change_end(struct request *req, struct job *job)
{
    return reply_category(req, 200, job_as(job, struct cmd_vocabulary)->draft.code);
}

/* DELETE /categories/{code} */
enum err
category_delete_begin(struct request *req, struct job **ret_job)
{
    return begin(req, cmd_category_delete_init, NULL, ret_job);
}

enum err
category_delete_end(struct request *req, struct job *job)
{
    return api_gone(req, job);
}

/* POST /areas */
enum err
area_create_begin(struct request *req, struct job **ret_job)
{
    return begin(req, cmd_area_create_init, area_create_fields, ret_job);
}

enum err
area_create_end(struct request *req, struct job *job)
{
    const char *code = job_as(job, struct cmd_vocabulary)->draft.code;

    TRY(reply_area(req, 201, code));
    return api_location(req, "areas", code);
}

/* PATCH /areas/{code} */
enum err
area_change_begin(struct request *req, struct job **ret_job)
{
    return begin(req, cmd_area_change_init, area_change_fields, ret_job);
}

enum err
area_change_end(struct request *req, struct job *job)
{
    return reply_area(req, 200, job_as(job, struct cmd_vocabulary)->draft.code);
}

/* DELETE /areas/{code} */
enum err
area_delete_begin(struct request *req, struct job **ret_job)
{
    return begin(req, cmd_area_delete_init, NULL, ret_job);
}

enum err
area_delete_end(struct request *req, struct job *job)
{
    return api_gone(req, job);
}
