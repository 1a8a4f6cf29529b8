/*
 * moments.c - the timer's agenda (tables moment and moment_fired) and the outbox.
 *
 * Invariants
 *  1. moment holds the plan of each ticket's present case, less what has fired.
 *  2. moment_fired holds a key at most once: that is "exactly once".
 */
#include <string.h>

#include "store/desks.h"
#include "store/query.h"
#include "store/records.h"
#include "store/rulebook.h"
#include "store/tickets.h"
#include "store/writer.h"

struct agenda {
    struct moment moments[MOMENTS_MAX * 2];
    size_t count;
};

static enum err
load_agenda(struct db *db, int64_t ticket_id, struct agenda *ret)
{
    struct stmt *stmt = query(db, Q_MOMENTS_OF_TICKET);
    bool has_row;

    ret->count = 0;
    bind_int(stmt, ":ticket_id", ticket_id);
    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row)
            return OK;
        if (ret->count == MOMENTS_MAX * 2) {
            query_end(stmt);
            return ERR_INTERNAL;
        }
        struct moment *moment = &ret->moments[ret->count++];
        moment->kind = (enum moment_kind)choice_find(&words_moment, row_text(stmt));
        moment->subject = row_int(stmt);
        moment->due_at = row_int(stmt);
    }
}

static struct moment *
find(struct moment *moments, size_t count, const struct moment *like)
{
    for (size_t i = 0; i < count; i++)
        if (moments[i].kind == like->kind && moments[i].subject == like->subject)
            return &moments[i];
    return NULL;
}

static void
bind_key(struct stmt *stmt, int64_t ticket_id, int kind, int64_t subject)
{
    bind_int(stmt, ":ticket_id", ticket_id);
    bind_text(stmt, ":kind", choice_word(&words_moment, kind));
    bind_int(stmt, ":subject", subject);
}

static enum err
drop(struct txn *txn, int64_t ticket_id, const struct moment *moment)
{
    struct stmt *stmt = query(txn->db, Q_MOMENT_DROP);

    bind_key(stmt, ticket_id, (int)moment->kind, moment->subject);
    return query_run(stmt, NULL);
}

static enum err
has_fired(struct txn *txn, int64_t ticket_id, const struct moment *moment,
          bool *ret_fired)
{
    struct stmt *stmt = query(txn->db, Q_MOMENT_HAS_FIRED);

    bind_key(stmt, ticket_id, (int)moment->kind, moment->subject);
    bind_int(stmt, ":due_at", moment->due_at);
    enum err err = query_one(stmt);
    query_end(stmt);
    *ret_fired = err == OK;
    return err == ERR_NOT_FOUND ? OK : err;
}

enum err
moments_sync(struct txn *txn, int64_t ticket_id)
{
    struct ticket_case ticket_case;

    TRY(tickets_case_by_id(txn->db, ticket_id, &ticket_case));
    return moments_sync_case(txn, &ticket_case);
}

enum err
moments_sync_case(struct txn *txn, const struct ticket_case *ticket_case)
{
    const struct rulebook *rulebook = rulebook_acquire(txn->store);
    enum err err = moments_sync_under(txn, ticket_case, rulebook);

    rulebook_release(rulebook);
    return err;
}

enum err
moments_sync_under(struct txn *txn, const struct ticket_case *ticket_case,
                   const struct rulebook *rulebook)
{
    int64_t ticket_id = ticket_case->ticket.id;
    struct moment plan[MOMENTS_MAX];
    struct agenda agenda;

    TRY(desks_sync(txn, ticket_case));
    size_t count = moments_plan(ticket_case, rulebook->calendar, &rulebook->limits, plan);
    agenda.count = 0;
    if (!ticket_case->is_new)
        TRY(load_agenda(txn->db, ticket_id, &agenda));
    for (size_t i = 0; i < agenda.count; i++)
        if (find(plan, count, &agenda.moments[i]) == NULL)
            TRY(drop(txn, ticket_id, &agenda.moments[i]));
    for (size_t i = 0; i < count; i++) {
        struct moment *old = find(agenda.moments, agenda.count, &plan[i]);
        bool fired = false;
        if (old != NULL && old->due_at == plan[i].due_at)
            continue;
        if (!ticket_case->is_new)
            TRY(has_fired(txn, ticket_id, &plan[i], &fired));
        if (fired) {
            if (old != NULL)
                TRY(drop(txn, ticket_id, old));
            continue;
        }
        struct stmt *stmt = query(txn->db, Q_MOMENT_SAVE);
        bind_key(stmt, ticket_id, (int)plan[i].kind, plan[i].subject);
        bind_int(stmt, ":due_at", plan[i].due_at);
        TRY(query_run(stmt, NULL));
    }
    return OK;
}

enum err
moments_next(struct txn *txn, int64_t now, struct due_moment *ret_moment, bool *ret_found)
{
    struct stmt *stmt = query(txn->db, Q_MOMENT_NEXT);

    bind_int(stmt, ":now", now);
    enum err err = query_one(stmt);
    *ret_found = err == OK;
    if (err == ERR_NOT_FOUND)
        return OK;
    TRY(err);
    ret_moment->ticket_id = row_int(stmt);
    ret_moment->kind = choice_find(&words_moment, row_text(stmt));
    ret_moment->subject = row_int(stmt);
    ret_moment->due_at = row_int(stmt);
    query_end(stmt);
    return OK;
}

enum err
moments_fire(struct txn *txn, const struct due_moment *moment, int64_t now,
             bool *ret_first)
{
    struct stmt *stmt = query(txn->db, Q_MOMENT_FIRE);
    int64_t changes;

    bind_key(stmt, moment->ticket_id, moment->kind, moment->subject);
    bind_int(stmt, ":due_at", moment->due_at);
    bind_int(stmt, ":fired_at", now);
    TRY(query_run(stmt, &changes));
    *ret_first = changes > 0;

    stmt = query(txn->db, Q_MOMENT_DROP);
    bind_key(stmt, moment->ticket_id, moment->kind, moment->subject);
    return query_run(stmt, NULL);
}

enum err
moments_earliest(struct db *db, int64_t *ret_due_at)
{
    struct stmt *stmt = query(db, Q_MOMENT_EARLIEST);
    enum err err = query_one(stmt);

    *ret_due_at = err == OK ? row_int(stmt) : 0;
    query_end(stmt);
    return err == ERR_NOT_FOUND ? OK : err;
}

/* --- Outbox ----------------------------------------------------------------- */

enum err
outbox_post(struct txn *txn, const char *kind, int64_t ticket_id, int64_t unit_id,
            int64_t user_id, bool is_alarm, int64_t now, int64_t not_before)
{
    struct stmt *stmt = query(txn->db, Q_OUTBOX_INSERT);

    bind_int(stmt, ":at", now);
    bind_int(stmt, ":not_before", not_before);
    bind_text(stmt, ":kind", kind);
    bind_int(stmt, ":ticket_id", ticket_id);
    bind_int(stmt, ":unit_id", unit_id);
    bind_int(stmt, ":user_id", user_id);
    bind_int(stmt, ":is_alarm", is_alarm);
    return query_run(stmt, NULL);
}

enum err
outbox_mark_seen(struct txn *txn, int64_t ticket_id, int64_t unit_id, int64_t now)
{
    struct stmt *stmt = query(txn->db, Q_OUTBOX_MARK_SEEN);

    bind_int(stmt, ":ticket_id", ticket_id);
    bind_int(stmt, ":unit_id", unit_id);
    bind_int(stmt, ":now", now);
    return query_run(stmt, NULL);
}
