#ifndef YIDAN_STORE_ACCOUNTABILITIES_H
#define YIDAN_STORE_ACCOUNTABILITIES_H

#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

/*
 * accountabilities.h - writing table `accountability`, and what a circular tells of it; lists are
 *                      record_lists.h.
 *
 * Layer    store.
 */

struct db;
struct txn;

struct accountability {
    int64_t ticket_id, unit_id;
    const char *person, *finding, *measure;
    int32_t decided_day;
    int64_t laid_at, laid_by;
};

/* Has the unit had a part in the ticket, in whatever round?  Errors: ERR_NOT_FOUND. */
MUST_CHECK enum err accountabilities_check_unit(struct db *db, int64_t ticket_id,
                                                int64_t unit_id);

MUST_CHECK enum err accountabilities_insert(struct txn *txn,
                                            const struct accountability *record,
                                            int64_t *ret_id);

/* As a circular tells of it. Texts are NULL when they were erased. */
struct accountability_line {
    const char *unit_name, *ticket_no, *person, *finding, *measure;
    int32_t decided_day;
};
/* Those decided from the day `from` to the day `to`, the oldest first, 50 at most. */
MUST_CHECK enum err accountabilities_between(struct db *db, struct arena *arena,
                                             int32_t from, int32_t to,
                                             struct accountability_line **ret_lines,
                                             size_t *ret_count);

#endif
