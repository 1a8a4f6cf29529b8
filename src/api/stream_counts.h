#ifndef YIDAN_API_STREAM_COUNTS_H
#define YIDAN_API_STREAM_COUNTS_H

#include "base/arena.h"
#include "base/json.h"
#include "store/ticket_lists.h"

/*
 * stream_counts.h - what waits for each listener, counted once for all who share it.
 *
 * Layer    api.
 * Threads  that of the streams.
 */

/* What a listener was told last. */
struct stream_counted {
    bool is_known;
    bool is_touched; /* something happened that may have changed it */
    int64_t at_ms;   /* CLOCK_MONOTONIC */
    struct ticket_todo_count groups[TICKET_TODO_COUNT];
};

/* One round of counting. */
struct todo_count;
struct stream_counting {
    struct db *db;
    struct arena *arena;
    int64_t now_ms;
    struct todo_count *counted[TICKET_TODO_COUNT]; /* lists in the arena */
};
void stream_counting_init(struct stream_counting *counting, struct db *db,
                          struct arena *arena);

/*
 * Count what waits for the viewer, when it may have changed and was not counted
 * within a second, and every half minute all the same.  `ret_changed`: it is not
 * what `counted` held.
 */
MUST_CHECK enum err stream_count(struct stream_counting *counting,
                                 const struct ticket_viewer *viewer,
                                 struct stream_counted *counted, bool *ret_changed);

/* {"groups": [{"todo", "count", "yellow", "red"}]}, those of the viewer's roles. */
void stream_counted_json(struct json_out *out, const struct ticket_viewer *viewer,
                         const struct stream_counted *counted);

#endif
