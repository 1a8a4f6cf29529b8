#ifndef YIDAN_STORE_READER_H
#define YIDAN_STORE_READER_H

#include <stdint.h>

#include "base/error.h"

/*
 * reader.h - read-only connections, checked out one at a time.
 *
 * Layer    store.
 * Threads  a pool is shared; a reader belongs to the thread that acquired it.
 *          Having one *is* the permission to query: nothing turns it into a
 *          writer (SQLITE_OPEN_READONLY, query_only).
 */

struct db;
struct kept;
struct store;
struct reader_pool;

struct reader {
    struct db *db;
    struct store *store;
    int64_t commits;   /* store_commits() before the transaction: it has all of them */
    struct kept *kept; /* kept.h */
};

MUST_CHECK enum err reader_pool_open(struct store *store, int count,
                                     struct reader_pool **ret_pool);
void reader_pool_close(struct reader_pool *pool); /* all readers are back; NULL is fine */

/*
 * Wait for a free reader and begin a read transaction on it, which sees every
 * write acknowledged before this call.  Queries on it end with ERR_DEADLINE
 * after `deadline_ms` (0: the setting read_deadline_ms).
 */
MUST_CHECK enum err reader_acquire(struct reader_pool *pool, int deadline_ms,
                                   struct reader **ret_reader);
/* End the transaction; every statement is reset. NULL does nothing. */
void reader_release(struct reader_pool *pool, struct reader *reader);

#endif
