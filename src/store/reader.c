#include "store/reader.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/timeutil.h"
#include "store/store.h"
#include "store_internal.h"

/*
 * reader.c - a pool of read-only connections.
 *
 * 1. A reader is either in the pool, without an open statement, or with one
 *    thread inside one read transaction.
 * 2. The transaction's snapshot is taken at acquire, not at the first query,
 *    so that a write acknowledged before is seen and one after is not.  What
 *    takes and keeps it is a statement that stays open until release: for
 *    SQLite that is a transaction, and it spares BEGIN and COMMIT.
 * 3. The last one back is the first one out: its cache is the warmest.
 */

struct pooled {
    struct reader reader; /* first, what callers hold */
    sqlite3_stmt *look;   /* open while the reader is out, invariant 2 */
    struct pooled *next;
};

struct reader_pool {
    pthread_mutex_t lock;
    pthread_cond_t has_free;
    struct pooled *free; /* under lock */
    struct pooled *readers;
    int count;
};

static enum err
pooled_open(struct store *store, struct pooled *pooled)
{
    pooled->reader.store = store;
    pooled->reader.kept = kept_new();
    if (pooled->reader.kept == NULL)
        return ERR_NO_MEMORY;
    TRY(db_open(store, DB_READER, &pooled->reader.db));
    return db_prepare(pooled->reader.db, "SELECT 1 FROM sqlite_schema", &pooled->look);
}

static void
pooled_close(struct pooled *pooled)
{
    (void)sqlite3_finalize(pooled->look); /* repeats the last step's error */
    db_close(pooled->reader.db);
    kept_free(pooled->reader.kept);
}

enum err
reader_pool_open(struct store *store, int count, struct reader_pool **ret_pool)
{
    assert(count > 0);
    struct reader_pool *pool = calloc(1, sizeof *pool);
    struct pooled *readers = calloc((size_t)count, sizeof *readers);
    pthread_condattr_t monotonic;

    if (pool == NULL || readers == NULL) {
        free(pool);
        free(readers);
        return ERR_NO_MEMORY;
    }
    pool->readers = readers;
    /* These fail for want of memory only, which Linux does not have here. */
    (void)pthread_mutex_init(&pool->lock, NULL);
    (void)pthread_condattr_init(&monotonic);
    (void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&pool->has_free, &monotonic);
    (void)pthread_condattr_destroy(&monotonic);

    enum err error = OK;

    for (int i = 0; i < count && error == OK; i++) {
        struct pooled *pooled = &readers[i];

        pool->count++; /* to be closed also when it opens half */
        error = pooled_open(store, pooled);
        pooled->next = pool->free;
        pool->free = pooled;
    }
    if (error != OK) {
        reader_pool_close(pool);
        return error;
    }
    *ret_pool = pool;
    return OK;
}

void
reader_pool_close(struct reader_pool *pool)
{
    if (pool == NULL)
        return;
    int free_count = 0;

    for (const struct pooled *pooled = pool->free; pooled != NULL; pooled = pooled->next)
        free_count++;
    assert(free_count == pool->count);
    (void)free_count; /* without asserts */
    for (int i = 0; i < pool->count; i++)
        pooled_close(&pool->readers[i]);
    (void)pthread_cond_destroy(&pool->has_free);
    (void)pthread_mutex_destroy(&pool->lock);
    free(pool->readers);
    free(pool);
}

/* A free reader, or NULL when none came back until `until_ms`. */
static struct pooled *
take_free(struct reader_pool *pool, int64_t until_ms)
{
    struct timespec until = { .tv_sec = (time_t)(until_ms / 1000),
                              .tv_nsec = (long)(until_ms % 1000) * 1000000 };
    int code = 0;

    (void)pthread_mutex_lock(&pool->lock); /* ours, initialised */
    while (pool->free == NULL && code == 0)
        code = pthread_cond_timedwait(&pool->has_free, &pool->lock, &until);
    struct pooled *pooled = pool->free;

    if (pooled != NULL)
        pool->free = pooled->next;
    (void)pthread_mutex_unlock(&pool->lock);
    return pooled;
}

static void
give_back(struct reader_pool *pool, struct pooled *pooled)
{
    (void)pthread_mutex_lock(&pool->lock);
    pooled->next = pool->free;
    pool->free = pooled;
    (void)pthread_cond_signal(&pool->has_free);
    (void)pthread_mutex_unlock(&pool->lock);
}

/* The statement that takes the snapshot; a schema always has a row. */
static enum err
begin_transaction(struct pooled *pooled)
{
    struct db *db = pooled->reader.db;
    int code = sqlite3_step(pooled->look);

    assert(code != SQLITE_DONE);
    return code == SQLITE_ROW ? OK : db_failed(db, "snapshot", code);
}

static void
end_transaction(struct pooled *pooled)
{
    struct db *db = pooled->reader.db;

    db->deadline_at_ms = 0; /* the end is never interrupted */
    (void)db_reset_all(db); /* a handler that returned early leaves some open */
    (void)sqlite3_reset(pooled->look); /* repeats the step's error */
    assert(sqlite3_txn_state(db->handle, NULL) == SQLITE_TXN_NONE);
}

enum err
reader_acquire(struct reader_pool *pool, int deadline_ms, struct reader **ret_reader)
{
    const struct store *store = pool->readers[0].reader.store;
    int64_t allowed_ms =
        deadline_ms > 0 ? deadline_ms : store_config(store)->read_deadline_ms;
    int64_t until_ms = time_monotonic_ms() + allowed_ms;
    struct pooled *pooled = take_free(pool, until_ms);

    if (pooled == NULL)
        return ERR_BUSY;
    struct db *db = pooled->reader.db;

    db->failure.query = NULL;
    db->deadline_at_ms = until_ms;
    pooled->reader.commits = store_commits(store);
    enum err error = begin_transaction(pooled);

    if (error != OK) {
        end_transaction(pooled);
        give_back(pool, pooled);
        return error;
    }
    *ret_reader = &pooled->reader;
    return OK;
}

void
reader_release(struct reader_pool *pool, struct reader *reader)
{
    if (reader == NULL)
        return;
    struct pooled *pooled = (struct pooled *)(void *)reader;

    end_transaction(pooled);
    give_back(pool, pooled);
}
