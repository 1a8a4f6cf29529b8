/*
 * ticket_list_plan.c - which statement drives a list.
 *
 * Of all filters that have an index the narrowest drives; the others are
 * conditions on what it finds.  The comments in sql/queries/ticket_list.sql say
 * what each statement is for.
 */
#include "ticket_list_internal.h"

#define OPEN_STATES                                                                      \
    (STATE_BIT(TICKET_RECEIVED) | STATE_BIT(TICKET_DISPATCHED) |                         \
     STATE_BIT(TICKET_HANDLING) | STATE_BIT(TICKET_RETURNED) |                           \
     STATE_BIT(TICKET_REPLIED) | STATE_BIT(TICKET_FEEDBACK))
#define ALL_STATES (STATE_BIT(TICKET_STATE_COUNT) - 1)

/* A range of so few days holds few enough tickets to be sorted. */
#define NARROW_DAYS 7

static bool
is_narrow(int32_t from, int32_t to)
{
    return from != 0 && to != 0 && to - from < NARROW_DAYS;
}

static bool
is_lit(const struct ticket_filter *filter)
{
    return filter->light != CHOICE_NONE && filter->light != LIGHT_NONE;
}

static void
drive(struct plan *plan, enum query which, enum order order)
{
    plan->which = which;
    plan->order = order;
}

static void
drive_by_state(struct plan *plan, enum query which, enum order order, uint32_t states)
{
    drive(plan, which, order);
    for (int state = 0; state < TICKET_STATE_COUNT; state++)
        if (((states == 0 ? ALL_STATES : states) & STATE_BIT(state)) != 0)
            plan->drivers[plan->driver_count++] = choice_word(&words_state, state);
}

/* The category and those below it; `*ret_few` is false when there are too many to merge. */
static enum err
drive_by_category(struct search *search, bool *ret_few)
{
    struct plan *plan = &search->plan;
    struct stmt *stmt = query(search->db, Q_CATEGORY_BELOW);
    bool has_row;

    *ret_few = true;
    drive(plan, Q_TICKET_LIST_CATEGORY, ORDER_RECEIVED);
    bind_text(stmt, ":code", search->filter->category);
    bind_int(stmt, ":limit", DRIVERS_MAX + 1);
    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row)
            break;
        if (plan->driver_count == DRIVERS_MAX) {
            *ret_few = false;
            plan->driver_count = 0;
            break;
        }
        plan->drivers[plan->driver_count++] = row_text_copy(stmt, search->arena);
    }
    query_end(stmt);
    return OK;
}

static enum err
choose_received(struct search *search, bool open_only)
{
    const struct ticket_filter *filter = search->filter;
    struct plan *plan = &search->plan;
    bool is_few = false;

    if (plan->unit_id != 0) {
        drive(plan, Q_TICKET_LIST_UNIT, ORDER_RECEIVED);
        return OK;
    }
    if (filter->category != NULL && !open_only) {
        TRY(drive_by_category(search, &is_few));
        if (is_few)
            return OK;
    }
    if (filter->states != 0)
        drive_by_state(plan, Q_TICKET_LIST_STATE, ORDER_RECEIVED, filter->states);
    else
        drive(plan, Q_TICKET_LIST_ALL, ORDER_RECEIVED);
    return OK;
}

enum err
ticket_list_plan(struct search *search)
{
    const struct ticket_filter *filter = search->filter;
    struct plan *plan = &search->plan;
    int64_t unit_id =
        search->viewer->sees_all ? filter->unit_id : search->viewer->unit_id;
    bool is_few = false;
    bool open_only =
        is_lit(filter) || (filter->states != 0 && (filter->states & ~OPEN_STATES) == 0);

    if (filter->todo != CHOICE_NONE)
        drive(plan, Q_TICKET_LIST_TODO, ORDER_SORTED);
    else if (filter->desk != CHOICE_NONE)
        drive(plan, Q_TICKET_LIST_DESK, ORDER_SORTED);
    else if (filter->supervised == TRISTATE_YES)
        drive(plan, Q_TICKET_LIST_SUPERVISED, ORDER_SORTED);
    else if (unit_id != 0 && open_only) {
        plan->unit_id = unit_id;
        drive(plan, Q_TICKET_LIST_UNIT_OPEN, ORDER_SORTED);
    } else if (is_narrow(filter->due_from, filter->due_to))
        drive(plan, Q_TICKET_LIST_DUE_RANGE, ORDER_SORTED);
    else if (is_narrow(filter->overdue_from, filter->overdue_to))
        drive(plan, Q_TICKET_LIST_OVERDUE_RANGE, ORDER_SORTED);
    else if (is_narrow(filter->closed_from, filter->closed_to))
        drive(plan, Q_TICKET_LIST_CLOSED_RANGE, ORDER_SORTED);
    else if (is_lit(filter)) {
        bool by_due = filter->sort == TICKET_SORT_DUE;
        drive(plan, by_due ? Q_TICKET_LIST_LIGHT_DUE : Q_TICKET_LIST_LIGHT,
              by_due ? ORDER_DUE : ORDER_SORTED);
        plan->drivers[plan->driver_count++] = choice_word(&words_light, filter->light);
    } else if (filter->sort == TICKET_SORT_RECEIVED) {
        plan->unit_id = unit_id;
        return choose_received(search, open_only);
    } else if (is_narrow(filter->received_from, filter->received_to))
        drive(plan, Q_TICKET_LIST_RECEIVED_RANGE, ORDER_SORTED);
    else {
        if (unit_id != 0)
            TRY(ticket_lists_few(search->db, unit_id, &is_few));
        plan->unit_id = is_few ? unit_id : 0;
        if (is_few)
            drive(plan, Q_TICKET_LIST_UNIT_SORTED, ORDER_SORTED);
        else /* of many tickets of the unit some are found soon */
            drive_by_state(plan, Q_TICKET_LIST_STATE_DUE, ORDER_DUE, filter->states);
    }
    return OK;
}
