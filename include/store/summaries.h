#ifndef YIDAN_STORE_SUMMARIES_H
#define YIDAN_STORE_SUMMARIES_H

#include <stdbool.h>

#include "base/error.h"
#include "domain/ticket.h"

/*
 * summaries.h - counts that are kept in the transaction of the change.
 *
 * Layer    store.
 */

struct db;
struct txn;

/*
 * A ticket came (`before` NULL) or changed: move it in summary_now, summary_due and
 * summary_category, and count the day.
 */
MUST_CHECK enum err summaries_move(struct txn *txn, const struct ticket *before,
                                   const struct ticket *after);

/*
 * Count everything anew, the desks and repeat callers too (desks.h, callers.h):
 * `*ret_wrong` is the name of the first table that says otherwise, NULL when all
 * agree.  Of summary_day what was received, what is closed and what is marked late
 * is counted again, by day and channel: who led a ticket on a day that is over
 * stands in no row.
 */
MUST_CHECK enum err summaries_agree(struct db *db, const char **ret_wrong);

/* Make the tables that summaries_move() keeps what the same recount says. */
MUST_CHECK enum err summaries_rebuild(struct txn *txn);

/* Raised when something is kept that older programs did not keep, or kept otherwise. */
#define SUMMARIES_VERSION 2

/* Was everything kept or counted by a program of this version?  And say so. */
MUST_CHECK enum err summaries_are_built(struct db *db, bool *ret_are_built);
MUST_CHECK enum err summaries_set_built(struct txn *txn);

#endif
