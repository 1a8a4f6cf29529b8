/*
 * assessments.c - facts and sums follow every change of a ticket.
 *
 * Invariants
 *  1. assessment_fact holds assessment_facts() of each ticket's stored case.
 *  2. assessment_day counts assessment_fact: each bit of each fact once.
 *  3. The workdays of an accepted reply are what the calendar said when it was
 *     accepted; a later calendar does not move them.
 *
 * Facts are stored, not derived from the case before the change: so the change
 * of a record beside the case cannot be forgotten, and a figure's tickets are
 * read from an index.
 */
#include "store/assessments.h"

#include <string.h>

#include "store/query.h"
#include "store/reader.h"
#include "store/rulebook.h"
#include "store/tickets.h"
#include "store/writer.h"

struct stored_fact {
    int64_t id;
    struct assessment_fact fact;
    bool is_kept;
};

/* --- Deriving ---------------------------------------------------------------------- */

static const char *const record_words[] = {
    [ASSESSMENT_EXTENSION] = "extension", [ASSESSMENT_RETURN] = "return",
    [ASSESSMENT_REPLY] = "reply",         [ASSESSMENT_REJECTION] = "rejection",
    [ASSESSMENT_PROMISE] = "promise",     [ASSESSMENT_SUPERVISION] = "supervision",
    [ASSESSMENT_CALLBACK] = "callback",   [ASSESSMENT_ACCOUNTABILITY] = "accountability",
};

static enum assessment_record_kind
record_kind(const char *word)
{
    size_t kind = 0;

    while (kind < ASSESSMENT_ACCOUNTABILITY && strcmp(record_words[kind], word) != 0)
        kind++;
    return (enum assessment_record_kind)kind;
}

#define RECORDS_FIRST 16

/* A ticket has few records; the array doubles for one that has many. */
static enum err
load_records(struct db *db, struct arena *arena, const struct ticket *ticket,
             struct assessment_record **ret_records, size_t *ret_count)
{
    struct stmt *stmt = query(db, Q_ASSESSMENT_RECORDS);
    struct assessment_record *records = NULL;
    size_t count = 0, room = 0;
    bool has_row;

    bind_int(stmt, ":ticket_id", ticket->id);
    bind_int(stmt, ":round", ticket->rework_count);
    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row)
            break;
        if (count == room) {
            size_t wanted = room == 0 ? RECORDS_FIRST : room * 2;
            struct assessment_record *more =
                arena_array(arena, struct assessment_record, wanted);
            if (more == NULL) {
                query_end(stmt);
                return ERR_NO_MEMORY;
            }
            if (count > 0)
                memcpy(more, records, count * sizeof *records);
            records = more;
            room = wanted;
        }
        struct assessment_record *record = &records[count++];
        record->kind = record_kind(row_text(stmt));
        record->id = row_int(stmt);
        record->unit_id = row_int(stmt);
        record->assignment_id = row_int(stmt);
        record->at = row_int(stmt);
        record->day = (int32_t)row_int(stmt);
        record->is_good = row_int(stmt) != 0;
    }
    *ret_records = records;
    *ret_count = count;
    return OK;
}

static enum err
derive(struct db *db, struct arena *arena, const struct ticket_case *ticket_case,
       const struct calendar *calendar, struct assessment_fact **ret_facts,
       size_t *ret_count)
{
    struct assessment_record *records = NULL;
    size_t record_count = 0;

    /* At the version it was received with a ticket has no records (ticket_case.c). */
    if (ticket_case->ticket.version > TICKET_FIRST_VERSION)
        TRY(load_records(db, arena, &ticket_case->ticket, &records, &record_count));
    struct assessment_fact *facts =
        arena_array(arena, struct assessment_fact,
                    ASSESSMENT_FACTS_MAX(ticket_case->assignment_count, record_count));
    if (facts == NULL)
        return ERR_NO_MEMORY;
    *ret_count = assessment_facts(ticket_case, records, record_count, calendar, facts);
    *ret_facts = facts;
    return OK;
}

static enum err
load_stored(struct db *db, struct arena *arena, int64_t ticket_id, size_t room,
            struct stored_fact **ret_stored, size_t *ret_count)
{
    struct stmt *stmt = query(db, Q_ASSESSMENT_FACTS_OF_TICKET);
    struct stored_fact *stored = NULL;
    size_t count = 0;
    bool has_row;

    bind_int(stmt, ":ticket_id", ticket_id);
    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row)
            break;
        if (stored == NULL || count == room) {
            room = stored == NULL ? room + RECORDS_FIRST : room * 2;
            struct stored_fact *more = arena_array(arena, struct stored_fact, room);
            if (more == NULL) {
                query_end(stmt);
                return ERR_NO_MEMORY;
            }
            if (count > 0)
                memcpy(more, stored, count * sizeof *stored);
            stored = more;
        }
        struct stored_fact *row = &stored[count++];
        row->id = row_int(stmt);
        row->fact.unit_id = row_int(stmt);
        row->fact.day = (int32_t)row_int(stmt);
        row->fact.subject = row_int(stmt);
        row->fact.measures = (uint64_t)row_int(stmt);
        row->fact.workdays = (int32_t)row_int(stmt);
        row->is_kept = false;
    }
    *ret_stored = stored;
    *ret_count = count;
    return OK;
}

/* --- Keeping ------------------------------------------------------------------------ */

static struct stored_fact *
find_stored(struct stored_fact *stored, size_t count, const struct assessment_fact *like)
{
    for (size_t i = 0; i < count; i++) {
        const struct assessment_fact *fact = &stored[i].fact;
        if (fact->unit_id == like->unit_id && fact->day == like->day &&
            fact->subject == like->subject)
            return &stored[i];
    }
    return NULL;
}

/* Invariant 3. */
static void
keep_workdays(const struct stored_fact *stored, struct assessment_fact *fact)
{
    uint64_t accepted = MEASURE_BIT(MEASURE_ACCEPTED);

    if (stored != NULL && (stored->fact.measures & fact->measures & accepted) != 0)
        fact->workdays = stored->fact.workdays;
}

/* Count the measures of `bits` for the fact's unit and day, up or down. */
static enum err
count_bits(struct txn *txn, const struct assessment_fact *fact, bool is_web,
           uint64_t bits, enum query which)
{
    for (int measure = 0; bits != 0; measure++, bits >>= 1) {
        if ((bits & 1) == 0)
            continue;
        struct stmt *stmt = query(txn->db, which);
        bind_int(stmt, ":day", fact->day);
        bind_int(stmt, ":unit_id", fact->unit_id);
        bind_int(stmt, ":is_web", is_web);
        bind_int(stmt, ":measure", measure);
        bind_int(stmt, ":workdays", measure == MEASURE_ACCEPTED ? fact->workdays : 0);
        TRY(query_run(stmt, NULL));
    }
    return OK;
}

static enum err
insert(struct txn *txn, int64_t ticket_id, bool is_web,
       const struct assessment_fact *fact)
{
    struct stmt *stmt = query(txn->db, Q_ASSESSMENT_FACT_INSERT);

    bind_int(stmt, ":ticket_id", ticket_id);
    bind_int(stmt, ":unit_id", fact->unit_id);
    bind_int(stmt, ":day", fact->day);
    bind_int(stmt, ":subject", fact->subject);
    bind_int(stmt, ":is_web", is_web);
    bind_int(stmt, ":measures", (int64_t)fact->measures);
    bind_int(stmt, ":workdays", fact->workdays);
    TRY(query_run(stmt, NULL));
    return count_bits(txn, fact, is_web, fact->measures, Q_ASSESSMENT_DAY_ADD);
}

static enum err
change(struct txn *txn, const struct stored_fact *stored, bool is_web,
       const struct assessment_fact *fact)
{
    uint64_t old = stored->fact.measures, new = fact->measures;

    if (old == new)
        return OK; /* the same workdays too: invariant 3 */
    struct stmt *stmt = query(txn->db, Q_ASSESSMENT_FACT_CHANGE);
    bind_int(stmt, ":id", stored->id);
    bind_int(stmt, ":measures", (int64_t) new);
    bind_int(stmt, ":workdays", fact->workdays);
    TRY(query_run(stmt, NULL));
    TRY(count_bits(txn, &stored->fact, is_web, old & ~new, Q_ASSESSMENT_DAY_TAKE));
    return count_bits(txn, fact, is_web, new & ~old, Q_ASSESSMENT_DAY_ADD);
}

static enum err
drop(struct txn *txn, const struct stored_fact *stored, bool is_web)
{
    struct stmt *stmt = query(txn->db, Q_ASSESSMENT_FACT_DELETE);

    bind_int(stmt, ":id", stored->id);
    TRY(query_run(stmt, NULL));
    return count_bits(txn, &stored->fact, is_web, stored->fact.measures,
                      Q_ASSESSMENT_DAY_TAKE);
}

static enum err
sync_under(struct txn *txn, const struct ticket_case *ticket_case,
           const struct calendar *calendar)
{
    const struct ticket *ticket = &ticket_case->ticket;
    bool is_web = assessment_is_web(ticket);
    struct assessment_fact *facts = NULL;
    struct stored_fact *stored = NULL;
    size_t count = 0, stored_count = 0;

    TRY(derive(txn->db, txn->arena, ticket_case, calendar, &facts, &count));
    if (!ticket_case->is_new)
        TRY(load_stored(txn->db, txn->arena, ticket->id, count, &stored, &stored_count));
    for (size_t i = 0; i < count; i++) {
        struct stored_fact *old = find_stored(stored, stored_count, &facts[i]);
        keep_workdays(old, &facts[i]);
        if (old == NULL) {
            TRY(insert(txn, ticket->id, is_web, &facts[i]));
            continue;
        }
        old->is_kept = true;
        TRY(change(txn, old, is_web, &facts[i]));
    }
    for (size_t i = 0; i < stored_count; i++)
        if (!stored[i].is_kept)
            TRY(drop(txn, &stored[i], is_web));
    return OK;
}

enum err
assessments_sync_case(struct txn *txn, const struct ticket_case *ticket_case)
{
    const struct rulebook *rulebook = rulebook_acquire(txn->store);
    enum err err = sync_under(txn, ticket_case, rulebook->calendar);

    rulebook_release(rulebook);
    return err;
}

enum err
assessments_sync(struct txn *txn, int64_t ticket_id)
{
    struct ticket_case ticket_case;

    TRY(tickets_case_by_id(txn->db, ticket_id, &ticket_case));
    return assessments_sync_case(txn, &ticket_case);
}

enum err
assessments_next_ticket(struct db *db, int64_t after, int64_t *ret_id)
{
    struct stmt *stmt = query(db, Q_ASSESSMENT_NEXT_TICKET);

    bind_int(stmt, ":after", after);
    enum err err = query_one(stmt);
    *ret_id = err == OK ? row_int(stmt) : 0;
    query_end(stmt);
    return err == ERR_NOT_FOUND ? OK : err;
}

enum err
assessments_rebuild(struct txn *txn, int64_t after, int limit, int64_t *ret_last,
                    int64_t *ret_done)
{
    *ret_last = *ret_done = 0;
    for (int i = 0; i < limit; i++) {
        int64_t id;
        TRY(assessments_next_ticket(txn->db, after, &id));
        if (id == 0)
            return OK;
        TRY(assessments_sync(txn, id));
        *ret_last = after = id;
        *ret_done = i + 1;
    }
    return OK;
}

enum err
assessments_are_built(struct db *db, bool *ret_are_built)
{
    struct stmt *stmt = query(db, Q_ASSESSMENT_BUILT);

    enum err err = query_one(stmt);
    *ret_are_built = err == OK && row_int(stmt) == ASSESSMENT_FACTS_VERSION;
    query_end(stmt);
    return err == ERR_NOT_FOUND ? OK : err;
}

enum err
assessments_set_built(struct txn *txn)
{
    struct stmt *stmt = query(txn->db, Q_ASSESSMENT_SET_BUILT);

    bind_int(stmt, ":version", ASSESSMENT_FACTS_VERSION);
    return query_run(stmt, NULL);
}

enum err
assessments_recount(struct txn *txn)
{
    TRY(query_run(query(txn->db, Q_ASSESSMENT_DAY_CLEAR), NULL));
    struct stmt *stmt = query(txn->db, Q_ASSESSMENT_DAY_FILL);
    bind_int(stmt, ":accepted", MEASURE_ACCEPTED);
    return query_run(stmt, NULL);
}

/* --- Verifying ------------------------------------------------------------------------ */

enum err
assessments_fit(struct db *db, struct arena *arena, int64_t ticket_id,
                const struct calendar *calendar, bool *ret_fit)
{
    struct assessment_fact *facts = NULL;
    struct stored_fact *stored = NULL;
    size_t count = 0, stored_count = 0;
    struct ticket_case ticket_case;

    TRY(tickets_case_by_id(db, ticket_id, &ticket_case));
    TRY(derive(db, arena, &ticket_case, calendar, &facts, &count));
    TRY(load_stored(db, arena, ticket_id, count, &stored, &stored_count));
    *ret_fit = count == stored_count;
    for (size_t i = 0; i < count && *ret_fit; i++) {
        const struct stored_fact *old = find_stored(stored, stored_count, &facts[i]);
        *ret_fit = old != NULL && old->fact.measures == facts[i].measures;
    }
    return OK;
}

enum err
assessments_agree(struct db *db, bool *ret_agree)
{
    struct stmt *stmt = query(db, Q_ASSESSMENT_DAY_DIFFERENCES);

    bind_int(stmt, ":accepted", MEASURE_ACCEPTED);
    TRY(query_one(stmt));
    *ret_agree = row_int(stmt) == 0;
    query_end(stmt);
    return OK;
}
