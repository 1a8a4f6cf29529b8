/* progress.c - see the header. */
#include "domain/progress.h"

#include <string.h>

#include "base/timeutil.h"

#define X(NAME, word_, zh_, en_) { .word = word_, .zh = zh_, .en = en_ },
static const struct choice progress_items[] = { PROGRESS_STEPS(X) };
#undef X
const struct choices words_progress_step = { "progress_step", progress_items,
                                             PROGRESS_STEP_COUNT };

static enum progress_step
step_of(const struct ticket *ticket)
{
    switch ((enum ticket_state)ticket->state) {
    case TICKET_RECEIVED:
        return ticket->first_dispatched_at != 0 ? PROGRESS_ASSIGNED : PROGRESS_ACCEPTED;
    case TICKET_DISPATCHED:
    case TICKET_RETURNED:
        return PROGRESS_ASSIGNED;
    case TICKET_HANDLING:
    case TICKET_REPLIED:
        return PROGRESS_HANDLING;
    case TICKET_FEEDBACK:
        return PROGRESS_ANSWERED;
    case TICKET_CLOSED:
    case TICKET_DECLINED:
        return PROGRESS_CLOSED;
    case TICKET_MERGED:
    case TICKET_STATE_COUNT:
        break;
    }
    return PROGRESS_ACCEPTED;
}

/* When the latest lead signed. */
static int64_t
signed_at(const struct ticket_case *ticket_case)
{
    int64_t at = 0;

    for (size_t i = 0; i < ticket_case->assignment_count; i++)
        if (ticket_case->assignments[i].relation == RELATION_LEAD)
            at = ticket_case->assignments[i].signed_at;
    return at;
}

struct progress
progress_of(const struct ticket_case *ticket_case)
{
    const struct ticket *ticket = &ticket_case->ticket;
    struct progress progress = {
        .step = step_of(ticket),
        .is_answer_visible =
            ticket->state == TICKET_FEEDBACK || ticket->state == TICKET_CLOSED,
        .is_declined = ticket->state == TICKET_DECLINED,
    };
    const int64_t at[PROGRESS_STEP_COUNT] = {
        [PROGRESS_ACCEPTED] = ticket->received_at,
        [PROGRESS_ASSIGNED] = ticket->first_dispatched_at,
        [PROGRESS_HANDLING] = signed_at(ticket_case),
        [PROGRESS_ANSWERED] = progress.is_answer_visible ? ticket->answered_at : 0,
        [PROGRESS_CLOSED] = ticket->closed_at,
    };

    for (int step = 0; step <= (int)progress.step; step++)
        progress.at[step] = at[step];
    return progress;
}

int32_t
progress_expected_day(const struct ticket_case *ticket_case,
                      const struct calendar *calendar, const struct limits *limits,
                      int channel_workdays)
{
    const struct ticket *ticket = &ticket_case->ticket;
    enum urgency urgency = (enum urgency)ticket->urgency;

    if (step_of(ticket) >= PROGRESS_ANSWERED)
        return 0;
    if (ticket->effective_due_at != 0)
        return time_day(ticket->effective_due_at);
    int64_t dispatched_at = ticket->state_due_at;
    if (dispatched_at == 0)
        dispatched_at = deadline_dispatch(calendar, limits, urgency,
                                          strcmp(ticket->channel, "web") == 0,
                                          ticket->received_at, NULL);
    return time_day(deadline_handle(calendar, limits, urgency, channel_workdays,
                                    dispatched_at, 0, NULL, NULL));
}
