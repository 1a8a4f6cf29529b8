/*
 * records.c - what the office lays upon a ticket: urges, supervisions,
 * submissions to leaders and their instructions.
 */
#include "store/records.h"

#include "base/text.h"
#include "base/timeutil.h"
#include "store/query.h"
#include "store/tickets.h"
#include "store/writer.h"

#define NUMBER_BYTES 40

/* "2026-12": the year's sequence of a kind of paper; the page prints it as 〔2026〕12 号. */
static enum err
next_number(struct txn *txn, const char *kind, int64_t now, char number[NUMBER_BYTES])
{
    int year = time_date_of_day(time_day(now)).year;
    char name[NUMBER_BYTES];
    int64_t value;

    if (!text_format(name, sizeof name, "%s %d", kind, year))
        return ERR_INTERNAL;
    TRY(sequences_next(txn, name, &value));
    return text_format(number, NUMBER_BYTES, "%d-%lld", year, (long long)value)
               ? OK
               : ERR_INTERNAL;
}

enum err
urges_add(struct txn *txn, int64_t ticket_id, int64_t unit_id, enum urge_kind kind,
          int64_t issued_by, const char *text, int64_t now, int64_t *ret_id)
{
    char number[NUMBER_BYTES];

    bool is_paper =
        kind == URGE_NOTICE || kind == URGE_MANUAL; /* what the office issues */

    if (is_paper)
        TRY(next_number(txn, "urge", now, number));
    struct stmt *stmt = query(txn->db, Q_URGE_INSERT);
    bind_text(stmt, ":number", is_paper ? number : NULL);
    bind_int(stmt, ":ticket_id", ticket_id);
    bind_int(stmt, ":unit_id", unit_id);
    bind_text(stmt, ":kind", choice_word(&words_urge_kind, (int)kind));
    bind_int(stmt, ":issued_at", now);
    bind_int(stmt, ":issued_by", issued_by);
    bind_text(stmt, ":text", text);
    return query_insert(stmt, ret_id);
}

static enum err
mark_read(struct txn *txn, enum query which, int64_t ticket_id, int64_t unit_id,
          int64_t user_id, int64_t now)
{
    struct stmt *stmt = query(txn->db, which);

    bind_int(stmt, ":ticket_id", ticket_id);
    bind_int(stmt, ":unit_id", unit_id);
    bind_int(stmt, ":user_id", user_id);
    bind_int(stmt, ":now", now);
    return query_run(stmt, NULL);
}

enum err
urges_mark_read(struct txn *txn, int64_t ticket_id, int64_t unit_id, int64_t user_id,
                int64_t now)
{
    return mark_read(txn, Q_URGE_MARK_READ, ticket_id, unit_id, user_id, now);
}

enum err
urges_answer(struct txn *txn, int64_t ticket_id, int64_t unit_id, const char *action,
             int64_t user_id, int64_t now)
{
    struct stmt *stmt = query(txn->db, Q_URGE_ANSWER);

    bind_int(stmt, ":ticket_id", ticket_id);
    bind_int(stmt, ":unit_id", unit_id);
    bind_text(stmt, ":answer", action);
    bind_int(stmt, ":user_id", user_id);
    bind_int(stmt, ":now", now);
    return query_run(stmt, NULL);
}

/* --- Supervisions ----------------------------------------------------------- */

static enum err
insert_supervision(struct txn *txn, const char *number, int64_t ticket_id,
                   int64_t unit_id, const char *state, int reason, const char *demand,
                   int64_t issued_by, int64_t answer_due_at, int64_t now, int64_t *ret_id)
{
    struct stmt *stmt = query(txn->db, Q_SUPERVISION_INSERT);

    bind_text(stmt, ":number", number);
    bind_int(stmt, ":ticket_id", ticket_id);
    bind_int(stmt, ":unit_id", unit_id);
    bind_text(stmt, ":state", state);
    bind_text(stmt, ":reason_code", choice_word(&words_supervise_reason, reason));
    bind_text(stmt, ":demand", demand);
    bind_int(stmt, ":issued_at", now);
    bind_int(stmt, ":issued_by", issued_by);
    bind_int(stmt, ":answer_due_at", answer_due_at);
    return query_insert(stmt, ret_id);
}

enum err
supervisions_prepare(struct txn *txn, int64_t ticket_id, int64_t unit_id, int64_t now,
                     int64_t *ret_id)
{
    return insert_supervision(txn, NULL, ticket_id, unit_id, "prepared",
                              SUPERVISE_OVERDUE, NULL, 0, 0, now, ret_id);
}

enum err
supervisions_issue(struct txn *txn, int64_t ticket_id, int64_t unit_id, int reason,
                   const char *demand, int64_t issued_by, int64_t answer_due_at,
                   int64_t now, int64_t *ret_id)
{
    char number[NUMBER_BYTES];
    int64_t id;

    TRY(next_number(txn, "supervision", now, number));
    struct stmt *stmt = query(txn->db, Q_SUPERVISION_PREPARED);
    bind_int(stmt, ":ticket_id", ticket_id);
    enum err err = query_one(stmt);
    if (err == ERR_NOT_FOUND)
        return insert_supervision(txn, number, ticket_id, unit_id, "issued", reason,
                                  demand, issued_by, answer_due_at, now, ret_id);
    TRY(err);
    id = row_int(stmt);
    query_end(stmt);
    stmt = query(txn->db, Q_SUPERVISION_ISSUE);
    bind_int(stmt, ":id", id);
    bind_text(stmt, ":number", number);
    bind_int(stmt, ":unit_id", unit_id);
    bind_text(stmt, ":reason_code", choice_word(&words_supervise_reason, reason));
    bind_text(stmt, ":demand", demand);
    bind_int(stmt, ":issued_at", now);
    bind_int(stmt, ":issued_by", issued_by);
    bind_int(stmt, ":answer_due_at", answer_due_at);
    if (ret_id != NULL)
        *ret_id = id;
    return query_run(stmt, NULL);
}

/* Run an update that must hit a row. */
static enum err
run_or(struct stmt *stmt, enum err none)
{
    int64_t changes;

    TRY(query_run(stmt, &changes));
    return changes > 0 ? OK : none;
}

enum err
supervisions_answer(struct txn *txn, int64_t ticket_id, int64_t id, const char *text,
                    int64_t user_id, int64_t now)
{
    struct stmt *stmt = query(txn->db, Q_SUPERVISION_ANSWER);

    bind_int(stmt, ":ticket_id", ticket_id);
    bind_int(stmt, ":id", id);
    bind_text(stmt, ":answer", text);
    bind_int(stmt, ":user_id", user_id);
    bind_int(stmt, ":now", now);
    return run_or(stmt, ERR_TICKET_NO_SUPERVISION);
}

enum err
supervisions_settle(struct txn *txn, int64_t ticket_id, int64_t id, const char *note,
                    int64_t user_id, int64_t now)
{
    struct stmt *stmt = query(txn->db, Q_SUPERVISION_SETTLE);

    bind_int(stmt, ":ticket_id", ticket_id);
    bind_int(stmt, ":id", id);
    bind_text(stmt, ":note", note);
    bind_int(stmt, ":user_id", user_id);
    bind_int(stmt, ":now", now);
    return run_or(stmt, ERR_TICKET_NO_SUPERVISION);
}

enum err
supervisions_pass(struct txn *txn, int64_t ticket_id, int64_t unit_id)
{
    struct stmt *stmt = query(txn->db, Q_SUPERVISION_PASS);

    bind_int(stmt, ":ticket_id", ticket_id);
    bind_int(stmt, ":unit_id", unit_id);
    return query_run(stmt, NULL);
}

enum err
supervisions_mark_read(struct txn *txn, int64_t ticket_id, int64_t unit_id,
                       int64_t user_id, int64_t now)
{
    return mark_read(txn, Q_SUPERVISION_MARK_READ, ticket_id, unit_id, user_id, now);
}

enum err
supervisions_close(struct txn *txn, int64_t ticket_id, int64_t now)
{
    struct stmt *stmt = query(txn->db, Q_SUPERVISION_DROP_PREPARED);

    bind_int(stmt, ":ticket_id", ticket_id);
    TRY(query_run(stmt, NULL));
    stmt = query(txn->db, Q_SUPERVISION_SETTLE_ANSWERED);
    bind_int(stmt, ":ticket_id", ticket_id);
    bind_int(stmt, ":now", now);
    return query_run(stmt, NULL);
}

enum err
supervisions_mark_late(struct txn *txn, int64_t id, int64_t now)
{
    struct stmt *stmt = query(txn->db, Q_SUPERVISION_MARK_LATE);

    bind_int(stmt, ":id", id);
    bind_int(stmt, ":now", now);
    return query_run(stmt, NULL);
}

/* --- Submissions and instructions ------------------------------------------- */

enum err
submissions_add(struct txn *txn, int64_t ticket_id, int64_t leader_id, const char *note,
                int64_t user_id, int64_t now)
{
    struct stmt *stmt = query(txn->db, Q_SUBMISSION_INSERT);

    bind_int(stmt, ":ticket_id", ticket_id);
    bind_int(stmt, ":leader_id", leader_id);
    bind_int(stmt, ":submitted_at", now);
    bind_int(stmt, ":submitted_by", user_id);
    bind_text(stmt, ":note", note);
    return query_run(stmt, NULL);
}

enum err
submissions_close(struct txn *txn, int64_t ticket_id, int64_t leader_id, bool waive,
                  int64_t older_than, int64_t now)
{
    struct stmt *stmt = query(txn->db, Q_SUBMISSION_CLOSE);

    bind_int(stmt, ":ticket_id", ticket_id);
    bind_int(stmt, ":leader_id", leader_id);
    bind_int(stmt, ":user_id", leader_id);
    bind_int(stmt, ":waive", waive);
    bind_int(stmt, ":older_than", older_than);
    bind_int(stmt, ":now", now);
    return query_run(stmt, NULL);
}

enum err
instructions_add(struct txn *txn, int64_t ticket_id, int64_t leader_id, const char *text,
                 bool report_back, bool waive, int64_t supervision_id, int64_t now)
{
    struct stmt *stmt = query(txn->db, Q_INSTRUCTION_INSERT);

    bind_int(stmt, ":ticket_id", ticket_id);
    bind_int(stmt, ":leader_id", leader_id);
    bind_int(stmt, ":at", now);
    bind_text(stmt, ":text", text);
    bind_int(stmt, ":report_back", report_back);
    bind_int(stmt, ":waive", waive);
    bind_int(stmt, ":supervision_id", supervision_id);
    return query_run(stmt, NULL);
}
