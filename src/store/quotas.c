#include "store/quotas.h"

#include <stdbool.h>
#include <stdio.h>

#include "store/query.h"
#include "store/writer.h"

/* quotas.c - see the header. */

#define SUBJECT_BYTES 160

void
quota_subject(const struct keys *keys, enum quota_kind kind, const char *text,
              uint8_t ret_subject[HASH_BYTES])
{
    char named[SUBJECT_BYTES];

    /* What is cut off is no number, address or phone. */
    (void)snprintf(named, sizeof named, "public quota %d %s", (int)kind, text);
    crypt_index(keys, named, ret_subject);
}

enum err
quotas_find(struct db *db, const struct quota *quota, int64_t now,
            struct quota_use *ret_use)
{
    struct stmt *q = query(db, Q_PUBLIC_QUOTA_FIND);
    struct quota_use use = { 0 };
    bool has_row = false;

    bind_int(q, ":kind", quota->kind);
    bind_blob(q, ":subject", quota->subject, sizeof quota->subject);
    TRY(query_next(q, &has_row));
    if (has_row) {
        use.count = row_int(q);
        use.started_at = row_int(q);
        use.locked_until = row_int(q);
    }
    query_end(q);
    if (use.locked_until <= now)
        use.locked_until = 0;
    if (use.locked_until == 0 && now - use.started_at >= quota->window_s)
        use = (struct quota_use){ 0 }; /* a new window begins with the next one */
    *ret_use = use;
    return OK;
}

enum err
quotas_count(struct txn *txn, const struct quota *quota, int64_t now)
{
    struct quota_use use;

    TRY(quotas_find(txn->db, quota, now, &use));
    if (use.count == 0)
        use.started_at = now;
    use.count++;
    if (use.count >= quota->most)
        use.locked_until =
            quota->lock_s > 0 ? now + quota->lock_s : use.started_at + quota->window_s;
    struct stmt *q = query(txn->db, Q_PUBLIC_QUOTA_PUT);
    bind_int(q, ":kind", quota->kind);
    bind_blob(q, ":subject", quota->subject, sizeof quota->subject);
    bind_int(q, ":count", use.count);
    bind_int(q, ":started_at", use.started_at);
    bind_int(q, ":locked_until", use.locked_until);
    return query_run(q, NULL);
}

enum err
quotas_sweep(struct txn *txn, int64_t before, int limit)
{
    struct stmt *q = query(txn->db, Q_PUBLIC_QUOTA_SWEEP);

    bind_int(q, ":before", before);
    bind_int(q, ":limit", limit);
    return query_run(q, NULL);
}
