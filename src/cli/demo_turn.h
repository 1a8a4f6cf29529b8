#ifndef YIDAN_CLI_DEMO_TURN_H
#define YIDAN_CLI_DEMO_TURN_H

#include "demo_internal.h"

/*
 * demo_turn.h - one decision about a made-up ticket, and what the decisions of
 *               office and unit have in common.
 */

#define HOUR_S 3600
#define DAY_S 86400

/* The ticket as it is, its story, and the action being filled in. */
struct turn {
    struct demo *demo;
    struct demo_story *story;
    const struct ticket_case *is;
    const struct ticket *ticket;
    struct cmd_ticket_act *cmd;
};

/* Does the story hold this? turn_takes(): then it happens now, and not again. */
bool turn_holds(const struct turn *turn, uint64_t trait);
bool turn_takes(struct turn *turn, uint64_t trait);

/* Nobody does anything until then; false, for a decision to return. */
bool turn_waits(struct turn *turn, int64_t until);
/* Somebody looks again in `least_hours` to `least_hours + spread`. */
void turn_next_in(struct turn *turn, int least_hours, uint32_t spread, bool is_office);

const struct actor *turn_clerk(struct turn *turn);
const struct actor *turn_supervisor(struct turn *turn);
const struct demo_unit *turn_unit(const struct turn *turn, int64_t unit_id);
int32_t turn_workday_after(const struct turn *turn, int64_t at, int workdays);

/* Begin the action; the version is what everybody's form carries. */
struct ticket_act *turn_act(struct turn *turn, enum ticket_action action,
                            const struct actor *actor);
#define CARRY(act_, field, member, value)                                                \
    ((act_)->member = (value), (act_)->present |= FIELD_BIT(FIELD_##field))
void turn_told(struct turn *turn, struct ticket_act *does);

/*
 * What lies upon a ticket (a submission, a supervision) goes first, because
 * it cannot close before.  `*ret_done`: the answer is the decision.
 */
bool turn_laid_upon(struct turn *turn, bool *ret_done);

/* The decisions of the unit in charge (demo_unit.c). */
bool turn_dispatched(struct turn *turn);
bool turn_handling(struct turn *turn);

#endif
