/*
 * unit_records.c - what a unit asks and says: extensions, returns, replies,
 * promises; and what the office hears when it calls back.
 */
#include "domain/deadline.h"
#include "store/query.h"
#include "store/records.h"
#include "store/writer.h"

enum err
extensions_add(struct txn *txn, int64_t ticket_id, const struct assignment *lead,
               const struct ticket_act *act, bool needs_leader, int64_t user_id,
               int64_t now)
{
    struct stmt *stmt = query(txn->db, Q_EXTENSION_INSERT);

    bind_int(stmt, ":ticket_id", ticket_id);
    bind_int(stmt, ":assignment_id", lead->id);
    bind_int(stmt, ":unit_id", lead->unit_id);
    bind_int(stmt, ":asked_at", now);
    bind_int(stmt, ":asked_by", user_id);
    bind_text(stmt, ":reason_code",
              choice_word(&words_extend_reason, act->extend_reason));
    bind_text(stmt, ":reason", act->reason);
    bind_int(stmt, ":promised_day", act->promised_day);
    bind_text(stmt, ":interim_reply", act->interim_reply);
    bind_int(stmt, ":told_at", act->told_at);
    bind_text(stmt, ":told_way", choice_word(&words_way, act->told_way));
    bind_int(stmt, ":needs_leader", needs_leader);
    return query_run(stmt, NULL);
}

enum err
extensions_granted(struct db *db, int64_t ticket_id, int64_t assignment_id,
                   int *ret_count)
{
    struct stmt *stmt = query(db, Q_EXTENSIONS_GRANTED);

    bind_int(stmt, ":ticket_id", ticket_id);
    bind_int(stmt, ":assignment_id", assignment_id);
    TRY(query_one(stmt));
    *ret_count = (int)row_int(stmt);
    query_end(stmt);
    return OK;
}

static enum err
decide(struct txn *txn, enum query which, int64_t ticket_id, const char *state,
       const char *note, int64_t user_id, int64_t now)
{
    struct stmt *stmt = query(txn->db, which);

    bind_int(stmt, ":ticket_id", ticket_id);
    bind_text(stmt, ":state", state);
    bind_text(stmt, ":note", note);
    bind_int(stmt, ":user_id", user_id);
    bind_int(stmt, ":now", now);
    return query_run(stmt, NULL);
}

enum err
extensions_decide(struct txn *txn, int64_t ticket_id, const char *state, const char *note,
                  int64_t user_id, int64_t now)
{
    return decide(txn, Q_EXTENSION_DECIDE, ticket_id, state, note, user_id, now);
}

enum err
returns_add(struct txn *txn, int64_t ticket_id, const struct assignment *lead,
            const char *from_state, const struct ticket_act *act, int64_t user_id,
            int64_t now)
{
    struct stmt *stmt = query(txn->db, Q_RETURN_INSERT);

    bind_int(stmt, ":ticket_id", ticket_id);
    bind_int(stmt, ":assignment_id", lead->id);
    bind_int(stmt, ":unit_id", lead->unit_id);
    bind_int(stmt, ":returned_at", now);
    bind_int(stmt, ":returned_by", user_id);
    bind_text(stmt, ":from_state", from_state);
    bind_text(stmt, ":reason_code",
              choice_word(&words_return_reason, act->return_reason));
    bind_text(stmt, ":basis", act->basis);
    bind_int(stmt, ":suggested_unit_id", act->suggested_unit_id);
    return query_run(stmt, NULL);
}

enum err
returns_decide(struct txn *txn, int64_t ticket_id, const char *state, const char *note,
               int64_t user_id, int64_t now)
{
    return decide(txn, Q_RETURN_DECIDE, ticket_id, state, note, user_id, now);
}

enum err
replies_add(struct txn *txn, int64_t ticket_id, int64_t assignment_id, int64_t unit_id,
            const char *state, const struct ticket_act *act, int outcome, int64_t user_id,
            int64_t now)
{
    const struct quality *quality = &act->quality;
    const char *findings =
        choice_list(txn->arena, &words_quality_finding, quality->findings);
    struct stmt *stmt = query(txn->db, Q_REPLY_REPLACE);

    bind_int(stmt, ":ticket_id", ticket_id);
    TRY(query_run(stmt, NULL));
    if (findings == NULL)
        return ERR_NO_MEMORY;

    stmt = query(txn->db, Q_REPLY_INSERT);
    bind_int(stmt, ":ticket_id", ticket_id);
    bind_int(stmt, ":assignment_id", assignment_id);
    bind_int(stmt, ":unit_id", unit_id);
    bind_text(stmt, ":state", state);
    bind_int(stmt, ":at", now);
    bind_int(stmt, ":written_by", user_id);
    bind_int(stmt, ":contacted", act->contacted == TRISTATE_YES);
    bind_text(stmt, ":no_contact_reason", act->no_contact_reason);
    bind_text(stmt, ":finding", act->finding);
    bind_text(stmt, ":measures", act->measures);
    bind_text(stmt, ":basis", act->basis);
    bind_text(stmt, ":reply_text", act->reply_text);
    bind_text(stmt, ":outcome", choice_word(&words_outcome, outcome));
    bind_int(stmt, ":told_at", act->told_at);
    bind_text(stmt, ":told_way", choice_word(&words_way, act->told_way));
    bind_int(stmt, ":office_tells", act->office_tells == TRISTATE_YES);
    bind_int(stmt, ":promised_day", act->promised_day);
    bind_text(stmt, ":signed_off_by", act->signed_off_by);
    bind_text(stmt, ":co_waived_reason", act->co_waived_reason);
    /* A reason without a finding overrides nothing. */
    bind_text(stmt, ":quality_findings", quality->findings != 0 ? findings : NULL);
    bind_text(stmt, ":override_reason",
              quality->findings != 0 ? act->override_reason : NULL);
    bind_text(stmt, ":copy_of", quality->copy_no[0] != '\0' ? quality->copy_no : NULL);
    return query_run(stmt, NULL);
}

enum err
replies_review(struct txn *txn, int64_t ticket_id, const char *from, const char *to,
               const char *reject_reasons, const char *note, int64_t user_id, int64_t now)
{
    struct stmt *stmt = query(txn->db, Q_REPLY_REVIEW);

    bind_int(stmt, ":ticket_id", ticket_id);
    bind_text(stmt, ":from", from);
    bind_text(stmt, ":to", to);
    bind_text(stmt, ":reject_reasons", reject_reasons);
    bind_text(stmt, ":note", note);
    bind_int(stmt, ":user_id", user_id);
    bind_int(stmt, ":now", now);
    return query_run(stmt, NULL);
}

enum err
promises_add(struct txn *txn, int64_t ticket_id, int64_t unit_id, const char *source,
             int32_t day, int64_t now)
{
    struct stmt *stmt = query(txn->db, Q_PROMISE_INSERT);

    bind_int(stmt, ":ticket_id", ticket_id);
    bind_int(stmt, ":unit_id", unit_id);
    bind_text(stmt, ":source", source);
    bind_int(stmt, ":promised_day", day);
    bind_int(stmt, ":made_at", now);
    return query_run(stmt, NULL);
}

enum err
promises_keep(struct txn *txn, int64_t ticket_id, int64_t unit_id, int64_t id,
              const char *evidence, int64_t user_id, int64_t now)
{
    struct stmt *stmt = query(txn->db, Q_PROMISE_KEEP);
    int64_t changes;

    bind_int(stmt, ":ticket_id", ticket_id);
    bind_int(stmt, ":unit_id", unit_id);
    bind_int(stmt, ":id", id);
    bind_text(stmt, ":evidence", evidence);
    bind_int(stmt, ":user_id", user_id);
    bind_int(stmt, ":now", now);
    TRY(query_run(stmt, &changes));
    return changes > 0 ? OK : ERR_TICKET_NO_PROMISE;
}

enum err
promises_drop(struct txn *txn, int64_t ticket_id, int64_t unit_id)
{
    struct stmt *stmt = query(txn->db, Q_PROMISE_DROP);

    bind_int(stmt, ":ticket_id", ticket_id);
    bind_int(stmt, ":unit_id", unit_id);
    return query_run(stmt, NULL);
}

enum err
promises_mark_broken(struct txn *txn, int64_t id, int64_t now)
{
    struct stmt *stmt = query(txn->db, Q_PROMISE_MARK_BROKEN);

    bind_int(stmt, ":id", id);
    bind_int(stmt, ":now", now);
    return query_run(stmt, NULL);
}

/* 0 not asked, 1 no, 2 yes: as in table callback. */
static int64_t
asked(enum tristate answer)
{
    return answer == TRISTATE_YES ? 2 : answer == TRISTATE_NO ? 1 : 0;
}

enum err
callbacks_add(struct txn *txn, int64_t ticket_id, int64_t round,
              const struct ticket_act *act, int64_t user_id, int64_t now)
{
    struct stmt *stmt = query(txn->db, Q_CALLBACK_INSERT);

    bind_int(stmt, ":ticket_id", ticket_id);
    bind_int(stmt, ":round", round);
    bind_int(stmt, ":at", now);
    bind_int(stmt, ":made_by", user_id);
    bind_int(stmt, ":half_day", deadline_half_day(now));
    bind_int(stmt, ":connected", act->connected == TRISTATE_YES);
    bind_int(stmt, ":contacted_by_unit", asked(act->contacted_by_unit));
    bind_int(stmt, ":solved", asked(act->solved));
    bind_text(stmt, ":satisfaction", choice_word(&words_satisfaction, act->satisfaction));
    bind_text(stmt, ":comment", act->comment);
    bind_int(stmt, ":rework", act->rework == TRISTATE_YES);
    return query_run(stmt, NULL);
}

/* --- Ratings ------------------------------------------------------------------ */

enum err
ratings_put(struct txn *txn, int64_t ticket_id, int64_t answered_at,
            const struct ticket_act *act, bool after_closing, int64_t now)
{
    struct stmt *stmt = query(txn->db, Q_RATING_PUT);

    bind_int(stmt, ":ticket_id", ticket_id);
    bind_int(stmt, ":answered_at", answered_at);
    bind_int(stmt, ":now", now);
    bind_text(stmt, ":satisfaction", choice_word(&words_satisfaction, act->satisfaction));
    bind_text(stmt, ":comment", act->comment);
    bind_int(stmt, ":waits",
             after_closing && act->satisfaction == SATISFACTION_UNSATISFIED);
    return query_run(stmt, NULL);
}

enum err
ratings_settle(struct txn *txn, int64_t ticket_id, int64_t user_id, int64_t now)
{
    struct stmt *stmt = query(txn->db, Q_RATING_SETTLE);

    bind_int(stmt, ":ticket_id", ticket_id);
    bind_int(stmt, ":user_id", user_id);
    bind_int(stmt, ":now", now);
    return query_run(stmt, NULL);
}
