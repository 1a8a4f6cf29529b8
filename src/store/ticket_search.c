/*
 * ticket_search.c - pages of tickets whose texts hold something.
 *
 * 1. Every statement used here has the fragment ticket_holds among its filters:
 *    whatever leads to a ticket, it is listed only if its texts hold the needle.
 * 2. Nothing is missed: a ticket's pairs of characters are in the index, or it
 *    is pending and read without it (search.c 1).
 * 3. The order is that of every list, newest first.  The index is in the order
 *    of ids; for tickets in order of receipt that is the same, and the others
 *    (ticket_backdated) are looked for on their own.
 *
 * A needle of one character is mostly so common that the newest tickets fill a
 * page; only if not is the index asked for all tokens that begin with it.
 */
#include <string.h>

#include "base/fold.h"
#include "base/text.h"
#include "ticket_list_internal.h"

/* As many of the newest tickets are read for a needle of one character. */
#define NEWEST_READ 300

/* More pairs than these narrow nothing down. */
#define PAIRS_MAX 12

/* A pair is 8 bytes at most; it may hold two signs that are doubled. */
#define TOKEN_BYTES (8 + 2)
#define MATCH_BYTES (PAIRS_MAX * (TOKEN_BYTES + 3) + 1)

/* --- What the index is asked for ---------------------------------------------------- */

/* Add a token as a quoted word, so that nothing in it is syntax. */
static void
add_token(char match[MATCH_BYTES], const char *text, size_t bytes)
{
    size_t used = strlen(match);

    if (used > 0)
        match[used++] = ' ';
    match[used++] = '"';
    for (size_t i = 0; i < bytes; i++) {
        if (text[i] == '"')
            match[used++] = '"';
        match[used++] = text[i];
    }
    match[used++] = '"';
    match[used] = '\0';
}

/* All pairs of neighbours in the needle; of one character all that begins with it. */
static void
write_match(const char *needle, char match[MATCH_BYTES])
{
    size_t bytes = strlen(needle), last = 0, at = 0;
    uint32_t character = 0;

    match[0] = '\0';
    at = fold_character(needle, bytes, &character);
    if (at == bytes) {
        add_token(match, needle, bytes);
        memcpy(match + strlen(match), "*", sizeof "*"); /* has room: it is one token */
    }
    for (int count = 0; at < bytes && count < PAIRS_MAX; count++) {
        size_t length = fold_character(needle + at, bytes - at, &character);

        add_token(match, needle + last, at + length - last);
        last = at;
        at += length;
    }
}

void
ticket_search_bind(struct stmt *stmt, const struct search *search)
{
    const struct plan *plan = &search->plan;

    bind_text(stmt, ":match", plan->match);
    if (plan->which == Q_TICKET_LIST_FOUND) {
        bind_int(stmt, ":first_id", plan->first_id);
        return;
    }
    bind_int(stmt, ":from_id", plan->from_id);
    bind_int(stmt, ":to_id", plan->to_id);
    /* A full page takes nothing older than its last line. */
    bind_int(stmt, ":worst",
             search->count == search->wanted ? search->keys[search->count - 1].value : 0);
}

/* --- The streams -------------------------------------------------------------------- */

static enum err
stream(struct search *search, enum query which, enum order order, const char *match)
{
    search->plan.which = which;
    search->plan.order = order;
    search->plan.match = match;
    return ticket_list_stream(search, NULL);
}

static void
bind_begin(struct stmt *stmt, const struct search *search)
{
    const struct ticket_cursor *after = &search->filter->after;

    bind_int(stmt, ":value", after->is_set ? after->value : search->received.to);
    bind_int(stmt, ":id", after->is_set ? after->id : INT64_MAX);
}

/* Those in order: from the first one on the page on. */
static enum err
read_in_order(struct search *search, const char *match)
{
    struct stmt *stmt = query(search->db, Q_SEARCH_FIRST_ID);

    bind_begin(stmt, search);
    enum err err = query_one(stmt);
    if (err == ERR_NOT_FOUND)
        return OK;
    TRY(err);
    search->plan.first_id = row_int(stmt);
    query_end(stmt);
    return stream(search, Q_TICKET_LIST_FOUND, ORDER_RECEIVED, match);
}

static enum err
read_backdated(struct search *search, const char *match)
{
    struct stmt *stmt = query(search->db, Q_SEARCH_BACKDATED_REACH);

    TRY(query_one(stmt));
    bool has_any = !row_is_null(stmt);
    search->plan.from_id = row_int(stmt);
    search->plan.to_id = row_int(stmt);
    query_end(stmt);
    return has_any ? stream(search, Q_TICKET_LIST_FOUND_BACKDATED, ORDER_SORTED, match)
                   : OK;
}

static enum err
read_by_index(struct search *search, const char *match)
{
    TRY(stream(search, Q_TICKET_LIST_PENDING, ORDER_SORTED, NULL));
    TRY(read_in_order(search, match));
    return read_backdated(search, match);
}

/* When the oldest of the newest tickets was received; `*ret_all`: there are no older ones. */
static enum err
find_newest(struct search *search, int64_t *ret_from, bool *ret_all)
{
    struct stmt *stmt = query(search->db, Q_SEARCH_NEWER);
    int count = 0;
    bool has_row;

    bind_begin(stmt, search);
    bind_int(stmt, ":received_from", search->received.from);
    bind_int(stmt, ":limit", NEWEST_READ);
    for (;; count++) {
        TRY(query_next(stmt, &has_row));
        if (!has_row)
            break;
        *ret_from = row_int(stmt);
    }
    *ret_all = count < NEWEST_READ;
    return OK;
}

/*
 * Read the newest tickets; `*ret_done` when that is the whole page.  Otherwise
 * the page is empty again.
 */
static enum err
read_newest(struct search *search, bool *ret_done)
{
    const struct reach asked = search->received;
    int64_t from = asked.from;
    bool has_all = false;

    TRY(find_newest(search, &from, &has_all));
    if (!has_all)
        search->received.from = from;
    TRY(stream(search, Q_TICKET_LIST_ALL, ORDER_RECEIVED, NULL));
    search->received = asked;
    *ret_done = has_all || search->count == search->wanted;
    if (!*ret_done) {
        search->count = 0;
        search->is_cut = false;
    }
    return OK;
}

enum err
ticket_search_read(struct search *search)
{
    const struct ticket_filter *filter = search->filter;
    int64_t unit_id =
        search->viewer->sees_all ? filter->unit_id : search->viewer->unit_id;
    char match[MATCH_BYTES];
    bool is_few = false, is_done = false;

    if (unit_id != 0)
        TRY(ticket_lists_few(search->db, unit_id, &is_few));
    if (is_few) {
        search->plan.unit_id = unit_id;
        return stream(search, Q_TICKET_LIST_UNIT, ORDER_RECEIVED, NULL);
    }
    write_match(filter->needle, match);
    if (text_characters(filter->needle) == 1)
        TRY(read_newest(search, &is_done));
    return is_done ? OK : read_by_index(search, match);
}
