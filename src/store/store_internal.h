#ifndef YIDAN_STORE_INTERNAL_H
#define YIDAN_STORE_INTERNAL_H

#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sqlite3.h>

#include "base/config.h"
#include "base/crypt.h"
#include "base/error.h"
#include "base/fold.h"
#include "store/query.h"

/*
 * store_internal.h - what the files of this layer share with each other only.
 *
 * Layer    store.
 * Threads  a connection belongs to one thread at a time; a store is shared,
 *          and what changes in it is atomic or has a lock named beside it.
 */

struct rulebook;
struct store;
struct writer;

/* --- Connections (connection.c) ---------------------------------------- */

/* What a connection is for decides what it may do. */
enum db_mode {
    DB_SETUP,        /* the start: repair and migrations, before anybody else */
    DB_WRITER,       /* rows only: no DDL, no ATTACH, no PRAGMA, events stay */
    DB_READER,       /* SQLITE_OPEN_READONLY and query_only */
    DB_CHECKPOINTER, /* may move the log into the database and nothing else */
};

/* One prepared statement; its place in struct db is its number. */
struct stmt {
    struct db *db;
    sqlite3_stmt *handle; /* NULL until first wanted, or when it failed */
    enum err error;       /* of preparing or binding; told by the next step */
    int column;           /* the next one to read */
    int column_count;     /* of the present row */
    int parameter_count;
    int next_parameter;        /* where the next bind most likely belongs */
    const char **literals;     /* of each parameter: the name it was last bound by */
    bool is_bound;             /* has bindings to clear */
    struct stmt *next, **link; /* in db->active while handed out and not at its end */
};

/* What failed last on a connection, for the log of its owner. */
struct db_failure {
    const char *query; /* name of the statement or step; NULL: nothing failed */
    int code;          /* SQLite's extended result code */
    char message[128];
};

struct db {
    sqlite3 *handle;
    struct store *store;
    enum db_mode mode;
    int64_t deadline_at_ms; /* CLOCK_MONOTONIC; 0: none */
    bool may_commit;        /* writer: inside its own COMMIT */
    bool may_analyze;       /* writer: inside store_optimize() */
    struct db_failure failure;
    enum err late_error; /* of a write, found when its statement was given back */
    struct fold fold;    /* scratch of the search */
    struct stmt *active; /* handed out, not at their end */
    struct stmt stmts[QUERY_COUNT];
};

/* How long a connection waits for a lock; nobody but us holds any. */
#define DB_BUSY_MS 10000

/* Open and harden a connection; db_close() it. */
MUST_CHECK enum err db_open(struct store *store, enum db_mode mode, struct db **ret_db);
void db_close(struct db *db); /* NULL does nothing */

/*
 * Note the failed result `code` of `db` under the name `query` and say what it
 * is to the caller; an I/O error closes the store for writes.
 */
enum err db_failed(struct db *db, const char *query, int code);

/* Run fixed SQL of ours that answers no rows. */
MUST_CHECK enum err db_execute(struct db *db, const char *sql);
/* Prepare a fixed control statement that lives as long as the connection. */
MUST_CHECK enum err db_prepare(struct db *db, const char *sql, sqlite3_stmt **ret_stmt);
/* Step a control statement to its end and reset it. */
MUST_CHECK enum err db_step(struct db *db, sqlite3_stmt *stmt);
/* The first column of the first row of fixed SQL, as a number. */
MUST_CHECK enum err db_number(struct db *db, const char *sql, int64_t *ret_number);

/*
 * A copy of `db` at `path` as of now, or as of its read transaction: one file
 * without a log, looked through, of schema `version`; not flushed
 * (database_copy.c).
 */
MUST_CHECK enum err db_copy(struct db *db, const char *path, int version);

/* Reset every statement handed out; how many were not at their end. */
int db_reset_all(struct db *db);

/* A checkpoint that must leave nothing behind: ERR_BUSY when readers are in the way. */
MUST_CHECK enum err db_checkpoint_truncate(struct db *db);

/* Between two texts of a document: no typed text has it, so no pair reaches across. */
#define SEARCH_BETWEEN '\x1e'

/*
 * The file system of the writer's connection (log_vfs.c), over the one that is the
 * default when it is registered; once a process, before the first connection.
 */
#define LOG_VFS "yidan-log"
MUST_CHECK int log_vfs_register(void);

/* Give the connection what full text needs (tokenizer.c). */
MUST_CHECK enum err tokenizer_register(struct db *db);

/* The tables nobody updates or deletes from; ended by NULL. */
extern const char *const append_only_tables[];

/* --- What changes (changes.c) ------------------------------------------ */

struct changes;
struct changes *changes_new(void); /* NULL: no memory */
void changes_free(struct changes *changes);

/* From now on note which rows this connection changes: the writer's, before its hooks. */
MUST_CHECK enum err changes_watch(struct db *db);
/* What was noted is committed or undone, and nobody has been told yet. Writer only. */
void changes_settle(struct store *store);

/*
 * The commits since which rows are as they are: of the ticket or of sessions, and
 * of what all of them are told with.  Any thread.
 */
struct changes_mark {
    int64_t ticket, office;
};
struct changes_mark changes_of_ticket(const struct store *store, int64_t ticket_id);
struct changes_mark changes_of_people(const struct store *store);

/* --- What is kept with a reader (kept.c) ------------------------------- */

struct kept;
struct kept *kept_new(void); /* NULL: no memory */
void kept_free(struct kept *kept);

/* --- The store (store.c) ----------------------------------------------- */

struct store {
    const struct config *config;
    struct keys keys;
    char directory[PATH_MAX];
    char database[PATH_MAX];
    char wal[PATH_MAX];
    int lock_file; /* -1: beside a server, never written */
    int schema_version;

    /*
     * I/O errors seen and healed: unequal means no writes.  Counted, so that
     * an error during a healing checkpoint is not forgotten by it.
     */
    atomic_int io_errors, io_healed;

    /* The disk as last looked at, at most every DISK_LOOK_MS. */
    atomic_llong disk_looked_at_ms, free_bytes, wal_bytes;
    atomic_bool is_disk_full;

    atomic_llong commits; /* of the writer, up to now */

    /* The log (checkpoint.c). */
    pthread_mutex_t batch_lock; /* while a batch runs, and of what follows */
    int64_t moved_commits;      /* all is moved only when this is `commits` */
    int64_t restart_after_ms;
    atomic_bool is_log_long; /* all but its end is moved: checkpoint_rest() is wanted */

    struct checkpointer *checkpointer;
    struct changes *changes;

    pthread_mutex_t rulebook_lock;
    const struct rulebook *rulebook; /* the store's own count */
};

void store_note_io_error(struct store *store);
bool store_has_io_error(const struct store *store);

/*
 * Begin and end a batch of the writer.  False with the reason when writes are
 * refused.  Between them nobody takes a snapshot to move (checkpoint.c 4); while the
 * store has an I/O error no batch runs, so that the checkpointer may re-write the log.
 */
bool store_batch_begin(struct store *store, enum err *ret_reason);
void store_batch_end(struct store *store);

/* Look at the disk again at the next question. */
void store_disk_forget(struct store *store);

/*
 * Write the bytes of the log over themselves and flush them: pages that a
 * failed fsync left clean in memory but not on disk get there (reliability.md
 * 2).  Nobody may write the log meanwhile.
 */
MUST_CHECK enum err wal_rewrite(const char *path);
MUST_CHECK enum err file_sync(const char *path);

/* Make a directory durably, mode 0700; one that is there is fine (store.c). */
MUST_CHECK enum err directory_make(const char *path, struct problem *reterr_problem);

/* Take the lock of the data directory `directory`; close() the descriptor (store.c). */
MUST_CHECK enum err directory_lock(const char *directory, int *ret_fd,
                                   struct problem *reterr_problem);

/* --- Files of attachments (upload.c) ------------------------------------ */

/* The path of a file in the folder of attachments; false: too long. */
bool attachment_path(const struct store *store, const char *name, const char *suffix,
                     char path[PATH_MAX]);

/* Make the folder, and remove what no row names: what an earlier end left behind. */
MUST_CHECK enum err uploads_sweep(struct db *db);

/* --- The writer (writer.c) --------------------------------------------- */

/* Is this the writer's own thread, which must not wait for itself? */
bool writer_is_this_thread(const struct writer *writer);

/* --- Migrations (migrate.c) -------------------------------------------- */

/* The number of the last step this program knows. */
int migrate_latest(void);

/* Refuse a newer database, before anything has touched it. */
MUST_CHECK enum err migrate_check(struct store *store, int *ret_version,
                                  struct problem *reterr_problem);

/* Bring the database behind `db` to the last step, after a copy beside it. */
MUST_CHECK enum err migrate_run(struct db *db, struct problem *reterr_problem);

/* --- Checkpoints (checkpoint.c) ---------------------------------------- */

struct checkpointer;
MUST_CHECK enum err checkpointer_start(struct store *store,
                                       struct checkpointer **ret_checkpointer);
/* Stop the thread and move the whole log into the database. NULL does nothing. */
void checkpointer_stop(struct checkpointer *checkpointer);

/*
 * Move the end of a long log, so that the next commit begins it anew.  The writer's,
 * between two batches; cheap when nothing is to be done.  A failure closes the store
 * as any I/O error, and is told to nobody else.
 */
void checkpoint_rest(struct db *db);

#endif
