#ifndef YIDAN_STORE_ERASURES_H
#define YIDAN_STORE_ERASURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/ident.h"

/*
 * erasures.h - taking a ticket's personal data away, and leaving the trail valid.
 *
 * Layer    store.
 * Source   product.md, section 2 ("personal and free text lies in erasable
 *          rows"); reliability.md 9.
 *
 * What goes: the people (also where a merge took them), what the citizen wrote,
 * every text of the ticket's events with its salt, unsent forms about it, every free text of its
 * records and replies, and the files the citizen gave.  No program can tell
 * which text names somebody, so all of them go.  What stays: events with their
 * commitments, codes, times, units, staff, outcome and counters, which the
 * assessment is computed from; the faults of imports, which hold nothing that was typed; the text that was published, which was refused
 * unless free of personal data; evidence and internal files, unless asked for.
 */

struct db;
struct store;
struct txn;

/* What stands in the place of a title or content that cannot be without one. */
#define ERASED_TEXT "（已清除）"

#define ERASURE_FILES_MAX 200

struct erasure {
    int64_t people, texts, records; /* rows that hold something */
    size_t file_count;
    int64_t file_bytes;
    char files[ERASURE_FILES_MAX][IDENT_UUID_BYTES];
};

/* What erasures_run() would erase. */
MUST_CHECK enum err erasures_look(struct db *db, int64_t ticket_id, bool all_files,
                                  struct erasure *ret_erasure);

/* Is there nothing to erase (any more)? */
bool erasure_is_empty(const struct erasure *erasure);

/* Erase; `ret_erasure` says what there was. All zero: nothing, and nothing was written. */
MUST_CHECK enum err erasures_run(struct txn *txn, int64_t ticket_id, bool all_files,
                                 int64_t now, struct erasure *ret_erasure);

/* Numbers of the tickets that were merged into this one, in the arena. */
MUST_CHECK enum err erasures_merged(struct db *db, struct arena *arena, int64_t ticket_id,
                                    const char ***ret_numbers, size_t *ret_count);

/*
 * Remove the erased files, whose rows are committed.  What is interrupted is
 * finished by the next start.  Errors: ERR_STORE.
 */
MUST_CHECK enum err erasures_remove_files(struct store *store,
                                          const struct erasure *erasure);

#endif
