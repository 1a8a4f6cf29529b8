#include "api_internal.h"
#include "command/cmd_unit.h"
#include "store/reader.h"
#include "store/units.h"
#include "store/vocabulary.h"

#define UNIT_AREAS_MAX 50

/* api_units.c - /units: staff read them, the administrator writes. */

static void
write_unit(struct json_out *out, const struct unit *unit)
{
    json_object_open(out, NULL);
    json_text(out, "code", unit->code);
    json_text(out, "name", unit->name);
    json_text(out, "short_name", unit->short_name);
    api_choice(out, "kind", &words_unit_kind, unit->kind);
    json_text(out, "parent", unit->parent);
    json_text(out, "duty_keywords", unit->duty_keywords);
    api_words(out, "areas", unit->areas);
    json_text(out, "head", unit->head);
    json_text(out, "deputy", unit->deputy);
    json_text(out, "contact", unit->contact);
    json_text(out, "phone", unit->phone);
    json_text(out, "night_phone", unit->night_phone);
    api_choice(out, "sign_off", &words_sign_off, unit->sign_off);
    json_text(out, "search_key", unit->search_key);
    json_bool(out, "complete", unit_is_complete(unit));
    json_bool(out, "enabled", unit->is_enabled);
    json_int(out, "version", unit->version);
    json_object_close(out);
}

/* --- Reads --------------------------------------------------------------------- */

struct list_query {
    int kind;
    bool enabled;
    const char *q, *cursor;
    int64_t limit;
};

enum { LIST_KIND, LIST_ENABLED, LIST_LIMIT, LIST_CURSOR, LIST_Q };

static const struct json_field list_fields[] = {
    [LIST_KIND] =
        JSON_CHOICE("kind", struct list_query, kind, &words_unit_kind, JSON_OPTIONAL),
    [LIST_ENABLED] = JSON_BOOL("enabled", struct list_query, enabled, JSON_OPTIONAL),
    [LIST_LIMIT] =
        JSON_INT("limit", struct list_query, limit, 1, LIST_LIMIT_MAX, JSON_OPTIONAL),
    [LIST_CURSOR] = JSON_TEXT("cursor", struct list_query, cursor, 1,
                              UNIT_CODE_CHARACTERS, JSON_OPTIONAL),
    [LIST_Q] = JSON_TEXT("q", struct list_query, q, 1, 40, JSON_OPTIONAL),
    JSON_END
};

/* GET /units - by code; the cursor is the last code of the page before. */
enum err
unit_list(struct request *req)
{
    struct list_query asked = { .kind = CHOICE_NONE, .limit = LIST_LIMIT_DEFAULT };
    struct unit *units = NULL;
    uint64_t present = 0;
    size_t count = 0;
    struct json_out out;

    TRY(request_query_read(req, list_fields, &asked, &present));
    struct units_filter filter = {
        .kind = asked.kind,
        .has_enabled = (present & (UINT64_C(1) << LIST_ENABLED)) != 0,
        .is_enabled = asked.enabled,
        .q = asked.q,
    };

    /* One more than asked for tells whether there is a next page. */
    TRY(units_list(req->reader->db, req->arena, &filter,
                   asked.cursor == NULL ? "" : asked.cursor, (int)asked.limit + 1, &units,
                   &count));
    size_t shown = count > (size_t)asked.limit ? (size_t)asked.limit : count;
    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_list_open(&out, "items");
    for (size_t i = 0; i < shown; i++)
        write_unit(&out, &units[i]);
    json_list_close(&out);
    json_text(&out, "next", count > shown ? units[shown - 1].code : NULL);
    json_object_close(&out);
    return reply_json(req, 200, &out);
}

static enum err
reply_unit(struct request *req, int status, const char *code)
{
    struct json_out out;
    struct unit unit;

    TRY(units_by_code(req->reader->db, req->arena, code, &unit));
    json_out_init(&out, req->arena);
    write_unit(&out, &unit);
    return reply_json(req, status, &out);
}

/* GET /units/{code} */
enum err
unit_show(struct request *req)
{
    return reply_unit(req, 200, request_path(req, "code"));
}

/* --- Writes -------------------------------------------------------------------- */

#define D struct unit_draft
#define UNIT_ROWS(need)                                                                  \
    JSON_TEXT("name", D, name, 1, 40, need),                                             \
        JSON_TEXT("short_name", D, short_name, 1, 20, JSON_OPTIONAL),                    \
        JSON_CHOICE("kind", D, kind, &words_unit_kind, need),                            \
        JSON_TEXT("parent", D, parent, 0, UNIT_CODE_CHARACTERS, JSON_OPTIONAL),          \
        JSON_TEXT("duty_keywords", D, duty_keywords, 0, 500, JSON_OPTIONAL),             \
        JSON_TEXT_LIST("areas", D, areas, 0, UNIT_AREAS_MAX, VOCABULARY_CODE_CHARACTERS, \
                       JSON_OPTIONAL),                                                   \
        JSON_TEXT("head", D, head, 0, 30, JSON_OPTIONAL),                                \
        JSON_TEXT("deputy", D, deputy, 0, 30, JSON_OPTIONAL),                            \
        JSON_TEXT("contact", D, contact, 0, 30, JSON_OPTIONAL),                          \
        JSON_TEXT("phone", D, phone, 0, 60, JSON_OPTIONAL),                              \
        JSON_TEXT("night_phone", D, night_phone, 0, 60, JSON_OPTIONAL),                  \
        JSON_CHOICE("sign_off", D, sign_off, &words_sign_off, JSON_OPTIONAL),            \
        JSON_TEXT("search_key", D, search_key, 0, 200, JSON_OPTIONAL)

static const struct json_field create_fields[] = {
    JSON_TEXT("code", D, code, 1, UNIT_CODE_CHARACTERS, JSON_REQUIRED),
    UNIT_ROWS(JSON_REQUIRED), JSON_END
};
static const struct json_field change_fields[] = {
    JSON_INT("version", D, version, 1, INT32_MAX, JSON_REQUIRED),
    JSON_TRISTATE("enabled", D, enabled, JSON_OPTIONAL), UNIT_ROWS(JSON_OPTIONAL),
    JSON_END
};
#undef D

/* POST /units */
enum err
unit_create_begin(struct request *req, struct job **ret_job)
{
    struct cmd_unit_create *cmd = arena_make(req->arena, struct cmd_unit_create);

    if (cmd == NULL)
        return ERR_NO_MEMORY;
    cmd_unit_create_init(cmd);
    TRY(api_idempotency(req, &cmd->idempotency));
    TRY(request_body(req, create_fields, &cmd->draft, NULL));
    cmd->actor = api_actor(req)->actor;
    cmd->now = req->now;
    *ret_job = &cmd->job;
    return OK;
}

enum err
unit_create_end(struct request *req, struct job *job)
{
    const char *code = job_as(job, struct cmd_unit_create)->idempotency.result;
    const char *location = arena_printf(req->arena, "/api/v1/units/%s", code);

    if (location == NULL)
        return ERR_NO_MEMORY;
    TRY(reply_unit(req, 201, code));
    return reply_header(req, "Location", location);
}

/* PATCH /units/{code} */
enum err
unit_change_begin(struct request *req, struct job **ret_job)
{
    struct cmd_unit_change *cmd = arena_make(req->arena, struct cmd_unit_change);

    if (cmd == NULL)
        return ERR_NO_MEMORY;
    cmd_unit_change_init(cmd);
    TRY(request_body(req, change_fields, &cmd->draft, NULL));
    cmd->draft.code = request_path(req, "code");
    cmd->actor = api_actor(req)->actor;
    cmd->now = req->now;
    *ret_job = &cmd->job;
    return OK;
}

enum err
unit_change_end(struct request *req, struct job *job)
{
    return reply_unit(req, 200, job_as(job, struct cmd_unit_change)->draft.code);
}

/* DELETE /units/{code} */
enum err
unit_delete_begin(struct request *req, struct job **ret_job)
{
    struct cmd_unit_delete *cmd = arena_make(req->arena, struct cmd_unit_delete);

    if (cmd == NULL)
        return ERR_NO_MEMORY;
    cmd_unit_delete_init(cmd);
    cmd->code = request_path(req, "code");
    cmd->actor = api_actor(req)->actor;
    cmd->now = req->now;
    *ret_job = &cmd->job;
    return OK;
}

enum err
unit_delete_end(struct request *req, struct job *job)
{
    return api_gone(req, job);
}
