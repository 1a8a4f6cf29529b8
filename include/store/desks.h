#ifndef YIDAN_STORE_DESKS_H
#define YIDAN_STORE_DESKS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "domain/desk.h"

/*
 * desks.h - which tickets stand on which desk, kept in the transaction of the
 * change (tables desk_ticket and summary_desk).
 *
 * Layer    store.
 */

struct db;
struct txn;

/*
 * Put the ticket where its present case says; moments_sync() calls it after each
 * change, and a rebuild for every ticket.
 */
MUST_CHECK enum err desks_sync(struct txn *txn, const struct ticket_case *ticket_case);

/* Take every ticket from every desk, before all are put there anew. */
MUST_CHECK enum err desks_clear(struct txn *txn);

/* What a desk asks beside the case. */
MUST_CHECK enum err desks_facts(struct db *db, const struct ticket_case *ticket_case,
                                struct desk_facts *ret_facts);

/* Does every ticket stand where its case says, and nowhere else? */
MUST_CHECK enum err desks_agree(struct db *db, bool *ret_agree);

#endif
