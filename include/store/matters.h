#ifndef YIDAN_STORE_MATTERS_H
#define YIDAN_STORE_MATTERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "domain/ticket.h"

/*
 * matters.h - one matter that citizens bring again and again.
 *
 * Layer    store.
 * Source   product.md, section 3, "Repeats".
 *
 * A matter is all tickets that hang together by repeat_of and by merging; its
 * repeats are all of them but the oldest.
 */

struct txn;

struct matter {
    int64_t first_id; /* its oldest ticket */
    char first_no[TICKET_NO_BYTES];
    int64_t repeats; /* received since the given time */
    bool is_noticed; /* it once was brought before a supervisor */
};

/* The matter of a ticket as it is stored, with its repeats received at or after `since`. */
MUST_CHECK enum err matters_of(struct txn *txn, int64_t ticket_id, int64_t since,
                               struct matter *ret_matter);

/* A supervisor's to-do, shown as `ticket_id`; not for a matter that is noticed. */
MUST_CHECK enum err matters_notice(struct txn *txn, const struct matter *matter,
                                   int64_t ticket_id, int64_t now);

/* The supervisor has dealt with what `ticket_id` showed; nothing when nothing waits. */
MUST_CHECK enum err matters_settle(struct txn *txn, int64_t ticket_id, int64_t user_id,
                                   int64_t now);

#endif
