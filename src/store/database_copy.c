#include <string.h>

#include "base/text.h"
#include "store_internal.h"

/* database_copy.c - the database as one file, for who migrates and for backups. */

/* Copy all pages in one step: stepwise never ends while somebody writes. */
static int
copy_pages(sqlite3 *from, sqlite3 *to)
{
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");

    if (backup == NULL)
        return sqlite3_extended_errcode(to);
    int code = sqlite3_backup_step(backup, -1);
    int finish = sqlite3_backup_finish(backup);

    if (code != SQLITE_DONE)
        return finish == SQLITE_OK ? code : finish;
    return finish;
}

static bool
text_is(sqlite3 *handle, const char *sql, const char *wanted)
{
    sqlite3_stmt *stmt = NULL;
    bool is_same = false;

    if (sqlite3_prepare_v2(handle, sql, -1, &stmt, NULL) == SQLITE_OK &&
        sqlite3_step(stmt) == SQLITE_ROW) {
        const char *text = (const char *)sqlite3_column_text(stmt, 0);

        is_same = text != NULL && strcmp(text, wanted) == 0;
    }
    (void)sqlite3_finalize(stmt); /* repeats the step's error */
    return is_same;
}

enum err
db_copy(struct db *db, const char *path, int version)
{
    sqlite3 *copy = NULL;
    char number[16];
    int code = sqlite3_open_v2(
        path, &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
        NULL);

    if (code == SQLITE_OK)
        code = copy_pages(db->handle, copy);
    enum err error = code == SQLITE_OK ? OK : db_failed(db, "copy", code);

    (void)text_format(number, sizeof number, "%d", version); /* fits */
    if (error == OK && (!text_is(copy, "PRAGMA journal_mode = DELETE", "delete") ||
                        !text_is(copy, "PRAGMA user_version", number) ||
                        !text_is(copy, "PRAGMA integrity_check", "ok")))
        error = ERR_STORE;
    (void)sqlite3_close_v2(copy); /* fails for a pointer that is none */
    return error;
}
