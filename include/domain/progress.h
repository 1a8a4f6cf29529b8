#ifndef YIDAN_DOMAIN_PROGRESS_H
#define YIDAN_DOMAIN_PROGRESS_H

#include "domain/ticket.h"

/*
 * progress.h - where a ticket stands, as its citizen is told: five plain steps.
 *
 * Layer    domain.
 * Source   product.md, section 10.
 */

/* X(NAME, "word", "zh", "en") */
#define PROGRESS_STEPS(X)                                                                \
    X(ACCEPTED, "accepted", "已受理", "accepted")                                        \
    X(ASSIGNED, "assigned", "已交办", "assigned")                                        \
    X(HANDLING, "handling", "办理中", "being handled")                                   \
    X(ANSWERED, "answered", "已答复", "answered")                                        \
    X(CLOSED, "closed", "已办结", "closed")

#define X(NAME, word, zh, en) PROGRESS_##NAME,
enum progress_step { PROGRESS_STEPS(X) PROGRESS_STEP_COUNT };
#undef X
extern const struct choices words_progress_step;

struct progress {
    enum progress_step step;         /* the one reached last */
    int64_t at[PROGRESS_STEP_COUNT]; /* when each was reached; 0: not yet, or skipped */
    bool is_answer_visible;          /* the reply has passed the office */
    bool is_declined;
};

/*
 * A reply under review is not told; a ticket taken back from a unit stays
 * "assigned", so that nobody sees a step backwards that is none of theirs.
 * Not for a merged ticket: ask for the one it follows.
 */
struct progress progress_of(const struct ticket_case *ticket_case);

/*
 * The day by which an answer may be expected; 0 when there is one.  Before a
 * unit has the ticket it is reckoned from the day it must be dispatched, also
 * when no clock runs because the message looks like spam: that is not told.
 */
int32_t progress_expected_day(const struct ticket_case *ticket_case,
                              const struct calendar *calendar,
                              const struct limits *limits, int channel_workdays);

#endif
