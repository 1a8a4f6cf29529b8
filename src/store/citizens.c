#include "store/citizens.h"

#include <stdbool.h>
#include <string.h>

#include "domain/ticket_words.h"
#include "store/query.h"

/* citizens.c - see the header. */

enum err
citizens_key(struct db *db, const char *no, int64_t *ret_id,
             char ret_code[QUERY_CODE_BYTES])
{
    struct stmt *q = query(db, Q_CITIZEN_KEY);

    bind_text(q, ":no", no);
    TRY(query_one(q));
    *ret_id = row_int(q);
    memset(ret_code, 0, QUERY_CODE_BYTES);
    row_copy(q, ret_code, QUERY_CODE_BYTES);
    query_end(q);
    return OK;
}

enum err
citizens_answer(struct db *db, struct arena *arena, int64_t ticket_id,
                struct citizen_answer *ret_answer)
{
    struct stmt *q = query(db, Q_CITIZEN_ANSWER);

    bind_int(q, ":ticket_id", ticket_id);
    TRY(query_one(q));
    ret_answer->text = row_text_copy(q, arena);
    ret_answer->outcome = choice_find(&words_outcome, row_text(q));
    query_end(q);
    return OK;
}

enum err
citizens_guidance(struct db *db, struct arena *arena, int64_t ticket_id,
                  const char **ret_guidance)
{
    struct stmt *q = query(db, Q_CITIZEN_GUIDANCE);

    bind_int(q, ":ticket_id", ticket_id);
    TRY(query_one(q));
    *ret_guidance = row_text_copy(q, arena);
    query_end(q);
    return OK;
}

enum err
citizens_extension(struct db *db, struct arena *arena, int64_t ticket_id,
                   struct citizen_extension *ret_extension)
{
    struct stmt *q = query(db, Q_CITIZEN_EXTENSION);

    bind_int(q, ":ticket_id", ticket_id);
    TRY(query_one(q));
    ret_extension->promised_day = (int32_t)row_int(q);
    ret_extension->reason = choice_find(&words_extend_reason, row_text(q));
    ret_extension->interim_reply = row_text_copy(q, arena);
    query_end(q);
    return OK;
}

enum err
citizens_rating(struct db *db, struct arena *arena, int64_t ticket_id,
                int64_t answered_at, struct citizen_rating *ret_rating)
{
    struct stmt *q = query(db, Q_RATING_PRESENT);

    bind_int(q, ":ticket_id", ticket_id);
    bind_int(q, ":answered_at", answered_at);
    TRY(query_one(q));
    ret_rating->rated_at = row_int(q);
    ret_rating->changed_at = row_int(q);
    ret_rating->satisfaction = choice_find(&words_satisfaction, row_text(q));
    ret_rating->comment = row_text_copy(q, arena);
    query_end(q);
    return OK;
}

enum err
citizens_replies(struct db *db, struct arena *arena, const char *category,
                 int64_t before_at, int64_t before_id, int limit,
                 struct public_reply **ret_replies, size_t *ret_count)
{
    struct public_reply *replies = arena_array(arena, struct public_reply, (size_t)limit);
    struct stmt *q = query(db, Q_PUBLIC_REPLIES);
    size_t count = 0;
    bool has_row = false;

    if (replies == NULL)
        return ERR_NO_MEMORY;
    bind_text(q, ":category", category);
    bind_int(q, ":before_at", before_at);
    bind_int(q, ":before_id", before_id);
    bind_int(q, ":limit", limit);
    for (;;) {
        TRY(query_next(q, &has_row));
        if (!has_row || count == (size_t)limit)
            break;
        struct public_reply *reply = &replies[count++];
        reply->id = row_int(q);
        reply->published_at = row_int(q);
        reply->kind = choice_find(&words_kind, row_text(q));
        reply->category = row_text_copy(q, arena);
        reply->unit = row_text_copy(q, arena);
        reply->text = row_text_copy(q, arena);
    }
    query_end(q);
    *ret_replies = replies;
    *ret_count = count;
    return OK;
}
