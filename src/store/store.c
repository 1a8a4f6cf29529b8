#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <sodium.h>

#include "base/text.h"
#include "base/timeutil.h"
#include "backup_internal.h"
#include "store/rulebook.h"
#include "store_internal.h"

/*
 * store.c - a data directory from its lock to its last checkpoint.
 *
 * 1. Whoever writes holds the lock file; it is taken before anything is read
 *    and let go after everything is closed.
 * 2. Before anybody reads the database, what the log holds is on disk in it
 *    (reliability.md 2).
 * 3. After an I/O error nothing is written until a checkpoint has moved the
 *    whole log into the database.
 * 4. The keys are on disk before there is a database that needs them.
 */

#define DATABASE_NAME "yidan.db"
#define LOCK_NAME "yidan.lock"
#define KEYS_NAME "keys"

/* How old what we know of the disk may be. */
#define DISK_LOOK_MS 250

#define REWRITE_BYTES ((size_t)256 * 1024)

/* --- Files ------------------------------------------------------------- */

/* Flush a file or a directory. */
enum err
file_sync(const char *path)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);

    if (file < 0)
        return ERR_STORE;
    enum err error = fsync(file) == 0 ? OK : ERR_STORE;

    (void)close(file); /* flushed, or failed already */
    return error;
}

/* Write `bytes` bytes at `at`, however many calls it takes. */
static bool
write_at(int file, const char *bytes, size_t count, off_t at)
{
    while (count > 0) {
        ssize_t written = pwrite(file, bytes, count, at);

        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes += written;
        count -= (size_t)written;
        at += written;
    }
    return true;
}

static bool
rewrite_all(int file, char *block)
{
    off_t at = 0;

    for (;;) {
        ssize_t got = pread(file, block, REWRITE_BYTES, at);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return false;
        if (got == 0)
            return fdatasync(file) == 0;
        if (!write_at(file, block, (size_t)got, at))
            return false;
        at += got;
    }
}

enum err
wal_rewrite(const char *path)
{
    /* SQLite's locks are on the database and its -shm: closing this one is harmless. */
    int file = open(path, O_RDWR | O_CLOEXEC);

    if (file < 0)
        return errno == ENOENT ? OK : ERR_STORE;
    char *block = malloc(REWRITE_BYTES);
    enum err error = block == NULL ? ERR_NO_MEMORY : OK;

    if (error == OK && !rewrite_all(file, block))
        error = ERR_STORE;
    free(block);
    (void)close(file); /* flushed, or failed already */
    return error;
}

/* The directory itself must be on disk too, or all in it is lost with it. */
enum err
directory_make(const char *path, struct problem *reterr_problem)
{
    char parent[PATH_MAX];

    if (mkdir(path, 0700) != 0) {
        struct stat facts;

        if (errno == EEXIST && stat(path, &facts) == 0 && S_ISDIR(facts.st_mode))
            return OK;
        return problem_value(reterr_problem, ERR_STORE, "%s: %s", path,
                             strerrordesc_np(errno));
    }
    if (!text_format(parent, sizeof parent, "%s/..", path) || file_sync(parent) != OK)
        return problem_value(reterr_problem, ERR_STORE, "%s", path);
    return OK;
}

/*
 * flock() belongs to the open file, not to the process, so that a second store
 * in the same process is refused too; the system lets go of it at any death.
 */
enum err
directory_lock(const char *directory, int *ret_fd, struct problem *reterr_problem)
{
    char path[PATH_MAX];

    if (!text_format(path, sizeof path, "%s/%s", directory, LOCK_NAME))
        return problem_value(reterr_problem, ERR_STORE, "%s", directory);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return problem_value(reterr_problem, ERR_STORE, "%s: %s", path,
                             strerrordesc_np(errno));
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        enum err err = errno == EWOULDBLOCK ? ERR_STORE_LOCKED : ERR_STORE;

        (void)close(fd); /* nothing was written */
        return problem_value(reterr_problem, err, "%s", directory);
    }
    *ret_fd = fd;
    return OK;
}

/* Half a restored directory must not look like an empty one. */
static enum err
check_restored(const struct store *store, struct problem *reterr_problem)
{
    char path[PATH_MAX];

    if (!text_format(path, sizeof path, "%s/%s", store->directory, RESTORING_NAME))
        return ERR_STORE;
    return access(path, F_OK) != 0 ? OK
                                   : problem_value(reterr_problem, ERR_RESTORE_UNFINISHED,
                                                   "%s", store->directory);
}

/* --- Opening ----------------------------------------------------------- */

static enum err
store_new(const struct config *config, struct store **ret_store)
{
    struct store *store = calloc(1, sizeof *store);

    if (store == NULL)
        return ERR_NO_MEMORY;
    store->config = config;
    store->lock_file = -1;
    atomic_init(&store->disk_looked_at_ms, INT64_MIN);
    (void)pthread_mutex_init(&store->rulebook_lock, NULL); /* cannot fail on Linux */
    (void)pthread_mutex_init(&store->batch_lock, NULL);    /* the same */
    store->changes = changes_new();
    if (store->changes == NULL) {
        store_close(store);
        return ERR_NO_MEMORY;
    }
    if (!text_format(store->directory, sizeof store->directory, "%s", config->data) ||
        !text_format(store->database, sizeof store->database, "%s/%s", config->data,
                     DATABASE_NAME) ||
        !text_format(store->wal, sizeof store->wal, "%s-wal", store->database)) {
        store_close(store);
        return ERR_STORE;
    }
    *ret_store = store;
    return OK;
}

static enum err
load_keys(struct store *store, bool create, struct problem *reterr_problem)
{
    char path[PATH_MAX];
    const char *key_file = store->config->key_file;
    bool fits = key_file[0] != '\0' ? text_format(path, sizeof path, "%s", key_file)
                                    : text_format(path, sizeof path, "%s/%s",
                                                  store->directory, KEYS_NAME);

    if (!fits)
        return problem_value(reterr_problem, ERR_KEY_FILE, "%s", key_file);
    return keys_load(path, create, &store->keys, reterr_problem);
}

/*
 * Are these the keys that sealed what is in the database?  Others, however well
 * formed, would seal the next row so that nobody can read both.  The first event
 * leaves the mark (events.c).
 */
static enum err
check_keys(struct store *store, struct db *db, struct problem *reterr_problem)
{
    char mark[KEYS_MARK_BYTES];
    struct stmt *stmt = query(db, Q_META_VALUE);

    bind_text(stmt, ":key", "keys_mark");
    enum err error = query_one(stmt);
    if (error == OK) {
        keys_mark(&store->keys, mark);
        if (strcmp(row_text(stmt), mark) != 0)
            error = problem_value(reterr_problem, ERR_KEY_FILE, "%s",
                                  "it belongs to another database");
    }
    query_end(stmt);
    return error == ERR_NOT_FOUND ? OK : error;
}

static enum err
set_wal_mode(struct db *db)
{
    sqlite3_stmt *stmt = NULL;

    TRY(db_execute(db, "PRAGMA page_size = 4096"));
    TRY(db_prepare(db, "PRAGMA journal_mode = WAL", &stmt));
    int code = sqlite3_step(stmt);
    enum err error = ERR_STORE;

    if (code != SQLITE_ROW)
        error = db_failed(db, "journal_mode", code);
    else if (strcmp((const char *)sqlite3_column_text(stmt, 0), "wal") == 0)
        error = OK;
    (void)sqlite3_finalize(stmt); /* repeats the step's error */
    return error;
}

/* Repair the log, make or migrate the database, load the rulebook. */
static enum err
set_up(struct store *store, struct problem *reterr_problem)
{
    struct db *db = NULL;
    enum err error = wal_rewrite(store->wal);

    if (error == OK)
        error = db_open(store, DB_SETUP, &db);
    if (error == OK)
        error = set_wal_mode(db);
    if (error == OK)
        error = db_checkpoint_truncate(db);
    if (error == ERR_BUSY) /* a tool beside us reads and reads */
        error = problem_value(reterr_problem, ERR_STORE_LOCKED, "%s", store->directory);
    else if (error != OK)
        error = problem_value(reterr_problem, error, "%s: %s", store->database,
                              db == NULL ? "" : db->failure.message);
    if (error == OK)
        error = migrate_run(db, reterr_problem);
    if (error == OK)
        error = uploads_sweep(db);
    if (error == OK)
        error = file_sync(store->directory);
    if (error == OK)
        error = rulebook_reload(store, db);
    if (error == OK)
        error = check_keys(store, db, reterr_problem);
    db_close(db);
    return error;
}

static enum err
open_locked(struct store *store, struct problem *reterr_problem)
{
    TRY(directory_make(store->directory, reterr_problem));
    TRY(directory_lock(store->directory, &store->lock_file, reterr_problem));
    TRY(check_restored(store, reterr_problem));
    /* New keys for an old database could open nothing that is sealed in it. */
    TRY(load_keys(store, access(store->database, F_OK) != 0, reterr_problem));
    TRY(migrate_check(store, &store->schema_version, reterr_problem));
    TRY(set_up(store, reterr_problem));
    store->schema_version = migrate_latest();
    return checkpointer_start(store, &store->checkpointer);
}

static enum err
open_beside(struct store *store, struct problem *reterr_problem)
{
    struct db *db = NULL;

    TRY(check_restored(store, reterr_problem));
    TRY(load_keys(store, false, reterr_problem));
    TRY(migrate_check(store, &store->schema_version, reterr_problem));
    if (store->schema_version != migrate_latest())
        return problem_value(reterr_problem, ERR_STORE, "schema %d, not %d",
                             store->schema_version, migrate_latest());
    TRY(db_open(store, DB_READER, &db));
    enum err error = rulebook_reload(store, db);

    if (error == OK)
        error = check_keys(store, db, reterr_problem);
    db_close(db);
    return error;
}

enum err
store_open(const struct config *config, struct store **ret_store,
           struct problem *reterr_problem)
{
    struct store *store = NULL;

    TRY(store_new(config, &store));
    enum err error = open_locked(store, reterr_problem);

    if (error != OK) {
        store_close(store);
        return error;
    }
    *ret_store = store;
    return OK;
}

enum err
store_open_beside(const struct config *config, struct store **ret_store,
                  struct problem *reterr_problem)
{
    struct store *store = NULL;

    TRY(store_new(config, &store));
    enum err error = open_beside(store, reterr_problem);

    if (error != OK) {
        store_close(store);
        return error;
    }
    *ret_store = store;
    return OK;
}

void
store_close(struct store *store)
{
    if (store == NULL)
        return;
    checkpointer_stop(store->checkpointer);
    rulebook_release(store->rulebook);
    changes_free(store->changes);
    (void)pthread_mutex_destroy(&store->batch_lock);
    (void)pthread_mutex_destroy(&store->rulebook_lock);
    if (store->lock_file >= 0)
        (void)close(store->lock_file); /* lets go of the lock */
    sodium_memzero(&store->keys, sizeof store->keys);
    free(store);
}

/* --- What others ask --------------------------------------------------- */

const struct config *
store_config(const struct store *store)
{
    return store->config;
}

const struct keys *
store_keys(const struct store *store)
{
    return &store->keys;
}

int
store_schema_version(const struct store *store)
{
    return store->schema_version;
}

static void
disk_look(struct store *store)
{
    struct statvfs disk;
    struct stat wal;
    int64_t free_bytes = 0; /* a disk that cannot be asked is taken for full */

    if (statvfs(store->directory, &disk) == 0)
        free_bytes = (int64_t)((uint64_t)disk.f_bavail * disk.f_frsize);
    int64_t wal_bytes = stat(store->wal, &wal) == 0 ? (int64_t)wal.st_size : 0;
    int64_t wanted_bytes = store->config->disk_reserve_bytes;

    /* Moving the log into the database may need its size again. */
    if (wanted_bytes < 2 * wal_bytes)
        wanted_bytes = 2 * wal_bytes;
    atomic_store(&store->free_bytes, free_bytes);
    atomic_store(&store->wal_bytes, wal_bytes);
    atomic_store(&store->is_disk_full, free_bytes < wanted_bytes);
}

/* What is known of the disk is a memory of the store, not a part of its state. */
static struct store *
disk_known(const struct store *store)
{
    struct store *changing = (struct store *)(uintptr_t)store;
    long long looked_at_ms = atomic_load(&changing->disk_looked_at_ms);
    int64_t now_ms = time_monotonic_ms();

    /* One of the threads that find it old looks; the others take the old answer. */
    if ((looked_at_ms == INT64_MIN || now_ms - looked_at_ms >= DISK_LOOK_MS) &&
        atomic_compare_exchange_strong(&changing->disk_looked_at_ms, &looked_at_ms,
                                       now_ms))
        disk_look(changing);
    return changing;
}

void
store_disk_forget(struct store *store)
{
    atomic_store(&store->disk_looked_at_ms, INT64_MIN);
}

int64_t
store_commits(const struct store *store)
{
    return atomic_load(&store->commits);
}

int64_t
store_wal_bytes(const struct store *store)
{
    return atomic_load(&disk_known(store)->wal_bytes);
}

int64_t
store_free_bytes(const struct store *store)
{
    return atomic_load(&disk_known(store)->free_bytes);
}

bool
store_has_io_error(const struct store *store)
{
    return atomic_load(&store->io_errors) != atomic_load(&store->io_healed);
}

void
store_note_io_error(struct store *store)
{
    (void)atomic_fetch_add(&store->io_errors, 1);
}

bool
store_is_writable(const struct store *store, enum err *ret_reason)
{
    if (store->lock_file < 0 || store_has_io_error(store)) {
        *ret_reason = ERR_STORE_READONLY;
        return false;
    }
    if (atomic_load(&disk_known(store)->is_disk_full)) {
        *ret_reason = ERR_DISK_FULL;
        return false;
    }
    return true;
}

bool
store_batch_begin(struct store *store, enum err *ret_reason)
{
    (void)pthread_mutex_lock(&store->batch_lock); /* ours, initialised */
    if (store_is_writable(store, ret_reason))
        return true;
    (void)pthread_mutex_unlock(&store->batch_lock);
    return false;
}

void
store_batch_end(struct store *store)
{
    (void)pthread_mutex_unlock(&store->batch_lock);
}
