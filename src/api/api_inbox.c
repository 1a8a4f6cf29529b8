#include "api_internal.h"
#include "store/reader.h"
#include "ticket_json.h"

/*
 * api_inbox.c - GET /inbox: what waits for this user.
 *
 * A group's count is the number of tickets that GET /tickets?todo=<group> has:
 * both are made of the same statement's text.
 */

#define SHOWN_TICKETS 5

static enum err
write_first(struct request *req, struct json_out *out, const struct ticket_viewer *viewer,
            enum ticket_todo todo)
{
    struct ticket_filter filter;
    struct ticket_page page;

    ticket_filter_init(&filter);
    filter.todo = (int)todo;
    filter.sort = TICKET_SORT_DUE;
    TRY(ticket_lists_page(req->reader->db, req->arena, viewer, &filter, SHOWN_TICKETS,
                          &page));
    return ticket_json_page(req, &page, out);
}

static enum err
write_group(struct request *req, struct json_out *out, const struct ticket_viewer *viewer,
            enum ticket_todo todo)
{
    const struct choice *word = &words_todo.items[todo];
    struct ticket_todo_count counted;

    TRY(ticket_lists_count_todo(req->reader->db, viewer, todo, &counted));
    json_object_open(out, NULL);
    json_text(out, "todo", word->word);
    json_text(out, "zh", word->zh);
    json_text(out, "en", word->en);
    json_int(out, "count", counted.tickets);
    json_int(out, "yellow", counted.yellow);
    json_int(out, "red", counted.red);
    json_list_open(out, "items");
    if (counted.tickets > 0)
        TRY(write_first(req, out, viewer, todo));
    json_list_close(out);
    json_object_close(out);
    return OK;
}

/* GET /inbox */
enum err
inbox_show(struct request *req)
{
    struct ticket_viewer viewer = request_viewer(req);
    struct json_out out;

    TRY(request_query_read(req, (const struct json_field[]){ JSON_END }, NULL, NULL));
    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_list_open(&out, "groups");
    for (int todo = 0; todo < TICKET_TODO_COUNT; todo++)
        if ((ticket_todo_roles((enum ticket_todo)todo) & viewer.roles) != 0)
            TRY(write_group(req, &out, &viewer, (enum ticket_todo)todo));
    json_list_close(&out);
    json_object_close(&out);
    return reply_json(req, 200, &out);
}
