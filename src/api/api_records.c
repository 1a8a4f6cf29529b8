#include "api_internal.h"
#include "base/timeutil.h"
#include "command/cmd_accountability.h"
#include "list_cursor.h"
#include "list_filters.h"
#include "store/reader.h"
#include "store/tickets.h"
#include "store/units.h"
#include "ticket_json.h"

/*
 * api_records.c - urges, supervisions, instructions, extensions, returns,
 * promises, callbacks and accountability as lists: one function, eight tables of
 * columns; and laying accountability, the one record that is no action.
 *
 * A number of a ticket that one may not see gives an empty list, as one that
 * does not exist does.
 */

#define CURSOR_RECORDS 'n'

struct records_query {
    const char *ticket, *unit, *cursor;
    int word;
    int32_t from, to;
    int64_t limit;
};

enum {
    RECORDS_TICKET,
    RECORDS_UNIT,
    RECORDS_FROM,
    RECORDS_TO,
    RECORDS_LIMIT,
    RECORDS_CURSOR,
    RECORDS_WORD,
    RECORDS_FIELD_COUNT
};

#define Q struct records_query
static const struct json_field records_fields[] = {
    [RECORDS_TICKET] =
        JSON_TEXT("ticket", Q, ticket, 1, TICKET_NO_BYTES - 1, JSON_OPTIONAL),
    [RECORDS_UNIT] = JSON_TEXT("unit", Q, unit, 1, UNIT_CODE_CHARACTERS, JSON_OPTIONAL),
    [RECORDS_FROM] = JSON_DATE("from", Q, from, JSON_OPTIONAL),
    [RECORDS_TO] = JSON_DATE("to", Q, to, JSON_OPTIONAL),
    [RECORDS_LIMIT] = JSON_INT("limit", Q, limit, 1, LIST_LIMIT_MAX, JSON_OPTIONAL),
    [RECORDS_CURSOR] =
        JSON_TEXT("cursor", Q, cursor, 1, LIST_CURSOR_CHARACTERS, JSON_OPTIONAL),
};

/* The common parameters, and the kind's own ("state", "kind"). */
static enum err
read_query(struct request *req, enum record_kind kind, struct records_query *asked)
{
    const struct record_list *list = &record_lists[kind];
    struct json_field fields[RECORDS_FIELD_COUNT + 1];
    size_t count = RECORDS_WORD;

    for (size_t i = 0; i < RECORDS_WORD; i++)
        fields[i] = records_fields[i];
    if (list->filter != NULL)
        fields[count++] = (struct json_field)JSON_CHOICE(list->filter, Q, word,
                                                         list->words, JSON_OPTIONAL);
    fields[count] = (struct json_field)JSON_END;
    return request_query_read(req, fields, asked, NULL);
}
#undef Q

enum err
record_list_filter(struct request *req, enum record_kind kind,
                   struct record_filter *filter, int *ret_limit, bool *ret_none)
{
    struct ticket_viewer viewer = request_viewer(req);
    struct records_query asked = { .word = CHOICE_NONE, .limit = LIST_LIMIT_DEFAULT };
    int64_t unused = 0;
    struct ticket ticket;
    struct unit unit;

    *ret_none = false;
    TRY(read_query(req, kind, &asked));
    *filter = (struct record_filter){
        .sees_all = viewer.sees_all,
        .viewer_unit = viewer.unit_id,
        .from = asked.from == 0 ? 0 : time_day_start(asked.from),
        .to = asked.to == 0 ? 0 : time_day_end(asked.to),
    };
    if (asked.word != CHOICE_NONE)
        filter->word = choice_word(record_lists[kind].words, asked.word);
    if (asked.unit != NULL) {
        enum err err = units_by_code(req->reader->db, req->arena, asked.unit, &unit);
        if (err == ERR_NOT_FOUND)
            return problem_value(&req->problem, ERR_HTTP_QUERY, "unit");
        TRY(err);
        filter->unit_id = unit.id;
    }
    if (asked.cursor != NULL)
        TRY(list_cursor_read(req, asked.cursor, CURSOR_RECORDS, &unused,
                             &filter->before));
    if (asked.ticket != NULL) {
        enum err err = tickets_by_no(req->reader->db, asked.ticket, &ticket);
        *ret_none = err == ERR_NOT_FOUND;
        if (!*ret_none)
            TRY(err);
        filter->ticket_id = *ret_none ? 0 : ticket.id;
    }
    *ret_limit = (int)asked.limit;
    return OK;
}

static enum err
list(struct request *req, enum record_kind kind)
{
    struct record_filter filter;
    struct record_row *rows = NULL;
    struct json_out out;
    size_t count = 0;
    bool is_none = false;
    int limit = 0;

    TRY(record_list_filter(req, kind, &filter, &limit, &is_none));
    /* One more than asked for tells whether there is a next page. */
    if (!is_none)
        TRY(record_lists_read(req->reader->db, req->arena, kind, &filter, limit + 1,
                              &rows, &count));
    size_t shown = count > (size_t)limit ? (size_t)limit : count;
    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_list_open(&out, "items");
    for (size_t i = 0; i < shown; i++)
        record_json(&out, NULL, kind, &rows[i], true);
    json_list_close(&out);
    TRY(list_cursor_write(req, &out, count > shown, CURSOR_RECORDS, 0,
                          shown == 0 ? 0 : rows[shown - 1].id));
    json_object_close(&out);
    return reply_json(req, 200, &out);
}

enum err
urges_list(struct request *req)
{
    return list(req, RECORD_URGE);
}

enum err
supervisions_list(struct request *req)
{
    return list(req, RECORD_SUPERVISION);
}

enum err
instructions_list(struct request *req)
{
    return list(req, RECORD_INSTRUCTION);
}

enum err
extensions_list(struct request *req)
{
    return list(req, RECORD_EXTENSION);
}

enum err
returns_list(struct request *req)
{
    return list(req, RECORD_RETURN);
}

enum err
promises_list(struct request *req)
{
    return list(req, RECORD_PROMISE);
}

enum err
callbacks_list(struct request *req)
{
    return list(req, RECORD_CALLBACK);
}

enum err
accountability_list(struct request *req)
{
    return list(req, RECORD_ACCOUNTABILITY);
}

#define C struct cmd_accountability
static const struct json_field accountability_fields[] = {
    JSON_TEXT("ticket", C, ticket, 1, TICKET_NO_BYTES - 1, JSON_REQUIRED),
    JSON_TEXT("unit", C, unit, 1, UNIT_CODE_CHARACTERS, JSON_REQUIRED),
    JSON_TEXT("person", C, person, 1, 60, JSON_REQUIRED),
    JSON_TEXT("finding", C, finding, 1, 2000, JSON_REQUIRED),
    JSON_TEXT("measure", C, measure, 1, 2000, JSON_REQUIRED),
    JSON_DATE("decided_on", C, decided_on, JSON_REQUIRED),
    JSON_END
};
#undef C

/* POST /accountability */
enum err
accountability_create_begin(struct request *req, struct job **ret_job)
{
    struct cmd_accountability *cmd = arena_make(req->arena, struct cmd_accountability);

    if (cmd == NULL)
        return ERR_NO_MEMORY;
    cmd_accountability_init(cmd);
    TRY(api_idempotency(req, &cmd->idempotency));
    TRY(request_body(req, accountability_fields, cmd, NULL));
    cmd->actor = api_actor(req)->actor;
    cmd->now = req->now;
    *ret_job = &cmd->job;
    return OK;
}

/* The record as lists have it: the newest one before the next number. */
enum err
accountability_create_end(struct request *req, struct job *job)
{
    const struct cmd_accountability *cmd = job_as(job, struct cmd_accountability);
    struct record_filter filter = { .sees_all = true, .before = cmd->id + 1 };
    struct record_row *rows = NULL;
    struct json_out out;
    size_t count = 0;

    TRY(record_lists_read(req->reader->db, req->arena, RECORD_ACCOUNTABILITY, &filter, 1,
                          &rows, &count));
    if (count == 0 || rows[0].id != cmd->id)
        return ERR_NOT_FOUND;
    json_out_init(&out, req->arena);
    record_json(&out, NULL, RECORD_ACCOUNTABILITY, &rows[0], true);
    return reply_json(req, 201, &out);
}
