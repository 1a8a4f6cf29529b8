#ifndef YIDAN_DOMAIN_LEDGER_H
#define YIDAN_DOMAIN_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/json.h"
#include "domain/ticket.h"

/*
 * ledger.h - a row of an old ledger (台账) and the ticket it stands for.
 *
 * Layer    domain: texts in, values out; nothing is looked up here.
 * Threads  pure functions.
 * Units    `_at` UTC seconds, 0 none.
 * Source   product.md, section 12: historical times; a dry run names every bad
 *          row and its reason.
 */

/*
 * The columns a ledger may have: X(NAME, "word", kind, characters, "header", "others").
 * `header` and what stands in `others`, separated by bars, are the names by
 * which the column is known; so is the word.
 */
/* clang-format off */
#define LEDGER_FIELDS(X)                                                                                     \
    X(NO,               "no",               NO,           23,    "工单编号", "编号|单号|工单号")               \
    X(CHANNEL,          "channel",          NAME,         40,    "渠道",     "受理渠道|来源渠道|来源")         \
    X(UPSTREAM,         "upstream",         CODE,         23,    "上级平台", "来源平台")                       \
    X(UPSTREAM_NO,      "upstream_no",      TEXT,         64,    "上级编号", "平台编号|上级工单号")            \
    X(RECEIVED_AT,      "received_at",      TIME,         0,     "受理时间", "接收时间|登记时间|来电时间|留言时间") \
    X(KIND,             "kind",             KIND,         0,     "诉求类型", "类型|诉求性质")                  \
    X(TITLE,            "title",            TEXT,         60,    "标题",     "主题|诉求标题")                  \
    X(CONTENT,          "content",          TEXT,         10000, "内容",     "诉求内容|主要内容|留言详情")     \
    X(DEMAND,           "demand",           TEXT,         2000,  "诉求",     "具体诉求")                       \
    X(RESPONDENT,       "respondent",       TEXT,         200,   "被反映对象", "被投诉对象|被反映单位")        \
    X(AREA,             "area",             NAME,         80,    "区域",     "所属区域|乡镇|所属乡镇")         \
    X(ADDRESS,          "address",          TEXT,         200,   "地址",     "事发地址|详细地址")              \
    X(CATEGORY,         "category",         NAME,         80,    "分类",     "类别|诉求分类")                  \
    X(URGENCY,          "urgency",          URGENCY,      0,     "紧急程度", "")                               \
    X(PETITIONER_NAME,  "petitioner_name",  TEXT,         50,    "姓名",     "诉求人|来信人|联系人|来电人")    \
    X(PETITIONER_PHONE, "petitioner_phone", PHONE,        30,    "电话",     "联系电话|来电号码|手机号码")     \
    X(LEAD_UNIT,        "lead_unit",        NAME,         80,    "承办单位", "主办单位|责任单位|办理单位")     \
    X(DISPATCHED_AT,    "dispatched_at",    TIME,         0,     "交办时间", "转办时间|派单时间")              \
    X(SIGNED_AT,        "signed_at",        TIME,         0,     "签收时间", "")                               \
    X(REPLIED_AT,       "replied_at",       TIME,         0,     "回复时间", "答复时间")                       \
    X(REPLY_TEXT,       "reply_text",       TEXT,         20000, "回复内容", "答复内容|答复意见|办理结果")     \
    X(CLOSED_AT,        "closed_at",        TIME,         0,     "办结时间", "")                               \
    X(OUTCOME,          "outcome",          OUTCOME,      0,     "办理结论", "结论|办结类型")                  \
    X(SATISFACTION,     "satisfaction",     SATISFACTION, 0,     "满意度",   "群众评价|满意情况")
/* clang-format on */

#define X(NAME, word, kind, characters, header, others) LEDGER_##NAME,
enum ledger_field { LEDGER_FIELDS(X) LEDGER_FIELD_COUNT };
#undef X
/* Their words; the labels are the headers. */
extern const struct choices words_ledger_field;

/*
 * The version of a ticket to which more happened than its receipt: all of that
 * is one event, so it is one version more.
 */
#define LEDGER_VERSION (TICKET_FIRST_VERSION + 1)

/* Longer than any field may be, in bytes. */
#define LEDGER_ROW_BYTES_MAX ((size_t)256 * 1024)

/* The field that a header means, or CHOICE_NONE (-1). */
int ledger_field_of(const char *header);

/*
 * Is this "field:text,field:text" with words of fields, each once, and texts
 * that are not empty?  Also when it is empty.
 */
bool ledger_pairs_are_good(const char *pairs);

/* What is wrong with one field of a row. */
struct ledger_fault {
    int field; /* enum ledger_field; CHOICE_NONE: the row as a whole */
    enum err code;
    char value
        [TICKET_NO_BYTES]; /* a limit, a field's word, a row, a number; never what was typed */
};
#define LEDGER_FAULTS_MAX (LEDGER_FIELD_COUNT + 8)

/* A row as read.  Texts are borrowed from whoever gave them. */
struct ledger_row {
    int64_t number;                        /* in the file, see csv.h */
    const char *texts[LEDGER_FIELD_COUNT]; /* NULL: empty */
    int64_t times[LEDGER_FIELD_COUNT];     /* of the fields that are times */
    int kind, urgency, outcome, satisfaction;

    /* Looked up by whoever reads the file; empty or 0 without. */
    const char *channel, *area, *category; /* codes */
    int64_t lead_unit_id;
    int32_t channel_workdays;
    char letter; /* of the channel */

    struct ledger_fault faults[LEDGER_FAULTS_MAX];
    size_t fault_count;
};

void ledger_fault(struct ledger_row *row, int field, enum err code, const char *value);

/*
 * Read `texts` (NULL: empty) of row `number` into `ret_row`: times in the usual
 * spellings, words or labels of the enumerations, lengths, the phone; what is
 * missing; and whether the times follow one another.  Nothing lies after `now`.
 * A time that is only a day is midnight, or as late on that day as the step
 * before it.  All faults are found, not only the first.
 */
void ledger_read(const char *const texts[LEDGER_FIELD_COUNT], int64_t number,
                 const char *area_code, int64_t now, struct ledger_row *ret_row);

/*
 * The ticket that a row without faults stands for, as the rules of THE table
 * make it from receipt to closing at the times of the row: its deadline by
 * this calendar, late or in time, its assignment.  Its version is the
 * first one or LEDGER_VERSION.
 *
 * A reply without a closing time closes the ticket: a ledger keeps what is over.
 * What a ledger does not tell stays unknown: without a time of signing there
 * is no limit for signing or first contact.  A clock that still runs is judged
 * at `now`.
 */
void ledger_case(const struct ledger_row *row, const struct actor *actor,
                 const struct calendar *calendar, const struct limits *limits,
                 int64_t now, struct ticket_case *ret_case);

#endif
