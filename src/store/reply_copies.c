/*
 * reply_copies.c - see the header.
 *
 * A text that is 90 % like another has at least 82 % of its pairs (by Dice's
 * measure), so of PAIRS_MAX pairs taken evenly from a draft some forty lead to
 * whatever it is a copy of.  Pairs that ROWS_MAX newer tickets have do not reach
 * an old one; rare ones reach back to the first.
 */
#include "store/reply_copies.h"

#include "domain/quality.h"
#include "domain/similar.h"
#include "store/query.h"
#include "store/ticket_lists.h"
#include "tallies.h"

#define PAIRS_MAX 48
#define ROWS_MAX 300

/* So many of the heaviest have their replies read, of the first so many: tickets that
 * the viewer may not see, or without a reply, cost a look and take nobody's place. */
#define CLOSER_MAX 24
#define LOOKED_MAX 2000

/* Pairs that many have weigh little, but boilerplate has no others. */
#define WEIGHT_MIN 0.05

struct hunt {
    struct db *db;
    struct arena *arena;
    const struct ticket_viewer *viewer;
    int64_t ticket_id; /* the draft's own */
    const similar_pair *pairs;
    size_t pair_count;
    struct tally tallies[PAIRS_MAX * ROWS_MAX];
    size_t tally_count;
    size_t read_count; /* tickets with replies that were compared */
    int best_percent;
    int64_t best_id;
};

/* A tally for each ticket that has the pair. */
static enum err
look_up(struct hunt *hunt, similar_pair pair)
{
    size_t begin = hunt->tally_count;

    TRY(tallies_look_up(hunt->db, pair, 0, ROWS_MAX, hunt->tallies, &hunt->tally_count));
    double weight = similar_weight((int64_t)(hunt->tally_count - begin), ROWS_MAX);
    for (size_t i = begin; i < hunt->tally_count; i++)
        hunt->tallies[i].subject = weight > WEIGHT_MIN ? weight : WEIGHT_MIN;
    return OK;
}

/* Every reply of the ticket against the draft; none of a ticket the viewer may not see. */
static enum err
compare(struct hunt *hunt, int64_t ticket_id)
{
    struct stmt *stmt;
    bool has_row, was_read = false;

    if (ticket_id == hunt->ticket_id)
        return OK;
    stmt = query(hunt->db, Q_REPLY_COPY_OF_TICKET);
    bind_int(stmt, ":ticket_id", ticket_id);
    bind_int(stmt, ":sees_all", hunt->viewer->sees_all);
    bind_int(stmt, ":viewer_unit", hunt->viewer->unit_id);
    for (;;) {
        similar_pair *pairs;
        size_t count;

        TRY(query_next(stmt, &has_row));
        if (!has_row)
            return OK;
        hunt->read_count += !was_read;
        was_read = true;
        enum err err = quality_pairs(hunt->arena, row_text(stmt), &pairs, &count);
        if (err != OK) {
            query_end(stmt);
            return err;
        }
        int percent = similar_likeness(hunt->pairs, hunt->pair_count, pairs, count);
        if (percent > hunt->best_percent) {
            hunt->best_percent = percent;
            hunt->best_id = ticket_id;
        }
    }
}

/* The tail that is not indexed yet; its rows are read before they are compared. */
static enum err
compare_pending(struct hunt *hunt)
{
    int64_t ids[ROWS_MAX];
    struct stmt *stmt = query(hunt->db, Q_REPLY_COPY_PENDING);
    size_t count = 0;
    bool has_row;

    bind_int(stmt, ":limit", ROWS_MAX);
    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row)
            break;
        int64_t id = row_int(stmt);
        if (count == 0 || ids[count - 1] != id)
            ids[count++] = id;
    }
    for (size_t i = 0; i < count; i++)
        TRY(compare(hunt, ids[i]));
    return OK;
}

static enum err
name_it(const struct hunt *hunt, struct reply_copy *copy)
{
    struct stmt *stmt = query(hunt->db, Q_REPLY_COPY_NAME);

    bind_int(stmt, ":ticket_id", hunt->best_id);
    TRY(query_one(stmt));
    row_copy(stmt, copy->no, sizeof copy->no);
    copy->percent = hunt->best_percent;
    query_end(stmt);
    return OK;
}

enum err
reply_copies_find(struct db *db, struct arena *arena, const char *text, int64_t ticket_id,
                  const struct ticket_viewer *viewer, struct reply_copy *ret_copy)
{
    struct hunt *hunt = arena_alloc_raw(arena, sizeof *hunt);
    similar_pair *pairs;
    size_t count;

    *ret_copy = (struct reply_copy){ .percent = 0 };
    if (hunt == NULL)
        return ERR_NO_MEMORY;
    TRY(quality_pairs(arena, text, &pairs, &count));
    if (count < QUALITY_COPY_PAIRS_MIN)
        return OK;
    hunt->db = db;
    hunt->arena = arena;
    hunt->viewer = viewer;
    hunt->ticket_id = ticket_id;
    hunt->pairs = pairs;
    hunt->pair_count = count;
    hunt->tally_count = 0;
    hunt->read_count = 0;
    hunt->best_percent = 0;
    hunt->best_id = 0;
    size_t taken = count < PAIRS_MAX ? count : PAIRS_MAX;
    for (size_t i = 0; i < taken; i++)
        TRY(look_up(hunt, pairs[i * count / taken]));
    hunt->tally_count = tallies_sum_up(hunt->tallies, hunt->tally_count);
    for (size_t i = 0;
         i < hunt->tally_count && i < LOOKED_MAX && hunt->read_count < CLOSER_MAX; i++)
        TRY(compare(hunt, hunt->tallies[i].ticket_id));
    TRY(compare_pending(hunt));
    return hunt->best_percent == 0 ? OK : name_it(hunt, ret_copy);
}
