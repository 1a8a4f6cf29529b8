#include <cjson/cJSON.h>
#include <string.h>

#include "api_internal.h"
#include "command/cmd_open.h"
#include "domain/access.h"
#include "list_cursor.h"
#include "store/events.h"
#include "store/reader.h"
#include "store/tickets.h"
#include "ticket_json.h"

/*
 * api_ticket_show.c - one ticket, and what happened to it.
 *
 * A ticket that one may not see answers exactly like one that does not exist.
 */

#define CURSOR_EVENTS 'e'

/* --- GET /tickets/{no} ---------------------------------------------------------- */

static enum err
load_case(struct request *req, struct ticket_case **ret_case)
{
    /* Large, and emptied by who fills it. */
    struct ticket_case *ticket_case = arena_alloc_raw(req->arena, sizeof *ticket_case);

    if (ticket_case == NULL)
        return ERR_NO_MEMORY;
    TRY(tickets_case_at_hand(req->reader, request_path(req, "no"), ticket_case));
    if (!access_ticket(ticket_case, &api_actor(req)->actor))
        return ERR_NOT_FOUND;
    *ret_case = ticket_case;
    return OK;
}

/*
 * Looking is noted when there is something to note: an assignment nobody of the
 * unit has opened, an urge, supervision or alarm nobody has read.  Nobody waits
 * for it, and a full writer is no reason not to show: the next look notes it.
 */
static enum err
note_look(struct request *req, const struct ticket_case *ticket_case)
{
    const struct actor *actor = &api_actor(req)->actor;
    struct ticket_viewer viewer = request_viewer(req);
    const struct assignment *mine = ticket_case_active(ticket_case, actor->unit_id);
    bool is_new =
        (actor->roles & ROLES_UNIT_TICKETS) != 0 && mine != NULL && mine->opened_at == 0;

    if (!is_new)
        TRY(ticket_lists_unseen(req->reader, &viewer, ticket_case->ticket.id, &is_new));
    if (is_new)
        (void)cmd_open_submit(req->writer, ticket_case->ticket.id, actor, req->now);
    return OK;
}

enum err
ticket_show(struct request *req)
{
    struct ticket_case *ticket_case;
    struct json_out out;

    TRY(request_query_read(req, (const struct json_field[]){ JSON_END }, NULL, NULL));
    TRY(load_case(req, &ticket_case));
    json_out_init(&out, req->arena);
    TRY(ticket_json_case(req, ticket_case, &out));
    TRY(note_look(req, ticket_case));
    return reply_json(req, 200, &out);
}

/* --- GET /tickets/{no}/events ------------------------------------------------------ */

struct events_query {
    const char *cursor;
    int64_t limit;
};
static const struct json_field events_fields[] = {
    JSON_TEXT("cursor", struct events_query, cursor, 1, LIST_CURSOR_CHARACTERS,
              JSON_OPTIONAL),
    JSON_INT("limit", struct events_query, limit, 1, LIST_LIMIT_MAX, JSON_OPTIONAL),
    JSON_END,
};

/*
 * The facts of an event without the commitments to its texts, which only an
 * auditor's tool needs; and, for a unit, without the numbers of other tickets,
 * which it might not see.
 */
static enum err
write_facts(struct request *req, struct json_out *out, const char *payload, bool sees_all)
{
    cJSON *facts = cJSON_Parse(payload);

    cJSON_DeleteItemFromObjectCaseSensitive(facts, "texts");
    if (!sees_all) {
        cJSON_DeleteItemFromObjectCaseSensitive(facts, "into");
        cJSON_DeleteItemFromObjectCaseSensitive(facts, "from");
        cJSON_DeleteItemFromObjectCaseSensitive(facts, "repeat_of");
    }
    char *text = cJSON_IsObject(facts) ? cJSON_PrintUnformatted(facts) : NULL;
    const char *copy = text == NULL ? NULL : arena_text(req->arena, text);
    cJSON_free(text);
    cJSON_Delete(facts);
    if (copy == NULL)
        return ERR_NO_MEMORY;
    json_raw(out, "facts", copy);
    return OK;
}

/* An event of a file that one may not see would tell its id, size and hash. */
static bool
is_shown(const struct ticket_case *ticket_case, const struct actor *actor,
         const struct event_row *event)
{
    if (strcmp(event->type, "note") == 0)
        return access_notes(ticket_case, actor);
    if (strcmp(event->type, "attached") != 0)
        return true;

    cJSON *facts = cJSON_Parse(event->payload);
    const char *word =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(facts, "kind"));
    int kind = word == NULL ? CHOICE_NONE : choice_find(&words_attachment_kind, word);
    /* What cannot be told apart is treated as the citizen's. */
    bool is_seen = access_attachment(ticket_case, actor,
                                     kind == CHOICE_NONE ? ATTACHMENT_CITIZEN : kind);
    cJSON_Delete(facts);
    return is_seen;
}

static enum err
write_event(struct request *req, struct json_out *out, const struct event_row *event,
            bool sees_all)
{
    json_object_open(out, NULL);
    json_int(out, "seq", event->seq);
    json_time(out, "at", event->at);
    json_text(out, "type", event->type);
    json_text(out, "actor_kind", event->actor_kind);
    json_text(out, "actor", event->actor_name);
    json_text(out, "unit", event->unit_name);
    json_text(out, "from", event->from_state);
    json_text(out, "to", event->to_state);
    json_int(out, "version", event->version);
    TRY(write_facts(req, out, event->payload, sees_all));
    json_object_open(out, "texts");
    for (size_t i = 0; i < event->text_count; i++)
        if (!event->texts[i].is_sealed && event->texts[i].text != NULL)
            json_text(out, event->texts[i].field, event->texts[i].text);
    json_object_close(out);
    json_object_close(out);
    return OK;
}

enum err
ticket_events(struct request *req)
{
    struct events_query asked = { .limit = LIST_LIMIT_DEFAULT };
    struct ticket_case *ticket_case;
    struct event_row *events;
    int64_t unused = 0, after = 0;
    size_t count;
    struct json_out out;

    TRY(request_query_read(req, events_fields, &asked, NULL));
    TRY(load_case(req, &ticket_case));
    if (asked.cursor != NULL)
        TRY(list_cursor_read(req, asked.cursor, CURSOR_EVENTS, &unused, &after));
    /* One more than asked for tells whether there is a next page. */
    TRY(events_of_ticket(req->reader->db, req->arena, ticket_case->ticket.id, after,
                         (int)asked.limit + 1, &events, &count));
    size_t shown = count > (size_t)asked.limit ? (size_t)asked.limit : count;
    const struct actor *actor = &api_actor(req)->actor;

    json_out_init(&out, req->arena);
    json_object_open(&out, NULL);
    json_list_open(&out, "items");
    for (size_t i = 0; i < shown; i++)
        if (is_shown(ticket_case, actor, &events[i]))
            TRY(write_event(req, &out, &events[i], access_all_tickets(actor)));
    json_list_close(&out);
    TRY(list_cursor_write(req, &out, count > shown, CURSOR_EVENTS, 0,
                          shown == 0 ? 0 : events[shown - 1].seq));
    json_object_close(&out);
    return reply_json(req, 200, &out);
}
