#ifndef YIDAN_SWEEP_INTERNAL_H
#define YIDAN_SWEEP_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "domain/moments.h"
#include "domain/ticket.h"
#include "store/records.h"
#include "store/rulebook.h"
#include "store/writer.h"

/*
 * sweep_internal.h - one moment being done: shared by cmd_sweep.c, which takes
 * it off the list, and sweep_kinds.c, which knows what each kind means.
 */

#define OFFICE 0 /* receiver of urges and alarms for the office */

struct sweep {
    struct txn *txn;
    const struct rulebook *rulebook;
    int64_t now;
    struct due_moment moment;
    struct ticket_case before, after;
    struct ticket *ticket;    /* in `after` */
    struct assignment *lead;  /* in `after`; NULL: nobody */
    struct assignment *mine;  /* the moment's assignment; NULL: not about one */
    int64_t unit_id;          /* whom it is about; OFFICE */
    bool waits;               /* cannot happen yet */
    bool has_changed_records; /* that `after` holds */
};

/* An alarm to everybody of the unit, or of the OFFICE. */
MUST_CHECK enum err sweep_tell(struct sweep *sweep, int64_t unit_id);

/*
 * What a kind does to `after` and the records; the caller stores the ticket.
 * CALENDAR_MISSING is about no ticket and has none.
 */
extern enum err (*const sweep_kinds[MOMENT_KIND_COUNT])(struct sweep *sweep);

#endif
