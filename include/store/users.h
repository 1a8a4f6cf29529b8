#ifndef YIDAN_STORE_USERS_H
#define YIDAN_STORE_USERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/crypt.h"
#include "base/error.h"

/*
 * users.h - people: table `user`.
 *
 * Layer    store.
 * Lifetime texts of a user lie in the arena it was read with.
 *
 * The hash of a password is no member: only sign-in asks for it, so no list and
 * no reply can carry it by accident.
 */

struct db;
struct txn;

struct user {
    int64_t id;
    const char *login, *name;
    int64_t unit_id;
    const char *unit_code, *unit_name;
    uint32_t roles; /* ROLE_BITs */
    int64_t epoch;  /* sessions of an earlier one are over */
    bool is_enabled;
    int64_t created_at;
    int64_t version;
    bool must_change_password; /* somebody else has set it */
    bool has_totp;             /* a second factor is in force */
    const char *extension;     /* of the telephone on the desk; NULL: none */
};

/* Upper and lower case are the same in a login. Errors: ERR_NOT_FOUND. */
MUST_CHECK enum err users_by_login(struct db *db, struct arena *arena, const char *login,
                                   struct user *ret_user);
MUST_CHECK enum err users_by_id(struct db *db, struct arena *arena, int64_t id,
                                struct user *ret_user);

/* The hash to verify a password with. Errors: ERR_NOT_FOUND. */
MUST_CHECK enum err users_password(struct db *db, int64_t id,
                                   char ret_hash[PASSWORD_HASH_BYTES]);

/* What a list is filtered by; zeroed is everything. */
struct users_filter {
    uint32_t roles;   /* any of these; 0: all */
    const char *unit; /* code; NULL: all */
    bool has_enabled, is_enabled;
};

/* Up to `limit` users with an id above `after`, by id. */
MUST_CHECK enum err users_list(struct db *db, struct arena *arena,
                               const struct users_filter *filter, int64_t after,
                               int limit, struct user **ret_users, size_t *ret_count);

/* Is there an enabled user other than `id` with one of `roles`? */
MUST_CHECK enum err users_other_with_role(struct db *db, int64_t id, uint32_t roles,
                                          bool *ret_exists);

/* Does anything name the user: an event, a submission, an instruction, a notice? */
MUST_CHECK enum err users_is_used(struct db *db, int64_t id, bool *ret_used);
MUST_CHECK enum err users_delete(struct txn *txn, int64_t id);

/*
 * Add login, name, unit_id, roles, must_change_password, extension and created_at with this
 * password hash.
 */
MUST_CHECK enum err users_insert(struct txn *txn, const struct user *user,
                                 const char *hash, int64_t *ret_id);

/*
 * Store name, unit, roles, is_enabled, extension and epoch when the version in the
 * database is `user->version`.  Errors: ERR_VERSION_CONFLICT.
 */
MUST_CHECK enum err users_update(struct txn *txn, const struct user *user);
MUST_CHECK enum err users_set_password(struct txn *txn, int64_t id, const char *hash,
                                       bool must_change);

/*
 * The user's own choice: the epoch grows, and nothing must be changed any more.
 * Which session goes on is the caller's to say (sessions_renew_epoch).
 */
MUST_CHECK enum err users_set_own_password(struct txn *txn, int64_t id, const char *hash);

#endif
