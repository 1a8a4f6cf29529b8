/*
 * api_audit.c - the trail for who watches over it.
 *
 * 1. No text about a ticket is shown: of an event about one only the names of what
 *    it carried, of one about people and settings its facts, the login it is about,
 *    and before and after of what the administrator keeps.
 * 2. Why personal data were read is a text about the ticket: it is shown to who
 *    sees all tickets, never to an auditor.
 */
#include <cjson/cJSON.h>
#include <string.h>

#include "api_internal.h"
#include "base/timeutil.h"
#include "command/cmd_user.h"
#include "domain/access.h"
#include "list_cursor.h"
#include "store/audits.h"
#include "store/reader.h"
#include "store/tickets.h"
#include "store/users.h"

#define CURSOR_AUDIT 'a'
#define CURSOR_VIEWS 'v'
#define EVENT_TYPE_CHARACTERS 40

/* --- One event ------------------------------------------------------------------------- */

static void
write_actor(struct json_out *out, const struct audit_row *row)
{
    json_text(out, "actor_kind", row->actor_kind);
    if (row->actor_login == NULL) {
        json_null(out, "actor");
    } else {
        json_object_open(out, "actor");
        json_text(out, "login", row->actor_login);
        json_text(out, "name", row->actor_name);
        json_object_close(out);
    }
    json_text(out, "unit", row->unit_name);
}

/* Values and the texts of values are told by themselves. */
static bool
is_side(const char *name)
{
    return strncmp(name, "before", 6) == 0 || strncmp(name, "after", 5) == 0;
}

/* A list of names ("changes", "changed") stands for its items. */
static void
write_names(struct json_out *out, const cJSON *facts)
{
    const cJSON *fact, *item;

    cJSON_ArrayForEach(fact, facts)
    {
        bool is_names =
            strcmp(fact->string, "changes") == 0 || strcmp(fact->string, "changed") == 0;

        if (is_side(fact->string))
            continue;
        if (strcmp(fact->string, "texts") == 0)
            write_names(out, fact);
        else if (!is_names)
            json_text(out, NULL, fact->string);
        else
            cJSON_ArrayForEach(item, fact) if (cJSON_IsString(item))
                json_text(out, NULL, item->valuestring);
    }
}

/* --- Before and after -------------------------------------------------------------- */

/* Number, switch or word of the facts. */
static void
write_fact(struct json_out *out, const char *side, const cJSON *fact)
{
    if (cJSON_IsString(fact))
        json_text(out, side, fact->valuestring);
    else if (cJSON_IsNumber(fact))
        json_int(out, side, (int64_t)fact->valuedouble);
    else if (cJSON_IsBool(fact))
        json_bool(out, side, cJSON_IsTrue(fact));
    else
        json_null(out, side);
}

static const char *
text_of(const struct audit_text *texts, size_t count, const char *side, const char *name)
{
    size_t length = strlen(side);

    for (size_t i = 0; i < count; i++)
        if (strncmp(texts[i].field, side, length) == 0 && texts[i].field[length] == '.' &&
            strcmp(texts[i].field + length + 1, name) == 0)
            return texts[i].text;
    return NULL;
}

/* One member that changed; what is secret or of a person has a name and no values. */
static void
write_value(struct json_out *out, const cJSON *facts, const char *name,
            const struct audit_text *texts, size_t count)
{
    const cJSON *before = cJSON_GetObjectItemCaseSensitive(facts, "before");
    const cJSON *after = cJSON_GetObjectItemCaseSensitive(facts, "after");
    const char *was = text_of(texts, count, "before", name);
    const char *is = text_of(texts, count, "after", name);
    bool is_fact = cJSON_GetObjectItemCaseSensitive(after, name) != NULL;

    if (was == NULL && is == NULL && !is_fact)
        return;
    json_object_open(out, NULL);
    json_text(out, "name", name);
    if (is_fact) {
        write_fact(out, "before", cJSON_GetObjectItemCaseSensitive(before, name));
        write_fact(out, "after", cJSON_GetObjectItemCaseSensitive(after, name));
    } else {
        json_text(out, "before", was);
        json_text(out, "after", is);
    }
    json_object_close(out);
}

/* A day of the calendar stands in the facts with its two marks. */
static void
write_day(struct json_out *out, const cJSON *change)
{
    const cJSON *date = cJSON_GetObjectItemCaseSensitive(change, "date");

    if (!cJSON_IsString(date))
        return;
    json_object_open(out, NULL);
    json_text(out, "name", date->valuestring);
    write_fact(out, "before", cJSON_GetObjectItemCaseSensitive(change, "from"));
    write_fact(out, "after", cJSON_GetObjectItemCaseSensitive(change, "to"));
    json_object_close(out);
}

static enum err
write_values(struct request *req, struct json_out *out, const struct audit_row *row,
             const cJSON *facts)
{
    const cJSON *changed = cJSON_GetObjectItemCaseSensitive(facts, "changed");
    const cJSON *changes = cJSON_GetObjectItemCaseSensitive(facts, "changes"), *one;
    struct audit_text texts[AUDIT_TEXTS_MAX];
    size_t count = 0;

    if (changed != NULL)
        TRY(audits_texts(req->reader->db, req->arena, row->seq, texts, &count));
    cJSON_ArrayForEach(one, changed) if (cJSON_IsString(one))
        write_value(out, facts, one->valuestring, texts, count);
    cJSON_ArrayForEach(one, changes)
    {
        write_day(out, one);
    }
    return OK;
}

static enum err
write_facts(struct request *req, struct json_out *out, const struct audit_row *row)
{
    cJSON *facts = cJSON_Parse(row->payload);
    char *text = NULL;

    if (facts == NULL)
        return ERR_NO_MEMORY;
    json_list_open(out, "changed");
    write_names(out, facts);
    json_list_close(out);
    json_list_open(out, "values");
    enum err err = row->ticket_no == NULL ? write_values(req, out, row, facts) : OK;
    json_list_close(out);
    if (err != OK || row->ticket_no != NULL) {
        json_null(out, "facts");
        cJSON_Delete(facts);
        return err;
    }
    cJSON_DeleteItemFromObjectCaseSensitive(facts, "texts");
    cJSON_DeleteItemFromObjectCaseSensitive(facts, "before");
    cJSON_DeleteItemFromObjectCaseSensitive(facts, "after");
    text = cJSON_PrintUnformatted(facts);
    const char *copy = text == NULL ? NULL : arena_text(req->arena, text);
    cJSON_free(text);
    cJSON_Delete(facts);
    if (copy == NULL)
        return ERR_NO_MEMORY;
    json_raw(out, "facts", copy);
    return OK;
}

static enum err
write_event(struct request *req, struct json_out *out, const struct audit_row *row)
{
    json_object_open(out, NULL);
    json_int(out, "seq", row->seq);
    json_time(out, "at", row->at);
    json_text(out, "type", row->type);
    write_actor(out, row);
    json_text(out, "ticket", row->ticket_no);
    json_text(out, "from", row->from_state);
    json_text(out, "to", row->to_state);
    json_int(out, "version", row->version);
    TRY(write_facts(req, out, row));
    json_text(out, "login", row->ticket_no == NULL ? row->login : NULL);
    json_object_close(out);
    return OK;
}

/* --- GET /audit -------------------------------------------------------------------------- */

struct audit_query {
    const char *actor, *type, *ticket, *cursor;
    int32_t from, to;
    int64_t limit;
};

#define Q struct audit_query
static const struct json_field audit_fields[] = {
    JSON_TEXT("actor", Q, actor, 1, LOGIN_CHARACTERS_MAX, JSON_OPTIONAL),
    JSON_TEXT("type", Q, type, 1, EVENT_TYPE_CHARACTERS, JSON_OPTIONAL),
    JSON_TEXT("ticket", Q, ticket, 1, TICKET_NO_BYTES - 1, JSON_OPTIONAL),
    JSON_DATE("from", Q, from, JSON_OPTIONAL),
    JSON_DATE("to", Q, to, JSON_OPTIONAL),
    JSON_INT("limit", Q, limit, 1, LIST_LIMIT_MAX, JSON_OPTIONAL),
    JSON_TEXT("cursor", Q, cursor, 1, LIST_CURSOR_CHARACTERS, JSON_OPTIONAL),
    JSON_END,
};
#undef Q

/* The rows that a name stands for. What does not exist matches nothing, as what is hidden. */
static enum err
find_names(struct request *req, const struct audit_query *asked,
           struct audit_filter *filter, bool *ret_none)
{
    struct ticket ticket;
    struct user user;

    *ret_none = false;
    if (asked->ticket != NULL) {
        enum err err = tickets_by_no(req->reader->db, asked->ticket, &ticket);
        *ret_none = err == ERR_NOT_FOUND;
        if (*ret_none)
            return OK;
        TRY(err);
        filter->ticket_id = ticket.id;
    }
    if (asked->actor != NULL) {
        enum err err = users_by_login(req->reader->db, req->arena, asked->actor, &user);
        *ret_none = err == ERR_NOT_FOUND;
        if (*ret_none)
            return OK;
        TRY(err);
        filter->actor_id = user.id;
    }
    return OK;
}

static enum err
reply_events(struct request *req, const struct audit_row *rows, size_t count, int limit,
             char cursor,
             enum err (*write)(struct request *, struct json_out *,
                               const struct audit_row *))
{
    size_t shown = count > (size_t)limit ? (size_t)limit : count;
    struct json_out out;

    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_list_open(&out, "items");
    for (size_t i = 0; i < shown; i++)
        TRY(write(req, &out, &rows[i]));
    json_list_close(&out);
    TRY(list_cursor_write(req, &out, count > shown, cursor, 0,
                          shown == 0 ? 0 : rows[shown - 1].seq));
    json_object_close(&out);
    return reply_json(req, 200, &out);
}

enum err
audit_list(struct request *req)
{
    const struct actor *actor = &api_actor(req)->actor;
    struct audit_query asked = { .limit = LIST_LIMIT_DEFAULT };
    struct audit_filter filter = {
        .scope = access_audit(actor),
        .viewer = actor->id,
        .viewer_unit = actor->unit_id,
        .sees_tickets_now = access_all_tickets(actor),
    };
    struct audit_row *rows = NULL;
    int64_t unused = 0;
    size_t count = 0;
    bool is_none = false;

    TRY(request_query_read(req, audit_fields, &asked, NULL));
    if (asked.cursor != NULL)
        TRY(list_cursor_read(req, asked.cursor, CURSOR_AUDIT, &unused, &filter.before));
    filter.type = asked.type;
    filter.from = asked.from == 0 ? 0 : time_day_start(asked.from);
    filter.to = asked.to == 0 ? 0 : time_day_end(asked.to);
    TRY(find_names(req, &asked, &filter, &is_none));
    /* One more than asked for tells whether there is a next page. */
    if (!is_none)
        TRY(audits_read(req->reader->db, req->arena, &filter, (int)asked.limit + 1, &rows,
                        &count));
    return reply_events(req, rows, count, (int)asked.limit, CURSOR_AUDIT, write_event);
}

/* --- GET /tickets/{no}/views --------------------------------------------------------------- */

struct views_query {
    const char *cursor;
    int64_t limit;
};
static const struct json_field views_fields[] = {
    JSON_TEXT("cursor", struct views_query, cursor, 1, LIST_CURSOR_CHARACTERS,
              JSON_OPTIONAL),
    JSON_INT("limit", struct views_query, limit, 1, LIST_LIMIT_MAX, JSON_OPTIONAL),
    JSON_END,
};

static enum err
write_view(struct request *req, struct json_out *out, const struct audit_row *row)
{
    cJSON *facts = cJSON_Parse(row->payload);

    if (facts == NULL)
        return ERR_NO_MEMORY;
    const cJSON *form = cJSON_GetObjectItemCaseSensitive(facts, "form");

    json_object_open(out, NULL);
    json_int(out, "seq", row->seq);
    json_time(out, "at", row->at);
    json_text(out, "type", row->type);
    write_actor(out, row);
    json_text(out, "form", cJSON_IsString(form) ? form->valuestring : NULL);
    json_text(out, "reason",
              access_all_tickets(&api_actor(req)->actor) ? row->reason : NULL);
    json_object_close(out);
    cJSON_Delete(facts);
    return OK;
}

enum err
ticket_views(struct request *req)
{
    struct views_query asked = { .limit = LIST_LIMIT_DEFAULT };
    int64_t unused = 0, before = 0;
    struct audit_row *rows = NULL;
    struct ticket ticket;
    size_t count = 0;

    TRY(request_query_read(req, views_fields, &asked, NULL));
    if (asked.cursor != NULL)
        TRY(list_cursor_read(req, asked.cursor, CURSOR_VIEWS, &unused, &before));
    /* Clerks and supervisors see every ticket; an auditor sees only this of it. */
    TRY(tickets_by_no(req->reader->db, request_path(req, "no"), &ticket));
    TRY(audits_views(req->reader->db, req->arena, ticket.id, before, (int)asked.limit + 1,
                     &rows, &count));
    return reply_events(req, rows, count, (int)asked.limit, CURSOR_VIEWS, write_view);
}
