#ifndef YIDAN_STORE_NOTICES_H
#define YIDAN_STORE_NOTICES_H

#include <stdint.h>

#include "store/ticket_lists.h"

/*
 * notices.h - notices that are read without a look at their tickets.
 *
 * Layer    store.
 */

struct txn;

/*
 * What waits for the viewer in the group TODO_URGE or TODO_ALARM is read: of one
 * ticket, or with `ticket_id` 0 of all that the group's list shows.  `*ret_count` of
 * them were not read before.
 */
MUST_CHECK enum err notices_read(struct txn *txn, const struct ticket_viewer *viewer,
                                 enum ticket_todo todo, int64_t ticket_id, int64_t now,
                                 int64_t *ret_count);

#endif
