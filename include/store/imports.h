#ifndef YIDAN_STORE_IMPORTS_H
#define YIDAN_STORE_IMPORTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/charset.h"
#include "base/crypt.h"
#include "base/error.h"
#include "base/json.h"
#include "domain/ledger.h"
#include "domain/ticket.h"
#include "store/events.h"

/*
 * imports.h - old ledgers on their way in: tables import, import_fault and the
 * staged rows.
 *
 * Layer    store.
 * Lifetime texts of an import lie in the arena it was read with.
 */

struct db;
struct txn;

/* X(NAME, "word", "zh", "en") */
#define IMPORT_STATES(X)                                                                 \
    X(READING, "reading", "读取中", "being read")                                        \
    X(CHECKED, "checked", "已试读", "checked")                                           \
    X(REFUSED, "refused", "有错误，未导入", "refused")                                   \
    X(DONE, "done", "已生效", "in effect")                                               \
    X(CANCELLED, "cancelled", "已取消", "cancelled")                                     \
    X(FAILED, "failed", "无法读取", "failed")

#define X(NAME, word, zh, en) IMPORT_##NAME,
enum import_state { IMPORT_STATES(X) IMPORT_STATE_COUNT };
#undef X
extern const struct choices words_import_state;

/* Rows of a file at most: the ids of staged rows have room for 2^24. */
#define IMPORT_ROWS_MAX 1000000

struct import {
    int64_t id;
    int state; /* enum import_state */
    bool dry_run, skip_bad;
    int64_t created_at;
    struct actor actor; /* who brought it; without roles */
    const char *file;   /* in the folder of uploads; NULL: gone */
    int64_t file_bytes;
    uint8_t file_hash[HASH_BYTES];
    int charset;                 /* CHOICE_NONE: found out while reading */
    const char *mapping, *fixed; /* "field:text,..." */
    int64_t rows_read, rows_bad, rows_good, faults, tickets, finished_at;
    const char *reason; /* a code; NULL: none */
};

MUST_CHECK enum err imports_insert(struct txn *txn, const struct import *import,
                                   int64_t *ret_id);
/* Errors: ERR_NOT_FOUND. */
MUST_CHECK enum err imports_by_id(struct db *db, struct arena *arena, int64_t id,
                                  struct import *ret_import);
/* A real run of that file under way or in effect. Errors: ERR_NOT_FOUND. */
MUST_CHECK enum err imports_same_file(struct db *db, const uint8_t hash[HASH_BYTES],
                                      int64_t *ret_id);
/* Newest first, before `before` (0: from the newest). */
MUST_CHECK enum err imports_list(struct db *db, struct arena *arena, int64_t before,
                                 int limit, struct import **ret_imports,
                                 size_t *ret_count);
/* The first after `after` that still has a file or staged rows. Errors: ERR_NOT_FOUND. */
MUST_CHECK enum err imports_next_unfinished(struct db *db, struct arena *arena,
                                            int64_t after, struct import *ret_import);

MUST_CHECK enum err imports_set_charset(struct txn *txn, int64_t id,
                                        enum charset charset);
/* It is over. `reason` may be NULL. */
MUST_CHECK enum err imports_end(struct txn *txn, int64_t id, enum import_state state,
                                int64_t tickets, const char *reason, int64_t now);

/* --- Rows ---------------------------------------------------------------------- */

/* What was sealed and hashed of a row before the write. */
struct import_ready {
    int64_t number;
    const struct ledger_row *row; /* its texts */
    const char *own_no;           /* NULL: made when it takes effect */
    struct ticket ticket;
    struct assignment assignment;
    bool has_assignment;
    const char *title; /* typed, or made */
    const uint8_t *name, *phone;
    size_t name_bytes, phone_bytes;
    uint8_t phone_index[HASH_BYTES];
    bool has_index;
    const char *payload;
    uint8_t salts[EVENT_TEXTS_MAX][EVENT_SALT_BYTES];
};

/* The texts of the row, committed to in its event: in this order, absent ones left out. */
void imports_event_texts(const struct import_ready *ready, struct event *event);

/* The petitioner that a row's name and phone are sealed for. */
int64_t imports_petitioner_id(int64_t import_id, int64_t number);

/*
 * Stage a good row, unless its number or upstream number is taken: by a ticket,
 * or by a row before it.  Then the fault is added to `faulty`, which is the row.
 */
MUST_CHECK enum err imports_stage(struct txn *txn, int64_t import_id,
                                  const struct import_ready *ready, bool is_dry,
                                  struct ledger_row *faulty);
/* `place` is the fault's among those of its row. */
MUST_CHECK enum err imports_add_fault(struct txn *txn, int64_t import_id, int64_t row,
                                      int64_t place, const struct ledger_fault *fault);
/* Everything up to row `rows_read` is staged or a fault. */
MUST_CHECK enum err imports_progress(struct txn *txn, int64_t id, int64_t rows_read,
                                     int64_t bad, int64_t good, int64_t faults);

struct import_fault {
    int64_t row, place;
    const char *field, *code, *value; /* field NULL: the row as a whole */
};
/* Faults after (row, place), in order. */
MUST_CHECK enum err imports_faults(struct db *db, struct arena *arena, int64_t import_id,
                                   int64_t row, int64_t place, int limit,
                                   struct import_fault **ret_faults, size_t *ret_count);

/*
 * Make tickets of all staged rows, with their events, in this transaction.
 * `*ret_conflicts` above 0: so many rows have met a ticket with their number
 * meanwhile; they are faults now and nothing was moved.
 */
MUST_CHECK enum err imports_move(struct txn *txn, const struct import *import,
                                 int64_t now, int64_t *ret_tickets,
                                 int64_t *ret_conflicts);

/* Remove up to about `limit` staged rows; `*ret_more`: there are others. */
MUST_CHECK enum err imports_clean(struct txn *txn, int64_t id, int limit, bool *ret_more);

#endif
