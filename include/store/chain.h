#ifndef YIDAN_STORE_CHAIN_H
#define YIDAN_STORE_CHAIN_H

#include <stdint.h>

#include "base/crypt.h"

/*
 * chain.h - each event's hash holds the one before it, so that a changed, cut
 *           or swapped event shows (reliability.md 9).
 *
 * Layer    store; pure functions, no database.
 * Threads  any.
 */

/* The hashed columns of table `event`. Texts may be NULL, which is not "". */
struct chain_row {
    int64_t seq, ticket_id, at;
    const char *actor_kind;
    int64_t actor_id, unit_id;
    const char *type;
    const char *from_state, *to_state;
    int64_t version;
    const char *payload;
};

/* What stands before the first event of the database `database_id`. */
void chain_genesis(const char *database_id, uint8_t ret_hash[HASH_BYTES]);

/* The hash of `row` after the event whose hash is `previous`; they may overlap. */
void chain_hash(const uint8_t previous[HASH_BYTES], const struct chain_row *row,
                uint8_t ret_hash[HASH_BYTES]);

#endif
