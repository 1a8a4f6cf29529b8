/*
 * ticket_lists.c - pages of tickets.
 *
 * 1. Every statement here holds the condition of visibility; a viewer for whom
 *    nothing is bound sees nothing.
 * 2. Whatever index drives, the order is the same and total: by the sort value
 *    and then the id.  So a page begins after its cursor and never shifts.
 * 3. An index with a fixed first column (state, category) drives once for each
 *    wanted value, and the sorted streams are merged.
 * 4. A page is found as keys; what its lines show is read afterwards, or is at
 *    hand already (kept.h).
 */
#include "store/ticket_lists.h"

#include <string.h>

#include "base/timeutil.h"
#include "domain/access.h"
#include "domain/desk.h"
#include "ticket_list_internal.h"

/* --- Binding ------------------------------------------------------------------------ */

static void
bind_tristate(struct stmt *stmt, const char *name, enum tristate value)
{
    if (value == TRISTATE_ABSENT)
        bind_null(stmt, name);
    else
        bind_int(stmt, name, value == TRISTATE_YES);
}

static void
bind_viewer(struct stmt *stmt, const struct ticket_viewer *viewer)
{
    bind_int(stmt, ":sees_all", viewer->sees_all);
    bind_int(stmt, ":viewer_unit", viewer->unit_id);
}

static bool
is_bound(const struct reach *reach)
{
    return reach->from != 0 || reach->to != INT64_MAX;
}

/* Are all the conditions of the fragment ticket_filters open? */
static bool
is_unfiltered(const struct search *search)
{
    const struct ticket_filter *filter = search->filter;
    bool has_word = filter->channel != NULL || filter->area != NULL ||
                    filter->category != NULL || filter->kind != CHOICE_NONE ||
                    filter->urgency != CHOICE_NONE || filter->light != CHOICE_NONE;
    bool has_yes_or_no =
        filter->overdue != TRISTATE_ABSENT || filter->sensitive != TRISTATE_ABSENT ||
        filter->suspect != TRISTATE_ABSENT || filter->supervised != TRISTATE_ABSENT;
    bool has_bound = is_bound(&search->received) || is_bound(&search->due) ||
                     is_bound(&search->closed) || is_bound(&search->overdue);

    return filter->states == 0 && filter->unit_id == 0 && !has_word && !has_yes_or_no &&
           !has_bound;
}

static void
bind_filters(struct stmt *stmt, const struct search *search)
{
    const struct ticket_filter *filter = search->filter;

    bind_viewer(stmt, search->viewer);
    bind_int(stmt, ":unfiltered", is_unfiltered(search));
    bind_text(stmt, ":states", filter->states == 0 ? NULL : search->states);
    bind_text(stmt, ":channel", filter->channel);
    bind_text(stmt, ":kind", choice_word(&words_kind, filter->kind));
    bind_text(stmt, ":urgency", choice_word(&words_urgency, filter->urgency));
    bind_text(stmt, ":light", choice_word(&words_light, filter->light));
    bind_text(stmt, ":area", filter->area);
    bind_text(stmt, ":category", filter->category);
    bind_tristate(stmt, ":overdue", filter->overdue);
    bind_tristate(stmt, ":sensitive", filter->sensitive);
    bind_tristate(stmt, ":suspect", filter->suspect);
    bind_tristate(stmt, ":supervised", filter->supervised);
    bind_int_or_null(stmt, ":part_unit", filter->unit_id);
    bind_text(stmt, ":part", choice_word(&words_relation, filter->relation));
    bind_int(stmt, ":received_from", search->received.from);
    bind_int(stmt, ":received_to", search->received.to);
    bind_int(stmt, ":due_from", search->due.from);
    bind_int(stmt, ":due_to", search->due.to);
    bind_int(stmt, ":closed_from", search->closed.from);
    bind_int(stmt, ":closed_to", search->closed.to);
    bind_int(stmt, ":overdue_from", search->overdue.from);
    bind_int(stmt, ":overdue_to", search->overdue.to);
    bind_text(stmt, ":needle", filter->needle);
}

static void
bind_todo(struct stmt *stmt, const struct ticket_viewer *viewer, enum ticket_todo todo)
{
    bool is_unit = (viewer->roles & ROLES_UNIT_TICKETS) != 0;
    bool is_clerk = (viewer->roles & ROLE_BIT(ROLE_CLERK)) != 0;
    bool is_supervisor = (viewer->roles & ROLE_BIT(ROLE_SUPERVISOR)) != 0;

    bind_text(stmt, ":todo", choice_word(&words_todo, (int)todo));
    bind_int(stmt, ":my_unit", is_unit ? viewer->unit_id : -1);
    bind_int(stmt, ":user", viewer->user_id);
    bind_int(stmt, ":today", viewer->today);
    bind_int(stmt, ":is_clerk", is_clerk);
    bind_int(stmt, ":is_office", is_clerk || is_supervisor);
    bind_int(stmt, ":is_supervisor", is_supervisor);
    bind_int(stmt, ":is_leader", (viewer->roles & ROLE_BIT(ROLE_LEADER)) != 0);
}

/* Where the stream begins: at the cursor, else at the filter's first moment. */
static void
bind_cursor(struct stmt *stmt, const struct search *search)
{
    const struct ticket_filter *filter = search->filter;
    const struct ticket_cursor *after = &filter->after;
    bool by_due = filter->sort == TICKET_SORT_DUE;

    switch (search->plan.order) {
    case ORDER_RECEIVED:
        bind_int(stmt, ":value", after->is_set ? after->value : search->received.to);
        bind_int(stmt, ":id", after->is_set ? after->id : INT64_MAX);
        break;
    case ORDER_DUE: {
        /* Only the first column is looked up: it must not begin among those at 0. */
        bool has_begun = after->is_set && (after->value != 0) == (search->due.to != 0);
        bind_int(stmt, ":value", has_begun ? after->value : search->due.from);
        bind_int(stmt, ":id", has_begun ? after->id : -1);
        break;
    }
    case ORDER_SORTED:
        bind_int(stmt, ":by_due", by_due);
        bind_int(stmt, ":by_clock",
                 filter->todo != CHOICE_NONE || filter->desk != CHOICE_NONE);
        bind_int(stmt, ":key",
                 !after->is_set      ? INT64_MIN
                 : !by_due           ? -after->value
                 : after->value == 0 ? INT64_MAX
                                     : after->value);
        bind_int(stmt, ":id_key",
                 !after->is_set ? INT64_MIN
                 : by_due       ? after->id
                                : -after->id);
        break;
    }
    bind_int(stmt, ":limit", (int64_t)search->wanted);
}

/* --- Reading ------------------------------------------------------------------------- */

/* Without an arena the text is borrowed until the next step. */
static const char *
text(struct stmt *stmt, struct arena *arena)
{
    return arena == NULL ? row_text(stmt) : row_text_copy(stmt, arena);
}

/* In the order of the fragment ticket_line_columns. */
void
ticket_list_row(struct stmt *stmt, struct arena *arena, struct ticket_line *line)
{
    line->id = row_int(stmt);
    line->no = text(stmt, arena);
    line->title = text(stmt, arena);
    line->channel = text(stmt, arena);
    line->kind = text(stmt, arena);
    line->urgency = text(stmt, arena);
    line->state = text(stmt, arena);
    line->light = text(stmt, arena);
    line->area = text(stmt, arena);
    line->category = text(stmt, arena);
    line->lead_unit_id = row_int(stmt);
    line->version = row_int(stmt);
    line->received_at = row_int(stmt);
    line->effective_due_at = row_int(stmt);
    line->state_due_at = row_int(stmt);
    line->overdue_at = row_int(stmt);
    line->sensitive = row_int(stmt) != 0;
    line->confidential = row_int(stmt) != 0;
    line->suspect = row_int(stmt) != 0;
    line->hard_case = row_int(stmt) != 0;
    line->rework_count = row_int(stmt);
    line->urge_count = row_int(stmt);
}

static int
compare_int(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* Below 0: `a` stands before `b`. */
static int
compare(const struct ticket_key *a, const struct ticket_key *b, enum ticket_sort sort)
{
    if (sort == TICKET_SORT_RECEIVED) {
        int by_time = compare_int(b->value, a->value);
        return by_time != 0 ? by_time : compare_int(b->id, a->id);
    }
    int by_none = compare_int(a->value == 0, b->value == 0);
    int by_time = compare_int(a->value, b->value);
    return by_none != 0 ? by_none : by_time != 0 ? by_time : compare_int(a->id, b->id);
}

/*
 * Put the key where it belongs.  False when the page is full of better ones;
 * then so it is for all that follow in this stream.
 */
static bool
keep(struct search *search, const struct ticket_key *key)
{
    size_t place = search->count;

    while (place > 0) {
        int order = compare(key, &search->keys[place - 1], search->filter->sort);
        if (order == 0)
            return true; /* the unit has two visible parts in it */
        if (order > 0)
            break;
        place--;
    }
    if (place == search->wanted)
        return false;
    size_t last = search->count < search->wanted ? search->count : search->wanted - 1;
    search->is_cut |= search->count == search->wanted; /* the last one falls off */
    memmove(&search->keys[place + 1], &search->keys[place],
            (last - place) * sizeof *search->keys);
    search->keys[place] = *key;
    search->count = last + 1;
    return true;
}

enum err
ticket_list_stream(struct search *search, const char *driver)
{
    const struct plan *plan = &search->plan;
    struct stmt *stmt = query(search->db, plan->which);
    bool has_row, is_full = false;
    size_t rows = 0;

    if (plan->unit_id != 0)
        bind_int(stmt, ":driver", plan->unit_id);
    else if (driver != NULL)
        bind_text(stmt, ":driver", driver);
    if (plan->which == Q_TICKET_LIST_TODO)
        bind_todo(stmt, search->viewer, (enum ticket_todo)search->filter->todo);
    if (plan->which == Q_TICKET_LIST_DESK) {
        bind_text(stmt, ":desk", choice_word(&words_desk, search->filter->desk));
        bind_int(stmt, ":today", search->viewer->today);
    }
    if (plan->match != NULL)
        ticket_search_bind(stmt, search);
    bind_filters(stmt, search);
    bind_cursor(stmt, search);
    while (!is_full) {
        TRY(query_next(stmt, &has_row));
        if (!has_row)
            break;
        if (++rows == search->wanted)
            search->is_cut = true;
        struct ticket_key key = { .id = row_int(stmt) };
        key.value = row_int(stmt);
        is_full = !keep(search, &key);
    }
    search->is_cut |= is_full;
    query_end(stmt);
    return OK;
}

static enum err
read_streams(struct search *search)
{
    const struct plan *plan = &search->plan;

    if (plan->driver_count == 0)
        return ticket_list_stream(search, NULL);
    for (size_t i = 0; i < plan->driver_count; i++)
        TRY(ticket_list_stream(search, plan->drivers[i]));
    return OK;
}

/* First those with a deadline, then those without: two reaches of one index. */
static enum err
read_by_due(struct search *search)
{
    const struct ticket_cursor *after = &search->filter->after;
    bool takes_none = search->due.from == 0;

    if (takes_none)
        search->due.from = 1;
    if (!after->is_set || after->value != 0)
        TRY(read_streams(search));
    if (!takes_none || search->count == search->wanted)
        return OK;
    search->due = (struct reach){ 0, 0 };
    return read_streams(search);
}

static struct reach
reach_of_days(int32_t from, int32_t to)
{
    return (struct reach){
        .from = from == 0 ? 0 : time_day_start(from),
        .to = to == 0 ? INT64_MAX : time_day_end(to),
    };
}

static void
write_states(struct search *search)
{
    size_t used = 0;

    for (int state = 0; state < TICKET_STATE_COUNT; state++)
        if ((search->filter->states & STATE_BIT(state)) != 0) {
            const char *word = choice_word(&words_state, state);
            memcpy(search->states + used, word, strlen(word));
            used += strlen(word);
            search->states[used++] = ',';
        }
}

static enum err
read_page(struct search *search)
{
    if (search->filter->needle != NULL && search->filter->todo == CHOICE_NONE &&
        search->filter->desk == CHOICE_NONE)
        return ticket_search_read(search);
    TRY(ticket_list_plan(search));
    return search->plan.order == ORDER_DUE ? read_by_due(search) : read_streams(search);
}

enum err
ticket_lists_page(struct db *db, struct arena *arena, const struct ticket_viewer *viewer,
                  const struct ticket_filter *filter, int limit,
                  struct ticket_page *ret_page)
{
    struct search search = {
        .db = db,
        .arena = arena,
        .viewer = viewer,
        .filter = filter,
        .wanted = (size_t)limit + 1,
        .received = reach_of_days(filter->received_from, filter->received_to),
        .due = reach_of_days(filter->due_from, filter->due_to),
        .closed = reach_of_days(filter->closed_from, filter->closed_to),
        .overdue = reach_of_days(filter->overdue_from, filter->overdue_to),
    };

    search.keys = arena_array(arena, struct ticket_key, search.wanted);
    int64_t *ids = arena_array(arena, int64_t, search.wanted);
    if (search.keys == NULL || ids == NULL)
        return ERR_NO_MEMORY;
    if (filter->received_since > search.received.from)
        search.received.from = filter->received_since;
    /* Before a day: among those that have such a moment. */
    if (search.due.from == 0 && filter->due_to != 0)
        search.due.from = 1;
    if (search.closed.from == 0 && filter->closed_to != 0)
        search.closed.from = 1;
    if (search.overdue.from == 0 && filter->overdue_to != 0)
        search.overdue.from = 1;
    write_states(&search);
    if (viewer->sees_all || viewer->unit_id != 0)
        TRY(read_page(&search));
    size_t shown = search.count < search.wanted ? search.count : search.wanted - 1;

    for (size_t i = 0; i < shown; i++)
        ids[i] = search.keys[i].id;
    *ret_page = (struct ticket_page){
        .ids = ids,
        .count = shown,
        .has_more = search.is_cut || search.count == search.wanted,
    };
    if (shown > 0)
        ret_page->last = (struct ticket_cursor){ true, search.keys[shown - 1].value,
                                                 search.keys[shown - 1].id };
    return OK;
}

enum err
ticket_lists_line(struct db *db, int64_t ticket_id, ticket_line_take *take, void *context)
{
    struct stmt *stmt = query(db, Q_TICKET_LINE);
    struct ticket_line line;

    bind_int(stmt, ":ticket_id", ticket_id);
    TRY(query_one(stmt));
    ticket_list_row(stmt, NULL, &line);
    take(context, &line);
    query_end(stmt);
    return OK;
}

enum err
ticket_lists_count_todo(struct db *db, const struct ticket_viewer *viewer,
                        enum ticket_todo todo, struct ticket_todo_count *ret_count)
{
    struct stmt *stmt = query(db, Q_TICKET_COUNT_TODO);

    bind_todo(stmt, viewer, todo);
    bind_viewer(stmt, viewer);
    TRY(query_one(stmt));
    ret_count->tickets = row_int(stmt);
    ret_count->yellow = row_int(stmt);
    ret_count->red = row_int(stmt);
    query_end(stmt);
    return OK;
}
