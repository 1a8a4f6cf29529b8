#ifndef YIDAN_STORE_CALENDARS_H
#define YIDAN_STORE_CALENDARS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

/*
 * calendars.h - the days of the calendar as rows: tables `calendar_year` and
 *               `calendar_day`.  Whoever computes uses the rulebook instead.
 *
 * Layer    store.
 */

struct db;
struct txn;

struct calendar_row {
    int32_t day;
    bool is_workday; /* true: make-up workday; false: holiday */
    const char *name;
};

/* The days `from` to `to`, both included, that break the Monday-to-Friday rule. */
MUST_CHECK enum err calendars_days(struct db *db, struct arena *arena, int32_t from,
                                   int32_t to, struct calendar_row **ret_rows,
                                   size_t *ret_count);

/* The years that have been entered, rising. */
MUST_CHECK enum err calendars_years(struct db *db, struct arena *arena, int **ret_years,
                                    size_t *ret_count);

/* Enter `year`: what was said about its days before is forgotten. */
MUST_CHECK enum err calendars_enter_year(struct txn *txn, int year, const char *source,
                                         int64_t now);
MUST_CHECK enum err calendars_put_day(struct txn *txn, const struct calendar_row *row);
/* Nothing is said about `day` any more. */
MUST_CHECK enum err calendars_drop_day(struct txn *txn, int32_t day);

/* The open tickets whose clock a changed calendar may move: their ids, in the arena. */
MUST_CHECK enum err calendars_running_tickets(struct db *db, struct arena *arena,
                                              int64_t **ret_ids, size_t *ret_count);

#endif
