#ifndef YIDAN_STORE_LOGINS_H
#define YIDAN_STORE_LOGINS_H

#include <stdint.h>

#include "base/error.h"

/*
 * logins.h - wrong passwords by account and network: table `login_failure`.
 *
 * Layer    store.
 * An account that does not exist is counted like any other, so that a lock
 * does not tell which accounts there are.
 */

struct db;
struct txn;

/* Until when sign-in is locked; 0 when it is not. */
MUST_CHECK enum err logins_locked_until(struct db *db, const char *login,
                                        const char *network, int64_t now,
                                        int64_t *ret_until);

/*
 * Count one failure.  The `most`-th within `lock_s` seconds of the one before
 * locks until now + lock_s and the count starts anew; `*ret_until` is then
 * that moment, otherwise 0.
 */
MUST_CHECK enum err logins_fail(struct txn *txn, const char *login, const char *network,
                                int64_t now, int64_t most, int64_t lock_s,
                                int64_t *ret_until);

/* Signed in: start from nothing. */
MUST_CHECK enum err logins_clear(struct txn *txn, const char *login, const char *network);

/* Forget what was last counted before `before`, at most `limit` rows. */
MUST_CHECK enum err logins_sweep(struct txn *txn, int64_t before, int limit);

#endif
