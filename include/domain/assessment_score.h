#ifndef YIDAN_DOMAIN_ASSESSMENT_SCORE_H
#define YIDAN_DOMAIN_ASSESSMENT_SCORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "domain/assessment.h"

/*
 * assessment_score.h - rates of sums of facts, and the score of a unit.
 *
 * Layer    domain: pure.
 * Source   product.md, section 9: "A rate's deduction is weight x (1 - rate), a
 *          harm's is weight x rate, an empty denominator deducts nothing."
 */

struct settings;

/*
 * The version of all formulas here: of ASSESSMENT_RATES, of the score, and of
 * what a measure counts.  It grows with whatever would give other numbers.
 */
#define ASSESSMENT_FORMULA_VERSION 1

/*
 * X(NAME, "id", "zh", "en", numerator, denominator, of, "formula zh", "formula en")
 * numerator and denominator are lists of measures that no subject has twice.
 * of: OFFICE, UNIT (shown), GOOD, HARM (weighed; its weight is the setting
 * weight_<id>).
 */
/* clang-format off */
#define ASSESSMENT_RATES(X)                                                                                                                                           \
    X(SAME_DAY, "same_day", "当日交办率", "dispatched the same day", M(SAME_DAY), M(SAME_DAY_DUE), OFFICE,                                                             \
      "当日交办的网站留言和上级转办件 ÷ 应当日交办的网站留言和上级转办件", "web and upstream tickets dispatched on the day received ÷ those to be dispatched")             \
    X(DIRECT, "direct", "直接答复率", "answered directly", M(DIRECT_ANSWERS), M(RECEIVED), OFFICE,                                                                     \
      "政府办直接答复 ÷ 受理", "answered by the office itself ÷ received")                                                                                              \
    X(REPEATS, "repeats", "重复诉求率", "repeats", M(REPEATED), M(RECEIVED), OFFICE,                                                                                   \
      "重复诉求 ÷ 受理", "received as a repeat ÷ received")                                                                                                             \
    X(ON_TIME, "on_time", "按期办结率", "on time", M(ON_TIME), M(DUE), GOOD,                                                                                           \
      "各轮均未超期的办结 ÷ 到期应办", "answered, and no round late ÷ due in the period")                                                                                \
    X(SIGN, "sign", "按时签收率", "signed on time", M(SIGNED_ON_TIME), M(SIGN_DUE), GOOD,                                                                              \
      "时限内签收 ÷ 应签收", "signed within the limit ÷ sign limits reached")                                                                                            \
    X(CONTACT, "contact", "按时首次联系率", "contacted on time", M(CONTACT_ON_TIME), M(CONTACT_DUE), GOOD,                                                             \
      "时限内首次联系群众 ÷ 应首次联系", "first contact within the limit ÷ contact limits reached")                                                                        \
    X(REWORK, "rework", "退回重办率", "rework", M(REWORKED), M(REPLIED), HARM,                                                                                         \
      "至少一次被退回重办 ÷ 已回复", "with at least one reply rejected ÷ replied")                                                                                       \
    X(SATISFIED, "satisfied", "满意率", "satisfied", M(SATISFIED) | M(BASIC), M(SATISFIED) | M(BASIC) | M(UNSATISFIED), GOOD,                                          \
      "（满意＋基本满意）÷（满意＋基本满意＋不满意）", "(satisfied + basic) ÷ (satisfied + basic + unsatisfied)")                                                          \
    X(SOLVED, "solved", "解决率", "solved", M(SOLVED), M(SOLVED_ASKED), GOOD,                                                                                          \
      "群众认可已解决 ÷ 回访中问到是否解决", "solved, as the citizen says ÷ asked when called back")                                                                      \
    X(REFUSED_RETURNS, "refused_returns", "不成立退单率", "refused returns", M(REFUSED_RETURNS), M(RETURNS), HARM,                                                     \
      "不成立退单 ÷ 已审退单", "returns refused ÷ returns decided")                                                                                                      \
    X(SUPERVISION, "supervision", "督办按时答复率", "supervisions answered in time", M(SUPERVISIONS_IN_TIME), M(SUPERVISIONS_DUE), GOOD,                               \
      "按时答复督办 ÷ 应答复督办", "answered in time ÷ supervisions to answer")                                                                                          \
    X(EXTENSIONS, "extensions", "延期率", "extensions", M(EXTENDED), M(DUE), UNIT,                                                                                     \
      "经批准延期 ÷ 到期应办", "with an extension granted ÷ due")                                                                                                        \
    X(PROMISES, "promises", "承诺兑现率", "promises kept", M(PROMISES_KEPT), M(PROMISES_DUE), UNIT,                                                                    \
      "按期兑现承诺 ÷ 到期承诺", "kept in time ÷ promises due")                                                                                                          \
    X(CALLBACK, "callback", "回访率", "called back", M(CALLBACK_ATTEMPTED), M(CALLBACK_SHOULD), UNIT,                                                                  \
      "已回访 ÷ 应回访", "attempted ÷ to call back")                                                                                                                     \
    X(REACHED, "reached", "回访成功率", "reached", M(CALLBACK_REACHED), M(CALLBACK_SHOULD), UNIT,                                                                      \
      "回访成功 ÷ 应回访", "reached ÷ to call back")                                                                                                                     \
    X(RATED, "rated", "参评率", "rated", M(SATISFIED) | M(BASIC) | M(UNSATISFIED), M(ANSWERED), UNIT,                                                                  \
      "已评价 ÷ 已答复群众", "rated ÷ answered")                                                                                                                         \
    X(UNIT_REPEATS, "unit_repeats", "重复诉求占比", "repeats of the dispatched", M(DISPATCHED_REPEATED), M(DISPATCHED), UNIT,                                          \
      "交办中的重复诉求 ÷ 交办(主办)", "repeats ÷ dispatched, as lead")
/* clang-format on */

#define X(NAME, ...) RATE_##NAME,
enum assessment_rate { ASSESSMENT_RATES(X) ASSESSMENT_RATE_COUNT };
#undef X

enum assessment_rate_of {
    RATE_OF_OFFICE,
    RATE_OF_UNIT, /* shown, not weighed */
    RATE_OF_GOOD, /* deducts weight x (1 - rate) */
    RATE_OF_HARM  /* deducts weight x rate */
};
struct assessment_rate_row {
    const char *id, *zh, *en, *formula_zh, *formula_en;
    uint64_t numerator, denominator; /* MEASURE_BITs */
    enum assessment_rate_of of;
};
extern const struct assessment_rate_row assessment_rates[ASSESSMENT_RATE_COUNT];
bool assessment_is_weighed(enum assessment_rate rate);

/* Groups by volume: the office sets where they begin. */
#define ASSESSMENT_VOLUMES(X)                                                            \
    X(LARGE, "large", "办件量大", "large volume")                                        \
    X(MEDIUM, "medium", "办件量中", "medium volume")                                     \
    X(SMALL, "small", "办件量小", "small volume")
#define X(NAME, word, zh, en) VOLUME_##NAME,
enum assessment_volume { ASSESSMENT_VOLUMES(X) ASSESSMENT_VOLUME_COUNT };
#undef X
extern const struct choices words_volume;

/* What the numbers depend on beside the facts: kept with a published month. */
struct assessment_terms {
    int32_t version;
    int32_t weights[ASSESSMENT_RATE_COUNT]; /* 0 where not weighed */
    /* Per cent: a good rate below it is marked, a harm above it. */
    int32_t thresholds[ASSESSMENT_RATE_COUNT];
    int32_t volume_large, volume_medium; /* tickets a month, at least */
};
struct assessment_terms assessment_terms(const struct settings *settings);

/* A threshold that nothing passes: what is not weighed has it. */
int32_t assessment_no_threshold(enum assessment_rate rate);

/* Sums of facts of a unit over a period. */
struct assessment_figures {
    int64_t counts[ASSESSMENT_MEASURE_COUNT];
    int64_t workdays; /* of ACCEPTED */
};

struct assessment_result {
    struct assessment_ratio {
        int64_t numerator, denominator;
        double rate;      /* without meaning when the denominator is 0 */
        double deduction; /* 0 where not weighed */
        bool is_past;     /* its threshold is passed */
    } ratios[ASSESSMENT_RATE_COUNT];
    double score;         /* 0 to 100; rounded to two decimals */
    bool has_score;       /* something was weighed */
    double mean_workdays; /* from dispatch to accepted reply; two decimals */
    int64_t volume;       /* assignments dispatched, as lead or co-unit */
    enum assessment_volume group;
};

/* The result of `figures` over `days` (1 or more) days. */
void assessment_result(const struct assessment_figures *figures, int32_t days,
                       const struct assessment_terms *terms,
                       struct assessment_result *ret_result);

#endif
