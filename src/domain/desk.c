/*
 * desk.c - see the header.  Each desk is one block.
 */
#include "domain/desk.h"

#include "base/timeutil.h"

#define X(NAME, word_, zh_, en_) { .word = word_, .zh = zh_, .en = en_ },
static const struct choice desk_items[] = { DESKS(X) };
#undef X
const struct choices words_desk = { "desk", desk_items, DESK_COUNT };

struct places {
    struct desk_place *list;
    size_t count;
};

static void
add(struct places *places, bool stands, enum desk desk, int32_t from_day)
{
    if (stands)
        places->list[places->count++] = (struct desk_place){ desk, from_day };
}

static bool
is_with_unit(const struct ticket *ticket)
{
    return ticket->state == TICKET_DISPATCHED || ticket->state == TICKET_HANDLING;
}

static bool
is_sign_late(const struct ticket_case *ticket_case)
{
    for (size_t i = 0; i < ticket_case->assignment_count; i++) {
        const struct assignment *part = &ticket_case->assignments[i];
        if (part->is_active && part->signed_at == 0 && part->sign_late_at != 0)
            return true;
    }
    return false;
}

/* Is the lead unit late in something, or has it one workday left? */
static bool
is_pressing(const struct ticket_case *ticket_case)
{
    const struct ticket *ticket = &ticket_case->ticket;

    if (!is_with_unit(ticket))
        return false;
    if (ticket->light == LIGHT_YELLOW || ticket->light == LIGHT_RED)
        return true;
    for (size_t i = 0; i < ticket_case->assignment_count; i++) {
        const struct assignment *part = &ticket_case->assignments[i];
        if (part->is_active && part->relation == RELATION_LEAD &&
            ((part->signed_at == 0 && part->sign_late_at != 0) ||
             (part->contacted_at == 0 && part->contact_late_at != 0 &&
              !ticket->confidential)))
            return true;
    }
    return false;
}

/* Like the to-do of the same name: a person can be called, and nothing worse waits. */
static bool
waits_for_call(const struct ticket *ticket)
{
    return ticket->state == TICKET_FEEDBACK &&
           (ticket->has_phone || ticket->rated_at != 0) &&
           (ticket->rated_at == 0 ||
            ticket->satisfaction_final != SATISFACTION_UNSATISFIED);
}

static bool
is_supervised(const struct ticket_case *ticket_case)
{
    for (size_t i = 0; i < ticket_case->supervision_count; i++)
        if (!ticket_case->supervisions[i].is_answered)
            return true;
    return false;
}

/* 0: none is open. */
static int32_t
first_promised_day(const struct ticket_case *ticket_case)
{
    int32_t first = 0;

    for (size_t i = 0; i < ticket_case->promise_count; i++)
        if (first == 0 || ticket_case->promises[i].promised_day < first)
            first = ticket_case->promises[i].promised_day;
    return first;
}

static bool
is_unopened(const struct ticket_case *ticket_case)
{
    for (size_t i = 0; i < ticket_case->assignment_count; i++)
        if (ticket_case->assignments[i].is_active &&
            ticket_case->assignments[i].opened_at == 0)
            return true;
    return false;
}

struct desk_questions
desk_questions(const struct ticket_case *ticket_case)
{
    const struct ticket *ticket = &ticket_case->ticket;
    bool is_at_unit = is_with_unit(ticket) || ticket->state == TICKET_RETURNED;

    return (struct desk_questions){
        .dispatch_late = ticket->state == TICKET_RECEIVED && !ticket->suspect,
        .unopened = is_at_unit && is_unopened(ticket_case),
        .criticism = is_at_unit,
        .instruction = ticket_is_open(ticket),
        .urge =
            is_with_unit(ticket) && ticket->urge_count + ticket->citizen_urge_count > 0,
        .promise = ticket_case->promise_count > 0,
    };
}

size_t
desk_places(const struct ticket_case *ticket_case, const struct desk_facts *facts,
            struct desk_place ret_places[DESK_COUNT])
{
    const struct ticket *ticket = &ticket_case->ticket;
    struct places places = { .list = ret_places };
    bool is_received = ticket->state == TICKET_RECEIVED;
    bool is_at_unit = is_with_unit(ticket) || ticket->state == TICKET_RETURNED;
    bool is_open = ticket_is_open(ticket);
    bool supervised = is_open && is_supervised(ticket_case);
    bool urged = !supervised && is_with_unit(ticket) && facts->has_open_urge;
    int32_t promised_day = first_promised_day(ticket_case);

    add(&places, is_received && ticket->suspect, DESK_SUSPECT, 0);
    add(&places, is_received && !ticket->suspect && facts->is_dispatch_late,
        DESK_DISPATCH_LATE, 0);
    add(&places, is_at_unit && facts->is_unopened, DESK_UNOPENED, 0);
    add(&places, is_at_unit && is_sign_late(ticket_case), DESK_SIGN_LATE, 0);
    add(&places, waits_for_call(ticket), DESK_CALLBACK, 0);
    add(&places, ticket_case->extension.id != 0, DESK_EXTENSION, 0);
    add(&places, is_open && ticket_case->submission_count > 0, DESK_SUBMISSION, 0);
    add(&places, is_open && facts->has_instruction, DESK_INSTRUCTION, 0);
    add(&places, !supervised && !urged && is_pressing(ticket_case), DESK_SHOULD_URGE,
        facts->urge_answered_at == 0 ? 0 : time_day(facts->urge_answered_at) + 1);
    add(&places, urged, DESK_URGED, 0);
    add(&places, supervised, DESK_SUPERVISED, 0);
    add(&places, is_at_unit && facts->is_criticised, DESK_CRITICISM, 0);
    /* The unit has it on its list from the day before, too. */
    add(&places, promised_day != 0, DESK_PROMISE, promised_day - 1);
    add(&places, facts->has_broken_promise, DESK_PROMISE_BROKEN, 0);
    return places.count;
}
