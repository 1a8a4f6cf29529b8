#ifndef YIDAN_STORE_STORE_H
#define YIDAN_STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/config.h"
#include "base/crypt.h"
#include "base/error.h"

/*
 * store.h - one data directory: its lock, its database, its keys.
 *
 * Layer    store.
 * Threads  a store is shared by all threads; what changes in it is atomic or
 *          has a lock of its own (rulebook.h).
 * Lifetime store_open() .. store_close(), around every connection.
 */

struct store; /* opaque */

/*
 * Open the data directory `config->data`, making it and its database when
 * there is none: take the lock, load or make the keys, repair the WAL, check
 * the schema version, migrate (after a copy beside it), load the rulebook.
 * `config` is borrowed until store_close().
 *
 * Errors   ERR_STORE_LOCKED, ERR_STORE_NEWER, ERR_KEY_FILE, ERR_STORE
 */
MUST_CHECK enum err store_open(const struct config *config, struct store **ret_store,
                               struct problem *reterr_problem);

/*
 * Open it to read only, beside a server that may be running or alone: no lock,
 * no repair, no migration, never writable.
 *
 * Errors   ERR_STORE (also when the schema is older), ERR_STORE_NEWER, ERR_KEY_FILE
 */
MUST_CHECK enum err store_open_beside(const struct config *config,
                                      struct store **ret_store,
                                      struct problem *reterr_problem);

void store_close(struct store *store); /* checkpoints; NULL does nothing */

const struct config *store_config(const struct store *store);
const struct keys *store_keys(const struct store *store);

/*
 * May the database be written?  False after an I/O error until a checkpoint
 * has succeeded, and while the disk is too full; `*ret_reason` says which
 * (ERR_STORE_READONLY, ERR_DISK_FULL).
 */
bool store_is_writable(const struct store *store, enum err *ret_reason);

/*
 * Let SQLite look anew at how its indexes are filled where it thinks that this
 * is worth while (performance.md 11): some rows of each index, milliseconds.
 * To be called once a day, in a job.
 */
struct txn;
MUST_CHECK enum err store_optimize(struct txn *txn);

/* The number of the last migration in the database. */
int store_schema_version(const struct store *store);

/* How often the writer has committed something since the start. */
int64_t store_commits(const struct store *store);

/* Size of the write-ahead log and free bytes of the file system, for /metrics. */
int64_t store_wal_bytes(const struct store *store);
int64_t store_free_bytes(const struct store *store);

#endif
