#ifndef YIDAN_STORE_VOCABULARY_H
#define YIDAN_STORE_VOCABULARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

/*
 * vocabulary.h - categories and areas, as trees in order of their codes.
 *
 * Layer    store.
 * Lifetime texts lie in the arena they were read with.
 */

struct db;
struct txn;

#define VOCABULARY_CODE_CHARACTERS 20
#define CATEGORY_LEVELS 3

struct category {
    const char *code, *parent, *name; /* parent NULL: the first level */
    int level;
    bool is_enabled;
    int64_t position; /* among its siblings */
    const char *search_key, *keywords;
    const char *unit; /* code of the unit that mostly handles it; NULL: none */
    int64_t workdays; /* a limit of its own; 0: the channel's */
    int64_t version;
};

struct area {
    const char *code, *parent, *name; /* parent NULL: a township */
    bool is_enabled;
    int64_t position;
    const char *search_key;
    const char *units; /* codes of those responsible, comma separated; NULL: none */
    int64_t version;
};

/* What a page is filtered by; zeroed is everything. */
struct vocabulary_filter {
    bool has_enabled, is_enabled;
    const char *parent;
    const char *q;     /* part of the name, the search key or a keyword */
    const char *after; /* codes after this one; "" from the start */
};

MUST_CHECK enum err categories_all(struct db *db, struct arena *arena,
                                   struct category **ret_categories, size_t *ret_count);
MUST_CHECK enum err areas_all(struct db *db, struct arena *arena, struct area **ret_areas,
                              size_t *ret_count);

/* Up to `limit`, by code. */
MUST_CHECK enum err categories_page(struct db *db, struct arena *arena,
                                    const struct vocabulary_filter *filter, int limit,
                                    struct category **ret_categories, size_t *ret_count);
MUST_CHECK enum err areas_page(struct db *db, struct arena *arena,
                               const struct vocabulary_filter *filter, int limit,
                               struct area **ret_areas, size_t *ret_count);

/* Errors: ERR_NOT_FOUND. */
MUST_CHECK enum err categories_by_code(struct db *db, struct arena *arena,
                                       const char *code, struct category *ret_category);
MUST_CHECK enum err areas_by_code(struct db *db, struct arena *arena, const char *code,
                                  struct area *ret_area);

/*
 * How many workdays the lead unit has for a ticket of this channel and category
 * (product.md, section 3): the channel's, or the category's own when it is shorter.
 * `category` "" is none.  Errors: ERR_NOT_FOUND when one of them is not there.
 */
struct rulebook;
MUST_CHECK enum err vocabulary_workdays(struct db *db, struct arena *arena,
                                        const struct rulebook *rulebook,
                                        const char *channel, const char *category,
                                        int64_t *ret_workdays);

/* Its name, if it may be chosen for a new ticket or a unit.  Errors: ERR_NOT_FOUND. */
MUST_CHECK enum err areas_check(struct db *db, struct arena *arena, const char *code,
                                const char **ret_name);

/* Add it; `version` is not looked at, nor an area's `units`. */
MUST_CHECK enum err categories_insert(struct txn *txn, const struct category *category);
MUST_CHECK enum err areas_insert(struct txn *txn, const struct area *area);

/*
 * Store it when its version in the database is the given one; code, parent and
 * level never change.  Errors: ERR_VERSION_CONFLICT.
 */
MUST_CHECK enum err categories_update(struct txn *txn, const struct category *category);
MUST_CHECK enum err areas_update(struct txn *txn, const struct area *area);

/* Does a ticket, a unit or something below it refer to it? */
MUST_CHECK enum err categories_is_used(struct db *db, const char *code, bool *ret_used);
MUST_CHECK enum err areas_is_used(struct db *db, const char *code, bool *ret_used);

MUST_CHECK enum err categories_delete(struct txn *txn, const char *code);
MUST_CHECK enum err areas_delete(struct txn *txn, const char *code);

#endif
