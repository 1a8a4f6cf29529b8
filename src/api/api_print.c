/*
 * api_print.c - the data of one printed form.
 *
 * A GET changes nothing and shows people masked, like the ticket itself.  With
 * name and phone in clear a form is asked for by POST, with a reason: the event
 * is committed before anything is answered, as for reveal.
 */
#include <string.h>

#include "api_internal.h"
#include "base/config.h"
#include "base/text.h"
#include "base/timeutil.h"
#include "command/cmd_ticket.h"
#include "domain/access.h"
#include "domain/print_form.h"
#include "store/attachments.h"
#include "store/events.h"
#include "store/reader.h"
#include "store/rulebook.h"
#include "store/tickets.h"
#include "store/units.h"
#include "ticket_json.h"

/* More than a ticket ever has; the newest are left out then, and it is said. */
#define PROCESS_ROWS_MAX 500

/* Which kind of record a form is about. */
static const int record_of_form[PRINT_FORM_COUNT] = {
    [PRINT_ASSIGN] = CHOICE_NONE,   [PRINT_SUBMIT] = RECORD_SUBMISSION,
    [PRINT_URGE] = RECORD_URGE,     [PRINT_SUPERVISE] = RECORD_SUPERVISION,
    [PRINT_RETURN] = RECORD_RETURN, [PRINT_EXTEND] = RECORD_EXTENSION,
    [PRINT_REPORT] = CHOICE_NONE,   [PRINT_REPLY_LETTER] = CHOICE_NONE,
    [PRINT_DOSSIER] = CHOICE_NONE,
};

struct print {
    struct request *req;
    int form;
    struct ticket_case *ticket_case;
    const struct record_row *record; /* NULL: the form is about none */
    enum record_kind record_kind;
};

struct print_query {
    int64_t record;
};
static const struct json_field print_query_fields[] = {
    JSON_INT("record", struct print_query, record, 1, INT64_MAX >> 10, JSON_OPTIONAL),
    JSON_END,
};

static enum err
find_form(const struct request *req, int *ret_form)
{
    *ret_form = choice_find(&words_print_form, request_path(req, "form"));
    return *ret_form == CHOICE_NONE ? ERR_NOT_FOUND : OK;
}

/* --- What is printed ------------------------------------------------------------------- */

/* An urging notice is the urge that has a number; any other record counts as it is. */
static bool
is_printable(enum record_kind kind, const struct record_row *row)
{
    for (size_t i = 0; i < record_lists[kind].column_count; i++)
        if (strcmp(record_lists[kind].columns[i].name, "number") == 0)
            return row->values[i].text != NULL;
    return true;
}

/* The record asked for, or the newest one that can be printed. */
static enum err
find_record(struct print *print, int64_t id)
{
    struct ticket_viewer viewer = request_viewer(print->req);
    struct record_filter filter = {
        .sees_all = viewer.sees_all,
        .viewer_unit = viewer.unit_id,
        .ticket_id = print->ticket_case->ticket.id,
    };
    struct record_row *rows = NULL;
    size_t count = 0;

    if (record_of_form[print->form] == CHOICE_NONE)
        return OK;
    print->record_kind = (enum record_kind)record_of_form[print->form];
    TRY(record_lists_read(print->req->reader->db, print->req->arena, print->record_kind,
                          &filter, LIST_LIMIT_MAX, &rows, &count));
    for (size_t i = 0; i < count && print->record == NULL; i++)
        if ((id == 0 || rows[i].id == id) && is_printable(print->record_kind, &rows[i]))
            print->record = &rows[i];
    return OK;
}

static bool
has_what_it_needs(const struct print *print)
{
    const struct ticket *ticket = &print->ticket_case->ticket;

    switch (print_rules[print->form].need) {
    case PRINT_NEEDS_NOTHING:
        return true;
    case PRINT_NEEDS_DISPATCH:
        return ticket->dispatched_at > 0;
    case PRINT_NEEDS_RECORD:
        return print->record != NULL;
    case PRINT_NEEDS_REPLY:
        return ticket->replied_at > 0;
    case PRINT_NEEDS_ANSWER:
        return ticket->answered_at > 0;
    }
    return false;
}

static enum err
load(struct request *req, int form, int64_t record, struct print *ret_print)
{
    struct print *print = ret_print;

    *print = (struct print){ .req = req, .form = form };
    print->ticket_case = arena_alloc_raw(req->arena, sizeof *print->ticket_case);
    if (print->ticket_case == NULL)
        return ERR_NO_MEMORY;
    TRY(tickets_case_at_hand(req->reader, request_path(req, "no"), print->ticket_case));
    if (!access_ticket(print->ticket_case, &api_actor(req)->actor))
        return ERR_NOT_FOUND;
    TRY(find_record(print, record));
    return has_what_it_needs(print) ? OK : ERR_PRINT_NOTHING;
}

/* --- Its parts --------------------------------------------------------------------------- */

/*
 * 静督〔2026〕3号: the county's word, the form's letters, year and number.  What has
 * no number of its own is known by the ticket's.
 */
static enum err
write_number_line(const struct print *print, struct json_out *out)
{
    const struct ticket *ticket = &print->ticket_case->ticket;
    const char *word = print->req->rulebook->settings.document_word;
    const char *letters = print_rules[print->form].letters;
    const char *number = NULL, *line;

    for (size_t i = 0;
         print->record != NULL && i < record_lists[print->record_kind].column_count; i++)
        if (strcmp(record_lists[print->record_kind].columns[i].name, "number") == 0)
            number = print->record->values[i].text;
    const char *dash = number == NULL ? NULL : strchr(number, '-');

    if (dash != NULL)
        line = arena_printf(print->req->arena, "%s%s〔%.*s〕%s号", word, letters,
                            (int)(dash - number), number, dash + 1);
    else
        line = arena_printf(print->req->arena, "%s%s〔%.4s〕%s号", word, letters,
                            ticket->no, ticket->no);
    if (line == NULL)
        return ERR_NO_MEMORY;
    json_text(out, "number_line", line);
    return OK;
}

/* The lead unit with those who sign for it. */
static enum err
write_unit(const struct print *print, struct json_out *out)
{
    int64_t lead_id = print->ticket_case->ticket.lead_unit_id;
    struct unit unit;

    if (lead_id == 0) {
        json_null(out, "lead_unit");
        return OK;
    }
    TRY(units_by_id(print->req->reader->db, print->req->arena, lead_id, &unit));
    json_object_open(out, "lead_unit");
    json_text(out, "code", unit.code);
    json_text(out, "name", unit.name);
    json_text(out, "head", unit.head);
    json_text(out, "deputy", unit.deputy);
    json_text(out, "contact", unit.contact);
    json_text(out, "phone", unit.phone);
    json_object_close(out);
    return OK;
}

/* What happened, one row each, without what was said. */
static enum err
write_process(const struct print *print, struct json_out *out)
{
    bool has_notes = print_rules[print->form].has_notes &&
                     access_notes(print->ticket_case, &api_actor(print->req)->actor);
    struct event_row *events = NULL;
    size_t count = 0;

    TRY(events_of_ticket(print->req->reader->db, print->req->arena,
                         print->ticket_case->ticket.id, 0, PROCESS_ROWS_MAX, &events,
                         &count));
    json_list_open(out, "process");
    for (size_t i = 0; i < count; i++) {
        if (!has_notes && strcmp(events[i].type, "note") == 0)
            continue;
        json_object_open(out, NULL);
        json_time(out, "at", events[i].at);
        json_text(out, "type", events[i].type);
        json_text(out, "actor", events[i].actor_name);
        json_text(out, "unit", events[i].unit_name);
        json_text(out, "from", events[i].from_state);
        json_text(out, "to", events[i].to_state);
        json_object_close(out);
    }
    json_list_close(out);
    return OK;
}

/* Name, type and size of the files that the reader may read. */
static enum err
write_files(const struct print *print, struct json_out *out)
{
    struct attachment *files = NULL;
    size_t count = 0;

    TRY(attachments_of_ticket(print->req->reader->db, print->req->arena,
                              print->ticket_case->ticket.id, &files, &count));
    json_list_open(out, "attachments");
    for (size_t i = 0; i < count; i++) {
        if (!access_attachment(print->ticket_case, &api_actor(print->req)->actor,
                               files[i].kind))
            continue;
        json_object_open(out, NULL);
        json_text(out, "id", files[i].id);
        api_choice(out, "kind", &words_attachment_kind, files[i].kind);
        json_text(out, "name", files[i].name);
        json_int(out, "bytes", files[i].bytes);
        json_time(out, "added_at", files[i].added_at);
        json_object_close(out);
    }
    json_list_close(out);
    return OK;
}

/* In clear: only after the event has been committed. */
static enum err
write_people(const struct print *print, struct json_out *out)
{
    struct petitioner people[PETITIONERS_MAX];
    size_t count = 0;

    TRY(tickets_petitioners(print->req->reader->db, print->req->store, print->req->arena,
                            print->ticket_case->ticket.id, people, &count));
    json_list_open(out, "petitioners");
    for (size_t i = 0; i < count; i++) {
        if (!access_petitioner(&api_actor(print->req)->actor,
                               people[i].from_confidential))
            continue;
        json_object_open(out, NULL);
        json_text(out, "kind", choice_word(&words_petitioner_kind, people[i].kind));
        json_text(out, "name", people[i].name);
        json_text(out, "phone", people[i].phone);
        json_object_close(out);
    }
    json_list_close(out);
    return OK;
}

static enum err
reply_print(const struct print *print, bool is_clear)
{
    const struct choice *form = &words_print_form.items[print->form];
    struct json_out out;

    json_out_init(&out, print->req->arena);
    json_object_open(&out, NULL);
    json_text(&out, "form", form->word);
    json_text(&out, "title", form->zh);
    char *office = arena_alloc(print->req->arena, SETTING_OFFICE_BYTES);
    if (office == NULL)
        return ERR_NO_MEMORY;
    setting_office(&print->req->rulebook->settings, office);
    json_text(&out, "office", office);
    json_text(&out, "hotline", print->req->rulebook->settings.hotline);
    TRY(write_number_line(print, &out));
    json_date(&out, "printed_on", time_day(print->req->now));
    TRY(write_unit(print, &out));
    if (print->record == NULL)
        json_null(&out, "record");
    else
        record_json(&out, "record", print->record_kind, print->record, false);
    json_list_open(&out, "signatures");
    for (size_t i = 0; i < PRINT_SIGNATURES_MAX; i++)
        if (print_rules[print->form].signatures[i] != NULL)
            json_text(&out, NULL, print_rules[print->form].signatures[i]);
    json_list_close(&out);
    TRY(write_process(print, &out));
    TRY(write_files(print, &out));
    if (is_clear)
        TRY(write_people(print, &out));
    else
        json_null(&out, "petitioners");
    json_bool(&out, "may_reveal",
              print_rules[print->form].may_reveal &&
                  access_reveal(print->ticket_case, &api_actor(print->req)->actor));
    TRY(ticket_json_member(print->req, print->ticket_case, "ticket", &out));
    json_object_close(&out);
    return reply_json(print->req, 200, &out);
}

/* --- GET and POST /tickets/{no}/print/{form} ------------------------------------------------- */

enum err
ticket_print_show(struct request *req)
{
    struct print_query asked = { .record = 0 };
    struct print print;
    int form = CHOICE_NONE;

    TRY(request_query_read(req, print_query_fields, &asked, NULL));
    TRY(find_form(req, &form));
    TRY(load(req, form, asked.record, &print));
    return reply_print(&print, false);
}

struct print_body {
    const char *reason;
};
static const struct json_field print_body_fields[] = {
    JSON_TEXT("reason", struct print_body, reason, 2, 200, JSON_REQUIRED),
    JSON_END,
};

enum err
ticket_print_begin(struct request *req, struct job **ret_job)
{
    struct cmd_ticket_print *cmd = arena_make(req->arena, struct cmd_ticket_print);
    struct print_body body = { NULL };
    struct print print;

    if (cmd == NULL)
        return ERR_NO_MEMORY;
    cmd_ticket_print_init(cmd);
    if (!text_format(cmd->no, sizeof cmd->no, "%s", request_path(req, "no")))
        return ERR_NOT_FOUND;
    TRY(request_body(req, print_body_fields, &body, NULL));
    TRY(find_form(req, &cmd->form));
    /* What cannot be printed is no event. */
    TRY(load(req, cmd->form, 0, &print));
    cmd->reason = body.reason;
    cmd->actor = api_actor(req)->actor;
    cmd->now = req->now;
    *ret_job = &cmd->job;
    return OK;
}

enum err
ticket_print_end(struct request *req, struct job *job)
{
    struct print print;

    TRY(load(req, job_as(job, struct cmd_ticket_print)->form, 0, &print));
    return reply_print(&print, true);
}
