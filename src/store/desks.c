/*
 * desks.c - see the header.
 *
 * Invariants
 *  1. desk_ticket holds what desk_places() says of each ticket's present case.
 *  2. summary_desk counts desk_ticket by desk and day; a row at 0 may stay.
 *
 * The facts rest on rows alone, never on the rulebook: limits that change later
 * move no ticket by themselves, and a recount finds the same.
 */
#include "store/desks.h"

#include "store/query.h"
#include "store/tickets.h"
#include "store/writer.h"

enum err
desks_facts(struct db *db, const struct ticket_case *ticket_case,
            struct desk_facts *ret_facts)
{
    const struct ticket *ticket = &ticket_case->ticket;
    const struct desk_questions asks = desk_questions(ticket_case);
    struct stmt *stmt = query(db, Q_DESK_FACTS);

    bind_int(stmt, ":asks_dispatch_late", asks.dispatch_late);
    bind_int(stmt, ":asks_unopened", asks.unopened);
    bind_int(stmt, ":asks_criticism", asks.criticism);
    bind_int(stmt, ":asks_instruction", asks.instruction);
    bind_int(stmt, ":asks_urge", asks.urge);
    bind_int(stmt, ":asks_promise", asks.promise);
    bind_int(stmt, ":ticket_id", ticket->id);
    bind_int(stmt, ":lead_unit", ticket->lead_unit_id);
    bind_int(stmt, ":state_due_at", ticket->state_due_at);
    bind_int(stmt, ":effective_due_at", ticket->effective_due_at);
    TRY(query_one(stmt));
    ret_facts->is_dispatch_late = row_int(stmt) != 0;
    ret_facts->is_unopened = row_int(stmt) != 0;
    ret_facts->is_criticised = row_int(stmt) != 0;
    ret_facts->has_instruction = row_int(stmt) != 0;
    ret_facts->has_open_urge = row_int(stmt) != 0;
    ret_facts->urge_answered_at = row_int(stmt);
    ret_facts->has_broken_promise = row_int(stmt) != 0;
    query_end(stmt);
    return OK;
}

/* Where it stands so far, as the table says. */
static enum err
load_places(struct db *db, int64_t ticket_id, struct desk_place ret_places[DESK_COUNT],
            size_t *ret_count)
{
    struct stmt *stmt = query(db, Q_DESK_PLACES);
    size_t count = 0;
    bool has_row;

    bind_int(stmt, ":ticket_id", ticket_id);
    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row)
            break;
        if (count == DESK_COUNT) {
            query_end(stmt);
            return ERR_INTERNAL;
        }
        struct desk_place *place = &ret_places[count++];
        place->desk = (enum desk)choice_find(&words_desk, row_text(stmt));
        place->from_day = (int32_t)row_int(stmt);
    }
    *ret_count = count;
    return OK;
}

static enum err
work_out_places(struct db *db, const struct ticket_case *ticket_case,
                struct desk_place ret_places[DESK_COUNT], size_t *ret_count)
{
    struct desk_facts facts = { .is_unopened = false };

    if (!ticket_case->is_new)
        TRY(desks_facts(db, ticket_case, &facts));
    *ret_count = desk_places(ticket_case, &facts, ret_places);
    return OK;
}

static bool
holds(const struct desk_place *places, size_t count, const struct desk_place *like)
{
    for (size_t i = 0; i < count; i++)
        if (places[i].desk == like->desk && places[i].from_day == like->from_day)
            return true;
    return false;
}

/* Put or take one place, and count it. */
static enum err
move(struct txn *txn, enum query row, enum query count, int64_t ticket_id,
     const struct desk_place *place)
{
    struct stmt *stmt = query(txn->db, row);

    bind_text(stmt, ":desk", choice_word(&words_desk, (int)place->desk));
    bind_int(stmt, ":from_day", place->from_day);
    bind_int(stmt, ":ticket_id", ticket_id);
    TRY(query_run(stmt, NULL));
    stmt = query(txn->db, count);
    bind_text(stmt, ":desk", choice_word(&words_desk, (int)place->desk));
    bind_int(stmt, ":from_day", place->from_day);
    return query_run(stmt, NULL);
}

enum err
desks_sync(struct txn *txn, const struct ticket_case *ticket_case)
{
    struct desk_place old[DESK_COUNT], present[DESK_COUNT];
    int64_t ticket_id = ticket_case->ticket.id;
    size_t old_count = 0, count;

    if (!ticket_case->is_new)
        TRY(load_places(txn->db, ticket_id, old, &old_count));
    TRY(work_out_places(txn->db, ticket_case, present, &count));
    for (size_t i = 0; i < old_count; i++)
        if (!holds(present, count, &old[i]))
            TRY(move(txn, Q_DESK_TAKE, Q_SUMMARY_DESK_TAKE, ticket_id, &old[i]));
    for (size_t i = 0; i < count; i++)
        if (!holds(old, old_count, &present[i]))
            TRY(move(txn, Q_DESK_PUT, Q_SUMMARY_DESK_ADD, ticket_id, &present[i]));
    return OK;
}

enum err
desks_clear(struct txn *txn)
{
    TRY(query_run(query(txn->db, Q_DESK_CLEAR), NULL));
    return query_run(query(txn->db, Q_SUMMARY_DESK_CLEAR), NULL);
}

/* --- The recount ------------------------------------------------------------------- */

static enum err
ticket_agrees(struct db *db, int64_t ticket_id, bool *ret_agree)
{
    struct desk_place stored[DESK_COUNT], present[DESK_COUNT];
    struct ticket_case ticket_case;
    size_t stored_count, count;

    TRY(tickets_case_by_id(db, ticket_id, &ticket_case));
    TRY(load_places(db, ticket_id, stored, &stored_count));
    TRY(work_out_places(db, &ticket_case, present, &count));
    *ret_agree = count == stored_count;
    for (size_t i = 0; i < count; i++)
        *ret_agree = *ret_agree && holds(stored, stored_count, &present[i]);
    return OK;
}

enum err
desks_agree(struct db *db, bool *ret_agree)
{
    struct stmt *stmt = query(db, Q_DESK_CANDIDATES);
    bool has_row;

    *ret_agree = true;
    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row)
            break;
        enum err err = ticket_agrees(db, row_int(stmt), ret_agree);

        if (err != OK || !*ret_agree) {
            query_end(stmt);
            *ret_agree = false;
            return err == ERR_NOT_FOUND ? OK : err; /* a place without its ticket */
        }
    }
    stmt = query(db, Q_SUMMARY_DESK_DIFFERENCES);
    TRY(query_one(stmt));
    *ret_agree = row_int(stmt) == 0;
    query_end(stmt);
    return OK;
}
