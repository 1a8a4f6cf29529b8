/*
 * callers.c - see the header.
 *
 * A caller is known by the keyed hash of the phone.  The table only says who may
 * be one: how many tickets there are is counted where the people are, so that
 * what was erased or amended since is right.
 */
#include "store/callers.h"

#include <stdlib.h>
#include <string.h>

#include "base/crypt.h"
#include "base/timeutil.h"
#include "store/query.h"
#include "store/tickets.h"
#include "store/writer.h"

/* So many of those who came last are looked at: more cannot be shown usefully. */
#define CANDIDATES 50

#define DAY_S 86400

enum err
callers_count(struct txn *txn, int64_t ticket_id, const uint8_t *phone_index)
{
    /* Most have not called before, and need no look at when. */
    struct stmt *stmt = query(txn->db, Q_CALLER_HAS_CALLED);

    bind_blob(stmt, ":phone_index", phone_index, HASH_BYTES);
    bind_int(stmt, ":least", CALLER_TICKETS);
    enum err err = query_one(stmt);
    query_end(stmt);
    if (err != OK)
        return err == ERR_NOT_FOUND ? OK : err;

    stmt = query(txn->db, Q_REPEAT_CALLER_NOTE);
    bind_int(stmt, ":ticket_id", ticket_id);
    bind_blob(stmt, ":phone_index", phone_index, HASH_BYTES);
    bind_int(stmt, ":within_s", (int64_t)CALLER_DAYS * DAY_S);
    bind_int(stmt, ":least", CALLER_TICKETS);
    return query_run(stmt, NULL);
}

/* --- Counting anew --------------------------------------------------------------- */

static void
bind_recount(struct stmt *stmt, bool with_imported)
{
    bind_int(stmt, ":with_imported", with_imported);
    bind_int(stmt, ":within_s", (int64_t)CALLER_DAYS * DAY_S);
    bind_int(stmt, ":least", CALLER_TICKETS);
}

enum err
callers_agree(struct db *db, bool *ret_agree)
{
    struct stmt *stmt = query(db, Q_REPEAT_CALLERS_MISSING);

    bind_recount(stmt, false);
    TRY(query_one(stmt));
    *ret_agree = row_int(stmt) == 0;
    query_end(stmt);
    return OK;
}

enum err
callers_rebuild(struct txn *txn)
{
    TRY(query_run(query(txn->db, Q_REPEAT_CALLERS_CLEAR), NULL));
    struct stmt *stmt = query(txn->db, Q_REPEAT_CALLERS_FILL);
    bind_recount(stmt, true);
    return query_run(stmt, NULL);
}

/* --- Reading ----------------------------------------------------------------------- */

/* The name the newest tickets were given with. */
static enum err
read_name(struct db *db, struct store *store, struct arena *arena, int64_t ticket_id,
          struct repeat_caller *caller)
{
    struct petitioner *people = arena_array(arena, struct petitioner, PETITIONERS_MAX);
    size_t count;

    if (people == NULL)
        return ERR_NO_MEMORY;
    TRY(tickets_petitioners(db, store, arena, ticket_id, people, &count));
    for (size_t i = 0; i < count && caller->name == NULL; i++)
        if (people[i].from_ticket == 0)
            caller->name = people[i].name;
    return OK;
}

static enum err
read_caller(struct db *db, struct store *store, struct arena *arena,
            const uint8_t *phone_index, int64_t since, struct repeat_caller *caller)
{
    struct stmt *stmt = query(db, Q_CALLER_TICKETS);
    int64_t ids[CALLER_SHOWN_TICKETS] = { 0 };
    bool has_row;

    *caller = (struct repeat_caller){ .name = NULL };
    bind_blob(stmt, ":phone_index", phone_index, HASH_BYTES);
    bind_int(stmt, ":since", since);
    bind_int(stmt, ":limit", CALLER_COUNT_MAX);
    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row)
            break;
        if (caller->tickets++ >= CALLER_SHOWN_TICKETS)
            continue;
        ids[caller->shown] = row_int(stmt);
        caller->shown_tickets[caller->shown].no = row_text_copy(stmt, arena);
        row_skip(stmt);
        caller->shown_tickets[caller->shown++].title = row_text_copy(stmt, arena);
    }
    for (size_t i = 0; i < caller->shown && caller->name == NULL; i++)
        if (caller->tickets >= CALLER_TICKETS)
            TRY(read_name(db, store, arena, ids[i], caller));
    return OK;
}

static enum err
read_candidates(struct db *db, int64_t since, uint8_t ret_indexes[CANDIDATES][HASH_BYTES],
                size_t *ret_count)
{
    struct stmt *stmt = query(db, Q_REPEAT_CALLERS);
    size_t count = 0;
    bool has_row;

    bind_int(stmt, ":since", since);
    bind_int(stmt, ":limit", CANDIDATES);
    for (;;) {
        size_t bytes = 0;

        TRY(query_next(stmt, &has_row));
        if (!has_row)
            break;
        const void *index = row_blob(stmt, &bytes);
        if (bytes == HASH_BYTES && count < CANDIDATES)
            memcpy(ret_indexes[count++], index, HASH_BYTES);
    }
    *ret_count = count;
    return OK;
}

static int
more_first(const void *a, const void *b)
{
    const struct repeat_caller *one = a, *other = b;

    if (one->tickets != other->tickets)
        return one->tickets < other->tickets ? 1 : -1;
    return strcmp(other->shown_tickets[0].no, one->shown_tickets[0].no);
}

enum err
callers_repeat(struct db *db, struct store *store, struct arena *arena, int64_t since,
               size_t limit, struct repeat_caller **ret_callers, size_t *ret_count)
{
    struct repeat_caller *callers = arena_array(arena, struct repeat_caller, CANDIDATES);
    uint8_t indexes[CANDIDATES][HASH_BYTES];
    size_t candidates, count = 0;

    if (callers == NULL)
        return ERR_NO_MEMORY;
    TRY(read_candidates(db, since, indexes, &candidates));
    for (size_t i = 0; i < candidates; i++) {
        TRY(read_caller(db, store, arena, indexes[i], since, &callers[count]));
        count += callers[count].tickets >= CALLER_TICKETS;
    }
    qsort(callers, count, sizeof *callers, more_first);
    *ret_callers = callers;
    *ret_count = count < limit ? count : limit;
    return OK;
}
