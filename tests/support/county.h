#ifndef YIDAN_TESTS_COUNTY_H
#define YIDAN_TESTS_COUNTY_H

#include "store/ticket_lists.h"
#include "support/store_fixture.h"

/*
 * county.h - some hundred tickets in all states, on a store that has the units
 * and staff of office.h, and the naive way to list them: look at every one.
 *
 * A failure here fails the test that runs.
 */

#define COUNTY_TICKETS 420
#define COUNTY_ROOM 4000       /* for those and what a test adds */
#define COUNTY_FIRST_DAY 20750 /* 2026-10-24; the last is 28 days later */

/* What the naive side knows of a ticket. */
struct fact {
    int64_t id, received_at, due_at;
    int64_t clock_at; /* when the clock that runs is over, the unit's or the office's */
    int state, kind, urgency, light;
    char channel[16], area[16], category[16];
    bool is_overdue, is_sensitive, is_suspect, is_supervised;
    uint32_t lead, co; /* bits of units with a visible part */
};

/* Written as rows, so that every combination comes about; no command made them. */
void county_fill(struct store_fixture *fixture);

/* So many closed tickets more for unit 4 that its lists are found another way. */
void county_fill_many(struct store_fixture *fixture);

/* Load every ticket there is now. Returns how many. */
size_t county_facts(const struct store_fixture *fixture,
                    struct fact ret_facts[COUNTY_ROOM]);

/* Does the viewer see it, and does it pass the filter (todo left out)? */
bool county_matches(const struct fact *fact, const struct ticket_viewer *viewer,
                    const struct ticket_filter *filter);

/* The whole list, in order. Returns how many. */
size_t county_list(const struct fact *facts, size_t fact_count,
                   const struct ticket_viewer *viewer, const struct ticket_filter *filter,
                   const struct fact *ret_facts[COUNTY_ROOM]);

/* In the order of `sort=due` of what waits. */
void county_sort_by_clock(const struct fact **facts, size_t count);

#endif
