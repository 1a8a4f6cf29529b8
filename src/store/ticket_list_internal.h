#ifndef YIDAN_TICKET_LIST_INTERNAL_H
#define YIDAN_TICKET_LIST_INTERNAL_H

#include "store/query.h"
#include "store/ticket_lists.h"

/*
 * ticket_list_internal.h - a list on its way: what is asked, what drives, and
 * what has been found; shared by the files that read lists.
 *
 * Layer    store.
 */

/* Subtrees with more categories are so many tickets that any order finds a page soon. */
#define DRIVERS_MAX 16

#define STATES_BYTES 128

enum order {
    ORDER_RECEIVED, /* the index has it, newest first */
    ORDER_DUE,      /* the index has it, least time left first */
    ORDER_SORTED    /* few rows are sorted */
};

struct plan {
    enum query which;
    enum order order;
    int64_t unit_id;                  /* drives when not 0 */
    const char *drivers[DRIVERS_MAX]; /* else these, merged; none: nothing has to */
    size_t driver_count;
    const char *match; /* what the full-text index is asked; NULL: nothing */
    int64_t first_id, from_id, to_id; /* of the tickets it may name */
};

/* A ticket of the page: what it is sorted by, and its id. */
struct ticket_key {
    int64_t value, id;
};

/* Moments, both ends in. */
struct reach {
    int64_t from, to;
};

struct search {
    struct db *db;
    struct arena *arena;
    const struct ticket_viewer *viewer;
    const struct ticket_filter *filter;
    struct plan plan;
    struct reach received, due, closed, overdue;
    char states[STATES_BYTES]; /* "received,handling," */
    struct ticket_key *keys;   /* the best so far, in order */
    size_t count, wanted;      /* one more than the page has tells of a next one */
    bool is_cut;               /* rows were left behind */
};

/* Fill search->plan: the index that leaves the least to look at. */
MUST_CHECK enum err ticket_list_plan(struct search *search);

/* Read the keys `plan` leads to into the page (`driver`: for the first column of its index). */
MUST_CHECK enum err ticket_list_stream(struct search *search, const char *driver);

/* Read a line from the present row; without an arena its texts are borrowed from it. */
void ticket_list_row(struct stmt *stmt, struct arena *arena, struct ticket_line *line);

/* A page of a list with a needle that no to-do drives (ticket_search.c). */
MUST_CHECK enum err ticket_search_read(struct search *search);
/* What its statements have beside the filters. */
void ticket_search_bind(struct stmt *stmt, const struct search *search);

#endif
