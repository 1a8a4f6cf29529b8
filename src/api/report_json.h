#ifndef YIDAN_REPORT_JSON_H
#define YIDAN_REPORT_JSON_H

#include "report_data.h"

/*
 * report_json.h - figures of reports on the wire, each with the list behind it.
 *
 * Layer    api.
 */

/* "/api/v1/reports/assessment/tickets?measure=…"; in the arena, NULL out of memory. */
const char *report_href(struct arena *arena, const struct report_period *period,
                        uint64_t measures);
/* A member `key`: the list behind `count`, null when there is nothing in it. */
void report_href_json(struct json_out *out, const char *key, struct arena *arena,
                      const struct report_period *period, uint64_t measures,
                      int64_t count);
/* {"count", "href"} */
void report_count_json(struct json_out *out, const char *key, struct arena *arena,
                       const struct report_period *period, uint64_t measures,
                       int64_t count);
/* A number, or null when nothing is known. */
void report_number_json(struct json_out *out, const char *key, bool is_known,
                        double number);
/* {"code", "name", "short_name"}, null for the office itself. */
void report_unit_json(struct json_out *out, const char *key,
                      const struct report_unit *unit);

/* {"version", "rates": […], "measures": […], "volume": {…}}: what the numbers mean. */
void report_formula_json(struct json_out *out, const char *key,
                         const struct assessment_terms *terms);

/*
 * Members "rates" (those of the office, or of units; `before` NULL: nothing to compare
 * with) and "measures" (what they do not say).
 */
void report_figures_json(struct json_out *out, struct arena *arena,
                         const struct report_period *period,
                         const struct assessment_figures *figures,
                         const struct assessment_result *result,
                         const struct assessment_result *before, bool of_office);

/* --- Whole reports ------------------------------------------------------------------- */

/* How the units of an assessment stand together. */
enum report_group { REPORT_BY_VOLUME, REPORT_BY_KIND };
/* A volume, or a kind of unit. */
int report_group_of(const struct report_unit *unit, enum report_group group);
/* The units group by group, best first in each. */
MUST_CHECK enum err report_ranked(struct arena *arena, const struct report_data *data,
                                  enum report_group group,
                                  const struct report_unit ***ret_units);

/* The members of an assessment, with the units `from` up to but not `to` of report_ranked(). */
MUST_CHECK enum err report_assessment_json(struct request *req, struct json_out *out,
                                           const struct report_data *data,
                                           enum report_group group, bool has_county,
                                           size_t from, size_t to);

/* The members "formula_version", "tables" and "sum" of a monthly table. */
void report_monthly_json(struct json_out *out, struct arena *arena,
                         const struct report_data *data);

#endif
