/*
 * record_lists.c - records laid upon tickets, as lists.
 *
 * The rows of a kind's `columns` stand in the order of its SELECT in
 * sql/queries/record_list.sql, after id and the common head.
 */
#include "store/record_lists.h"

#include <assert.h>

#include "domain/ticket_words.h"
#include "store/query.h"
#include "store/ticket_lists.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* --- Columns ------------------------------------------------------------------ */

/* The states of records; the schema's CHECKs hold the same words. */
#define STATES(variable, ...)                                                            \
    static const struct choice variable##_items[] = { __VA_ARGS__ };                     \
    static const struct choices variable = { "state", variable##_items,                  \
                                             COUNT(variable##_items) }
STATES(supervision_states, { "prepared", "拟发", "prepared" },
       { "issued", "已发出", "issued" }, { "answered", "已答复", "answered" },
       { "settled", "已办结", "settled" });
STATES(extension_states, { "pending", "待批", "pending" },
       { "granted", "同意", "granted" }, { "refused", "不同意", "refused" },
       { "withdrawn", "已撤回", "withdrawn" });
STATES(return_states, { "pending", "待审", "pending" },
       { "accepted", "同意", "accepted" }, { "refused", "不同意", "refused" });
STATES(promise_states, { "open", "未兑现", "open" }, { "kept", "已兑现", "kept" },
       { "dropped", "已作废", "dropped" });
STATES(promise_sources, { "extension", "延期", "extension" },
       { "reply", "答复", "reply" });

/* clang-format off */
static const struct record_column urge_columns[] = {
    { "number", RECORD_TEXT, { "文号", "number" }, NULL },
    { "kind", RECORD_TEXT, { "类别", "kind" }, &words_urge_kind },
    { "text", RECORD_TEXT, { "内容", "text" }, NULL },
    { "issued_at", RECORD_TIME, { "发出时间", "issued at" }, NULL },
    { "issued_by", RECORD_TEXT, { "发出人", "issued by" }, NULL },
    { "read_at", RECORD_TIME, { "阅读时间", "read at" }, NULL },
    { "read_by", RECORD_TEXT, { "阅读人", "read by" }, NULL },
    { "answer", RECORD_TEXT, { "答复方式", "answered with" }, &words_action },
    { "answered_at", RECORD_TIME, { "答复时间", "answered at" }, NULL },
    { "answered_by", RECORD_TEXT, { "答复人", "answered by" }, NULL },
};

static const struct record_column supervision_columns[] = {
    { "number", RECORD_TEXT, { "文号", "number" }, NULL },
    { "state", RECORD_TEXT, { "状态", "state" }, &supervision_states },
    { "reason_code", RECORD_TEXT, { "理由", "reason" }, &words_supervise_reason },
    { "demand", RECORD_TEXT, { "要求", "demand" }, NULL },
    { "issued_at", RECORD_TIME, { "发出时间", "issued at" }, NULL },
    { "issued_by", RECORD_TEXT, { "发出人", "issued by" }, NULL },
    { "answer_due_at", RECORD_TIME, { "答复期限", "answer due" }, NULL },
    { "late_at", RECORD_TIME, { "逾期时间", "late since" }, NULL },
    { "read_at", RECORD_TIME, { "阅读时间", "read at" }, NULL },
    { "answer", RECORD_TEXT, { "答复", "answer" }, NULL },
    { "answered_at", RECORD_TIME, { "答复时间", "answered at" }, NULL },
    { "answered_by", RECORD_TEXT, { "答复人", "answered by" }, NULL },
    { "settled_at", RECORD_TIME, { "办结时间", "settled at" }, NULL },
    { "settled_by", RECORD_TEXT, { "办结人", "settled by" }, NULL },
    { "settle_note", RECORD_TEXT, { "办结意见", "note on settling" }, NULL },
};

static const struct record_column instruction_columns[] = {
    { "leader", RECORD_TEXT, { "领导", "leader" }, NULL },
    { "at", RECORD_TIME, { "时间", "at" }, NULL },
    { "text", RECORD_TEXT, { "内容", "text" }, NULL },
    { "report_back", RECORD_BOOL, { "要求报告", "report back" }, NULL },
    { "waive", RECORD_BOOL, { "免批", "waived" }, NULL },
    { "supervision", RECORD_TEXT, { "督办单号", "supervision" }, NULL },
    { "report_due_at", RECORD_TIME, { "报告期限", "report due" }, NULL },
    { "reported_at", RECORD_TIME, { "报告时间", "reported at" }, NULL },
    { "report", RECORD_TEXT, { "报告内容", "report" }, NULL },
    { "settled_at", RECORD_TIME, { "办结时间", "settled at" }, NULL },
    { "ticket_state", RECORD_TEXT, { "工单状态", "ticket's state" }, &words_state },
};

static const struct record_column submission_columns[] = {
    { "leader", RECORD_TEXT, { "领导", "leader" }, NULL },
    { "leader_name", RECORD_TEXT, { "领导姓名", "name of the leader" }, NULL },
    { "submitted_at", RECORD_TIME, { "呈批时间", "submitted at" }, NULL },
    { "submitted_by", RECORD_TEXT, { "呈批人", "submitted by" }, NULL },
    { "note", RECORD_TEXT, { "说明", "note" }, NULL },
    { "closed_at", RECORD_TIME, { "了结时间", "closed at" }, NULL },
    { "closed_by", RECORD_TEXT, { "了结人", "closed by" }, NULL },
    { "is_waived", RECORD_BOOL, { "免批", "waived" }, NULL },
};

static const struct record_column extension_columns[] = {
    { "state", RECORD_TEXT, { "状态", "state" }, &extension_states },
    { "asked_at", RECORD_TIME, { "申请时间", "asked at" }, NULL },
    { "asked_by", RECORD_TEXT, { "申请人", "asked by" }, NULL },
    { "reason_code", RECORD_TEXT, { "理由", "reason" }, &words_extend_reason },
    { "reason", RECORD_TEXT, { "说明", "explanation" }, NULL },
    { "promised_on", RECORD_DATE, { "承诺日期", "promised on" }, NULL },
    { "interim_reply", RECORD_TEXT, { "阶段答复", "interim reply" }, NULL },
    { "told_at", RECORD_TIME, { "告知时间", "told at" }, NULL },
    { "told_way", RECORD_TEXT, { "告知方式", "told by" }, &words_way },
    { "needs_leader", RECORD_BOOL, { "须领导审批", "needs a leader" }, NULL },
    { "decided_at", RECORD_TIME, { "审批时间", "decided at" }, NULL },
    { "decided_by", RECORD_TEXT, { "审批人", "decided by" }, NULL },
    { "decision_note", RECORD_TEXT, { "审批意见", "note on the decision" }, NULL },
};

static const struct record_column return_columns[] = {
    { "state", RECORD_TEXT, { "状态", "state" }, &return_states },
    { "returned_at", RECORD_TIME, { "退单时间", "returned at" }, NULL },
    { "returned_by", RECORD_TEXT, { "退单人", "returned by" }, NULL },
    { "reason_code", RECORD_TEXT, { "理由", "reason" }, &words_return_reason },
    { "basis", RECORD_TEXT, { "依据", "basis" }, NULL },
    { "suggested_unit", RECORD_TEXT, { "建议单位代码", "suggested unit" }, NULL },
    { "suggested_unit_name", RECORD_TEXT, { "建议单位", "name of the suggested unit" }, NULL },
    { "decided_at", RECORD_TIME, { "审批时间", "decided at" }, NULL },
    { "decided_by", RECORD_TEXT, { "审批人", "decided by" }, NULL },
    { "decision_note", RECORD_TEXT, { "审批意见", "note on the decision" }, NULL },
};

static const struct record_column reply_columns[] = {
    { "state", RECORD_TEXT, { "状态", "state" }, NULL },
    { "at", RECORD_TIME, { "时间", "at" }, NULL },
    { "written_by", RECORD_TEXT, { "撰写人", "written by" }, NULL },
    { "contacted", RECORD_BOOL, { "已联系群众", "contacted" }, NULL },
    { "no_contact_reason", RECORD_TEXT, { "未联系原因", "why not contacted" }, NULL },
    { "finding", RECORD_TEXT, { "调查核实", "finding" }, NULL },
    { "measures", RECORD_TEXT, { "处理措施", "measures" }, NULL },
    { "basis", RECORD_TEXT, { "依据", "basis" }, NULL },
    { "reply_text", RECORD_TEXT, { "答复", "answer" }, NULL },
    { "outcome", RECORD_TEXT, { "结果", "outcome" }, &words_outcome },
    { "told_at", RECORD_TIME, { "告知时间", "told at" }, NULL },
    { "told_way", RECORD_TEXT, { "告知方式", "told by" }, &words_way },
    { "office_tells", RECORD_BOOL, { "由政府办告知", "the office tells" }, NULL },
    { "promised_on", RECORD_DATE, { "承诺日期", "promised on" }, NULL },
    { "signed_off_by", RECORD_TEXT, { "签发人", "signed off by" }, NULL },
    { "co_waived_reason", RECORD_TEXT, { "不等协办原因", "why co-units were not awaited" }, NULL },
    { "reviewed_at", RECORD_TIME, { "审核时间", "reviewed at" }, NULL },
    { "reviewed_by", RECORD_TEXT, { "审核人", "reviewed by" }, NULL },
    { "reject_reasons", RECORD_WORDS, { "退回理由", "reasons for rejecting" }, &words_reject_reason },
    { "review_note", RECORD_TEXT, { "审核意见", "note on the review" }, NULL },
    { "quality_findings", RECORD_WORDS, { "质量提示", "findings on quality" }, NULL },
    { "override_reason", RECORD_TEXT, { "仍发送的原因", "why sent nevertheless" }, NULL },
    { "copy_of", RECORD_TEXT, { "雷同工单", "copy of" }, NULL }, /* NULL for who does not see every ticket */
};

static const struct record_column promise_columns[] = {
    { "source", RECORD_TEXT, { "来源", "source" }, &promise_sources },
    { "state", RECORD_TEXT, { "状态", "state" }, &promise_states },
    { "made_at", RECORD_TIME, { "作出时间", "made at" }, NULL },
    { "promised_on", RECORD_DATE, { "承诺日期", "promised on" }, NULL },
    { "broken_at", RECORD_TIME, { "逾期时间", "broken at" }, NULL },
    { "kept_at", RECORD_TIME, { "兑现时间", "kept at" }, NULL },
    { "kept_by", RECORD_TEXT, { "兑现人", "kept by" }, NULL },
    { "evidence", RECORD_TEXT, { "兑现凭据", "evidence" }, NULL },
};

static const struct record_column accountability_columns[] = {
    { "person", RECORD_TEXT, { "被追究人", "person" }, NULL },
    { "finding", RECORD_TEXT, { "问题", "finding" }, NULL },
    { "measure", RECORD_TEXT, { "处理", "measure" }, NULL },
    { "decided_on", RECORD_DATE, { "决定日期", "decided on" }, NULL },
    { "laid_at", RECORD_TIME, { "登记时间", "laid at" }, NULL },
    { "laid_by", RECORD_TEXT, { "登记人", "laid by" }, NULL },
};

static const struct record_column callback_columns[] = {
    { "at", RECORD_TIME, { "时间", "at" }, NULL },
    { "made_by", RECORD_TEXT, { "回访人", "made by" }, NULL },
    { "connected", RECORD_BOOL, { "接通", "connected" }, NULL },
    { "contacted_by_unit", RECORD_ASKED, { "单位联系过", "contacted by the unit" }, NULL },
    { "solved", RECORD_ASKED, { "已解决", "solved" }, NULL },
    { "satisfaction", RECORD_TEXT, { "满意度", "satisfaction" }, &words_satisfaction },
    { "comment", RECORD_TEXT, { "意见", "comment" }, NULL },
    { "rework", RECORD_BOOL, { "要求重办", "rework" }, NULL },
};

/* clang-format on */

#define LIST(columns_, filter_, words_)                                                  \
    {                                                                                    \
        .columns = columns_, .column_count = COUNT(columns_), .filter = filter_,         \
        .words = words_                                                                  \
    }
const struct record_list record_lists[RECORD_KIND_COUNT] = {
    [RECORD_URGE] = LIST(urge_columns, "kind", &words_urge_kind),
    [RECORD_SUPERVISION] = LIST(supervision_columns, "state", &supervision_states),
    [RECORD_INSTRUCTION] = LIST(instruction_columns, NULL, NULL),
    [RECORD_SUBMISSION] = LIST(submission_columns, NULL, NULL),
    [RECORD_EXTENSION] = LIST(extension_columns, "state", &extension_states),
    [RECORD_RETURN] = LIST(return_columns, "state", &return_states),
    [RECORD_REPLY] = LIST(reply_columns, NULL, NULL),
    [RECORD_PROMISE] = LIST(promise_columns, "state", &promise_states),
    [RECORD_ACCOUNTABILITY] = LIST(accountability_columns, NULL, NULL),
    [RECORD_CALLBACK] = LIST(callback_columns, "satisfaction", &words_satisfaction),
};

/* --- Statements ----------------------------------------------------------------- */

#define NO_QUERY QUERY_COUNT

/* Which statement drives, and which of the optional parameters it has. */
static const struct way_in {
    enum query all, of_ticket, of_unit, of_viewer;
    bool has_word;
} ways_in[RECORD_KIND_COUNT] = {
#define WAYS_IN(NAME, of_unit_, has_word_)                                               \
    {                                                                                    \
        .all = Q_##NAME##_LIST, .of_ticket = Q_##NAME##_LIST_OF_TICKET,                  \
        .of_unit = of_unit_, .of_viewer = Q_##NAME##_LIST_OF_VIEWER,                     \
        .has_word = has_word_                                                            \
    }
#define OF_TICKET(NAME, has_word_)                                                       \
    {                                                                                    \
        .all = NO_QUERY, .of_ticket = Q_##NAME##_LIST_OF_TICKET, .of_unit = NO_QUERY,    \
        .of_viewer = NO_QUERY, .has_word = has_word_                                     \
    }
    [RECORD_URGE] = WAYS_IN(URGE, Q_URGE_LIST_OF_UNIT, true),
    [RECORD_SUPERVISION] = WAYS_IN(SUPERVISION, Q_SUPERVISION_LIST_OF_UNIT, true),
    [RECORD_INSTRUCTION] = WAYS_IN(INSTRUCTION, NO_QUERY, false),
    [RECORD_SUBMISSION] = OF_TICKET(SUBMISSION, false),
    [RECORD_EXTENSION] = WAYS_IN(EXTENSION, Q_EXTENSION_LIST_OF_UNIT, true),
    [RECORD_RETURN] = WAYS_IN(RETURN, Q_RETURN_LIST_OF_UNIT, true),
    [RECORD_REPLY] = OF_TICKET(REPLY, true),
    [RECORD_PROMISE] = WAYS_IN(PROMISE, Q_PROMISE_LIST_OF_UNIT, true),
    [RECORD_ACCOUNTABILITY] =
        WAYS_IN(ACCOUNTABILITY, Q_ACCOUNTABILITY_LIST_OF_UNIT, false),
    [RECORD_CALLBACK] = WAYS_IN(CALLBACK, NO_QUERY, true),
};

/*
 * A unit's list is found among its tickets when these are few, else among the
 * newest records, of which then a good part is the unit's.
 */
static enum err
choose(struct db *db, const struct way_in *way, const struct record_filter *filter,
       enum query *ret_which)
{
    bool is_few = false;

    if (filter->ticket_id == 0 && !filter->sees_all)
        TRY(ticket_lists_few(db, filter->viewer_unit, &is_few));
    *ret_which = filter->ticket_id != 0                             ? way->of_ticket
                 : is_few                                           ? way->of_viewer
                 : filter->unit_id != 0 && way->of_unit != NO_QUERY ? way->of_unit
                                                                    : way->all;
    return *ret_which == NO_QUERY ? ERR_INTERNAL : OK;
}

static enum err
open_list(struct db *db, enum record_kind kind, const struct record_filter *filter,
          int limit, struct stmt **ret_stmt)
{
    const struct way_in *way = &ways_in[kind];
    enum query which;

    TRY(choose(db, way, filter, &which));
    /* The index by unit drives; where there is none, the statement of all compares. */
    bool takes_unit = which != way->all || way->of_unit == NO_QUERY;
    struct stmt *stmt = query(db, which);

    bind_int(stmt, ":before", filter->before == 0 ? INT64_MAX : filter->before);
    if (way->has_word)
        bind_text(stmt, ":kind", filter->word);
    bind_int(stmt, ":from", filter->from);
    bind_int(stmt, ":to", filter->to == 0 ? INT64_MAX : filter->to);
    bind_int(stmt, ":sees_all", filter->sees_all);
    bind_int(stmt, ":viewer_unit", filter->viewer_unit);
    if (which == way->of_ticket)
        bind_int(stmt, ":ticket_id", filter->ticket_id);
    if (takes_unit)
        bind_int_or_null(stmt, ":unit_id", filter->unit_id);
    bind_int(stmt, ":limit", limit);
    *ret_stmt = stmt;
    return OK;
}

static void
read_row(struct stmt *stmt, struct arena *arena, const struct record_list *list,
         struct record_row *row)
{
    row->id = row_int(stmt);
    row->ticket_no = row_text_copy(stmt, arena);
    row->ticket_title = row_text_copy(stmt, arena);
    row->unit_code = row_text_copy(stmt, arena);
    row->unit_name = row_text_copy(stmt, arena);
    row->unit_short_name = row_text_copy(stmt, arena);
    for (size_t i = 0; i < list->column_count; i++)
        switch (list->columns[i].kind) {
        case RECORD_TEXT:
        case RECORD_WORDS:
            row->values[i].text = row_text_copy(stmt, arena);
            break;
        case RECORD_TIME:
        case RECORD_DATE:
        case RECORD_BOOL:
        case RECORD_ASKED:
            row->values[i].number = row_int(stmt);
            break;
        }
}

enum err
record_lists_read(struct db *db, struct arena *arena, enum record_kind kind,
                  const struct record_filter *filter, int limit,
                  struct record_row **ret_rows, size_t *ret_count)
{
    const struct record_list *list = &record_lists[kind];
    struct record_row *rows = arena_array(arena, struct record_row, (size_t)limit);
    struct stmt *stmt;
    size_t count = 0;
    bool has_row;

    assert(list->column_count <= RECORD_COLUMNS_MAX);
    if (rows == NULL)
        return ERR_NO_MEMORY;
    TRY(open_list(db, kind, filter, limit, &stmt));
    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row || count == (size_t)limit)
            break;
        read_row(stmt, arena, list, &rows[count++]);
    }
    query_end(stmt);
    *ret_rows = rows;
    *ret_count = count;
    return OK;
}
