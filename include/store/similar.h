#ifndef YIDAN_STORE_SIMILAR_H
#define YIDAN_STORE_SIMILAR_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "store/ticket_lists.h"

/*
 * similar.h - while a clerk types: the caller's earlier tickets, and those that
 * may be about the same matter.
 *
 * Layer    store.
 * Lifetime everything answered lies in the arena.
 * Source   product.md, section 3, "Repeats".
 *
 * For who sees every ticket: it looks at no rights.
 */

struct db;
struct store;

#define SIMILAR_MAX 10        /* similar tickets shown */
#define SIMILAR_CALLER_MAX 20 /* of one caller */
#define SIMILAR_DAYS 180

/* What is known of the new one so far; NULL: nothing. */
struct similar_draft {
    const char *phone; /* as typed */
    const char *title, *content, *address;
};

struct similar_ticket {
    struct ticket_line line;
    int score;    /* 0 to 100 */
    unsigned why; /* enum similar_why */
};

struct similar_answer {
    struct ticket_line caller[SIMILAR_CALLER_MAX]; /* newest first */
    size_t caller_count;
    struct similar_ticket similar[SIMILAR_MAX]; /* most alike first */
    size_t similar_count;
};

/*
 * Closed tickets that were led by a unit, of whatever age, most alike first: who
 * handled such things before.  Looser than similar_find(): the score is the share
 * of what the new texts weigh.  `draft->phone` and `address` are not looked at.
 */
#define SIMILAR_CLOSED_MAX 15
#define SIMILAR_CLOSED_SCORE_MIN 8
struct similar_closed {
    const char *no;
    int64_t unit_id;
    int score; /* 0 to 100 */
};
MUST_CHECK enum err similar_find_closed(
    struct db *db, struct arena *arena, const struct similar_draft *draft,
    struct similar_closed ret_tickets[SIMILAR_CLOSED_MAX], size_t *ret_count);

MUST_CHECK enum err similar_find(struct db *db, struct store *store, struct arena *arena,
                                 const struct similar_draft *draft, int64_t now,
                                 struct similar_answer *ret_answer);

#endif
