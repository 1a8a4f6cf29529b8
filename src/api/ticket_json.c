#include <string.h>

#include "api_internal.h"
#include "base/text.h"
#include "command/cmd_ticket.h"
#include "domain/access.h"
#include "store/kept.h"
#include "store/reader.h"
#include "store/rulebook.h"
#include "store/tickets.h"
#include "ticket_json.h"

/*
 * ticket_json.c - the full picture of a ticket.
 *
 * 1. Nothing is written before access_ticket() has said yes.
 * 2. A petitioner's name and phone are written through a mask, always: who
 *    needs them asks with a reason (reveal).  The contact note never is.
 * 3. Records are asked for only where the ticket says that there are some: a
 *    ticket in its first state costs a handful of statements.
 */

#define SHOWN_RECORDS 20
#define MASKED_BYTES 256

struct ticket_viewer
request_viewer(const struct request *req)
{
    return ticket_viewer(&api_actor(req)->actor, req->now);
}

/* What the parts of the picture are drawn from. */
struct picture {
    struct request *req;
    struct db *db;
    struct arena *arena;
    struct json_out *out;
    const struct actor *actor;
    struct ticket_viewer viewer;
    const struct ticket_case *ticket_case;
    const struct ticket *ticket;
    /* Of a ticket that has just come in: told by who brought it, and not read. */
    const struct ticket_received *received;
    const struct petitioner_draft *petitioner;
};

static void
word(struct json_out *out, const char *key, const struct choices *choices, int index)
{
    json_word(out, key, choice_word(choices, index));
}

/* An empty code is none. */
static void
code(struct json_out *out, const char *key, const char *text)
{
    json_text(out, key, text[0] == '\0' ? NULL : text);
}

/* --- The ticket's own facts -------------------------------------------------- */

static void
write_tags(struct json_out *out, struct arena *arena, const char *lines)
{
    json_list_open(out, "tags");
    while (lines != NULL && *lines != '\0') {
        size_t bytes = strcspn(lines, "\n");
        const char *tag = arena_copy(arena, lines, bytes);
        if (tag == NULL)
            out->failed = true;
        else
            json_text(out, NULL, tag);
        lines += bytes + (lines[bytes] == '\n');
    }
    json_list_close(out);
}

static void
write_facts(const struct picture *picture)
{
    struct json_out *out = picture->out;
    const struct ticket *ticket = picture->ticket;

    json_text(out, "no", ticket->no);
    /* The citizen's key to the public page: the office hands it out, nobody else. */
    if ((picture->actor->roles & (ROLE_BIT(ROLE_CLERK) | ROLE_BIT(ROLE_SUPERVISOR))) != 0)
        json_text(out, "query_code", ticket->query_code);
    json_text(out, "channel", ticket->channel);
    code(out, "upstream", ticket->upstream);
    code(out, "upstream_no", ticket->upstream_no);
    json_time(out, "upstream_received_at", ticket->upstream_received_at);
    json_time(out, "upstream_due_at", ticket->upstream_due_at);
    json_time(out, "received_at", ticket->received_at);
    json_time(out, "occurred_at", ticket->occurred_at);
    word(out, "kind", &words_kind, ticket->kind);
    code(out, "area", ticket->area);
    code(out, "category", ticket->category);
    word(out, "urgency", &words_urgency, ticket->urgency);
    json_bool(out, "sensitive", ticket->sensitive);
    json_bool(out, "anonymous", ticket->anonymous);
    json_bool(out, "confidential", ticket->confidential);
    json_bool(out, "may_publish", ticket->may_publish);
    json_bool(out, "suspect", ticket->suspect);
    json_bool(out, "has_phone", ticket->has_phone);
    word(out, "state", &words_state, ticket->state);
    json_int(out, "version", ticket->version);
    json_int(out, "round", ticket->round);
    json_bool(out, "hard_case", ticket->hard_case);
}

static void
write_clocks(struct json_out *out, const struct ticket *ticket)
{
    json_time(out, "first_dispatched_at", ticket->first_dispatched_at);
    json_time(out, "dispatched_at", ticket->dispatched_at);
    json_time(out, "due_at", ticket->due_at);
    json_time(out, "effective_due_at", ticket->effective_due_at);
    json_bool(out, "due_provisional", ticket->due_provisional);
    json_bool(out, "due_capped", ticket->due_capped);
    word(out, "light", &words_light, ticket->light);
    json_time(out, "overdue_at", ticket->overdue_at);
    json_time(out, "state_due_at", ticket->state_due_at);
    json_time(out, "replied_at", ticket->replied_at);
    json_time(out, "answered_at", ticket->answered_at);
    word(out, "outcome", &words_outcome, ticket->outcome);
    json_time(out, "told_at", ticket->told_at);
    word(out, "told_way", &words_way, ticket->told_way);
    word(out, "satisfaction_first", &words_satisfaction, ticket->satisfaction_first);
    word(out, "satisfaction_final", &words_satisfaction, ticket->satisfaction_final);
    if (ticket->solved == 0)
        json_null(out, "solved");
    else
        json_bool(out, "solved", ticket->solved == 2);
    code(out, "exclude_class", ticket->exclude_class);
    json_time(out, "published_at", ticket->published_at);
    json_time(out, "merged_at", ticket->merged_at);
    json_int(out, "return_count", ticket->return_count);
    json_int(out, "extension_count", ticket->extension_count);
    json_int(out, "rework_count", ticket->rework_count);
    json_int(out, "urge_count", ticket->urge_count);
    json_int(out, "citizen_urge_count", ticket->citizen_urge_count);
    json_int(out, "supervision_count", ticket->supervision_count);
    json_time(out, "closed_at", ticket->closed_at);
    json_bool(out, "closed_unreachable", ticket->closed_unreachable);
}

/*
 * Some members of the picture.  *ret_is_common: they are the same for everybody who
 * may see the ticket, and made of its own rows only; then they are written once.
 */
typedef enum err write_part(const struct picture *picture, bool *ret_is_common);

static enum err
write_common(const struct picture *picture, enum kept_kind kind, write_part *write)
{
    const struct kept_key key = { .kind = kind, .id = picture->ticket->id };
    struct reader *reader = picture->req->reader;
    struct json_out *out = picture->out;
    size_t bytes, begin = json_out_next(out);
    bool is_common = false;

    if (picture->received != NULL)
        return write(picture, &is_common);
    const char *members = kept_find(reader, &key, &bytes);
    if (members != NULL) {
        json_put_again(out, members, bytes);
        return OK;
    }
    TRY(write(picture, &is_common));
    if (is_common && !out->failed)
        kept_put(reader, &key, out->text + begin, out->bytes - begin);
    return OK;
}

/* What is told beside the ticket's own columns; numbers of others only to who may know of them. */
static enum err
write_names(const struct picture *picture, bool *ret_is_common)
{
    const struct ticket *ticket = picture->ticket;
    struct json_out *out = picture->out;
    const struct ticket_received *received = picture->received;
    struct ticket_names names = { .received_by = api_actor(picture->req)->name };

    if (received == NULL)
        TRY(ticket_lists_names(picture->db, picture->arena, &picture->viewer, ticket->id,
                               &names));
    else {
        names.category_name = received->category_name;
        names.area_name = received->area_name;
    }
    json_text(out, "received_by", names.received_by);
    json_text(out, "area_name", names.area_name);
    json_text(out, "category_name", names.category_name);
    json_text(out, "repeat_of", names.repeat_of);
    json_text(out, "merged_into", names.merged_into);
    *ret_is_common = ticket->repeat_of == 0 && ticket->merged_into == 0;
    return OK;
}

static enum err
write_texts(const struct picture *picture, bool *ret_is_common)
{
    struct json_out *out = picture->out;
    struct ticket_text text;

    if (picture->received != NULL)
        text = picture->received->text;
    else
        TRY(tickets_text(picture->db, picture->arena, picture->ticket->id, &text));
    json_text(out, "title", text.title);
    json_text(out, "content", text.content);
    json_text(out, "demand", text.demand);
    json_text(out, "respondent", text.respondent);
    json_text(out, "address", text.address);
    write_tags(out, picture->arena, text.tags);
    json_text(out, "sensitive_reason", text.sensitive_reason);
    json_text(out, "repeat_relation", text.repeat_relation);
    json_text(out, "public_text", text.public_text);
    *ret_is_common = true;
    return OK;
}

/* --- People --------------------------------------------------------------------- */

static void
write_petitioner(struct json_out *out, const char *key, int kind, const char *full_name,
                 const char *full_phone)
{
    char name[MASKED_BYTES], phone[MASKED_BYTES], normal[PHONE_BYTES];

    if (full_name != NULL)
        text_mask_name(full_name, name, sizeof name);
    if (full_phone != NULL)
        text_mask_phone(text_phone(full_phone, "", normal) ? normal : full_phone, phone,
                        sizeof phone);
    json_object_open(out, key);
    json_text(out, "name", full_name == NULL ? NULL : name);
    json_text(out, "phone", full_phone == NULL ? NULL : phone);
    word(out, "kind", &words_petitioner_kind, kind);
    json_object_close(out);
}

/* The ticket's own petitioner, and those whom merged tickets brought. */
static enum err
write_people(const struct picture *picture, bool *ret_is_common)
{
    struct json_out *out = picture->out;

    if (picture->received != NULL) {
        const struct petitioner_draft *draft = picture->petitioner;
        write_petitioner(out, "petitioner",
                         draft->kind == CHOICE_NONE ? PETITIONER_PERSON : draft->kind,
                         draft->name, draft->phone);
        json_list_open(out, "merged_petitioners");
        json_list_close(out);
        return OK;
    }
    struct petitioner *people =
        arena_array(picture->arena, struct petitioner, PETITIONERS_MAX);
    const struct petitioner *own = NULL;
    size_t count;

    if (people == NULL)
        return ERR_NO_MEMORY;
    TRY(tickets_petitioners(picture->db, picture->req->store, picture->arena,
                            picture->ticket->id, people, &count));
    for (size_t i = 0; i < count && own == NULL; i++)
        if (people[i].from_ticket == 0)
            own = &people[i];
    if (own == NULL)
        json_null(out, "petitioner");
    else
        write_petitioner(out, "petitioner", own->kind, own->name, own->phone);
    json_list_open(out, "merged_petitioners");
    for (size_t i = 0; i < count; i++)
        if (people[i].from_ticket != 0 &&
            access_petitioner(picture->actor, people[i].from_confidential))
            write_petitioner(out, NULL, people[i].kind, people[i].name, people[i].phone);
    json_list_close(out);
    *ret_is_common = count == (own == NULL ? 0 : 1);
    return OK;
}

/* --- Units ------------------------------------------------------------------------ */

static void
write_assignment(struct json_out *out, const struct rulebook *rulebook,
                 const struct assignment *assignment)
{
    json_object_open(out, NULL);
    json_int(out, "round", assignment->round);
    unit_names_json(out, "unit", rulebook, assignment->unit_id);
    word(out, "relation", &words_relation, assignment->relation);
    json_bool(out, "is_active", assignment->is_active);
    json_bool(out, "is_counted", assignment->is_counted);
    json_bool(out, "is_designated", assignment->is_designated);
    json_bool(out, "return_refused", assignment->return_refused);
    json_time(out, "dispatched_at", assignment->dispatched_at);
    json_time(out, "due_at", assignment->due_at);
    json_time(out, "effective_due_at", assignment->effective_due_at);
    json_time(out, "sign_due_at", assignment->sign_due_at);
    json_time(out, "opened_at", assignment->opened_at);
    json_time(out, "signed_at", assignment->signed_at);
    json_time(out, "sign_late_at", assignment->sign_late_at);
    json_time(out, "contact_due_at", assignment->contact_due_at);
    json_time(out, "contacted_at", assignment->contacted_at);
    json_time(out, "contact_late_at", assignment->contact_late_at);
    json_time(out, "replied_at", assignment->replied_at);
    json_time(out, "overdue_at", assignment->overdue_at);
    json_int(out, "rework_count", assignment->rework_count);
    json_time(out, "ended_at", assignment->ended_at);
    code(out, "end_reason", assignment->end_reason);
    json_object_close(out);
}

static void
write_units(const struct picture *picture)
{
    const struct ticket_case *ticket_case = picture->ticket_case;
    const struct rulebook *rulebook = picture->req->rulebook;
    const struct assignment *assignments = ticket_case->assignments;
    size_t count = ticket_case->assignment_count;
    int64_t lead_id = picture->ticket->lead_unit_id;
    struct json_out *out = picture->out;

    unit_names_json(out, "lead_unit", rulebook, lead_id);
    if (lead_id != 0)
        word(out, "lead_sign_off", &words_sign_off, ticket_case->lead_sign_off);
    json_list_open(out, "co_units");
    for (size_t i = 0; i < count && lead_id != 0; i++)
        if (assignments[i].relation == RELATION_CO &&
            assignments[i].round == picture->ticket->round)
            unit_names_json(out, NULL, rulebook, assignments[i].unit_id);
    json_list_close(out);
    json_list_open(out, "assignments");
    for (size_t i = 0; i < count; i++)
        write_assignment(out, rulebook, &assignments[i]);
    json_list_close(out);
}

/* --- Records ------------------------------------------------------------------------ */

/* Newest first, under `key`; nothing is asked when there are none. */
static enum err
write_records(const struct picture *picture, const char *key, enum record_kind kind,
              bool has_some)
{
    struct record_filter filter = {
        .sees_all = picture->viewer.sees_all,
        .viewer_unit = picture->viewer.unit_id,
        .ticket_id = picture->ticket->id,
    };
    struct record_row *rows;
    size_t count = 0;

    if (has_some)
        TRY(record_lists_read(picture->db, picture->arena, kind, &filter, SHOWN_RECORDS,
                              &rows, &count));
    json_list_open(picture->out, key);
    for (size_t i = 0; i < count; i++)
        record_json(picture->out, NULL, kind, &rows[i], false);
    json_list_close(picture->out);
    return OK;
}

/* The latest reply or draft with its parts; null when nobody has written one. */
static enum err
write_reply(const struct picture *picture)
{
    const struct ticket *ticket = picture->ticket;
    struct record_filter filter = {
        .sees_all = picture->viewer.sees_all,
        .viewer_unit = picture->viewer.unit_id,
        .ticket_id = ticket->id,
    };
    struct record_row *rows;
    size_t count = 0;

    if (ticket->version != TICKET_FIRST_VERSION)
        TRY(record_lists_read(picture->db, picture->arena, RECORD_REPLY, &filter, 1,
                              &rows, &count));
    if (count == 0)
        json_null(picture->out, "reply");
    else
        record_json(picture->out, "reply", RECORD_REPLY, &rows[0], false);
    return OK;
}

static enum err
write_all_records(const struct picture *picture)
{
    const struct ticket *ticket = picture->ticket;
    bool was_dispatched = ticket->first_dispatched_at != 0;

    TRY(write_records(picture, "instructions", RECORD_INSTRUCTION,
                      ticket->version != TICKET_FIRST_VERSION));
    TRY(write_records(picture, "submissions", RECORD_SUBMISSION,
                      picture->ticket_case->was_submitted));
    /* A prepared supervision is counted nowhere, and follows on being overdue. */
    TRY(write_records(picture, "supervisions", RECORD_SUPERVISION,
                      ticket->supervision_count > 0 || ticket->overdue_at != 0));
    TRY(write_records(picture, "urges", RECORD_URGE,
                      ticket->urge_count > 0 || ticket->citizen_urge_count > 0));
    TRY(write_records(picture, "extensions", RECORD_EXTENSION, was_dispatched));
    TRY(write_records(picture, "returns", RECORD_RETURN, was_dispatched));
    TRY(write_records(picture, "promises", RECORD_PROMISE, was_dispatched));
    TRY(write_records(picture, "callbacks", RECORD_CALLBACK,
                      was_dispatched && ticket->answered_at != 0));
    return write_reply(picture);
}

/* --- All of it ---------------------------------------------------------------------------- */

static enum err
draw(struct picture *picture, const char *key)
{
    struct request *req = picture->req;
    struct json_out *out = picture->out;

    picture->arena = req->arena;
    picture->actor = &api_actor(req)->actor;
    picture->viewer = request_viewer(req);
    picture->ticket = &picture->ticket_case->ticket;
    if (!access_ticket(picture->ticket_case, picture->actor))
        return ERR_NOT_FOUND;
    json_object_open(out, key);
    write_facts(picture);
    TRY(write_common(picture, KEPT_NAMES, write_names));
    TRY(write_common(picture, KEPT_TEXTS, write_texts));
    TRY(write_common(picture, KEPT_PEOPLE, write_people));
    json_bool(out, "may_reveal", access_reveal(picture->ticket_case, picture->actor));
    write_clocks(out, picture->ticket);
    write_units(picture);
    TRY(write_all_records(picture));
    ticket_actions_json(out, req, picture->ticket_case);
    json_object_close(out);
    return OK;
}

enum err
ticket_json_member(struct request *req, const struct ticket_case *ticket_case,
                   const char *key, struct json_out *out)
{
    struct picture picture = {
        .req = req, .db = req->reader->db, .out = out, .ticket_case = ticket_case
    };

    return draw(&picture, key);
}

enum err
ticket_json_received(struct request *req, const struct ticket_received *received,
                     const struct petitioner_draft *petitioner, struct json_out *out)
{
    struct picture picture = { .req = req,
                               .out = out,
                               .ticket_case = &received->ticket_case,
                               .received = received,
                               .petitioner = petitioner };

    return draw(&picture, NULL);
}

enum err
ticket_json_case(struct request *req, const struct ticket_case *ticket_case,
                 struct json_out *out)
{
    return ticket_json_member(req, ticket_case, NULL, out);
}

enum err
ticket_json_full(struct request *req, const char *no, struct json_out *out)
{
    /* Large, and emptied by who fills it. */
    struct ticket_case *ticket_case = arena_alloc_raw(req->arena, sizeof *ticket_case);

    if (ticket_case == NULL)
        return ERR_NO_MEMORY;
    TRY(tickets_case_at_hand(req->reader, no, ticket_case));
    return ticket_json_case(req, ticket_case, out);
}
