#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "schema.gen.h"
#include "store_internal.h"

/*
 * migrate.c - bring a database to the schema of this program.
 *
 * 1. PRAGMA user_version is the number of the last step in the database; it
 *    changes in the transaction of the step, so a crash leaves whole steps.
 * 2. A database newer than the program is refused before a byte of it changes.
 * 3. An older one is changed only when a verified copy of it is on disk.
 */

int
migrate_latest(void)
{
    return (int)schema_step_count;
}

static bool
file_has_bytes(const char *path)
{
    struct stat facts;

    return stat(path, &facts) == 0 && facts.st_size > 0;
}

enum err
migrate_check(struct store *store, int *ret_version, struct problem *reterr_problem)
{
    char journal[PATH_MAX];
    struct db *db = NULL;
    int64_t version = 0;

    if (!file_has_bytes(store->database)) {
        *ret_version = 0;
        return OK;
    }
    /* A rollback journal is there only when making the database was cut short. */
    if (!text_format(journal, sizeof journal, "%s-journal", store->database))
        return ERR_STORE;
    enum err error = db_open(store, file_has_bytes(journal) ? DB_SETUP : DB_READER, &db);

    if (error == OK)
        error = db_number(db, "PRAGMA user_version", &version);
    db_close(db);
    if (error != OK)
        return problem_value(reterr_problem, error, "%s", store->database);
    if (version > migrate_latest())
        return problem_value(reterr_problem, ERR_STORE_NEWER, "%lld > %d",
                             (long long)version, migrate_latest());
    *ret_version = (int)version;
    return OK;
}

/* --- The copy ---------------------------------------------------------- */

/* Keep the database as `yidan.db.v0003` beside itself before step 4 touches it. */
static enum err
copy_aside(struct db *db, int version)
{
    char path[PATH_MAX];
    char temporary[PATH_MAX];

    if (!text_format(path, sizeof path, "%s.v%04d", db->store->database, version) ||
        !text_format(temporary, sizeof temporary, "%s.tmp", path))
        return ERR_STORE;
    if (unlink(temporary) != 0 && errno != ENOENT)
        return ERR_STORE;
    enum err error = db_copy(db, temporary, version);

    if (error == OK)
        error = file_sync(temporary);
    if (error == OK && rename(temporary, path) != 0)
        error = ERR_STORE;
    if (error == OK)
        error = file_sync(db->store->directory);
    if (error != OK)
        (void)unlink(temporary); /* the failure is told already */
    return error;
}

/* --- The steps --------------------------------------------------------- */

/* Foreign keys are off during a step, so that it may rebuild a table; looked at here. */
static enum err
check_foreign_keys(struct db *db)
{
    int64_t row_id = 0;
    enum err error = db_number(db, "PRAGMA foreign_key_check", &row_id);

    if (error == ERR_NOT_FOUND)
        return OK;
    return error == OK ? ERR_STORE : error;
}

static enum err
run_step(struct db *db, const struct schema_step *step)
{
    char pragma[64];

    (void)text_format(pragma, sizeof pragma, "PRAGMA user_version = %d",
                      step->number); /* fits */
    TRY(db_execute(db, "BEGIN IMMEDIATE"));
    enum err error = db_execute(db, step->sql);

    if (error == OK)
        error = check_foreign_keys(db);
    if (error == OK)
        error = db_execute(db, pragma);
    if (error == OK)
        error = db_execute(db, "COMMIT");
    if (error != OK && !sqlite3_get_autocommit(db->handle))
        (void)sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL); /* told already */
    return error;
}

static void
set_foreign_keys(struct db *db, int is_on)
{
    /* Fails inside a transaction only. */
    (void)sqlite3_db_config(db->handle, SQLITE_DBCONFIG_ENABLE_FKEY, is_on, NULL);
}

enum err
migrate_run(struct db *db, struct problem *reterr_problem)
{
    int64_t version = 0;

    TRY(db_number(db, "PRAGMA user_version", &version));
    if (version > 0 && version < migrate_latest()) {
        enum err error = copy_aside(db, (int)version);

        if (error != OK)
            return problem_value(reterr_problem, error, "copy before the migration: %s",
                                 db->failure.message);
    }
    set_foreign_keys(db, 0);
    enum err error = OK;

    for (int64_t i = version; i < migrate_latest() && error == OK; i++) {
        error = run_step(db, &schema_steps[i]);
        if (error != OK)
            error = problem_value(reterr_problem, error, "step %d: %s",
                                  schema_steps[i].number, db->failure.message);
    }
    set_foreign_keys(db, 1);
    return error;
}
