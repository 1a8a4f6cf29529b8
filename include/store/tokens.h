#ifndef YIDAN_STORE_TOKENS_H
#define YIDAN_STORE_TOKENS_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/crypt.h"
#include "base/error.h"

/*
 * tokens.h - how other systems sign in: table `token`.
 *
 * Layer    store.  Only the hash of a token's secret is kept.
 * Lifetime texts of a token lie in the arena it was read with.
 */

struct db;
struct txn;

struct token {
    int64_t id;
    const char *name;
    uint32_t scopes;      /* SCOPE_BITs */
    const char *platform; /* NULL: none */
    int64_t created_at, expires_at /* 0: never */, last_used_at;
};

/* A token that was not removed, and what its secret is hashed to.  Errors: ERR_NOT_FOUND. */
MUST_CHECK enum err tokens_by_id(struct db *db, struct arena *arena, int64_t id,
                                 struct token *ret_token, uint8_t ret_hash[HASH_BYTES]);

/* Is there one of this name? Errors: ERR_NOT_FOUND. */
MUST_CHECK enum err tokens_check_name(struct db *db, const char *name);

/* Up to `limit` tokens with an id above `after`, by id. */
MUST_CHECK enum err tokens_list(struct db *db, struct arena *arena, int64_t after,
                                int limit, struct token **ret_tokens, size_t *ret_count);

/* Add name, scopes, platform, created_at and expires_at. */
MUST_CHECK enum err tokens_insert(struct txn *txn, const struct token *token,
                                  const uint8_t hash[HASH_BYTES], int64_t *ret_id);

/* last_used_at never goes back. A token that is gone is fine. */
MUST_CHECK enum err tokens_touch(struct txn *txn, int64_t id, int64_t at);

/* Errors: ERR_NOT_FOUND. */
MUST_CHECK enum err tokens_remove(struct txn *txn, int64_t id, int64_t at);

#endif
