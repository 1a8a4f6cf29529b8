#ifndef YIDAN_STORE_TICKETS_INTERNAL_H
#define YIDAN_STORE_TICKETS_INTERNAL_H

#include <stddef.h>

#include "base/json.h"
#include "domain/ticket.h"
#include "store/query.h"

/*
 * tickets_internal.h - shared by the files of table ticket: its columns as data, and what is
 *                      noted of each that is made.
 */

enum column_kind {
    COLUMN_KIND_INT,
    COLUMN_KIND_BOOL,
    COLUMN_KIND_TEXT,
    COLUMN_KIND_CHOICE
};

/* A column and the member it fills. An empty text and no choice are NULL. */
struct column {
    const char *name; /* as a parameter: ":state" */
    enum column_kind kind;
    size_t offset, room;
    const struct choices *choices;
};

extern const struct column ticket_columns[], assignment_columns[];
extern const size_t ticket_column_count, assignment_column_count;

/* Read the next `count` columns of the present row into the struct at `into`. */
void columns_read(struct stmt *stmt, const struct column *columns, size_t count,
                  void *into);

/* Bind all columns but those named in `left_out` (ended by NULL). */
void columns_bind(struct stmt *stmt, const struct column *columns, size_t count,
                  const char *const *left_out, const void *from);

/* Is every column the same in both? */
bool columns_equal(const struct column *columns, size_t count, const void *a,
                   const void *b);

/* When the newest ticket was received; 0: there is none. */
MUST_CHECK enum err tickets_newest(struct db *db, int64_t *ret_received_at);

#endif
