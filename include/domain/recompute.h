#ifndef YIDAN_DOMAIN_RECOMPUTE_H
#define YIDAN_DOMAIN_RECOMPUTE_H

#include <stdbool.h>

#include "domain/calendar.h"
#include "domain/deadline.h"
#include "domain/ticket.h"

/*
 * recompute.h - what a changed calendar does to an open ticket's clocks.
 *
 * Layer    domain: no I/O, no clock, no globals.
 * Source   product.md, section 4: loading a year recomputes the provisional
 *          due moments of open tickets, changing the calendar recomputes open
 *          tickets, closed ones never.
 */

/* The calendar before and after, with the office's limits. */
struct recompute {
    const struct calendar *before, *after;
    const struct limits *limits;
    int64_t now;
};

/*
 * The same number of workdays from `from_at`, counted in the new calendar
 * instead of the old one.  A moment that is no limit of workdays (minutes, the
 * same day, a day that upstream set) stays, and so does every one when the
 * calendars agree.  `*ret_provisional` (may be NULL): it rests on a year that
 * is not entered.
 */
int64_t recompute_moment(const struct recompute *recompute, int64_t from_at,
                         int64_t due_at, bool *ret_provisional);

/*
 * Move the clocks of `ticket_case`, which must be loaded whole: the round's due
 * moment, the effective one unless a promised day stands there, those of its
 * active assignments, of review and callback.  `channel_workdays` is the limit
 * of its channel, asked for only when upstream's deadline caps the round's.
 *
 * A flag "late" is taken off when the moment has moved beyond what is judged
 * by it.  False, and nothing changed: the ticket is not open, has no unit, or
 * its clocks stay where they are.  True: its version has grown by one.
 */
bool recompute_ticket(const struct recompute *recompute, int channel_workdays,
                      struct ticket_case *ticket_case);

#endif
