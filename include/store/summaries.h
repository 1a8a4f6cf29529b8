#ifndef YIDAN_STORE_SUMMARIES_H
#define YIDAN_STORE_SUMMARIES_H

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
 * Count everything anew, the desks too (desks.h): `*ret_wrong` is the name of the
 * first table that says otherwise, NULL when all agree.
 */
MUST_CHECK enum err summaries_agree(struct db *db, const char **ret_wrong);

#endif
