/*
 * boards.c - see the header.
 *
 * The only tickets that are looked at are those of the last day, for bursts.
 */
#include "store/boards.h"

#include <string.h>

#include "store/query.h"

/* The matrix grows as units turn up; the summary is read in their order. */
static enum err
count_unit(struct arena *arena, struct board_counts *counts, int64_t unit_id, int light,
           int64_t tickets)
{
    size_t last = counts->unit_count;

    if (last == 0 || counts->units[last - 1].unit_id != unit_id) {
        if ((last & (last - 1)) == 0) { /* 0, 1, 2, 4, ...: full */
            struct board_unit *larger =
                arena_array(arena, struct board_unit, last == 0 ? 1 : last * 2);
            if (larger == NULL)
                return ERR_NO_MEMORY;
            if (last > 0)
                memcpy(larger, counts->units, last * sizeof *larger);
            counts->units = larger;
        }
        counts->units[counts->unit_count++] = (struct board_unit){ .unit_id = unit_id };
    }
    counts->units[counts->unit_count - 1].lights[light] += tickets;
    return OK;
}

static enum err
read_now(struct db *db, struct arena *arena, struct board_counts *counts)
{
    struct stmt *stmt = query(db, Q_BOARD_NOW);
    bool has_row;

    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row)
            return OK;
        int64_t unit_id = row_int(stmt);
        int state = choice_find(&words_state, row_text(stmt));
        int light = choice_find(&words_light, row_text(stmt));
        int64_t tickets = row_int(stmt);
        enum err err = OK;

        if (state == CHOICE_NONE || light == CHOICE_NONE)
            err = ERR_INTERNAL;
        else {
            counts->states[state] += tickets;
            counts->lights[light] += tickets;
            if (light != LIGHT_NONE && unit_id != 0)
                err = count_unit(arena, counts, unit_id, light, tickets);
        }
        if (err != OK) {
            query_end(stmt);
            return err;
        }
    }
}

static enum err
read_desks(struct db *db, int32_t today, struct board_counts *counts)
{
    struct stmt *stmt = query(db, Q_BOARD_DESKS);
    bool has_row;

    bind_int(stmt, ":today", today);
    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row)
            return OK;
        int desk = choice_find(&words_desk, row_text(stmt));
        if (desk != CHOICE_NONE)
            counts->desks[desk] = row_int(stmt);
    }
}

enum err
boards_counts(struct db *db, struct arena *arena, int32_t today,
              struct board_counts *ret_counts)
{
    memset(ret_counts, 0, sizeof *ret_counts);
    TRY(read_now(db, arena, ret_counts));
    TRY(read_desks(db, today, ret_counts));
    struct stmt *stmt = query(db, Q_BOARD_DUE);
    bind_int(stmt, ":today", today);
    TRY(query_one(stmt));
    ret_counts->due_today = row_int(stmt);
    query_end(stmt);
    stmt = query(db, Q_BOARD_OLDEST);
    enum err err = query_one(stmt);
    ret_counts->oldest_received_at = err == OK ? row_int(stmt) : 0;
    query_end(stmt);
    return err == ERR_NOT_FOUND ? OK : err;
}

enum err
boards_trend(struct db *db, int32_t today, size_t count, struct board_day *ret_days)
{
    int32_t first = today - (int32_t)count + 1;
    struct stmt *stmt = query(db, Q_BOARD_DAYS);
    bool has_row;

    for (size_t i = 0; i < count; i++)
        ret_days[i] = (struct board_day){ .day = first + (int32_t)i };
    bind_int(stmt, ":first", first);
    bind_int(stmt, ":last", today);
    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row)
            return OK;
        struct board_day *day = &ret_days[row_int(stmt) - first];
        const char *measure = row_text(stmt);
        int64_t *into = strcmp(measure, "received") == 0  ? &day->received
                        : strcmp(measure, "closed") == 0  ? &day->closed
                        : strcmp(measure, "overdue") == 0 ? &day->overdue
                                                          : NULL;
        if (into != NULL)
            *into = row_int(stmt);
    }
}

enum err
boards_categories(struct db *db, struct arena *arena, int32_t today, int32_t days,
                  size_t limit, struct board_category *ret_categories, size_t *ret_count)
{
    struct stmt *stmt = query(db, Q_BOARD_CATEGORIES);
    size_t count = 0;
    bool has_row;

    bind_int(stmt, ":from", today - days + 1);
    bind_int(stmt, ":before_from", today - 2 * days + 1);
    bind_int(stmt, ":to", today);
    bind_int(stmt, ":limit", (int64_t)limit);
    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row)
            break;
        struct board_category *category = &ret_categories[count++];
        category->code = row_text_copy(stmt, arena);
        category->name = row_text_copy(stmt, arena);
        category->tickets = row_int(stmt);
        category->before = row_int(stmt);
    }
    *ret_count = count;
    return OK;
}

enum err
boards_bursts(struct db *db, struct arena *arena, int64_t since, size_t limit,
              struct board_burst *ret_bursts, size_t *ret_count)
{
    struct stmt *stmt = query(db, Q_BOARD_BURSTS);
    size_t count = 0;
    bool has_row;

    bind_int(stmt, ":since", since);
    bind_int(stmt, ":least", BURST_TICKETS);
    bind_int(stmt, ":limit", (int64_t)limit);
    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row)
            break;
        struct board_burst *burst = &ret_bursts[count++];
        burst->category = row_text_copy(stmt, arena);
        burst->category_name = row_text_copy(stmt, arena);
        burst->area = row_text_copy(stmt, arena);
        burst->area_name = row_text_copy(stmt, arena);
        burst->tickets = row_int(stmt);
        burst->first_at = row_int(stmt);
        burst->last_at = row_int(stmt);
    }
    *ret_count = count;
    return OK;
}
