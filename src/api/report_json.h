#ifndef YIDAN_REPORT_JSON_H
#define YIDAN_REPORT_JSON_H

#include "domain/assessment_score.h"
#include "http/http.h"
#include "store/assessments.h"

/*
 * report_json.h - figures of reports on the wire, each with the list behind it.
 *
 * Layer    api.
 */

/* Where the figures are from: what the lists behind them are asked with. */
struct report_period {
    int32_t from, to; /* days, both in */
    const char *unit; /* a code; NULL: all */
    bool is_frozen;   /* published: the lists would show what is now, so there are none */
};

/* "/api/v1/reports/assessment/tickets?measure=…"; in the arena, NULL out of memory. */
const char *report_href(struct arena *arena, const struct report_period *period,
                        uint64_t measures, const char *channels);

/* {"version", "rates": […], "measures": […], "volume": {…}}: what the numbers mean. */
void report_formula_json(struct json_out *out, const char *key,
                         const struct assessment_terms *terms);

/* Members "rates" (those of the office, or of units) and "measures" (what they do not say). */
void report_figures_json(struct json_out *out, struct arena *arena,
                         const struct report_period *period,
                         const struct assessment_figures *figures,
                         const struct assessment_result *result, bool of_office);

/* Hotline and web together; the counts of several units can be added up. */
void report_add(struct assessment_figures *figures, const struct assessment_sums *sums);

/* How many days the period has. */
int32_t report_days(const struct report_period *period);

#endif
