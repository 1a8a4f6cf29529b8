/*
 * sweeps.c - see the header.
 */
#include "store/sweeps.h"

#include "domain/moments.h"
#include "store/query.h"
#include "store/records.h"
#include "store/writer.h"

enum err
sweeps_hold(struct txn *txn, const struct due_moment *moment)
{
    struct stmt *stmt = query(txn->db, Q_MOMENT_DROP);

    bind_int(stmt, ":ticket_id", moment->ticket_id);
    bind_text(stmt, ":kind", choice_word(&words_moment, moment->kind));
    bind_int(stmt, ":subject", moment->subject);
    return query_run(stmt, NULL);
}

enum err
sweeps_chain_head(struct db *db, struct chain_head *ret_head)
{
    struct stmt *stmt = query(db, Q_EVENT_LAST);
    struct chain_head head = { .seq = 0 };
    enum err err = query_one(stmt);
    size_t bytes = 0;

    if (err != OK && err != ERR_NOT_FOUND)
        return err;
    if (err == OK) {
        head.seq = row_int(stmt);
        row_skip(stmt); /* its time */
        const void *hash = row_blob(stmt, &bytes);
        if (bytes == HASH_BYTES)
            crypt_hex(hash, HASH_BYTES, head.hash);
        query_end(stmt);
    }
    *ret_head = head;
    return OK;
}
