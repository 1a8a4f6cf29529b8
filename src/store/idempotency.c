#include "store/idempotency.h"

#include <assert.h>
#include <string.h>

#include "base/text.h"
#include "store/query.h"
#include "store/store.h"
#include "store/writer.h"

/*
 * idempotency.c - see the header.
 *
 * A row older than idempotency_hours counts for nothing, swept or not.
 */

#define HOUR_SECONDS 3600

static int64_t
oldest(const struct txn *txn, int64_t now)
{
    return now - store_config(txn->store)->idempotency_hours * HOUR_SECONDS;
}

enum err
idempotency_find(struct txn *txn, struct idempotency *idempotency, int64_t now)
{
    bool has_row = false, is_same = false;
    size_t bytes = 0;

    idempotency->is_replay = false;
    if (idempotency->key[0] == '\0')
        return OK;
    struct stmt *q = query(txn->db, Q_IDEMPOTENCY_FIND);
    bind_text(q, ":actor", idempotency->actor);
    bind_text(q, ":key", idempotency->key);
    TRY(query_next(q, &has_row));
    if (!has_row)
        return OK;
    const void *hash = row_blob(q, &bytes);
    is_same =
        bytes == HASH_BYTES && memcmp(hash, idempotency->body_hash, HASH_BYTES) == 0;
    bool is_old = row_int(q) < oldest(txn, now);
    if (!is_old && is_same)
        row_copy(q, idempotency->result, sizeof idempotency->result);
    query_end(q);
    if (is_old)
        return OK;
    if (!is_same)
        return ERR_IDEMPOTENCY_MISMATCH;
    idempotency->is_replay = true;
    return OK;
}

enum err
idempotency_save(struct txn *txn, struct idempotency *idempotency, const char *result,
                 int64_t now)
{
    bool fits =
        text_format(idempotency->result, sizeof idempotency->result, "%s", result);

    assert(fits); /* a replay must answer what was made, not a part of it */
    if (!fits)
        return ERR_INTERNAL;
    if (idempotency->key[0] == '\0')
        return OK;
    struct stmt *q = query(txn->db, Q_IDEMPOTENCY_SAVE);
    bind_text(q, ":actor", idempotency->actor);
    bind_text(q, ":key", idempotency->key);
    bind_blob(q, ":body_hash", idempotency->body_hash, HASH_BYTES);
    bind_int(q, ":at", now);
    bind_text(q, ":result", result);
    return query_run(q, NULL);
}

enum err
idempotency_sweep(struct txn *txn, int64_t now, int limit)
{
    struct stmt *q = query(txn->db, Q_IDEMPOTENCY_SWEEP);

    bind_int(q, ":before", oldest(txn, now));
    bind_int(q, ":limit", limit);
    return query_run(q, NULL);
}
