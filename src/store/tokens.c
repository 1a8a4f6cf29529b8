#include "store/tokens.h"

#include <string.h>

#include "store/query.h"
#include "store/writer.h"

/* tokens.c - see the header. */

/* In the order of the fragment token_columns. */
static enum err
read_token(struct stmt *q, struct arena *arena, struct token *token)
{
    token->id = row_int(q);
    token->name = row_text_copy(q, arena);
    token->scopes = (uint32_t)row_int(q);
    bool has_platform = !row_is_null(q);
    token->platform = row_text_copy(q, arena);
    token->created_at = row_int(q);
    token->expires_at = row_int(q);
    token->last_used_at = row_int(q);
    return token->name == NULL || (has_platform && token->platform == NULL)
               ? ERR_NO_MEMORY
               : OK;
}

enum err
tokens_by_id(struct db *db, struct arena *arena, int64_t id, struct token *ret_token,
             uint8_t ret_hash[HASH_BYTES])
{
    struct stmt *q = query(db, Q_TOKEN_BY_ID);
    size_t bytes = 0;

    bind_int(q, ":id", id);
    TRY(query_one(q));
    enum err err = read_token(q, arena, ret_token);
    const void *hash = row_blob(q, &bytes);

    if (err == OK && bytes != HASH_BYTES)
        err = ERR_INTERNAL;
    if (err == OK)
        memcpy(ret_hash, hash, HASH_BYTES);
    query_end(q);
    return err;
}

enum err
tokens_check_name(struct db *db, const char *name)
{
    struct stmt *q = query(db, Q_TOKEN_BY_NAME);

    bind_text(q, ":name", name);
    TRY(query_one(q));
    query_end(q);
    return OK;
}

enum err
tokens_list(struct db *db, struct arena *arena, int64_t after, int limit,
            struct token **ret_tokens, size_t *ret_count)
{
    struct token *tokens = arena_array(arena, struct token, (size_t)limit);
    size_t count = 0;
    bool has_row = false;

    if (tokens == NULL)
        return ERR_NO_MEMORY;
    struct stmt *q = query(db, Q_TOKEN_LIST);
    bind_int(q, ":after", after);
    bind_int(q, ":limit", limit);
    for (;;) {
        TRY(query_next(q, &has_row));
        if (!has_row)
            break;
        enum err err = read_token(q, arena, &tokens[count++]);
        if (err != OK) {
            query_end(q);
            return err;
        }
    }
    *ret_tokens = tokens;
    *ret_count = count;
    return OK;
}

enum err
tokens_insert(struct txn *txn, const struct token *token, const uint8_t hash[HASH_BYTES],
              int64_t *ret_id)
{
    struct stmt *q = query(txn->db, Q_TOKEN_INSERT);

    bind_text(q, ":name", token->name);
    bind_blob(q, ":secret_hash", hash, HASH_BYTES);
    bind_int(q, ":scopes", token->scopes);
    bind_text(q, ":platform", token->platform);
    bind_int(q, ":created_at", token->created_at);
    bind_int(q, ":expires_at", token->expires_at);
    TRY(query_one(q));
    *ret_id = row_int(q);
    query_end(q);
    return OK;
}

enum err
tokens_touch(struct txn *txn, int64_t id, int64_t at)
{
    struct stmt *q = query(txn->db, Q_TOKEN_TOUCH);

    bind_int(q, ":id", id);
    bind_int(q, ":at", at);
    return query_run(q, NULL);
}

enum err
tokens_remove(struct txn *txn, int64_t id, int64_t at)
{
    struct stmt *q = query(txn->db, Q_TOKEN_REMOVE);
    int64_t changes = 0;

    bind_int(q, ":id", id);
    bind_int(q, ":at", at);
    TRY(query_run(q, &changes));
    return changes == 1 ? OK : ERR_NOT_FOUND;
}
