#ifndef YIDAN_STORE_VOCABULARY_H
#define YIDAN_STORE_VOCABULARY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

/*
 * vocabulary.h - categories and areas, as trees in order of their codes.
 *
 * Layer    store.
 */

struct db;

struct category {
    const char *code, *parent, *name; /* parent NULL: the first level */
    int level;
    bool is_enabled;
};
MUST_CHECK enum err categories_all(struct db *db, struct arena *arena,
                                   struct category **ret_categories, size_t *ret_count);

struct area {
    const char *code, *parent, *name; /* parent NULL: a township */
};
MUST_CHECK enum err areas_all(struct db *db, struct arena *arena, struct area **ret_areas,
                              size_t *ret_count);

/* Errors: ERR_NOT_FOUND. */
MUST_CHECK enum err areas_check(struct db *db, const char *code);

#endif
