#ifndef YIDAN_STORE_BOARDS_H
#define YIDAN_STORE_BOARDS_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "domain/desk.h"

/*
 * boards.h - what the supervisor's board shows, read from the summaries: never an
 * aggregate over tickets.
 *
 * Layer    store.
 * Lifetime texts and lists lie in the arena they were read with.
 * Units    `_day` local days.
 * Source   product.md, section 9, "Supervisor's board".
 */

struct db;

/* Open tickets of one lead unit by light. */
struct board_unit {
    int64_t unit_id;
    int64_t lights[LIGHT_COUNT];
};

/* How many there are now. */
struct board_counts {
    int64_t states[TICKET_STATE_COUNT], lights[LIGHT_COUNT], desks[DESK_COUNT];
    int64_t due_today;
    int64_t oldest_received_at; /* of those that wait for dispatch; 0: none */
    struct board_unit *units;   /* with a light on, by unit id */
    size_t unit_count;
};
MUST_CHECK enum err boards_counts(struct db *db, struct arena *arena, int32_t today,
                                  struct board_counts *ret_counts);

struct board_day {
    int32_t day;
    int64_t received, closed, overdue;
};
/* `count` days up to and with `today`, oldest first. */
MUST_CHECK enum err boards_trend(struct db *db, int32_t today, size_t count,
                                 struct board_day *ret_days);

/* One category of the second level with all below it, in this period and the one before. */
struct board_category {
    const char *code, *name;
    int64_t tickets, before;
};
/* Periods of `days` days, the present one ends today.  Up to `limit`, most first. */
MUST_CHECK enum err boards_categories(struct db *db, struct arena *arena, int32_t today,
                                      int32_t days, size_t limit,
                                      struct board_category *ret_categories,
                                      size_t *ret_count);

/* So many of one category and area within a day are a burst. */
#define BURST_TICKETS 3
#define BURST_SECONDS 86400

struct board_burst {
    const char *category, *category_name, *area, *area_name;
    int64_t tickets, first_at, last_at;
};
/* Bursts among what was received since `since`, up to `limit`, most first. */
MUST_CHECK enum err boards_bursts(struct db *db, struct arena *arena, int64_t since,
                                  size_t limit, struct board_burst *ret_bursts,
                                  size_t *ret_count);

#endif
