/*
 * verify.c - see the header.  A check that fails says where; the others go on.
 */
#include "store/verify.h"

#include <stdlib.h>
#include <string.h>

#include "base/crypt.h"
#include "base/ident.h"
#include "base/text.h"
#include "domain/deadline.h"
#include "domain/ticket.h"
#include "schema.gen.h"
#include "store/assessments.h"
#include "store/events.h"
#include "store/query.h"
#include "store/reader.h"
#include "store/rulebook.h"
#include "store/store.h"
#include "store/summaries.h"
#include "store/tickets.h"
#include "store/vocabulary.h"
#include "store_internal.h"
#include "verify_internal.h"

void
verify_find(struct verify *verify, const char *check, int64_t seq, const char *what)
{
    struct verify_finding finding = { check, seq, what == NULL ? "" : what };

    verify->result->findings++;
    verify->tell(verify->context, &finding);
}

enum err
verify_find_rows(struct verify *verify, enum query which, const char *check, bool is_seq)
{
    struct stmt *stmt = query(verify->db, which);
    bool has_row;

    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row)
            return OK;
        if (is_seq)
            verify_find(verify, check, row_int(stmt), NULL);
        else
            verify_find(verify, check, 0, row_text(stmt));
    }
}

/* --- Schema and SQLite ------------------------------------------------------------- */

/* The same list from a database made anew by this program's own steps. */
static bool
is_in(sqlite3 *fresh, const char *type, const char *name, const char *sql)
{
    sqlite3_stmt *stmt = NULL;
    bool found = false;

    if (sqlite3_prepare_v2(fresh,
                           "SELECT 1 FROM sqlite_schema WHERE type = ? AND name = ? AND "
                           "sql = ?",
                           -1, &stmt, NULL) == SQLITE_OK) {
        (void)sqlite3_bind_text(stmt, 1, type, -1, SQLITE_STATIC); /* told by the step */
        (void)sqlite3_bind_text(stmt, 2, name, -1, SQLITE_STATIC);
        (void)sqlite3_bind_text(stmt, 3, sql, -1, SQLITE_STATIC);
        found = sqlite3_step(stmt) == SQLITE_ROW;
    }
    (void)sqlite3_finalize(stmt); /* repeats the step's error */
    return found;
}

static int64_t
count_in(sqlite3 *fresh)
{
    sqlite3_stmt *stmt = NULL;
    int64_t count = -1;

    if (sqlite3_prepare_v2(fresh,
                           "SELECT count(*) FROM sqlite_schema WHERE name NOT LIKE "
                           "'sqlite_%' AND sql IS NOT NULL",
                           -1, &stmt, NULL) == SQLITE_OK &&
        sqlite3_step(stmt) == SQLITE_ROW)
        count = sqlite3_column_int64(stmt, 0);
    (void)sqlite3_finalize(stmt); /* repeats the step's error */
    return count;
}

static enum err
compare_schema(struct verify *verify, sqlite3 *fresh)
{
    struct stmt *stmt = query(verify->db, Q_VERIFY_SCHEMA);
    int64_t count = 0;
    bool has_row;

    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row)
            break;
        const char *type = row_text(stmt), *name = row_text(stmt), *sql = row_text(stmt);

        count++;
        if (!is_in(fresh, type, name, sql))
            verify_find(verify, "schema", 0, name);
    }
    if (count != count_in(fresh))
        verify_find(verify, "schema", 0, "something is missing or was added");
    return OK;
}

static enum err
check_schema(struct verify *verify)
{
    struct db fresh = { .store = verify->store, .mode = DB_SETUP };
    enum err error =
        sqlite3_open(":memory:", &fresh.handle) == SQLITE_OK ? OK : ERR_NO_MEMORY;

    if (error == OK)
        error = tokenizer_register(&fresh);
    for (size_t i = 0; i < schema_step_count && error == OK; i++)
        if (sqlite3_exec(fresh.handle, schema_steps[i].sql, NULL, NULL, NULL) !=
            SQLITE_OK)
            error = ERR_INTERNAL;
    if (error == OK)
        error = compare_schema(verify, fresh.handle);
    (void)sqlite3_close_v2(fresh.handle); /* only in memory */
    return error;
}

static enum err
check_sqlite(struct verify *verify)
{
    sqlite3_stmt *stmt = NULL;
    int64_t row_id = 0;

    TRY(db_prepare(verify->db, "PRAGMA integrity_check(1)", &stmt));
    if (sqlite3_step(stmt) != SQLITE_ROW ||
        strcmp((const char *)sqlite3_column_text(stmt, 0), "ok") != 0)
        verify_find(verify, "integrity", 0, (const char *)sqlite3_column_text(stmt, 0));
    (void)sqlite3_finalize(stmt); /* repeats the step's error */
    enum err error = db_number(verify->db, "PRAGMA foreign_key_check", &row_id);

    if (error == ERR_NOT_FOUND)
        return OK;
    if (error == OK)
        verify_find(verify, "foreign_keys", 0, NULL);
    return error;
}

/* --- Chain and moves ------------------------------------------------------------------ */

static enum err
check_chain(struct verify *verify)
{
    const char *wrong = NULL;
    int64_t bad_seq = 0;

    TRY(events_verify_chain(verify->db, &verify->result->events, &bad_seq));
    if (bad_seq != 0)
        verify_find(verify, "chain", bad_seq, NULL);
    struct stmt *stmt = query(verify->db, Q_EVENT_LAST);
    enum err error = query_one(stmt);
    size_t bytes = 0;

    if (error == OK) {
        row_skip(stmt);
        row_skip(stmt);
        const void *hash = row_blob(stmt, &bytes);
        if (bytes == HASH_BYTES)
            crypt_hex(hash, HASH_BYTES, verify->result->head);
        query_end(stmt);
    } else if (error != ERR_NOT_FOUND) {
        return error;
    }
    TRY(summaries_agree(verify->db, &wrong));
    if (wrong != NULL)
        verify_find(verify, "summaries", 0, wrong);
    return OK;
}

/* A ticket's state and version as its events so far say. */
struct course {
    int64_t ticket_id, seq, version;
    int state;
};

static bool
is_legal(int action, int from, int to)
{
    for (size_t i = 0; i < ticket_rule_count; i++) {
        const struct ticket_rule *rule = &ticket_rules[i];

        if ((int)rule->action == action && (rule->from & STATE_BIT(from)) != 0 &&
            (rule->to == to || rule->to == TICKET_BY_CASE ||
             (rule->to == TICKET_SAME && to == from)))
            return true;
    }
    return false;
}

static int
state_of(const char *word)
{
    return word == NULL ? CHOICE_NONE : choice_find(&words_state, word);
}

static void
follow(struct verify *verify, struct course *course, const char *type, int from, int to,
       int64_t version)
{
    int action = choice_find(&words_action, type);

    /* The first event of a ticket says where it begins. */
    if (from != CHOICE_NONE && ((course->state != CHOICE_NONE && from != course->state) ||
                                (action != CHOICE_NONE && !is_legal(action, from, to))))
        verify_find(verify, "moves", course->seq, type);
    if (version > 0 && course->version > 0 && version != course->version + 1)
        verify_find(verify, "versions", course->seq, type);
    if (to != CHOICE_NONE)
        course->state = to;
    if (version > 0)
        course->version = version;
}

/* Is the ticket where its events left it? */
static enum err
arrive(struct verify *verify, const struct course *course)
{
    struct ticket ticket;

    if (course->ticket_id == 0)
        return OK;
    verify->result->tickets++;
    enum err error = tickets_by_id(verify->db, course->ticket_id, &ticket);

    if (error == ERR_NOT_FOUND) {
        verify_find(verify, "tickets", course->seq, "an event without its ticket");
        return OK;
    }
    TRY(error);
    if (ticket.state != course->state)
        verify_find(verify, "states", course->seq, ticket.no);
    if (ticket.version != course->version)
        verify_find(verify, "versions", course->seq, ticket.no);
    return OK;
}

static enum err
check_moves(struct verify *verify)
{
    struct stmt *stmt = query(verify->db, Q_VERIFY_MOVES);
    struct course course = { .ticket_id = 0 };
    bool has_row;

    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row)
            break;
        int64_t ticket_id = row_int(stmt), seq = row_int(stmt);

        if (ticket_id != course.ticket_id) {
            TRY(arrive(verify, &course));
            course = (struct course){ .ticket_id = ticket_id, .state = CHOICE_NONE };
        }
        course.seq = seq;
        const char *type = row_text(stmt);
        int from = state_of(row_text(stmt)), to = state_of(row_text(stmt));

        follow(verify, &course, type, from, to, row_int(stmt));
    }
    TRY(arrive(verify, &course));
    TRY(verify_find_rows(verify, Q_VERIFY_TICKETS_WITHOUT_EVENTS, "tickets", false));
    TRY(verify_find_rows(verify, Q_VERIFY_COUNTERS, "counters", false));
    return verify_find_rows(verify, Q_VERIFY_CLOCKS, "deadlines", false);
}

/* --- Deadlines ------------------------------------------------------------------------ */

/* The limit of the present round, derived again from calendar, limits and vocabulary. */
static enum err
check_round(struct verify *verify, const struct rulebook *rulebook, int64_t ticket_id)
{
    bool is_provisional, is_capped;
    struct ticket ticket;
    int64_t workdays = 0;

    TRY(tickets_by_id(verify->db, ticket_id, &ticket));
    TRY(vocabulary_workdays(verify->db, verify->arena, rulebook, ticket.channel,
                            ticket.category, &workdays));
    int64_t due_at =
        deadline_handle(rulebook->calendar, &rulebook->limits,
                        (enum urgency)ticket.urgency, (int)workdays, ticket.dispatched_at,
                        ticket.upstream_due_at, &is_provisional, &is_capped);
    if (due_at != ticket.due_at)
        verify_find(verify, "deadlines", 0, ticket.no);
    arena_reset(verify->arena);
    return OK;
}

static enum err
check_rounds(struct verify *verify)
{
    const struct rulebook *rulebook = NULL;
    enum err error = rulebook_read(verify->db, &rulebook);
    struct stmt *stmt = query(verify->db, Q_VERIFY_ROUNDS);
    bool has_row = error == OK;

    while (error == OK) {
        error = query_next(stmt, &has_row);
        if (error != OK || !has_row)
            break;
        error = check_round(verify, rulebook, row_int(stmt));
        if (error != OK)
            query_end(stmt);
    }
    rulebook_release(rulebook);
    return error;
}

/* --- The assessment ------------------------------------------------------------------- */

static enum err
check_facts(struct verify *verify, const struct rulebook *rulebook)
{
    int64_t id = 0;

    for (;;) {
        struct ticket ticket;
        bool is_fit = false;
        TRY(assessments_next_ticket(verify->db, id, &id));
        if (id == 0)
            return OK;
        TRY(assessments_fit(verify->db, verify->arena, id, rulebook->calendar, &is_fit));
        arena_reset(verify->arena);
        if (is_fit)
            continue;
        TRY(tickets_by_id(verify->db, id, &ticket));
        verify_find(verify, "assessment", 0, ticket.no);
    }
}

static enum err
check_assessment(struct verify *verify)
{
    const struct rulebook *rulebook = NULL;
    bool agree = false;

    TRY(assessments_agree(verify->db, &agree));
    if (!agree)
        verify_find(verify, "assessment", 0, "assessment_day");
    TRY(rulebook_read(verify->db, &rulebook));
    enum err error = check_facts(verify, rulebook);
    rulebook_release(rulebook);
    return error;
}

enum err
verify_run(struct reader *reader, struct arena *arena,
           void (*tell)(void *context, const struct verify_finding *finding),
           void *context, struct verify_result *ret_result)
{
    struct verify verify = {
        .db = reader->db,
        .store = reader->store,
        .arena = arena,
        .tell = tell,
        .context = context,
        .result = ret_result,
    };

    *ret_result = (struct verify_result){ .head = "" };
    enum err error = check_schema(&verify);

    if (error == OK)
        error = check_sqlite(&verify);
    if (error == OK)
        error = check_chain(&verify);
    if (error == OK)
        error = check_moves(&verify);
    if (error == OK)
        error = check_rounds(&verify);
    if (error == OK)
        error = check_assessment(&verify);
    if (error == OK)
        error = verify_texts(&verify);
    if (error == OK)
        error = verify_files(&verify);
    return error;
}
