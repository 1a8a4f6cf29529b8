/*
 * import_rows.c - rows of a ledger, staged, and cleaned away when they are moved
 * (import_move.c) or given up.
 *
 * Invariants
 *  1. A staged row is seen by no list: nothing but this file and import_move.c
 *     reads the tables it lies in.
 *  2. All that is slow or needs memory is done before or while staging, so that
 *     the move is short.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/timeutil.h"
#include "domain/assessment.h"
#include "import_internal.h"
#include "store/imports.h"
#include "store/query.h"
#include "store/rulebook.h"
#include "store/tickets.h"
#include "store/writer.h"
#include "tickets_internal.h"

#define SERIES_BYTES 32

int64_t
imports_petitioner_id(int64_t import_id, int64_t number)
{
    return (INT64_C(1) << 40) + (import_id << 32) + number;
}

/* --- Staging ----------------------------------------------------------------------- */

/* Is a row of this import in the way? 0: none. */
static enum err
row_in_the_way(struct stmt *stmt, int64_t import_id, int64_t *ret_row)
{
    import_bind_range(stmt, import_id);
    enum err err = query_one(stmt);
    *ret_row = err == OK ? row_int(stmt) : 0;
    query_end(stmt);
    return err == ERR_NOT_FOUND ? OK : err;
}

static void
fault_of_row(struct ledger_row *row, enum ledger_field field, int64_t other)
{
    char value[TICKET_NO_BYTES];

    (void)snprintf(value, sizeof value, "%lld", (long long)other);
    ledger_fault(row, (int)field, ERR_FIELD_DUPLICATE, value);
}

static enum err
check_number(struct txn *txn, int64_t import_id, const char *no, struct ledger_row *row)
{
    struct ticket ticket;
    int64_t other;

    enum err err = tickets_by_no(txn->db, no, &ticket);
    if (err == OK)
        ledger_fault(row, LEDGER_NO, ERR_FIELD_TAKEN, ticket.no);
    if (err != ERR_NOT_FOUND)
        return err;
    struct stmt *stmt = query(txn->db, Q_IMPORT_NUMBER_TAKEN);
    bind_text(stmt, ":no", no);
    TRY(row_in_the_way(stmt, import_id, &other));
    if (other != 0)
        fault_of_row(row, LEDGER_NO, other);
    return OK;
}

static enum err
check_upstream(struct txn *txn, int64_t import_id, const struct ticket *ticket,
               struct ledger_row *row)
{
    char no[TICKET_NO_BYTES];
    int64_t other;

    struct stmt *stmt = query(txn->db, Q_TICKET_ID_BY_UPSTREAM);
    bind_text(stmt, ":upstream", ticket->upstream);
    bind_text(stmt, ":upstream_no", ticket->upstream_no);
    enum err err = query_one(stmt);
    if (err == OK) {
        row_skip(stmt);
        row_copy(stmt, no, sizeof no);
        query_end(stmt);
        ledger_fault(row, LEDGER_UPSTREAM_NO, ERR_FIELD_TAKEN, no);
    }
    if (err != ERR_NOT_FOUND)
        return err;
    stmt = query(txn->db, Q_IMPORT_UPSTREAM_TAKEN);
    bind_text(stmt, ":upstream", ticket->upstream);
    bind_text(stmt, ":upstream_no", ticket->upstream_no);
    TRY(row_in_the_way(stmt, import_id, &other));
    if (other != 0)
        fault_of_row(row, LEDGER_UPSTREAM_NO, other);
    return OK;
}

static void
series_of(int64_t received_at, char letter, char series[SERIES_BYTES])
{
    struct civil_date date = time_date_of_day(time_day(received_at));

    (void)snprintf(series, SERIES_BYTES, "ticket %04d%02d%02d %c", date.year, date.month,
                   date.mday, letter);
}

/* Does `no` look like one of ours ("20190425-W0003")? Then its series and place there. */
static bool
is_ours(const char *no, char series[SERIES_BYTES], int64_t *ret_place)
{
    if (strlen(no) < 14 || strlen(no) > 18 || strspn(no, "0123456789") != 8 ||
        no[8] != '-' || no[9] < 'A' || no[9] > 'Z' ||
        strspn(no + 10, "0123456789") != strlen(no + 10))
        return false;
    (void)snprintf(series, SERIES_BYTES, "ticket %.8s %c", no, no[9]);
    *ret_place = strtoll(no + 10, NULL, 10);
    return true;
}

/* Which number the row will have: its own one, or a place in its day's series. */
static enum err
number_row(struct txn *txn, int64_t import_id, const struct import_ready *ready,
           struct stmt *insert)
{
    char series[SERIES_BYTES];
    int64_t place = 0;

    if (ready->own_no != NULL) {
        bind_text(insert, ":no", ready->own_no);
        bind_int(insert, ":ordinal", 0);
        if (!is_ours(ready->own_no, series, &place))
            return OK;
        struct stmt *stmt = query(txn->db, Q_IMPORT_SERIES_OWN);
        bind_int(stmt, ":import_id", import_id);
        bind_text(stmt, ":name", series);
        bind_int(stmt, ":highest", place);
        return query_run(stmt, NULL);
    }
    series_of(ready->ticket.received_at, ready->row->letter, series);
    struct stmt *stmt = query(txn->db, Q_IMPORT_SERIES_COUNT);
    bind_int(stmt, ":import_id", import_id);
    bind_text(stmt, ":name", series);
    TRY(query_one(stmt));
    place = row_int(stmt);
    query_end(stmt);
    const char *kept = arena_copy(txn->arena, series, strlen(series));
    if (kept == NULL)
        return ERR_NO_MEMORY;
    bind_text(insert, ":series", kept);
    bind_int(insert, ":ordinal", place);
    return OK;
}

static enum err
stage_texts(struct txn *txn, int64_t import_id, const struct import_ready *ready,
            size_t salt_count)
{
    struct stmt *stmt = query(txn->db, Q_IMPORT_TEXT_INSERT);
    const char *const *texts = ready->row->texts;

    bind_int(stmt, ":id", import_first_row(import_id) + ready->number);
    bind_text(stmt, ":title", ready->title);
    bind_text(stmt, ":content", texts[LEDGER_CONTENT]);
    bind_text(stmt, ":demand", texts[LEDGER_DEMAND]);
    bind_text(stmt, ":respondent", texts[LEDGER_RESPONDENT]);
    bind_text(stmt, ":address", texts[LEDGER_ADDRESS]);
    bind_text(stmt, ":reply_text", texts[LEDGER_REPLY_TEXT]);
    bind_int(stmt, ":petitioner_id", imports_petitioner_id(import_id, ready->number));
    if (ready->name != NULL)
        bind_blob(stmt, ":name", ready->name, ready->name_bytes);
    if (ready->phone != NULL)
        bind_blob(stmt, ":phone", ready->phone, ready->phone_bytes);
    if (ready->has_index)
        bind_blob(stmt, ":phone_index", ready->phone_index, HASH_BYTES);
    bind_text(stmt, ":payload", ready->payload);
    bind_blob(stmt, ":salts", ready->salts, salt_count * EVENT_SALT_BYTES);
    return query_run(stmt, NULL);
}

#define STAGED_ASSIGNMENT 1 /* import_fact.subject; its number comes with the move */

/* What the ticket will contribute to the assessment, worked out before the move. */
static enum err
stage_facts(struct txn *txn, int64_t id, const struct import_ready *ready)
{
    struct ticket_case staged = { .ticket = ready->ticket };
    struct assessment_record reply = {
        .kind = ASSESSMENT_REPLY,
        .assignment_id = STAGED_ASSIGNMENT,
        .at = ready->ticket.replied_at,
        .is_good = true,
    };
    bool has_reply =
        ready->has_assignment && ready->row->texts[LEDGER_REPLY_TEXT] != NULL;
    struct assessment_fact facts[ASSESSMENT_FACTS_MAX(1, 1)];

    if (ready->has_assignment) {
        staged.assignments[0] = ready->assignment;
        staged.assignments[0].id = STAGED_ASSIGNMENT;
        staged.assignment_count = 1;
    }
    const struct rulebook *rulebook = rulebook_acquire(txn->store);
    size_t count =
        assessment_facts(&staged, &reply, has_reply, rulebook->calendar, facts);
    rulebook_release(rulebook);
    for (size_t i = 0; i < count; i++) {
        struct stmt *stmt = query(txn->db, Q_IMPORT_FACT_INSERT);
        bind_int(stmt, ":id", id);
        bind_int(stmt, ":unit_id", facts[i].unit_id);
        bind_int(stmt, ":day", facts[i].day);
        bind_int(stmt, ":subject", facts[i].subject);
        bind_int(stmt, ":is_web", assessment_is_web(&ready->ticket));
        bind_int(stmt, ":measures", (int64_t)facts[i].measures);
        bind_int(stmt, ":workdays", facts[i].workdays);
        TRY(query_run(stmt, NULL));
    }
    return OK;
}

void
imports_event_texts(const struct import_ready *ready, struct event *event)
{
    const char *const *texts = ready->row->texts;

    event_add_commitment(event, "title", ready->title);
    event_add_commitment(event, "content", texts[LEDGER_CONTENT]);
    event_add_commitment(event, "demand", texts[LEDGER_DEMAND]);
    event_add_commitment(event, "respondent", texts[LEDGER_RESPONDENT]);
    event_add_commitment(event, "address", texts[LEDGER_ADDRESS]);
    event_add_commitment(event, "reply_text", texts[LEDGER_REPLY_TEXT]);
    event_add_commitment(event, "petitioner.name", texts[LEDGER_PETITIONER_NAME]);
    event_add_commitment(event, "petitioner.phone", texts[LEDGER_PETITIONER_PHONE]);
}

enum err
imports_stage(struct txn *txn, int64_t import_id, const struct import_ready *ready,
              bool is_dry, struct ledger_row *faulty)
{
    static const char *const not_ticket[] = { ":id", ":no", NULL };
    static const char *const not_assignment[] = { ":id", NULL };
    int64_t id = import_first_row(import_id) + ready->number;
    struct event event = { .text_count = 0 };

    if (ready->own_no != NULL)
        TRY(check_number(txn, import_id, ready->own_no, faulty));
    if (ready->ticket.upstream[0] != '\0')
        TRY(check_upstream(txn, import_id, &ready->ticket, faulty));
    if (faulty->fault_count > 0)
        return OK;

    struct stmt *stmt = query(txn->db, Q_IMPORT_TICKET_INSERT);
    columns_bind(stmt, ticket_columns, ticket_column_count, not_ticket, &ready->ticket);
    bind_int(stmt, ":id", id);
    TRY(number_row(txn, import_id, ready, stmt));
    TRY(query_run(stmt, NULL));
    if (is_dry)
        return OK;
    if (ready->has_assignment) {
        stmt = query(txn->db, Q_IMPORT_ASSIGNMENT_INSERT);
        columns_bind(stmt, assignment_columns, assignment_column_count, not_assignment,
                     &ready->assignment);
        bind_int(stmt, ":id", id);
        TRY(query_run(stmt, NULL));
    }
    TRY(stage_facts(txn, id, ready));
    imports_event_texts(ready, &event);
    return stage_texts(txn, import_id, ready, event.text_count);
}

/* --- Cleaning ---------------------------------------------------------------------- */

enum err
imports_clean(struct txn *txn, int64_t id, int limit, bool *ret_more)
{
    static const enum query parts[] = { Q_IMPORT_CLEAN_TICKETS, Q_IMPORT_CLEAN_TEXTS,
                                        Q_IMPORT_CLEAN_ASSIGNMENTS,
                                        Q_IMPORT_CLEAN_FACTS };
    struct stmt *stmt = query(txn->db, Q_IMPORT_FIRST_STAGED);

    import_bind_range(stmt, id);
    enum err err = query_one(stmt);
    int64_t first = err == OK ? row_int(stmt) : 0;
    query_end(stmt);
    *ret_more = err == OK;
    if (err == ERR_NOT_FOUND) {
        stmt = query(txn->db, Q_IMPORT_CLEAN_SERIES);
        bind_int(stmt, ":import_id", id);
        TRY(query_run(stmt, NULL));
        stmt = query(txn->db, Q_IMPORT_CLEANED);
        bind_int(stmt, ":id", id);
        return query_run(stmt, NULL);
    }
    TRY(err);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        stmt = query(txn->db, parts[i]);
        bind_int(stmt, ":first", first);
        bind_int(stmt, ":last", first + limit - 1);
        TRY(query_run(stmt, NULL));
    }
    return OK;
}
