#include "api_internal.h"
#include "command/cmd_phrase.h"
#include "list_cursor.h"
#include "store/phrases.h"
#include "store/reader.h"
#include "store/units.h"

/*
 * api_phrases.c - /phrases and /templates: what forms offer and checks look for.
 * Staff read them; the administrator writes, and a unit head the own unit's
 * templates.  Of another unit's templates nobody but the administrator knows.
 */

#define CURSOR_PHRASES 'p'
#define CURSOR_TEMPLATES 't'

static void
write_phrase(struct json_out *out, const struct phrase *phrase)
{
    json_object_open(out, NULL);
    json_int(out, "id", phrase->id);
    api_choice(out, "kind", &words_phrase_kind, phrase->kind);
    json_text(out, "text", phrase->text);
    json_bool(out, "enabled", phrase->is_enabled);
    json_int(out, "version", phrase->version);
    json_object_close(out);
}

static void
write_template(struct json_out *out, const struct text_template *one)
{
    json_object_open(out, NULL);
    json_int(out, "id", one->id);
    api_choice(out, "kind", &words_template_kind, one->kind);
    json_text(out, "title", one->title);
    json_text(out, "text", one->text);
    json_text(out, "unit", one->unit);
    json_bool(out, "enabled", one->is_enabled);
    json_int(out, "version", one->version);
    json_object_close(out);
}

/* Whose templates the actor may know of; 0: every unit's. */
static int64_t
viewer_unit(const struct request *req)
{
    const struct actor *actor = &api_actor(req)->actor;

    return (actor->roles & ROLE_BIT(ROLE_ADMIN)) != 0 ? 0 : actor->unit_id;
}

/* --- Reads --------------------------------------------------------------------- */

struct list_query {
    int kind;
    bool enabled;
    const char *cursor;
    int64_t limit;
};

enum { LIST_KIND, LIST_ENABLED, LIST_LIMIT, LIST_CURSOR };

#define Q struct list_query
#define LIST_FIELDS(kinds)                                                               \
    {                                                                                    \
        [LIST_KIND] = JSON_CHOICE("kind", Q, kind, kinds, JSON_OPTIONAL),                \
        [LIST_ENABLED] = JSON_BOOL("enabled", Q, enabled, JSON_OPTIONAL),                \
        [LIST_LIMIT] = JSON_INT("limit", Q, limit, 1, LIST_LIMIT_MAX, JSON_OPTIONAL),    \
        [LIST_CURSOR] =                                                                  \
            JSON_TEXT("cursor", Q, cursor, 1, LIST_CURSOR_CHARACTERS, JSON_OPTIONAL),    \
        JSON_END                                                                         \
    }
static const struct json_field phrase_list_fields[] = LIST_FIELDS(&words_phrase_kind);
static const struct json_field template_list_fields[] = LIST_FIELDS(&words_template_kind);
#undef Q

static enum err
read_filter(struct request *req, const struct json_field *fields, char order,
            struct phrase_filter *ret_filter, size_t *ret_limit)
{
    struct list_query asked = { .kind = CHOICE_NONE, .limit = LIST_LIMIT_DEFAULT };
    uint64_t present = 0;
    int64_t unused = 0;

    TRY(request_query_read(req, fields, &asked, &present));
    *ret_filter = (struct phrase_filter){
        .kind = asked.kind,
        .has_enabled = (present & (UINT64_C(1) << LIST_ENABLED)) != 0,
        .is_enabled = asked.enabled,
        .viewer_unit = viewer_unit(req),
    };
    if (asked.cursor != NULL)
        TRY(list_cursor_read(req, asked.cursor, order, &unused, &ret_filter->after));
    *ret_limit = (size_t)asked.limit;
    return OK;
}

/* GET /phrases */
enum err
phrase_list(struct request *req)
{
    struct phrase_filter filter;
    size_t count = 0, limit = 0;
    struct phrase *items = NULL;
    struct json_out out;

    TRY(read_filter(req, phrase_list_fields, CURSOR_PHRASES, &filter, &limit));
    /* One more than asked for tells whether there is a next page. */
    TRY(phrases_page(req->reader->db, req->arena, &filter, (int)limit + 1, &items,
                     &count));
    size_t shown = count > limit ? limit : count;
    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_list_open(&out, "items");
    for (size_t i = 0; i < shown; i++)
        write_phrase(&out, &items[i]);
    json_list_close(&out);
    TRY(list_cursor_write(req, &out, count > shown, CURSOR_PHRASES, 0,
                          shown == 0 ? 0 : items[shown - 1].id));
    json_object_close(&out);
    return reply_json(req, 200, &out);
}

/* GET /templates */
enum err
template_list(struct request *req)
{
    struct text_template *items = NULL;
    struct phrase_filter filter;
    size_t count = 0, limit = 0;
    struct json_out out;

    TRY(read_filter(req, template_list_fields, CURSOR_TEMPLATES, &filter, &limit));
    TRY(templates_page(req->reader->db, req->arena, &filter, (int)limit + 1, &items,
                       &count));
    size_t shown = count > limit ? limit : count;
    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_list_open(&out, "items");
    for (size_t i = 0; i < shown; i++)
        write_template(&out, &items[i]);
    json_list_close(&out);
    TRY(list_cursor_write(req, &out, count > shown, CURSOR_TEMPLATES, 0,
                          shown == 0 ? 0 : items[shown - 1].id));
    json_object_close(&out);
    return reply_json(req, 200, &out);
}

/* --- Writes -------------------------------------------------------------------- */

#define D struct phrase_draft
#define VERSION_ROW JSON_INT("version", D, version, 1, INT32_MAX, JSON_REQUIRED)
#define PHRASE_ROWS(need)                                                                \
    JSON_CHOICE("kind", D, kind, &words_phrase_kind, need),                              \
        JSON_TEXT("text", D, text, 1, 100, need),                                        \
        JSON_TRISTATE("enabled", D, enabled, JSON_OPTIONAL)
#define TEMPLATE_ROWS(need)                                                              \
    JSON_CHOICE("kind", D, kind, &words_template_kind, need),                            \
        JSON_TEXT("title", D, title, 1, 60, need),                                       \
        JSON_TEXT("text", D, text, 1, 5000, need),                                       \
        JSON_TEXT("unit", D, unit, 0, UNIT_CODE_CHARACTERS, JSON_OPTIONAL),              \
        JSON_TRISTATE("enabled", D, enabled, JSON_OPTIONAL)
static const struct json_field phrase_create_fields[] = { PHRASE_ROWS(JSON_REQUIRED),
                                                          JSON_END };
static const struct json_field phrase_change_fields[] = { VERSION_ROW,
                                                          PHRASE_ROWS(JSON_OPTIONAL),
                                                          JSON_END };
static const struct json_field template_create_fields[] = { TEMPLATE_ROWS(JSON_REQUIRED),
                                                            JSON_END };
static const struct json_field template_change_fields[] = { VERSION_ROW,
                                                            TEMPLATE_ROWS(JSON_OPTIONAL),
                                                            JSON_END };
#undef D

/* What the six have in common; `fields` NULL: nothing is read. */
static enum err
begin(struct request *req, void (*init)(struct cmd_phrase *cmd),
      const struct json_field *fields, struct job **ret_job)
{
    struct cmd_phrase *cmd = arena_make(req->arena, struct cmd_phrase);

    if (cmd == NULL)
        return ERR_NO_MEMORY;
    init(cmd);
    if (req->method == METHOD_POST)
        TRY(api_idempotency(req, &cmd->idempotency));
    if (fields != NULL)
        TRY(request_body(req, fields, &cmd->draft, NULL));
    if (req->method != METHOD_POST)
        TRY(api_path_id(req, "id", &cmd->draft.id));
    cmd->actor = api_actor(req)->actor;
    cmd->now = req->now;
    *ret_job = &cmd->job;
    return OK;
}

static enum err
reply_phrase(struct request *req, int status, struct job *job)
{
    struct phrase phrase;
    struct json_out out;

    TRY(phrases_by_id(req->reader->db, req->arena,
                      job_as(job, struct cmd_phrase)->draft.id, &phrase));
    json_out_init(&out, req->arena);
    write_phrase(&out, &phrase);
    return reply_json(req, status, &out);
}

static enum err
reply_template(struct request *req, int status, struct job *job)
{
    struct text_template one;
    struct json_out out;

    TRY(templates_by_id(req->reader->db, req->arena,
                        job_as(job, struct cmd_phrase)->draft.id, viewer_unit(req),
                        &one));
    json_out_init(&out, req->arena);
    write_template(&out, &one);
    return reply_json(req, status, &out);
}

/* POST /phrases */
enum err
phrase_create_begin(struct request *req, struct job **ret_job)
{
    return begin(req, cmd_phrase_create_init, phrase_create_fields, ret_job);
}

enum err
phrase_create_end(struct request *req, struct job *job)
{
    return reply_phrase(req, 201, job);
}

/* PATCH /phrases/{id} */
enum err
phrase_change_begin(struct request *req, struct job **ret_job)
{
    return begin(req, cmd_phrase_change_init, phrase_change_fields, ret_job);
}

enum err
phrase_change_end(struct request *req, struct job *job)
{
    return reply_phrase(req, 200, job);
}

/* DELETE /phrases/{id} */
enum err
phrase_delete_begin(struct request *req, struct job **ret_job)
{
    return begin(req, cmd_phrase_delete_init, NULL, ret_job);
}

enum err
phrase_delete_end(struct request *req, struct job *job)
{
    return api_gone(req, job);
}

/* POST /templates */
enum err
template_create_begin(struct request *req, struct job **ret_job)
{
    return begin(req, cmd_template_create_init, template_create_fields, ret_job);
}

enum err
template_create_end(struct request *req, struct job *job)
{
    return reply_template(req, 201, job);
}

/* PATCH /templates/{id} */
enum err
template_change_begin(struct request *req, struct job **ret_job)
{
    return begin(req, cmd_template_change_init, template_change_fields, ret_job);
}

enum err
template_change_end(struct request *req, struct job *job)
{
    return reply_template(req, 200, job);
}

/* DELETE /templates/{id} */
enum err
template_delete_begin(struct request *req, struct job **ret_job)
{
    return begin(req, cmd_template_delete_init, NULL, ret_job);
}

enum err
template_delete_end(struct request *req, struct job *job)
{
    return api_gone(req, job);
}
