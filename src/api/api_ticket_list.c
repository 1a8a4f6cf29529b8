#include <string.h>

#include "api_internal.h"
#include "domain/personal.h"
#include "list_cursor.h"
#include "store/reader.h"
#include "store/search.h"
#include "store/units.h"
#include "ticket_json.h"

/*
 * api_ticket_list.c - GET /tickets: every filter is one row of the table here.
 */

/* What is typed into a search box. */
#define NEEDLE_CHARACTERS 100

/* A line of a list is seldom longer on the wire. */
#define LINE_BYTES 800

struct list_query {
    uint64_t states;
    const char *channel, *area, *category, *unit, *q, *cursor;
    int kind, urgency, role, light, todo, sort;
    bool overdue, sensitive, supervised, suspect;
    int32_t received_from, received_to, due_from, due_to;
    int64_t limit;
};

enum list_field {
    LIST_STATE,
    LIST_CHANNEL,
    LIST_KIND,
    LIST_URGENCY,
    LIST_CATEGORY,
    LIST_AREA,
    LIST_UNIT,
    LIST_ROLE,
    LIST_LIGHT,
    LIST_OVERDUE,
    LIST_SENSITIVE,
    LIST_SUPERVISED,
    LIST_SUSPECT,
    LIST_RECEIVED_FROM,
    LIST_RECEIVED_TO,
    LIST_DUE_FROM,
    LIST_DUE_TO,
    LIST_Q,
    LIST_TODO,
    LIST_SORT,
    LIST_LIMIT,
    LIST_CURSOR,
    LIST_FIELD_COUNT
};

/* clang-format off */
#define Q struct list_query
static const struct json_field list_fields[] = {
    [LIST_STATE]         = JSON_CHOICES("state",         Q, states, &words_state, 1, TICKET_STATE_COUNT, JSON_OPTIONAL),
    [LIST_CHANNEL]       = JSON_TEXT   ("channel",       Q, channel,  1, CODE_BYTES - 1, JSON_OPTIONAL),
    [LIST_KIND]          = JSON_CHOICE ("kind",          Q, kind,     &words_kind,       JSON_OPTIONAL),
    [LIST_URGENCY]       = JSON_CHOICE ("urgency",       Q, urgency,  &words_urgency,    JSON_OPTIONAL),
    [LIST_CATEGORY]      = JSON_TEXT   ("category",      Q, category, 1, CODE_BYTES - 1, JSON_OPTIONAL),
    [LIST_AREA]          = JSON_TEXT   ("area",          Q, area,     1, CODE_BYTES - 1, JSON_OPTIONAL),
    [LIST_UNIT]          = JSON_TEXT   ("unit",          Q, unit,     1, UNIT_CODE_CHARACTERS, JSON_OPTIONAL),
    [LIST_ROLE]          = JSON_CHOICE ("role",          Q, role,     &words_relation,   JSON_OPTIONAL),
    [LIST_LIGHT]         = JSON_CHOICE ("light",         Q, light,    &words_light,      JSON_OPTIONAL),
    [LIST_OVERDUE]       = JSON_BOOL   ("overdue",       Q, overdue,                     JSON_OPTIONAL),
    [LIST_SENSITIVE]     = JSON_BOOL   ("sensitive",     Q, sensitive,                   JSON_OPTIONAL),
    [LIST_SUPERVISED]    = JSON_BOOL   ("supervised",    Q, supervised,                  JSON_OPTIONAL),
    [LIST_SUSPECT]       = JSON_BOOL   ("suspect",       Q, suspect,                     JSON_OPTIONAL),
    [LIST_RECEIVED_FROM] = JSON_DATE   ("received_from", Q, received_from,               JSON_OPTIONAL),
    [LIST_RECEIVED_TO]   = JSON_DATE   ("received_to",   Q, received_to,                 JSON_OPTIONAL),
    [LIST_DUE_FROM]      = JSON_DATE   ("due_from",      Q, due_from,                    JSON_OPTIONAL),
    [LIST_DUE_TO]        = JSON_DATE   ("due_to",        Q, due_to,                      JSON_OPTIONAL),
    [LIST_Q]             = JSON_TEXT   ("q",             Q, q,        1, NEEDLE_CHARACTERS, JSON_OPTIONAL),
    [LIST_TODO]          = JSON_CHOICE ("todo",          Q, todo,     &words_todo,       JSON_OPTIONAL),
    [LIST_SORT]          = JSON_CHOICE ("sort",          Q, sort,     &words_ticket_sort, JSON_OPTIONAL),
    [LIST_LIMIT]         = JSON_INT    ("limit",         Q, limit,    1, LIST_LIMIT_MAX, JSON_OPTIONAL),
    [LIST_CURSOR]        = JSON_TEXT   ("cursor",        Q, cursor,   1, LIST_CURSOR_CHARACTERS, JSON_OPTIONAL),
    [LIST_FIELD_COUNT]   = JSON_END
};
#undef Q
/* clang-format on */

static const char cursor_orders[] = {
    [TICKET_SORT_RECEIVED] = 'r', [TICKET_SORT_DUE] = 'd'
};

static enum tristate
tristate(uint64_t present, enum list_field field, bool value)
{
    return (present & (UINT64_C(1) << field)) == 0 ? TRISTATE_ABSENT
           : value                                 ? TRISTATE_YES
                                                   : TRISTATE_NO;
}

/* `unit` and `role`: a unit's own part is meant when only the role is given. */
static enum err
read_unit(struct request *req, const struct list_query *asked,
          struct ticket_filter *filter)
{
    struct ticket_viewer viewer = request_viewer(req);
    struct unit unit;

    if (asked->role == RELATION_NONE)
        return problem_value(&req->problem, ERR_HTTP_QUERY, "role");
    filter->relation = asked->role;
    if (asked->unit != NULL) {
        enum err err = units_by_code(req->reader->db, req->arena, asked->unit, &unit);
        if (err == ERR_NOT_FOUND)
            return problem_value(&req->problem, ERR_HTTP_QUERY, "unit");
        TRY(err);
        filter->unit_id = unit.id;
    } else if (asked->role != CHOICE_NONE) {
        if (viewer.unit_id == 0)
            return problem_value(&req->problem, ERR_HTTP_QUERY, "role");
        filter->unit_id = viewer.unit_id;
    }
    return OK;
}

/*
 * `q`: what the texts must hold.  A whole phone or identity number would stand in
 * addresses, histories and proxies' logs, so it is asked for in a body.
 */
static enum err
read_needle(struct request *req, const struct list_query *asked,
            struct ticket_filter *filter)
{
    if (asked->q == NULL)
        return OK;
    if (asked->sort != TICKET_SORT_RECEIVED) /* what is found is newest first */
        return problem_value(&req->problem, ERR_HTTP_QUERY, "sort");
    TRY(search_needle(req->arena, asked->q, &filter->needle));
    if (filter->needle == NULL)
        return problem_value(&req->problem, ERR_HTTP_QUERY, "q");
    enum personal found = personal_find(filter->needle);
    return found == PERSONAL_PHONE || found == PERSONAL_ID_CARD ? ERR_HTTP_QUERY_PERSONAL
                                                                : OK;
}

static enum err
read_filter(struct request *req, struct ticket_filter *filter, int *ret_limit)
{
    struct list_query asked = {
        .kind = CHOICE_NONE,
        .urgency = CHOICE_NONE,
        .role = CHOICE_NONE,
        .light = CHOICE_NONE,
        .todo = CHOICE_NONE,
        .sort = TICKET_SORT_RECEIVED,
        .limit = LIST_LIMIT_DEFAULT,
    };
    uint64_t present = 0;

    TRY(request_query_read(req, list_fields, &asked, &present));
    ticket_filter_init(filter);
    filter->states = (uint32_t)asked.states;
    filter->channel = asked.channel;
    filter->area = asked.area;
    filter->category = asked.category;
    filter->kind = asked.kind;
    filter->urgency = asked.urgency;
    filter->light = asked.light;
    filter->todo = asked.todo;
    filter->overdue = tristate(present, LIST_OVERDUE, asked.overdue);
    filter->sensitive = tristate(present, LIST_SENSITIVE, asked.sensitive);
    filter->supervised = tristate(present, LIST_SUPERVISED, asked.supervised);
    filter->suspect = tristate(present, LIST_SUSPECT, asked.suspect);
    filter->received_from = asked.received_from;
    filter->received_to = asked.received_to;
    filter->due_from = asked.due_from;
    filter->due_to = asked.due_to;
    filter->sort = (enum ticket_sort)asked.sort;
    TRY(read_unit(req, &asked, filter));
    TRY(read_needle(req, &asked, filter));
    if (asked.cursor != NULL) {
        filter->after.is_set = true;
        TRY(list_cursor_read(req, asked.cursor, cursor_orders[filter->sort],
                             &filter->after.value, &filter->after.id));
    }
    *ret_limit = (int)asked.limit;
    return OK;
}

/* GET /tickets */
enum err
ticket_list(struct request *req)
{
    struct ticket_viewer viewer = request_viewer(req);
    struct ticket_filter filter;
    struct ticket_page page;
    struct json_out out;
    int limit;

    TRY(read_filter(req, &filter, &limit));
    json_out_init(&out, req->arena);
    json_out_expect(&out, LIST_LIMIT_DEFAULT * LINE_BYTES);
    json_object_open(&out, NULL);
    json_list_open(&out, "items");
    TRY(ticket_lists_page(req->reader->db, req->arena, &viewer, &filter, limit, &page));
    TRY(ticket_json_page(req, &page, &out));
    json_list_close(&out);
    TRY(list_cursor_write(req, &out, page.has_more, cursor_orders[filter.sort],
                          page.last.value, page.last.id));
    json_object_close(&out);
    return reply_json(req, 200, &out);
}
