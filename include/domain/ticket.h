#ifndef YIDAN_DOMAIN_TICKET_H
#define YIDAN_DOMAIN_TICKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/json.h"
#include "domain/deadline.h"
#include "domain/quality.h"
#include "domain/ticket_words.h"

/*
 * ticket.h - the facts of a ticket, and what an action makes of them.
 *
 * Layer    domain: no I/O, no clock, no globals.  `now` is a parameter.
 * Threads  values only.
 * Units    `_at` UTC seconds, 0 none; `_day` local days, 0 none; ids are row
 *          numbers, 0 none; optional enumerations are CHOICE_NONE (-1).
 * Source   product.md, sections 2 to 4 and 7.
 */

struct calendar;

#define TICKET_NO_BYTES 24
#define CODE_BYTES 24

/* As received, before any action that changes state, deadline or content. */
#define TICKET_FIRST_VERSION 1

/* One row of table `ticket`; the members are its columns. */
struct ticket {
    int64_t id;
    char no[TICKET_NO_BYTES];
    char query_code[12];
    char channel[CODE_BYTES];
    char upstream[CODE_BYTES], upstream_no[72];
    int64_t upstream_received_at, upstream_due_at;
    int64_t received_at, received_by, occurred_at;
    int kind;
    char area[CODE_BYTES], category[CODE_BYTES];
    int urgency;
    bool sensitive, anonymous, confidential, may_publish, suspect, has_phone;
    int64_t repeat_of;
    int state;
    int64_t version, round;
    bool hard_case;
    int64_t lead_unit_id;
    int64_t first_dispatched_at, dispatched_at, due_at, effective_due_at;
    int64_t
        clock_from_at; /* when the limit behind effective_due_at began; 0: a promised day */
    bool due_provisional, due_capped;
    int light;
    int64_t overdue_at, state_due_at, replied_at, answered_at;
    int outcome;
    int64_t told_at;
    int told_way;
    int satisfaction_first, satisfaction_final;
    int64_t solved; /* 0 unknown, 1 no, 2 yes */
    char exclude_class[32];
    int64_t published_at;
    int64_t merged_into, merged_at;
    int merged_from_state;
    int64_t return_count, extension_count, rework_count, urge_count, citizen_urge_count,
        supervision_count;
    int64_t closed_at;
    bool closed_unreachable;
    int64_t citizen_urged_at; /* the citizen's last urge */
    int64_t rated_at;         /* the citizen first rated the present answer */
};

/* One unit's part in one round: a row of table `assignment`. */
struct assignment {
    int64_t id, round, unit_id;
    int relation;
    bool is_active, is_visible, is_counted, is_designated, return_refused;
    int64_t dispatched_at, due_at, effective_due_at, sign_due_at, opened_at, signed_at,
        sign_late_at, contact_due_at, contacted_at, contact_late_at, replied_at,
        overdue_at;
    int64_t rework_count, ended_at;
    char end_reason[12];
};

#define ASSIGNMENTS_MAX 48
#define CO_UNITS_MAX 10
#define OPEN_RECORDS_MAX 16

/*
 * A ticket with the facts its rules depend on.  Assignments of all rounds,
 * oldest first.
 */
struct ticket_case {
    struct ticket ticket;
    bool is_new; /* just received: nothing follows from it in any table yet */
    struct assignment assignments[ASSIGNMENTS_MAX];
    size_t assignment_count;

    int lead_sign_off; /* enum sign_off of the lead unit */

    struct {
        int64_t id, asked_at;
        int32_t promised_day;
        bool needs_leader;
    } extension; /* the pending one; id 0: none */

    struct {
        int64_t id, unit_id;
        int from_state;
    } return_request; /* the pending one */

    struct open_submission {
        int64_t id, leader_id, submitted_at;
    } submissions[OPEN_RECORDS_MAX]; /* not yet instructed or waived */
    size_t submission_count;
    bool was_submitted; /* to any leader, ever */

    struct open_supervision {
        int64_t id, answer_due_at;
        bool is_answered;
    } supervisions[OPEN_RECORDS_MAX]; /* issued or answered, not settled */
    size_t supervision_count;

    struct open_promise {
        int64_t id, unit_id;
        int32_t promised_day;
    } promises[OPEN_RECORDS_MAX];
    size_t promise_count;

    struct {
        int64_t id;
        bool is_proposed; /* waits for the unit head */
        bool office_tells;
        int outcome;
        int32_t promised_day;
        int64_t told_at;
    } reply; /* the latest one that is proposed, sent or approved; id 0: none */

    int32_t half_days
        [OPEN_RECORDS_MAX]; /* of unconnected callbacks of this answer, distinct */
    size_t half_day_count;
};

/* The present lead's or a unit's active assignment, or NULL. */
struct assignment *ticket_case_lead(const struct ticket_case *ticket_case);
struct assignment *ticket_case_active(const struct ticket_case *ticket_case,
                                      int64_t unit_id);

enum actor_kind {
    ACTOR_USER,
    ACTOR_TOKEN,
    ACTOR_CITIZEN,
    ACTOR_TIMER,
    ACTOR_CLI,
    ACTOR_KIND_COUNT
};

/* Who asks. `roles` are bits 1u << ROLE_…; only a user has any. */
struct actor {
    enum actor_kind kind;
    int64_t id, unit_id;
    uint32_t roles;
};
#define ROLE_BIT(role) (1u << (role))
#define SCOPE_BIT(scope) (1u << (scope))

/* The word in event.actor_kind. */
const char *actor_kind_word(enum actor_kind kind);

/* The petitioner as typed. */
struct petitioner_draft {
    const char *name, *phone, *contact_note;
    int kind;
};

/* What a citizen says, as it arrives: the body of create, and `changes` of amend. */
struct ticket_draft {
    const char *channel, *title, *content, *demand, *respondent, *area, *address,
        *category;
    struct text_list tags;
    int kind, urgency;
    enum tristate sensitive, anonymous, confidential, may_publish, suspect;
    const char *sensitive_reason;
    int64_t occurred_at;
    const char *repeat_of, *repeat_relation;
    const char *upstream, *upstream_no;
    int64_t upstream_received_at, upstream_due_at;
    struct petitioner_draft petitioner;
};

/* Index of each member of a draft in ticket_draft_fields and in `present` bits. */
enum draft_field {
    DRAFT_CHANNEL,
    DRAFT_TITLE,
    DRAFT_CONTENT,
    DRAFT_DEMAND,
    DRAFT_RESPONDENT,
    DRAFT_AREA,
    DRAFT_ADDRESS,
    DRAFT_CATEGORY,
    DRAFT_TAGS,
    DRAFT_KIND,
    DRAFT_URGENCY,
    DRAFT_SENSITIVE,
    DRAFT_SENSITIVE_REASON,
    DRAFT_ANONYMOUS,
    DRAFT_CONFIDENTIAL,
    DRAFT_MAY_PUBLISH,
    DRAFT_SUSPECT,
    DRAFT_OCCURRED_AT,
    DRAFT_REPEAT_OF,
    DRAFT_REPEAT_RELATION,
    DRAFT_UPSTREAM,
    DRAFT_UPSTREAM_NO,
    DRAFT_UPSTREAM_RECEIVED_AT,
    DRAFT_UPSTREAM_DUE_AT,
    DRAFT_PETITIONER,
    DRAFT_FIELD_COUNT
};
extern const struct json_field
    ticket_draft_fields[]; /* create: by enum draft_field, then JSON_END */
/* `changes`: the same rows without those that cannot be amended, none required. */
extern const struct json_field ticket_amend_fields[];
/* A draft with nothing in it: choices CHOICE_NONE. */
void ticket_draft_init(struct ticket_draft *draft);
/* FIELD_BITs of enum draft_field: what a draft says anything about. */
uint64_t ticket_draft_present(const struct ticket_draft *draft);

/* What an action may carry: index in ticket_act_fields. */
enum ticket_field {
    FIELD_VERSION,
    FIELD_LEAD_UNIT,
    FIELD_CO_UNITS,
    FIELD_NOTE,
    FIELD_REASON,
    FIELD_OVERRIDE_REASON,
    FIELD_DECLINE_REASON,
    FIELD_RETURN_REASON,
    FIELD_EXTEND_REASON,
    FIELD_SUPERVISE_REASON,
    FIELD_REASON_CODES,
    FIELD_GUIDANCE,
    FIELD_TOLD_AT,
    FIELD_TOLD_WAY,
    FIELD_OFFICE_TELLS,
    FIELD_INTO,
    FIELD_LEADER,
    FIELD_TEXT,
    FIELD_REPORT_BACK,
    FIELD_REPORT_ON,
    FIELD_WAIVE,
    FIELD_BASIS,
    FIELD_SUGGESTED_UNIT,
    FIELD_WAY,
    FIELD_AT,
    FIELD_PROMISED_ON,
    FIELD_INTERIM_REPLY,
    FIELD_CONTACTED,
    FIELD_NO_CONTACT_REASON,
    FIELD_FINDING,
    FIELD_MEASURES,
    FIELD_REPLY_TEXT,
    FIELD_OUTCOME,
    FIELD_SIGNED_OFF_BY,
    FIELD_CO_WAIVED_REASON,
    FIELD_CONNECTED,
    FIELD_CONTACTED_BY_UNIT,
    FIELD_SOLVED,
    FIELD_SATISFACTION,
    FIELD_COMMENT,
    FIELD_REWORK,
    FIELD_CLASS,
    FIELD_EVIDENCE,
    FIELD_DEMAND,
    FIELD_ANSWER_DUE_ON,
    FIELD_PUBLIC_TEXT,
    FIELD_CHANGES,
    FIELD_PROMISE,
    FIELD_SUPERVISION,
    TICKET_FIELD_COUNT
};
#define FIELD_BIT(field) (UINT64_C(1) << (field))

/* An action as asked for. Absent texts are NULL, choices CHOICE_NONE, times and days 0. */
struct ticket_act {
    int action;               /* enum ticket_action */
    uint64_t present;         /* FIELD_BITs the request names */
    uint64_t changes_present; /* bits of enum draft_field in `changes` */
    int64_t version;
    const char *lead_unit;
    struct text_list co_units;
    const char *note, *reason, *override_reason;
    int decline_reason, return_reason, extend_reason, supervise_reason;
    uint64_t reason_codes; /* bits of words_reject_reason */
    const char *guidance;
    int64_t told_at;
    int told_way;
    enum tristate office_tells;
    const char *into, *leader, *text;
    enum tristate report_back, waive;
    int32_t report_day;
    const char *basis, *suggested_unit;
    int way;
    int64_t at;
    int32_t promised_day;
    const char *interim_reply;
    enum tristate contacted;
    const char *no_contact_reason, *finding, *measures, *reply_text;
    int outcome;
    const char *signed_off_by, *co_waived_reason;
    enum tristate connected, contacted_by_unit, solved;
    int satisfaction;
    const char *comment;
    enum tristate rework;
    int exclude_class;
    const char *evidence, *demand;
    int32_t answer_due_day;
    const char *public_text;
    struct ticket_draft changes;
    int64_t promise, supervision;

    /* Looked up by the command before deciding; 0 when there is none such. */
    int64_t lead_unit_id, suggested_unit_id, into_id, leader_id;
    int64_t co_unit_ids[CO_UNITS_MAX];
    bool lead_is_complete;   /* has head, deputy and contact (section 8) */
    bool lead_is_respondent; /* the ticket's respondent names that unit */
    int lead_sign_off;
    struct quality quality; /* what was found in the reply; zeroed: nothing */
    int into_state;
    bool has_merged;          /* others were merged into this ticket */
    int64_t channel_workdays; /* of its channel, or its category when that is shorter */
};

/* All fields by enum ticket_field: name, kind, bounds, offset in struct ticket_act. */
extern const struct json_field ticket_act_fields[TICKET_FIELD_COUNT];
void ticket_act_init(struct ticket_act *act, enum ticket_action action);
/* FIELD_BITs: all that any rule of `action` must or may carry, and `version`. */
uint64_t ticket_action_fields(enum ticket_action action);

/* What an action does to the ticket's clock. */
enum clock_effect {
    CLOCK_NONE,   /* touches none */
    CLOCK_START,  /* a new round: due and effective_due */
    CLOCK_STOP,   /* the unit's time is frozen */
    CLOCK_EXTEND, /* effective_due moves to the promise */
    CLOCK_REWORK, /* effective_due is the rework limit from now */
    CLOCK_DROP    /* the round ends uncounted */
};

/*
 * One row of THE table (ticket_rules.c).  `from` and `who` are sets.  `to` may
 * be TICKET_SAME, or TICKET_BY_CASE where the section "what follows from what"
 * decides (ticket_apply.c).
 */
struct ticket_rule {
    uint32_t from;
    enum ticket_action action;
    uint32_t who;
    int to;
    uint64_t must, may;
    uint32_t guards;
    enum clock_effect clock;
    bool is_versioned;
};
#define TICKET_SAME (-1)
#define TICKET_BY_CASE (-2)
#define STATE_BIT(state) (1u << (state))

/* The sets of `who`: a role, and for units the relation too. */
enum who {
    WHO_CLERK = 1 << 0,
    WHO_SUPERVISOR = 1 << 1,
    WHO_LEADER = 1 << 2,
    WHO_HANDLER = 1 << 3, /* of the lead unit */
    WHO_HEAD = 1 << 4,    /* of the lead unit */
    WHO_CO_HANDLER = 1 << 5,
    WHO_CO_HEAD = 1 << 6,
    WHO_TIMER = 1 << 7,
    WHO_CITIZEN = 1 << 8,
    WHO_STAFF = 1 << 9,              /* anyone who may see the ticket */
    WHO_CONFIDENTIAL_CLERK = 1 << 10 /* confidential: the clerk in the unit's place */
};

extern const struct ticket_rule ticket_rules[];
extern const size_t ticket_rule_count;

/* The rule for this move by somebody who matches `who_bits`, or NULL. */
const struct ticket_rule *ticket_rule_find(int state, int action, uint32_t who_bits);

/* The WHO bits an actor has on this ticket. */
uint32_t ticket_who(const struct ticket_case *ticket_case, const struct actor *actor);

/* Lead, co or none: from the unit's present part in the ticket. */
enum relation ticket_relation(const struct ticket_case *ticket_case, int64_t unit_id);

/* The result of deciding: the case as it will be. */
struct ticket_change {
    const struct ticket_rule *rule;
    int from_state;
    struct ticket_case after;
};

/*
 * May `actor` do `act` on this ticket now, and what follows?  Asked in this
 * order, so that the same wrong request always gets the same answer:
 * visible -> role and relation -> version -> rule -> what it must carry -> clock.
 *
 * Errors   ERR_NOT_FOUND                not visible
 *          ERR_FORBIDDEN                role or relation
 *          ERR_TICKET_VERSION_CONFLICT  value: the present version
 *          ERR_TICKET_WRONG_STATE       value: the present state; or another
 *                                       409 of the guards (ticket_guard.c)
 *          ERR_FIELDS                   each field named
 */
MUST_CHECK enum err ticket_decide(const struct ticket_case *ticket_case,
                                  const struct actor *actor, const struct ticket_act *act,
                                  const struct calendar *calendar,
                                  const struct limits *limits, int64_t now,
                                  struct ticket_change *ret_change,
                                  struct problem *reterr_problem);

/*
 * The rules whose action `actor` could do now, judged up to "rule" and the
 * guards that need no request; for the `actions` of a ticket.  Fills `ret_rules`
 * (room for TICKET_ACTION_COUNT) and returns how many.
 */
size_t ticket_possible(const struct ticket_case *ticket_case, const struct actor *actor,
                       const struct calendar *calendar, const struct limits *limits,
                       int64_t now, const struct ticket_rule **ret_rules);

/*
 * A new ticket from a draft: state, defaults, clocks; `ticket->no`, query_code
 * and id are the command's.  Errors: ERR_FIELDS.
 */
MUST_CHECK enum err ticket_receive(const struct ticket_draft *draft,
                                   const struct actor *actor,
                                   const struct calendar *calendar,
                                   const struct limits *limits, int64_t now,
                                   struct ticket *ret_ticket,
                                   struct problem *reterr_problem);

/* Is the ticket open: not closed, declined or merged? */
bool ticket_is_open(const struct ticket *ticket);

/* The light of a ticket at `now`: running clocks only. */
enum light ticket_light(const struct ticket *ticket, const struct calendar *calendar,
                        const struct limits *limits, int64_t now);

#endif
