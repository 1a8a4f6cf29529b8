/*
 * summaries.c - summary_now and summary_day follow every change of a ticket.
 *
 * tickets_insert() and tickets_save() are the only callers, so no command can
 * forget to count.
 */
#include "store/summaries.h"

#include <string.h>

#include "base/timeutil.h"
#include "store/query.h"
#include "store/writer.h"

static enum err
count_now(struct txn *txn, const struct ticket *ticket, int64_t by)
{
    struct stmt *stmt = query(txn->db, by > 0 ? Q_SUMMARY_NOW_ADD : Q_SUMMARY_NOW_TAKE);

    bind_int(stmt, ":unit_id", ticket->lead_unit_id);
    bind_text(stmt, ":state", choice_word(&words_state, ticket->state));
    bind_text(stmt, ":light", choice_word(&words_light, ticket->light));
    return query_run(stmt, NULL);
}

static enum err
count_day(struct txn *txn, const struct ticket *ticket, const char *measure, int64_t at)
{
    struct stmt *stmt = query(txn->db, Q_SUMMARY_DAY_ADD);

    bind_int(stmt, ":day", time_day(at));
    bind_text(stmt, ":measure", measure);
    bind_int(stmt, ":unit_id", ticket->lead_unit_id);
    bind_text(stmt, ":channel", ticket->channel);
    return query_run(stmt, NULL);
}

enum err
summaries_move(struct txn *txn, const struct ticket *before, const struct ticket *after)
{
    static const struct ticket none;
    const struct ticket *old = before != NULL ? before : &none;

    if (before == NULL) {
        TRY(count_day(txn, after, "received", after->received_at));
        return count_now(txn, after, 1);
    }
    if (old->lead_unit_id != after->lead_unit_id || old->state != after->state ||
        old->light != after->light) {
        TRY(count_now(txn, old, -1));
        TRY(count_now(txn, after, 1));
    }
    if (after->round > old->round)
        TRY(count_day(txn, after, "dispatched", after->dispatched_at));
    if (after->replied_at != 0 && old->replied_at == 0)
        TRY(count_day(txn, after, "replied", after->replied_at));
    if (after->overdue_at != 0 && old->overdue_at == 0)
        TRY(count_day(txn, after, "overdue", after->overdue_at));
    if (after->closed_at != 0 && old->closed_at == 0)
        TRY(count_day(txn, after, "closed", after->closed_at));
    return OK;
}

/* Does every counted row equal the recount, and is none missing? */
enum err
summaries_agree(struct db *db, bool *ret_agree)
{
    struct stmt *stmt = query(db, Q_SUMMARY_NOW_DIFFERENCES);

    TRY(query_one(stmt));
    *ret_agree = row_int(stmt) == 0;
    query_end(stmt);
    return OK;
}
