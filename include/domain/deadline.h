#ifndef YIDAN_DOMAIN_DEADLINE_H
#define YIDAN_DOMAIN_DEADLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "domain/calendar.h"
#include "domain/ticket_words.h"

/*
 * deadline.h - the limits of product.md, section 4, as data, and the moments
 *              that follow from them.
 *
 * Layer    domain: no I/O, no clock, no globals.
 * Threads  pure functions; a struct limits is a value.
 * Units    `_at`  seconds since 1970-01-01T00:00Z; 0 is "none" where said
 *          `_s`   seconds since local midnight
 *
 * A due moment is the last second that is still in time: late is `> due`.
 * A `ret_` pointer to bool may be NULL: not wanted.
 */

/*
 * The steps that have a limit: X(NAME, "word", "zh", "en", normal, urgent,
 * critical), the table of product.md, section 4.
 *
 * W(0) has a meaning of its own in two rows:
 *   handle         the channel's own limit; any other W(n) is "at most n", so
 *                  the shorter of n and the channel's limit counts
 *   extension_max  what a supervisor may grant; W(0) is "leader only"
 */
/* clang-format off */
#define STEPS(X)                                                                         \
    X(DISPATCH, "dispatch", "交办", "dispatch",                       D(),   M(120), M(30)) \
    X(SIGN, "sign", "签收", "signing",                                W(1),  M(120), M(30)) \
    X(FIRST_CONTACT, "first_contact", "首次联系群众", "first contact", W(1), D(),    M(30)) \
    X(HANDLE, "handle", "办理", "handling",                           W(0),  W(3),   D()) \
    X(EXTENSION_MAX, "extension_max", "延期上限", "longest extension", W(10), W(0),  W(0)) \
    X(REVIEW, "review", "审核", "review",                             W(1),  D(),    D()) \
    X(CALLBACK, "callback", "回访", "callback",                       W(3),  W(1),   D()) \
    X(REWORK, "rework", "重办", "rework",                             W(3),  W(1),   D())

/* X(NAME, "word", "zh", "en") */
#define LIMIT_UNITS(X)                                                                   \
    X(WORKDAYS, "workdays", "个工作日", "workdays")  /* to the end of the amount-th one */ \
    X(MINUTES, "minutes", "分钟", "minutes")         /* round the clock */               \
    X(SAME_DAY, "same_day", "当日", "same day")      /* to the end of the local date; amount 0 */
/* clang-format on */

#define X(NAME, word, zh, en) LIMIT_##NAME,
enum limit_unit { LIMIT_UNITS(X) LIMIT_UNIT_COUNT };
#undef X

#define X(NAME, word, zh, en, normal, urgent, critical) STEP_##NAME,
enum step { STEPS(X) STEP_COUNT };
#undef X

struct limit {
    int32_t amount;
    enum limit_unit unit;
};

#define LIMIT_MINUTES_MAX (30 * 24 * 60)

/* A time of day in seconds. */
#define LIMIT_CLOCK(hour, minute) (60 * (60 * (hour) + (minute)))

/*
 * Every other number of section 4 that is a setting:
 * X(member, default, min, max, "unit", "zh", "en").
 */
/* clang-format off */
#define LIMIT_SCALARS(X)                                                                 \
    X(close_of_intake_s, LIMIT_CLOCK(17, 30), 0, 86399, "s", "此时之后收到的，可在次日上午交办", "received later than this may be dispatched the next morning") \
    X(next_morning_s, LIMIT_CLOCK(9, 0), 0, 86399, "s", "次日上午交办的截止时刻", "until then on the next calendar day")       \
    X(unopened_minutes, 120, 1, LIMIT_MINUTES_MAX, "min", "承办单位无人查看即提醒", "nobody of the unit has opened the ticket") \
    X(submit_minutes, 30, 1, LIMIT_MINUTES_MAX, "min", "重大敏感事项须呈报领导的时限", "sensitive or critical must have been submitted to a leader") \
    X(return_workdays, 1, 1, CALENDAR_WORKDAYS_MAX, "workdays", "承办单位可以退单的时限", "how long a unit may return a ticket") \
    X(due_at_closing_time, 0, 0, 1, "0|1", "工作日期限截至下班时间，而不是 23:59:59", "workday limits end at closing time, not at 23:59:59") \
    X(closing_time_s, LIMIT_CLOCK(17, 30), 0, 86399, "s", "下班时间", "closing time")                              \
    X(yellow_workdays, 1, 1, CALENDAR_WORKDAYS_MAX, "workdays", "剩余多少个工作日亮黄灯", "so many workdays left are yellow") \
    X(notice_workdays, 1, 1, CALENDAR_WORKDAYS_MAX, "workdays", "逾期多少个工作日发催办通知书", "overdue: numbered notice") \
    X(supervision_workdays, 3, 1, CALENDAR_WORKDAYS_MAX, "workdays", "逾期多少个工作日拟发督办单", "overdue: supervision prepared") \
    X(circular_workdays, 5, 1, CALENDAR_WORKDAYS_MAX, "workdays", "逾期多少个工作日列为通报批评候选", "overdue: candidate for circulated criticism") \
    X(workday_start_s, LIMIT_CLOCK(9, 0), 0, 86399, "s", "逾期各阶段生效的时刻", "when the overdue stages take effect")      \
    X(quiet_from_s, LIMIT_CLOCK(20, 0), 0, 86399, "s", "免打扰开始", "quiet hours begin")                           \
    X(quiet_until_s, LIMIT_CLOCK(8, 0), 0, 86399, "s", "免打扰结束；与开始相同表示不设", "quiet hours end; as the beginning: there are none")
/* clang-format on */

/* All limits, as a value. */
struct limits {
    struct limit cell[STEP_COUNT][URGENCY_COUNT];
#define X(member, fallback, min, max, unit, zh, en) int32_t member;
    LIMIT_SCALARS(X)
#undef X
};

/* One row of LIMIT_SCALARS; `offset` is that of an int32_t in struct limits. */
struct limit_scalar {
    const char *name;
    size_t offset;
    int32_t fallback, min, max;
    const char *unit, *zh, *en;
};
#define X(member, fallback, min, max, unit, zh, en) LIMIT_SCALAR_##member,
enum { LIMIT_SCALARS(X) LIMIT_SCALAR_COUNT };
#undef X
extern const struct limit_scalar limit_scalars[LIMIT_SCALAR_COUNT];

/* Words and labels of enum step and enum limit_unit. */
extern const struct choices words_step, words_limit_unit;

/* The defaults of product.md, section 4. */
struct limits limits_defaults(void);

/*
 * May these limits be used?  Each scalar within its bounds, the overdue stages
 * in rising order, workdays 1..CALENDAR_WORKDAYS_MAX (from 0 in the rows where
 * that has a meaning), minutes 1..LIMIT_MINUTES_MAX, "same day" with amount 0,
 * extension_max in workdays.  All other functions here expect it.
 */
bool limits_are_valid(const struct limits *limits);

/*
 * The same, naming what is wrong: the first cell ("steps.sign.urgent") or scalar
 * ("scalars.circular_workdays") that may not be so, in `ret_name`.  True when
 * all is well.
 */
#define LIMIT_NAME_BYTES 64
bool limits_check(const struct limits *limits, char ret_name[LIMIT_NAME_BYTES]);

/*
 * When `step` that begins at `at` must be done: the table of section 4.
 * `channel_workdays` (1..CALENDAR_WORKDAYS_MAX) is the limit of the ticket's
 * channel; only STEP_HANDLE looks at it.  STEP_EXTENSION_MAX is not a clock:
 * see deadline_extension_needs_leader().
 *
 * `*ret_provisional`: it rests on a year that is not entered.
 */
int64_t deadline_after(const struct calendar *calendar, const struct limits *limits,
                       enum step step, enum urgency urgency, int channel_workdays,
                       int64_t at, bool *ret_provisional);

/*
 * Until when a ticket received at `received_at` must be dispatched (section 4,
 * "Same day" and the first row): normal by the end of that calendar day, or,
 * received after 17:30:00, by 09:00 of the next calendar day, workday or not;
 * urgent in 2 h, critical in 30 min.
 *
 * `always_same_day` (a web message or an upstream item): the same day is not a
 * setting there, so whatever the table has been set to, it is never later than
 * the rule for "normal" above.
 */
int64_t deadline_dispatch(const struct calendar *calendar, const struct limits *limits,
                          enum urgency urgency, bool always_same_day, int64_t received_at,
                          bool *ret_provisional);

/*
 * Until when the unit must have replied in the round dispatched at
 * `dispatched_at` (section 4, "Workday limit" and the row "handle").
 *
 * With `upstream_due_at` (0: none) the earlier one counts, but never before
 * the end of the dispatch day.  `*ret_capped`: upstream asks for it before the
 * unit's full limit; that conflict is to be flagged.  `*ret_provisional` is
 * about the full limit, also when capped, because loading the year may bring
 * that limit below the cap.
 */
int64_t deadline_handle(const struct calendar *calendar, const struct limits *limits,
                        enum urgency urgency, int channel_workdays, int64_t dispatched_at,
                        int64_t upstream_due_at, bool *ret_provisional, bool *ret_capped);

/*
 * Until when a co-unit must have given its opinion: one workday before the
 * lead's effective due date, not before the end of the dispatch day, and never
 * after the lead (section 2, "Co-units").
 */
int64_t deadline_co(const struct calendar *calendar, const struct limits *limits,
                    int64_t dispatched_at, int64_t lead_effective_due_at);

/* The effective due moment after a rejected reply or a reopening at `at` (section 4). */
int64_t deadline_rework(const struct calendar *calendar, const struct limits *limits,
                        enum urgency urgency, int64_t at, bool *ret_provisional);

/*
 * `step`'s due moment after the urgency was raised to `urgency` at `now`: the
 * earlier of the old one and the new one from now (section 2).
 * `*ret_provisional` is that of the one which counts.
 */
int64_t deadline_raise(const struct calendar *calendar, const struct limits *limits,
                       enum step step, enum urgency urgency, int channel_workdays,
                       int64_t old_due_at, bool old_is_provisional, int64_t now,
                       bool *ret_provisional);

/*
 * The moment by which something promised or granted for `day` is due: the end
 * of that day, or its closing time if so set (section 2, "extension").
 */
int64_t deadline_of_day(const struct limits *limits, int32_t day);

/*
 * Must a leader decide on this extension: above the supervisor's maximum, the
 * second one, or urgent or critical (section 2 `grant_extension`, section 4)?
 * `workdays` is what is asked for, `granted_count` how many were granted in
 * this round.
 */
bool deadline_extension_needs_leader(const struct limits *limits, enum urgency urgency,
                                     int32_t workdays, int granted_count);

/* Until when the unit may return the ticket: the end of the next workday (section 2). */
int64_t deadline_return(const struct calendar *calendar, const struct limits *limits,
                        int64_t dispatched_at);

/* When an unopened ticket alarms, and until when a sensitive one must be submitted. */
int64_t deadline_open(const struct limits *limits, int64_t dispatched_at);
int64_t deadline_submit(const struct limits *limits, int64_t received_at);

/*
 * The first second at which only one workday is left before `due_at`, but not
 * before `start_at` (section 4, the timer): the second after the end of the
 * workday before the due date.  Due on a Monday, that is Saturday 00:00:00:
 * whoever looks at the weekend sees that Monday is all there is.  A due date
 * that is no workday itself (it came from upstream) ends with the last workday
 * before it.  A limit of one day or of minutes is yellow from `start_at`.
 */
int64_t deadline_yellow_at(const struct calendar *calendar, const struct limits *limits,
                           int64_t start_at, int64_t due_at);

/*
 * The light of a clock at `now`; LIGHT_NONE without one (`due_at` 0).  With a
 * reply (`replied_at`, 0: none) the unit's time is frozen: red when that came
 * late, otherwise green.
 */
enum light deadline_light(int64_t now, int64_t due_at, int64_t yellow_at,
                          int64_t replied_at);

/* What happens to a ticket that stays overdue (section 4, the timer). */
enum overdue_stage {
    OVERDUE_NOTICE,      /* numbered 催办通知书, copy to the deputy head */
    OVERDUE_SUPERVISION, /* a 督办单 prepared for the supervisor */
    OVERDUE_CIRCULAR,    /* candidate for 通报批评 */
    OVERDUE_STAGE_COUNT
};

/*
 * When `stage` takes effect for a ticket due at `due_at` without a reply:
 * 09:00 of the first, third, fifth workday strictly after the due date
 * (section 4, the timer).
 */
int64_t deadline_notice_at(const struct calendar *calendar, const struct limits *limits,
                           enum overdue_stage stage, int64_t due_at);

/*
 * When a message to staff made at `now` may go: at once outside the quiet
 * hours [20:00, 08:00) and when urgent or critical; else at the next 08:00.
 */
int64_t deadline_quiet_until(const struct limits *limits, enum urgency urgency,
                             int64_t now);

/*
 * A number for the half-day `at` lies in (midnight to noon, noon to midnight),
 * the same for no other half-day: three callbacks that reach nobody must lie
 * in three of them (section 2 `call_back`).
 */
int32_t deadline_half_day(int64_t at);

#endif
