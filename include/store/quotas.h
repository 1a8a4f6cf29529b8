#ifndef YIDAN_STORE_QUOTAS_H
#define YIDAN_STORE_QUOTAS_H

#include <stdint.h>

#include "base/crypt.h"
#include "base/error.h"

/*
 * quotas.h - what strangers do on the public pages, counted by number, address
 * and phone: table `public_quota`.
 *
 * Layer    store.
 * A subject is kept as a keyed hash only: the table names nobody.
 */

struct db;
struct txn;

enum quota_kind {
    QUOTA_CODE_NUMBER = 1,  /* wrong query codes for a ticket's number */
    QUOTA_CODE_ADDRESS = 2, /* wrong query codes from an address */
    QUOTA_MESSAGE_ADDRESS = 3,
    QUOTA_MESSAGE_PHONE = 4
};

/* `most` within `window_s`; then nothing for `lock_s`, or (0) until the window ends. */
struct quota {
    enum quota_kind kind;
    uint8_t subject[HASH_BYTES];
    int64_t most, window_s, lock_s;
};

/* What a subject is kept as. */
void quota_subject(const struct keys *keys, enum quota_kind kind, const char *text,
                   uint8_t ret_subject[HASH_BYTES]);

/* How much is used, and until when nothing more goes; 0: it still does. */
struct quota_use {
    int64_t count, started_at, locked_until;
};
MUST_CHECK enum err quotas_find(struct db *db, const struct quota *quota, int64_t now,
                                struct quota_use *ret_use);

/* Count one more. */
MUST_CHECK enum err quotas_count(struct txn *txn, const struct quota *quota, int64_t now);

/* Forget what began before `before`, at most `limit` rows. */
MUST_CHECK enum err quotas_sweep(struct txn *txn, int64_t before, int limit);

#endif
