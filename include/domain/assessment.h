#ifndef YIDAN_DOMAIN_ASSESSMENT_H
#define YIDAN_DOMAIN_ASSESSMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json.h"
#include "domain/ticket.h"

/*
 * assessment.h - what a ticket contributes to the assessment of units, as facts.
 *
 * Layer    domain: no I/O, no clock.
 * Source   product.md, section 9, "Assessment" and "Monthly table".
 *
 * A fact is one measure of one subject (an assignment, a return, a promise, a
 * supervision, a record of accountability, or the ticket itself) for one unit on
 * one day.  It counts 1.  Sums of facts are figures, and the facts behind a
 * figure are its tickets, so that a number and its list cannot differ.
 *
 * No fact depends on what time it is: that a deadline has passed is a flag that
 * the timer sets (overdue_at, sign_late_at, contact_late_at, broken_at,
 * late_at), or that what was asked for came after it.
 */

/*
 * X(NAME, "word", "zh", "en").  The place in the list is the bit in
 * assessment_fact.measures and the number in table assessment_day: append only.
 */
/* clang-format off */
#define ASSESSMENT_MEASURES(X)                                                                                 \
    /* On the day of receipt, unit 0: the office. */                                                           \
    X(RECEIVED, "received", "受理", "received")                                                                \
    X(REPEATED, "repeated", "重复诉求", "received as a repeat")                                                \
    X(SAME_DAY_DUE, "same_day_due", "应当日交办", "to be dispatched the same day")                             \
    X(SAME_DAY, "same_day", "当日交办", "dispatched the same day")                                             \
    X(DIRECT_ANSWERS, "direct_answers", "直接答复", "answered directly")                                       \
    X(DECLINED, "declined", "不予受理", "declined")                                                            \
    /* On the day of closing: the lead's, or the office's. */                                                  \
    X(CLOSED, "closed", "办结", "closed")                                                                      \
    /* On the day of dispatch: assignments of the round. */                                                    \
    X(DISPATCHED, "dispatched", "交办(主办)", "dispatched, as lead")                                           \
    X(CO_DISPATCHED, "co_dispatched", "交办(协办)", "dispatched, as co-unit")                                  \
    X(DISPATCHED_REPEATED, "dispatched_repeated", "交办中的重复诉求", "of the dispatched: repeats")            \
    X(DISPATCHED_ON_TIME, "dispatched_on_time", "交办中按期办结", "of the dispatched: answered on time")       \
    X(DISPATCHED_LATE, "dispatched_late", "交办中超期办结", "of the dispatched: answered late")                \
    X(DISPATCHED_OPEN, "dispatched_open", "交办中未办结", "of the dispatched: not answered")                   \
    X(DISPATCHED_RATED, "dispatched_rated", "交办中已评价", "of the dispatched: rated")                        \
    X(DISPATCHED_UNSATISFIED, "dispatched_unsatisfied", "交办中不满意", "of the dispatched: unsatisfied")      \
    /* On the day of the effective deadline: lead and co. */                                                   \
    X(DUE, "due", "到期应办", "due")                                                                           \
    X(ON_TIME, "on_time", "按期办结", "answered on time")                                                      \
    X(LATE_CLOSED, "late_closed", "超期办结", "late and answered")                                             \
    X(LATE_OPEN, "late_open", "超期未办结", "late and open")                                                   \
    X(UNDECIDED, "undecided", "未到期在办", "not answered, not late yet")                                      \
    X(EXTENDED, "extended", "延期", "extended")                                                                \
    X(LEFT_RECALLED, "left_recalled", "撤回改派(不计)", "left out: recalled or returned")                      \
    X(LEFT_MERGED, "left_merged", "并单(不计)", "left out: merged")                                            \
    X(LEFT_EXCLUDED, "left_excluded", "不计考核", "left out: excluded")                                        \
    /* On the day of the limit: lead and co sign, the lead calls. */                                           \
    X(SIGN_DUE, "sign_due", "应签收", "sign limits reached")                                                   \
    X(SIGNED_ON_TIME, "signed_on_time", "按时签收", "signed on time")                                          \
    X(CONTACT_DUE, "contact_due", "应首次联系", "contact limits reached")                                      \
    X(CONTACT_ON_TIME, "contact_on_time", "按时首次联系", "contacted on time")                                 \
    /* On the day of the lead's first reply. */                                                                \
    X(REPLIED, "replied", "已回复", "replied")                                                                 \
    X(REWORKED, "reworked", "被退回重办", "with a reply rejected")                                             \
    /* On the day of the reply that was first accepted. */                                                     \
    X(ACCEPTED, "accepted", "回复审核通过", "reply accepted")                                                  \
    /* On the day the answer became visible: the lead's. */                                                    \
    X(ANSWERED, "answered", "已答复群众", "answered the citizen")                                              \
    X(CALLBACK_SHOULD, "callback_should", "应回访", "to call back")                                            \
    X(CALLBACK_ATTEMPTED, "callback_attempted", "已回访", "call attempted")                                    \
    X(CALLBACK_REACHED, "callback_reached", "回访成功", "reached")                                             \
    X(SOLVED_ASKED, "solved_asked", "已问是否解决", "asked whether solved")                                    \
    X(SOLVED, "solved", "群众认可已解决", "solved")                                                            \
    X(SATISFIED, "satisfied", "满意", "satisfied")                                                             \
    X(BASIC, "basic", "基本满意", "basically satisfied")                                                       \
    X(UNSATISFIED, "unsatisfied", "不满意", "unsatisfied")                                                     \
    /* On the day of the return, the promised day, the day an answer is due, the day decided. */               \
    X(RETURNS, "returns", "退单(已审)", "returns decided")                                                     \
    X(REFUSED_RETURNS, "refused_returns", "退单不成立", "returns refused")                                     \
    X(PROMISES_DUE, "promises_due", "到期承诺", "promises due")                                                \
    X(PROMISES_KEPT, "promises_kept", "兑现承诺", "promises kept in time")                                     \
    X(SUPERVISIONS_DUE, "supervisions_due", "应答复督办", "supervisions to answer")                            \
    X(SUPERVISIONS_IN_TIME, "supervisions_in_time", "按时答复督办", "supervisions answered in time")           \
    X(ACCOUNTABILITIES, "accountabilities", "责任追究", "accountability laid")
/* clang-format on */

#define X(NAME, word, zh, en) MEASURE_##NAME,
enum assessment_measure { ASSESSMENT_MEASURES(X) ASSESSMENT_MEASURE_COUNT };
#undef X
#define MEASURE_BIT(measure) (UINT64_C(1) << (measure))
extern const struct choices words_measure;

/* Grows with whatever gives a ticket other facts: a database then derives them anew. */
#define ASSESSMENT_FACTS_VERSION 1

/* What lies beside a case: one row of a record, as facts need it. */
enum assessment_record_kind {
    ASSESSMENT_EXTENSION,   /* granted; `assignment_id` */
    ASSESSMENT_RETURN,      /* decided; `at` returned, `is_good` accepted */
    ASSESSMENT_REPLY,       /* sent; `at`, `is_good` approved, else rejected or not yet */
    ASSESSMENT_REJECTION,   /* a sent reply that was rejected */
    ASSESSMENT_PROMISE,     /* kept or broken; `day`, `is_good` kept in time */
    ASSESSMENT_SUPERVISION, /* answered or late; `at` due, `is_good` in time */
    ASSESSMENT_CALLBACK,    /* of the present answer; `is_good` connected */
    ASSESSMENT_ACCOUNTABILITY /* `day` */
};
struct assessment_record {
    enum assessment_record_kind kind;
    int64_t id, unit_id, assignment_id;
    int64_t at; /* or 0 */
    int32_t day;
    bool is_good;
};

struct assessment_fact {
    int64_t unit_id; /* 0: the office */
    int32_t day;
    int64_t subject;   /* row number of what it is about; 0: the ticket */
    uint64_t measures; /* MEASURE_BITs */
    int32_t workdays;  /* of ACCEPTED: from dispatch to that reply */
};

/* No case has more facts than this. */
#define ASSESSMENT_FACTS_MAX(assignments, records) (3 + 6 * (assignments) + (records))

/*
 * The facts of a ticket; `ret_facts` has room for ASSESSMENT_FACTS_MAX.  Returns
 * how many; each (unit, day, subject) stands there once.
 */
size_t assessment_facts(const struct ticket_case *ticket_case,
                        const struct assessment_record *records, size_t record_count,
                        const struct calendar *calendar,
                        struct assessment_fact *ret_facts);

/* Does this channel stand in the column of web messages?  All others are the hotline's. */
bool assessment_is_web(const struct ticket *ticket);

#endif
