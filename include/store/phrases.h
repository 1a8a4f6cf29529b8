#ifndef YIDAN_STORE_PHRASES_H
#define YIDAN_STORE_PHRASES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

/*
 * phrases.h - phrases the office keeps, and templates of texts.
 *
 * Layer    store.
 * Lifetime texts lie in the arena they were read with.
 */

struct db;
struct txn;

struct phrase {
    int64_t id;
    int kind; /* enum phrase_kind */
    const char *text;
    bool is_enabled;
    int64_t version;
};

struct text_template {
    int64_t id;
    int kind; /* enum template_kind */
    const char *title, *text;
    const char *unit; /* code; NULL: for all units */
    bool is_enabled;
    int64_t version;
};

/* What a page is filtered by; `kind` CHOICE_NONE: all. */
struct phrase_filter {
    int kind;
    bool has_enabled, is_enabled;
    int64_t viewer_unit; /* of templates: this unit's and those for all; 0: every one */
    int64_t after;       /* rows with a greater id */
};

/* Up to `limit` in the order they were made. */
MUST_CHECK enum err phrases_page(struct db *db, struct arena *arena,
                                 const struct phrase_filter *filter, int limit,
                                 struct phrase **ret_phrases, size_t *ret_count);
MUST_CHECK enum err templates_page(struct db *db, struct arena *arena,
                                   const struct phrase_filter *filter, int limit,
                                   struct text_template **ret_templates,
                                   size_t *ret_count);

/* Errors: ERR_NOT_FOUND, also for a template of another unit than `viewer_unit` (0: any). */
MUST_CHECK enum err phrases_by_id(struct db *db, struct arena *arena, int64_t id,
                                  struct phrase *ret_phrase);
MUST_CHECK enum err templates_by_id(struct db *db, struct arena *arena, int64_t id,
                                    int64_t viewer_unit,
                                    struct text_template *ret_template);

/* Is there a phrase of this kind with this text?  Errors: ERR_NOT_FOUND. */
MUST_CHECK enum err phrases_by_text(struct db *db, struct arena *arena, int kind,
                                    const char *text, struct phrase *ret_phrase);

/* Is there any phrase at all? */
MUST_CHECK enum err phrases_any(struct db *db, bool *ret_any);

MUST_CHECK enum err phrases_insert(struct txn *txn, const struct phrase *phrase,
                                   int64_t *ret_id);
MUST_CHECK enum err templates_insert(struct txn *txn, const struct text_template *one,
                                     int64_t *ret_id);

/* Errors: ERR_VERSION_CONFLICT. */
MUST_CHECK enum err phrases_update(struct txn *txn, const struct phrase *phrase);
MUST_CHECK enum err templates_update(struct txn *txn, const struct text_template *one);

MUST_CHECK enum err phrases_delete(struct txn *txn, int64_t id);
MUST_CHECK enum err templates_delete(struct txn *txn, int64_t id);

#endif
