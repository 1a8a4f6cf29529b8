/*
 * ticket_rules.c - THE table of actions: who may do what, from where, carrying
 * what, and what it does to state and clock.
 *
 * Source: product.md, section 2.  The API, GET /meta, the tests' golden matrix
 * and the documents read this table; there is no second copy.
 *
 * Invariants, tested:
 *  1. Of two rows with the same action, no state and no who lie in both.
 *  2. Every state is reached and none is without a way out.
 *  3. A row that is not versioned changes no state, deadline or content.
 */
#include "domain_internal.h"

/* clang-format off */
#define S(state) STATE_BIT(TICKET_##state)
#define OPEN (S(RECEIVED) | S(DISPATCHED) | S(HANDLING) | S(RETURNED) | S(REPLIED) | S(FEEDBACK))
#define ANY (OPEN | S(CLOSED) | S(DECLINED) | S(MERGED))
#define UNIT (WHO_HANDLER | WHO_HEAD)
#define CO_UNIT (WHO_CO_HANDLER | WHO_CO_HEAD)
#define F(field) FIELD_BIT(FIELD_##field)
#define TOLD (F(TOLD_AT) | F(TOLD_WAY))
#define PARTS (F(FINDING) | F(MEASURES) | F(REPLY_TEXT) | F(OUTCOME) | F(CONTACTED))
#define PARTS_MAY (F(NO_CONTACT_REASON) | F(BASIS) | TOLD | F(OFFICE_TELLS) | F(PROMISED_ON) | F(SIGNED_OFF_BY) | F(CO_WAIVED_REASON) | F(OVERRIDE_REASON))
#define VERSIONED true
#define FREE false

const struct ticket_rule ticket_rules[] = {
/*    from                                  action                  who                              to                   must carry                                       may carry                                        guards                                           clock         version */
    { OPEN,                                 ACT_AMEND,              WHO_CLERK,                       TICKET_SAME,         F(CHANGES),                                      F(REASON),                                       0,                                               CLOCK_NONE,   VERSIONED },
    { S(RECEIVED),                          ACT_ANSWER,             WHO_CLERK,                       TICKET_CLOSED,       F(REPLY_TEXT) | TOLD,                            0,                                               GUARD_NOT_SUSPECT,                               CLOCK_NONE,   VERSIONED },
    { S(RECEIVED),                          ACT_DECLINE,            WHO_CLERK,                       TICKET_DECLINED,     F(DECLINE_REASON) | F(GUIDANCE),                 TOLD,                                            0,                                               CLOCK_NONE,   VERSIONED },
    { S(RECEIVED)|S(DISPATCHED)|S(HANDLING), ACT_MERGE,             WHO_CLERK,                       TICKET_MERGED,       F(INTO),                                         F(NOTE),                                         GUARD_NOT_SUSPECT | GUARD_NOTHING_OPEN,          CLOCK_NONE,   VERSIONED },
    { S(MERGED),                            ACT_UNMERGE,            WHO_CLERK,                       TICKET_BY_CASE,      F(REASON),                                       0,                                               GUARD_UNMERGE_TIME,                              CLOCK_NONE,   VERSIONED },
    { S(RECEIVED),                          ACT_DISPATCH,           WHO_CLERK,                       TICKET_DISPATCHED,   F(LEAD_UNIT),                                    F(CO_UNITS) | F(NOTE) | F(OVERRIDE_REASON),      GUARD_NOT_SUSPECT,                               CLOCK_START,  VERSIONED },
    { S(DISPATCHED)|S(HANDLING),            ACT_RECALL,             WHO_CLERK,                       TICKET_RECEIVED,     F(REASON),                                       0,                                               0,                                               CLOCK_DROP,   VERSIONED },
    { S(RECEIVED)|S(DISPATCHED)|S(HANDLING)|S(REPLIED), ACT_SUBMIT, WHO_CLERK | WHO_SUPERVISOR,      TICKET_SAME,         F(LEADER) | F(NOTE),                             0,                                               0,                                               CLOCK_NONE,   VERSIONED },
    { OPEN,                                 ACT_INSTRUCT,           WHO_LEADER,                      TICKET_SAME,         F(TEXT),                                         F(REPORT_BACK) | F(REPORT_ON) | F(WAIVE),        0,                                               CLOCK_NONE,   VERSIONED },
    { S(DISPATCHED),                        ACT_SIGN,               UNIT,                            TICKET_HANDLING,     0,                                               0,                                               0,                                               CLOCK_NONE,   VERSIONED },
    { S(DISPATCHED)|S(HANDLING),            ACT_SIGN,               CO_UNIT,                         TICKET_SAME,         0,                                               0,                                               GUARD_UNSIGNED,                                  CLOCK_NONE,   VERSIONED },
    { S(DISPATCHED)|S(HANDLING),            ACT_RETURN,             UNIT,                            TICKET_RETURNED,     F(RETURN_REASON) | F(BASIS) | F(SUGGESTED_UNIT), 0,                                               GUARD_MAY_RETURN,                                CLOCK_NONE,   VERSIONED },
    { S(RETURNED),                          ACT_ACCEPT_RETURN,      WHO_CLERK,                       TICKET_RECEIVED,     0,                                               F(NOTE),                                         0,                                               CLOCK_DROP,   VERSIONED },
    { S(RETURNED),                          ACT_REFUSE_RETURN,      WHO_CLERK,                       TICKET_HANDLING,     F(REASON),                                       0,                                               0,                                               CLOCK_NONE,   VERSIONED },
    { S(DISPATCHED)|S(HANDLING),            ACT_CONTACT,            WHO_HANDLER | WHO_CONFIDENTIAL_CLERK, TICKET_SAME,    F(WAY) | F(AT) | F(NOTE),                        0,                                               0,                                               CLOCK_NONE,   FREE },
    { S(HANDLING),                          ACT_PROGRESS,           WHO_HANDLER | WHO_CO_HANDLER,    TICKET_SAME,         F(NOTE),                                         0,                                               0,                                               CLOCK_NONE,   FREE },
    { S(DISPATCHED)|S(HANDLING),            ACT_CO_REPLY,           CO_UNIT,                         TICKET_SAME,         F(TEXT),                                         0,                                               GUARD_CO_OPEN,                                   CLOCK_NONE,   VERSIONED },
    { S(HANDLING),                          ACT_PROPOSE_REPLY,      WHO_HANDLER,                     TICKET_SAME,         PARTS,                                           PARTS_MAY,                                       GUARD_ONLINE,                                    CLOCK_NONE,   VERSIONED },
    { S(HANDLING),                          ACT_HAND_BACK,          WHO_HEAD,                        TICKET_SAME,         F(NOTE),                                         0,                                               GUARD_DRAFT,                                     CLOCK_NONE,   VERSIONED },
    { S(HANDLING),                          ACT_EXTEND,             UNIT,                            TICKET_SAME,         F(EXTEND_REASON) | F(REASON) | F(PROMISED_ON) | F(INTERIM_REPLY) | TOLD, 0,                        GUARD_NO_EXTENSION_PENDING | GUARD_NOT_REWORK | GUARD_BEFORE_DEADLINE, CLOCK_NONE, VERSIONED },
    { S(HANDLING),                          ACT_GRANT_EXTENSION,    WHO_SUPERVISOR | WHO_LEADER,     TICKET_SAME,         0,                                               F(NOTE),                                         GUARD_EXTENSION_PENDING | GUARD_EXTENSION_LEVEL, CLOCK_EXTEND, VERSIONED },
    { S(HANDLING),                          ACT_REFUSE_EXTENSION,   WHO_SUPERVISOR | WHO_LEADER,     TICKET_SAME,         F(NOTE),                                         0,                                               GUARD_EXTENSION_PENDING | GUARD_EXTENSION_LEVEL, CLOCK_NONE,   VERSIONED },
    { S(HANDLING),                          ACT_REPLY,              UNIT,                            TICKET_REPLIED,      PARTS,                                           PARTS_MAY,                                       GUARD_HEAD_SENDS,                                CLOCK_STOP,   VERSIONED },
    { S(REPLIED),                           ACT_APPROVE_REPLY,      WHO_CLERK,                       TICKET_FEEDBACK,     0,                                               F(NOTE) | TOLD,                                  0,                                               CLOCK_NONE,   VERSIONED },
    { S(REPLIED),                           ACT_REJECT_REPLY,       WHO_CLERK,                       TICKET_HANDLING,     F(REASON_CODES),                                 F(NOTE),                                         0,                                               CLOCK_REWORK, VERSIONED },
    { S(FEEDBACK),                          ACT_CALL_BACK,          WHO_CLERK,                       TICKET_BY_CASE,      F(CONNECTED),                                    F(CONTACTED_BY_UNIT) | F(SOLVED) | F(SATISFACTION) | F(COMMENT) | F(REWORK), GUARD_OTHER_UNIT | GUARD_HAS_PHONE, CLOCK_NONE, VERSIONED },
    { S(FEEDBACK)|S(CLOSED),                ACT_EXCLUDE,            WHO_SUPERVISOR,                  TICKET_SAME,         F(CLASS) | F(EVIDENCE),                          0,                                               0,                                               CLOCK_NONE,   VERSIONED },
    { S(CLOSED)|S(DECLINED),                ACT_REOPEN,             WHO_SUPERVISOR,                  TICKET_BY_CASE,      F(REASON),                                       0,                                               0,                                               CLOCK_REWORK, VERSIONED },
    { OPEN,                                 ACT_URGE,               WHO_CLERK | WHO_SUPERVISOR | WHO_TIMER, TICKET_SAME,  F(NOTE),                                         0,                                               0,                                               CLOCK_NONE,   FREE },
    { OPEN,                                 ACT_URGE,               WHO_CITIZEN,                     TICKET_SAME,         0,                                               F(NOTE),                                         GUARD_URGED_TODAY,                               CLOCK_NONE,   FREE },
    { OPEN,                                 ACT_SUPERVISE,          WHO_SUPERVISOR | WHO_LEADER,     TICKET_SAME,         F(SUPERVISE_REASON) | F(DEMAND) | F(ANSWER_DUE_ON), 0,                                            0,                                               CLOCK_NONE,   VERSIONED },
    { OPEN,                                 ACT_ANSWER_SUPERVISION, UNIT,                            TICKET_SAME,         F(TEXT),                                         F(SUPERVISION),                                  GUARD_UNANSWERED,                                CLOCK_NONE,   VERSIONED },
    { OPEN,                                 ACT_SETTLE_SUPERVISION, WHO_SUPERVISOR,                  TICKET_SAME,         F(NOTE),                                         F(SUPERVISION),                                  GUARD_UNSETTLED,                                 CLOCK_NONE,   VERSIONED },
    { ANY,                                  ACT_NOTE,               WHO_STAFF,                       TICKET_SAME,         F(TEXT),                                         0,                                               0,                                               CLOCK_NONE,   FREE },
    { S(CLOSED),                            ACT_PUBLISH,            WHO_CLERK,                       TICKET_SAME,         F(PUBLIC_TEXT),                                  0,                                               GUARD_PUBLISHABLE,                               CLOCK_NONE,   VERSIONED },
    { S(CLOSED),                            ACT_UNPUBLISH,          WHO_CLERK,                       TICKET_SAME,         0,                                               F(NOTE),                                         GUARD_PUBLISHED,                                 CLOCK_NONE,   VERSIONED },
    { ANY,                                  ACT_KEEP_PROMISE,       UNIT,                            TICKET_SAME,         F(EVIDENCE),                                     F(PROMISE),                                      GUARD_PROMISE,                                   CLOCK_NONE,   VERSIONED },
    { S(FEEDBACK),                          ACT_RATE,               WHO_CITIZEN,                     TICKET_BY_CASE,      F(SATISFACTION),                                 F(COMMENT),                                      GUARD_MAY_RATE,                                  CLOCK_NONE,   VERSIONED },
    { S(CLOSED),                            ACT_RATE,               WHO_CITIZEN,                     TICKET_SAME,         F(SATISFACTION),                                 F(COMMENT),                                      GUARD_MAY_RATE,                                  CLOCK_NONE,   VERSIONED },
};
/* clang-format on */
const size_t ticket_rule_count = sizeof ticket_rules / sizeof *ticket_rules;

const struct ticket_rule *
ticket_rule_find(int state, int action, uint32_t who_bits)
{
    for (size_t i = 0; i < ticket_rule_count; i++) {
        const struct ticket_rule *rule = &ticket_rules[i];
        if ((int)rule->action == action && (rule->from & STATE_BIT(state)) != 0 &&
            (rule->who & who_bits) != 0)
            return rule;
    }
    return NULL;
}
