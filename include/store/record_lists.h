#ifndef YIDAN_STORE_RECORD_LISTS_H
#define YIDAN_STORE_RECORD_LISTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/json.h"

/*
 * record_lists.h - urges, supervisions, instructions, submissions, extensions,
 * returns, replies, promises, callbacks and accountability, read as lists.
 *
 * Layer    store.
 * Lifetime texts of a row lie in the arena it was read with.
 *
 * All kinds of record have the same frame (ticket, unit) and columns of their
 * own, which are data: the reader and whoever writes them out, as JSON or as a
 * table, share one table.
 */

struct db;

enum record_kind {
    RECORD_URGE,
    RECORD_SUPERVISION,
    RECORD_INSTRUCTION,
    RECORD_SUBMISSION,
    RECORD_EXTENSION,
    RECORD_RETURN,
    RECORD_REPLY,
    RECORD_PROMISE,
    RECORD_CALLBACK,
    RECORD_ACCOUNTABILITY,
    RECORD_KIND_COUNT
};

enum record_column_kind {
    RECORD_TEXT,
    RECORD_WORDS, /* comma separated; a list on the wire */
    RECORD_TIME,  /* 0: none */
    RECORD_DATE,  /* 0: none */
    RECORD_BOOL,
    RECORD_ASKED /* 0 not asked, 1 no, 2 yes */
};

struct record_column {
    const char *name; /* of the member on the wire */
    enum record_column_kind kind;
    const char *heads[LANGUAGE_COUNT]; /* over the column of a table */
    const struct choices *words;       /* what a TEXT or WORDS is one of; NULL: free */
};

#define RECORD_COLUMNS_MAX 24

struct record_list {
    const struct record_column *columns;
    size_t column_count;
    const char *filter;          /* what record_filter.word is about: "state", "kind" */
    const struct choices *words; /* its words; NULL: no such filter */
};
extern const struct record_list record_lists[RECORD_KIND_COUNT];

struct record_row {
    int64_t id;
    const char *ticket_no, *ticket_title;
    const char *unit_code, *unit_name,
        *unit_short_name; /* NULL: nobody's, or the office's */
    struct record_value {
        int64_t number;
        const char *text;
    } values[RECORD_COLUMNS_MAX];
};

/* Zeroed sees nothing: visibility is asked for. */
struct record_filter {
    bool sees_all; /* else only records of tickets that `viewer_unit` sees */
    int64_t viewer_unit;
    int64_t ticket_id; /* 0: of all */
    int64_t unit_id;   /* 0: of all; for instructions and callbacks the ticket's lead */
    const char *word;  /* NULL: all */
    int64_t from, to;  /* `at` of the record; to 0: no end */
    int64_t before;    /* rows with a smaller id; 0: from the newest */
};

/*
 * Up to `limit` records, newest first.  Submissions and replies only of one
 * ticket (ERR_INTERNAL otherwise).
 */
MUST_CHECK enum err record_lists_read(struct db *db, struct arena *arena,
                                      enum record_kind kind,
                                      const struct record_filter *filter, int limit,
                                      struct record_row **ret_rows, size_t *ret_count);

#endif
