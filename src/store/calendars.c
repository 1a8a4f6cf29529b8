#include "store/calendars.h"

#include "base/timeutil.h"
#include "domain/ticket.h"
#include "store/query.h"
#include "store/writer.h"

/* calendars.c - see the header. */

#define YEARS_ROOM 256
#define DECEMBER 12

enum err
calendars_days(struct db *db, struct arena *arena, int32_t from, int32_t to,
               struct calendar_row **ret_rows, size_t *ret_count)
{
    struct stmt *q = query(db, Q_CALENDAR_EXCEPTIONS);
    struct calendar_row *rows = NULL;
    size_t count = 0, room = 0;
    bool has_row = false;

    bind_int(q, ":from", from);
    bind_int(q, ":to", to);
    for (;;) {
        TRY(query_next(q, &has_row));
        if (!has_row)
            break;
        if (count == room) {
            size_t larger = room == 0 ? 64 : 2 * room;
            struct calendar_row *grown = arena_array(arena, struct calendar_row, larger);

            for (size_t i = 0; grown != NULL && i < count; i++)
                grown[i] = rows[i];
            rows = grown;
            room = larger;
        }
        if (rows == NULL) {
            query_end(q);
            return ERR_NO_MEMORY;
        }
        struct calendar_row *row = &rows[count++];
        row->day = (int32_t)row_int(q);
        row->is_workday = row_int(q) != 0;
        row->name = row_text_copy(q, arena);
    }
    *ret_rows = rows;
    *ret_count = count;
    return OK;
}

enum err
calendars_years(struct db *db, struct arena *arena, int **ret_years, size_t *ret_count)
{
    int *years = arena_array(arena, int, YEARS_ROOM);
    size_t count = 0;
    bool has_row = false;

    if (years == NULL)
        return ERR_NO_MEMORY;
    struct stmt *q = query(db, Q_CALENDAR_YEARS);
    for (;;) {
        TRY(query_next(q, &has_row));
        if (!has_row || count == YEARS_ROOM)
            break;
        years[count++] = (int)row_int(q);
    }
    query_end(q);
    *ret_years = years;
    *ret_count = count;
    return OK;
}

enum err
calendars_enter_year(struct txn *txn, int year, const char *source, int64_t now)
{
    struct stmt *q = query(txn->db, Q_CALENDAR_YEAR_PUT);

    bind_int(q, ":year", year);
    bind_int(q, ":loaded_at", now);
    bind_text(q, ":source", source);
    TRY(query_run(q, NULL));

    q = query(txn->db, Q_CALENDAR_DAYS_CLEAR);
    bind_int(q, ":from", time_day_of_date((struct civil_date){ year, 1, 1 }));
    bind_int(q, ":to", time_day_of_date((struct civil_date){ year, DECEMBER, 31 }));
    return query_run(q, NULL);
}

enum err
calendars_put_day(struct txn *txn, const struct calendar_row *row)
{
    struct stmt *q = query(txn->db, Q_CALENDAR_DAY_PUT);

    bind_int(q, ":day", row->day);
    bind_int(q, ":is_workday", row->is_workday);
    bind_text(q, ":name", row->name);
    return query_run(q, NULL);
}

enum err
calendars_drop_day(struct txn *txn, int32_t day)
{
    struct stmt *q = query(txn->db, Q_CALENDAR_DAY_DROP);

    bind_int(q, ":day", day);
    return query_run(q, NULL);
}

/* A growing list of ids. */
struct ids {
    struct arena *arena;
    int64_t *ids;
    size_t count, room;
};

static enum err
add_id(struct ids *ids, int64_t id)
{
    if (ids->count == ids->room) {
        size_t room = ids->room == 0 ? 256 : 2 * ids->room;
        int64_t *grown = arena_array(ids->arena, int64_t, room);

        if (grown == NULL)
            return ERR_NO_MEMORY;
        for (size_t i = 0; i < ids->count; i++)
            grown[i] = ids->ids[i];
        ids->ids = grown;
        ids->room = room;
    }
    ids->ids[ids->count++] = id;
    return OK;
}

static enum err
add_running(struct db *db, const char *state, struct ids *ids)
{
    struct stmt *q = query(db, Q_CALENDAR_RUNNING_TICKETS);
    bool has_row = false;

    bind_text(q, ":state", state);
    for (;;) {
        TRY(query_next(q, &has_row));
        if (!has_row)
            return OK;
        enum err err = add_id(ids, row_int(q));

        if (err != OK) {
            query_end(q);
            return err;
        }
    }
}

enum err
calendars_running_tickets(struct db *db, struct arena *arena, int64_t **ret_ids,
                          size_t *ret_count)
{
    struct ids ids = { .arena = arena };

    for (int state = 0; state < TICKET_STATE_COUNT; state++)
        if (ticket_is_open(&(struct ticket){ .state = state }))
            TRY(add_running(db, choice_word(&words_state, state), &ids));
    *ret_ids = ids.ids;
    *ret_count = ids.count;
    return OK;
}
