#ifndef YIDAN_STORE_SESSIONS_H
#define YIDAN_STORE_SESSIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/crypt.h"
#include "base/error.h"
#include "domain/ticket.h"

/*
 * sessions.h - who is signed in: table `session`.
 *
 * Layer    store.  Only the hash of a cookie's secret is kept.
 */

struct db;
struct reader;
struct txn;

#define SESSION_CSRF_BYTES 64
#define LOGIN_BYTES 64
#define NAME_BYTES 128

/* A session with what is true of its user now, in one row. */
struct session {
    int64_t id, user_id;
    int64_t epoch; /* of the user when it began */
    char csrf[SESSION_CSRF_BYTES];
    int64_t last_seen_at, expires_at;
    int64_t user_epoch;
    bool user_is_enabled;
    char login[LOGIN_BYTES], name[NAME_BYTES];
    uint32_t roles;
    int64_t unit_id;
    char unit_code[CODE_BYTES], unit_name[NAME_BYTES];
    int unit_sign_off; /* enum sign_off */
    bool must_change_password;
};

/*
 * As the reader's transaction has it; not read when neither a session nor a user has
 * changed since the last time.  Whether it is still good is the caller's question.
 * Errors   ERR_NOT_FOUND
 */
MUST_CHECK enum err sessions_by_token(struct reader *reader,
                                      const uint8_t token_hash[HASH_BYTES],
                                      struct session *ret_session);

/* What a new one is made of. */
struct session_draft {
    uint8_t token_hash[HASH_BYTES];
    int64_t user_id, epoch;
    const char *csrf, *address;
    int64_t now, expires_at;
};
MUST_CHECK enum err sessions_insert(struct txn *txn, const struct session_draft *draft,
                                    int64_t *ret_id);

/* What its owner is told of a session. */
struct session_row {
    int64_t id;
    const char *address; /* in the arena */
    int64_t created_at, last_seen_at, expires_at;
};

/*
 * The sessions of a user that have not ended by their age, newest first, at most
 * `limit`.  One that has been idle too long is among them.
 */
MUST_CHECK enum err sessions_of_user(struct db *db, struct arena *arena, int64_t user_id,
                                     int64_t now, int limit,
                                     struct session_row **ret_rows, size_t *ret_count);

/* last_seen_at never goes back. A session that is gone is fine. */
MUST_CHECK enum err sessions_touch(struct txn *txn, int64_t id, int64_t at);
MUST_CHECK enum err sessions_delete(struct txn *txn, int64_t id);
MUST_CHECK enum err sessions_delete_of_user(struct txn *txn, int64_t user_id);

/* One session, if it is that user's.  Errors: ERR_NOT_FOUND. */
MUST_CHECK enum err sessions_delete_one_of_user(struct txn *txn, int64_t user_id,
                                                int64_t id);
/* All of a user's but `id`; `*ret_count` is how many there were. */
MUST_CHECK enum err sessions_delete_others(struct txn *txn, int64_t user_id, int64_t id,
                                           int64_t *ret_count);
/* The session `id` goes on, though its user's epoch has grown. */
MUST_CHECK enum err sessions_renew_epoch(struct txn *txn, int64_t id);

/* Keep the newest `keep` sessions of a user. */
MUST_CHECK enum err sessions_trim(struct txn *txn, int64_t user_id, int keep);

/* Forget sessions that have expired, at most `limit`. */
MUST_CHECK enum err sessions_sweep(struct txn *txn, int64_t now, int limit);

#endif
