#include "api_internal.h"
#include "command/cmd_read.h"
#include "store/reader.h"
#include "ticket_json.h"

/*
 * api_inbox.c - GET /inbox: what waits for this user; POST /inbox/read: what was there
 * to be read is read.
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

/* --- Read at once -------------------------------------------------------------------- */

#define C struct cmd_read
static const struct json_field read_fields[] = {
    JSON_CHOICE("todo", C, group, &words_notice_group, JSON_REQUIRED),
    JSON_TEXT_LIST("tickets", C, tickets, 1, READ_TICKETS_MAX, TICKET_NO_BYTES - 1,
                   JSON_OPTIONAL),
    JSON_END
};
#undef C

/* POST /inbox/read */
enum err
inbox_read_begin(struct request *req, struct job **ret_job)
{
    struct cmd_read *cmd = arena_make(req->arena, struct cmd_read);

    if (cmd == NULL)
        return ERR_NO_MEMORY;
    cmd_read_init(cmd);
    TRY(api_idempotency(req, &cmd->idempotency));
    TRY(request_body(req, read_fields, cmd, NULL));
    cmd->actor = api_actor(req)->actor;
    cmd->now = req->now;
    *ret_job = &cmd->job;
    return OK;
}

enum err
inbox_read_end(struct request *req, struct job *job)
{
    struct json_out out;

    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_int(&out, "read", job_as(job, struct cmd_read)->read_count);
    json_object_close(&out);
    return reply_json(req, 200, &out);
}
