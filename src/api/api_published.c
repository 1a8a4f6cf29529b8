#include "api_internal.h"
#include "command/cmd_report.h"
#include "list_cursor.h"
#include "report_json.h"
#include "store/reader.h"
#include "store/reports.h"

/*
 * api_published.c - GET and POST /reports/published, GET /reports/published/{month}:
 * months whose numbers stand, computed again from what they were made of.
 */

static void
write_published(struct json_out *out, const struct report_published *published)
{
    json_text(out, "month", published->month);
    json_int(out, "formula_version", published->formula_version);
    json_time(out, "published_at", published->at);
    json_object_open(out, "published_by");
    json_text(out, "login", published->login);
    json_text(out, "name", published->name);
    json_object_close(out);
}

/* GET /reports/published: all of them, there are twelve a year. */
enum err
published_list(struct request *req)
{
    struct report_published *items = NULL;
    struct json_out out;
    size_t count = 0;

    TRY(request_query_read(req, (const struct json_field[]){ JSON_END }, NULL, NULL));
    TRY(reports_published_list(req->reader->db, req->arena, "~", LIST_LIMIT_MAX, &items,
                               &count));
    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_list_open(&out, "items");
    for (size_t i = 0; i < count; i++) {
        json_object_open(&out, NULL);
        write_published(&out, &items[i]);
        json_object_close(&out);
    }
    json_list_close(&out);
    json_object_close(&out);
    return reply_json(req, 200, &out);
}

static enum err
reply_published(struct request *req, const char *month, int status)
{
    struct report_published published;
    struct report_period period;
    struct report_data data;
    struct json_out out;

    if (!report_month_parse(month, &period))
        return ERR_NOT_FOUND;
    TRY(reports_published(req->reader->db, req->arena, month, &published));
    TRY(report_thaw(req, &period, published.inputs, &data));
    TRY(report_compare(req, CHOICE_NONE, &data));
    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    write_published(&out, &published);
    json_object_open(&out, "monthly");
    report_monthly_json(&out, req->arena, &data);
    json_object_close(&out);
    json_object_open(&out, "assessment");
    TRY(report_assessment_json(req, &out, &data, REPORT_BY_VOLUME, true, 0,
                               data.unit_count));
    json_object_close(&out);
    json_object_close(&out);
    return reply_json(req, status, &out);
}

/* GET /reports/published/{month} */
enum err
published_show(struct request *req)
{
    TRY(request_query_read(req, (const struct json_field[]){ JSON_END }, NULL, NULL));
    return reply_published(req, request_path(req, "month"), 200);
}

#define C struct cmd_report_publish
static const struct json_field publish_fields[] = {
    JSON_TEXT("month", C, month, 7, REPORT_MONTH_CHARACTERS, JSON_REQUIRED),
    JSON_END,
};
#undef C

/* POST /reports/published */
enum err
published_create_begin(struct request *req, struct job **ret_job)
{
    struct cmd_report_publish *cmd = arena_make(req->arena, struct cmd_report_publish);
    struct report_period period;

    if (cmd == NULL)
        return ERR_NO_MEMORY;
    cmd_report_publish_init(cmd);
    TRY(api_idempotency(req, &cmd->idempotency));
    TRY(request_body(req, publish_fields, cmd, NULL));
    if (!report_month_parse(cmd->month, &period)) {
        (void)problem_add(&req->problem, "month", ERR_FIELD_INVALID, NULL);
        return problem_value(&req->problem, ERR_FIELDS, "1");
    }
    cmd->from = period.from;
    cmd->to = period.to;
    cmd->actor = api_actor(req)->actor;
    cmd->now = req->now;
    *ret_job = &cmd->job;
    return OK;
}

enum err
published_create_end(struct request *req, struct job *job)
{
    return reply_published(req, job_as(job, struct cmd_report_publish)->month, 201);
}
