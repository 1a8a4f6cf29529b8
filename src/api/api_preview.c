#include <string.h>

#include "api_internal.h"
#include "domain/deadline.h"
#include "store/reader.h"
#include "store/rulebook.h"
#include "store/vocabulary.h"

/*
 * api_preview.c - GET /tickets/preview-due: until when a ticket that is being
 * received would have to be dispatched and answered, by the rules that dispatch
 * itself will ask.
 */

struct preview_query {
    const char *channel, *category;
    int urgency;
};

static const struct json_field preview_fields[] = {
    JSON_TEXT("channel", struct preview_query, channel, 1, CODE_BYTES - 1, JSON_REQUIRED),
    JSON_TEXT("category", struct preview_query, category, 1, CODE_BYTES - 1,
              JSON_OPTIONAL),
    JSON_CHOICE("urgency", struct preview_query, urgency, &words_urgency, JSON_OPTIONAL),
    JSON_END
};

/* GET /tickets/preview-due */
enum err
preview_due_show(struct request *req)
{
    struct preview_query query = { .category = "", .urgency = URGENCY_NORMAL };
    const struct rulebook *rulebook = req->rulebook;
    bool is_provisional = false, dispatch_is_provisional = false, is_capped = false;
    int64_t workdays = 0;
    struct json_out out;

    TRY(request_query_read(req, preview_fields, &query, NULL));
    if (query.channel == NULL)
        return problem_value(&req->problem, ERR_HTTP_QUERY, "%s", "channel");
    enum err error = vocabulary_workdays(req->reader->db, req->arena, rulebook,
                                         query.channel, query.category, &workdays);

    if (error == ERR_NOT_FOUND)
        return problem_value(
            &req->problem, ERR_HTTP_QUERY, "%s",
            rulebook_channel(rulebook, query.channel) == NULL ? "channel" : "category");
    TRY(error);
    int64_t dispatch_due_at = deadline_dispatch(
        rulebook->calendar, &rulebook->limits, (enum urgency)query.urgency,
        strcmp(query.channel, "web") == 0, req->now, &dispatch_is_provisional);
    int64_t due_at = deadline_handle(rulebook->calendar, &rulebook->limits,
                                     (enum urgency)query.urgency, (int)workdays, req->now,
                                     0, &is_provisional, &is_capped);

    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_int(&out, "workdays", workdays);
    json_time(&out, "dispatch_due_at", dispatch_due_at);
    json_time(&out, "due_at", due_at);
    json_bool(&out, "provisional", is_provisional || dispatch_is_provisional);
    json_object_close(&out);
    return reply_json(req, 200, &out);
}
