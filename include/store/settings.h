#ifndef YIDAN_STORE_SETTINGS_H
#define YIDAN_STORE_SETTINGS_H

#include <stdint.h>

#include "base/error.h"
#include "domain/deadline.h"

/*
 * settings.h - writing limits and settings; what is as shipped has no row.  The limits
 *              are one list with one version, the settings another.
 *
 * Layer    store.  They are read as part of the rulebook.
 */

struct txn;

/* A cell of the table of limits; NULL: as shipped again. */
MUST_CHECK enum err settings_put_limit(struct txn *txn, enum step step,
                                       enum urgency urgency, const struct limit *limit);

/* A setting, or a scalar of the limits; NULL: as shipped again. */
MUST_CHECK enum err settings_put(struct txn *txn, const char *name, const char *value);

/* The lists that have a version, by their word in table `setting_version`. */
#define SETTINGS_LIST_LIMITS "limits"
#define SETTINGS_LIST_SETTINGS "settings"

/*
 * Count the change of a list that was seen at `version`.
 * Errors   ERR_VERSION_CONFLICT  it is at another one now
 */
MUST_CHECK enum err settings_count_change(struct txn *txn, const char *list,
                                          int64_t version);

#endif
