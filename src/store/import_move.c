/*
 * import_move.c - the staged rows of a ledger become tickets.
 *
 * Invariants
 *  1. The move is one transaction: a ledger is there wholly or not at all.
 *  2. It is statements that copy ranges, and the chain's hashes, which need their
 *     predecessors; so the writer is held as shortly as one commit allows.
 */
#include <string.h>

#include "domain/assessment.h"
#include "domain/moments.h"
#include "import_internal.h"
#include "store/imports.h"
#include "store/query.h"
#include "store/records.h"
#include "store/rulebook.h"
#include "store/tickets.h"
#include "store/writer.h"
#include "tickets_internal.h"

/* The numbers and upstream numbers that were taken while the rows were staged. */
static enum err
find_conflicts(struct txn *txn, const struct import *import, int64_t *ret_conflicts)
{
    struct stmt *stmt = query(txn->db, Q_IMPORT_CONFLICTS);
    int64_t count = 0;
    bool has_row;

    import_bind_range(stmt, import->id);
    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row)
            break;
        int64_t number = row_int(stmt);
        struct ledger_fault fault = { .code = ERR_FIELD_TAKEN };
        row_copy(stmt, fault.value, sizeof fault.value);
        bool is_no = row_int(stmt) != 0;
        fault.field = is_no ? LEDGER_NO : LEDGER_UPSTREAM_NO;
        TRY(imports_add_fault(txn, import->id, number, is_no ? 0 : 1, &fault));
        count++;
    }
    query_end(stmt);
    *ret_conflicts = count;
    return OK;
}

static enum err
take_numbers(struct txn *txn, int64_t import_id)
{
    struct stmt *stmt = query(txn->db, Q_IMPORT_SERIES_TAKE);

    bind_int(stmt, ":import_id", import_id);
    TRY(query_run(stmt, NULL));
    stmt = query(txn->db, Q_IMPORT_SERIES_BASE);
    bind_int(stmt, ":import_id", import_id);
    return query_run(stmt, NULL);
}

static enum err
highest_ticket(struct db *db, int64_t *ret_id)
{
    struct stmt *stmt = query(db, Q_TICKET_HIGHEST_ID);
    enum err err = query_one(stmt);

    *ret_id = err == OK ? row_int(stmt) : 0;
    query_end(stmt);
    return err == ERR_NOT_FOUND ? OK : err;
}

static enum err
move_tickets(struct txn *txn, int64_t import_id, int64_t base, int64_t *ret_tickets)
{
    int64_t newest;

    TRY(tickets_newest(txn->db, &newest));
    struct stmt *stmt = query(txn->db, Q_IMPORT_MOVE_TICKETS);
    import_bind_range(stmt, import_id);
    bind_int(stmt, ":import_id", import_id);
    bind_int(stmt, ":base", base);
    TRY(query_run(stmt, ret_tickets));

    stmt = query(txn->db, Q_IMPORT_NOTE_BACKDATED);
    bind_int(stmt, ":base", base);
    bind_int(stmt, ":newest", newest);
    return query_run(stmt, NULL);
}

static enum err
move_ranges(struct txn *txn, int64_t import_id, int64_t base, int64_t *ret_tickets)
{
    static const struct {
        enum query which;
        bool has_base;
    } moves[] = {
        { Q_IMPORT_MOVE_TEXTS, true },       { Q_IMPORT_MOVE_PETITIONERS, true },
        { Q_IMPORT_MOVE_ASSIGNMENTS, true }, { Q_IMPORT_MOVE_REPLIES, true },
        { Q_IMPORT_MOVE_FACTS, true },       { Q_IMPORT_COUNT_NOW, false },
        { Q_IMPORT_COUNT_DAY, false },       { Q_IMPORT_COUNT_DUE, false },
        { Q_IMPORT_COUNT_CATEGORY, false },  { Q_IMPORT_COUNT_CALLERS, false },
    };
    struct stmt *stmt;

    TRY(move_tickets(txn, import_id, base, ret_tickets));
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
        stmt = query(txn->db, moves[i].which);
        import_bind_range(stmt, import_id);
        if (moves[i].has_base)
            bind_int(stmt, ":base", base);
        TRY(query_run(stmt, NULL));
    }
    stmt = query(txn->db, Q_IMPORT_COUNT_FACTS);
    import_bind_range(stmt, import_id);
    bind_int(stmt, ":accepted", MEASURE_ACCEPTED);
    TRY(query_run(stmt, NULL));
    return OK;
}

/* The row of Q_IMPORT_EVENTS, made the event it was hashed as. */
static enum err
append_event(struct txn *txn, struct stmt *stmt, const struct import *import,
             int64_t base, int64_t now, struct event_head *head)
{
    static const char *const optional[] = { "demand",          "respondent",
                                            "address",         "reply_text",
                                            "petitioner.name", "petitioner.phone" };
    uint8_t salts[EVENT_TEXTS_MAX][EVENT_SALT_BYTES];
    struct event event = {
        .ticket_id = base + row_int(stmt),
        .at = now,
        .actor = &import->actor,
        .type = "ticket_imported",
        .from_state = CHOICE_NONE,
    };
    const char *payload = row_text(stmt);
    size_t bytes;
    const void *salt_bytes = row_blob(stmt, &bytes);

    event.to_state = choice_find(&words_state, row_text(stmt));
    event.version = row_int(stmt);
    event_add_commitment(&event, "title", "");
    event_add_commitment(&event, "content", "");
    for (size_t i = 0; i < sizeof optional / sizeof *optional; i++)
        if (row_int(stmt) != 0)
            event_add_commitment(&event, optional[i], "");
    if (bytes != event.text_count * EVENT_SALT_BYTES)
        return ERR_INTERNAL;
    memcpy(salts, salt_bytes, bytes);
    return events_append_ready(txn, &event, payload, salts, head);
}

static enum err
append_events(struct txn *txn, const struct import *import, int64_t base, int64_t now)
{
    struct stmt *stmt = query(txn->db, Q_IMPORT_EVENTS);
    struct event_head head;
    bool has_row;

    TRY(events_head(txn, &head));
    import_bind_range(stmt, import->id);
    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row)
            return OK;
        TRY(append_event(txn, stmt, import, base, now, &head));
    }
}

/* What was due before the ticket came here is over; what lies ahead is the timer's. */
static enum err
plan_ahead(struct txn *txn, int64_t ticket_id, int64_t now,
           const struct rulebook *rulebook, struct ticket_case *ticket_case)
{
    struct moment plan[MOMENTS_MAX];

    TRY(tickets_case_by_id(txn->db, ticket_id, ticket_case));
    size_t count = moments_plan(ticket_case, rulebook->calendar, &rulebook->limits, plan);
    for (size_t i = 0; i < count; i++) {
        struct due_moment due = { ticket_id, plan[i].subject, plan[i].due_at,
                                  (int)plan[i].kind };
        bool is_first;
        if (due.due_at < now)
            TRY(moments_fire(txn, &due, now, &is_first));
    }
    return moments_sync_under(txn, ticket_case, rulebook);
}

static enum err
plan_open(struct txn *txn, int64_t import_id, int64_t base, int64_t now)
{
    struct stmt *stmt = query(txn->db, Q_IMPORT_OPEN_TICKETS);
    struct ticket_case *ticket_case = arena_make(txn->arena, struct ticket_case);
    enum err err = OK;
    bool has_row = true;

    if (ticket_case == NULL)
        return ERR_NO_MEMORY;
    const struct rulebook *rulebook = rulebook_acquire(txn->store);
    import_bind_range(stmt, import_id);
    while (err == OK && has_row) {
        err = query_next(stmt, &has_row);
        if (err == OK && has_row)
            err = plan_ahead(txn, base + row_int(stmt), now, rulebook, ticket_case);
    }
    rulebook_release(rulebook);
    return err;
}

enum err
imports_move(struct txn *txn, const struct import *import, int64_t now,
             int64_t *ret_tickets, int64_t *ret_conflicts)
{
    int64_t base;

    *ret_tickets = 0;
    TRY(find_conflicts(txn, import, ret_conflicts));
    if (*ret_conflicts > 0)
        return OK;
    TRY(take_numbers(txn, import->id));
    TRY(highest_ticket(txn->db, &base));
    TRY(move_ranges(txn, import->id, base, ret_tickets));
    TRY(append_events(txn, import, base, now));
    return plan_open(txn, import->id, base, now);
}
