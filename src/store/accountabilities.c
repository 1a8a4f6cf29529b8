#include "store/accountabilities.h"

#include "store/query.h"
#include "store/writer.h"

/* accountabilities.c - see the header. */

enum err
accountabilities_check_unit(struct db *db, int64_t ticket_id, int64_t unit_id)
{
    struct stmt *q = query(db, Q_ACCOUNTABILITY_ASSIGNMENT);

    bind_int(q, ":ticket_id", ticket_id);
    bind_int(q, ":unit_id", unit_id);
    TRY(query_one(q));
    query_end(q);
    return OK;
}

enum err
accountabilities_insert(struct txn *txn, const struct accountability *record,
                        int64_t *ret_id)
{
    struct stmt *q = query(txn->db, Q_ACCOUNTABILITY_INSERT);

    bind_int(q, ":ticket_id", record->ticket_id);
    bind_int(q, ":unit_id", record->unit_id);
    bind_text(q, ":person", record->person);
    bind_text(q, ":finding", record->finding);
    bind_text(q, ":measure", record->measure);
    bind_int(q, ":decided_day", record->decided_day);
    bind_int(q, ":laid_at", record->laid_at);
    bind_int(q, ":laid_by", record->laid_by);
    return query_insert(q, ret_id);
}

#define LINES_MAX 50

enum err
accountabilities_between(struct db *db, struct arena *arena, int32_t from, int32_t to,
                         struct accountability_line **ret_lines, size_t *ret_count)
{
    struct accountability_line *lines =
        arena_array(arena, struct accountability_line, LINES_MAX);
    struct stmt *q = query(db, Q_ACCOUNTABILITY_BETWEEN);
    size_t count = 0;
    bool has_row;

    if (lines == NULL)
        return ERR_NO_MEMORY;
    bind_int(q, ":from", from);
    bind_int(q, ":to", to);
    bind_int(q, ":limit", LINES_MAX);
    for (;;) {
        TRY(query_next(q, &has_row));
        if (!has_row)
            break;
        struct accountability_line *line = &lines[count++];
        line->unit_name = row_text_copy(q, arena);
        line->ticket_no = row_text_copy(q, arena);
        line->person = row_text_copy(q, arena);
        line->finding = row_text_copy(q, arena);
        line->measure = row_text_copy(q, arena);
        line->decided_day = (int32_t)row_int(q);
    }
    *ret_lines = lines;
    *ret_count = count;
    return OK;
}
