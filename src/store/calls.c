#include "store/calls.h"

#include "base/crypt.h"
#include "base/text.h"
#include "domain/ticket.h"
#include "store/query.h"
#include "store/store.h"
#include "store/writer.h"

/* calls.c - see the header. */

#define PLACE_BYTES 48

static bool
place_of(int64_t id, char ret_place[PLACE_BYTES])
{
    return text_format(ret_place, PLACE_BYTES, "call.caller:%lld", (long long)id);
}

enum err
calls_clerks(struct db *db, const char *extension, struct call_clerk *ret_clerks,
             int limit, size_t *ret_count)
{
    struct stmt *q = query(db, Q_CALL_CLERKS);
    size_t count = 0;
    bool has_row = false;

    bind_text(q, ":extension", extension);
    bind_int(q, ":roles", ROLE_BIT(ROLE_CLERK));
    bind_int(q, ":limit", limit);
    for (;;) {
        TRY(query_next(q, &has_row));
        if (!has_row || count == (size_t)limit)
            break;
        ret_clerks[count].user_id = row_int(q);
        ret_clerks[count++].unit_id = row_int(q);
    }
    query_end(q);
    *ret_count = count;
    return OK;
}

enum err
calls_find(struct db *db, int64_t token_id, const char *call_id, const char *extension,
           struct call *ret_call)
{
    struct stmt *q = query(db, Q_CALL_FIND);

    bind_int(q, ":token_id", token_id);
    bind_text(q, ":call_id", call_id);
    bind_text(q, ":extension", extension);
    TRY(query_one(q));
    *ret_call = (struct call){ .id = row_int(q) };
    ret_call->answered_at = row_int(q);
    ret_call->ended_at = row_int(q);
    query_end(q);
    return OK;
}

enum err
calls_insert(struct txn *txn, int64_t token_id, const char *call_id,
             const char *extension, int64_t at, int64_t *ret_id)
{
    struct stmt *q = query(txn->db, Q_CALL_INSERT);

    bind_int(q, ":token_id", token_id);
    bind_text(q, ":call_id", call_id);
    bind_text(q, ":extension", extension);
    bind_int(q, ":at", at);
    TRY(query_one(q));
    *ret_id = row_int(q);
    query_end(q);
    return OK;
}

enum err
calls_set_caller(struct txn *txn, int64_t id, const char *caller)
{
    struct stmt *q = query(txn->db, Q_CALL_SET_CALLER);
    const uint8_t *sealed = NULL;
    char place[PLACE_BYTES];
    size_t bytes = 0;

    if (!place_of(id, place))
        return ERR_INTERNAL;
    TRY(crypt_seal(store_keys(txn->store), txn->arena, caller, place, &sealed, &bytes));
    bind_int(q, ":id", id);
    bind_blob(q, ":caller", sealed, bytes);
    return query_run(q, NULL);
}

enum err
calls_name_clerk(struct txn *txn, int64_t id, int64_t user_id)
{
    struct stmt *q = query(txn->db, Q_CALL_CLERK_INSERT);

    bind_int(q, ":id", id);
    bind_int(q, ":user_id", user_id);
    return query_run(q, NULL);
}

static enum err
set_moment(struct txn *txn, enum query which, int64_t id, int64_t at)
{
    struct stmt *q = query(txn->db, which);

    bind_int(q, ":id", id);
    bind_int(q, ":at", at);
    return query_run(q, NULL);
}

enum err
calls_answered(struct txn *txn, int64_t id, int64_t at)
{
    return set_moment(txn, Q_CALL_ANSWERED, id, at);
}

enum err
calls_ended(struct txn *txn, int64_t id, int64_t at)
{
    return set_moment(txn, Q_CALL_ENDED, id, at);
}

/* The columns of call_list. */
static enum err
read_call(struct store *store, struct stmt *q, struct arena *arena, struct call *call)
{
    char place[PLACE_BYTES];
    size_t bytes = 0;

    call->id = row_int(q);
    const void *blob = row_blob(q, &bytes);
    const uint8_t *sealed =
        bytes == 0 ? NULL : (const uint8_t *)arena_copy(arena, blob, bytes);
    bool is_copied = bytes == 0 || sealed != NULL;
    call->rang_at = row_int(q);
    call->answered_at = row_int(q);
    call->ended_at = row_int(q);
    call->caller = NULL;
    call->ticket = NULL;
    if (!is_copied)
        return ERR_NO_MEMORY;
    if (sealed == NULL)
        return OK;
    if (!place_of(call->id, place))
        return ERR_INTERNAL;
    return crypt_open(store_keys(store), arena, sealed, bytes, place, &call->caller);
}

static enum err
find_ticket(struct store *store, struct db *db, struct arena *arena, struct call *call)
{
    uint8_t index[HASH_BYTES];

    if (call->caller == NULL)
        return OK;
    struct stmt *q = query(db, Q_CALL_TICKET);
    crypt_index(store_keys(store), call->caller, index);
    bind_blob(q, ":phone_index", index, sizeof index);
    bind_int(q, ":since", call->rang_at);
    enum err err = query_one(q);
    if (err == OK)
        call->ticket = row_text_copy(q, arena);
    query_end(q);
    if (err == OK && call->ticket == NULL)
        return ERR_NO_MEMORY;
    return err == ERR_NOT_FOUND ? OK : err;
}

enum err
calls_list(struct store *store, struct db *db, struct arena *arena, const char *extension,
           int64_t user_id, int limit, struct call **ret_calls, size_t *ret_count)
{
    struct call *calls = arena_array(arena, struct call, (size_t)limit);
    enum err err = OK;
    size_t count = 0;
    bool has_row = false;

    if (calls == NULL)
        return ERR_NO_MEMORY;
    struct stmt *q = query(db, Q_CALL_LIST);
    bind_text(q, ":extension", extension);
    bind_int(q, ":user_id", user_id);
    bind_int(q, ":limit", limit);
    while (err == OK) {
        TRY(query_next(q, &has_row));
        if (!has_row || count == (size_t)limit)
            break;
        err = read_call(store, q, arena, &calls[count++]);
    }
    query_end(q);
    for (size_t i = 0; i < count && err == OK; i++)
        err = find_ticket(store, db, arena, &calls[i]);
    *ret_calls = calls;
    *ret_count = count;
    return err;
}

enum err
calls_post(struct txn *txn, int64_t id, const struct call_clerk *clerk, int64_t now)
{
    struct stmt *q = query(txn->db, Q_OUTBOX_INSERT_CALL);

    bind_int(q, ":at", now);
    bind_int(q, ":unit_id", clerk->unit_id);
    bind_int(q, ":user_id", clerk->user_id);
    bind_int(q, ":call_id", id);
    return query_run(q, NULL);
}

enum err
calls_sweep(struct txn *txn, int64_t before, int limit)
{
    struct stmt *q = query(txn->db, Q_CALL_SWEEP);

    bind_int(q, ":before", before);
    bind_int(q, ":limit", limit);
    return query_run(q, NULL);
}
