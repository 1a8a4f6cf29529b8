#ifndef YIDAN_STORE_IDEMPOTENCY_H
#define YIDAN_STORE_IDEMPOTENCY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/crypt.h"
#include "base/error.h"

/*
 * idempotency.h - the same key and body of the same actor never does it twice.
 *
 * Layer    store; called by commands, in the transaction of the write.
 */

struct txn;

#define IDEMPOTENCY_KEY_MAX 100

/* What the client sent; the api layer fills it before the job. */
struct idempotency {
    char actor[32]; /* "user:7", "" when the request needs none */
    char key[IDEMPOTENCY_KEY_MAX + 1];
    uint8_t body_hash[HASH_BYTES]; /* of method, path and body, keyed */
    bool is_replay;                /* set by idempotency_find() */
    char result[128];              /* what was made: a ticket number, a code */
};

/*
 * Was this done before?  Then is_replay and result are set, and the command
 * returns OK without doing anything.
 * Errors   ERR_IDEMPOTENCY_MISMATCH  the key served another request
 */
MUST_CHECK enum err idempotency_find(struct txn *txn, struct idempotency *idempotency,
                                     int64_t now);

/* Remember that it was done, with `result`. Nothing happens without a key. */
MUST_CHECK enum err idempotency_save(struct txn *txn, struct idempotency *idempotency,
                                     const char *result, int64_t now);

/* Forget keys older than idempotency_hours, at most `limit` rows. */
MUST_CHECK enum err idempotency_sweep(struct txn *txn, int64_t now, int limit);

#endif
