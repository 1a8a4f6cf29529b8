#ifndef YIDAN_STORE_SWEEPS_H
#define YIDAN_STORE_SWEEPS_H

#include <stdint.h>

#include "base/crypt.h"
#include "base/error.h"

/*
 * sweeps.h - what the timer's jobs need of the tables beside records.h.
 *
 * Layer    store.
 */

struct db;
struct due_moment;
struct txn;

/*
 * Take a moment off the list without recording that it happened: its ticket
 * waits for somebody.  moments_sync() brings it back after the next change.
 */
MUST_CHECK enum err sweeps_hold(struct txn *txn, const struct due_moment *moment);

/* The end of the chain of events, in hexadecimal; seq 0 and "" when there is none. */
struct chain_head {
    int64_t seq;
    char hash[2 * HASH_BYTES + 1];
};
MUST_CHECK enum err sweeps_chain_head(struct db *db, struct chain_head *ret_head);

#endif
