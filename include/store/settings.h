#ifndef YIDAN_STORE_SETTINGS_H
#define YIDAN_STORE_SETTINGS_H

#include "base/error.h"
#include "domain/deadline.h"

/*
 * settings.h - writing limits and settings; what is as shipped has no row.
 *
 * Layer    store.  They are read as part of the rulebook.
 */

struct txn;

/* A cell of the table of limits; NULL: as shipped again. */
MUST_CHECK enum err settings_put_limit(struct txn *txn, enum step step,
                                       enum urgency urgency, const struct limit *limit);

/* A setting, or a scalar of the limits; NULL: as shipped again. */
MUST_CHECK enum err settings_put(struct txn *txn, const char *name, const char *value);

#endif
