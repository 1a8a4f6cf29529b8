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

/* A ticket came (`before` NULL) or changed: move it in summary_now and count the day. */
MUST_CHECK enum err summaries_move(struct txn *txn, const struct ticket *before,
                                   const struct ticket *after);

/* Count everything anew: is it what the tables say? */
MUST_CHECK enum err summaries_agree(struct db *db, bool *ret_agree);

#endif
