#ifndef YIDAN_DOMAIN_INTERNAL_H
#define YIDAN_DOMAIN_INTERNAL_H

#include "domain/ticket.h"

/*
 * domain_internal.h - what the ticket_*.c files share among themselves.
 */

/* The conditions a rule may name; each is one row of the table in ticket_guard.c. */
enum guard {
    GUARD_NOT_SUSPECT = 1 << 0,
    GUARD_EXTENSION_PENDING = 1 << 1,
    GUARD_NO_EXTENSION_PENDING = 1 << 2,
    GUARD_NOT_REWORK = 1 << 3,
    GUARD_BEFORE_DEADLINE = 1 << 4,
    GUARD_EXTENSION_LEVEL = 1 << 5,
    GUARD_MAY_RETURN = 1 << 6,
    GUARD_ONLINE = 1 << 7,
    GUARD_HEAD_SENDS = 1 << 8,
    GUARD_DRAFT = 1 << 9,
    GUARD_UNMERGE_TIME = 1 << 10,
    GUARD_UNANSWERED = 1 << 11,
    GUARD_UNSETTLED = 1 << 12,
    GUARD_PROMISE = 1 << 13,
    GUARD_OTHER_UNIT = 1 << 14,
    GUARD_HAS_PHONE = 1 << 15,
    GUARD_PUBLISHABLE = 1 << 16,
    GUARD_PUBLISHED = 1 << 17,
    GUARD_NOTHING_OPEN = 1 << 18, /* no unsettled supervision, no open submission */
    GUARD_UNSIGNED = 1 << 19,     /* the actor's unit has not signed yet */
    GUARD_CO_OPEN = 1 << 20,      /* the actor's unit has not given its opinion yet */
    GUARD_URGED_TODAY = 1 << 21,  /* the citizen urges once a workday */
    GUARD_MAY_RATE = 1 << 22,     /* once, changeable for a day */
};

/* What a guard looks at. */
struct question {
    const struct ticket_case *ticket_case;
    const struct actor *actor;
    const struct ticket_act *act; /* NULL when only asking what is possible */
    const struct calendar *calendar;
    const struct limits *limits;
    int64_t now;
};

/* The first error of the guards of `rule`; `is_clock` picks the ones about time. */
enum err ticket_guard(uint32_t guards, bool is_clock, const struct question *question);

/* Is everything there that the action must carry, and does it fit? ERR_FIELDS otherwise. */
enum err ticket_carry(const struct ticket_rule *rule, const struct question *question,
                      struct problem *reterr_problem);

/* Work the change out on `change->after`, which begins as a copy of the case. */
void ticket_apply(const struct ticket_rule *rule, const struct question *question,
                  struct ticket_change *change);

/* A change under way. */
struct work {
    const struct question *question;
    const struct ticket_act *act;
    struct ticket_case *after;
    struct ticket *ticket;
    int64_t now;
};

/* When a step that begins now must be done. */
int64_t work_deadline(const struct work *work, enum step step);
/* Until when a ticket that is with the office from now on must be dispatched. */
int64_t work_dispatch_deadline(const struct work *work);

/* All active parts of the round end for `reason`. */
void round_end(struct work *work, const char *reason, bool stays_visible, bool counts);
/* Those of the present round that ended for `reason` are active again. */
void round_resume(struct work *work, const char *reason);

/* What the rule says of the clock: the column `clock` of the table, done. */
void clock_apply(struct work *work, enum clock_effect effect);

#endif
