#ifndef YIDAN_STORE_BELONGINGS_H
#define YIDAN_STORE_BELONGINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

/*
 * belongings.h - what users keep for themselves: unsent forms and saved filters.
 *
 * Layer    store.
 * Lifetime texts lie in the arena they were read with.
 */

struct db;
struct store;
struct txn;

/* --- Unsent forms --------------------------------------------------------------- */

/* Whose form is meant, and about what. */
struct draft_key {
    int64_t user_id;
    const char *form, *subject;
};

struct draft_row {
    const char *form, *subject;
    int64_t saved_at;
};

/* All of a user. */
MUST_CHECK enum err drafts_of_user(struct db *db, struct arena *arena, int64_t user_id,
                                   struct draft_row **ret_rows, size_t *ret_count);

/* The content, opened.  Errors: ERR_NOT_FOUND, ERR_SEAL_BROKEN. */
MUST_CHECK enum err drafts_open(struct store *store, struct db *db, struct arena *arena,
                                const struct draft_key *key, const char **ret_content,
                                int64_t *ret_saved_at);

/* Keep it, sealed, instead of what was there.  Errors: ERR_QUOTA above `most`. */
MUST_CHECK enum err drafts_put(struct txn *txn, const struct draft_key *key,
                               const char *content, int64_t now, int64_t most);

/* Errors: ERR_NOT_FOUND. */
MUST_CHECK enum err drafts_delete(struct txn *txn, const struct draft_key *key);

/* Forget up to `limit` that were saved before `before`. */
MUST_CHECK enum err drafts_sweep(struct txn *txn, int64_t before, int limit);

/* --- Saved filters ---------------------------------------------------------------- */

struct saved_view {
    int64_t id;
    const char *name, *list, *query;
    bool is_shared, is_own;
    const char *owner; /* name */
};

#define VIEWS_SHOWN 1000

/* Those of a user and those shared in the user's unit; at most VIEWS_SHOWN. */
MUST_CHECK enum err views_of_user(struct db *db, struct arena *arena, int64_t user_id,
                                  int64_t unit_id, struct saved_view **ret_views,
                                  size_t *ret_count);

/* One of the user's own.  Errors: ERR_NOT_FOUND. */
MUST_CHECK enum err views_by_id(struct db *db, struct arena *arena, int64_t user_id,
                                int64_t id, struct saved_view *ret_view);

/* Errors: ERR_FIELD_TAKEN when that list has one of this name, ERR_QUOTA above `most`. */
MUST_CHECK enum err views_insert(struct txn *txn, int64_t user_id,
                                 const struct saved_view *view, int64_t most,
                                 int64_t *ret_id);

/* Errors: ERR_NOT_FOUND, also for another one's. */
MUST_CHECK enum err views_delete(struct txn *txn, int64_t user_id, int64_t id);

#endif
