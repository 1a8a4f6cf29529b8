#ifndef YIDAN_STORE_EXPORTS_H
#define YIDAN_STORE_EXPORTS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/ident.h"
#include "base/json.h"

/*
 * exports.h - lists as files: table `export`, and the folder they lie in.
 *
 * Layer    store.
 * Lifetime texts of an export lie in the arena it was read with.
 * Source   product.md, sections 7 and 12.
 */

struct db;
struct reader;
struct rulebook;
struct sheet;
struct store;
struct txn;

/* X(NAME, "word", "zh", "en") */
#define EXPORT_STATES(X)                                                                 \
    X(WAITING, "waiting", "等待", "waiting")                                             \
    X(MAKING, "making", "生成中", "being made")                                          \
    X(READY, "ready", "可下载", "ready")                                                 \
    X(FAILED, "failed", "未成功", "failed")

#define X(NAME, word, zh, en) EXPORT_##NAME,
enum export_state { EXPORT_STATES(X) EXPORT_STATE_COUNT };
#undef X
extern const struct choices words_export_state;

/* Begun so often without an end, an export has failed: it may be what kills us. */
#define EXPORT_ATTEMPTS_MAX 3

struct export
{
    char id[IDENT_UUID_BYTES];
    int state;         /* enum export_state */
    const char *list;  /* "tickets" */
    const char *query; /* "state=received&q=…", as the list is asked for */
    int format;        /* enum sheet_format */
    enum language language;
    const char *mark; /* who, when, what: what the file says of itself */
    const char *name; /* of the file when it is saved */
    int64_t user_id, unit_id;
    uint32_t roles;
    int64_t created_at, attempts, rows, bytes, finished_at, expires_at;
    const char *reason; /* a code; NULL: none */
};

MUST_CHECK enum err exports_insert(struct txn *txn, const struct export *export);
/* Errors: ERR_NOT_FOUND. */
MUST_CHECK enum err exports_by_id(struct db *db, struct arena *arena, const char *id,
                                  struct export *ret_export);
/* The user's, newest first. */
MUST_CHECK enum err exports_list(struct db *db, struct arena *arena, int64_t user_id,
                                 int limit, struct export **ret_exports,
                                 size_t *ret_count);
/* The oldest that is not finished. Errors: ERR_NOT_FOUND. */
MUST_CHECK enum err exports_next(struct db *db, struct arena *arena,
                                 struct export *ret_export);
MUST_CHECK enum err exports_count_unfinished(struct db *db, int64_t user_id,
                                             int64_t *ret_count);
/* Forget the user's oldest finished ones, so that `keep` remain. */
MUST_CHECK enum err exports_trim(struct txn *txn, int64_t user_id, int64_t keep);
MUST_CHECK enum err exports_begin(struct txn *txn, const char *id);
/* It is over, one way or the other; state, rows, bytes, times and reason are taken. */
MUST_CHECK enum err exports_end(struct txn *txn, const struct export *export);
MUST_CHECK enum err exports_expire(struct txn *txn, int64_t now);
/* All of them, whoever's: a file may hold what is taken away from a ticket. */
MUST_CHECK enum err exports_forget(struct txn *txn);
/* When the next one is to be forgotten; 0: none. */
MUST_CHECK enum err exports_next_expiry(struct db *db, int64_t *ret_at);

/* --- Files ------------------------------------------------------------------------ */

/*
 * A new file for it, open for reading and writing, readable by nobody else; what
 * was there of an earlier attempt is gone.  `folder` gets where it lies.
 * Errors   ERR_DISK_FULL  also when free space is below upload_reserve_bytes
 *          ERR_STORE
 */
MUST_CHECK enum err export_file_new(struct store *store, const char *id, int *ret_fd,
                                    char folder[PATH_MAX]);
/* All of it is written: flush it and give it its name, durably. */
MUST_CHECK enum err export_file_place(struct store *store, const char *id, int fd);
/* It is given up. */
void export_file_drop(struct store *store, const char *id);
/* To read it. Errors: ERR_NOT_FOUND. */
MUST_CHECK enum err export_file_open(struct store *store, const char *id, int *ret_fd);
/* Remove the files that no row names; all of them, when no row is left: without asking. */
MUST_CHECK enum err export_files_sweep(struct db *db);
MUST_CHECK enum err export_files_clear(struct store *store);

/* --- Making one ------------------------------------------------------------------- */

/* What the thread behind gives to whoever knows the lists. */
struct export_task {
    const struct export *export;
    struct store *store;
    struct reader *reader; /* one snapshot for all of it */
    const struct rulebook *rulebook;
    struct arena *arena; /* of the export */
    struct arena *page;  /* may be emptied between pages */
    struct sheet *sheet; /* without a table yet */
    int64_t rows_max;
    bool (*is_stopping)(void *context);
    void *context;

    int64_t rows; /* out */
};

/*
 * Write the list into the sheet, exactly as the user sees it.
 * Errors   ERR_EXPORT_ROWS, ERR_SHUTTING_DOWN, those of reading and of the sheet
 */
typedef enum err export_make(struct export_task *task);

#endif
