#ifndef YIDAN_STORE_REPLY_COPIES_H
#define YIDAN_STORE_REPLY_COPIES_H

#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "domain/ticket.h"

/*
 * reply_copies.h - the reply of another ticket that a draft is most like.
 *
 * Layer    store.
 * Threads  reads only: with a reader, before a write is handed in.
 * Source   product.md, section 6.
 */

struct db;
struct ticket_viewer;

struct reply_copy {
    int percent; /* similar_likeness(), 0: none was found */
    char no[TICKET_NO_BYTES];
};

/*
 * Looks in the full-text index for tickets that share the draft's rarest pairs of
 * characters, and compares it with the replies of those that share most; replies
 * that are not indexed yet are compared too.  `ticket_id` itself is left out, and so
 * is every ticket that `viewer` may not see: a percentage would tell what it says.
 * Of texts far from any copy the nearest need not be found; of near copies it is.
 */
MUST_CHECK enum err reply_copies_find(struct db *db, struct arena *arena,
                                      const char *text, int64_t ticket_id,
                                      const struct ticket_viewer *viewer,
                                      struct reply_copy *ret_copy);

#endif
