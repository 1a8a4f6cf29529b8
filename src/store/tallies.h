#ifndef YIDAN_STORE_TALLIES_H
#define YIDAN_STORE_TALLIES_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "domain/similar.h"

/*
 * tallies.h - which tickets have pairs of characters in common with a text.
 *
 * Layer    store.
 */

struct db;

/* What a ticket has in common with the text, in weights. */
struct tally {
    int64_t ticket_id;
    double subject, place;
};

/*
 * Add an empty tally for each of the newest `limit` tickets from `since_id` on that
 * have the pair in the full-text index; `tallies` has room for them after `*count`.
 */
MUST_CHECK enum err tallies_look_up(struct db *db, similar_pair pair, int64_t since_id,
                                    int limit, struct tally *tallies, size_t *count);

/* One tally a ticket: heaviest first, newest first among equals. Returns how many. */
size_t tallies_sum_up(struct tally *tallies, size_t count);

#endif
