#include "store/matters.h"

#include "store/query.h"
#include "store/writer.h"

/* matters.c - see the header. */

enum err
matters_of(struct txn *txn, int64_t ticket_id, int64_t since, struct matter *ret_matter)
{
    struct stmt *stmt = query(txn->db, Q_MATTER_REPEATS);

    bind_int(stmt, ":ticket_id", ticket_id);
    bind_int(stmt, ":since", since);
    TRY(query_one(stmt));
    ret_matter->first_id = row_int(stmt);
    row_copy(stmt, ret_matter->first_no, sizeof ret_matter->first_no);
    ret_matter->repeats = row_int(stmt);
    ret_matter->is_noticed = row_int(stmt) != 0;
    query_end(stmt);
    return OK;
}

enum err
matters_notice(struct txn *txn, const struct matter *matter, int64_t ticket_id,
               int64_t now)
{
    struct stmt *stmt = query(txn->db, Q_MATTER_NOTICE);

    bind_int(stmt, ":first_id", matter->first_id);
    bind_int(stmt, ":ticket_id", ticket_id);
    bind_int(stmt, ":now", now);
    return query_run(stmt, NULL);
}

enum err
matters_settle(struct txn *txn, int64_t ticket_id, int64_t user_id, int64_t now)
{
    struct stmt *stmt = query(txn->db, Q_MATTER_SETTLE);

    bind_int(stmt, ":ticket_id", ticket_id);
    bind_int(stmt, ":user_id", user_id);
    bind_int(stmt, ":now", now);
    return query_run(stmt, NULL);
}
