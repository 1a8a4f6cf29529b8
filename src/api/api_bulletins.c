#include <stdlib.h>

#include "api_internal.h"
#include "bulletin_text.h"
#include "command/cmd_bulletin.h"
#include "list_cursor.h"
#include "report_brief.h"
#include "store/reader.h"
#include "store/rulebook.h"

/*
 * api_bulletins.c - special reports (专报), circulars (通报), daily and weekly briefs
 * (日报, 周报): made from the figures of a period, edited, issued with a number.  A
 * draft is the supervisors' alone; leaders read what was issued.
 */

#define CURSOR_BULLETINS 'b'
#define CATEGORIES_SAID 5
#define DAYS_A_WEEK 7

static bool
sees_drafts(const struct request *req)
{
    return (api_actor(req)->actor.roles & ROLE_BIT(ROLE_SUPERVISOR)) != 0;
}

/* --- On the wire ------------------------------------------------------------------------ */

static void
write_head(struct json_out *out, const struct bulletin *bulletin)
{
    json_int(out, "id", bulletin->id);
    json_word(out, "kind", choice_word(&words_bulletin_kind, bulletin->kind));
    json_word(out, "state", choice_word(&words_bulletin_state, bulletin->state));
    json_text(out, "number", bulletin->number);
    json_date(out, "from", bulletin->from);
    json_date(out, "to", bulletin->to);
    json_text(out, "title", bulletin->title);
    json_int(out, "version", bulletin->version);
    json_time(out, "created_at", bulletin->created_at);
    json_text(out, "created_by", bulletin->created_by);
    json_time(out, "issued_at", bulletin->issued_at);
    json_text(out, "issued_by", bulletin->issued_by);
}

static enum err
reply_bulletin(struct request *req, int64_t id, int status)
{
    const struct settings *settings = &req->rulebook->settings;
    struct bulletin bulletin;
    char office[SETTING_OFFICE_BYTES];
    struct json_out out;

    setting_office(settings, office);
    TRY(bulletins_by_id(req->reader->db, req->arena, id, &bulletin));
    if (bulletin.state == BULLETIN_DRAFT && !sees_drafts(req))
        return ERR_NOT_FOUND;
    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    write_head(&out, &bulletin);
    json_text(&out, "text", bulletin.text);
    json_text(&out, "office", bulletin.office == NULL ? office : bulletin.office);
    if (bulletin.figures == NULL)
        json_null(&out, "figures");
    else
        json_raw(&out, "figures", bulletin.figures);
    json_object_close(&out);
    return reply_json(req, status, &out);
}

/* The number in the path; 0: not one. */
static int64_t
path_id(const struct request *req)
{
    const char *text = request_path(req, "id");
    char *end = NULL;
    long long id = strtoll(text, &end, 10);

    return *text >= '1' && *text <= '9' && *end == '\0' ? (int64_t)id : 0;
}

/* --- Reading ---------------------------------------------------------------------------- */

struct bulletins_query {
    const char *cursor;
    int kind;
    int64_t limit;
};
#define Q struct bulletins_query
static const struct json_field bulletins_fields[] = {
    JSON_CHOICE("kind", Q, kind, &words_bulletin_kind, JSON_OPTIONAL),
    JSON_INT("limit", Q, limit, 1, LIST_LIMIT_MAX, JSON_OPTIONAL),
    JSON_TEXT("cursor", Q, cursor, 1, LIST_CURSOR_CHARACTERS, JSON_OPTIONAL),
    JSON_END,
};
#undef Q

/* GET /bulletins */
enum err
bulletin_list(struct request *req)
{
    struct bulletins_query asked = { .kind = CHOICE_NONE, .limit = LIST_LIMIT_DEFAULT };
    int64_t unused = 0, before = INT64_MAX;
    struct bulletin *items = NULL;
    struct json_out out;
    size_t count = 0;

    TRY(request_query_read(req, bulletins_fields, &asked, NULL));
    if (asked.cursor != NULL)
        TRY(list_cursor_read(req, asked.cursor, CURSOR_BULLETINS, &unused, &before));
    /* One more than asked for tells whether there is a next page. */
    TRY(bulletins_list(req->reader->db, req->arena, asked.kind, sees_drafts(req), before,
                       (int)asked.limit + 1, &items, &count));
    size_t shown = count > (size_t)asked.limit ? (size_t)asked.limit : count;
    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_list_open(&out, "items");
    for (size_t i = 0; i < shown; i++) {
        json_object_open(&out, NULL);
        write_head(&out, &items[i]);
        json_object_close(&out);
    }
    json_list_close(&out);
    TRY(list_cursor_write(req, &out, count > shown, CURSOR_BULLETINS, 0,
                          shown == 0 ? 0 : items[shown - 1].id));
    json_object_close(&out);
    return reply_json(req, 200, &out);
}

/* GET /bulletins/{id} */
enum err
bulletin_show(struct request *req)
{
    TRY(request_query_read(req, (const struct json_field[]){ JSON_END }, NULL, NULL));
    return reply_bulletin(req, path_id(req), 200);
}

/* --- Making ------------------------------------------------------------------------------ */

#define C struct cmd_bulletin
static const struct json_field create_fields[] = {
    JSON_CHOICE("kind", C, draft.kind, &words_bulletin_kind, JSON_REQUIRED),
    JSON_DATE("from", C, draft.from, JSON_REQUIRED),
    JSON_DATE("to", C, draft.to, JSON_REQUIRED),
    JSON_END,
};
static const struct json_field change_fields[] = {
    JSON_INT("version", C, version, 1, INT32_MAX, JSON_REQUIRED),
    JSON_TEXT("title", C, draft.title, 1, BULLETIN_TITLE_CHARACTERS, JSON_REQUIRED),
    JSON_TEXT("text", C, draft.text, 1, BULLETIN_TEXT_CHARACTERS, JSON_REQUIRED),
    JSON_END,
};
static const struct json_field issue_fields[] = {
    JSON_INT("version", C, version, 1, INT32_MAX, JSON_REQUIRED),
    JSON_END,
};
#undef C

static bool
is_brief(int kind)
{
    return kind == BULLETIN_DAILY || kind == BULLETIN_WEEKLY;
}

/* A brief is of one day, or of seven. */
static bool
fits(const struct bulletin *draft)
{
    int32_t days = draft->to - draft->from + 1;

    return days >= 1 && (draft->kind != BULLETIN_DAILY || days == 1) &&
           (draft->kind != BULLETIN_WEEKLY || days == DAYS_A_WEEK);
}

/* The figures of the period, in words. */
static enum err
write_draft(struct request *req, struct bulletin *draft)
{
    struct report_period period = { .from = draft->from, .to = draft->to };
    struct report_period before = brief_before(&period);
    struct board_category categories[CATEGORIES_SAID];
    struct accountability_line *accountabilities = NULL;
    struct report_data data, data_before;
    struct bulletin_source source = {
        .data = &data,
        .before = &data_before,
        .county = req->rulebook->settings.county_name,
        .categories = categories,
    };

    TRY(report_read(req, &period, CHOICE_NONE, &data));
    TRY(report_read(req, &before, CHOICE_NONE, &data_before));
    TRY(boards_categories(req->reader->db, req->arena, period.to, report_days(&period),
                          CATEGORIES_SAID, categories, &source.category_count));
    TRY(accountabilities_between(req->reader->db, req->arena, period.from, period.to,
                                 &accountabilities, &source.accountability_count));
    source.accountabilities = accountabilities;
    if (is_brief(draft->kind))
        TRY(report_brief_frozen(req->arena, &data, &data_before, &draft->figures));
    return bulletin_write(req->arena, draft->kind, &source, &draft->title, &draft->text);
}

/* POST /bulletins */
enum err
bulletin_create_begin(struct request *req, struct job **ret_job)
{
    struct cmd_bulletin *cmd = arena_make(req->arena, struct cmd_bulletin);

    if (cmd == NULL)
        return ERR_NO_MEMORY;
    cmd_bulletin_create_init(cmd);
    TRY(api_idempotency(req, &cmd->idempotency));
    TRY(request_body(req, create_fields, cmd, NULL));
    if (!fits(&cmd->draft)) {
        (void)problem_add(&req->problem, "to", ERR_FIELD_INVALID, NULL);
        return problem_value(&req->problem, ERR_FIELDS, "1");
    }
    TRY(write_draft(req, &cmd->draft));
    cmd->actor = api_actor(req)->actor;
    cmd->now = req->now;
    *ret_job = &cmd->job;
    return OK;
}

enum err
bulletin_create_end(struct request *req, struct job *job)
{
    return reply_bulletin(req, job_as(job, struct cmd_bulletin)->id, 201);
}

static enum err
begin(struct request *req, void (*init)(struct cmd_bulletin *cmd),
      const struct json_field *fields, bool needs_key, struct job **ret_job)
{
    struct cmd_bulletin *cmd = arena_make(req->arena, struct cmd_bulletin);

    if (cmd == NULL)
        return ERR_NO_MEMORY;
    init(cmd);
    if (needs_key)
        TRY(api_idempotency(req, &cmd->idempotency));
    TRY(request_body(req, fields, cmd, NULL));
    cmd->id = path_id(req);
    cmd->actor = api_actor(req)->actor;
    cmd->now = req->now;
    *ret_job = &cmd->job;
    return OK;
}

/* PUT /bulletins/{id} */
enum err
bulletin_change_begin(struct request *req, struct job **ret_job)
{
    return begin(req, cmd_bulletin_change_init, change_fields, false, ret_job);
}

enum err
bulletin_change_end(struct request *req, struct job *job)
{
    return reply_bulletin(req, job_as(job, struct cmd_bulletin)->id, 200);
}

/* POST /bulletins/{id}/issue */
enum err
bulletin_issue_begin(struct request *req, struct job **ret_job)
{
    return begin(req, cmd_bulletin_issue_init, issue_fields, true, ret_job);
}

enum err
bulletin_issue_end(struct request *req, struct job *job)
{
    return reply_bulletin(req, job_as(job, struct cmd_bulletin)->id, 200);
}
