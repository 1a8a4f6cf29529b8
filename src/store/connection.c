#include "store_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/timeutil.h"
#include "store/store.h"
#include "store/writer.h"

/*
 * connection.c - open a connection and take from it what it does not need.
 *
 * 1. Every connection is hardened before it sees anything of the database
 *    (reliability.md 11): nothing in a file from elsewhere can run code of ours.
 * 2. What a connection may do is fixed by its mode and cannot grow.
 * 3. The writer commits only inside writer_batch.c: everything else is turned into
 *    a rollback by the commit hook, so a leaked transaction is found at once.
 */

/*
 * SQLite 3.40 looks through the whole cache at each commit that has moved a page within its
 * tree: with 128 MiB a third of a millisecond, which the pages kept would have to save.
 */
#define WRITER_CACHE_KIB 16384
#define READER_CACHE_KIB 32768
#define SMALL_CACHE_KIB 2048

/* What it waits for are readers. */
#define CHECKPOINTER_BUSY_MS 100

/* How many instructions of a query between two looks at the clock: some 20 µs. */
#define PROGRESS_STEPS 1000

const char *const append_only_tables[] = { "event", NULL };

static pthread_once_t sqlite_once = PTHREAD_ONCE_INIT;

/*
 * Each connection stays with one thread, so its own mutexes are waste.  It
 * fails when SQLite is started already, which a test with a file system of its
 * own does; SQLITE_OPEN_NOMUTEX then does most of the same.
 */
static void
sqlite_start(void)
{
    (void)sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    (void)sqlite3_initialize(); /* sqlite3_open_v2() repeats it and tells */
    (void)log_vfs_register();   /* the writer's sqlite3_open_v2() misses it and tells */
}

/* --- Failures ---------------------------------------------------------- */

static enum err
error_of_code(int code)
{
    if (code == SQLITE_IOERR_NOMEM)
        return ERR_NO_MEMORY;
    switch (code & 0xFF) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return OK;
    case SQLITE_FULL:
        return ERR_DISK_FULL;
    case SQLITE_INTERRUPT:
        return ERR_DEADLINE;
    case SQLITE_NOMEM:
        return ERR_NO_MEMORY;
    default:
        return ERR_STORE;
    }
}

enum err
db_failed(struct db *db, const char *query, int code)
{
    enum err error = error_of_code(code);

    if (error == OK)
        return OK;
    if ((code & 0xFF) == SQLITE_IOERR && error != ERR_NO_MEMORY)
        store_note_io_error(db->store);
    if (error == ERR_DISK_FULL)
        store_disk_forget(db->store);
    db->failure.query = query;
    db->failure.code = code;
    (void)text_format(db->failure.message, sizeof db->failure.message, "%s",
                      db->handle == NULL ? sqlite3_errstr(code)
                                         : sqlite3_errmsg(db->handle));
    return error;
}

/* --- Hardening --------------------------------------------------------- */

static const struct {
    int option, value;
} db_options[] = {
    { SQLITE_DBCONFIG_DEFENSIVE, 1 },
    { SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
    { SQLITE_DBCONFIG_DQS_DDL, 0 },
    { SQLITE_DBCONFIG_DQS_DML, 0 },
    { SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
    { SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0 },
    { SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0 },
    { SQLITE_DBCONFIG_ENABLE_FKEY, 1 },
    { SQLITE_DBCONFIG_ENABLE_TRIGGER, 1 },
    /* Checkpoints are ours alone: a closing reader must not begin one. */
    { SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1 },
};

/* Far above what our queries need, far below what could hurt. */
static const struct {
    int limit, value;
} db_limits[] = {
    { SQLITE_LIMIT_LENGTH, 16 * 1024 * 1024 },
    { SQLITE_LIMIT_SQL_LENGTH, 1024 * 1024 },
    { SQLITE_LIMIT_COLUMN, 200 },
    { SQLITE_LIMIT_EXPR_DEPTH, 200 },
    { SQLITE_LIMIT_COMPOUND_SELECT, 50 },
    { SQLITE_LIMIT_VDBE_OP, 250000 },
    { SQLITE_LIMIT_FUNCTION_ARG, 127 },
    { SQLITE_LIMIT_ATTACHED, 0 },
    { SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000 },
    { SQLITE_LIMIT_VARIABLE_NUMBER, 200 },
    { SQLITE_LIMIT_TRIGGER_DEPTH, 20 },
    { SQLITE_LIMIT_WORKER_THREADS, 0 },
};

static bool
is_append_only(const char *table)
{
    for (const char *const *name = append_only_tables; *name != NULL; name++)
        if (table != NULL && sqlite3_stricmp(table, *name) == 0)
            return true;
    return false;
}

/* The writer's law: rows only, and append-only tables only grow. */
static int
authorize_writer(void *context, int action, const char *first, const char *second,
                 const char *schema, const char *trigger)
{
    const struct db *db = context;

    (void)schema;
    (void)trigger;
    switch (action) {
    case SQLITE_UPDATE:
    case SQLITE_DELETE:
        return is_append_only(first) ? SQLITE_DENY : SQLITE_OK;
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_INSERT:
    case SQLITE_FUNCTION:
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT:
    case SQLITE_RECURSIVE:
        return SQLITE_OK;
    case SQLITE_PRAGMA:
        if (db->may_analyze && sqlite3_stricmp(first, "optimize") == 0)
            return SQLITE_OK;
        /* The full-text index asks itself whether somebody else wrote. */
        return second == NULL && sqlite3_stricmp(first, "data_version") == 0
                   ? SQLITE_OK
                   : SQLITE_DENY;
    case SQLITE_ANALYZE:
    case SQLITE_CREATE_TABLE: /* of sqlite_stat1, the first time */
        return db->may_analyze ? SQLITE_OK : SQLITE_DENY;
    default:
        return SQLITE_DENY;
    }
}

enum err
store_optimize(struct txn *txn)
{
    struct db *db = txn->db;

    db->may_analyze = true;
    enum err error = db_execute(db, "PRAGMA optimize");

    db->may_analyze = false;
    return error;
}

/* The checkpointer's: its PRAGMAs are set, it runs no statement at all. */
static int
authorize_nothing(void *context, int action, const char *first, const char *second,
                  const char *schema, const char *trigger)
{
    (void)context;
    (void)action;
    (void)first;
    (void)second;
    (void)schema;
    (void)trigger;
    return SQLITE_DENY;
}

/* Non-zero turns the COMMIT into a ROLLBACK. */
static int
commit_allowed(void *context)
{
    const struct db *db = context;

    return db->may_commit ? 0 : 1;
}

/* Replaces SQLite's own checkpoint in the writer's COMMIT. */
static int
note_commit(void *context, sqlite3 *handle, const char *schema, int pages)
{
    struct db *db = context;

    (void)handle;
    (void)schema;
    (void)pages;
    (void)atomic_fetch_add(&db->store->commits, 1);
    return SQLITE_OK;
}

/* Non-zero ends the query with SQLITE_INTERRUPT. */
static int
is_past_deadline(void *context)
{
    const struct db *db = context;

    return db->deadline_at_ms != 0 && time_monotonic_ms() > db->deadline_at_ms;
}

static enum err
set_options(struct db *db)
{
    for (size_t i = 0; i < sizeof db_options / sizeof *db_options; i++) {
        int code = sqlite3_db_config(db->handle, db_options[i].option,
                                     db_options[i].value, NULL);
        if (code != SQLITE_OK)
            return db_failed(db, "options", code);
    }
    for (size_t i = 0; i < sizeof db_limits / sizeof *db_limits; i++)
        (void)sqlite3_limit(db->handle, db_limits[i].limit, db_limits[i].value);
    (void)sqlite3_extended_result_codes(db->handle, 1); /* fails for NULL only */
    (void)sqlite3_busy_timeout(db->handle,              /* the same */
                               db->mode == DB_CHECKPOINTER ? CHECKPOINTER_BUSY_MS
                                                           : DB_BUSY_MS);
    return OK;
}

/* On synchronous = FULL rests more than durability: see log_vfs.c 1. */
static enum err
set_pragmas(struct db *db)
{
    TRY(db_execute(db, "PRAGMA cell_size_check = ON;"
                       "PRAGMA recursive_triggers = ON;"
                       "PRAGMA mmap_size = 0;"
                       "PRAGMA temp_store = MEMORY;"
                       "PRAGMA secure_delete = ON;"
                       "PRAGMA synchronous = FULL;"
                       "PRAGMA wal_autocheckpoint = 0;"
                       "PRAGMA analysis_limit = 400;"));
    int kib = db->mode == DB_WRITER   ? WRITER_CACHE_KIB
              : db->mode == DB_READER ? READER_CACHE_KIB
                                      : SMALL_CACHE_KIB;
    char text[64];

    (void)text_format(text, sizeof text, "PRAGMA cache_size = -%d;", kib); /* fits */
    TRY(db_execute(db, text));
    if (db->mode == DB_READER || db->mode == DB_CHECKPOINTER)
        TRY(db_execute(db, "PRAGMA query_only = ON;"));
    /* Only a connection that has read the file once knows that it has a log. */
    return db_execute(db, "SELECT 1 FROM sqlite_schema LIMIT 1;");
}

/* Last, when the connection's own PRAGMAs have run. */
static void
set_hooks(struct db *db)
{
    (void)sqlite3_progress_handler(db->handle, PROGRESS_STEPS, is_past_deadline, db);
    if (db->mode == DB_WRITER) {
        (void)sqlite3_set_authorizer(db->handle, authorize_writer, db); /* cannot fail */
        (void)sqlite3_commit_hook(db->handle, commit_allowed,
                                  db);                       /* the hook before: none */
        (void)sqlite3_wal_hook(db->handle, note_commit, db); /* the same */
    }
    if (db->mode == DB_CHECKPOINTER)
        (void)sqlite3_set_authorizer(db->handle, authorize_nothing, NULL);
}

enum err
db_open(struct store *store, enum db_mode mode, struct db **ret_db)
{
    (void)pthread_once(&sqlite_once, sqlite_start); /* cannot fail */
    struct db *db = calloc(1, sizeof *db);

    if (db == NULL)
        return ERR_NO_MEMORY;
    db->store = store;
    db->mode = mode;
    for (size_t i = 0; i < QUERY_COUNT; i++)
        db->stmts[i].db = db;

    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE;

    flags |= mode == DB_READER  ? SQLITE_OPEN_READONLY
             : mode == DB_SETUP ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                                : SQLITE_OPEN_READWRITE;
    int code = sqlite3_open_v2(store->database, &db->handle, flags,
                               mode == DB_WRITER ? LOG_VFS : NULL);
    enum err error = code == SQLITE_OK ? OK : db_failed(db, "open", code);

    if (error == OK)
        error = set_options(db);
    if (error == OK)
        error = set_pragmas(db);
    if (error == OK && mode != DB_CHECKPOINTER)
        error = tokenizer_register(db);
    if (error == OK && mode == DB_WRITER)
        error = changes_watch(db);
    if (error != OK) {
        db_close(db);
        return error;
    }
    set_hooks(db);
    *ret_db = db;
    return OK;
}

void
db_close(struct db *db)
{
    if (db == NULL)
        return;
    for (size_t i = 0; i < QUERY_COUNT; i++) {
        (void)sqlite3_finalize(db->stmts[i].handle); /* repeats the last step's error */
        free(db->stmts[i].literals);
    }
    (void)sqlite3_close_v2(db->handle); /* fails for a pointer that is none */
    fold_done(&db->fold);
    free(db);
}

/* --- Fixed statements of ours ------------------------------------------ */

enum err
db_execute(struct db *db, const char *sql)
{
    int code = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);

    return code == SQLITE_OK ? OK : db_failed(db, "execute", code);
}

enum err
db_prepare(struct db *db, const char *sql, sqlite3_stmt **ret_stmt)
{
    sqlite3_stmt *stmt = NULL;
    int code =
        sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL);

    if (code != SQLITE_OK)
        return db_failed(db, sql, code);
    *ret_stmt = stmt;
    return OK;
}

enum err
db_step(struct db *db, sqlite3_stmt *stmt)
{
    int code = sqlite3_step(stmt);

    while (code == SQLITE_ROW)
        code = sqlite3_step(stmt);
    enum err error = code == SQLITE_DONE ? OK : db_failed(db, sqlite3_sql(stmt), code);

    (void)sqlite3_reset(stmt); /* repeats the step's error */
    return error;
}

enum err
db_number(struct db *db, const char *sql, int64_t *ret_number)
{
    sqlite3_stmt *stmt = NULL;

    TRY(db_prepare(db, sql, &stmt));
    int code = sqlite3_step(stmt);
    enum err error = code == SQLITE_ROW    ? OK
                     : code == SQLITE_DONE ? ERR_NOT_FOUND
                                           : db_failed(db, "number", code);

    if (error == OK)
        *ret_number = sqlite3_column_int64(stmt, 0);
    (void)sqlite3_finalize(stmt); /* repeats the step's error */
    return error;
}

int
db_reset_all(struct db *db)
{
    int open_count = 0;

    while (db->active != NULL) {
        query_end(db->active);
        open_count++;
    }
    return open_count;
}

enum err
db_checkpoint_truncate(struct db *db)
{
    int log_pages = 0;
    int moved_pages = 0;
    int code = sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE,
                                         &log_pages, &moved_pages);

    if (code == SQLITE_BUSY)
        return ERR_BUSY;
    if (code != SQLITE_OK)
        return db_failed(db, "checkpoint", code);
    return log_pages == 0 && moved_pages == 0 ? OK : ERR_STORE;
}
