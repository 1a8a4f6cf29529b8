#ifndef YIDAN_DOMAIN_DESK_H
#define YIDAN_DOMAIN_DESK_H

#include <stddef.h>
#include <stdint.h>

#include "domain/ticket.h"

/*
 * desk.h - on which of the office's desks a ticket stands: what a supervisor
 * looks after, as far as the ticket's state and light do not say it already.
 *
 * Layer    domain: derived from the case, never remembered.
 * Units    `_day` local days, 0 none.
 * Source   product.md, section 9, "Supervisor's board", and sections 4 and 5.
 */

/* X(NAME, "word", "zh", "en") */
/* clang-format off */
#define DESKS(X)                                                                         \
    X(SUSPECT, "suspect", "疑似垃圾", "suspected spam")                                  \
    X(DISPATCH_LATE, "dispatch_late", "未当日交办", "not dispatched the same day")       \
    X(UNOPENED, "unopened", "交办后未查看", "not opened by the unit")                    \
    X(SIGN_LATE, "sign_late", "超时未签收", "not signed in time")                        \
    X(CALLBACK, "callback", "待回访", "to call back")                                    \
    X(EXTENSION, "extension", "延期待批", "extensions to decide")                        \
    X(SUBMISSION, "submission", "待领导批示", "waiting for a leader's word")             \
    X(INSTRUCTION, "instruction", "领导批示在办", "leaders' instructions open")          \
    X(SHOULD_URGE, "should_urge", "应催办", "should be urged")                           \
    X(URGED, "urged", "已催待复", "urged, waiting for an answer")                        \
    X(SUPERVISED, "supervised", "督办待答复", "supervised, waiting for the answer")      \
    X(CRITICISM, "criticism", "通报批评候选", "candidates for circulated criticism")     \
    X(PROMISE, "promise", "承诺到期", "promises due")                                    \
    X(PROMISE_BROKEN, "promise_broken", "承诺未兑现", "promises broken")
/* clang-format on */

#define X(NAME, word, zh, en) DESK_##NAME,
enum desk { DESKS(X) DESK_COUNT };
#undef X

extern const struct choices words_desk;

/* Which facts decide anything in a case; the others need no looking up and are left 0. */
struct desk_questions {
    bool dispatch_late, unopened, criticism, instruction;
    bool urge;    /* both facts about urges */
    bool promise; /* broken ones */
};

struct desk_questions desk_questions(const struct ticket_case *ticket_case);

/* What a desk asks beside the case. */
struct desk_facts {
    bool is_dispatch_late; /* the timer flagged the present turn */
    bool is_unopened;      /* an active part that nobody of its unit has opened in time */
    bool is_criticised;    /* the fifth workday past the present deadline has begun */
    bool has_instruction;  /* a leader asked for something, not only waived */
    bool
        has_open_urge; /* a person, a notice or the citizen waits for the lead's answer */
    bool has_broken_promise;
    int64_t urge_answered_at; /* the lead's latest answer to an urge */
};

/* From `from_day` on (0: at once) the ticket stands on `desk`. */
struct desk_place {
    enum desk desk;
    int32_t from_day;
};

/*
 * All places of the ticket in its present case, each desk at most once, in the
 * order of enum desk.  SHOULD_URGE, URGED and SUPERVISED exclude each other:
 * what is supervised is not urged on top, and what is urged waits for the
 * answer; a day after an answer that did not end the matter one may ask again.
 */
size_t desk_places(const struct ticket_case *ticket_case, const struct desk_facts *facts,
                   struct desk_place ret_places[DESK_COUNT]);

#endif
