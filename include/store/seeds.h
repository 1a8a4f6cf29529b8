#ifndef YIDAN_STORE_SEEDS_H
#define YIDAN_STORE_SEEDS_H

#include "base/error.h"
#include "store/vocabulary.h"

/*
 * seeds.h - rows a new database is filled with: categories and areas.
 *
 * Layer    store.  A parent comes before its children.
 */

struct txn;

/* `is_enabled` is not looked at. */
MUST_CHECK enum err seeds_category(struct txn *txn, const struct category *category);
MUST_CHECK enum err seeds_area(struct txn *txn, const struct area *area);

#endif
