/*
 * audits.c - see the header.
 *
 * Event times never go back, and seq has no gaps: the bounds of a time are
 * found among the seqs by halving, so that no index on time is needed.
 */
#include "store/audits.h"

#include "store/query.h"

static enum err
time_of(struct db *db, int64_t seq, int64_t *ret_at)
{
    struct stmt *stmt = query(db, Q_EVENT_AT);

    bind_int(stmt, ":seq", seq);
    TRY(query_one(stmt));
    *ret_at = row_int(stmt);
    query_end(stmt);
    return OK;
}

/* The first of 1..`last` whose time is at least `at`; last + 1 when there is none. */
static enum err
first_since(struct db *db, int64_t last, int64_t at, int64_t *ret_seq)
{
    int64_t low = 1, high = last + 1;

    while (low < high) {
        int64_t middle = low + (high - low) / 2, found_at = 0;

        TRY(time_of(db, middle, &found_at));
        if (found_at < at)
            low = middle + 1;
        else
            high = middle;
    }
    *ret_seq = low;
    return OK;
}

/* The seqs that time and page leave. */
static enum err
find_bounds(struct db *db, const struct audit_filter *filter, int64_t *ret_first,
            int64_t *ret_last)
{
    struct stmt *stmt = query(db, Q_EVENT_LAST);
    enum err err = query_one(stmt);
    int64_t newest = err == OK ? row_int(stmt) : 0;

    query_end(stmt);
    if (err != OK && err != ERR_NOT_FOUND)
        return err;
    *ret_first = 1;
    *ret_last = newest;
    if (filter->from > 0)
        TRY(first_since(db, newest, filter->from, ret_first));
    if (filter->to > 0) {
        TRY(first_since(db, newest, filter->to + 1, ret_last));
        *ret_last -= 1;
    }
    if (filter->before > 0 && filter->before - 1 < *ret_last)
        *ret_last = filter->before - 1;
    return OK;
}

static enum err
read_rows(struct stmt *stmt, struct arena *arena, int limit, struct audit_row **ret_rows,
          size_t *ret_count)
{
    struct audit_row *rows = arena_array(arena, struct audit_row, (size_t)limit);
    size_t count = 0;
    bool has_row;

    if (rows == NULL)
        return ERR_NO_MEMORY;
    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row || count == (size_t)limit)
            break;
        struct audit_row *row = &rows[count++];

        row->seq = row_int(stmt);
        row->at = row_int(stmt);
        row->type = row_text_copy(stmt, arena);
        row->actor_kind = row_text_copy(stmt, arena);
        row->actor_login = row_text_copy(stmt, arena);
        row->actor_name = row_text_copy(stmt, arena);
        row->unit_name = row_text_copy(stmt, arena);
        row->ticket_no = row_text_copy(stmt, arena);
        row->from_state = row_text_copy(stmt, arena);
        row->to_state = row_text_copy(stmt, arena);
        row->version = row_int(stmt);
        row->payload = row_text_copy(stmt, arena);
        row->login = row_text_copy(stmt, arena);
        row->reason = row_text_copy(stmt, arena);
    }
    query_end(stmt);
    *ret_rows = rows;
    *ret_count = count;
    return OK;
}

/* The way in that reads the fewest events in vain. */
static enum query
choose(const struct audit_filter *filter)
{
    bool is_wide = filter->scope.all || filter->scope.tickets;

    if (filter->ticket_id != 0)
        return Q_AUDIT_OF_TICKET;
    if (filter->actor_id != 0)
        return Q_AUDIT_OF_ACTOR;
    if (filter->type != NULL)
        return Q_AUDIT_OF_TYPE;
    return is_wide ? Q_AUDIT_ALL : Q_AUDIT_SETTINGS_AND_OWN;
}

static void
bind_filter(struct stmt *stmt, enum query which, const struct audit_filter *filter)
{
    bind_int(stmt, ":viewer", filter->viewer);
    bind_int(stmt, ":viewer_unit", filter->viewer_unit);
    bind_int(stmt, ":sees_tickets_now", filter->sees_tickets_now);
    if (which == Q_AUDIT_SETTINGS_AND_OWN)
        return;
    bind_text(stmt, ":type", filter->type);
    bind_int_or_null(stmt, ":actor", filter->actor_id);
    bind_int(stmt, ":scope_all", filter->scope.all);
    bind_int(stmt, ":scope_tickets", filter->scope.tickets);
    bind_int(stmt, ":scope_settings", filter->scope.settings);
    if (which == Q_AUDIT_OF_TICKET)
        bind_int(stmt, ":ticket_id", filter->ticket_id);
}

enum err
audits_read(struct db *db, struct arena *arena, const struct audit_filter *filter,
            int limit, struct audit_row **ret_rows, size_t *ret_count)
{
    struct audit_filter asked = *filter;
    int64_t first = 0, last = 0;

    /* Nothing but one's own: that is a filter. */
    if (!asked.scope.all && !asked.scope.tickets && !asked.scope.settings) {
        if (asked.actor_id != 0 && asked.actor_id != asked.viewer) {
            *ret_count = 0;
            return OK;
        }
        asked.actor_id = asked.viewer;
    }
    TRY(find_bounds(db, &asked, &first, &last));
    enum query which = choose(&asked);
    struct stmt *stmt = query(db, which);

    bind_filter(stmt, which, &asked);
    bind_int(stmt, ":first", first);
    bind_int(stmt, ":last", last);
    bind_int(stmt, ":limit", limit);
    return read_rows(stmt, arena, limit, ret_rows, ret_count);
}

enum err
audits_views(struct db *db, struct arena *arena, int64_t ticket_id, int64_t before,
             int limit, struct audit_row **ret_rows, size_t *ret_count)
{
    struct stmt *stmt = query(db, Q_AUDIT_VIEWS);

    bind_int(stmt, ":ticket_id", ticket_id);
    bind_int(stmt, ":last", before > 0 ? before - 1 : INT64_MAX);
    bind_int(stmt, ":limit", limit);
    return read_rows(stmt, arena, limit, ret_rows, ret_count);
}

enum err
audits_texts(struct db *db, struct arena *arena, int64_t seq,
             struct audit_text *ret_texts, size_t *ret_count)
{
    struct stmt *stmt = query(db, Q_AUDIT_TEXTS);
    size_t count = 0;
    bool has_row = false;

    bind_int(stmt, ":seq", seq);
    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row || count == AUDIT_TEXTS_MAX)
            break;
        ret_texts[count].field = row_text_copy(stmt, arena);
        ret_texts[count].text = row_text_copy(stmt, arena);
        if (ret_texts[count].field == NULL || ret_texts[count].text == NULL)
            return ERR_NO_MEMORY;
        count++;
    }
    query_end(stmt);
    *ret_count = count;
    return OK;
}
