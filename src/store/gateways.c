#include "store/gateways.h"

#include "store/query.h"
#include "store/writer.h"

/* gateways.c - see the header. */

static enum err
read_no(struct stmt *q, char ret_no[TICKET_NO_BYTES])
{
    TRY(query_one(q));
    row_copy(q, ret_no, TICKET_NO_BYTES);
    query_end(q);
    return OK;
}

/* --- SMS -------------------------------------------------------------------------- */

enum err
sms_find(struct db *db, int64_t token_id, const char *message_id,
         char ret_no[TICKET_NO_BYTES])
{
    struct stmt *q = query(db, Q_SMS_FIND);

    bind_int(q, ":token_id", token_id);
    bind_text(q, ":message_id", message_id);
    return read_no(q, ret_no);
}

enum err
sms_find_same(struct db *db, int64_t token_id, const uint8_t content_index[HASH_BYTES],
              int64_t since, char ret_no[TICKET_NO_BYTES])
{
    struct stmt *q = query(db, Q_SMS_FIND_SAME);

    bind_int(q, ":token_id", token_id);
    bind_blob(q, ":content_index", content_index, HASH_BYTES);
    bind_int(q, ":since", since);
    return read_no(q, ret_no);
}

enum err
sms_insert(struct txn *txn, int64_t token_id, const char *message_id,
           const uint8_t content_index[HASH_BYTES], const char *no, int64_t at)
{
    struct stmt *q = query(txn->db, Q_SMS_INSERT);

    bind_int(q, ":token_id", token_id);
    bind_text(q, ":message_id", message_id);
    bind_int(q, ":at", at);
    bind_blob(q, ":content_index", content_index, HASH_BYTES);
    bind_text(q, ":no", no);
    return query_run(q, NULL);
}

enum err
sms_sweep(struct txn *txn, int64_t before, int limit)
{
    struct stmt *q = query(txn->db, Q_SMS_SWEEP);

    bind_int(q, ":before", before);
    bind_int(q, ":limit", limit);
    return query_run(q, NULL);
}

/* --- Platforms ---------------------------------------------------------------------- */

enum err
upstream_ticket(struct db *db, const char *upstream, const char *upstream_no,
                char ret_no[TICKET_NO_BYTES])
{
    struct stmt *q = query(db, Q_UPSTREAM_TICKET);

    bind_text(q, ":upstream", upstream);
    bind_text(q, ":upstream_no", upstream_no);
    return read_no(q, ret_no);
}

static enum err
note(struct txn *txn, enum query which, int64_t ticket_id, int64_t at)
{
    struct stmt *q = query(txn->db, which);

    bind_int(q, ":ticket_id", ticket_id);
    bind_int(q, ":at", at);
    return query_run(q, NULL);
}

enum err
upstream_answered(struct txn *txn, int64_t ticket_id, int64_t at)
{
    return note(txn, Q_UPSTREAM_ANSWER_INSERT, ticket_id, at);
}

enum err
upstream_merged(struct txn *txn, int64_t ticket_id, int64_t at)
{
    return note(txn, Q_UPSTREAM_ANSWER_INSERT_MERGED, ticket_id, at);
}

enum err
upstream_answers(struct db *db, struct arena *arena, const char *upstream, int64_t after,
                 int limit, struct upstream_answer **ret_answers, size_t *ret_count)
{
    struct upstream_answer *answers =
        arena_array(arena, struct upstream_answer, (size_t)limit);
    size_t count = 0;
    bool has_row = false;

    if (answers == NULL)
        return ERR_NO_MEMORY;
    struct stmt *q = query(db, Q_UPSTREAM_ANSWERS);
    bind_text(q, ":upstream", upstream);
    bind_int(q, ":after", after);
    bind_int(q, ":limit", limit);
    for (;;) {
        TRY(query_next(q, &has_row));
        if (!has_row || count == (size_t)limit)
            break;
        struct upstream_answer *answer = &answers[count++];

        answer->id = row_int(q);
        answer->ticket_id = row_int(q);
        answer->at = row_int(q);
        answer->upstream_no = row_text_copy(q, arena);
    }
    query_end(q);
    *ret_answers = answers;
    *ret_count = count;
    return OK;
}
