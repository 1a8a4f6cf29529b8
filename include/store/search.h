#ifndef YIDAN_STORE_SEARCH_H
#define YIDAN_STORE_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

/*
 * search.h - the full-text index: who keeps it, and who takes something out.
 *
 * Layer    store.
 * Threads  writes take a transaction.
 *
 * A ticket's number, title, content, address, respondent and replies are
 * folded (base/fold.h) and indexed by an indexer some time after the change;
 * until then the ticket is pending, and a search reads it itself.  Triggers
 * mark what changed, so no command has to.  Names and phones are sealed and
 * never come near it.
 */

struct db;
struct txn;

/*
 * Index up to `limit` pending tickets; `*ret_count` is how many.  Fewer than
 * `limit`: nothing waits any more.
 */
MUST_CHECK enum err search_index(struct txn *txn, int limit, int *ret_count);

/*
 * Take what the ticket's present texts have put into the index out of it again.
 * Call it BEFORE texts of a ticket are replaced or erased: the index can only
 * forget what it is shown.  The ticket is pending afterwards, and will be
 * indexed with what is then in its rows.  tickets_save_text() calls it; who
 * erases replies or texts in another way must do so.
 */
MUST_CHECK enum err search_forget(struct txn *txn, int64_t ticket_id);

/*
 * Rewrite the whole index without what was forgotten, which until then lies in
 * it marked as gone.  After an erasure; takes as long as the index is large, so
 * with the server stopped.
 */
MUST_CHECK enum err search_compact(struct txn *txn);

/*
 * What a search looks for: the folded form of what was typed, without white
 * space around it, in the arena; NULL when nothing is left of it.
 */
MUST_CHECK enum err search_needle(struct arena *arena, const char *typed,
                                  const char **ret_needle);

#endif
