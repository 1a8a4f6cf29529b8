/*
 * summaries.c - summary_now, summary_day, summary_due and summary_category follow
 * every change of a ticket.
 *
 * tickets_insert() and tickets_save() are the only callers, so no command can
 * forget to count.
 */
#include "store/summaries.h"

#include <string.h>

#include "base/timeutil.h"
#include "store/callers.h"
#include "store/desks.h"
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
count_day(struct txn *txn, enum query which, const struct ticket *ticket,
          const char *measure, int64_t at)
{
    struct stmt *stmt = query(txn->db, which);

    bind_int(stmt, ":day", time_day(at));
    bind_text(stmt, ":measure", measure);
    bind_int(stmt, ":unit_id", ticket->lead_unit_id);
    bind_text(stmt, ":channel", ticket->channel);
    return query_run(stmt, NULL);
}

/* `at` moved from `old_at` to `new_at`; 0: it has not happened, or does not count any more. */
static enum err
move_day(struct txn *txn, const struct ticket *old, const struct ticket *now,
         const char *measure, int64_t old_at, int64_t new_at)
{
    if (old_at == new_at)
        return OK;
    if (old_at != 0)
        TRY(count_day(txn, Q_SUMMARY_DAY_TAKE, old, measure, old_at));
    return new_at == 0 ? OK : count_day(txn, Q_SUMMARY_DAY_ADD, now, measure, new_at);
}

/* The day a ticket with a running clock is due, 0 none. */
static int32_t
due_day(const struct ticket *ticket)
{
    bool runs = ticket->state == TICKET_DISPATCHED || ticket->state == TICKET_HANDLING ||
                ticket->state == TICKET_RETURNED;

    return runs && ticket->effective_due_at != 0 ? time_day(ticket->effective_due_at) : 0;
}

static enum err
count_due(struct txn *txn, enum query which, int32_t day)
{
    if (day == 0)
        return OK;
    struct stmt *stmt = query(txn->db, which);
    bind_int(stmt, ":day", day);
    return query_run(stmt, NULL);
}

static enum err
count_category(struct txn *txn, enum query which, const struct ticket *ticket)
{
    if (ticket->category[0] == '\0')
        return OK;
    struct stmt *stmt = query(txn->db, which);
    bind_int(stmt, ":day", time_day(ticket->received_at));
    bind_text(stmt, ":category", ticket->category);
    return query_run(stmt, NULL);
}

enum err
summaries_move(struct txn *txn, const struct ticket *before, const struct ticket *after)
{
    static const struct ticket none;
    const struct ticket *old = before != NULL ? before : &none;

    if (before == NULL) {
        TRY(count_day(txn, Q_SUMMARY_DAY_ADD, after, "received", after->received_at));
        TRY(count_category(txn, Q_SUMMARY_CATEGORY_ADD, after));
        return count_now(txn, after, 1);
    }
    if (strcmp(old->category, after->category) != 0) {
        TRY(count_category(txn, Q_SUMMARY_CATEGORY_TAKE, old));
        TRY(count_category(txn, Q_SUMMARY_CATEGORY_ADD, after));
    }
    if (due_day(old) != due_day(after)) {
        TRY(count_due(txn, Q_SUMMARY_DUE_TAKE, due_day(old)));
        TRY(count_due(txn, Q_SUMMARY_DUE_ADD, due_day(after)));
    }
    if (old->lead_unit_id != after->lead_unit_id || old->state != after->state ||
        old->light != after->light) {
        TRY(count_now(txn, old, -1));
        TRY(count_now(txn, after, 1));
    }
    if (after->round > old->round)
        TRY(count_day(txn, Q_SUMMARY_DAY_ADD, after, "dispatched", after->dispatched_at));
    if (after->replied_at != 0 && old->replied_at == 0)
        TRY(count_day(txn, Q_SUMMARY_DAY_ADD, after, "replied", after->replied_at));
    TRY(move_day(txn, old, after, "overdue", old->overdue_at, after->overdue_at));
    return move_day(txn, old, after, "closed", old->closed_at, after->closed_at);
}

/* Does every counted row equal the recount, and is none missing? */
static enum err
agrees(struct db *db, enum query which, bool *ret_agree)
{
    struct stmt *stmt = query(db, which);

    TRY(query_one(stmt));
    *ret_agree = row_int(stmt) == 0;
    query_end(stmt);
    return OK;
}

enum err
summaries_agree(struct db *db, const char **ret_wrong)
{
    static const struct {
        const char *table;
        enum query differences;
    } counted[] = {
        { "summary_now", Q_SUMMARY_NOW_DIFFERENCES },
        { "summary_due", Q_SUMMARY_DUE_DIFFERENCES },
        { "summary_category", Q_SUMMARY_CATEGORY_DIFFERENCES },
        { "summary_day", Q_SUMMARY_DAY_DIFFERENCES },
    };
    bool agree = true;

    *ret_wrong = NULL;
    for (size_t i = 0; i < sizeof counted / sizeof *counted; i++) {
        TRY(agrees(db, counted[i].differences, &agree));
        if (!agree) {
            *ret_wrong = counted[i].table;
            return OK;
        }
    }
    TRY(desks_agree(db, &agree));
    if (!agree) {
        *ret_wrong = "summary_desk";
        return OK;
    }
    TRY(callers_agree(db, &agree));
    if (!agree)
        *ret_wrong = "repeat_caller";
    return OK;
}

/* --- Counting anew ---------------------------------------------------------------- */

enum err
summaries_rebuild(struct txn *txn)
{
    static const enum query steps[] = {
        Q_SUMMARY_NOW_CLEAR, Q_SUMMARY_NOW_FILL,       Q_SUMMARY_DUE_CLEAR,
        Q_SUMMARY_DUE_FILL,  Q_SUMMARY_CATEGORY_CLEAR, Q_SUMMARY_CATEGORY_FILL,
        Q_SUMMARY_DAY_CLEAR, Q_SUMMARY_DAY_FILL,
    };

    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        TRY(query_run(query(txn->db, steps[i]), NULL));
    return OK;
}

enum err
summaries_are_built(struct db *db, bool *ret_are_built)
{
    struct stmt *stmt = query(db, Q_SUMMARY_BUILT);

    enum err err = query_one(stmt);
    *ret_are_built = err == OK && row_int(stmt) == SUMMARIES_VERSION;
    query_end(stmt);
    return err == ERR_NOT_FOUND ? OK : err;
}

enum err
summaries_set_built(struct txn *txn)
{
    struct stmt *stmt = query(txn->db, Q_SUMMARY_SET_BUILT);

    bind_int(stmt, ":version", SUMMARIES_VERSION);
    return query_run(stmt, NULL);
}
