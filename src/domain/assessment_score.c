#include "domain/assessment_score.h"

#include "domain/settings.h"

/* assessment_score.c - see the header. */

#define PER_CENT 100
#define MONTH_DAYS 30 /* a volume is "a month": that of any period is scaled to it */

#define M(measure) MEASURE_BIT(MEASURE_##measure)
#define X(NAME, id_, zh_, en_, numerator_, denominator_, of_, formula_zh_, formula_en_)  \
    [RATE_##NAME] = { .id = id_,                                                         \
                      .zh = zh_,                                                         \
                      .en = en_,                                                         \
                      .formula_zh = formula_zh_,                                         \
                      .formula_en = formula_en_,                                         \
                      .numerator = numerator_,                                           \
                      .denominator = denominator_,                                       \
                      .of = RATE_OF_##of_ },
const struct assessment_rate_row assessment_rates[ASSESSMENT_RATE_COUNT] = {
    ASSESSMENT_RATES(X)
};
#undef X
#undef M

#define X(NAME, word_, zh_, en_) { .word = word_, .zh = zh_, .en = en_ },
static const struct choice volume_items[] = { ASSESSMENT_VOLUMES(X) };
#undef X
const struct choices words_volume = { "volume", volume_items, ASSESSMENT_VOLUME_COUNT };

bool
assessment_is_weighed(enum assessment_rate rate)
{
    return assessment_rates[rate].of == RATE_OF_GOOD ||
           assessment_rates[rate].of == RATE_OF_HARM;
}

int32_t
assessment_no_threshold(enum assessment_rate rate)
{
    return assessment_rates[rate].of == RATE_OF_HARM ? PER_CENT : 0;
}

struct assessment_terms
assessment_terms(const struct settings *settings)
{
    return (struct assessment_terms){
        .thresholds = { [RATE_ON_TIME] = settings->threshold_on_time,
                        [RATE_SIGN] = settings->threshold_sign,
                        [RATE_CONTACT] = settings->threshold_contact,
                        [RATE_REWORK] = settings->threshold_rework,
                        [RATE_SATISFIED] = settings->threshold_satisfied,
                        [RATE_SOLVED] = settings->threshold_solved,
                        [RATE_REFUSED_RETURNS] = settings->threshold_refused_returns,
                        [RATE_SUPERVISION] = settings->threshold_supervision },
        .version = ASSESSMENT_FORMULA_VERSION,
        .weights = { [RATE_ON_TIME] = settings->weight_on_time,
                     [RATE_SIGN] = settings->weight_sign,
                     [RATE_CONTACT] = settings->weight_contact,
                     [RATE_REWORK] = settings->weight_rework,
                     [RATE_SATISFIED] = settings->weight_satisfied,
                     [RATE_SOLVED] = settings->weight_solved,
                     [RATE_REFUSED_RETURNS] = settings->weight_refused_returns,
                     [RATE_SUPERVISION] = settings->weight_supervision },
        .volume_large = settings->volume_large,
        .volume_medium = settings->volume_medium,
    };
}

static int64_t
sum_of(const struct assessment_figures *figures, uint64_t measures)
{
    int64_t sum = 0;

    for (int i = 0; i < ASSESSMENT_MEASURE_COUNT; i++)
        if ((measures & MEASURE_BIT(i)) != 0)
            sum += figures->counts[i];
    return sum;
}

/* Half up, for numbers that are not negative. */
static double
two_decimals(double number)
{
    return (double)(int64_t)(number * 100.0 + 0.5) / 100.0;
}

static enum assessment_volume
group_of(int64_t volume, int32_t days, const struct assessment_terms *terms)
{
    int64_t scaled = volume * MONTH_DAYS;

    return scaled >= (int64_t)terms->volume_large * days    ? VOLUME_LARGE
           : scaled >= (int64_t)terms->volume_medium * days ? VOLUME_MEDIUM
                                                            : VOLUME_SMALL;
}

void
assessment_result(const struct assessment_figures *figures, int32_t days,
                  const struct assessment_terms *terms,
                  struct assessment_result *ret_result)
{
    double score = 100.0;

    *ret_result = (struct assessment_result){ .has_score = false };
    for (int i = 0; i < ASSESSMENT_RATE_COUNT; i++) {
        const struct assessment_rate_row *row = &assessment_rates[i];
        struct assessment_ratio *ratio = &ret_result->ratios[i];
        ratio->numerator = sum_of(figures, row->numerator);
        ratio->denominator = sum_of(figures, row->denominator);
        if (ratio->denominator == 0)
            continue;
        ratio->rate = (double)ratio->numerator / (double)ratio->denominator;
        if (!assessment_is_weighed((enum assessment_rate)i))
            continue;
        bool is_harm = row->of == RATE_OF_HARM;
        int64_t reached = ratio->numerator * PER_CENT;
        int64_t wanted = ratio->denominator * terms->thresholds[i];
        ratio->is_past = is_harm ? reached > wanted : reached < wanted;
        ratio->deduction =
            terms->weights[i] * (is_harm ? ratio->rate : 1.0 - ratio->rate);
        score -= ratio->deduction;
        ret_result->has_score = true;
    }
    ret_result->score = two_decimals(score > 0.0 ? score : 0.0);
    if (figures->counts[MEASURE_ACCEPTED] > 0)
        ret_result->mean_workdays = two_decimals(
            (double)figures->workdays / (double)figures->counts[MEASURE_ACCEPTED]);
    ret_result->volume =
        figures->counts[MEASURE_DISPATCHED] + figures->counts[MEASURE_CO_DISPATCHED];
    ret_result->group = group_of(ret_result->volume, days, terms);
}
