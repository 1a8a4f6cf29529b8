#ifndef YIDAN_STORE_QUERY_H
#define YIDAN_STORE_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "queries.gen.h"

/*
 * query.h - named statements of sql/queries on one connection.
 *
 * Layer    store; only src/store sees a statement.
 * Threads  a connection and its statements belong to one thread at a time.
 *
 * A statement is prepared once per connection (persistent).  query() hands it
 * out reset and unbound; it must be brought to its end or given back with
 * query_end(), because an open read pins the log.  Binding errors are
 * remembered and told by the next step.  There is no function that takes SQL.
 *
 *     struct stmt *q = query(db, Q_UNIT_BY_CODE);
 *     bind_text(q, ":code", code);
 *     TRY(query_one(q));          ERR_NOT_FOUND when there is no row
 *     unit->id = row_int(q);      columns are read in order
 *     query_end(q);
 */

struct arena;
struct db;
struct stmt;

struct stmt *query(struct db *db, enum query which);

void bind_int(struct stmt *stmt, const char *name, int64_t value);
void bind_int_or_null(struct stmt *stmt, const char *name, int64_t value); /* 0 is NULL */
void bind_text(struct stmt *stmt, const char *name,
               const char *text); /* NULL is NULL; not copied */
void bind_blob(struct stmt *stmt, const char *name, const void *bytes, size_t count);
void bind_null(struct stmt *stmt, const char *name);

/* Run a statement that answers no rows. `ret_changes` may be NULL. */
MUST_CHECK enum err query_run(struct stmt *stmt, int64_t *ret_changes);

/*
 * Run an INSERT into a table with a rowid; the new row's id, unless `ret_id` is
 * NULL.  RETURNING would tell it too, by way of a temporary table that costs
 * more than the row.
 */
MUST_CHECK enum err query_insert(struct stmt *stmt, int64_t *ret_id);

/* Step to the next row: OK and *ret_row. At the end it is reset by itself. */
MUST_CHECK enum err query_next(struct stmt *stmt, bool *ret_row);

/* Step to the only row: ERR_NOT_FOUND when there is none. */
MUST_CHECK enum err query_one(struct stmt *stmt);

/* Reset now. Harmless when already reset; NULL does nothing. */
void query_end(struct stmt *stmt);

/* The next column of the present row, left to right; NULL reads as 0, NULL and 0 bytes. */
int64_t row_int(struct stmt *stmt);
const char *row_text(struct stmt *stmt); /* borrowed until the next step */
const char *row_text_copy(struct stmt *stmt, struct arena *arena);
const void *row_blob(struct stmt *stmt, size_t *ret_bytes);
void row_copy(struct stmt *stmt, char *text, size_t room); /* cut to fit; "" for NULL */
bool row_is_null(struct stmt *stmt); /* looks at the next column, does not take it */
void row_skip(struct stmt *stmt);

#endif
