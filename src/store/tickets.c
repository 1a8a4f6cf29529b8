/*
 * tickets.c - rows of table ticket, their texts and their people.
 */
#include "store/tickets.h"

#include <stdio.h>
#include <string.h>

#include "base/crypt.h"
#include "base/ident.h"
#include "base/text.h"
#include "base/timeutil.h"
#include "store/callers.h"
#include "store/query.h"
#include "store/search.h"
#include "store/store.h"
#include "store/summaries.h"
#include "store/writer.h"
#include "tickets_internal.h"

void
tickets_row(struct stmt *stmt, struct ticket *ret_ticket)
{
    columns_read(stmt, ticket_columns, ticket_column_count, ret_ticket);
}

static enum err
read_ticket(struct stmt *stmt, struct ticket *ret_ticket)
{
    TRY(query_one(stmt));
    tickets_row(stmt, ret_ticket);
    query_end(stmt);
    return OK;
}

enum err
tickets_by_no(struct db *db, const char *no, struct ticket *ret_ticket)
{
    struct stmt *stmt = query(db, Q_TICKET_BY_NO);

    bind_text(stmt, ":no", no);
    return read_ticket(stmt, ret_ticket);
}

enum err
tickets_by_id(struct db *db, int64_t id, struct ticket *ret_ticket)
{
    struct stmt *stmt = query(db, Q_TICKET_BY_ID);

    bind_int(stmt, ":id", id);
    return read_ticket(stmt, ret_ticket);
}

enum err
tickets_text(struct db *db, struct arena *arena, int64_t ticket_id,
             struct ticket_text *ret_text)
{
    struct stmt *stmt = query(db, Q_TICKET_TEXT_BY_TICKET);

    bind_int(stmt, ":ticket_id", ticket_id);
    TRY(query_one(stmt));
    *ret_text = (struct ticket_text){ .title = row_text_copy(stmt, arena) };
    ret_text->content = row_text_copy(stmt, arena);
    ret_text->demand = row_text_copy(stmt, arena);
    ret_text->respondent = row_text_copy(stmt, arena);
    ret_text->address = row_text_copy(stmt, arena);
    ret_text->tags = row_text_copy(stmt, arena);
    ret_text->sensitive_reason = row_text_copy(stmt, arena);
    ret_text->repeat_relation = row_text_copy(stmt, arena);
    ret_text->public_text = row_text_copy(stmt, arena);
    query_end(stmt);
    return OK;
}

static enum err
write_text(struct txn *txn, int64_t ticket_id, const struct ticket_text *text)
{
    struct stmt *stmt = query(txn->db, Q_TICKET_TEXT_SAVE);

    bind_int(stmt, ":ticket_id", ticket_id);
    bind_text(stmt, ":title", text->title);
    bind_text(stmt, ":content", text->content);
    bind_text(stmt, ":demand", text->demand);
    bind_text(stmt, ":respondent", text->respondent);
    bind_text(stmt, ":address", text->address);
    bind_text(stmt, ":tags", text->tags);
    bind_text(stmt, ":sensitive_reason", text->sensitive_reason);
    bind_text(stmt, ":repeat_relation", text->repeat_relation);
    bind_text(stmt, ":public_text", text->public_text);
    return query_run(stmt, NULL);
}

static bool
is_same(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

enum err
tickets_save_text(struct txn *txn, int64_t ticket_id, const struct ticket_text *text)
{
    struct ticket_text before;

    TRY(tickets_text(txn->db, txn->arena, ticket_id, &before));
    if (!is_same(before.title, text->title) || !is_same(before.content, text->content) ||
        !is_same(before.respondent, text->respondent) ||
        !is_same(before.address, text->address))
        TRY(search_forget(txn, ticket_id));
    return write_text(txn, ticket_id, text);
}

/* --- Petitioners ---------------------------------------------------------- */

#define PLACE_BYTES 64

static void
seal_place(char place[PLACE_BYTES], const char *column, int64_t id)
{
    (void)snprintf(place, PLACE_BYTES, "petitioner.%s:%lld", column, (long long)id);
}

static enum err
bind_sealed(struct txn *txn, struct stmt *stmt, const char *parameter, int64_t id,
            const char *text)
{
    char place[PLACE_BYTES];
    const uint8_t *sealed;
    size_t bytes;

    if (text == NULL)
        return OK;
    seal_place(place, parameter + 1, id);
    TRY(crypt_seal(store_keys(txn->store), txn->arena, text, place, &sealed, &bytes));
    bind_blob(stmt, parameter, sealed, bytes);
    return OK;
}

enum err
tickets_add_petitioner(struct txn *txn, int64_t ticket_id, int64_t from_ticket, int kind,
                       const char *name, const char *phone, const char *contact_note)
{
    struct stmt *stmt = query(txn->db, Q_PETITIONER_LAST);
    uint8_t index[HASH_BYTES];
    char normal[PHONE_BYTES];
    bool has_index = false;

    TRY(query_one(stmt));
    int64_t id = row_int(stmt) + 1; /* the only writer asks */
    query_end(stmt);

    stmt = query(txn->db, Q_PETITIONER_INSERT);
    bind_int(stmt, ":id", id);
    bind_int(stmt, ":ticket_id", ticket_id);
    bind_int(stmt, ":from_ticket", from_ticket);
    bind_text(stmt, ":kind",
              choice_word(&words_petitioner_kind,
                          kind == CHOICE_NONE ? PETITIONER_PERSON : kind));
    if (phone != NULL && text_phone(phone, store_config(txn->store)->area_code, normal)) {
        crypt_index(store_keys(txn->store), normal, index);
        bind_blob(stmt, ":phone_index", index, sizeof index);
        has_index = true;
    }
    TRY(bind_sealed(txn, stmt, ":name", id, name));
    TRY(bind_sealed(txn, stmt, ":phone", id, phone));
    TRY(bind_sealed(txn, stmt, ":contact_note", id, contact_note));
    TRY(query_run(stmt, NULL));
    return has_index && from_ticket == 0 ? callers_count(txn, ticket_id, index) : OK;
}

enum err
tickets_drop_petitioners(struct txn *txn, int64_t ticket_id, int64_t from_ticket)
{
    struct stmt *stmt = query(txn->db, Q_PETITIONER_DROP);

    bind_int(stmt, ":ticket_id", ticket_id);
    bind_int(stmt, ":from_ticket", from_ticket);
    return query_run(stmt, NULL);
}

static enum err
open_sealed(struct store *store, struct arena *arena, struct stmt *stmt,
            const char *column, int64_t id, const char **ret_text)
{
    char place[PLACE_BYTES];
    size_t bytes;
    const void *sealed = row_blob(stmt, &bytes);

    *ret_text = NULL;
    if (sealed == NULL)
        return OK;
    seal_place(place, column, id);
    return crypt_open(store_keys(store), arena, sealed, bytes, place, ret_text);
}

enum err
tickets_petitioners(struct db *db, struct store *store, struct arena *arena,
                    int64_t ticket_id, struct petitioner ret_petitioners[PETITIONERS_MAX],
                    size_t *ret_count)
{
    struct stmt *stmt = query(db, Q_PETITIONERS_BY_TICKET);
    size_t count = 0;
    bool has_row;

    bind_int(stmt, ":ticket_id", ticket_id);
    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row || count == PETITIONERS_MAX)
            break;
        struct petitioner *petitioner = &ret_petitioners[count++];
        petitioner->id = row_int(stmt);
        petitioner->from_ticket = row_int(stmt);
        petitioner->from_confidential = row_int(stmt) != 0;
        petitioner->kind = choice_find(&words_petitioner_kind, row_text(stmt));
        enum err err =
            open_sealed(store, arena, stmt, "name", petitioner->id, &petitioner->name);
        if (err == OK)
            err = open_sealed(store, arena, stmt, "phone", petitioner->id,
                              &petitioner->phone);
        if (err == OK)
            err = open_sealed(store, arena, stmt, "contact_note", petitioner->id,
                              &petitioner->contact_note);
        if (err != OK) {
            query_end(stmt);
            return err;
        }
    }
    query_end(stmt);
    *ret_count = count;
    return OK;
}

enum err
tickets_has_merged(struct db *db, int64_t id, bool *ret_has_merged)
{
    struct stmt *stmt = query(db, Q_TICKET_HAS_MERGED);

    bind_int(stmt, ":id", id);
    enum err err = query_one(stmt);
    query_end(stmt);
    *ret_has_merged = err == OK;
    return err == ERR_NOT_FOUND ? OK : err;
}

enum err
tickets_category_check(struct db *db, struct arena *arena, const char *code,
                       const char **ret_name)
{
    struct stmt *stmt = query(db, Q_CATEGORY_ENABLED);

    bind_text(stmt, ":code", code);
    TRY(query_one(stmt));
    *ret_name = row_text_copy(stmt, arena);
    query_end(stmt);
    return OK;
}

/* --- Writing -------------------------------------------------------------- */

enum err
sequences_next(struct txn *txn, const char *name, int64_t *ret_value)
{
    struct stmt *stmt = query(txn->db, Q_SEQUENCE_RAISE);

    bind_text(stmt, ":name", name);
    TRY(query_run(stmt, NULL));
    stmt = query(txn->db, Q_SEQUENCE_VALUE);
    bind_text(stmt, ":name", name);
    TRY(query_one(stmt));
    *ret_value = row_int(stmt);
    query_end(stmt);
    return OK;
}

/* "20261123-R0042": local date of receipt, channel letter, sequence of that day and channel. */
static enum err
next_no(struct txn *txn, int64_t received_at, char letter, char no[TICKET_NO_BYTES])
{
    struct civil_date date = time_date_of_day(time_day(received_at));
    char name[32];
    int64_t value;

    (void)snprintf(name, sizeof name, "ticket %04d%02d%02d %c", date.year, date.month,
                   date.mday, letter);
    TRY(sequences_next(txn, name, &value));
    return text_format(no, TICKET_NO_BYTES, "%04d%02d%02d-%c%04lld", date.year,
                       date.month, date.mday, letter, (long long)value)
               ? OK
               : ERR_INTERNAL;
}

static enum err
upstream_is_free(struct txn *txn, const struct ticket *ticket,
                 struct problem *reterr_problem)
{
    char no[TICKET_NO_BYTES];

    if (ticket->upstream[0] == '\0')
        return OK;
    struct stmt *stmt = query(txn->db, Q_TICKET_ID_BY_UPSTREAM);
    bind_text(stmt, ":upstream", ticket->upstream);
    bind_text(stmt, ":upstream_no", ticket->upstream_no);
    enum err err = query_one(stmt);
    if (err == ERR_NOT_FOUND)
        return OK;
    TRY(err);
    row_skip(stmt);
    row_copy(stmt, no, sizeof no);
    query_end(stmt);
    (void)problem_add(reterr_problem, "upstream_no", ERR_FIELD_TAKEN, no);
    return problem_value(reterr_problem, ERR_FIELDS, "1");
}

enum err
tickets_newest(struct db *db, int64_t *ret_received_at)
{
    struct stmt *stmt = query(db, Q_TICKET_NEWEST);

    TRY(query_one(stmt));
    *ret_received_at = row_int(stmt);
    query_end(stmt);
    return OK;
}

enum err
tickets_insert(struct txn *txn, struct ticket *ticket, char letter,
               const struct ticket_text *text, const struct petitioner_draft *petitioner,
               struct problem *reterr_problem)
{
    static const char *const left_out[] = { ":id", NULL };
    int64_t newest;

    TRY(tickets_newest(txn->db, &newest));
    TRY(upstream_is_free(txn, ticket, reterr_problem));
    TRY(next_no(txn, ticket->received_at, letter, ticket->no));
    ident_digits(ticket->query_code);

    struct stmt *stmt = query(txn->db, Q_TICKET_INSERT);
    columns_bind(stmt, ticket_columns, ticket_column_count, left_out, ticket);
    TRY(query_insert(stmt, &ticket->id));
    if (ticket->received_at < newest) {
        stmt = query(txn->db, Q_TICKET_NOTE_BACKDATED);
        bind_int(stmt, ":id", ticket->id);
        TRY(query_run(stmt, NULL));
    }
    TRY(write_text(txn, ticket->id, text));
    TRY(tickets_add_petitioner(txn, ticket->id, 0, petitioner->kind, petitioner->name,
                               petitioner->phone, petitioner->contact_note));
    return summaries_move(txn, NULL, ticket);
}

bool
tickets_equal(const struct ticket *a, const struct ticket *b)
{
    return columns_equal(ticket_columns, ticket_column_count, a, b);
}

/*
 * SQLite writes every index anew that holds a column of SET, changed or not.  What the
 * timer marks has queries of its own, so that one mark writes two indexes and not twelve.
 */
static bool
is_only_marked(const struct ticket *before, const struct ticket *after)
{
    struct ticket marked = *before;

    marked.light = after->light;
    marked.overdue_at = after->overdue_at;
    marked.urge_count = after->urge_count;
    return tickets_equal(&marked, after);
}

static enum err
mark(struct txn *txn, const struct ticket *ticket)
{
    struct stmt *stmt = query(txn->db, Q_TICKET_MARK);

    bind_int(stmt, ":id", ticket->id);
    bind_text(stmt, ":light", choice_word(&words_light, ticket->light));
    bind_int(stmt, ":overdue_at", ticket->overdue_at);
    bind_int(stmt, ":urge_count", ticket->urge_count);
    return query_run(stmt, NULL);
}

static enum err
save(struct txn *txn, const struct ticket *ticket)
{
    /* These never change after receipt. */
    static const char *const left_out[] = {
        ":no",          ":query_code",  ":channel",
        ":upstream",    ":upstream_no", ":upstream_received_at",
        ":received_at", ":received_by", NULL,
    };
    struct stmt *stmt = query(txn->db, Q_TICKET_SAVE);

    columns_bind(stmt, ticket_columns, ticket_column_count, left_out, ticket);
    return query_run(stmt, NULL);
}

enum err
tickets_save(struct txn *txn, const struct ticket *before, const struct ticket *after)
{
    TRY(is_only_marked(before, after) ? mark(txn, after) : save(txn, after));
    return summaries_move(txn, before, after);
}

/* As with the ticket: these columns are in no index. */
static enum err
save_assignment(struct txn *txn, const struct assignment *before,
                const struct assignment *after)
{
    static const char *const left_out[] = { ":round",         ":unit_id",
                                            ":relation",      ":dispatched_at",
                                            ":is_designated", NULL };
    struct assignment marked = *before;
    struct stmt *stmt;

    marked.sign_late_at = after->sign_late_at;
    marked.contact_late_at = after->contact_late_at;
    marked.overdue_at = after->overdue_at;
    if (columns_equal(assignment_columns, assignment_column_count, &marked, after)) {
        stmt = query(txn->db, Q_ASSIGNMENT_MARK);
        bind_int(stmt, ":id", after->id);
        bind_int(stmt, ":sign_late_at", after->sign_late_at);
        bind_int(stmt, ":contact_late_at", after->contact_late_at);
        bind_int(stmt, ":overdue_at", after->overdue_at);
        return query_run(stmt, NULL);
    }
    stmt = query(txn->db, Q_ASSIGNMENT_SAVE);
    columns_bind(stmt, assignment_columns, assignment_column_count, left_out, after);
    return query_run(stmt, NULL);
}

enum err
tickets_save_assignments(struct txn *txn, const struct ticket_case *before,
                         struct ticket_case *after)
{
    static const char *const not_inserted[] = { ":id", NULL };

    for (size_t i = 0; i < after->assignment_count; i++) {
        struct assignment *assignment = &after->assignments[i];

        if (i < before->assignment_count) {
            if (!columns_equal(assignment_columns, assignment_column_count, assignment,
                               &before->assignments[i]))
                TRY(save_assignment(txn, &before->assignments[i], assignment));
            continue;
        }
        struct stmt *stmt = query(txn->db, Q_ASSIGNMENT_INSERT);
        bind_int(stmt, ":ticket_id", after->ticket.id);
        columns_bind(stmt, assignment_columns, assignment_column_count, not_inserted,
                     assignment);
        TRY(query_insert(stmt, &assignment->id));
    }
    return OK;
}
