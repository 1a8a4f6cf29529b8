#ifndef YIDAN_STORE_CALLERS_H
#define YIDAN_STORE_CALLERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

/*
 * callers.h - who comes again and again (table repeat_caller).
 *
 * Layer    store.
 * Lifetime texts lie in the arena they were read with.
 * Source   product.md, section 9: "repeat callers".
 */

struct db;
struct store;
struct txn;

/* So many tickets of one phone within so many days make a repeat caller. */
#define CALLER_TICKETS 3
#define CALLER_DAYS 30

#define CALLER_SHOWN_TICKETS 10
#define CALLER_COUNT_MAX 100

/* The ticket has a phone with this index: is it the third one in time? */
MUST_CHECK enum err callers_count(struct txn *txn, int64_t ticket_id,
                                  const uint8_t *phone_index);

/*
 * Is everybody in the table who must be there?  Of a ledger's rows only those count
 * that the import itself put there: it looks at no others of the same phone.
 */
MUST_CHECK enum err callers_agree(struct db *db, bool *ret_agree);
/* Make the table anew, of all tickets. */
MUST_CHECK enum err callers_rebuild(struct txn *txn);

struct repeat_caller {
    const char
        *name; /* as typed, of the newest ticket that has one; NULL: none.  Mask it */
    size_t tickets; /* since, at most CALLER_COUNT_MAX */
    size_t shown;
    struct {
        const char *no, *title;
    } shown_tickets[CALLER_SHOWN_TICKETS]; /* newest first */
};

/*
 * Up to `limit` callers with CALLER_TICKETS or more tickets since `since`, the most
 * frequent first; among the callers that came last.
 */
MUST_CHECK enum err callers_repeat(struct db *db, struct store *store,
                                   struct arena *arena, int64_t since, size_t limit,
                                   struct repeat_caller **ret_callers, size_t *ret_count);

#endif
