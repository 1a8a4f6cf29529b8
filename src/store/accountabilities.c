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
