/*
 * live.c - see the header.
 *
 * Who may know of a ticket is decided by the condition that every list has.  For
 * one viewer it stands in the statement; for hundreds of listeners the ticket's
 * units are read once, and live_is_visible() says the same of each.
 */
#include "store/live.h"

#include "store/query.h"

/* More units than ever had a part of one ticket; beyond that nobody is told. */
#define UNITS_MAX 256
#define CLERKS_MAX 64 /* the shifts of one telephone, as they changed during a call */

enum err
live_head(struct db *db, int64_t *ret_seq)
{
    struct stmt *stmt = query(db, Q_EVENT_LAST);
    enum err err = query_one(stmt);

    *ret_seq = err == OK ? row_int(stmt) : 0;
    query_end(stmt);
    return err == ERR_NOT_FOUND ? OK : err;
}

static enum err
read_events(struct stmt *stmt, struct arena *arena, size_t limit,
            struct live_event **ret_items, struct live_events *ret_events)
{
    struct live_event *items = arena_array(arena, struct live_event, limit);
    size_t count = 0;
    bool has_row;

    if (items == NULL)
        return ERR_NO_MEMORY;
    bind_int(stmt, ":limit", (int64_t)limit + 1);
    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row || count == limit)
            break;
        struct live_event *event = &items[count++];
        event->seq = row_int(stmt);
        event->ticket_id = row_int(stmt);
        event->type = row_text_copy(stmt, arena);
        event->from_state = row_text_copy(stmt, arena);
        event->to_state = row_text_copy(stmt, arena);
        event->user_id = row_int(stmt);
        event->no = row_text_copy(stmt, arena);
        event->unit_code = row_text_copy(stmt, arena);
        event->call_id = row_int(stmt);
        if (event->type == NULL)
            return ERR_NO_MEMORY;
    }
    query_end(stmt);
    *ret_items = items;
    *ret_events =
        (struct live_events){ .items = items, .count = count, .has_more = has_row };
    return OK;
}

static enum err
read_units(struct db *db, struct arena *arena, struct live_event *event)
{
    struct live_unit units[UNITS_MAX];
    struct stmt *stmt = query(db, Q_LIVE_UNITS);
    size_t count = 0;
    bool has_row;

    bind_int(stmt, ":ticket_id", event->ticket_id);
    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row || count == UNITS_MAX)
            break;
        units[count].unit_id = row_int(stmt);
        units[count].is_visible = row_int(stmt) != 0;
        count++;
    }
    query_end(stmt);
    struct live_unit *kept = arena_array(arena, struct live_unit, count);

    if (kept == NULL)
        return ERR_NO_MEMORY;
    for (size_t i = 0; i < count; i++)
        kept[i] = units[i];
    event->units = kept;
    event->unit_count = count;
    return OK;
}

static enum err
read_clerks(struct db *db, struct arena *arena, struct live_event *event)
{
    int64_t clerks[CLERKS_MAX];
    struct stmt *stmt = query(db, Q_LIVE_CLERKS);
    size_t count = 0;
    bool has_row;

    bind_int(stmt, ":call_id", event->call_id);
    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row || count == CLERKS_MAX)
            break;
        clerks[count++] = row_int(stmt);
    }
    query_end(stmt);
    int64_t *kept = arena_array(arena, int64_t, count);

    if (kept == NULL)
        return ERR_NO_MEMORY;
    for (size_t i = 0; i < count; i++)
        kept[i] = clerks[i];
    event->clerks = kept;
    event->clerk_count = count;
    return OK;
}

/* What one write says of a ticket mostly stands side by side. */
static enum err
add_units(struct db *db, struct arena *arena, struct live_event *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (items[i].call_id != 0)
            TRY(read_clerks(db, arena, &items[i]));
        if (items[i].ticket_id == 0)
            continue;
        if (i > 0 && items[i - 1].ticket_id == items[i].ticket_id) {
            items[i].units = items[i - 1].units;
            items[i].unit_count = items[i - 1].unit_count;
        } else {
            TRY(read_units(db, arena, &items[i]));
        }
    }
    return OK;
}

enum err
live_read(struct db *db, struct arena *arena, int64_t after_seq, int64_t last_seq,
          size_t limit, struct live_events *ret_events)
{
    struct stmt *stmt = query(db, Q_LIVE_EVENTS);
    struct live_event *items;

    bind_int(stmt, ":after_seq", after_seq);
    bind_int(stmt, ":last_seq", last_seq);
    TRY(read_events(stmt, arena, limit, &items, ret_events));
    return add_units(db, arena, items, ret_events->count);
}

enum err
live_replay(struct db *db, struct arena *arena, const struct ticket_viewer *viewer,
            int64_t after_seq, int64_t last_seq, size_t limit,
            struct live_events *ret_events)
{
    struct stmt *stmt = query(db, Q_LIVE_REPLAY);
    struct live_event *items;

    bind_int(stmt, ":after_seq", after_seq);
    bind_int(stmt, ":last_seq", last_seq);
    bind_int(stmt, ":sees_all", viewer->sees_all);
    bind_int(stmt, ":viewer_unit", viewer->unit_id);
    bind_int(stmt, ":viewer", viewer->user_id);
    return read_events(stmt, arena, limit, &items, ret_events);
}

bool
live_is_visible(const struct live_event *event, const struct ticket_viewer *viewer)
{
    for (size_t i = 0; i < event->clerk_count; i++)
        if (event->clerks[i] == viewer->user_id)
            return true;
    if (event->ticket_id == 0)
        return false;
    if (viewer->sees_all)
        return true;
    for (size_t i = 0; i < event->unit_count; i++)
        if (event->units[i].unit_id == viewer->unit_id)
            return event->units[i].is_visible;
    return false;
}

bool
live_touches(const struct live_event *event, const struct ticket_viewer *viewer)
{
    if (viewer->sees_all)
        return true;
    for (size_t i = 0; i < event->unit_count; i++)
        if (event->units[i].unit_id == viewer->unit_id)
            return true;
    return false;
}
