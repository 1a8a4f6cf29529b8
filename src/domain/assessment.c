/*
 * assessment.c - the facts of a ticket, one block for each kind of subject.
 *
 * Invariants
 *  1. A fact stands on exactly one day, which no later deadline moves but that
 *     of its own clock; a sum over days counts each subject once.
 *  2. Of DUE, UNDECIDED and the LEFT measures an assignment has at most one, and
 *     DUE is exactly one of ON_TIME, LATE_CLOSED and LATE_OPEN.
 *  3. What is merged or excluded contributes no rate of a unit.
 *
 * Source: product.md, section 9.
 */
#include "domain/assessment.h"

#include <string.h>

#include "base/timeutil.h"
#include "domain/calendar.h"

#define X(NAME, word_, zh_, en_) { .word = word_, .zh = zh_, .en = en_ },
static const struct choice measure_items[] = { ASSESSMENT_MEASURES(X) };
#undef X
const struct choices words_measure = { "measure", measure_items,
                                       ASSESSMENT_MEASURE_COUNT };
_Static_assert(ASSESSMENT_MEASURE_COUNT <= 62, "measures are bits of a signed integer");

struct work {
    const struct ticket_case *ticket_case;
    const struct assessment_record *records;
    size_t record_count;
    const struct calendar *calendar;
    struct assessment_fact *facts;
    size_t count;
};

static struct assessment_fact *
add(struct work *work, int64_t unit_id, int32_t day, int64_t subject, uint64_t measures)
{
    for (size_t i = 0; i < work->count; i++) {
        struct assessment_fact *fact = &work->facts[i];
        if (fact->unit_id == unit_id && fact->day == day && fact->subject == subject) {
            fact->measures |= measures;
            return fact;
        }
    }
    work->facts[work->count] = (struct assessment_fact){
        .unit_id = unit_id, .day = day, .subject = subject, .measures = measures
    };
    return &work->facts[work->count++];
}

/* --- The ticket itself ------------------------------------------------------------ */

static uint64_t
when(bool is_so, enum assessment_measure measure)
{
    return is_so ? MEASURE_BIT(measure) : 0;
}

/*
 * Web and upstream items are dispatched the day they come in.  What the office
 * settles itself, what is merged and what may be spam is not to be dispatched.
 */
static uint64_t
same_day(const struct ticket *ticket)
{
    bool was_dispatched = ticket->first_dispatched_at != 0;

    if ((!assessment_is_web(ticket) && ticket->upstream[0] == '\0') || ticket->suspect)
        return 0;
    if (!was_dispatched && !ticket_is_open(ticket))
        return 0;
    return MEASURE_BIT(MEASURE_SAME_DAY_DUE) |
           when(was_dispatched && time_day(ticket->first_dispatched_at) ==
                                      time_day(ticket->received_at),
                MEASURE_SAME_DAY);
}

static void
add_ticket(struct work *work)
{
    const struct ticket *ticket = &work->ticket_case->ticket;
    bool is_direct = ticket->state == TICKET_CLOSED && ticket->lead_unit_id == 0;

    (void)add(work, 0, time_day(ticket->received_at), 0,
              MEASURE_BIT(MEASURE_RECEIVED) |
                  when(ticket->repeat_of != 0, MEASURE_REPEATED) | same_day(ticket) |
                  when(is_direct, MEASURE_DIRECT_ANSWERS) |
                  when(ticket->state == TICKET_DECLINED, MEASURE_DECLINED));
    if (ticket->state == TICKET_CLOSED)
        (void)add(work, ticket->lead_unit_id, time_day(ticket->closed_at), 0,
                  MEASURE_BIT(MEASURE_CLOSED));
}

/* --- An assignment -------------------------------------------------------------- */

static bool
has_record(const struct work *work, enum assessment_record_kind kind,
           const struct assignment *assignment)
{
    for (size_t i = 0; i < work->record_count; i++)
        if (work->records[i].kind == kind &&
            work->records[i].assignment_id == assignment->id)
            return true;
    return false;
}

/* Exactly one of these, or none for a co-unit whose opinion nobody waits for any more. */
static uint64_t
timeliness(const struct assignment *assignment)
{
    bool is_late = assignment->overdue_at != 0, has_replied = assignment->replied_at != 0;

    if (is_late || has_replied)
        return MEASURE_BIT(MEASURE_DUE) | MEASURE_BIT(!is_late      ? MEASURE_ON_TIME
                                                      : has_replied ? MEASURE_LATE_CLOSED
                                                                    : MEASURE_LATE_OPEN);
    return when(assignment->is_active, MEASURE_UNDECIDED);
}

static bool
is_rated(const struct ticket *ticket)
{
    return ticket->satisfaction_final == SATISFACTION_SATISFIED ||
           ticket->satisfaction_final == SATISFACTION_BASIC ||
           ticket->satisfaction_final == SATISFACTION_UNSATISFIED;
}

/* Whose answer the citizen has: the lead of the present round. */
static bool
gave_answer(const struct ticket *ticket, const struct assignment *assignment)
{
    return ticket->answered_at != 0 && assignment->round == ticket->round &&
           assignment->relation == RELATION_LEAD;
}

static void
add_dispatch(struct work *work, const struct assignment *assignment)
{
    const struct ticket *ticket = &work->ticket_case->ticket;
    uint64_t measures = MEASURE_BIT(MEASURE_CO_DISPATCHED);

    if (assignment->relation == RELATION_LEAD) {
        bool is_late = assignment->overdue_at != 0;
        bool is_rated_here = gave_answer(ticket, assignment) && is_rated(ticket);

        measures =
            MEASURE_BIT(MEASURE_DISPATCHED) |
            when(ticket->repeat_of != 0, MEASURE_DISPATCHED_REPEATED) |
            MEASURE_BIT(assignment->replied_at == 0 ? MEASURE_DISPATCHED_OPEN
                        : is_late                   ? MEASURE_DISPATCHED_LATE
                                                    : MEASURE_DISPATCHED_ON_TIME) |
            when(is_rated_here, MEASURE_DISPATCHED_RATED) |
            when(is_rated_here && ticket->satisfaction_final == SATISFACTION_UNSATISFIED,
                 MEASURE_DISPATCHED_UNSATISFIED);
    }
    (void)add(work, assignment->unit_id, time_day(assignment->dispatched_at),
              assignment->id, measures);
}

/* A limit is reached when it was met or missed; what still runs is not asked about. */
static void
add_limits(struct work *work, const struct assignment *assignment)
{
    const struct ticket *ticket = &work->ticket_case->ticket;
    int64_t sign_due = assignment->sign_due_at, contact_due = assignment->contact_due_at;

    if (sign_due != 0 && (assignment->signed_at != 0 || assignment->sign_late_at != 0))
        (void)add(
            work, assignment->unit_id, time_day(sign_due), assignment->id,
            MEASURE_BIT(MEASURE_SIGN_DUE) |
                when(assignment->signed_at != 0 && assignment->signed_at <= sign_due,
                     MEASURE_SIGNED_ON_TIME));
    /* On a confidential ticket the first contact is the clerk's. */
    if (assignment->relation != RELATION_LEAD || ticket->confidential ||
        (assignment->contacted_at == 0 && assignment->contact_late_at == 0))
        return;
    if (contact_due == 0) /* contacted before the limit began to run */
        contact_due = assignment->contacted_at;
    (void)add(
        work, assignment->unit_id, time_day(contact_due), assignment->id,
        MEASURE_BIT(MEASURE_CONTACT_DUE) |
            when(assignment->contacted_at != 0 && assignment->contacted_at <= contact_due,
                 MEASURE_CONTACT_ON_TIME));
}

/* The lead's first reply, and the first that was accepted. */
static void
add_replies(struct work *work, const struct assignment *assignment)
{
    const struct assessment_record *first = NULL, *accepted = NULL;

    for (size_t i = 0; i < work->record_count; i++) {
        const struct assessment_record *reply = &work->records[i];
        if ((reply->kind != ASSESSMENT_REPLY && reply->kind != ASSESSMENT_REJECTION) ||
            reply->assignment_id != assignment->id)
            continue;
        if (first == NULL || reply->at < first->at)
            first = reply;
        if (reply->is_good && (accepted == NULL || reply->at < accepted->at))
            accepted = reply;
    }
    if (first != NULL)
        (void)add(work, assignment->unit_id, time_day(first->at), assignment->id,
                  MEASURE_BIT(MEASURE_REPLIED) |
                      when(has_record(work, ASSESSMENT_REJECTION, assignment),
                           MEASURE_REWORKED));
    if (accepted != NULL) {
        int32_t day = time_day(accepted->at);
        add(work, assignment->unit_id, day, assignment->id, MEASURE_BIT(MEASURE_ACCEPTED))
            ->workdays = calendar_workdays_between(
            work->calendar, time_day(assignment->dispatched_at), day);
    }
}

/* What the citizen said of the answer.  A rating counts as the callback. */
static void
add_feedback(struct work *work, const struct assignment *assignment)
{
    const struct ticket *ticket = &work->ticket_case->ticket;
    bool is_closed = ticket->state == TICKET_CLOSED;
    /* Whoever said something was reached; a ledger keeps no callbacks. */
    bool is_reached = ticket->rated_at != 0 || (is_closed && is_rated(ticket));
    bool is_attempted = is_reached;
    uint64_t measures = MEASURE_BIT(MEASURE_ANSWERED);

    if (!gave_answer(ticket, assignment))
        return;
    for (size_t i = 0; i < work->record_count; i++)
        if (work->records[i].kind == ASSESSMENT_CALLBACK) {
            is_attempted = true;
            is_reached |= work->records[i].is_good;
        }
    /* What was called stays called, also when the number is erased; and what was
     * closed without a call was not to be called. */
    if (is_attempted || (ticket->has_phone && !is_closed))
        measures |= MEASURE_BIT(MEASURE_CALLBACK_SHOULD) |
                    when(is_attempted, MEASURE_CALLBACK_ATTEMPTED) |
                    when(is_reached, MEASURE_CALLBACK_REACHED);
    measures |= when(ticket->solved != 0, MEASURE_SOLVED_ASKED) |
                when(ticket->solved == 2, MEASURE_SOLVED);
    if (ticket->satisfaction_final != CHOICE_NONE)
        measures |=
            when(ticket->satisfaction_final == SATISFACTION_SATISFIED,
                 MEASURE_SATISFIED) |
            when(ticket->satisfaction_final == SATISFACTION_BASIC, MEASURE_BASIC) |
            when(ticket->satisfaction_final == SATISFACTION_UNSATISFIED,
                 MEASURE_UNSATISFIED);
    (void)add(work, assignment->unit_id, time_day(ticket->answered_at), assignment->id,
              measures);
}

static void
add_assignment(struct work *work, const struct assignment *assignment)
{
    const struct ticket *ticket = &work->ticket_case->ticket;
    int32_t due_day = time_day(assignment->effective_due_at);
    uint64_t left = !assignment->is_counted ? MEASURE_BIT(MEASURE_LEFT_RECALLED)
                    : ticket->state == TICKET_MERGED
                        ? MEASURE_BIT(MEASURE_LEFT_MERGED)
                        : when(ticket->exclude_class[0] != '\0', MEASURE_LEFT_EXCLUDED);

    if (left != 0) {
        (void)add(work, assignment->unit_id, due_day, assignment->id, left);
        return;
    }
    uint64_t measures = timeliness(assignment);
    if ((measures & MEASURE_BIT(MEASURE_DUE)) != 0)
        measures |=
            when(has_record(work, ASSESSMENT_EXTENSION, assignment), MEASURE_EXTENDED);
    if (measures != 0)
        (void)add(work, assignment->unit_id, due_day, assignment->id, measures);
    add_dispatch(work, assignment);
    add_limits(work, assignment);
    add_replies(work, assignment);
    add_feedback(work, assignment);
}

/* --- Records of their own ------------------------------------------------------------ */

static void
add_record(struct work *work, const struct assessment_record *record)
{
    switch (record->kind) {
    case ASSESSMENT_RETURN:
        (void)add(work, record->unit_id, time_day(record->at), record->id,
                  MEASURE_BIT(MEASURE_RETURNS) |
                      when(!record->is_good, MEASURE_REFUSED_RETURNS));
        break;
    case ASSESSMENT_PROMISE:
        (void)add(work, record->unit_id, record->day, record->id,
                  MEASURE_BIT(MEASURE_PROMISES_DUE) |
                      when(record->is_good, MEASURE_PROMISES_KEPT));
        break;
    case ASSESSMENT_SUPERVISION:
        (void)add(work, record->unit_id, time_day(record->at), record->id,
                  MEASURE_BIT(MEASURE_SUPERVISIONS_DUE) |
                      when(record->is_good, MEASURE_SUPERVISIONS_IN_TIME));
        break;
    case ASSESSMENT_ACCOUNTABILITY:
        (void)add(work, record->unit_id, record->day, record->id,
                  MEASURE_BIT(MEASURE_ACCOUNTABILITIES));
        break;
    case ASSESSMENT_EXTENSION:
    case ASSESSMENT_REPLY:
    case ASSESSMENT_REJECTION:
    case ASSESSMENT_CALLBACK:
        break; /* about an assignment */
    }
}

size_t
assessment_facts(const struct ticket_case *ticket_case,
                 const struct assessment_record *records, size_t record_count,
                 const struct calendar *calendar, struct assessment_fact *ret_facts)
{
    const struct ticket *ticket = &ticket_case->ticket;
    bool is_left_out = ticket->state == TICKET_MERGED || ticket->exclude_class[0] != '\0';
    struct work work = { ticket_case, records, record_count, calendar, ret_facts, 0 };

    add_ticket(&work);
    for (size_t i = 0; i < ticket_case->assignment_count; i++)
        add_assignment(&work, &ticket_case->assignments[i]);
    for (size_t i = 0; i < record_count; i++)
        if (!is_left_out || records[i].kind == ASSESSMENT_ACCOUNTABILITY)
            add_record(&work, &records[i]);
    return work.count;
}

bool
assessment_is_web(const struct ticket *ticket)
{
    return strcmp(ticket->channel, "web") == 0;
}
