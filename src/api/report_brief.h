#ifndef YIDAN_REPORT_BRIEF_H
#define YIDAN_REPORT_BRIEF_H

#include "report_data.h"

/*
 * report_brief.h - the figures of a brief (daily, weekly) and of a bulletin: the
 *                  county's over a period, beside those of the one before.
 *
 * Layer    api.
 */

/* The measures a brief says, in its order. */
#define BRIEF_MEASURES_MAX 24
extern const enum assessment_measure brief_measures[];
extern const size_t brief_measure_count;

/* Of each unit. */
extern const enum assessment_measure brief_unit_measures[];
extern const size_t brief_unit_measure_count;

/* All units and the office together, with the rates of both. */
struct brief_sum {
    struct assessment_figures figures;
    struct assessment_result result;
};
void brief_sum_up(const struct report_data *data, struct brief_sum *ret_sum);

/* The body of GET /reports/brief without links: the lists would show what is now. */
MUST_CHECK enum err report_brief_frozen(struct arena *arena,
                                        const struct report_data *data,
                                        const struct report_data *before,
                                        const char **ret_json);

/* The period of the same length that ends the day before. */
struct report_period brief_before(const struct report_period *period);

#endif
