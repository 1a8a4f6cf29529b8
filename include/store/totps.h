#ifndef YIDAN_STORE_TOTPS_H
#define YIDAN_STORE_TOTPS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

/*
 * totps.h - the second factor of who has one: table `totp`.
 *
 * Layer    store.  The secret is sealed for its row ("totp.secret:7").
 * Source   reliability.md 14; RFC 6238.
 */

struct db;
struct store;
struct txn;

struct totp {
    const char *secret;   /* Base32, in the arena */
    int64_t confirmed_at; /* 0: asked for, but no code was shown yet */
    int64_t used_step;    /* the last step a code was taken of */
};

/* Errors: ERR_NOT_FOUND when the user has none, not even an unconfirmed one. */
MUST_CHECK enum err totps_find(struct store *store, struct db *db, struct arena *arena,
                               int64_t user_id, struct totp *ret_totp);

/* A secret to be confirmed.  Errors: ERR_TOTP_ON when one is in force. */
MUST_CHECK enum err totps_put(struct txn *txn, int64_t user_id, const char *secret);

/*
 * A code of `step` was shown; the first one puts the secret in force.
 * Errors: ERR_NOT_FOUND when a code of that step or a later one was taken before.
 */
MUST_CHECK enum err totps_use(struct txn *txn, int64_t user_id, int64_t step,
                              int64_t now);

/* `*ret_was_there`: there was one, confirmed or not. */
MUST_CHECK enum err totps_delete(struct txn *txn, int64_t user_id, bool *ret_was_there);

#endif
