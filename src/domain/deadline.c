#include "domain/deadline.h"

#include <assert.h>
#include <stdio.h>

#include "base/timeutil.h"

/*
 * deadline.c - when things are due (product.md, section 4).
 *
 * 1. A due moment is the last second in time.
 * 2. A day is one of the service's zone; only the calendar knows workdays.
 * 3. Workday limits end with a day (or at its closing time, if so set); "same
 *    day" always ends at 23:59:59, because something may come in after closing.
 * 4. Limits in minutes run round the clock.
 */

#define X(NAME, word_, zh_, en_, normal, urgent, critical)                               \
    { .word = word_, .zh = zh_, .en = en_ },
static const struct choice step_items[] = { STEPS(X) };
#undef X
const struct choices words_step = { "step", step_items, STEP_COUNT };

#define X(NAME, word_, zh_, en_) { .word = word_, .zh = zh_, .en = en_ },
static const struct choice limit_unit_items[] = { LIMIT_UNITS(X) };
#undef X
const struct choices words_limit_unit = { "limit_unit", limit_unit_items,
                                          LIMIT_UNIT_COUNT };

#define X(member, fallback, min, max, unit, zh, en)                                      \
    { #member, offsetof(struct limits, member), fallback, min, max, unit, zh, en },
const struct limit_scalar limit_scalars[LIMIT_SCALAR_COUNT] = { LIMIT_SCALARS(X) };
#undef X

/* clang-format off */
#define W(amount_) { (amount_), LIMIT_WORKDAYS }
#define M(amount_) { (amount_), LIMIT_MINUTES }
#define D() { 0, LIMIT_SAME_DAY }
/* clang-format on */

struct limits
limits_defaults(void)
{
    return (struct limits){
        .cell = {
#define X(NAME, word, zh, en, normal, urgent, critical)                                  \
    [STEP_##NAME] = { [URGENCY_NORMAL] = normal,                                         \
                      [URGENCY_URGENT] = urgent,                                         \
                      [URGENCY_CRITICAL] = critical },
            STEPS(X)
#undef X
        },
#define X(member, fallback, min, max, unit, zh, en) .member = (fallback),
        LIMIT_SCALARS(X)
#undef X
    };
}

static bool
cell_is_valid(enum step step, struct limit limit)
{
    int32_t least = step == STEP_HANDLE || step == STEP_EXTENSION_MAX ? 0 : 1;

    if (limit.unit == LIMIT_WORKDAYS)
        return limit.amount >= least && limit.amount <= CALENDAR_WORKDAYS_MAX;
    if (step == STEP_EXTENSION_MAX)
        return false;
    if (limit.unit == LIMIT_MINUTES)
        return limit.amount >= 1 && limit.amount <= LIMIT_MINUTES_MAX;
    return limit.unit == LIMIT_SAME_DAY && limit.amount == 0;
}

/* Which scalar is wrong, or NULL. */
static const char *
wrong_scalar(const struct limits *limits)
{
#define X(member, fallback, min, max, unit, zh, en)                                      \
    if (limits->member < (min) || limits->member > (max))                                \
        return #member;
    LIMIT_SCALARS(X)
#undef X
    if (limits->notice_workdays >= limits->supervision_workdays)
        return "supervision_workdays";
    return limits->supervision_workdays >= limits->circular_workdays ? "circular_workdays"
                                                                     : NULL;
}

bool
limits_check(const struct limits *limits, char ret_name[LIMIT_NAME_BYTES])
{
    for (int step = 0; step < STEP_COUNT; step++)
        for (int urgency = 0; urgency < URGENCY_COUNT; urgency++)
            if (!cell_is_valid((enum step)step, limits->cell[step][urgency])) {
                (void)snprintf(ret_name, LIMIT_NAME_BYTES, "steps.%s.%s", /* fits */
                               step_items[step].word,
                               choice_word(&words_urgency, urgency));
                return false;
            }
    const char *scalar = wrong_scalar(limits);

    if (scalar != NULL)
        (void)snprintf(ret_name, LIMIT_NAME_BYTES, "scalars.%s", scalar); /* fits */
    return scalar == NULL;
}

bool
limits_are_valid(const struct limits *limits)
{
    char ignored[LIMIT_NAME_BYTES];

    return limits_check(limits, ignored);
}

/* --- The table --------------------------------------------------------------- */

static int64_t
earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t
later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static void
answer(bool *ret_answer, bool value)
{
    if (ret_answer != NULL)
        *ret_answer = value;
}

int64_t
deadline_of_day(const struct limits *limits, int32_t day)
{
    return limits->due_at_closing_time ? time_day_start(day) + limits->closing_time_s
                                       : time_day_end(day);
}

/*
 * The end of the day on which something received at `received_at` counts as
 * dispatched: "what is received after 17:30 counts as dispatched the same day
 * until 09:00 of the next calendar day".
 */
static int64_t
dispatch_day_end(const struct limits *limits, int64_t received_at)
{
    int32_t day = time_day(received_at);

    if (time_of_day(received_at) > limits->close_of_intake_s)
        return time_day_start(day + 1) + limits->next_morning_s;
    return time_day_end(day);
}

/* Where a limit that begins at `at` ends; for `step` dispatch with its own "same day". */
static int64_t
limit_end(const struct calendar *calendar, const struct limits *limits, enum step step,
          struct limit limit, int64_t at, bool *ret_provisional)
{
    answer(ret_provisional, false);
    if (limit.unit == LIMIT_MINUTES)
        return at + (int64_t)limit.amount * 60;
    if (limit.unit == LIMIT_SAME_DAY)
        return step == STEP_DISPATCH ? dispatch_day_end(limits, at)
                                     : time_day_end(time_day(at));
    return deadline_of_day(limits, calendar_nth_workday(calendar, time_day(at),
                                                        limit.amount, ret_provisional));
}

int64_t
deadline_after(const struct calendar *calendar, const struct limits *limits,
               enum step step, enum urgency urgency, int channel_workdays, int64_t at,
               bool *ret_provisional)
{
    struct limit limit = limits->cell[step][urgency];

    assert(step != STEP_EXTENSION_MAX);
    /* The row "handle": the channel's limit, and "at most" so many workdays. */
    if (step == STEP_HANDLE && limit.unit == LIMIT_WORKDAYS &&
        (limit.amount == 0 || limit.amount > channel_workdays))
        limit.amount = channel_workdays;
    return limit_end(calendar, limits, step, limit, at, ret_provisional);
}

int64_t
deadline_dispatch(const struct calendar *calendar, const struct limits *limits,
                  enum urgency urgency, bool always_same_day, int64_t received_at,
                  bool *ret_provisional)
{
    bool is_provisional;
    int64_t due_at = deadline_after(calendar, limits, STEP_DISPATCH, urgency, 0,
                                    received_at, &is_provisional);
    int64_t same_day_at = dispatch_day_end(limits, received_at);

    if (always_same_day && same_day_at < due_at) {
        due_at = same_day_at;
        is_provisional = false; /* a calendar day needs no calendar */
    }
    answer(ret_provisional, is_provisional);
    return due_at;
}

int64_t
deadline_handle(const struct calendar *calendar, const struct limits *limits,
                enum urgency urgency, int channel_workdays, int64_t dispatched_at,
                int64_t upstream_due_at, bool *ret_provisional, bool *ret_capped)
{
    int64_t due_at = deadline_after(calendar, limits, STEP_HANDLE, urgency,
                                    channel_workdays, dispatched_at, ret_provisional);
    bool is_capped = upstream_due_at != 0 && upstream_due_at < due_at;

    answer(ret_capped, is_capped);
    if (!is_capped)
        return due_at;
    return earlier(due_at, later(upstream_due_at, time_day_end(time_day(dispatched_at))));
}

int64_t
deadline_rework(const struct calendar *calendar, const struct limits *limits,
                enum urgency urgency, int64_t at, bool *ret_provisional)
{
    return deadline_after(calendar, limits, STEP_REWORK, urgency, 0, at, ret_provisional);
}

int64_t
deadline_raise(const struct calendar *calendar, const struct limits *limits,
               enum step step, enum urgency urgency, int channel_workdays,
               int64_t old_due_at, bool old_is_provisional, int64_t now,
               bool *ret_provisional)
{
    bool is_provisional;
    int64_t due_at = deadline_after(calendar, limits, step, urgency, channel_workdays,
                                    now, &is_provisional);

    answer(ret_provisional, due_at < old_due_at ? is_provisional : old_is_provisional);
    return earlier(due_at, old_due_at);
}

bool
deadline_extension_needs_leader(const struct limits *limits, enum urgency urgency,
                                int32_t workdays, int granted_count)
{
    /* W(0), "leader only", is no case of its own: any extension is longer than that. */
    return granted_count > 0 ||
           workdays > limits->cell[STEP_EXTENSION_MAX][urgency].amount;
}

/* --- Other clocks of a unit ---------------------------------------------------- */

/* The last workday up to and including `day`. */
static int32_t
last_workday(const struct calendar *calendar, int32_t day)
{
    return calendar_previous_workday(calendar, day + 1);
}

int64_t
deadline_co(const struct calendar *calendar, const struct limits *limits,
            int64_t dispatched_at, int64_t lead_effective_due_at)
{
    /* Between the day found and the lead's due date lies one workday, also on a Sunday. */
    int32_t day = calendar_previous_workday(
        calendar, last_workday(calendar, time_day(lead_effective_due_at)));
    int64_t due_at =
        later(deadline_of_day(limits, day), time_day_end(time_day(dispatched_at)));

    return earlier(due_at, lead_effective_due_at);
}

int64_t
deadline_return(const struct calendar *calendar, const struct limits *limits,
                int64_t dispatched_at)
{
    return deadline_of_day(limits, calendar_nth_workday(calendar, time_day(dispatched_at),
                                                        limits->return_workdays, NULL));
}

int64_t
deadline_open(const struct limits *limits, int64_t dispatched_at)
{
    return dispatched_at + (int64_t)limits->unopened_minutes * 60;
}

int64_t
deadline_submit(const struct limits *limits, int64_t received_at)
{
    return received_at + (int64_t)limits->submit_minutes * 60;
}

/* --- Lights, notices, quiet hours --------------------------------------------- */

int64_t
deadline_yellow_at(const struct calendar *calendar, const struct limits *limits,
                   int64_t start_at, int64_t due_at)
{
    int32_t day = last_workday(calendar, time_day(due_at));

    for (int32_t left = limits->yellow_workdays; left > 0; left--)
        day = calendar_previous_workday(calendar, day);
    return later(start_at, time_day_end(day) + 1);
}

enum light
deadline_light(int64_t now, int64_t due_at, int64_t yellow_at, int64_t replied_at)
{
    if (due_at == 0)
        return LIGHT_NONE;
    if (replied_at != 0)
        return replied_at > due_at ? LIGHT_RED : LIGHT_GREEN;
    if (now > due_at)
        return LIGHT_RED;
    return now >= yellow_at ? LIGHT_YELLOW : LIGHT_GREEN;
}

int64_t
deadline_notice_at(const struct calendar *calendar, const struct limits *limits,
                   enum overdue_stage stage, int64_t due_at)
{
    const int workdays[OVERDUE_STAGE_COUNT] = {
        [OVERDUE_NOTICE] = limits->notice_workdays,
        [OVERDUE_SUPERVISION] = limits->supervision_workdays,
        [OVERDUE_CIRCULAR] = limits->circular_workdays,
    };

    return time_day_start(
               calendar_nth_workday(calendar, time_day(due_at), workdays[stage], NULL)) +
           limits->workday_start_s;
}

int64_t
deadline_quiet_until(const struct limits *limits, enum urgency urgency, int64_t now)
{
    int32_t second = time_of_day(now);
    int32_t from = limits->quiet_from_s, until = limits->quiet_until_s;
    bool is_over_midnight = from > until;
    bool is_quiet = is_over_midnight ? second >= from || second < until
                                     : second >= from && second < until;

    if (!is_quiet || urgency != URGENCY_NORMAL)
        return now;
    /* In the evening the quiet ends tomorrow. */
    return time_day_start(time_day(now) + (second >= until)) + until;
}

int32_t
deadline_half_day(int64_t at)
{
    return time_day(at) * 2 + (time_of_day(at) >= 12 * 3600);
}
