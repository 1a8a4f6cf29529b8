#ifndef YIDAN_TESTS_DESK_H
#define YIDAN_TESTS_DESK_H

#include <stdbool.h>
#include <stdint.h>

#include "domain/ticket.h"
#include "support/office.h"

/*
 * desk.h - one ticket in an office, and the timer's sweeps over it.
 *
 * The office opens on Monday 2026-06-01 at 10:00, the shipped calendar
 * entered; no holiday is near but the Dragon Boat Festival on the 19th.
 * A failure here fails the test that runs.
 */

/* Each test runs in a process of its own, so there is one. */
struct desk {
    struct office office;
    char no[TICKET_NO_BYTES];  /* the ticket in question */
    struct ticket_case now_is; /* as it was after the last thing done to it */
};
extern struct desk desk;

/* Fixtures: an office with one ticket received by telephone. */
void desk_open(void);
void desk_close(void);

/* "2026-06-01 10:00:00" in the service's zone. */
int64_t desk_at(const char *local);

/* --- Doing ---------------------------------------------------------------------- */

void desk_act(const struct actor *actor, const struct ticket_act *does);
void desk_must(const struct actor *actor, enum ticket_action action);
/* To WATER, with ROADS as its co-unit. */
void desk_dispatch(bool with_co);
void desk_handling(void); /* dispatched and signed */
void desk_replied(void);
/* A ticket with these members instead of the one of desk_open(). */
void desk_receive(bool sensitive, enum urgency urgency, const char *phone);

/* --- The timer --------------------------------------------------------------------- */

/* One job; how many moments it handled. `ret_next_due_at` may be NULL. */
int desk_sweep_batch(int64_t now, int batch, int64_t *ret_next_due_at);
int desk_sweep(int64_t now);
/* Nothing at its last second, once at the next, and never again. */
void desk_expect_once(const char *kind, const char *due);

/* --- Asking ------------------------------------------------------------------------- */

/* The first column of a query with one "%s" for `word`. */
int64_t desk_number(const char *format, const char *word);
int64_t desk_events(const char *kind); /* "timer.<kind>" */
int64_t desk_told(const char *kind);   /* rows of the outbox */
/* Alarms of that kind to a unit; 0 is the office. */
int64_t desk_alarmed(const char *kind, int64_t unit_id);
int64_t desk_urges(const char *kind, int64_t unit_id);

#endif
