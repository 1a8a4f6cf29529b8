#ifndef YIDAN_STORE_GATEWAYS_H
#define YIDAN_STORE_GATEWAYS_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/crypt.h"
#include "base/error.h"
#include "domain/ticket.h"

/*
 * gateways.h - messages of the SMS gateway, and what platforms brought and are
 * told: tables `sms_message` and `upstream_answer`.
 *
 * Layer    store.
 * Source   product.md, section 12.
 */

struct db;
struct txn;

/* --- SMS -------------------------------------------------------------------------- */

/* The ticket that this message made.  Errors: ERR_NOT_FOUND. */
MUST_CHECK enum err sms_find(struct db *db, int64_t token_id, const char *message_id,
                             char ret_no[TICKET_NO_BYTES]);
/*
 * The newest ticket that this token brought of the same words and phone since `since`.
 * Errors: ERR_NOT_FOUND.
 */
MUST_CHECK enum err sms_find_same(struct db *db, int64_t token_id,
                                  const uint8_t content_index[HASH_BYTES], int64_t since,
                                  char ret_no[TICKET_NO_BYTES]);
MUST_CHECK enum err sms_insert(struct txn *txn, int64_t token_id, const char *message_id,
                               const uint8_t content_index[HASH_BYTES], const char *no,
                               int64_t at);
/* Forget messages before `before`, at most `limit`. */
MUST_CHECK enum err sms_sweep(struct txn *txn, int64_t before, int limit);

/* --- Platforms ---------------------------------------------------------------------- */

/* The ticket a platform brought under its number.  Errors: ERR_NOT_FOUND. */
MUST_CHECK enum err upstream_ticket(struct db *db, const char *upstream,
                                    const char *upstream_no,
                                    char ret_no[TICKET_NO_BYTES]);

/* The ticket was answered or declined, and so were those merged into it. */
MUST_CHECK enum err upstream_answered(struct txn *txn, int64_t ticket_id, int64_t at);
/* The ticket was merged: it is answered if its target already is. */
MUST_CHECK enum err upstream_merged(struct txn *txn, int64_t ticket_id, int64_t at);

struct upstream_answer {
    int64_t id, ticket_id, at;
    const char *upstream_no; /* in the arena */
};
/* What was answered to `upstream` after `after`, oldest first, at most `limit`. */
MUST_CHECK enum err upstream_answers(struct db *db, struct arena *arena,
                                     const char *upstream, int64_t after, int limit,
                                     struct upstream_answer **ret_answers,
                                     size_t *ret_count);

#endif
