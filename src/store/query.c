#include "store/query.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "store_internal.h"

/*
 * query.c - prepared statements by number.
 *
 * 1. A statement handed out stands in db->active until it is at its end or
 *    given back, so that an open read can be found (an open read pins the log).
 * 2. query() never fails: what went wrong in preparing or binding is told by
 *    the next step, and the first error counts.
 * 3. What is bound is not copied; it is cleared before the statement is used
 *    again, so that no dangling pointer can be read.
 */

/* --- Handing out ------------------------------------------------------- */

static enum err
stmt_fail(struct stmt *stmt, enum err error)
{
    if (stmt->error == OK)
        stmt->error = error;
    return error;
}

static const char *
stmt_name(const struct stmt *stmt)
{
    return query_texts[stmt - stmt->db->stmts].name;
}

static void
stmt_prepare(struct stmt *stmt)
{
    struct db *db = stmt->db;
    int code = sqlite3_prepare_v3(db->handle, query_texts[stmt - db->stmts].sql, -1,
                                  SQLITE_PREPARE_PERSISTENT, &stmt->handle, NULL);

    if (code != SQLITE_OK) {
        (void)stmt_fail(stmt, db_failed(db, stmt_name(stmt), code));
        return;
    }
    int count = sqlite3_bind_parameter_count(stmt->handle);

    stmt->literals = calloc(count == 0 ? 1 : (size_t)count, sizeof(char *));
    if (stmt->literals == NULL) {
        (void)sqlite3_finalize(stmt->handle); /* never stepped */
        stmt->handle = NULL;
        (void)stmt_fail(stmt, ERR_NO_MEMORY);
        return;
    }
    stmt->parameter_count = count;
}

struct stmt *
query(struct db *db, enum query which)
{
    assert((unsigned)which < (unsigned)QUERY_COUNT);
    struct stmt *stmt = &db->stmts[which];

    query_end(stmt);
    stmt->error = OK;
    stmt->next_parameter = 0;
    if (stmt->handle == NULL)
        stmt_prepare(stmt);
    if (stmt->is_bound) {
        (void)sqlite3_clear_bindings(stmt->handle); /* always OK */
        stmt->is_bound = false;
    }
    return stmt;
}

void
query_end(struct stmt *stmt)
{
    if (stmt == NULL || stmt->link == NULL)
        return;
    *stmt->link = stmt->next;
    if (stmt->next != NULL)
        stmt->next->link = stmt->link;
    stmt->link = NULL;
    stmt->next = NULL;
    int code = sqlite3_reset(stmt->handle); /* repeats the last step's error */

    /* A write with RETURNING ends here, and whoever gives it back cannot be told. */
    if (code != SQLITE_OK && stmt->error == OK)
        stmt->db->late_error =
            stmt_fail(stmt, db_failed(stmt->db, stmt_name(stmt), code));
}

/* --- Binding ----------------------------------------------------------- */

/*
 * The index of the parameter `name`, 0 when there is none.  Names are literals
 * and mostly bound in the order of the text, so that one comparison of
 * pointers is the usual case.
 */
static int
parameter_index(struct stmt *stmt, const char *name)
{
    const int count = stmt->parameter_count;
    const char **literals = stmt->literals;

    for (int i = 0, at = stmt->next_parameter; i < count; i++, at++) {
        if (at >= count)
            at -= count;
        if (literals[at] == name) {
            stmt->next_parameter = at + 1;
            return at + 1;
        }
    }
    /* SQLite's own names are not kept: a changed schema replaces the statement and them. */
    int index = sqlite3_bind_parameter_index(stmt->handle, name);

    if (index > 0) {
        literals[index - 1] = name;
        stmt->next_parameter = index;
    }
    return index;
}

/* Where to bind `name`; 0 when the statement is broken or has no such parameter. */
static int
bind_index(struct stmt *stmt, const char *name)
{
    if (stmt->handle == NULL)
        return 0;
    int index = parameter_index(stmt, name);

    if (index == 0) {
        stmt->db->failure.query = stmt_name(stmt);
        stmt->db->failure.code = SQLITE_RANGE;
        (void)stmt_fail(stmt, ERR_INTERNAL);
        assert(!"the statement has this parameter");
    }
    stmt->is_bound = true;
    return index;
}

static void
bind_checked(struct stmt *stmt, int code)
{
    if (code != SQLITE_OK)
        (void)stmt_fail(stmt, db_failed(stmt->db, stmt_name(stmt), code));
}

void
bind_int(struct stmt *stmt, const char *name, int64_t value)
{
    int index = bind_index(stmt, name);

    if (index > 0)
        bind_checked(stmt, sqlite3_bind_int64(stmt->handle, index, value));
}

void
bind_int_or_null(struct stmt *stmt, const char *name, int64_t value)
{
    if (value == 0)
        bind_null(stmt, name);
    else
        bind_int(stmt, name, value);
}

void
bind_text(struct stmt *stmt, const char *name, const char *text)
{
    int index = bind_index(stmt, name);

    if (index > 0) /* a NULL text binds NULL */
        bind_checked(stmt,
                     sqlite3_bind_text(stmt->handle, index, text, -1, SQLITE_STATIC));
}

void
bind_blob(struct stmt *stmt, const char *name, const void *bytes, size_t count)
{
    int index = bind_index(stmt, name);

    if (index == 0)
        return;
    if (bytes != NULL && count == 0) /* an empty blob is not NULL */
        bind_checked(stmt, sqlite3_bind_zeroblob(stmt->handle, index, 0));
    else
        bind_checked(
            stmt, sqlite3_bind_blob64(stmt->handle, index, bytes, count, SQLITE_STATIC));
}

void
bind_null(struct stmt *stmt, const char *name)
{
    int index = bind_index(stmt, name);

    if (index > 0)
        bind_checked(stmt, sqlite3_bind_null(stmt->handle, index));
}

/* --- Stepping ---------------------------------------------------------- */

enum err
query_next(struct stmt *stmt, bool *ret_row)
{
    if (stmt->error != OK) {
        query_end(stmt);
        return stmt->error;
    }
    if (stmt->link == NULL) {
        struct db *db = stmt->db;

        stmt->next = db->active;
        stmt->link = &db->active;
        if (db->active != NULL)
            db->active->link = &stmt->next;
        db->active = stmt;
    }
    stmt->column = 0;
    int code = sqlite3_step(stmt->handle);

    if (code == SQLITE_ROW) {
        stmt->column_count = sqlite3_data_count(stmt->handle);
        *ret_row = true;
        return OK;
    }
    enum err error = OK;

    if (code != SQLITE_DONE)
        error = stmt_fail(stmt, db_failed(stmt->db, stmt_name(stmt), code));
    else
        *ret_row = false;
    query_end(stmt);
    return error;
}

enum err
query_one(struct stmt *stmt)
{
    bool has_row = false;

    TRY(query_next(stmt, &has_row));
    return has_row ? OK : ERR_NOT_FOUND;
}

enum err
query_run(struct stmt *stmt, int64_t *ret_changes)
{
    bool has_row = false;

    TRY(query_next(stmt, &has_row));
    if (has_row) {
        query_end(stmt);
        assert(!"query_run() is for statements that answer no rows");
        return ERR_INTERNAL;
    }
    if (ret_changes != NULL)
        *ret_changes = sqlite3_changes64(stmt->db->handle);
    return OK;
}

enum err
query_insert(struct stmt *stmt, int64_t *ret_id)
{
    assert(stmt->handle == NULL || !sqlite3_stmt_readonly(stmt->handle));
    TRY(query_run(stmt, NULL));
    if (ret_id != NULL)
        *ret_id = sqlite3_last_insert_rowid(stmt->db->handle);
    return OK;
}

/* --- Reading a row ----------------------------------------------------- */

/*
 * The next column, taken.  SQLite calls such a value unprotected: only the
 * thread that has the connection may look at it, and nobody else does.
 */
static sqlite3_value *
take_column(struct stmt *stmt)
{
    assert(stmt->link != NULL); /* there is a row */
    assert(stmt->column < stmt->column_count);
    return sqlite3_column_value(stmt->handle, stmt->column++);
}

int64_t
row_int(struct stmt *stmt)
{
    return sqlite3_value_int64(take_column(stmt));
}

const char *
row_text(struct stmt *stmt)
{
    return (const char *)sqlite3_value_text(take_column(stmt));
}

/* The bytes of a text to be copied, NULL for NULL. */
static const char *
text_bytes(sqlite3_value *value, size_t *ret_bytes)
{
    const char *text = (const char *)sqlite3_value_text(value);

    *ret_bytes = (size_t)sqlite3_value_bytes(value); /* 0 for NULL */
    return text == NULL && sqlite3_value_type(value) != SQLITE_NULL ? "" : text;
}

const char *
row_text_copy(struct stmt *stmt, struct arena *arena)
{
    size_t bytes;
    const char *text = text_bytes(take_column(stmt), &bytes);

    return text == NULL ? NULL : arena_copy(arena, text, bytes);
}

const void *
row_blob(struct stmt *stmt, size_t *ret_bytes)
{
    sqlite3_value *value = take_column(stmt);
    const void *bytes = sqlite3_value_blob(value);

    *ret_bytes = (size_t)sqlite3_value_bytes(value);
    return bytes;
}

void
row_copy(struct stmt *stmt, char *text, size_t room)
{
    size_t bytes;
    const char *value = text_bytes(take_column(stmt), &bytes);

    if (room == 0)
        return;
    if (bytes > room - 1) {
        bytes = room - 1;
        while (bytes > 0 && ((unsigned char)value[bytes] & 0xC0) == 0x80)
            bytes--; /* never half a character */
    }
    if (bytes > 0)
        memcpy(text, value, bytes);
    text[bytes] = '\0';
}

bool
row_is_null(struct stmt *stmt)
{
    assert(stmt->link != NULL);
    return sqlite3_column_type(stmt->handle, stmt->column) == SQLITE_NULL;
}

void
row_skip(struct stmt *stmt)
{
    (void)take_column(stmt);
}
