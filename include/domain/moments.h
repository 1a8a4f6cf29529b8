#ifndef YIDAN_DOMAIN_MOMENTS_H
#define YIDAN_DOMAIN_MOMENTS_H

#include <stddef.h>
#include <stdint.h>

#include "domain/ticket.h"

/*
 * moments.h - what the timer has to do for a ticket, and when.
 *
 * Layer    domain: derived from the case, never remembered.
 * Source   product.md, section 4, "The timer".
 */

/* X(NAME, "word", "zh", "en"): `subject` is in brackets. */
#define MOMENTS(X)                                                                       \
    X(DISPATCH_LATE, "dispatch_late", "未当日交办", "not dispatched in time")            \
    X(UNOPENED, "unopened", "交办后未查看", "not opened by the unit") /* [assignment] */ \
    X(SIGN_LATE, "sign_late", "超时未签收", "not signed in time")     /* [assignment] */ \
    X(SUBMIT_LATE, "submit_late", "重大敏感未呈批", "sensitive and not submitted")       \
    X(CONTACT_LATE, "contact_late", "未及时联系群众", "citizen not contacted in time")   \
    X(YELLOW, "yellow", "临期", "one workday left")                                      \
    X(RED, "red", "逾期", "overdue")                                                     \
    X(NOTICE, "notice", "催办通知书", "numbered urging notice")                          \
    X(PREPARE_SUPERVISION, "prepare_supervision", "拟发督办单", "supervision prepared")  \
    X(CRITICISM, "criticism", "通报批评候选", "candidate for criticism")                 \
    X(CO_YELLOW, "co_yellow", "协办临期",                                                \
      "co-unit: one workday left")                     /* [assignment] */                \
    X(CO_RED, "co_red", "协办逾期", "co-unit overdue") /* [assignment] */                \
    X(REVIEW_LATE, "review_late", "审核超时", "review late")                             \
    X(CALLBACK_LATE, "callback_late", "回访超时", "callback late")                       \
    X(PROMISE_LATE, "promise_late", "承诺逾期", "promise broken") /* [promise] */        \
    X(SUPERVISION_LATE, "supervision_late", "督办超期未答复",                            \
      "supervision unanswered") /* [supervision] */                                      \
    X(CLOSE_UNREACHABLE, "close_unreachable", "无法回访自动办结",                        \
      "closed as unreachable")                                                           \
    X(CALENDAR_MISSING, "calendar_missing", "缺少次年日历",                              \
      "next year's calendar missing") /* ticket 0 */

#define X(NAME, word, zh, en) MOMENT_##NAME,
enum moment_kind { MOMENTS(X) MOMENT_KIND_COUNT };
#undef X

extern const struct choices words_moment;

struct moment {
    enum moment_kind kind;
    int64_t subject;
    int64_t due_at; /* the timer acts at the first second after it */
};

#define MOMENTS_MAX 64

/* All moments that lie ahead of (or are due for) the ticket in its present case. */
size_t moments_plan(const struct ticket_case *ticket_case,
                    const struct calendar *calendar, const struct limits *limits,
                    struct moment ret_moments[MOMENTS_MAX]);

#endif
