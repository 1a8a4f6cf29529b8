#ifndef YIDAN_STORE_UNITS_H
#define YIDAN_STORE_UNITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/json.h"

/*
 * units.h - offices, townships, departments: table `unit`.
 *
 * Layer    store.
 * Lifetime texts of a unit lie in the arena it was read with.
 */

struct db;
struct txn;

#define UNIT_CODE_CHARACTERS 20

struct unit {
    int64_t id;
    const char *code, *name, *short_name;
    int kind; /* enum unit_kind */
    int64_t parent_id;
    const char *parent; /* its code; NULL at the top */
    const char *duty_keywords;
    const char *areas; /* codes, comma separated; NULL: none */
    const char *head, *deputy, *contact, *phone, *night_phone; /* "" when not known */
    int sign_off;                                              /* enum sign_off */
    const char *search_key;
    bool is_enabled;
    int64_t version;
};

/* Has it head, deputy and contact?  Without, it leads only by an override (product.md 8). */
bool unit_is_complete(const struct unit *unit);

/* Errors: ERR_NOT_FOUND. */
MUST_CHECK enum err units_by_code(struct db *db, struct arena *arena, const char *code,
                                  struct unit *ret_unit);
MUST_CHECK enum err units_by_id(struct db *db, struct arena *arena, int64_t id,
                                struct unit *ret_unit);

/* What a list is filtered by; zeroed is everything but `kind` (CHOICE_NONE). */
struct units_filter {
    int kind;
    bool has_enabled, is_enabled;
    const char *q; /* part of a name, the search key or a duty keyword; NULL: any */
};

/* Up to `limit` units with a code after `after` ("" from the start), by code. */
MUST_CHECK enum err units_list(struct db *db, struct arena *arena,
                               const struct units_filter *filter, const char *after,
                               int limit, struct unit **ret_units, size_t *ret_count);

/* Add it; `id`, `is_enabled` and `version` are not looked at. */
MUST_CHECK enum err units_insert(struct txn *txn, const struct unit *unit,
                                 int64_t *ret_id);

/* Which areas it is responsible for, instead of those before; each exists, none twice. */
MUST_CHECK enum err units_set_areas(struct txn *txn, int64_t unit_id,
                                    const struct text_list *areas);

/* Does anybody, a ticket, a record or another unit refer to it? */
MUST_CHECK enum err units_is_used(struct db *db, int64_t unit_id, bool *ret_used);

/* Remove it, with its areas. */
MUST_CHECK enum err units_delete(struct txn *txn, int64_t unit_id);

/* Store it when its version in the database is `unit->version`. Errors: ERR_VERSION_CONFLICT. */
MUST_CHECK enum err units_update(struct txn *txn, const struct unit *unit);

#endif
