#ifndef YIDAN_TESTS_OFFICE_H
#define YIDAN_TESTS_OFFICE_H

#include <stdint.h>

#include "domain/ticket.h"
#include "support/store_fixture.h"

/*
 * office.h - a small office on a real store: units, staff, a clock of its own.
 *
 * A failure here fails the test that runs.
 */

enum office_unit { OFFICE, TOWN, WATER, ROADS, HOUSING, OFFICE_UNIT_COUNT };

struct office {
    struct store_fixture fixture;
    int64_t now;
    bool runs_twice; /* what is received and done, each time undone once */
    int64_t unit_ids[OFFICE_UNIT_COUNT]; /* HOUSING signs off online */
    struct actor clerk, supervisor, leader;
    struct actor handlers[OFFICE_UNIT_COUNT], heads[OFFICE_UNIT_COUNT];
};

extern const char *const office_unit_codes[OFFICE_UNIT_COUNT];

/* Monday 2026-11-23 10:00, the calendar of 2026 entered. */
void office_open(struct office *office);
void office_close(struct office *office);

/* Receive a ticket; its number in `ret_no`. */
void office_receive(struct office *office, const char *channel,
                    char ret_no[TICKET_NO_BYTES]);

/* Do `act` as `actor`; its version is the ticket's present one unless it carries one. */
enum err office_act(struct office *office, const struct actor *actor, const char *no,
                    const struct ticket_act *act);

/* A request that carries all that `action` must carry, at the office's now. */
struct ticket_act office_make_act(const struct office *office, enum ticket_action action);

/* The case as it is stored; on the writer, so no transaction is open. */
void office_case(struct office *office, const char *no, struct ticket_case *ret_case);

/* Run `check` on the writer's connection: for what a test wants to see inside. */
enum err office_inside(struct office *office,
                       enum err (*check)(struct txn *txn, void *context), void *context);

#endif
