#ifndef YIDAN_STORE_CALLS_H
#define YIDAN_STORE_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

/*
 * calls.h - calls of the switchboard: tables `call` and `call_clerk`.
 *
 * Layer    store.  The caller is sealed for its row ("call.caller:7").
 * Source   product.md, section 12.
 */

struct db;
struct store;
struct txn;

/* Whose telephone an extension is: enabled clerks, at most `limit`. */
struct call_clerk {
    int64_t user_id, unit_id;
};
MUST_CHECK enum err calls_clerks(struct db *db, const char *extension,
                                 struct call_clerk *ret_clerks, int limit,
                                 size_t *ret_count);

struct call {
    int64_t id;
    const char *caller; /* in the arena; NULL: withheld */
    int64_t rang_at, answered_at, ended_at;
    const char *ticket; /* by calls_list(): the phone's first one since; NULL: none */
};

/*
 * The call at that extension which the switchboard of that token told of, without the
 * caller.  Errors: ERR_NOT_FOUND.
 */
MUST_CHECK enum err calls_find(struct db *db, int64_t token_id, const char *call_id,
                               const char *extension, struct call *ret_call);
MUST_CHECK enum err calls_insert(struct txn *txn, int64_t token_id, const char *call_id,
                                 const char *extension, int64_t at, int64_t *ret_id);
/* The call came for that user, who may read its caller from now on. */
MUST_CHECK enum err calls_name_clerk(struct txn *txn, int64_t id, int64_t user_id);
MUST_CHECK enum err calls_set_caller(struct txn *txn, int64_t id, const char *caller);
/* The first moment counts. */
MUST_CHECK enum err calls_answered(struct txn *txn, int64_t id, int64_t at);
MUST_CHECK enum err calls_ended(struct txn *txn, int64_t id, int64_t at);

/* The newest calls of an extension that came for the user, with their callers. */
MUST_CHECK enum err calls_list(struct store *store, struct db *db, struct arena *arena,
                               const char *extension, int64_t user_id, int limit,
                               struct call **ret_calls, size_t *ret_count);

/* A notice for the clerk that a call is there: numbers only. */
MUST_CHECK enum err calls_post(struct txn *txn, int64_t id,
                               const struct call_clerk *clerk, int64_t now);

/* Forget calls that rang before `before`, at most `limit`. */
MUST_CHECK enum err calls_sweep(struct txn *txn, int64_t before, int limit);

#endif
