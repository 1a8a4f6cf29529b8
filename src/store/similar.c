/*
 * similar.c - see the header.
 *
 * A pair of characters that few tickets have says much, one that many have says
 * nothing.  So each pair of the new text is looked up in the full-text index
 * among the tickets of the last days, newest first, and what it weighs is added
 * to every ticket that has it.  Pending tickets are read themselves.
 */
#include "store/similar.h"

#include <string.h>

#include "base/crypt.h"
#include "base/fold.h"
#include "base/text.h"
#include "domain/similar.h"
#include "store/query.h"
#include "store/search.h"
#include "store/store.h"
#include "tallies.h"
#include "ticket_list_internal.h"

/* Pairs of a text that are looked up, and tickets that are looked at for each. */
#define PAIRS_MAX 80
#define ROWS_MAX 1000
#define DAY_S 86400

/* So many of the heaviest are looked at more closely. */
#define CLOSER_MAX 40

/* So many are asked whether they are closed. */
#define CLOSED_LOOKED_MAX 200

struct count {
    struct db *db;
    struct arena *arena;
    struct tally *tallies; /* one for each pair found in a ticket; then summed */
    size_t tally_count;
    int64_t since_id;
};

/* The pairs of one text with what they weigh. */
struct bag {
    similar_pair pairs[PAIRS_MAX];
    double weights[PAIRS_MAX];
    size_t count;
    double weight; /* all of them */
};

static enum err
add_text(struct fold *fold, const char *text)
{
    if (text == NULL)
        return OK;
    TRY(fold_add(fold, text, strlen(text)));
    return fold_add(fold, " ", 1);
}

static enum err
make_bag(struct bag *bag, const char *first, const char *second)
{
    struct fold fold = { .text = NULL };
    enum err err = add_text(&fold, first);

    bag->count = 0;
    bag->weight = 0;
    if (err == OK)
        err = add_text(&fold, second);
    if (err == OK && fold.text != NULL)
        bag->count = similar_pairs(fold.text, bag->pairs, PAIRS_MAX);
    fold_done(&fold);
    return err;
}

/* Look the `which`-th pair up; a tally for each ticket that has it. */
static enum err
look_up(struct count *count, struct bag *bag, size_t which, bool is_place)
{
    size_t begin = count->tally_count;

    TRY(tallies_look_up(count->db, bag->pairs[which], count->since_id, ROWS_MAX,
                        count->tallies, &count->tally_count));
    double weight = similar_weight((int64_t)(count->tally_count - begin), ROWS_MAX);
    bag->weights[which] = weight;
    bag->weight += weight;
    for (size_t i = begin; i < count->tally_count; i++)
        *(is_place ? &count->tallies[i].place : &count->tallies[i].subject) = weight;
    if (weight <= 0)
        count->tally_count = begin;
    return OK;
}

static bool
has_pair(const similar_pair *pairs, size_t count, similar_pair wanted)
{
    for (size_t i = 0; i < count; i++)
        if (pairs[i] == wanted)
            return true;
    return false;
}

/* A pending ticket's own texts. */
static enum err
tally_text(struct count *count, int64_t ticket_id, const char *text,
           const struct bag *subject, const struct bag *place)
{
    enum { TEXT_PAIRS = 4000 };
    struct fold fold = { .text = NULL };
    similar_pair *pairs = arena_array(count->arena, similar_pair, TEXT_PAIRS);
    struct tally tally = { .ticket_id = ticket_id };

    if (pairs == NULL)
        return ERR_NO_MEMORY;
    enum err err = add_text(&fold, text);
    size_t found = err == OK ? similar_pairs(fold.text, pairs, TEXT_PAIRS) : 0;
    fold_done(&fold);
    TRY(err);
    for (size_t i = 0; i < subject->count; i++)
        if (has_pair(pairs, found, subject->pairs[i]))
            tally.subject += subject->weights[i];
    for (size_t i = 0; i < place->count; i++)
        if (has_pair(pairs, found, place->pairs[i]))
            tally.place += place->weights[i];
    count->tallies[count->tally_count++] = tally;
    return OK;
}

static enum err
tally_pending(struct count *count, const struct bag *subject, const struct bag *place)
{
    struct stmt *stmt = query(count->db, Q_SIMILAR_PENDING);
    bool has_row;

    bind_int(stmt, ":limit", ROWS_MAX);
    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row)
            return OK;
        int64_t id = row_int(stmt);
        const char *title = row_text(stmt), *content = row_text(stmt),
                   *address = row_text(stmt);
        const char *text = arena_printf(count->arena, "%s %s %s", title, content,
                                        address != NULL ? address : "");
        enum err err =
            text == NULL ? ERR_NO_MEMORY : tally_text(count, id, text, subject, place);
        if (err != OK) {
            query_end(stmt);
            return err;
        }
    }
}

/* --- Tickets ------------------------------------------------------------------------ */

static enum err
read_line(struct db *db, struct arena *arena, int64_t ticket_id, int64_t since,
          struct ticket_line *ret_line)
{
    struct stmt *stmt = query(db, Q_SIMILAR_LINE);

    bind_int(stmt, ":ticket_id", ticket_id);
    bind_int(stmt, ":since", since);
    TRY(query_one(stmt));
    ticket_list_row(stmt, arena, ret_line);
    query_end(stmt);
    return OK;
}

static enum err
find_caller(struct db *db, struct store *store, struct arena *arena, const char *phone,
            struct similar_answer *answer)
{
    char normal[PHONE_BYTES];
    uint8_t index[HASH_BYTES];
    bool has_row;

    if (phone == NULL || !text_phone(phone, store_config(store)->area_code, normal))
        return OK;
    crypt_index(store_keys(store), normal, index);
    struct stmt *stmt = query(db, Q_SIMILAR_CALLER);
    bind_blob(stmt, ":phone_index", index, sizeof index);
    bind_int(stmt, ":limit", SIMILAR_CALLER_MAX);
    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row)
            return OK;
        ticket_list_row(stmt, arena, &answer->caller[answer->caller_count++]);
    }
}

static bool
is_callers(const struct similar_answer *answer, int64_t ticket_id)
{
    for (size_t i = 0; i < answer->caller_count; i++)
        if (answer->caller[i].id == ticket_id)
            return true;
    return false;
}

static double
share(double part, double whole)
{
    return whole <= 0 ? 0 : part >= whole ? 1 : part / whole;
}

/* Put it where it belongs; what falls off the end was the least alike. */
static void
keep(struct similar_answer *answer, const struct similar_ticket *ticket)
{
    size_t place = answer->similar_count;

    while (place > 0 && answer->similar[place - 1].score < ticket->score)
        place--;
    if (place == SIMILAR_MAX)
        return;
    size_t last =
        answer->similar_count < SIMILAR_MAX ? answer->similar_count : SIMILAR_MAX - 1;
    memmove(&answer->similar[place + 1], &answer->similar[place],
            (last - place) * sizeof *answer->similar);
    answer->similar[place] = *ticket;
    answer->similar_count = last + 1;
}

static enum err
judge(struct count *count, const struct bag *subject, const struct bag *place,
      int64_t since, struct similar_answer *answer)
{
    for (size_t i = 0; i < count->tally_count && i < CLOSER_MAX; i++) {
        const struct tally *tally = &count->tallies[i];
        struct similar_facts facts = {
            .subject = share(tally->subject, subject->weight),
            .place = place->count == 0 ? -1 : share(tally->place, place->weight),
            .is_caller = is_callers(answer, tally->ticket_id),
        };
        struct similar_ticket ticket;

        ticket.score = similar_score(&facts, &ticket.why);
        if (ticket.score < SIMILAR_SCORE_MIN || ticket.why == 0)
            continue;
        enum err err =
            read_line(count->db, count->arena, tally->ticket_id, since, &ticket.line);
        if (err == ERR_NOT_FOUND)
            continue; /* older */
        TRY(err);
        keep(answer, &ticket);
    }
    return OK;
}

/* Look every pair of both texts up, and those that are not indexed; heaviest first. */
static enum err
weigh(struct count *count, struct bag *subject, struct bag *place)
{
    size_t room = (subject->count + place->count + 1) * ROWS_MAX;

    count->tallies = arena_alloc_raw(count->arena, room * sizeof *count->tallies);
    if (count->tallies == NULL)
        return ERR_NO_MEMORY;
    for (size_t i = 0; i < subject->count; i++)
        TRY(look_up(count, subject, i, false));
    for (size_t i = 0; i < place->count; i++)
        TRY(look_up(count, place, i, true));
    TRY(tally_pending(count, subject, place));
    count->tally_count = tallies_sum_up(count->tallies, count->tally_count);
    return OK;
}

enum err
similar_find(struct db *db, struct store *store, struct arena *arena,
             const struct similar_draft *draft, int64_t now,
             struct similar_answer *ret_answer)
{
    struct count count = { .db = db, .arena = arena };
    struct bag subject, place;
    int64_t since = now - (int64_t)SIMILAR_DAYS * DAY_S;

    *ret_answer = (struct similar_answer){ .caller_count = 0 };
    TRY(find_caller(db, store, arena, draft->phone, ret_answer));
    TRY(make_bag(&subject, draft->title, draft->content));
    TRY(make_bag(&place, draft->address, NULL));
    if (subject.count + place.count == 0)
        return OK;
    struct stmt *stmt = query(db, Q_SIMILAR_SINCE);
    bind_int(stmt, ":since", since);
    enum err err = query_one(stmt);
    if (err == ERR_NOT_FOUND)
        return OK; /* nothing was received since */
    TRY(err);
    count.since_id = row_int(stmt);
    query_end(stmt);
    TRY(weigh(&count, &subject, &place));
    return judge(&count, &subject, &place, since, ret_answer);
}

enum err
similar_find_closed(struct db *db, struct arena *arena, const struct similar_draft *draft,
                    struct similar_closed ret_tickets[SIMILAR_CLOSED_MAX],
                    size_t *ret_count)
{
    struct count count = { .db = db, .arena = arena };
    struct bag subject, nothing = { .count = 0 };

    *ret_count = 0;
    TRY(make_bag(&subject, draft->title, draft->content));
    if (subject.count == 0)
        return OK;
    TRY(weigh(&count, &subject, &nothing));
    for (size_t i = 0; i < count.tally_count && i < CLOSED_LOOKED_MAX &&
                       *ret_count < SIMILAR_CLOSED_MAX;
         i++) {
        struct similar_closed *ticket = &ret_tickets[*ret_count];
        struct stmt *stmt = query(db, Q_SIMILAR_CLOSED);

        ticket->score = (int)(100 * share(count.tallies[i].subject, subject.weight));
        if (ticket->score < SIMILAR_CLOSED_SCORE_MIN)
            break;
        bind_int(stmt, ":ticket_id", count.tallies[i].ticket_id);
        enum err err = query_one(stmt);
        if (err == ERR_NOT_FOUND)
            continue; /* open, or never dispatched */
        TRY(err);
        ticket->no = row_text_copy(stmt, arena);
        ticket->unit_id = row_int(stmt);
        query_end(stmt);
        if (ticket->no == NULL)
            return ERR_NO_MEMORY;
        (*ret_count)++;
    }
    return OK;
}
