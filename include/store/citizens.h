#ifndef YIDAN_STORE_CITIZENS_H
#define YIDAN_STORE_CITIZENS_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

/*
 * citizens.h - what the public side reads of tickets: the key to one, its
 * visible answer, and what was published.
 *
 * Layer    store.
 * Lifetime texts lie in the arena they were read with.
 */

struct db;

#define QUERY_CODE_BYTES 12

/*
 * The ticket's id and query code, padded with NULs; id 0 and an empty code when
 * there is none: the same statement and as many rows.
 */
MUST_CHECK enum err citizens_key(struct db *db, const char *no, int64_t *ret_id,
                                 char ret_code[QUERY_CODE_BYTES]);

/* The approved reply. Errors: ERR_NOT_FOUND. */
struct citizen_answer {
    const char *text;
    int outcome;
};
MUST_CHECK enum err citizens_answer(struct db *db, struct arena *arena, int64_t ticket_id,
                                    struct citizen_answer *ret_answer);

/* The guidance of a declined ticket. Errors: ERR_NOT_FOUND. */
MUST_CHECK enum err citizens_guidance(struct db *db, struct arena *arena,
                                      int64_t ticket_id, const char **ret_guidance);

/* The extension granted last in the present round. Errors: ERR_NOT_FOUND. */
struct citizen_extension {
    int32_t promised_day;
    int reason;
    const char *interim_reply;
};
MUST_CHECK enum err citizens_extension(struct db *db, struct arena *arena,
                                       int64_t ticket_id,
                                       struct citizen_extension *ret_extension);

/* The rating of the answer given at `answered_at`. Errors: ERR_NOT_FOUND. */
struct citizen_rating {
    int64_t rated_at, changed_at;
    int satisfaction;
    const char *comment;
};
MUST_CHECK enum err citizens_rating(struct db *db, struct arena *arena, int64_t ticket_id,
                                    int64_t answered_at,
                                    struct citizen_rating *ret_rating);

/* A published reply: nothing of the ticket but what the office wrote to be read. */
struct public_reply {
    int64_t id, published_at;
    int kind;
    const char *category, *unit; /* names; NULL: none */
    const char *text;
};
/* Newest first, after (`before_at`, `before_id`); `category` with all below it, NULL: all. */
MUST_CHECK enum err citizens_replies(struct db *db, struct arena *arena,
                                     const char *category, int64_t before_at,
                                     int64_t before_id, int limit,
                                     struct public_reply **ret_replies,
                                     size_t *ret_count);

#endif
