#include <string.h>

#include "api_internal.h"
#include "base/config.h"
#include "base/sheet.h"
#include "base/timeutil.h"
#include "command/cmd_export.h"
#include "export_lists.h"
#include "store/reader.h"
#include "store/rulebook.h"

/*
 * api_exports.c - lists as files: ask for one, see how far it is, fetch it.
 *
 * Everybody's own.  A file shows what its owner saw with the unit and the roles
 * of then; when these have changed it does not exist any more, as one of
 * somebody else does not.
 */

#define QUERY_CHARACTERS 1000

static bool
is_own(const struct request *req, const struct export *export)
{
    const struct actor *actor = &api_actor(req)->actor;

    return export->user_id == actor->id && export->unit_id == actor->unit_id &&
           export->roles == actor->roles;
}

static enum err
load_own(struct request *req, const char *id, struct export *ret_export)
{
    TRY(exports_by_id(req->reader->db, req->arena, id, ret_export));
    return is_own(req, ret_export) ? OK : ERR_NOT_FOUND;
}

/* --- What is told ----------------------------------------------------------------------- */

static enum err
write_export(struct request *req, struct json_out *out, const struct export *export)
{
    bool is_ready = export->state == EXPORT_READY;
    const char *file =
        is_ready ? arena_printf(req->arena, "/api/v1/exports/%s/file", export->id) : NULL;
    const char *message =
        export->reason == NULL
            ? NULL
            : reply_message(req, err_find(export->reason),
                            arena_printf(req->arena, "%lld",
                                         (long long)req->http->config->export_rows_max));

    if ((is_ready && file == NULL) || (export->reason != NULL && message == NULL))
        return ERR_NO_MEMORY;
    json_object_open(out, NULL);
    json_text(out, "id", export->id);
    api_choice(out, "state", &words_export_state, export->state);
    json_text(out, "list", export->list);
    json_text(out, "query", export->query);
    api_choice(out, "format", &words_sheet_format, export->format);
    json_time(out, "created_at", export->created_at);
    json_time(out, "finished_at", export->finished_at);
    json_time(out, "expires_at", export->expires_at);
    json_text(out, "name", export->name);
    json_int(out, "rows", export->rows);
    json_int(out, "bytes", export->bytes);
    json_text(out, "file", file);
    json_text(out, "reason", export->reason);
    json_text(out, "message", message);
    json_object_close(out);
    return OK;
}

/* GET /exports */
enum err
export_list(struct request *req)
{
    /* The kept ones and the one under way. */
    int most = req->rulebook->settings.exports_per_user + 1;
    struct export *exports = NULL;
    struct json_out out;
    size_t count = 0;

    TRY(exports_list(req->reader->db, req->arena, api_actor(req)->actor.id, most,
                     &exports, &count));
    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_list_open(&out, "items");
    for (size_t i = 0; i < count; i++)
        if (is_own(req, &exports[i]))
            TRY(write_export(req, &out, &exports[i]));
    json_list_close(&out);
    json_null(&out, "next");
    json_object_close(&out);
    return reply_json(req, 200, &out);
}

/* GET /exports/{id} */
enum err
export_show(struct request *req)
{
    struct export export;
    struct json_out out;

    TRY(load_own(req, request_path(req, "id"), &export));
    json_out_init(&out, req->arena);
    TRY(write_export(req, &out, &export));
    return reply_json(req, 200, &out);
}

/* GET /exports/{id}/file */
enum err
export_file(struct request *req)
{
    struct export export;
    int fd = -1;

    TRY(load_own(req, request_path(req, "id"), &export));
    if (export.state != EXPORT_READY)
        return problem_value(&req->problem, ERR_EXPORT_NOT_READY, "%s",
                             choice_word(&words_export_state, export.state));
    const char *saving = api_saving(req, export.name);
    if (saving == NULL)
        return ERR_NO_MEMORY;
    TRY(export_file_open(req->store, export.id, &fd));
    TRY(reply_file_take(req, 200, sheet_media_type((enum sheet_format) export.format), fd,
                        export.bytes));
    TRY(reply_header(req, "Content-Disposition", saving));
    return reply_header(req, "Content-Security-Policy", "sandbox; default-src 'none'");
}

/* --- POST /exports ---------------------------------------------------------------------- */

struct export_draft {
    int list, format;
    const char *query;
};

static const struct json_field export_fields[] = {
    JSON_CHOICE("list", struct export_draft, list, &words_export_list, JSON_REQUIRED),
    JSON_CHOICE("format", struct export_draft, format, &words_sheet_format,
                JSON_REQUIRED),
    JSON_TEXT("query", struct export_draft, query, 0, QUERY_CHARACTERS, JSON_OPTIONAL),
    JSON_END
};

/* What the list is filtered by: "state=received, q=路灯"; and the names: ["state","q"]. */
static enum err
tell_filters(struct request *req, const char **ret_text, const char **ret_names)
{
    const char *text = "", *names = "";

    for (size_t i = 0; i < req->query_value_count && text != NULL && names != NULL; i++) {
        const char *comma = i == 0 ? "" : ",";

        text = arena_printf(req->arena, "%s%s%s%s=%s", text, comma, i == 0 ? "" : " ",
                            req->query_values[i].name, req->query_values[i].value);
        names = arena_printf(req->arena, "%s%s\"%s\"", names, comma,
                             req->query_values[i].name);
    }
    names = names == NULL ? NULL : arena_printf(req->arena, "[%s]", names);
    if (text == NULL || names == NULL)
        return ERR_NO_MEMORY;
    *ret_text = text;
    *ret_names = names;
    return OK;
}

static const char *
list_label(const struct request *req, int list)
{
    const struct choice *item = &words_export_list.items[list];

    return req->language == LANGUAGE_ZH ? item->zh : item->en;
}

/* The watermark: who, when, what. */
static const char *
make_mark(struct request *req, int list, const char *filters)
{
    const struct api_actor *who = api_actor(req);
    bool is_zh = req->language == LANGUAGE_ZH;
    const char *none = is_zh ? "无" : "none";
    char at[TIME_TEXT_BYTES];

    time_format(req->now, at);
    filters = *filters == '\0' ? none : filters;
    return is_zh ? arena_printf(req->arena,
                                "%s 导出人：%s（%s，%s） 时间：%.10s %.8s 条件：%s",
                                list_label(req, list), who->name, who->login,
                                who->unit_name, at, at + 11, filters)
                 : arena_printf(req->arena,
                                "%s, exported by %s (%s, %s) at %.10s %.8s, filters: %s",
                                list_label(req, list), who->name, who->login,
                                who->unit_name, at, at + 11, filters);
}

/* "工单-li.clerk-20261126-1710.xlsx" */
static const char *
make_name(struct request *req, int list, int format)
{
    struct civil_date date = time_date_of_day(time_day(req->now));
    int minutes = time_of_day(req->now) / 60;

    return arena_printf(req->arena, "%s-%s-%04d%02d%02d-%02d%02d.%s",
                        list_label(req, list), api_actor(req)->login, date.year,
                        date.month, date.mday, minutes / 60, minutes % 60,
                        choice_word(&words_sheet_format, format));
}

static enum err
read_draft(struct request *req, struct cmd_export_create *cmd)
{
    struct export_draft draft = { .list = CHOICE_NONE,
                                  .format = CHOICE_NONE,
                                  .query = "" };
    const char *filters;

    TRY(request_query_read(req, (const struct json_field[]){ JSON_END }, NULL, NULL));
    TRY(request_body(req, export_fields, &draft, NULL));
    TRY(request_query_set(req, draft.query));
    TRY(export_list_check(req, draft.list));
    TRY(tell_filters(req, &filters, &cmd->filters));
    cmd->export.list = choice_word(&words_export_list, draft.list);
    cmd->export.query = draft.query;
    cmd->export.format = draft.format;
    cmd->export.mark = make_mark(req, draft.list, filters);
    cmd->export.name = make_name(req, draft.list, draft.format);
    return cmd->export.mark == NULL || cmd->export.name == NULL ? ERR_NO_MEMORY : OK;
}

enum err
export_create_begin(struct request *req, struct job **ret_job)
{
    struct cmd_export_create *cmd = arena_make(req->arena, struct cmd_export_create);

    if (cmd == NULL)
        return ERR_NO_MEMORY;
    cmd_export_create_init(cmd);
    TRY(api_idempotency(req, &cmd->idempotency));
    TRY(read_draft(req, cmd));
    cmd->actor = api_actor(req)->actor;
    cmd->now = req->now;
    cmd->export.language = req->language;
    cmd->export.user_id = cmd->actor.id;
    cmd->export.unit_id = cmd->actor.unit_id;
    cmd->export.roles = cmd->actor.roles;
    *ret_job = &cmd->job;
    return OK;
}

enum err
export_create_end(struct request *req, struct job *job)
{
    const struct cmd_export_create *cmd = job_as(job, struct cmd_export_create);
    const struct api_services *services = req->http->services;
    struct export export;
    struct json_out out;

    if (services->wake_exporter != NULL)
        services->wake_exporter(services->exporter);
    TRY(load_own(req, cmd->export.id, &export));
    json_out_init(&out, req->arena);
    TRY(write_export(req, &out, &export));
    TRY(reply_json(req, 201, &out));
    return api_location(req, "exports", export.id);
}
