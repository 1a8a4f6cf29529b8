#ifndef YIDAN_STORE_LIVE_H
#define YIDAN_STORE_LIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "store/ticket_lists.h"

/*
 * live.h - what happened after a place in the trail: ids only.
 *
 * Layer    store.
 * Lifetime what is read lies in the arena it was read with.
 */

struct db;

/* A unit that has or had a part of a ticket, and whether it may know of it now. */
struct live_unit {
    int64_t unit_id;
    bool is_visible;
};

struct live_event {
    int64_t seq;
    int64_t ticket_id; /* 0: not about a ticket; then `no` and `units` are empty */
    const char *no, *type, *from_state, *to_state;
    int64_t user_id;       /* who did it; 0: no user */
    const char *unit_code; /* of who did it; NULL: none */
    const struct live_unit *units;
    size_t unit_count;
    int64_t call_id;       /* of a call that opens a caller's card; 0: none */
    const int64_t *clerks; /* users for whom the call came */
    size_t clerk_count;
};

struct live_events {
    const struct live_event *items; /* oldest first */
    size_t count;
    bool has_more; /* than the limit */
};

/* The last event's seq; 0: none. */
MUST_CHECK enum err live_head(struct db *db, int64_t *ret_seq);

/*
 * Everything after `after_seq` up to `last_seq`, with the units of its tickets and the
 * clerks of its calls.
 */
MUST_CHECK enum err live_read(struct db *db, struct arena *arena, int64_t after_seq,
                              int64_t last_seq, size_t limit,
                              struct live_events *ret_events);

/* The same, only of what the viewer may know of, without units and clerks. */
MUST_CHECK enum err live_replay(struct db *db, struct arena *arena,
                                const struct ticket_viewer *viewer, int64_t after_seq,
                                int64_t last_seq, size_t limit,
                                struct live_events *ret_events);

/* May the viewer know of the event's ticket or call?  For events of live_read(). */
bool live_is_visible(const struct live_event *event, const struct ticket_viewer *viewer);

/* Can it have changed what waits for the viewer?  True of a unit that just lost its part. */
bool live_touches(const struct live_event *event, const struct ticket_viewer *viewer);

#endif
