#ifndef YIDAN_STORE_CHANNELS_H
#define YIDAN_STORE_CHANNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "store/rulebook.h"

/*
 * channels.h - how citizens reach the office: table `channel`, as it is edited.
 *
 * Layer    store.  What decides about tickets is the copy in the rulebook.
 */

struct db;
struct txn;

struct channel_row {
    struct channel channel;
    int64_t position; /* order on the screen */
    int64_t version;
};

/* All of them (at most CHANNELS_MAX), in order; `*ret_rows` lies in the arena. */
MUST_CHECK enum err channels_all(struct db *db, struct arena *arena,
                                 struct channel_row **ret_rows, size_t *ret_count);

/* Errors: ERR_NOT_FOUND. */
MUST_CHECK enum err channels_by_code(struct db *db, const char *code,
                                     struct channel_row *ret_row);

/* Whose letter is it?  "" when it is free. */
MUST_CHECK enum err channels_of_letter(struct db *db, char letter,
                                       char ret_code[CHANNEL_CODE_BYTES]);

MUST_CHECK enum err channels_insert(struct txn *txn, const struct channel_row *row);

/* Store it when its version in the database is the given one. Errors: ERR_VERSION_CONFLICT. */
MUST_CHECK enum err channels_update(struct txn *txn, const struct channel_row *row);

/* Has a ticket ever come through it? */
MUST_CHECK enum err channels_is_used(struct db *db, const char *code, bool *ret_used);

MUST_CHECK enum err channels_delete(struct txn *txn, const char *code);

#endif
