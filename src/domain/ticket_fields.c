/*
 * ticket_fields.c - what a draft and an action may carry: names, kinds, bounds.
 *
 * The parser, the checks of ticket_decide() and GET /meta read these tables;
 * there is no other list of form fields.
 */
#include "domain/ticket.h"

#define REQUIRED JSON_REQUIRED
#define OPTIONAL JSON_OPTIONAL

/* clang-format off */
static const struct json_field petitioner_fields[] = {
    JSON_TEXT  ("name",         struct petitioner_draft, name,         1, 60,  OPTIONAL),
    JSON_TEXT  ("phone",        struct petitioner_draft, phone,        3, 30,  OPTIONAL),
    JSON_CHOICE("kind",         struct petitioner_draft, kind, &words_petitioner_kind, OPTIONAL),
    JSON_TEXT  ("contact_note", struct petitioner_draft, contact_note, 1, 200, OPTIONAL),
    JSON_END
};

#define D struct ticket_draft
/* Create takes all rows; amend those marked A, none of them required. */
#define DRAFT_ROWS(C, A, need)                                                                              \
    C(DRAFT_CHANNEL,              JSON_TEXT    ("channel",              D, channel,              1, 15,    need)) \
    A(DRAFT_TITLE,                JSON_TEXT    ("title",                D, title,                1, 60,    OPTIONAL)) \
    A(DRAFT_CONTENT,              JSON_TEXT    ("content",              D, content,              1, 10000, need)) \
    A(DRAFT_DEMAND,               JSON_TEXT    ("demand",               D, demand,               1, 1000,  OPTIONAL)) \
    A(DRAFT_RESPONDENT,           JSON_TEXT    ("respondent",           D, respondent,           1, 100,   OPTIONAL)) \
    A(DRAFT_AREA,                 JSON_TEXT    ("area",                 D, area,                 1, 20,    OPTIONAL)) \
    A(DRAFT_ADDRESS,              JSON_TEXT    ("address",              D, address,              1, 200,   OPTIONAL)) \
    A(DRAFT_CATEGORY,             JSON_TEXT    ("category",             D, category,             1, 20,    OPTIONAL)) \
    A(DRAFT_TAGS,                 JSON_TEXT_LIST("tags",                D, tags,                 0, 10, 20, OPTIONAL)) \
    A(DRAFT_KIND,                 JSON_CHOICE  ("kind",                 D, kind,    &words_kind,           OPTIONAL)) \
    A(DRAFT_URGENCY,              JSON_CHOICE  ("urgency",              D, urgency, &words_urgency,        OPTIONAL)) \
    A(DRAFT_SENSITIVE,            JSON_TRISTATE("sensitive",            D, sensitive,                      OPTIONAL)) \
    A(DRAFT_SENSITIVE_REASON,     JSON_TEXT    ("sensitive_reason",     D, sensitive_reason,     1, 200,   OPTIONAL)) \
    A(DRAFT_ANONYMOUS,            JSON_TRISTATE("anonymous",            D, anonymous,                      OPTIONAL)) \
    A(DRAFT_CONFIDENTIAL,         JSON_TRISTATE("confidential",         D, confidential,                   OPTIONAL)) \
    A(DRAFT_MAY_PUBLISH,          JSON_TRISTATE("may_publish",          D, may_publish,                    OPTIONAL)) \
    A(DRAFT_SUSPECT,              JSON_TRISTATE("suspect",              D, suspect,                        OPTIONAL)) \
    A(DRAFT_OCCURRED_AT,          JSON_TIME    ("occurred_at",          D, occurred_at,                    OPTIONAL)) \
    A(DRAFT_REPEAT_OF,            JSON_TEXT    ("repeat_of",            D, repeat_of,            1, 23,    OPTIONAL)) \
    A(DRAFT_REPEAT_RELATION,      JSON_TEXT    ("repeat_relation",      D, repeat_relation,      1, 100,   OPTIONAL)) \
    C(DRAFT_UPSTREAM,             JSON_TEXT    ("upstream",             D, upstream,             1, 20,    OPTIONAL)) \
    C(DRAFT_UPSTREAM_NO,          JSON_TEXT    ("upstream_no",          D, upstream_no,          1, 64,    OPTIONAL)) \
    C(DRAFT_UPSTREAM_RECEIVED_AT, JSON_TIME    ("upstream_received_at", D, upstream_received_at,           OPTIONAL)) \
    C(DRAFT_UPSTREAM_DUE_AT,      JSON_TIME    ("upstream_due_at",      D, upstream_due_at,                OPTIONAL)) \
    A(DRAFT_PETITIONER,           JSON_OBJECT  ("petitioner",           D, petitioner, petitioner_fields,  OPTIONAL))

/* The order of the enumeration and of the rows must be the same: `present` bits are indexes. */
#define ROW(field, ...) [field] = __VA_ARGS__,
const struct json_field ticket_draft_fields[] = {
    DRAFT_ROWS(ROW, ROW, REQUIRED)
    [DRAFT_FIELD_COUNT] = JSON_END
};

#define LEFT_OUT(field, ...)
#define LISTED(field, ...) __VA_ARGS__,
const struct json_field ticket_amend_fields[] = {
    DRAFT_ROWS(LEFT_OUT, LISTED, OPTIONAL)
    JSON_END
};

#define T struct ticket_act
const struct json_field ticket_act_fields[TICKET_FIELD_COUNT] = {
    [FIELD_VERSION]           = JSON_INT     ("version",           T, version,           1, INT32_MAX, OPTIONAL),
    [FIELD_LEAD_UNIT]         = JSON_TEXT    ("lead_unit",         T, lead_unit,         1, 20,    OPTIONAL),
    [FIELD_CO_UNITS]          = JSON_TEXT_LIST("co_units",         T, co_units, 0, CO_UNITS_MAX, 20, OPTIONAL),
    [FIELD_NOTE]              = JSON_TEXT    ("note",              T, note,              1, 2000,  OPTIONAL),
    [FIELD_REASON]            = JSON_TEXT    ("reason",            T, reason,            1, 1000,  OPTIONAL),
    [FIELD_OVERRIDE_REASON]   = JSON_TEXT    ("override_reason",   T, override_reason,   1, 500,   OPTIONAL),
    [FIELD_DECLINE_REASON]    = JSON_CHOICE  ("reason_code",       T, decline_reason,    &words_decline_reason,   OPTIONAL),
    [FIELD_RETURN_REASON]     = JSON_CHOICE  ("reason_code",       T, return_reason,     &words_return_reason,    OPTIONAL),
    [FIELD_EXTEND_REASON]     = JSON_CHOICE  ("reason_code",       T, extend_reason,     &words_extend_reason,    OPTIONAL),
    [FIELD_SUPERVISE_REASON]  = JSON_CHOICE  ("reason_code",       T, supervise_reason,  &words_supervise_reason, OPTIONAL),
    [FIELD_REASON_CODES]      = JSON_CHOICES ("reason_codes",      T, reason_codes,      &words_reject_reason, 1, 9, OPTIONAL),
    [FIELD_GUIDANCE]          = JSON_TEXT    ("guidance",          T, guidance,          1, 2000,  OPTIONAL),
    [FIELD_TOLD_AT]           = JSON_TIME    ("told_at",           T, told_at,                     OPTIONAL),
    [FIELD_TOLD_WAY]          = JSON_CHOICE  ("told_way",          T, told_way,          &words_way, OPTIONAL),
    [FIELD_OFFICE_TELLS]      = JSON_TRISTATE("office_tells",      T, office_tells,                OPTIONAL),
    [FIELD_INTO]              = JSON_TEXT    ("into",              T, into,              1, 23,    OPTIONAL),
    [FIELD_LEADER]            = JSON_TEXT    ("leader",            T, leader,            1, 40,    OPTIONAL),
    [FIELD_TEXT]              = JSON_TEXT    ("text",              T, text,              1, 10000, OPTIONAL),
    [FIELD_REPORT_BACK]       = JSON_TRISTATE("report_back",       T, report_back,                 OPTIONAL),
    [FIELD_REPORT_ON]         = JSON_DATE    ("report_on",         T, report_day,                  OPTIONAL),
    [FIELD_WAIVE]             = JSON_TRISTATE("waive",             T, waive,                       OPTIONAL),
    [FIELD_BASIS]             = JSON_TEXT    ("basis",             T, basis,             1, 5000,  OPTIONAL),
    [FIELD_SUGGESTED_UNIT]    = JSON_TEXT    ("suggested_unit",    T, suggested_unit,    1, 20,    OPTIONAL),
    [FIELD_WAY]               = JSON_CHOICE  ("way",               T, way,               &words_way, OPTIONAL),
    [FIELD_AT]                = JSON_TIME    ("at",                T, at,                          OPTIONAL),
    [FIELD_PROMISED_ON]       = JSON_DATE    ("promised_on",       T, promised_day,                OPTIONAL),
    [FIELD_INTERIM_REPLY]     = JSON_TEXT    ("interim_reply",     T, interim_reply,     1, 5000,  OPTIONAL),
    [FIELD_CONTACTED]         = JSON_TRISTATE("contacted",         T, contacted,                   OPTIONAL),
    [FIELD_NO_CONTACT_REASON] = JSON_TEXT    ("no_contact_reason", T, no_contact_reason, 1, 500,   OPTIONAL),
    [FIELD_FINDING]           = JSON_TEXT    ("finding",           T, finding,           1, 10000, OPTIONAL),
    [FIELD_MEASURES]          = JSON_TEXT    ("measures",          T, measures,          1, 10000, OPTIONAL),
    [FIELD_REPLY_TEXT]        = JSON_TEXT    ("reply_text",        T, reply_text,        1, 20000, OPTIONAL),
    [FIELD_OUTCOME]           = JSON_CHOICE  ("outcome",           T, outcome,           &words_outcome, OPTIONAL),
    [FIELD_SIGNED_OFF_BY]     = JSON_TEXT    ("signed_off_by",     T, signed_off_by,     1, 60,    OPTIONAL),
    [FIELD_CO_WAIVED_REASON]  = JSON_TEXT    ("co_waived_reason",  T, co_waived_reason,  1, 500,   OPTIONAL),
    [FIELD_CONNECTED]         = JSON_TRISTATE("connected",         T, connected,                   OPTIONAL),
    [FIELD_CONTACTED_BY_UNIT] = JSON_TRISTATE("contacted_by_unit", T, contacted_by_unit,           OPTIONAL),
    [FIELD_SOLVED]            = JSON_TRISTATE("solved",            T, solved,                      OPTIONAL),
    [FIELD_SATISFACTION]      = JSON_CHOICE  ("satisfaction",      T, satisfaction,      &words_satisfaction, OPTIONAL),
    [FIELD_COMMENT]           = JSON_TEXT    ("comment",           T, comment,           1, 2000,  OPTIONAL),
    [FIELD_REWORK]            = JSON_TRISTATE("rework",            T, rework,                      OPTIONAL),
    [FIELD_CLASS]             = JSON_CHOICE  ("class",             T, exclude_class,     &words_exclude_class, OPTIONAL),
    [FIELD_EVIDENCE]          = JSON_TEXT    ("evidence",          T, evidence,          1, 5000,  OPTIONAL),
    [FIELD_DEMAND]            = JSON_TEXT    ("demand",            T, demand,            1, 2000,  OPTIONAL),
    [FIELD_ANSWER_DUE_ON]     = JSON_DATE    ("answer_due_on",     T, answer_due_day,              OPTIONAL),
    [FIELD_PUBLIC_TEXT]       = JSON_TEXT    ("public_text",       T, public_text,       1, 20000, OPTIONAL),
    [FIELD_CHANGES]           = JSON_OBJECT  ("changes",           T, changes, ticket_amend_fields, OPTIONAL),
    [FIELD_PROMISE]           = JSON_INT     ("promise",           T, promise,           1, INT64_C(9007199254740991), OPTIONAL),
    [FIELD_SUPERVISION]       = JSON_INT     ("supervision",       T, supervision,       1, INT64_C(9007199254740991), OPTIONAL),
};
/* clang-format on */

void
ticket_draft_init(struct ticket_draft *draft)
{
    *draft = (struct ticket_draft){
        .kind = CHOICE_NONE,
        .urgency = CHOICE_NONE,
        .petitioner = { .kind = CHOICE_NONE },
    };
}

uint64_t
ticket_draft_present(const struct ticket_draft *draft)
{
    uint64_t present = 0;

#define GIVEN(field, is_given)                                                           \
    if (is_given)                                                                        \
    present |= FIELD_BIT(DRAFT_##field)
    GIVEN(CHANNEL, draft->channel != NULL);
    GIVEN(TITLE, draft->title != NULL);
    GIVEN(CONTENT, draft->content != NULL);
    GIVEN(DEMAND, draft->demand != NULL);
    GIVEN(RESPONDENT, draft->respondent != NULL);
    GIVEN(AREA, draft->area != NULL);
    GIVEN(ADDRESS, draft->address != NULL);
    GIVEN(CATEGORY, draft->category != NULL);
    GIVEN(TAGS, draft->tags.items != NULL);
    GIVEN(KIND, draft->kind != CHOICE_NONE);
    GIVEN(URGENCY, draft->urgency != CHOICE_NONE);
    GIVEN(SENSITIVE, draft->sensitive != TRISTATE_ABSENT);
    GIVEN(SENSITIVE_REASON, draft->sensitive_reason != NULL);
    GIVEN(ANONYMOUS, draft->anonymous != TRISTATE_ABSENT);
    GIVEN(CONFIDENTIAL, draft->confidential != TRISTATE_ABSENT);
    GIVEN(MAY_PUBLISH, draft->may_publish != TRISTATE_ABSENT);
    GIVEN(SUSPECT, draft->suspect != TRISTATE_ABSENT);
    GIVEN(OCCURRED_AT, draft->occurred_at != 0);
    GIVEN(REPEAT_OF, draft->repeat_of != NULL);
    GIVEN(REPEAT_RELATION, draft->repeat_relation != NULL);
    GIVEN(UPSTREAM, draft->upstream != NULL);
    GIVEN(UPSTREAM_NO, draft->upstream_no != NULL);
    GIVEN(UPSTREAM_RECEIVED_AT, draft->upstream_received_at != 0);
    GIVEN(UPSTREAM_DUE_AT, draft->upstream_due_at != 0);
    GIVEN(PETITIONER, draft->petitioner.name != NULL || draft->petitioner.phone != NULL ||
                          draft->petitioner.contact_note != NULL ||
                          draft->petitioner.kind != CHOICE_NONE);
#undef GIVEN
    return present;
}

uint64_t
ticket_action_fields(enum ticket_action action)
{
    uint64_t fields = FIELD_BIT(FIELD_VERSION);

    for (size_t i = 0; i < ticket_rule_count; i++)
        if (ticket_rules[i].action == action)
            fields |= ticket_rules[i].must | ticket_rules[i].may;
    return fields;
}

void
ticket_act_init(struct ticket_act *act, enum ticket_action action)
{
    *act = (struct ticket_act){
        .action = (int)action,
        .decline_reason = CHOICE_NONE,
        .return_reason = CHOICE_NONE,
        .extend_reason = CHOICE_NONE,
        .supervise_reason = CHOICE_NONE,
        .told_way = CHOICE_NONE,
        .way = CHOICE_NONE,
        .outcome = CHOICE_NONE,
        .satisfaction = CHOICE_NONE,
        .exclude_class = CHOICE_NONE,
        .into_state = CHOICE_NONE,
    };
    ticket_draft_init(&act->changes);
}
