#ifndef YIDAN_STORE_ASSESSMENTS_H
#define YIDAN_STORE_ASSESSMENTS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"
#include "domain/assessment.h"
#include "store/ticket_lists.h"

/*
 * assessments.h - tables assessment_fact and assessment_day: what tickets
 *                 contribute to the assessment, and its sums by day.
 *
 * Layer    store.
 * Threads  reads take a `struct db *` of a reader or of a transaction.
 */

struct calendar;
struct db;
struct txn;

/*
 * Make the stored facts of a ticket, and the sums, those of its present case.
 * Call it after all rows of the change are written.  `ticket_case` is as stored.
 */
MUST_CHECK enum err assessments_sync(struct txn *txn, int64_t ticket_id);
MUST_CHECK enum err assessments_sync_case(struct txn *txn,
                                          const struct ticket_case *ticket_case);

/*
 * Sync up to `limit` tickets with ids above `after`; `*ret_last` is the last one's
 * id, 0 when none was left.
 */
MUST_CHECK enum err assessments_rebuild(struct txn *txn, int64_t after, int limit,
                                        int64_t *ret_last, int64_t *ret_done);
/* Make the sums those of the stored facts. */
MUST_CHECK enum err assessments_recount(struct txn *txn);
/* Were all facts derived by this version of the measures?  And say so. */
MUST_CHECK enum err assessments_are_built(struct db *db, bool *ret_are_built);
MUST_CHECK enum err assessments_set_built(struct txn *txn);

/* Are the stored facts of this ticket those of its case?  For verify. */
MUST_CHECK enum err assessments_fit(struct db *db, struct arena *arena, int64_t ticket_id,
                                    const struct calendar *calendar, bool *ret_fit);
/* Do the sums equal a recount of the facts? */
MUST_CHECK enum err assessments_agree(struct db *db, bool *ret_agree);
/* The first ticket with an id above `after`; 0: none. */
MUST_CHECK enum err assessments_next_ticket(struct db *db, int64_t after,
                                            int64_t *ret_id);

/* The sums of one unit over a period; `counts` by whether the channel is the web. */
struct assessment_sums {
    int64_t unit_id; /* 0: the office itself */
    int kind;        /* enum unit_kind; CHOICE_NONE for 0 */
    int64_t counts[2][ASSESSMENT_MEASURE_COUNT];
    int64_t workdays[2]; /* of ACCEPTED */
};
/* Days `from` to `to`, both in; `unit_id` CHOICE_NONE: every unit that has any, by id. */
MUST_CHECK enum err assessments_read(struct db *db, struct arena *arena, int32_t from,
                                     int32_t to, int64_t unit_id,
                                     struct assessment_sums **ret_sums,
                                     size_t *ret_count);

/* The facts behind a figure. */
struct assessment_filter {
    int64_t unit_id;   /* 0: the office itself; CHOICE_NONE: all */
    uint64_t measures; /* MEASURE_BITs: one of them */
    int32_t from, to;  /* days, both in */
    int is_web;        /* 0, 1, or CHOICE_NONE: both */
    int is_town;       /* of all units: 1 townships, 0 the others, CHOICE_NONE: both */
    /* Where a page begins: after this fact; zeroed is the beginning. */
    struct assessment_cursor {
        int64_t unit_id, id;
        int32_t day;
    } after;
};
/* `line` is NULL when the viewer may not know of the ticket (any more). */
typedef void assessment_take(void *context, int64_t unit_id, int32_t day,
                             const struct ticket_line *line);

/*
 * Give up to `limit` facts to `take`, by unit, day and the order they were made.
 * `*ret_has_more`: there are others, after `*ret_last`.
 */
MUST_CHECK enum err assessments_each(struct db *db, const struct ticket_viewer *viewer,
                                     const struct assessment_filter *filter, int limit,
                                     assessment_take *take, void *context,
                                     struct assessment_cursor *ret_last,
                                     bool *ret_has_more);

#endif
