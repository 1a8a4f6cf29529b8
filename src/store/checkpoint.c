#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/log.h"
#include "base/timeutil.h"
#include "store_internal.h"

/*
 * checkpoint.c - a thread that moves the log into the database.
 *
 * 1. The writer never checkpoints: a commit waits for one fsync, not for the
 *    pages of a thousand others (performance.md 5).
 * 2. PASSIVE waits for nobody.  Only a log above a gigabyte is worth making
 *    the writer wait for readers, and then not again at once.
 * 3. After an I/O error the log is written anew before it is trusted, while
 *    no batch runs; only a checkpoint that left nothing opens the store again.
 *
 * The thread has no caller to return an error to, so it logs.
 */

#define LOG_BYTES_MAX 1000000000LL
#define LOG_PAGE_BYTES (4096 + 24)
#define RESTART_PAUSE_MS 1000

struct checkpointer {
    struct store *store;
    struct db *db;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t stop;
    bool is_stopping; /* under lock */

    /* The thread's own: */
    long long moved_commits; /* of store->commits; -1: some are still in the log */
    int64_t restart_after_ms;
};

/* Put the store in order after an I/O error; false: not yet. */
static bool
heal(struct checkpointer *checkpointer)
{
    struct store *store = checkpointer->store;
    int seen = atomic_load(&store->io_errors);

    if (atomic_load(&store->is_batch_running))
        return false; /* it is being rolled back */
    enum err error = wal_rewrite(store->wal);

    if (error == OK)
        error = db_checkpoint_truncate(checkpointer->db);
    if (error == OK) /* what was cut off must not come back with a loss of power */
        error = file_sync(store->wal);
    if (error != OK)
        return false;
    /* An error that came meanwhile is above `seen` and keeps the store closed. */
    atomic_store(&store->io_healed, seen);
    log_event(LOG_WARN, "store_writable_again", log_int("io_errors", seen));
    return true;
}

static void
checkpoint(struct checkpointer *checkpointer)
{
    struct db *db = checkpointer->db;
    long long commits = atomic_load(&checkpointer->store->commits);
    int log_pages = 0;
    int moved_pages = 0;
    int code = sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_PASSIVE,
                                         &log_pages, &moved_pages);

    if (code == SQLITE_OK && (int64_t)log_pages * LOG_PAGE_BYTES > LOG_BYTES_MAX &&
        time_monotonic_ms() >= checkpointer->restart_after_ms) {
        checkpointer->restart_after_ms = time_monotonic_ms() + RESTART_PAUSE_MS;
        code = sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_RESTART,
                                         &log_pages, &moved_pages);
    }
    if (code == SQLITE_OK || code == SQLITE_BUSY) {
        /* Not all moved: readers are in the way, look again. */
        checkpointer->moved_commits = log_pages == moved_pages ? commits : -1;
        return;
    }
    (void)db_failed(db, "checkpoint", code); /* an I/O error closes the store */
    log_event(LOG_ERROR, "checkpoint_failed", log_int("sqlite", code),
              log_text("message", db->failure.message));
}

static void
checkpointer_look(struct checkpointer *checkpointer)
{
    if (store_has_io_error(checkpointer->store))
        (void)heal(checkpointer); /* false: again at the next look */
    else if (atomic_load(&checkpointer->store->commits) != checkpointer->moved_commits)
        checkpoint(checkpointer);
}

/* Wait for the next look; false: stop. */
static bool
wait_for_look(struct checkpointer *checkpointer)
{
    int64_t until_ms = time_monotonic_ms() + checkpointer->store->config->checkpoint_ms;
    struct timespec until = { .tv_sec = (time_t)(until_ms / 1000),
                              .tv_nsec = (long)(until_ms % 1000) * 1000000 };
    int code = 0;

    (void)pthread_mutex_lock(&checkpointer->lock); /* ours, initialised */
    while (!checkpointer->is_stopping && code == 0)
        code = pthread_cond_timedwait(&checkpointer->stop, &checkpointer->lock, &until);
    bool is_stopping = checkpointer->is_stopping;

    (void)pthread_mutex_unlock(&checkpointer->lock);
    return !is_stopping;
}

static void *
checkpointer_main(void *context)
{
    struct checkpointer *checkpointer = context;

    while (wait_for_look(checkpointer))
        checkpointer_look(checkpointer);
    return NULL;
}

enum err
checkpointer_start(struct store *store, struct checkpointer **ret_checkpointer)
{
    struct checkpointer *checkpointer = calloc(1, sizeof *checkpointer);
    pthread_condattr_t monotonic;

    if (checkpointer == NULL)
        return ERR_NO_MEMORY;
    checkpointer->store = store;
    enum err error = db_open(store, DB_CHECKPOINTER, &checkpointer->db);

    if (error != OK) {
        free(checkpointer);
        return error;
    }
    /* These cannot fail on Linux. */
    (void)pthread_mutex_init(&checkpointer->lock, NULL);
    (void)pthread_condattr_init(&monotonic);
    (void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&checkpointer->stop, &monotonic);
    (void)pthread_condattr_destroy(&monotonic);
    if (pthread_create(&checkpointer->thread, NULL, checkpointer_main, checkpointer) !=
        0) {
        (void)pthread_cond_destroy(&checkpointer->stop);
        (void)pthread_mutex_destroy(&checkpointer->lock);
        db_close(checkpointer->db);
        free(checkpointer);
        return ERR_NO_MEMORY;
    }
    *ret_checkpointer = checkpointer;
    return OK;
}

void
checkpointer_stop(struct checkpointer *checkpointer)
{
    if (checkpointer == NULL)
        return;
    (void)pthread_mutex_lock(&checkpointer->lock);
    checkpointer->is_stopping = true;
    (void)pthread_cond_signal(&checkpointer->stop);
    (void)pthread_mutex_unlock(&checkpointer->lock);
    (void)pthread_join(checkpointer->thread, NULL); /* ours, joined once */

    /* Whatever stays in the log, the next start moves. */
    if (store_has_io_error(checkpointer->store))
        (void)heal(checkpointer);
    else
        (void)db_checkpoint_truncate(checkpointer->db);
    db_close(checkpointer->db);
    (void)pthread_cond_destroy(&checkpointer->stop);
    (void)pthread_mutex_destroy(&checkpointer->lock);
    free(checkpointer);
}
