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

static const struct record_column urge_columns[] = {
    { "number", RECORD_TEXT },    { "kind", RECORD_TEXT },
    { "text", RECORD_TEXT },      { "issued_at", RECORD_TIME },
    { "issued_by", RECORD_TEXT }, { "read_at", RECORD_TIME },
    { "read_by", RECORD_TEXT },
};

static const struct record_column supervision_columns[] = {
    { "number", RECORD_TEXT },        { "state", RECORD_TEXT },
    { "reason_code", RECORD_TEXT },   { "demand", RECORD_TEXT },
    { "issued_at", RECORD_TIME },     { "issued_by", RECORD_TEXT },
    { "answer_due_at", RECORD_TIME }, { "late_at", RECORD_TIME },
    { "read_at", RECORD_TIME },       { "answer", RECORD_TEXT },
    { "answered_at", RECORD_TIME },   { "answered_by", RECORD_TEXT },
    { "settled_at", RECORD_TIME },    { "settled_by", RECORD_TEXT },
    { "settle_note", RECORD_TEXT },
};

static const struct record_column instruction_columns[] = {
    { "leader", RECORD_TEXT }, { "at", RECORD_TIME },
    { "text", RECORD_TEXT },   { "report_back", RECORD_BOOL },
    { "waive", RECORD_BOOL },  { "supervision", RECORD_TEXT },
};

static const struct record_column submission_columns[] = {
    { "leader", RECORD_TEXT },       { "leader_name", RECORD_TEXT },
    { "submitted_at", RECORD_TIME }, { "submitted_by", RECORD_TEXT },
    { "note", RECORD_TEXT },         { "closed_at", RECORD_TIME },
    { "closed_by", RECORD_TEXT },    { "is_waived", RECORD_BOOL },
};

static const struct record_column extension_columns[] = {
    { "state", RECORD_TEXT },         { "asked_at", RECORD_TIME },
    { "asked_by", RECORD_TEXT },      { "reason_code", RECORD_TEXT },
    { "reason", RECORD_TEXT },        { "promised_on", RECORD_DATE },
    { "interim_reply", RECORD_TEXT }, { "told_at", RECORD_TIME },
    { "told_way", RECORD_TEXT },      { "needs_leader", RECORD_BOOL },
    { "decided_at", RECORD_TIME },    { "decided_by", RECORD_TEXT },
    { "decision_note", RECORD_TEXT },
};

static const struct record_column return_columns[] = {
    { "state", RECORD_TEXT },
    { "returned_at", RECORD_TIME },
    { "returned_by", RECORD_TEXT },
    { "reason_code", RECORD_TEXT },
    { "basis", RECORD_TEXT },
    { "suggested_unit", RECORD_TEXT },
    { "suggested_unit_name", RECORD_TEXT },
    { "decided_at", RECORD_TIME },
    { "decided_by", RECORD_TEXT },
    { "decision_note", RECORD_TEXT },
};

static const struct record_column reply_columns[] = {
    { "state", RECORD_TEXT },
    { "at", RECORD_TIME },
    { "written_by", RECORD_TEXT },
    { "contacted", RECORD_BOOL },
    { "no_contact_reason", RECORD_TEXT },
    { "finding", RECORD_TEXT },
    { "measures", RECORD_TEXT },
    { "basis", RECORD_TEXT },
    { "reply_text", RECORD_TEXT },
    { "outcome", RECORD_TEXT },
    { "told_at", RECORD_TIME },
    { "told_way", RECORD_TEXT },
    { "office_tells", RECORD_BOOL },
    { "promised_on", RECORD_DATE },
    { "signed_off_by", RECORD_TEXT },
    { "co_waived_reason", RECORD_TEXT },
    { "reviewed_at", RECORD_TIME },
    { "reviewed_by", RECORD_TEXT },
    { "reject_reasons", RECORD_WORDS },
    { "review_note", RECORD_TEXT },
    { "quality_findings", RECORD_WORDS },
    { "override_reason", RECORD_TEXT },
    { "copy_of", RECORD_TEXT }, /* NULL for who does not see every ticket */
};

static const struct record_column promise_columns[] = {
    { "source", RECORD_TEXT },    { "state", RECORD_TEXT },
    { "made_at", RECORD_TIME },   { "promised_on", RECORD_DATE },
    { "broken_at", RECORD_TIME }, { "kept_at", RECORD_TIME },
    { "kept_by", RECORD_TEXT },   { "evidence", RECORD_TEXT },
};

static const struct record_column accountability_columns[] = {
    { "person", RECORD_TEXT },     { "finding", RECORD_TEXT }, { "measure", RECORD_TEXT },
    { "decided_on", RECORD_DATE }, { "laid_at", RECORD_TIME }, { "laid_by", RECORD_TEXT },
};

static const struct record_column callback_columns[] = {
    { "at", RECORD_TIME },        { "made_by", RECORD_TEXT },
    { "connected", RECORD_BOOL }, { "contacted_by_unit", RECORD_ASKED },
    { "solved", RECORD_ASKED },   { "satisfaction", RECORD_TEXT },
    { "comment", RECORD_TEXT },   { "rework", RECORD_BOOL },
};

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
