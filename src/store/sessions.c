#include "store/sessions.h"

#include <string.h>

#include "store/kept.h"
#include "store/query.h"
#include "store/reader.h"
#include "store/writer.h"

/* sessions.c - see the header. */

static enum err
read_session(struct db *db, const uint8_t token_hash[HASH_BYTES],
             struct session *ret_session)
{
    struct stmt *q = query(db, Q_SESSION_BY_TOKEN);
    struct session *session = ret_session;

    bind_blob(q, ":token_hash", token_hash, HASH_BYTES);
    TRY(query_one(q));
    session->id = row_int(q);
    session->user_id = row_int(q);
    session->epoch = row_int(q);
    row_copy(q, session->csrf, sizeof session->csrf);
    session->last_seen_at = row_int(q);
    session->expires_at = row_int(q);
    session->user_epoch = row_int(q);
    session->user_is_enabled = row_int(q) != 0;
    row_copy(q, session->login, sizeof session->login);
    row_copy(q, session->name, sizeof session->name);
    session->roles = (uint32_t)row_int(q);
    session->unit_id = row_int(q);
    row_copy(q, session->unit_code, sizeof session->unit_code);
    row_copy(q, session->unit_name, sizeof session->unit_name);
    const char *sign_off = row_text(q);
    session->unit_sign_off =
        sign_off == NULL ? SIGN_OFF_RECORDED : choice_find(&words_sign_off, sign_off);
    session->must_change_password = row_int(q) != 0;
    query_end(q);
    return OK;
}

/* A session as it is kept; the key holds a part of the hash only. */
struct kept_session {
    uint8_t token_hash[HASH_BYTES];
    struct session session;
};

enum err
sessions_by_token(struct reader *reader, const uint8_t token_hash[HASH_BYTES],
                  struct session *ret_session)
{
    struct kept_key key = { .kind = KEPT_SESSION };
    size_t bytes;

    memcpy(&key.id, token_hash, sizeof key.id);
    const struct kept_session *known = kept_find(reader, &key, &bytes);

    if (known != NULL && memcmp(known->token_hash, token_hash, HASH_BYTES) == 0) {
        *ret_session = known->session;
        return OK;
    }
    TRY(read_session(reader->db, token_hash, ret_session));
    struct kept_session kept = { .session = *ret_session };

    memcpy(kept.token_hash, token_hash, HASH_BYTES);
    kept_put(reader, &key, &kept, sizeof kept);
    return OK;
}

enum err
sessions_of_user(struct db *db, struct arena *arena, int64_t user_id, int64_t now,
                 int limit, struct session_row **ret_rows, size_t *ret_count)
{
    struct session_row *rows = arena_array(arena, struct session_row, (size_t)limit);
    size_t count = 0;
    bool has_row = false;

    if (rows == NULL)
        return ERR_NO_MEMORY;
    struct stmt *q = query(db, Q_SESSION_OF_USER);
    bind_int(q, ":user_id", user_id);
    bind_int(q, ":now", now);
    bind_int(q, ":limit", limit);
    for (;;) {
        TRY(query_next(q, &has_row));
        if (!has_row || count == (size_t)limit)
            break;
        struct session_row *row = &rows[count++];

        row->id = row_int(q);
        row->address = row_text_copy(q, arena);
        row->created_at = row_int(q);
        row->last_seen_at = row_int(q);
        row->expires_at = row_int(q);
    }
    query_end(q);
    *ret_rows = rows;
    *ret_count = count;
    return OK;
}

enum err
sessions_insert(struct txn *txn, const struct session_draft *draft, int64_t *ret_id)
{
    struct stmt *q = query(txn->db, Q_SESSION_INSERT);

    bind_blob(q, ":token_hash", draft->token_hash, HASH_BYTES);
    bind_int(q, ":user_id", draft->user_id);
    bind_int(q, ":epoch", draft->epoch);
    bind_text(q, ":csrf", draft->csrf);
    bind_text(q, ":address", draft->address);
    bind_int(q, ":now", draft->now);
    bind_int(q, ":expires_at", draft->expires_at);
    TRY(query_one(q));
    *ret_id = row_int(q);
    query_end(q);
    return OK;
}

enum err
sessions_touch(struct txn *txn, int64_t id, int64_t at)
{
    struct stmt *q = query(txn->db, Q_SESSION_TOUCH);

    bind_int(q, ":id", id);
    bind_int(q, ":at", at);
    return query_run(q, NULL);
}

enum err
sessions_delete(struct txn *txn, int64_t id)
{
    struct stmt *q = query(txn->db, Q_SESSION_DELETE);

    bind_int(q, ":id", id);
    return query_run(q, NULL);
}

enum err
sessions_delete_of_user(struct txn *txn, int64_t user_id)
{
    struct stmt *q = query(txn->db, Q_SESSION_DELETE_OF_USER);

    bind_int(q, ":user_id", user_id);
    return query_run(q, NULL);
}

enum err
sessions_delete_one_of_user(struct txn *txn, int64_t user_id, int64_t id)
{
    struct stmt *q = query(txn->db, Q_SESSION_DELETE_ONE_OF_USER);
    int64_t count = 0;

    bind_int(q, ":user_id", user_id);
    bind_int(q, ":id", id);
    TRY(query_run(q, &count));
    return count == 1 ? OK : ERR_NOT_FOUND;
}

enum err
sessions_delete_others(struct txn *txn, int64_t user_id, int64_t id, int64_t *ret_count)
{
    struct stmt *q = query(txn->db, Q_SESSION_DELETE_OTHERS);

    bind_int(q, ":user_id", user_id);
    bind_int(q, ":id", id);
    return query_run(q, ret_count);
}

enum err
sessions_renew_epoch(struct txn *txn, int64_t id)
{
    struct stmt *q = query(txn->db, Q_SESSION_RENEW_EPOCH);

    bind_int(q, ":id", id);
    return query_run(q, NULL);
}

enum err
sessions_trim(struct txn *txn, int64_t user_id, int keep)
{
    struct stmt *q = query(txn->db, Q_SESSION_TRIM);

    bind_int(q, ":user_id", user_id);
    bind_int(q, ":keep", keep);
    return query_run(q, NULL);
}

enum err
sessions_sweep(struct txn *txn, int64_t now, int limit)
{
    struct stmt *q = query(txn->db, Q_SESSION_SWEEP);

    bind_int(q, ":now", now);
    bind_int(q, ":limit", limit);
    return query_run(q, NULL);
}
