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
 * 1. No commit waits for a checkpoint: the thread moves the pages of thousands,
 *    a commit waits for one fsync (performance.md 5).
 * 2. PASSIVE waits for nobody.  Only a log above a gigabyte is worth making
 *    the writer wait for readers, and then not again at once.
 * 3. A writer that never rests is ahead of the thread for ever, and only a log
 *    moved to its last page begins again at its first.  One that grows instead
 *    costs each fsync the file's new size, a third more.  So the writer itself
 *    moves the few pages that came last, when its answers are out.
 * 4. The log never begins anew while the thread moves it.  SQLite up to 3.51.2
 *    may then take pages of the new log for moved that are not, and lose them
 *    (sqlite.org/wal.html, "The WAL-Reset Bug"; Debian 12 has 3.40.1).  So the
 *    thread moves what its own snapshot sees and holds that meanwhile: nobody
 *    begins a log anew that is being read.  A log of which all is moved would
 *    not be read, so of such a one no snapshot is taken: `moved_commits` tells,
 *    because snapshots are taken, and the writer moves, under `batch_lock`:
 *    nothing is being committed then.
 * 5. After an I/O error the log is written anew before it is trusted, while
 *    no batch runs; only a checkpoint that left nothing opens the store again.
 * 6. So is the database: SQLite counts pages as moved that a checkpoint of a part
 *    of the log wrote and did not flush.  When the flush of a later one fails,
 *    they are clean in memory and not on disk, and nobody would move them again.
 *
 * The thread has no caller to return an error to, so it logs.
 */

#define LOG_BYTES_MAX 1000000000LL
#define LOG_PAGE_BYTES (4096 + 24)
#define LOG_ROUND_PAGES 1000 /* a log as long as this is worth beginning anew */
#define RESTART_WAIT_MS 100  /* how long the writer waits for readers */
#define RESTART_PAUSE_MS 1000
#define REWRITE_BYTES 65536 /* below what the unix file system writes in one call */
#define PASSES 2 /* of the thread: the second moves what came during the first */

struct checkpointer {
    struct store *store;
    struct db *db, *reader;
    sqlite3_stmt *snapshot; /* of the reader: taken by a step, given up by a reset */
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t stop;
    bool is_stopping; /* under lock */
};

/* All of the log up to `commits` is moved; under batch_lock. */
static void
note_moved(struct store *store, int64_t commits)
{
    if (store->moved_commits < commits)
        store->moved_commits = commits;
}

static void
log_failure(struct db *db, int code)
{
    (void)db_failed(db, "checkpoint", code); /* an I/O error closes the store */
    log_event(LOG_ERROR, "checkpoint_failed", log_int("sqlite", code),
              log_text("message", db->failure.message));
}

/* Write `count` bytes at `at` over themselves; SQLite's code. */
static int
rewrite_block(sqlite3_file *file, void *block, int count, sqlite3_int64 at)
{
    int code = file->pMethods->xRead(file, block, count, at);

    return code != SQLITE_OK ? code : file->pMethods->xWrite(file, block, count, at);
}

/*
 * Write the database over itself and flush it, as wal_rewrite() does the log: through
 * SQLite's own file, because closing another one would let go of its locks.
 */
static enum err
rewrite_database(struct db *db)
{
    sqlite3_file *file = NULL;
    sqlite3_int64 size = 0;
    int code = sqlite3_file_control(db->handle, NULL, SQLITE_FCNTL_FILE_POINTER, &file);
    void *block = malloc(REWRITE_BYTES);

    if (block == NULL)
        return ERR_NO_MEMORY;
    if (code == SQLITE_OK)
        code = file->pMethods->xFileSize(file, &size);
    for (sqlite3_int64 at = 0; at < size && code == SQLITE_OK; at += REWRITE_BYTES) {
        sqlite3_int64 left = size - at;

        code = rewrite_block(file, block,
                             (int)(left < REWRITE_BYTES ? left : REWRITE_BYTES), at);
    }
    if (code == SQLITE_OK)
        code = file->pMethods->xSync(file, SQLITE_SYNC_NORMAL);
    free(block);
    return code == SQLITE_OK ? OK : ERR_STORE;
}

/* Put the store in order after an I/O error; false: not yet. */
static bool
heal(struct checkpointer *checkpointer)
{
    struct store *store = checkpointer->store;
    int seen = atomic_load(&store->io_errors);

    (void)pthread_mutex_lock(&store->batch_lock); /* what failed is rolled back */
    enum err error = wal_rewrite(store->wal);

    if (error == OK)
        error = rewrite_database(checkpointer->db);
    if (error == OK)
        error = db_checkpoint_truncate(checkpointer->db);
    if (error == OK) /* what was cut off must not come back with a loss of power */
        error = file_sync(store->wal);
    if (error == OK) {
        note_moved(store, atomic_load(&store->commits));
        /* An error that came meanwhile is above `seen` and keeps the store closed. */
        atomic_store(&store->io_healed, seen);
    }
    (void)pthread_mutex_unlock(&store->batch_lock);
    if (error != OK)
        return false;
    log_event(LOG_WARN, "store_writable_again", log_int("io_errors", seen));
    return true;
}

/* Take a snapshot of a log of which not all is moved; false: there is none to take. */
static bool
take_snapshot(struct checkpointer *checkpointer, int64_t *ret_commits)
{
    struct store *store = checkpointer->store;
    int code = SQLITE_DONE;

    (void)pthread_mutex_lock(&store->batch_lock);
    *ret_commits = atomic_load(&store->commits);
    if (*ret_commits != store->moved_commits)
        code = sqlite3_step(checkpointer->snapshot);
    (void)pthread_mutex_unlock(&store->batch_lock);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        log_failure(checkpointer->reader, code);
    return code == SQLITE_ROW;
}

/* Move what a snapshot sees; false: nothing is left, or it failed. */
static bool
pass(struct checkpointer *checkpointer)
{
    struct store *store = checkpointer->store;
    int64_t commits = 0;
    int log_pages = 0;
    int moved_pages = 0;

    if (!take_snapshot(checkpointer, &commits)) {
        (void)sqlite3_reset(checkpointer->snapshot); /* repeats the step's error */
        return false;
    }
    int code =
        sqlite3_wal_checkpoint_v2(checkpointer->db->handle, NULL,
                                  SQLITE_CHECKPOINT_PASSIVE, &log_pages, &moved_pages);

    (void)sqlite3_reset(checkpointer->snapshot); /* the same */
    if (code == SQLITE_OK && log_pages == moved_pages) {
        (void)pthread_mutex_lock(&store->batch_lock);
        note_moved(store, commits);
        (void)pthread_mutex_unlock(&store->batch_lock);
    }
    if (code != SQLITE_OK && code != SQLITE_BUSY)
        log_failure(checkpointer->db, code);
    return code == SQLITE_OK && log_pages >= LOG_ROUND_PAGES;
}

static void
checkpoint(struct checkpointer *checkpointer)
{
    int passes = 0;

    while (passes < PASSES && pass(checkpointer))
        passes++;
    if (passes == PASSES)
        atomic_store(&checkpointer->store->is_log_long, true);
}

/* Have the writer wait for readers that are in the way; SQLite's code. */
static int
restart(struct db *db)
{
    (void)sqlite3_busy_timeout(db->handle, RESTART_WAIT_MS); /* fails for NULL only */
    int code = sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_RESTART,
                                         NULL, NULL);

    (void)sqlite3_busy_timeout(db->handle, DB_BUSY_MS); /* the same */
    return code;
}

void
checkpoint_rest(struct db *db)
{
    struct store *store = db->store;
    enum err reason = OK;
    int log_pages = 0;
    int moved_pages = 0;

    if (!atomic_exchange(&store->is_log_long, false) ||
        !store_batch_begin(store, &reason))
        return;
    int code = sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_PASSIVE,
                                         &log_pages, &moved_pages);

    if (code == SQLITE_OK && log_pages == moved_pages)
        note_moved(store, atomic_load(&store->commits));
    if (code == SQLITE_OK && (int64_t)log_pages * LOG_PAGE_BYTES > LOG_BYTES_MAX &&
        time_monotonic_ms() >= store->restart_after_ms) {
        store->restart_after_ms = time_monotonic_ms() + RESTART_PAUSE_MS;
        code = restart(db);
    }
    if (code != SQLITE_OK && code != SQLITE_BUSY)
        log_failure(db, code);
    store_batch_end(store);
}

static void
checkpointer_look(struct checkpointer *checkpointer)
{
    if (store_has_io_error(checkpointer->store))
        (void)heal(checkpointer); /* false: again at the next look */
    else
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

static enum err
open_connections(struct checkpointer *checkpointer)
{
    TRY(db_open(checkpointer->store, DB_CHECKPOINTER, &checkpointer->db));
    TRY(db_open(checkpointer->store, DB_READER, &checkpointer->reader));
    return db_prepare(checkpointer->reader, "SELECT 1 FROM sqlite_schema LIMIT 1",
                      &checkpointer->snapshot);
}

static void
close_connections(struct checkpointer *checkpointer)
{
    (void)sqlite3_finalize(checkpointer->snapshot); /* repeats its last error */
    db_close(checkpointer->reader);
    db_close(checkpointer->db);
}

enum err
checkpointer_start(struct store *store, struct checkpointer **ret_checkpointer)
{
    struct checkpointer *checkpointer = calloc(1, sizeof *checkpointer);
    pthread_condattr_t monotonic;

    if (checkpointer == NULL)
        return ERR_NO_MEMORY;
    checkpointer->store = store;
    enum err error = open_connections(checkpointer);

    if (error != OK) {
        close_connections(checkpointer);
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
        close_connections(checkpointer);
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
    close_connections(checkpointer);
    (void)pthread_cond_destroy(&checkpointer->stop);
    (void)pthread_mutex_destroy(&checkpointer->lock);
    free(checkpointer);
}
