#include "store/totps.h"

#include "base/crypt.h"
#include "base/text.h"
#include "store/query.h"
#include "store/store.h"
#include "store/writer.h"

/* totps.c - see the header. */

#define PLACE_BYTES 48

static bool
place_of(int64_t user_id, char ret_place[PLACE_BYTES])
{
    return text_format(ret_place, PLACE_BYTES, "totp.secret:%lld", (long long)user_id);
}

enum err
totps_find(struct store *store, struct db *db, struct arena *arena, int64_t user_id,
           struct totp *ret_totp)
{
    struct stmt *q = query(db, Q_TOTP_FIND);
    char place[PLACE_BYTES];
    size_t bytes = 0;

    bind_int(q, ":user_id", user_id);
    TRY(query_one(q));
    const void *blob = row_blob(q, &bytes);
    const uint8_t *sealed = (const uint8_t *)arena_copy(arena, blob, bytes);
    ret_totp->confirmed_at = row_int(q);
    ret_totp->used_step = row_int(q);
    query_end(q);
    if (sealed == NULL)
        return ERR_NO_MEMORY;
    if (!place_of(user_id, place))
        return ERR_INTERNAL;
    return crypt_open(store_keys(store), arena, sealed, bytes, place, &ret_totp->secret);
}

enum err
totps_put(struct txn *txn, int64_t user_id, const char *secret)
{
    struct stmt *q = query(txn->db, Q_TOTP_PUT);
    const uint8_t *sealed = NULL;
    char place[PLACE_BYTES];
    size_t bytes = 0;
    int64_t changes = 0;

    if (!place_of(user_id, place))
        return ERR_INTERNAL;
    TRY(crypt_seal(store_keys(txn->store), txn->arena, secret, place, &sealed, &bytes));
    bind_int(q, ":user_id", user_id);
    bind_blob(q, ":secret", sealed, bytes);
    TRY(query_run(q, &changes));
    return changes == 1 ? OK : ERR_TOTP_ON;
}

enum err
totps_use(struct txn *txn, int64_t user_id, int64_t step, int64_t now)
{
    struct stmt *q = query(txn->db, Q_TOTP_USE);
    int64_t changes = 0;

    bind_int(q, ":step", step);
    bind_int(q, ":now", now);
    bind_int(q, ":user_id", user_id);
    TRY(query_run(q, &changes));
    return changes == 1 ? OK : ERR_NOT_FOUND;
}

enum err
totps_delete(struct txn *txn, int64_t user_id, bool *ret_was_there)
{
    struct stmt *q = query(txn->db, Q_TOTP_DELETE);
    int64_t changes = 0;

    bind_int(q, ":user_id", user_id);
    TRY(query_run(q, &changes));
    *ret_was_there = changes == 1;
    return OK;
}
