/*
 * ticket_case.c - a ticket with the facts its rules depend on.
 */
#include <stddef.h>
#include <string.h>

#include "store/kept.h"
#include "store/query.h"
#include "store/reader.h"
#include "store/tickets.h"
#include "tickets_internal.h"

/*
 * Put the last one in its place: the index gives them by round, and in a round by
 * unit.  They are few; SQLite would open a sorter for every ticket.
 */
static void
place_by_id(struct assignment *assignments, size_t count)
{
    struct assignment last = assignments[count - 1];
    size_t i = count - 1;

    for (; i > 0 && assignments[i - 1].round == last.round &&
           assignments[i - 1].id > last.id;
         i--)
        assignments[i] = assignments[i - 1];
    assignments[i] = last;
}

/* In the order of round and id. */
static enum err
load_assignments(struct db *db, struct ticket_case *ret)
{
    struct stmt *stmt = query(db, Q_ASSIGNMENTS_BY_TICKET);
    bool has_row;

    bind_int(stmt, ":ticket_id", ret->ticket.id);
    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row)
            return OK;
        if (ret->assignment_count == ASSIGNMENTS_MAX) {
            query_end(stmt);
            return ERR_TICKET_FULL;
        }
        columns_read(stmt, assignment_columns, assignment_column_count,
                     &ret->assignments[ret->assignment_count]);
        place_by_id(ret->assignments, ++ret->assignment_count);
    }
}

static enum err
load_sign_off(struct db *db, struct ticket_case *ret)
{
    if (ret->ticket.lead_unit_id == 0)
        return OK;
    struct stmt *stmt = query(db, Q_LEAD_SIGN_OFF);
    bind_int(stmt, ":id", ret->ticket.lead_unit_id);
    TRY(query_one(stmt));
    ret->lead_sign_off = choice_find(&words_sign_off, row_text(stmt));
    query_end(stmt);
    return OK;
}

/* query_one() that takes "no row" for an answer. */
static enum err
maybe_one(struct stmt *stmt, bool *ret_row)
{
    enum err err = query_one(stmt);

    *ret_row = err == OK;
    return err == ERR_NOT_FOUND ? OK : err;
}

static enum err
load_pending(struct db *db, struct ticket_case *ret)
{
    bool has_row;
    struct stmt *stmt = query(db, Q_EXTENSION_PENDING);

    bind_int(stmt, ":ticket_id", ret->ticket.id);
    TRY(maybe_one(stmt, &has_row));
    if (has_row) {
        ret->extension.id = row_int(stmt);
        ret->extension.asked_at = row_int(stmt);
        ret->extension.promised_day = (int32_t)row_int(stmt);
        ret->extension.needs_leader = row_int(stmt) != 0;
    }
    query_end(stmt);

    stmt = query(db, Q_RETURN_PENDING);
    bind_int(stmt, ":ticket_id", ret->ticket.id);
    TRY(maybe_one(stmt, &has_row));
    if (has_row) {
        ret->return_request.id = row_int(stmt);
        ret->return_request.unit_id = row_int(stmt);
        ret->return_request.from_state = choice_find(&words_state, row_text(stmt));
    }
    query_end(stmt);

    stmt = query(db, Q_REPLY_PRESENT);
    bind_int(stmt, ":ticket_id", ret->ticket.id);
    TRY(maybe_one(stmt, &has_row));
    if (has_row) {
        ret->reply.id = row_int(stmt);
        ret->reply.is_proposed = row_int(stmt) != 0;
        ret->reply.office_tells = row_int(stmt) != 0;
        ret->reply.outcome = choice_find(&words_outcome, row_text(stmt));
        ret->reply.promised_day = (int32_t)row_int(stmt);
        ret->reply.told_at = row_int(stmt);
    }
    query_end(stmt);
    return OK;
}

/* More open records than fit cannot be made (ticket_decide), so none is left out. */
static enum err
load_open(struct db *db, struct ticket_case *ret)
{
    bool has_row;
    struct stmt *stmt = query(db, Q_SUBMISSIONS_OF_TICKET);

    bind_int(stmt, ":ticket_id", ret->ticket.id);
    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row)
            break;
        struct open_submission submission = { .id = row_int(stmt) };
        submission.leader_id = row_int(stmt);
        submission.submitted_at = row_int(stmt);
        ret->was_submitted = true;
        if (row_int(stmt) == 0 && ret->submission_count < OPEN_RECORDS_MAX)
            ret->submissions[ret->submission_count++] = submission;
    }

    stmt = query(db, Q_SUPERVISIONS_OPEN);
    bind_int(stmt, ":ticket_id", ret->ticket.id);
    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row || ret->supervision_count == OPEN_RECORDS_MAX)
            break;
        struct open_supervision *supervision =
            &ret->supervisions[ret->supervision_count++];
        supervision->id = row_int(stmt);
        supervision->answer_due_at = row_int(stmt);
        supervision->is_answered = row_int(stmt) != 0;
    }
    query_end(stmt);

    stmt = query(db, Q_PROMISES_OPEN);
    bind_int(stmt, ":ticket_id", ret->ticket.id);
    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row || ret->promise_count == OPEN_RECORDS_MAX)
            break;
        struct open_promise *promise = &ret->promises[ret->promise_count++];
        promise->id = row_int(stmt);
        promise->unit_id = row_int(stmt);
        promise->promised_day = (int32_t)row_int(stmt);
    }
    query_end(stmt);
    return OK;
}

static enum err
load_half_days(struct db *db, struct ticket_case *ret)
{
    bool has_row;

    if (ret->ticket.state != TICKET_FEEDBACK)
        return OK;
    struct stmt *stmt = query(db, Q_CALLBACK_HALF_DAYS);
    bind_int(stmt, ":ticket_id", ret->ticket.id);
    bind_int(stmt, ":round", ret->ticket.rework_count);
    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row || ret->half_day_count == OPEN_RECORDS_MAX)
            break;
        ret->half_days[ret->half_day_count++] = (int32_t)row_int(stmt);
    }
    query_end(stmt);
    return OK;
}

/*
 * Every row asked for here was made by an action that raises the version
 * (ticket_rules.c): at the version it was received with a ticket has none.
 */
static enum err
load_rest(struct db *db, struct ticket_case *ret)
{
    if (ret->ticket.version == TICKET_FIRST_VERSION)
        return OK;
    TRY(load_assignments(db, ret));
    TRY(load_sign_off(db, ret));
    TRY(load_pending(db, ret));
    TRY(load_open(db, ret));
    return load_half_days(db, ret);
}

enum err
tickets_case_by_no(struct db *db, const char *no, struct ticket_case *ret_case)
{
    *ret_case = (struct ticket_case){ .lead_sign_off = SIGN_OFF_RECORDED };
    TRY(tickets_by_no(db, no, &ret_case->ticket));
    return load_rest(db, ret_case);
}

enum err
tickets_case_by_id(struct db *db, int64_t id, struct ticket_case *ret_case)
{
    *ret_case = (struct ticket_case){ .lead_sign_off = SIGN_OFF_RECORDED };
    TRY(tickets_by_id(db, id, &ret_case->ticket));
    return load_rest(db, ret_case);
}

/* --- A case at hand --------------------------------------------------------------- */

/* A case as it is kept: with the assignments it has instead of room for all. */
#define HEAD_BYTES offsetof(struct ticket_case, assignments)
#define TAIL_BYTES                                                                       \
    (sizeof(struct ticket_case) - offsetof(struct ticket_case, assignment_count))

static void
keep_case(struct reader *reader, const struct ticket_case *ticket_case)
{
    const struct kept_key key = { .kind = KEPT_CASE, .id = ticket_case->ticket.id };
    size_t used = ticket_case->assignment_count * sizeof *ticket_case->assignments;
    unsigned char packed[sizeof *ticket_case];

    memcpy(packed, ticket_case, HEAD_BYTES);
    memcpy(packed + HEAD_BYTES, &ticket_case->assignment_count, TAIL_BYTES);
    memcpy(packed + HEAD_BYTES + TAIL_BYTES, ticket_case->assignments, used);
    kept_put(reader, &key, packed, HEAD_BYTES + TAIL_BYTES + used);
}

static bool
find_case(struct reader *reader, int64_t id, struct ticket_case *ret_case)
{
    const struct kept_key key = { .kind = KEPT_CASE, .id = id };
    size_t bytes;
    const unsigned char *packed = kept_find(reader, &key, &bytes);

    if (packed == NULL)
        return false;
    memcpy(ret_case, packed, HEAD_BYTES);
    memcpy(&ret_case->assignment_count, packed + HEAD_BYTES, TAIL_BYTES);
    memcpy(ret_case->assignments, packed + HEAD_BYTES + TAIL_BYTES,
           bytes - HEAD_BYTES - TAIL_BYTES);
    return true;
}

/* A number and the ticket that has it. */
struct numbered {
    char no[TICKET_NO_BYTES];
    int64_t id;
};

/* FNV-1a: numbers of one day differ in their last figures only. */
static int64_t
hash_no(const char *no)
{
    uint64_t hash = UINT64_C(14695981039346656037);

    for (; *no != '\0'; no++)
        hash = (hash ^ (unsigned char)*no) * UINT64_C(1099511628211);
    return (int64_t)(hash >> 1);
}

enum err
tickets_case_at_hand(struct reader *reader, const char *no, struct ticket_case *ret_case)
{
    const struct kept_key key = { .kind = KEPT_NUMBER, .id = hash_no(no) };
    size_t bytes;
    const struct numbered *known = kept_find(reader, &key, &bytes);

    if (known != NULL && strcmp(known->no, no) == 0 &&
        find_case(reader, known->id, ret_case))
        return OK;
    TRY(tickets_case_by_no(reader->db, no, ret_case));
    struct numbered numbered = { .id = ret_case->ticket.id };

    memcpy(numbered.no, ret_case->ticket.no, sizeof numbered.no);
    kept_put(reader, &key, &numbered, sizeof numbered);
    keep_case(reader, ret_case);
    return OK;
}
