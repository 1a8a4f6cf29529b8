#ifndef YIDAN_COMMAND_SEED_ROWS_H
#define YIDAN_COMMAND_SEED_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

/*
 * seed_rows.h - the tables that are built into the program, row by row.
 *
 * Layer    command.
 * Lifetime fields lie in the arena.
 *
 * A table is a file of sql/seed or sql/demo: fields between commas without
 * quotes, its first line the header, a line that begins with # a comment.
 * What people bring along is read by calendar_csv.h and the import instead.
 */

#define SEED_FIELDS_MAX 12

struct seed_rows {
    char *next; /* the rest of the text, NUL-terminated */
};

/* Begin with the table `name` ("demo/units.csv"). Errors: ERR_NOT_FOUND, ERR_NO_MEMORY. */
MUST_CHECK enum err seed_rows_open(struct arena *arena, const char *name,
                                   struct seed_rows *ret_rows);

/* The next row; missing fields are "". False at the end. */
bool seed_rows_next(struct seed_rows *rows, const char *ret_fields[SEED_FIELDS_MAX]);

#endif
