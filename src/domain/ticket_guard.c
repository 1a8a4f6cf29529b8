/*
 * ticket_guard.c - the conditions that rules name, one row each.
 *
 * A guard answers OK or the error that says what is in the way.  It may be
 * asked without a request (what is possible?), so it looks at the case, the
 * actor and the time only.  Guards about time are judged last
 * (product.md, section 2: "... -> what it must carry -> the clock").
 */
#include "domain_internal.h"

#include <string.h>

#include "base/timeutil.h"
#include "domain/calendar.h"

#define SECONDS_A_DAY 86400
#define UNMERGE_DAYS 30                /* product.md, section 2: merged, within 30 days */
#define RATING_CHANGES_S SECONDS_A_DAY /* section 10: changeable for 24 h */

static enum err
not_suspect(const struct question *question)
{
    return question->ticket_case->ticket.suspect ? ERR_TICKET_SUSPECT : OK;
}

static enum err
extension_pending(const struct question *question)
{
    return question->ticket_case->extension.id == 0 ? ERR_TICKET_NO_EXTENSION : OK;
}

static enum err
no_extension_pending(const struct question *question)
{
    return question->ticket_case->extension.id != 0 ? ERR_TICKET_EXTENSION_PENDING : OK;
}

/* "What follows from what": none during rework. */
static enum err
not_rework(const struct question *question)
{
    const struct assignment *lead = ticket_case_lead(question->ticket_case);

    return lead != NULL && lead->rework_count > 0 ? ERR_TICKET_IN_REWORK : OK;
}

static enum err
before_deadline(const struct question *question)
{
    return question->now > question->ticket_case->ticket.effective_due_at
               ? ERR_TICKET_AFTER_DEADLINE
               : OK;
}

/* The supervisor decides; a leader the second, the long, the urgent and critical ones. */
static enum err
extension_level(const struct question *question)
{
    bool needs_leader = question->ticket_case->extension.needs_leader;

    if (needs_leader && (question->actor->roles & ROLE_BIT(ROLE_LEADER)) == 0)
        return ERR_TICKET_NEEDS_LEADER;
    if (!needs_leader && (question->actor->roles & ROLE_BIT(ROLE_SUPERVISOR)) == 0)
        return ERR_TICKET_NEEDS_SUPERVISOR;
    return OK;
}

/* Once per unit, never by a designated lead or after a refusal (its time: return_time). */
static enum err
may_return(const struct question *question)
{
    const struct ticket_case *ticket_case = question->ticket_case;
    const struct assignment *lead = ticket_case_lead(ticket_case);

    if (lead == NULL)
        return OK; /* then the actor is not the lead either */
    if (lead->is_designated)
        return ERR_TICKET_DESIGNATED;
    if (lead->return_refused)
        return ERR_TICKET_RETURN_TWICE;
    for (size_t i = 0; i < ticket_case->assignment_count; i++) {
        const struct assignment *earlier = &ticket_case->assignments[i];
        if (earlier->unit_id == lead->unit_id && earlier->id != lead->id &&
            (earlier->return_refused || strcmp(earlier->end_reason, "returned") == 0))
            return ERR_TICKET_RETURN_TWICE;
    }
    return OK;
}

static enum err
return_time(const struct question *question)
{
    const struct assignment *lead = ticket_case_lead(question->ticket_case);

    if (lead != NULL &&
        question->now >
            deadline_return(question->calendar, question->limits, lead->dispatched_at))
        return ERR_TICKET_RETURN_LATE;
    return OK;
}

static enum err
online(const struct question *question)
{
    return question->ticket_case->lead_sign_off == SIGN_OFF_ONLINE
               ? OK
               : ERR_TICKET_SIGN_OFF_RECORDED;
}

static enum err
head_sends(const struct question *question)
{
    return question->ticket_case->lead_sign_off == SIGN_OFF_ONLINE &&
                   (question->actor->roles & ROLE_BIT(ROLE_UNIT_HEAD)) == 0
               ? ERR_TICKET_SIGN_OFF_ONLINE
               : OK;
}

static enum err
draft(const struct question *question)
{
    return question->ticket_case->reply.is_proposed ? OK : ERR_TICKET_NO_DRAFT;
}

static enum err
unmerge_time(const struct question *question)
{
    return question->now >
                   question->ticket_case->ticket.merged_at + UNMERGE_DAYS * SECONDS_A_DAY
               ? ERR_TICKET_UNMERGE_LATE
               : OK;
}

/* The open supervision an act means: the one it names, or the only or oldest one. */
static enum err
supervision_of(const struct question *question, bool unanswered)
{
    const struct ticket_case *ticket_case = question->ticket_case;
    int64_t wanted = question->act != NULL ? question->act->supervision : 0;

    for (size_t i = 0; i < ticket_case->supervision_count; i++) {
        const struct open_supervision *supervision = &ticket_case->supervisions[i];
        if ((wanted == 0 || supervision->id == wanted) &&
            !(unanswered && supervision->is_answered))
            return OK;
    }
    return ERR_TICKET_NO_SUPERVISION;
}

static enum err
unanswered(const struct question *question)
{
    return supervision_of(question, true);
}

static enum err
unsettled(const struct question *question)
{
    return supervision_of(question, false);
}

static enum err
promise(const struct question *question)
{
    const struct ticket_case *ticket_case = question->ticket_case;
    int64_t wanted = question->act != NULL ? question->act->promise : 0;

    for (size_t i = 0; i < ticket_case->promise_count; i++)
        if (ticket_case->promises[i].unit_id == question->actor->unit_id &&
            (wanted == 0 || ticket_case->promises[i].id == wanted))
            return OK;
    return ERR_TICKET_NO_PROMISE;
}

/* Section 1: the unit that handled a ticket never records its callback. */
static enum err
other_unit(const struct question *question)
{
    const struct ticket_case *ticket_case = question->ticket_case;

    for (size_t i = 0; i < ticket_case->assignment_count; i++)
        if (ticket_case->assignments[i].unit_id == question->actor->unit_id &&
            ticket_case->assignments[i].is_visible)
            return ERR_TICKET_OWN_CALLBACK;
    return OK;
}

/* Who rated on the public page has said what a call would ask. */
static enum err
has_phone(const struct question *question)
{
    const struct ticket *ticket = &question->ticket_case->ticket;

    return ticket->has_phone || ticket->rated_at != 0 ? OK : ERR_TICKET_NO_PHONE;
}

/* Section 10: once a workday; what was urged on a day off counts for the next one too. */
static enum err
urged_today(const struct question *question)
{
    int64_t last_at = question->ticket_case->ticket.citizen_urged_at;

    if (last_at == 0)
        return OK;
    int32_t next_day =
        calendar_nth_workday(question->calendar, time_day(last_at), 1, NULL);
    return question->now < time_day_start(next_day) ? ERR_TICKET_URGED_TODAY : OK;
}

static enum err
may_rate(const struct question *question)
{
    int64_t rated_at = question->ticket_case->ticket.rated_at;

    return rated_at != 0 && question->now > rated_at + RATING_CHANGES_S ? ERR_TICKET_RATED
                                                                        : OK;
}

static enum err
publishable(const struct question *question)
{
    const struct ticket *ticket = &question->ticket_case->ticket;

    return !ticket->may_publish || ticket->published_at != 0 ? ERR_TICKET_NOT_PUBLISHABLE
                                                             : OK;
}

static enum err
published(const struct question *question)
{
    return question->ticket_case->ticket.published_at == 0 ? ERR_TICKET_NOT_PUBLISHABLE
                                                           : OK;
}

static enum err
nothing_open(const struct question *question)
{
    if (question->ticket_case->supervision_count > 0)
        return ERR_TICKET_SUPERVISED;
    if (question->ticket_case->submission_count > 0)
        return ERR_TICKET_SUBMITTED;
    return OK;
}

static enum err
unsigned_yet(const struct question *question)
{
    const struct assignment *mine =
        ticket_case_active(question->ticket_case, question->actor->unit_id);

    return mine != NULL && mine->signed_at != 0 ? ERR_TICKET_ALREADY_DONE : OK;
}

static enum err
co_open(const struct question *question)
{
    const struct assignment *mine =
        ticket_case_active(question->ticket_case, question->actor->unit_id);

    return mine != NULL && mine->replied_at != 0 ? ERR_TICKET_ALREADY_DONE : OK;
}

static const struct {
    enum guard guard;
    bool is_clock;
    enum err (*ask)(const struct question *question);
} guards_table[] = {
    /* clang-format off */
    { GUARD_NOT_SUSPECT,          false, not_suspect },
    { GUARD_EXTENSION_PENDING,    false, extension_pending },
    { GUARD_NO_EXTENSION_PENDING, false, no_extension_pending },
    { GUARD_NOT_REWORK,           false, not_rework },
    { GUARD_BEFORE_DEADLINE,      true,  before_deadline },
    { GUARD_EXTENSION_LEVEL,      false, extension_level },
    { GUARD_MAY_RETURN,           false, may_return },
    { GUARD_MAY_RETURN,           true,  return_time },
    { GUARD_ONLINE,               false, online },
    { GUARD_HEAD_SENDS,           false, head_sends },
    { GUARD_DRAFT,                false, draft },
    { GUARD_UNMERGE_TIME,         true,  unmerge_time },
    { GUARD_UNANSWERED,           false, unanswered },
    { GUARD_UNSETTLED,            false, unsettled },
    { GUARD_PROMISE,              false, promise },
    { GUARD_OTHER_UNIT,           false, other_unit },
    { GUARD_HAS_PHONE,            false, has_phone },
    { GUARD_PUBLISHABLE,          false, publishable },
    { GUARD_PUBLISHED,            false, published },
    { GUARD_NOTHING_OPEN,         false, nothing_open },
    { GUARD_UNSIGNED,             false, unsigned_yet },
    { GUARD_CO_OPEN,              false, co_open },
    { GUARD_URGED_TODAY,          true,  urged_today },
    { GUARD_MAY_RATE,             true,  may_rate },
    /* clang-format on */
};

enum err
ticket_guard(uint32_t guards, bool is_clock, const struct question *question)
{
    for (size_t i = 0; i < sizeof guards_table / sizeof *guards_table; i++)
        if ((guards & (uint32_t)guards_table[i].guard) != 0 &&
            guards_table[i].is_clock == is_clock)
            TRY(guards_table[i].ask(question));
    return OK;
}
