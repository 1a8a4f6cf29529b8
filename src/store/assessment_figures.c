/*
 * assessment_figures.c - sums of facts over a period, and the facts behind one.
 */
#include <string.h>

#include "store/assessments.h"
#include "store/query.h"
#include "ticket_list_internal.h"

/* --- Reading --------------------------------------------------------------------------- */

#define UNITS_FIRST 64

/* Room for one more unit. */
static enum err
grow(struct arena *arena, struct assessment_sums **sums, size_t count, size_t *room)
{
    size_t wanted = *room == 0 ? UNITS_FIRST : *room * 2;

    if (count < *room)
        return OK;
    struct assessment_sums *more = arena_array(arena, struct assessment_sums, wanted);
    if (more == NULL)
        return ERR_NO_MEMORY;
    if (count > 0)
        memcpy(more, *sums, count * sizeof **sums);
    *sums = more;
    *room = wanted;
    return OK;
}

enum err
assessments_read(struct db *db, struct arena *arena, int32_t from, int32_t to,
                 int64_t unit_id, struct assessment_sums **ret_sums, size_t *ret_count)
{
    struct stmt *stmt = query(db, Q_ASSESSMENT_SUMS);
    struct assessment_sums *sums = NULL;
    size_t count = 0, room = 0;
    bool has_row;

    bind_int(stmt, ":from", from);
    bind_int(stmt, ":to", to);
    if (unit_id == CHOICE_NONE)
        bind_null(stmt, ":unit_id");
    else
        bind_int(stmt, ":unit_id", unit_id);
    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row)
            break;
        int64_t id = row_int(stmt);
        const char *word = row_text(stmt);
        int kind = word == NULL ? CHOICE_NONE : choice_find(&words_unit_kind, word);
        bool is_web = row_int(stmt) != 0;
        int64_t measure = row_int(stmt);
        if (measure < 0 || measure >= ASSESSMENT_MEASURE_COUNT)
            continue; /* of a newer program */
        if (count == 0 || sums[count - 1].unit_id != id) {
            enum err err = grow(arena, &sums, count, &room);
            if (err != OK) {
                query_end(stmt);
                return err;
            }
            sums[count] = (struct assessment_sums){ .unit_id = id, .kind = kind };
            count++;
        }
        sums[count - 1].counts[is_web][measure] = row_int(stmt);
        sums[count - 1].workdays[is_web] += row_int(stmt);
    }
    *ret_sums = sums;
    *ret_count = count;
    return OK;
}

/* --- The facts behind a figure ------------------------------------------------------- */

struct walk {
    struct db *db;
    const struct ticket_viewer *viewer;
    const struct assessment_filter *filter;
    int wanted, given;
    assessment_take *take;
    void *context;
    struct assessment_cursor last;
    bool has_more;
};

static enum err
walk_unit(struct walk *walk, int64_t unit_id)
{
    const struct assessment_filter *filter = walk->filter;
    bool is_begun = filter->after.id != 0 && filter->after.unit_id == unit_id;
    struct stmt *stmt = query(walk->db, Q_ASSESSMENT_TICKETS);
    bool has_row;

    bind_int(stmt, ":sees_all", walk->viewer->sees_all);
    bind_int(stmt, ":viewer_unit", walk->viewer->unit_id);
    bind_int(stmt, ":unit_id", unit_id);
    bind_int(stmt, ":after_day", is_begun ? filter->after.day : filter->from);
    bind_int(stmt, ":after", is_begun ? filter->after.id : -1);
    bind_int(stmt, ":to", filter->to);
    bind_int(stmt, ":measures", (int64_t)filter->measures);
    if (filter->is_web == CHOICE_NONE)
        bind_null(stmt, ":is_web");
    else
        bind_int(stmt, ":is_web", filter->is_web);
    bind_int(stmt, ":limit", walk->wanted - walk->given + 1);
    for (;;) {
        struct ticket_line line;
        TRY(query_next(stmt, &has_row));
        if (!has_row)
            return OK;
        if (walk->given == walk->wanted) {
            walk->has_more = true;
            query_end(stmt);
            return OK;
        }
        int64_t id = row_int(stmt);
        int32_t day = (int32_t)row_int(stmt);
        bool is_visible = row_int(stmt) != 0;
        ticket_list_row(stmt, NULL, &line);
        walk->take(walk->context, unit_id, day, is_visible ? &line : NULL);
        walk->last =
            (struct assessment_cursor){ .unit_id = unit_id, .id = id, .day = day };
        walk->given++;
    }
}

static enum err
next_unit(struct db *db, int64_t after, int is_town, int64_t *ret_id)
{
    struct stmt *stmt = query(db, Q_ASSESSMENT_NEXT_UNIT);

    bind_int(stmt, ":after", after);
    if (is_town == CHOICE_NONE)
        bind_null(stmt, ":is_town");
    else
        bind_int(stmt, ":is_town", is_town);
    enum err err = query_one(stmt);
    *ret_id = err == OK ? row_int(stmt) : 0;
    query_end(stmt);
    return err == ERR_NOT_FOUND ? OK : err;
}

/* Each unit's facts lie together in the index; so they are read unit by unit. */
static enum err
walk_units(struct walk *walk)
{
    const struct assessment_filter *filter = walk->filter;
    int64_t id = filter->after.unit_id;

    if (filter->is_town == CHOICE_NONE || id != 0)
        TRY(walk_unit(walk, id)); /* the office itself, or where the page before ended */
    while (!walk->has_more) {
        TRY(next_unit(walk->db, id, filter->is_town, &id));
        if (id == 0)
            break;
        TRY(walk_unit(walk, id));
    }
    return OK;
}

enum err
assessments_each(struct db *db, const struct ticket_viewer *viewer,
                 const struct assessment_filter *filter, int limit, assessment_take *take,
                 void *context, struct assessment_cursor *ret_last, bool *ret_has_more)
{
    struct walk walk = { .db = db,
                         .viewer = viewer,
                         .filter = filter,
                         .wanted = limit,
                         .take = take,
                         .context = context };

    TRY(filter->unit_id == CHOICE_NONE ? walk_units(&walk)
                                       : walk_unit(&walk, filter->unit_id));
    *ret_last = walk.last;
    *ret_has_more = walk.has_more;
    return OK;
}
