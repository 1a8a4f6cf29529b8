#include <string.h>

#include "api_internal.h"
#include "domain/desk.h"
#include "domain/personal.h"
#include "list_cursor.h"
#include "list_filters.h"
#include "store/reader.h"
#include "store/search.h"
#include "store/units.h"
#include "ticket_json.h"

/*
 * api_ticket_list.c - GET /tickets: every filter is one row of the table here,
 * also for whoever makes a file of the list.
 */

/* What is typed into a search box. */
#define NEEDLE_CHARACTERS 100

/* A line of a list is seldom longer on the wire. */
#define LINE_BYTES 800

struct list_query {
    uint64_t states;
    const char *channel, *area, *category, *unit, *q, *cursor;
    int kind, urgency, role, light, todo, desk, sort;
    enum tristate overdue, sensitive, supervised, suspect;
    int64_t received_since;
    int32_t received_from, received_to, due_from, due_to;
    int32_t closed_from, closed_to, overdue_from, overdue_to;
    int64_t limit;
};

/* clang-format off */
#define Q struct list_query
static const struct json_field list_fields[] = {
    JSON_CHOICES("state",         Q, states, &words_state, 1, TICKET_STATE_COUNT, JSON_OPTIONAL),
    JSON_TEXT   ("channel",       Q, channel,  1, CODE_BYTES - 1, JSON_OPTIONAL),
    JSON_CHOICE ("kind",          Q, kind,     &words_kind,       JSON_OPTIONAL),
    JSON_CHOICE ("urgency",       Q, urgency,  &words_urgency,    JSON_OPTIONAL),
    JSON_TEXT   ("category",      Q, category, 1, CODE_BYTES - 1, JSON_OPTIONAL),
    JSON_TEXT   ("area",          Q, area,     1, CODE_BYTES - 1, JSON_OPTIONAL),
    JSON_TEXT   ("unit",          Q, unit,     1, UNIT_CODE_CHARACTERS, JSON_OPTIONAL),
    JSON_CHOICE ("role",          Q, role,     &words_relation,   JSON_OPTIONAL),
    JSON_CHOICE ("light",         Q, light,    &words_light,      JSON_OPTIONAL),
    JSON_TRISTATE("overdue",       Q, overdue,                     JSON_OPTIONAL),
    JSON_TRISTATE("sensitive",     Q, sensitive,                   JSON_OPTIONAL),
    JSON_TRISTATE("supervised",    Q, supervised,                  JSON_OPTIONAL),
    JSON_TRISTATE("suspect",       Q, suspect,                     JSON_OPTIONAL),
    JSON_DATE   ("received_from", Q, received_from,               JSON_OPTIONAL),
    JSON_DATE   ("received_to",   Q, received_to,                 JSON_OPTIONAL),
    JSON_TIME   ("received_since", Q, received_since,             JSON_OPTIONAL),
    JSON_DATE   ("due_from",      Q, due_from,                    JSON_OPTIONAL),
    JSON_DATE   ("due_to",        Q, due_to,                      JSON_OPTIONAL),
    JSON_DATE   ("closed_from",   Q, closed_from,                 JSON_OPTIONAL),
    JSON_DATE   ("closed_to",     Q, closed_to,                   JSON_OPTIONAL),
    JSON_DATE   ("overdue_from",  Q, overdue_from,                JSON_OPTIONAL),
    JSON_DATE   ("overdue_to",    Q, overdue_to,                  JSON_OPTIONAL),
    JSON_TEXT   ("q",             Q, q,        1, NEEDLE_CHARACTERS, JSON_OPTIONAL),
    JSON_CHOICE ("todo",          Q, todo,     &words_todo,       JSON_OPTIONAL),
    JSON_CHOICE ("desk",          Q, desk,     &words_desk,       JSON_OPTIONAL),
    JSON_CHOICE ("sort",          Q, sort,     &words_ticket_sort, JSON_OPTIONAL),
    JSON_INT    ("limit",         Q, limit,    1, LIST_LIMIT_MAX, JSON_OPTIONAL),
    JSON_TEXT   ("cursor",        Q, cursor,   1, LIST_CURSOR_CHARACTERS, JSON_OPTIONAL),
    JSON_END
};
#undef Q
/* clang-format on */

static const char cursor_orders[] = {
    [TICKET_SORT_RECEIVED] = 'r', [TICKET_SORT_DUE] = 'd'
};

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

enum err
ticket_list_filter(struct request *req, struct ticket_filter *filter, int *ret_limit)
{
    struct list_query asked = {
        .kind = CHOICE_NONE,
        .urgency = CHOICE_NONE,
        .role = CHOICE_NONE,
        .light = CHOICE_NONE,
        .todo = CHOICE_NONE,
        .desk = CHOICE_NONE,
        .sort = TICKET_SORT_RECEIVED,
        .limit = LIST_LIMIT_DEFAULT,
    };

    TRY(request_query_read(req, list_fields, &asked, NULL));
    ticket_filter_init(filter);
    filter->states = (uint32_t)asked.states;
    filter->channel = asked.channel;
    filter->area = asked.area;
    filter->category = asked.category;
    filter->kind = asked.kind;
    filter->urgency = asked.urgency;
    filter->light = asked.light;
    filter->todo = asked.todo;
    filter->desk = asked.desk;
    if (asked.desk != CHOICE_NONE && asked.todo != CHOICE_NONE)
        return problem_value(&req->problem, ERR_HTTP_QUERY, "desk");
    if (asked.desk != CHOICE_NONE && !request_viewer(req).sees_all)
        return ERR_FORBIDDEN; /* what the office looks after is not for units */
    filter->overdue = asked.overdue;
    filter->sensitive = asked.sensitive;
    filter->supervised = asked.supervised;
    filter->suspect = asked.suspect;
    filter->received_from = asked.received_from;
    filter->received_to = asked.received_to;
    filter->received_since = asked.received_since;
    filter->due_from = asked.due_from;
    filter->due_to = asked.due_to;
    filter->closed_from = asked.closed_from;
    filter->closed_to = asked.closed_to;
    filter->overdue_from = asked.overdue_from;
    filter->overdue_to = asked.overdue_to;
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
    int limit = 0;

    TRY(ticket_list_filter(req, &filter, &limit));
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
