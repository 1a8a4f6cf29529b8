/*
 * recompute.c - see the header.
 *
 * Invariant: with `before` and `after` the same calendar nothing moves.
 */
#include "domain/recompute.h"

#include "base/timeutil.h"

int64_t
recompute_moment(const struct recompute *recompute, int64_t from_at, int64_t due_at,
                 bool *ret_provisional)
{
    const struct limits *limits = recompute->limits;
    int32_t from_day = time_day(from_at), due_day = time_day(due_at);
    int64_t since_midnight = due_at - time_day_start(due_day);
    bool ends_a_day =
        due_at == time_day_end(due_day) ||
        (limits->due_at_closing_time != 0 && since_midnight == limits->closing_time_s);

    if (ret_provisional != NULL)
        *ret_provisional = false;
    if (from_at == 0 || due_at == 0 || !ends_a_day || due_day <= from_day ||
        !calendar_is_workday(recompute->before, due_day, NULL))
        return due_at;
    int32_t workdays = calendar_workdays_between(recompute->before, from_day, due_day);

    return time_day_start(calendar_nth_workday(recompute->after, from_day, workdays,
                                               ret_provisional)) +
           since_midnight;
}

/* A walk over one case that remembers whether anything moved. */
struct mover {
    const struct recompute *recompute;
    bool has_moved;
};

static void
put(struct mover *mover, int64_t *member, int64_t value)
{
    if (*member == value)
        return;
    *member = value;
    mover->has_moved = true;
}

static void
put_flag(struct mover *mover, bool *member, bool value)
{
    if (*member == value)
        return;
    *member = value;
    mover->has_moved = true;
}

static void
move(struct mover *mover, int64_t from_at, int64_t *due_at)
{
    put(mover, due_at, recompute_moment(mover->recompute, from_at, *due_at, NULL));
}

/* A flag "late" stands only while what is judged by `due_at` is late. */
static void
judge_anew(struct mover *mover, int64_t *late_at, int64_t due_at, int64_t done_at)
{
    if ((done_at != 0 ? done_at : mover->recompute->now) <= due_at)
        put(mover, late_at, 0);
}

static void
move_assignment(struct mover *mover, const struct ticket *ticket,
                struct assignment *assignment)
{
    if (assignment->relation == RELATION_LEAD) {
        put(mover, &assignment->due_at, ticket->due_at);
        put(mover, &assignment->effective_due_at, ticket->effective_due_at);
    } else {
        move(mover, assignment->dispatched_at, &assignment->due_at);
        put(mover, &assignment->effective_due_at, assignment->due_at);
    }
    judge_anew(mover, &assignment->overdue_at, assignment->effective_due_at,
               assignment->replied_at);
    move(mover, assignment->dispatched_at, &assignment->sign_due_at);
    judge_anew(mover, &assignment->sign_late_at, assignment->sign_due_at,
               assignment->signed_at);
    move(mover, assignment->signed_at, &assignment->contact_due_at);
    judge_anew(mover, &assignment->contact_late_at, assignment->contact_due_at,
               assignment->contacted_at);
}

/* The full limit of the round under `calendar`, capped by upstream's deadline. */
static int64_t
capped_due(const struct recompute *recompute, const struct calendar *calendar,
           const struct ticket *ticket, int channel_workdays, bool *ret_provisional,
           bool *ret_capped)
{
    return deadline_handle(calendar, recompute->limits, (enum urgency)ticket->urgency,
                           channel_workdays, ticket->dispatched_at,
                           ticket->upstream_due_at, ret_provisional, ret_capped);
}

/*
 * The round's own limit.  Where upstream's deadline stands instead of it, only
 * the rule tells how long it would be; when that does not lead to the stored
 * moment (limits were changed meanwhile), the moment stays.
 */
static int64_t
round_due(const struct recompute *recompute, const struct ticket *ticket,
          int channel_workdays, bool *ret_provisional, bool *ret_capped)
{
    *ret_provisional = ticket->due_provisional;
    *ret_capped = ticket->due_capped;
    if (ticket->due_capped) {
        if (capped_due(recompute, recompute->before, ticket, channel_workdays, NULL,
                       NULL) != ticket->due_at)
            return ticket->due_at;
        return capped_due(recompute, recompute->after, ticket, channel_workdays,
                          ret_provisional, ret_capped);
    }
    int64_t due_at = recompute_moment(recompute, ticket->dispatched_at, ticket->due_at,
                                      ret_provisional);
    *ret_capped = ticket->upstream_due_at != 0 && ticket->upstream_due_at < due_at;
    if (!*ret_capped)
        return due_at;
    int64_t first_day_end = time_day_end(time_day(ticket->dispatched_at));

    return ticket->upstream_due_at > first_day_end ? ticket->upstream_due_at
                                                   : first_day_end;
}

static void
move_ticket(struct mover *mover, int channel_workdays, struct ticket *ticket)
{
    const struct recompute *recompute = mover->recompute;
    bool runs_by_round = ticket->effective_due_at == ticket->due_at;
    bool is_promised = ticket->clock_from_at == 0; /* a promised day stays */
    bool is_provisional = false, is_capped = false;
    int64_t due_at =
        round_due(recompute, ticket, channel_workdays, &is_provisional, &is_capped);
    int64_t effective_due_at = due_at;

    if (is_promised) {
        effective_due_at = ticket->effective_due_at;
        is_provisional = false;
    } else if (!runs_by_round)
        effective_due_at = recompute_moment(recompute, ticket->clock_from_at,
                                            ticket->effective_due_at, &is_provisional);
    put(mover, &ticket->due_at, due_at);
    put(mover, &ticket->effective_due_at, effective_due_at);
    put_flag(mover, &ticket->due_provisional, is_provisional);
    put_flag(mover, &ticket->due_capped, is_capped);
    judge_anew(mover, &ticket->overdue_at, effective_due_at, ticket->replied_at);
    if (ticket->state == TICKET_REPLIED)
        move(mover, ticket->replied_at, &ticket->state_due_at);
    if (ticket->state == TICKET_FEEDBACK)
        move(mover, ticket->answered_at, &ticket->state_due_at);
}

bool
recompute_ticket(const struct recompute *recompute, int channel_workdays,
                 struct ticket_case *ticket_case)
{
    struct ticket *ticket = &ticket_case->ticket;
    struct mover mover = { .recompute = recompute };

    if (!ticket_is_open(ticket) || ticket->effective_due_at == 0)
        return false;
    move_ticket(&mover, channel_workdays, ticket);
    for (size_t i = 0; i < ticket_case->assignment_count; i++)
        if (ticket_case->assignments[i].is_active)
            move_assignment(&mover, ticket, &ticket_case->assignments[i]);
    if (mover.has_moved)
        ticket->version++;
    return mover.has_moved;
}
